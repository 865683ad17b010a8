"""The rule sheet speaks of every key of a plan, says other things for other values, and says them rightly."""

from contextlib import suppress

import pytest
from full_plan import (
    NAMES,
    WITHOUT,
    Place,
    at,
    full_data,
    full_plan,
    keys_of,
    literals,
    others,
    places,
    stated,
    with_value,
    without,
)
from pydantic import BaseModel

from rules.errors import InputError
from rules.plan.difference import plan_tree
from rules.plan.model import Plan
from rules.plan.read import parse_plan, read_plan
from rules.plan.values import Section, Title, Whole
from rules.plan.wording import CHAPTERS, SECTIONS, Glossary, Table, chapters, sentences
from rules.plan.wording.small_print import KNOBS
from scenarios.find import find, names

FULL, DATA = full_plan(), full_data()
LEAVES = [
    place
    for place in places(FULL)
    if stated(DATA, place.path)
    and place.key not in NAMES
    and place.path[0] != "title"
    and others(place, at(DATA, place.path))
]
CAPPED = (
    "All commission and bonuses of an order together are at most 30% of what was paid for its goods, without freight."
)


def said(plan: Plan) -> list[tuple[str, str]]:
    return [(one.words.zh, one.words.en) for one in sentences(plan)]


def unspoken(model: type[BaseModel], plan: BaseModel) -> set[tuple[str, str]]:
    """Keys of the format that the full plan does not have, so that nothing is known of their sentences."""
    return keys_of(model) - {place.key for place in places(plan) if stated(DATA, place.path)}


def test_the_full_plan_has_every_key_of_the_format():
    assert unspoken(Plan, FULL) == set(), "put the key into full_plan.yaml, and a sentence of it into the rule sheet"


def test_a_new_section_is_noticed():
    class Gifts(Section):
        a_year: Whole = 1

    class Later(Plan):
        gifts: Gifts | None = None

    assert {("Later", "gifts"), ("Gifts", "a_year")} <= unspoken(Later, Later(**dict(FULL)))


def leaves(tree, path=()):
    if isinstance(tree, dict):
        return [one for key, value in tree.items() for one in leaves(value, (*path, key))]
    return [path]


def test_some_sentence_speaks_of_every_leaf_of_the_full_plan():
    about = {path for one in sentences(FULL) for path in one.about}
    names_only = {("plan",), ("title", "zh"), ("title", "en")}
    for path in leaves(plan_tree(FULL)):
        covered = any(path[: len(one)] == one for one in about)
        assert covered != (path in names_only), ".".join(path)


def tried(place: Place) -> tuple[Plan, list[Plan]]:
    """The full plan, and the full plan with every other value of a key that can stand there."""
    data = without(DATA, WITHOUT.get(place.key, ()))
    found = []
    for value in others(place, at(DATA, place.path)):
        with suppress(InputError):
            found.append(parse_plan(with_value(data, place.path, value)))
    return parse_plan(data), found


@pytest.mark.parametrize("place", LEAVES, ids=lambda place: ".".join(map(str, place.path)))
def test_another_value_of_any_key_gives_another_sheet(place):
    before, others = tried(place)
    for plan in others:
        assert plan != before
        assert said(plan) != said(before)


@pytest.mark.parametrize("key", sorted({place.key for place in LEAVES}), ids=".".join)
def test_every_key_was_tried_with_another_value(key):
    same = [place for place in LEAVES if place.key == key]
    words = {word for place in same for word in literals(place.section.model_fields[place.field].annotation)}
    there = {str(at(DATA, place.path)) for place in same}
    assert any(tried(place)[1] for place in same) or (words and words <= there), "name another value in full_plan.ELSE"


def test_all_values_of_a_knob_read_differently():
    for values in KNOBS.values():
        for lang in ("zh", "en"):
            told = [getattr(words, lang) for words in values.values()]
            assert len(set(told)) == len(told)


def test_every_function_of_a_section_stands_in_one_chapter():
    placed = [section for _, sections in CHAPTERS.values() for section in sections]
    assert sorted(placed) == sorted(SECTIONS)


@pytest.mark.parametrize("name", names("plans"))
def test_every_shipped_plan_has_a_sheet_in_both_languages(name):
    sheet = chapters(read_plan(*find("plans", name)))
    assert {"ranks", "binding", "commission", "settlement", "refunds", "withdrawal", "disputes"} <= {
        c.key for c in sheet
    }
    for zh, en in said(read_plan(*find("plans", name))):
        assert any("一" <= one <= "鿿" for one in zh), zh
        assert en.isascii() or set(en) & set("×→–"), en
        assert "{" not in zh + en


