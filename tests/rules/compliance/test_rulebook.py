"""Rulebooks: the shipped house rules, and what a rulebook cannot say."""

import datetime as dt

import pytest

from rules.compliance.rulebook import read_rulebook
from rules.errors import InputError
from scenarios.find import find, names

BOOK = """\
rulebook: mine
title: {zh: 我的, en: Mine}
checked: 2026-11-22
rules:
  - id: one
    title: {zh: 一, en: One}
    measure: order_ratio
    limit: 30%
    from: 2026-01-01
    to: 2026-12-31
    source: somewhere
"""


def test_the_house_rules():
    book = read_rulebook(*find("rulebooks", "house"))
    assert {rule.measure: rule.limit for rule in book.rules} == {
        "levels": 3,
        "order_ratio": 300_000,
        "team_share": 500_000,
    }
    assert [rule.verified for rule in book.rules] == [True, True, False]


def test_the_strict_house_rules_allow_no_team_remuneration():
    book = read_rulebook(*find("rulebooks", "house_strict"))
    assert {rule.measure: rule.limit for rule in book.rules} == {
        "levels": 3,
        "order_ratio": 300_000,
        "team_pay": 0,
    }


@pytest.mark.parametrize("name", ["house", "house_strict"])
def test_house_rules_never_pass_for_law(name):
    book = read_rulebook(*find("rulebooks", name))
    assert "not the law" in book.title.en
    assert "非法律" in book.title.zh
    for rule in book.rules:
        assert rule.kind == "house"
        assert rule.source.startswith("House rule, not law")


@pytest.mark.parametrize("name", names("rulebooks"))
def test_every_shipped_rulebook_loads_under_its_own_name(name):
    assert read_rulebook(*find("rulebooks", name)).rulebook == name


def test_a_rule_is_in_force_on_its_first_and_last_day():
    (rule,) = read_rulebook(BOOK, "b").rules
    assert rule.in_force(dt.date(2026, 1, 1))
    assert rule.in_force(dt.date(2026, 12, 31))
    assert not rule.in_force(dt.date(2025, 12, 31))
    assert not rule.in_force(dt.date(2027, 1, 1))
    assert (rule.on_breach, rule.verified, rule.applies_to) == ("fail", False, [])


@pytest.mark.parametrize(
    ("measure", "limit", "held"),
    [
        ("levels", "2", 2),
        ("order_ratio", "0.3", 300_000),
        ("team_share", "50%", 500_000),
        ("team_pay", "0.01", 1),
    ],
)
def test_a_limit_is_held_in_the_unit_of_its_measure(measure, limit, held):
    text = BOOK.replace("order_ratio", measure).replace("30%", limit)
    assert read_rulebook(text, "b").rules[0].limit == held


@pytest.mark.parametrize(
    ("old", "new", "place", "given", "allowed"),
    [
        ("30%", "300%", "8:12", "'300%' is more than 100%", "a rate such as 30% for ratios"),
        ("30%", "-1", "8:12", "'-1' is not a rate", "a rate such as 30% for ratios"),
        (
            "order_ratio",
            "order_ration",
            "7:14",
            "'order_ration' is not known here (did you mean order_ratio?)",
            "levels",
        ),
        (
            "order_ratio\n    limit: 30%",
            "levels\n    limit: 3%",
            "8:12",
            "'3%' is not a number of levels",
            "a whole number",
        ),
        (
            "order_ratio\n    limit: 30%",
            "team_pay\n    limit: 0.001",
            "8:12",
            "'0.001' is not an amount",
            "yuan for amounts",
        ),
        ("to: 2026-12-31", "to: 2025-12-31", "5:5", "from must not be after to", ""),
        (
            "    source: somewhere\n",
            "    sauce: x\n",
            "11:5",
            "'sauce' is not known here (did you mean source?)",
            "source",
        ),
        ("    source: somewhere\n", "", "5:5", "rules[0].source: this key is missing", "text"),
        ("checked: 2026-11-22\n", "", "1:1", "checked: this key is missing", "a date such as"),
        (
            "    source",
            "    verified: maybe\n    source",
            "11:15",
            "'maybe' is not true or false",
            "true or false",
        ),
        (
            "    source",
            "    on_breach: shout\n    source",
            "11:16",
            "'shout' is not known here",
            "fail, lawyer",
        ),
        ("rules:\n", "rules: []\nx:\n", "5:1", "the key 'x' is not known here", "include, rules"),
    ],
)
def test_a_mistake_in_a_rulebook_is_refused_at_its_place(old, new, place, given, allowed):
    assert old in BOOK
    with pytest.raises(InputError) as caught:
        read_rulebook(BOOK.replace(old, new, 1), "b.yaml")
    message = str(caught.value)
    assert message.startswith(f"b.yaml:{place}: ")
    assert given in message
    assert allowed in message


def test_a_rulebook_without_rules_is_refused():
    with pytest.raises(InputError, match="a rulebook has rules, or includes others"):
        read_rulebook(BOOK.partition("rules:\n")[0], "b")


def test_ids_are_given_once():
    text = BOOK + BOOK.partition("rules:\n")[2]
    with pytest.raises(InputError, match=r"b:12:9: rules\[1\]\.id: 'one' is given twice; allowed: each id once"):
        read_rulebook(text, "b")
