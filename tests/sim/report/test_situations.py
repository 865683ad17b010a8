"""Figures of situations as people read them, on the command line and in the app."""

import pytest

from rules.gains import Effect
from rules.plan.wording import Words
from sim.report.situations import change, figure, sort_out, tone

SAID = Words("情形", "a situation")


def effect(before: int | None, after: int | None, unit="yuan", role="promoter") -> Effect:
    return Effect("one", role, SAID, unit, before, after)


@pytest.mark.parametrize(
    ("before", "after", "unit", "zh", "en"),
    [
        (8_00, 12_00, "yuan", ("8.00", "12.00", "+4.00"), ("8.00", "12.00", "+4.00")),
        (1_000_00, 999_99, "yuan", ("1,000.00", "999.99", "-0.01"), ("1,000.00", "999.99", "-0.01")),
        (80_000, 95_500, "percent", ("8.00%", "9.55%", "+1.55 个百分点"), ("8.00%", "9.55%", "+1.55 points")),
        (12, 5, "days", ("12 天", "5 天", "-7 天"), ("12 days", "5 days", "-7 days")),
        (0, 10, "points", ("0 积分", "10 积分", "+10 积分"), ("0 points", "10 points", "+10 points")),
        (None, 3_00, "yuan", ("–", "3.00", "–"), ("–", "3.00", "–")),
    ],
)
def test_figures_and_changes_are_said_with_their_unit(before, after, unit, zh, en):
    one = effect(before, after, unit)
    for lang, wanted in (("zh", zh), ("en", en)):
        assert (figure(before, unit, lang), figure(after, unit, lang), change(one, lang)) == wanted


def test_effects_differ_are_alike_or_exist_under_one_plan_alone():
    """A situation that neither plan has is alike under both."""
    found = [effect(1, 2), effect(3, 3), effect(None, 3), effect(3, None), effect(None, None), effect(2, 1)]
    told = sort_out(found)
    assert told.differing == (found[0], found[-1])
    assert (told.alike, told.apart) == (2, 2)


def test_more_is_good_but_for_those_who_wait_or_pay():
    assert [tone("promoter", one) for one in (1, -1, 0)] == ["good", "bad", ""]
    for role in ("waiting", "platform"):
        assert [tone(role, one) for one in (1, -1, 0)] == ["bad", "good", ""]
