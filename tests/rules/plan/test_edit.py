from __future__ import annotations

from decimal import Decimal

import pytest
from daily import some

from rules.errors import InputError
from rules.plan.dials import dials, turned
from rules.plan.edit import edited
from rules.plan.read import read_plan
from rules.plan.values import Title
from rules.plan.wording import Glossary
from rules.plan.yaml import read_yaml
from scenarios.find import find, names

TEXT = """# a plan
plan: mine   # its name
ranks: [{id: member}]
commission:
  base:
    levels:
      - {level: 1, rates: {tea: 8%, default: 0.05}}   # two rates
attribution: {keep: "days:90", on_conflict: "protect:30"}
caps: {levels: 1, member_day: 500}
"""


def test_only_the_value_changes():
    path = ("commission", "base", "levels", 0, "rates", "tea")
    assert edited(TEXT, path, "9.5%") == TEXT.replace("8%", "9.5%")
    assert edited("\ufeff" + TEXT, path, "9.5%") == TEXT.replace("8%", "9.5%")
    assert edited(TEXT, ("plan",), "茶") == TEXT.replace("plan: mine ", "plan: 茶 ")


@pytest.mark.parametrize("path", [("caps",), ("caps", "member_month"), ("ranks", 1), ()])
def test_what_is_no_single_value_is_refused(path):
    with pytest.raises(InputError, match="no value that stands in the text"):
        edited(TEXT, path, "1")


def test_a_value_that_an_alias_repeats_is_refused():
    text = "a: &rates {tea: 8%}\nb: *rates\nc: {<<: *rates}\nd: &one 5\ne: *one\n"
    with pytest.raises(InputError, match="by an alias"):
        edited(text, ("a", "tea"), "9%")
    with pytest.raises(InputError, match="by an alias"):
        edited(text, ("c", "tea"), "9%")
    with pytest.raises(InputError, match="no value"):
        edited(text, ("e",), "6")


def test_what_is_written_cannot_change_anything_else():
    for hostile in ("1, extra: 2", "1}\nplan: other", "1 # a comment"):
        with pytest.raises(InputError):
            edited(TEXT, ("caps", "levels"), hostile)


def test_dials_have_units_and_names():
    glossary = Glossary({"tea": Title(zh="茶", en="Tea")})
    found = {dial.key: dial for dial in dials(read_yaml(TEXT, "mine"), glossary)}
    assert {key: (dial.unit, dial.value) for key, dial in found.items()} == {
        "commission.base.levels.0.rates.tea": ("percent", 8),
        "commission.base.levels.0.rates.default": ("percent", 5),
        "caps.levels": ("count", 1),
        "caps.member_day": ("yuan", 500),
        "attribution.keep": ("days", 90),
        "attribution.on_conflict": ("days", 30),
    }
    assert found["commission.base.levels.0.rates.tea"].title.zh == "1 级 · 茶"
    assert found["commission.base.levels.0.rates.default"].title.en == "level 1 · all else"


def test_days_inside_a_text_are_turned():
    dial = next(dial for dial in dials(read_yaml(TEXT, "mine")) if dial.key == "attribution.on_conflict")
    assert 'on_conflict: "protect:7"' in turned(TEXT, dial, Decimal(7))


def test_a_rate_beyond_all_bounds_can_be_turned_back():
    dial = next(dial for dial in dials(read_yaml(TEXT.replace("8%", "2000%"), "mine")))
    assert dial.value == 2000
    assert turned(TEXT, dial, Decimal("8.0")) == TEXT


@pytest.mark.parametrize("name", some(names("plans"), 6))
def test_every_dial_of_a_shipped_plan_changes_its_own_line_alone(name):
    text, place = find("plans", name)
    plan, found = read_plan(text, place), dials(read_yaml(text, place))
    assert len(found) >= 8
    for dial in found:
        assert read_plan(turned(text, dial, dial.value), place) == plan
        after = turned(text, dial, dial.value + 1).splitlines()
        assert sum(old != new for old, new in zip(text.splitlines(), after, strict=True)) == 1