SAID = [
    (
        "累计支付 1 个订单，立即成为推广员。",
        "1 paid order of one's own: Promoter at once.",
    ),
    (
        "推广员连续 3 个月，每月推广额不低于 50,000.00 元，升为合伙人。",
        "From Promoter to Partner: promoted volume at least 50,000.00 yuan in each of 3 months in a row.",
    ),
    (
        "团队绩效：每月按直属团队推广额的 2% 计算一次，付给：合伙人。",
        "Team share: 2% of the volume of the direct team, worked out every month; paid to: Partner.",
    ),
    (
        "一个订单的全部佣金和奖励，合计不超过商品实付金额（不含运费）的 30%。",
        CAPPED,
    ),
    ("每次提现不低于 100.00 元。", "A withdrawal is 100.00 yuan or more."),
    ("冻结期 7 天，自确认收货起算。", "The hold is 7 days from receipt of the goods."),
    ("冻结期满后，于每周一 02:00 结算。", "After the hold it is settled every Monday at 02:00."),
]


def test_the_sheet_of_the_shipped_plan_says_what_the_plan_says():
    told = dict(said(read_plan(*find("plans", "three_tier"))))
    for zh, en in SAID:
        assert told[zh] == en


def tables(plan: Plan, glossary: Glossary) -> list[list[list[str]]]:
    parts = [part for chapter in chapters(plan, glossary) for part in chapter.parts if isinstance(part, Table)]
    return [[[cell.zh for cell in row] for row in (table.head, *table.rows)] for table in parts]


def test_rates_stand_in_a_table_by_what_each_rank_really_earns():
    plan = parse_plan(
        {
            "ranks": [{"id": "a"}, {"id": "b"}, {"id": "c"}],
            "commission": {
                "base": {
                    "levels": [
                        {"level": 2, "rates": {"food": "1%"}},
                        {
                            "level": 1,
                            "rates": {"food": "8%", "default": "5%"},
                            "by_rank": {"c": {"food": "9%"}},
                            "ranks": ["b", "c"],
                        },
                    ]
                }
            },
            "caps": {"levels": 2},
        }
    )
    glossary = Glossary({"food": Title(zh="食品", en="Food")})
    (rates,) = tables(plan, glossary)
    # c has 9 % of its own on food alone and 5 % on the rest as everybody; level 2 pays for nothing but food
    assert rates == [
        ["级别", "等级", "食品", "其他商品"],
        ["第 1 级", "b", "8%", "5%"],
        ["第 1 级", "c", "9%", "5%"],
        ["第 2 级", "所有等级", "1%", "–"],
    ]


def test_levels_beyond_the_cap_are_not_promised():
    levels = [{"level": n, "rates": {"default": f"{n}%"}} for n in (1, 2, 3)]
    plan = parse_plan({"ranks": [{"id": "a"}], "commission": {"base": {"levels": levels}}, "caps": {"levels": 2}})
    assert [row[0] for row in tables(plan, Glossary())[0][1:]] == ["第 1 级", "第 2 级"]
    assert "本方案付到第 2 级。" in dict(said(plan))


def test_days_of_a_campaign_become_dates_where_day_0_is_known():
    data = {"ranks": [{"id": "a"}], "campaigns": [{"id": "x", "days": [0, 13], "multiply": {"base": 2}}]}
    first = "活动 x：自方案开始之日起第 1 天至第 14 天，"
    dated = "活动 x：2026-01-05 至 2026-01-18（含首尾两天），"
    assert any(zh.startswith(first) for zh, _ in said(parse_plan(data)))
    assert any(zh.startswith(dated) for zh, _ in said(parse_plan(data | {"start": "2026-01-05"})))


def test_titles_are_taken_as_they_stand_on_one_line():
    title = {"zh": "{n}\n甲\x1b[31m", "en": "{level}\tA"}
    plan = parse_plan({"ranks": [{"id": "a"}, {"id": "b", "title": title, "join": {"orders": 1}}]})
    told = dict(said(plan))
    assert told["累计支付 1 个订单，立即成为{n} 甲 [31m。"] == "1 paid order of one's own: {level} A at once."
