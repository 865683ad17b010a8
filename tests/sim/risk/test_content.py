"""Content rules: what is found in spite of disguises, what is no finding, and that findings point into the text."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from scenarios.find import find, names
from sim.risk.content import (
    AROUND,
    MAX_BYTES,
    MOST,
    ContentRules,
    Finding,
    read_content_rules,
    read_share_texts,
    review,
    verdict_of,
)

RULES = """\
content: mine
title: {zh: 我的, en: Mine}
checked: 2026-11-22
rules:
  - id: praise
    title: {zh: 夸, en: Praise}
    source: a test
    words: [最佳, 国家级, 最佳品质, best, No. 1, guaranteed income, 100%有效]
    except: [最佳赏味期, best wishes]
  - id: most
    title: {zh: 最, en: Most}
    source: a test
    on_breach: lawyer
    words: [最]
    except: [最近, 最后, 最佳赏味期]
  - id: cure
    title: {zh: 治, en: Cure}
    source: a test
    categories: [health_food]
    words: [预防]
"""
MINE = read_content_rules(RULES, "mine.yaml")
CN = read_content_rules(*find("content", "cn"))


def words(text: str, rules: ContentRules = MINE, category: str | None = None) -> list[tuple[str, str]]:
    """Word and what stands in the text, of every finding."""
    return [(one.word, text[one.start : one.end]) for one in review(text, rules, category)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("最佳", "最佳"),
        ("本店最 佳之选", "最 佳"),
        ("最-佳", "最-佳"),
        ("最。佳", "最。佳"),
        ("最🌟佳", "最🌟佳"),
        ("最👨‍👩‍👧佳", "最👨‍👩‍👧佳"),
        ("最❤️佳", "最❤️佳"),
        ("最\u200b\u2060\ufeff佳", "最\u200b\u2060\ufeff佳"),
        ("最\u3000\u00a0\n\t佳", "最\u3000\u00a0\n\t佳"),
        ("最\u0338佳", "最\u0338佳"),
        ("最丨佳", "最丨佳"),
        ("最\u3164佳", "最\u3164佳"),
        ("最(((佳)))", "最(((佳"),
        ("国[家]<级>", "国[家]<级"),
    ],
)
def test_chinese_is_found_whatever_stands_between_its_characters(text: str, found: str) -> None:
    (finding,) = review(text, MINE)
    assert finding.word in ("最佳", "国家级")
    assert text[finding.start : finding.end] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("BEST", "BEST"),
        ("ＢＥＳＴ", "ＢＥＳＴ"),
        ("ⓑⓔⓢⓣ", "ⓑⓔⓢⓣ"),
        ("𝐛𝐞𝐬𝐭", "𝐛𝐞𝐬𝐭"),
        ("𝐁𝐄𝐒𝐓", "𝐁𝐄𝐒𝐓"),
        ("bést", "bést"),
        ("be\u0301st", "be\u0301st"),
        ("be\u00adst", "be\u00adst"),
        ("the b e s t one", "b e s t"),
        ("b.e.s.t", "b.e.s.t"),
        ("be-st", "be-st"),
        ("这是best的", "best"),
        ("best2buy", "best"),
        ("no1", "no1"),
        ("No.1", "No.1"),
        ("NO. 1!", "NO. 1"),
        ("No①", "No①"),
        ("guaranteed  income", "guaranteed  income"),
        ("Guaranteed-Income", "Guaranteed-Income"),
        ("guaranteed\nincome", "guaranteed\nincome"),
        ("１００％有效", "１００％有效"),
    ],
)
def test_alphabets_are_found_in_any_form_and_spelled_out(text: str, found: str) -> None:
    (finding,) = review(text, MINE)
    assert text[finding.start : finding.end] == found


@pytest.mark.parametrize(
    "text",
    [
        "bestow",
        "lovebest",
        "e\u0301best",
        "love\u200bbest",
        "to be St. Petersburg",
        "no 10",
        "2100%有效",
        "guaranteedly an income",
        "佳作最近",
        "最近",
        "最后一天",
        "最佳赏味期三天",
        "With best wishes",
        "国家 二级",
        "",
        "。，！ 🌟\u200b",
    ],
)
def test_what_is_no_finding(text: str) -> None:
    assert words(text) == []


def test_an_exception_counts_only_as_it_is_written() -> None:
    """Else a comma would make an excuse: 最，近 is 最 and then something else."""
    assert words("最，近来热卖") == [("最", "最")]
    assert words("最 近") == [("最", "最")]
    assert words("最\u200b近") == []  # nobody sees what stands there


def test_an_exception_excuses_only_what_it_holds_whole() -> None:
    assert words("最佳品质赏味期") == [("最佳品质", "最佳品质")]
    assert words("最近的最佳") == [("最佳", "最佳")]
    assert words("最后，最甜，最近") == [("最", "最")]


def test_a_word_is_bounded_on_either_side() -> None:
    assert words("第12批到货", CN) == []
    assert words("第1名", CN) == [("第1", "第1")]


def test_a_word_that_overlaps_itself_is_tried_at_every_place() -> None:
    again = read_content_rules(RULES.replace("best,", "to to,").replace(", best wishes", ""), "mine.yaml")
    assert words("xto to to", again) == [("to to", "to to")]  # the first one begins inside another word


def test_the_longest_word_is_told_and_a_graver_one_inside_it() -> None:
    assert words("最佳品质") == [("最佳品质", "最佳品质")]  # neither 最佳 nor 最 again
    graver = read_content_rules(
        RULES.replace("words: [最]", "words: [最佳品质第一]").replace("except: [最近, 最后, 最佳赏味期]", "except: []"),
        "mine.yaml",
    )
    assert words("最佳品质第一", graver) == [("最佳品质第一", "最佳品质第一"), ("最佳品质", "最佳品质")]


def test_rules_for_some_goods_count_for_these_alone() -> None:
    assert words("预防感冒") == []
    assert words("预防感冒", category="fresh") == []
    assert words("预防感冒", category="health_food") == [("预防", "预防")]


def test_the_verdict_is_the_gravest() -> None:
    assert verdict_of(review("新到的橘子", MINE)) == "clean"
    assert verdict_of(review("最甜", MINE)) == "lawyer"
    assert verdict_of(review("最甜，国家级", MINE)) == "refused"


def test_the_sentence_around_a_finding() -> None:
    text = "先说缺点。这款是国 家 级的！再见"
    (finding,) = review(text, MINE)
    assert finding.sentence == "这款是国 家 级的！"
    assert finding.sentence_start == 5  # 先说缺点。 has five characters
    long = "甲" * 100 + "国家级" + "乙" * 100
    (finding,) = review(long, MINE)
    assert finding.sentence == "甲" * AROUND + "国家级" + "乙" * AROUND
    assert long[finding.sentence_start :].startswith(finding.sentence)


SEPARATORS = st.text(
    st.one_of(
        st.sampled_from(" \u3000\n-—·。，*_|~🌟❤\ufe0f\u200b\u200d\u2060丨灬"),
        st.characters(categories=["P", "S", "Z"]),
    ),
    max_size=4,
)
NEUTRAL = st.text(st.sampled_from("橘子很甜，今天到货 orange 3kg。\n"), max_size=20)


def apart(text: str) -> bool:
    """Whether Unicode ties no letter to any of these characters (℃ is °C)."""
    plain = unicodedata.normalize("NFKD", text)
    return not any(unicodedata.category(one)[0] in "LN" and one not in "丨灬" for one in plain)


@given(st.sampled_from(["最佳", "国家级"]), st.data(), NEUTRAL, NEUTRAL)
def test_a_chinese_word_is_found_with_anything_between(word: str, data: st.DataObject, before: str, after: str) -> None:
    gaps = [data.draw(SEPARATORS.filter(apart)) for _ in word[1:]]
    broken = word[0] + "".join(gap + char for gap, char in zip(gaps, word[1:], strict=True))
    text = before + broken + after
    (finding,) = review(text, MINE)
    assert (finding.word, text[finding.start : finding.end]) == (word, broken)


USED = {char for rule in CN.rules for word in rule.words for char in unicodedata.normalize("NFKD", word).casefold()}


@given(st.text())
def test_a_text_without_any_character_of_a_word_is_clean(text: str) -> None:
    kept = "".join(one for one in text if not set(unicodedata.normalize("NFKD", one).casefold()) & USED)
    assert review(kept, CN, "health_food") == []


@given(st.text(st.sampled_from("最佳近后国家级品质bestno.1 -\u200b🌟。"), max_size=60))
def test_every_finding_points_at_its_word(text: str) -> None:
    for finding in review(text, MINE):
        place = text[finding.start : finding.end]
        assert read_letters(place) == read_letters(finding.word)
        assert place[0] in read_letters(place)
        assert place[-1] in read_letters(place)
        assert place in text[finding.sentence_start :][: len(finding.sentence)]


def read_letters(text: str) -> str:
    return "".join(one for one in text if one.isalnum()).lower()


HOSTILE = {
    "exceptions alone": "最近",
    "one letter": "最",
    "words that run on": "best",
    "letter by letter": "b e s t ",
    "one character that is a phrase": "\ufdfa",
    "nothing to see": "\u200b",
    "short of the next word": "thethethe most",
    "every word": " ".join(word for rule in CN.rules for word in rule.words),
    "every exception": " ".join(word for rule in CN.rules for word in rule.except_),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_takes_a_second_and_no_more_than_two_anywhere(name: str) -> None:
    part = HOSTILE[name]
    text = part * (MAX_BYTES // len(part.encode()))
    review("最", CN, "health_food")  # the rules' own words are read once
    before = time.process_time()
    findings = review(text, CN, "health_food")
    assert time.process_time() - before < 2
    told: dict[str, list[Finding]] = {}
    for one in findings:
        told.setdefault(one.rule.id, []).append(one)
    assert all(len(some) <= MOST for some in told.values())


def test_a_word_over_a_megabyte_is_found_and_quoted_short() -> None:
    text = "最" + " " * (MAX_BYTES - 6) + "佳"  # three bytes each
    (finding,) = review(text, MINE)
    assert (finding.start, finding.end) == (0, len(text))
    assert len(finding.sentence) <= 4 * AROUND


def test_many_of_a_mild_rule_hide_no_grave_one() -> None:
    findings = review("最甜 " * 1_000 + "国家级", MINE)
    assert len(findings) == MOST + 1
    assert verdict_of(findings) == "refused"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * (MAX_BYTES + 1), "the text has 1000001 bytes; allowed: at most 1000000, in UTF-8"),
        ("佳" * (MAX_BYTES // 3 + 1), "the text has 1000002 bytes"),
        ("ab\ud800", "character 3 of the text is not Unicode; allowed: text in UTF-8"),
    ],
)
def test_texts_that_are_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        review(text, MINE)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "    words: [最佳",
            "    pattern: a+\n    words: [最佳",
            "mine.yaml:8:5: rules[0].pattern: the key 'pattern' is not known here",
        ),
        ("on_breach: lawyer", "on_breach: fail", "'fail' is not known here; allowed: refuse, lawyer"),
        ("words: [最]", "words: []", "has too few items"),
        ("words: [最]", "words: ['%']", "mine.yaml:14:13: rules[1].words[0]: '%' has neither letters nor digits"),
        ("id: most", "id: praise", "mine.yaml:10:9: rules[1].id: 'praise' is given twice; allowed: each id once"),
        ("best wishes", "good wishes", "'good wishes' holds none of the rule's words; allowed: a phrase around one"),
        ("checked: 2026-11-22", "checked: today", "'today' is not a date"),
        ("words: [预防]", "words: [预防, 42]", 'is not text (write "42" in quotes)'),
    ],
)
def test_files_that_are_refused_at_their_line(old: str, new: str, message: str) -> None:
    assert RULES.count(old) == 1
    with pytest.raises(InputError) as caught:
        read_content_rules(RULES.replace(old, new), "mine.yaml")
    assert message in str(caught.value)


@pytest.mark.parametrize("name", names("content"))
def test_shipped_rules_load_under_their_own_name_and_cite_sources(name: str) -> None:
    rules = read_content_rules(*find("content", name))
    assert rules.content == name
    for rule in rules.rules:
        quoted = any(law in rule.source for law in ("广告法 第", "食品安全法 第", "直销管理条例 第", "禁止传销条例 第"))
        assert quoted, rule.id
        assert rule.verified == (rule.id != "superlatives")


@pytest.mark.parametrize("name", names("texts"))
def test_shipped_texts_get_the_verdict_that_a_reader_gave_them(name: str) -> None:
    texts = read_share_texts(*find("texts", name))
    assert texts.texts == name
    assert {one.style for one in texts.examples} == {"rational", "emotional", "urgency"}
    assert {one.expect for one in texts.examples} == {"clean", "lawyer", "refused"}
    for one in texts.examples:
        assert verdict_of(review(one.text, CN, one.category)) == one.expect, one.id


@pytest.mark.parametrize(
    "text",
    [
        "最近下单的朋友，今晚最后一天，最多减 20 元",
        "第一次买，第一口就喜欢上了，这是我的最爱",
        "治愈系小夜灯，送给晚归的你",
        "本品不能代替药物",
        "当月入库，隔月入账",
        "环保本子，无风险不发货",
        "线下线上同价，新品上线",
        "Best before: see lid. Best regards",
        "cured ham, sliced",
    ],
)
def test_everyday_wording_is_clean_under_the_shipped_rules(text: str) -> None:
    assert words(text, CN, "health_food") == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("国家级品质", "superlatives_named"),
        ("全网最低价", "superlatives"),
        ("The BEST tea", "superlatives"),
        ("本店销量第一名", "superlatives"),
        ("销量排名第一", "superlatives_open"),
        ("能治好失眠", "cures"),
        ("this tea cures everything", "cures"),
        ("糖尿病人也能吃", "illnesses"),
        ("预防感冒", "food_disease"),
        ("无副作用", "health_food"),
        ("稳赚不赔", "returns"),
        ("跟着我躺赚", "returns"),
        ("Guaranteed income for you", "returns"),
        ("月入十万", "pay"),
        ("分享赚佣金", "pay_mentioned"),
        ("拉人头有奖", "recruiting"),
        ("build your downline", "recruiting"),
        ("招代理", "recruiting_open"),
    ],
)
def test_what_the_shipped_rules_are_there_for(text: str, rule: str) -> None:
    assert rule in [finding.rule.id for finding in review(text, CN, "health_food")]
