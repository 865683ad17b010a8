"""Evidence against a rulebook: a breach is found exactly at its limit, and observation never proves."""

import datetime as dt
from dataclasses import replace
from typing import get_args

import pytest

from rules.compliance.evidence import UNBOUNDED, EntryPurchase, Evidence, NearThreshold, Seen, rate_of
from rules.compliance.monitor import findings, verdict_of
from rules.compliance.rulebook import AMOUNTS, COUNTS, Measure, Rulebook, read_rulebook
from rules.compliance.words import WORDS, further
from rules.people.rank import Rank
from rules.plan.model import Plan
from scenarios.find import find

HOUSE = read_rulebook(*find("rulebooks", "house"))
STRICT = read_rulebook(*find("rulebooks", "house_strict"))
PLAN = Plan(ranks=[Rank(id="member")])
DAY, EARLIER = dt.date(2026, 11, 22), dt.date(2026, 11, 3)


def seen_of(measure: str, value: int, part: int = 0, whole: int = 0) -> Seen:
    """One member above 0 in one month on one day."""
    rises = ((EARLIER, value),) if value else ()
    return Seen(value, part, whole, "8", "7", "2026-11", 3, rises, (value,) if value else ())


CALM = Evidence(
    orders=10,
    last_day=DAY,
    measures={
        "levels": seen_of("levels", 1),
        "order_ratio": seen_of("order_ratio", 300_000, 30, 100),
        "team_share": Seen(),
        "team_pay": Seen(),
    },
)


def worse(measure: str, value: int, part: int = 0, whole: int = 0) -> Evidence:
    return replace(CALM, measures={**CALM.measures, measure: seen_of(measure, value, part, whole)})


def book(measure: str, limit: object, on_breach: str = "fail") -> Rulebook:
    rule = {"id": "r", "title": {"zh": "规则", "en": "rule"}, "measure": measure, "limit": limit, "source": "s"}
    return Rulebook.model_validate(
        {
            "rulebook": "b",
            "title": {"zh": "册", "en": "book"},
            "checked": DAY,
            "rules": [rule | {"on_breach": on_breach}],
        }
    )


def verdicts(book, seen: Evidence) -> dict[str, str]:
    return {found.rule.measure: found.verdict for found in findings(book, PLAN, seen, DAY)}


@pytest.mark.parametrize(
    ("seen", "measure"),
    [
        (worse("levels", 4), "levels"),
        (worse("order_ratio", 300_001, 300_001, 1_000_000), "order_ratio"),
        (worse("order_ratio", UNBOUNDED, 1, 0), "order_ratio"),
        (worse("team_share", 500_001, 16, 31), "team_share"),
    ],
)
def test_each_limit_of_the_house_breaks_just_above_it(seen: Evidence, measure: str) -> None:
    assert set(verdicts(HOUSE, CALM).values()) == {"pass"}
    assert {name for name, verdict in verdicts(HOUSE, seen).items() if verdict == "fail"} == {measure}
    assert verdict_of(findings(HOUSE, PLAN, seen, DAY)) == "violated"


def test_exactly_at_the_limit_is_within_it() -> None:
    assert verdicts(HOUSE, worse("levels", 3))["levels"] == "pass"
    assert verdicts(HOUSE, worse("team_share", 500_000, 15, 30))["team_share"] == "pass"


def test_a_rate_just_above_its_limit_is_above_it() -> None:
    """10,000,001 of 20,000,000 is 50.000005 %: shown as 50.00 %, and yet a breach."""
    rate = rate_of(10_000_001, 20_000_000)
    assert (rate, rate_of(10_000_000, 20_000_000)) == (500_001, 500_000)
    found = findings(book("inside_share", "50%"), PLAN, worse("inside_share", rate, 10_000_001, 20_000_000), DAY)[0]
    assert (found.verdict, found.worst) == ("fail", "50.00%")


def test_the_rate_of_something_to_nothing_has_no_bound() -> None:
    assert (rate_of(1, 0), rate_of(0, 0), rate_of(-5, 10)) == (UNBOUNDED, 0, 0)
    found = findings(book("own_sales_ratio", "30%"), PLAN, worse("own_sales_ratio", UNBOUNDED, 400, 0), DAY)[0]
    assert (found.verdict, found.worst) == ("fail", "∞")


def test_a_tree_breaks_its_rule_at_the_limit() -> None:
    """The notice counts the number itself: 以上包括本数."""
    rules = book("tree_people", 30, "lawyer")
    assert [verdicts(rules, worse("tree_people", people))["tree_people"] for people in (29, 30)] == ["pass", "lawyer"]


def test_the_strict_house_allows_no_team_pay_at_all() -> None:
    assert "fail" not in verdicts(STRICT, CALM).values()
    assert "fail" in verdicts(STRICT, worse("team_pay", 1)).values()


def test_what_the_plan_states_counts_though_nobody_was_paid_it() -> None:
    levels = [{"level": level, "rates": {"default": "1%"}} for level in range(1, 5)]
    given = {"ranks": [{"id": "member"}], "commission": {"base": {"levels": levels}}, "caps": {"levels": 4}}
    plan = Plan.model_validate(given)
    found = next(one for one in findings(HOUSE, plan, CALM, DAY) if one.rule.measure == "levels")
    assert (found.verdict, found.measured, found.first_day, found.people) == ("fail", 4, None, 0)


def test_keeping_every_rule_is_unknown_and_never_proved() -> None:
    assert verdict_of(findings(HOUSE, PLAN, CALM, DAY)) == "unknown"


def test_a_measure_that_was_not_looked_at_is_unknown() -> None:
    found = findings(HOUSE, PLAN, replace(CALM, measures={}), DAY)
    assert {one.verdict for one in found} == {"unknown"}
    assert verdict_of(found) == "unknown"


@pytest.mark.parametrize("measure", sorted(set(get_args(Measure)) - set(WORDS)))
def test_what_only_the_prover_looks_at_is_unknown_here(measure: Measure) -> None:
    limit = 0 if measure in (*COUNTS, *AMOUNTS) else "0%"
    found = findings(book(measure, limit), PLAN, CALM, DAY)[0]
    assert (found.verdict, found.worst) == ("unknown", "–")


def test_a_question_for_a_lawyer_is_no_violation() -> None:
    found = findings(book("recruit_pay", 5, "lawyer"), PLAN, worse("recruit_pay", 501), DAY)
    assert (found[0].verdict, verdict_of(found)) == ("lawyer", "lawyer")


def test_coupons_for_people_are_no_entries_so_nobody_paid_is_unknown() -> None:
    """Money that is seen is a breach all the same."""
    coupons = {"bonuses": [{"id": "bring", "event": "invites", "count": 3, "coupon": "GIFT"}]}
    given = PLAN.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    plan = Plan.model_validate(given | coupons | {"coupons": {"GIFT": {"amount": 20}}})
    (found,) = findings(book("recruit_pay", 0, "lawyer"), plan, worse("recruit_pay", 0), DAY)
    assert (found.verdict, found.measured) == ("unknown", 0)
    assert "coupons for it (bring)" in found.evidence.en
    assert findings(book("recruit_pay", 0, "lawyer"), plan, worse("recruit_pay", 1), DAY)[0].verdict == "lawyer"
    assert findings(book("recruit_pay", 0, "lawyer"), PLAN, worse("recruit_pay", 0), DAY)[0].verdict == "pass"


def test_rules_bind_only_on_their_days() -> None:
    late = [rule.model_copy(update={"from_": dt.date(2027, 1, 1)}) for rule in HOUSE.rules]
    assert findings(HOUSE.model_copy(update={"rules": late}), PLAN, CALM, DAY) == []


def test_the_evidence_names_order_and_amounts() -> None:
    found = next(one for one in findings(HOUSE, PLAN, CALM, DAY) if one.rule.measure == "order_ratio")
    assert (found.measured, found.worst, found.limit) == (300_000, "30.00%", "30%")
    assert "order 7 pays 0.30 on 1.00" in found.evidence.en
    assert "订单 7" in found.evidence.zh
    assert (found.member, found.order, found.month, found.first_day) == ("8", "7", "2026-11", None)


def test_since_when_and_how_many() -> None:
    """0.40 on the 3rd, 0.55 on the 9th, 0.70 on the 12th; five people got 0.20, 0.50, 0.51, 0.55, 0.70."""
    days = [dt.date(2026, 11, day) for day in (3, 9, 12)]
    seen = Seen(70, rises=tuple(zip(days, (40, 55, 70), strict=True)), by_person=(20, 50, 51, 55, 70), member="8")
    found = findings(book("team_pay", "0.50"), PLAN, replace(CALM, measures={"team_pay": seen}), DAY)[0]
    assert (found.first_day, found.people) == (days[1], 3)
    assert found.evidence.en.endswith("first in breach on 2026-11-09, 3 people concerned")
    assert found.evidence.zh.endswith("首次超限 2026-11-09，涉及 3 人")
    assert [seen.first_day(limit) for limit in (0, 39, 40, 69, 70)] == [days[0], days[0], days[1], days[2], None]


@pytest.mark.parametrize("measure", WORDS)
@pytest.mark.parametrize("value", [0, 5])
def test_every_measure_has_words_in_both_languages(measure: Measure, value: int) -> None:
    said = WORDS[measure](seen_of(measure, value, value, 10 * value), CALM, PLAN)
    assert said.zh
    assert said.en
    assert not any("一" <= letter <= "鿿" for letter in said.en)


@pytest.mark.parametrize(
    ("measure", "given", "held", "shown"),
    [
        ("paid_persons", 3, 3, "3"),
        ("tree_people", 30, 30, "30"),
        ("recruit_pay", "5.50", 550, "5.50"),
        ("own_sales_ratio", "30%", 300_000, "30%"),
        ("inside_share", "33.3333%", 333_333, "33.3333%"),
    ],
)
def test_limits_are_held_in_the_unit_of_their_measure(measure: Measure, given: object, held: int, shown: str) -> None:
    rules = book(measure, given)
    assert rules.rules[0].limit == held
    assert findings(rules, PLAN, worse(measure, 0), DAY)[0].limit == shown


@pytest.mark.parametrize(("measure", "limit"), [("tree_people", "30%"), ("tree_people", -1), ("paid_persons", True)])
def test_limits_in_another_unit_are_refused(measure: str, limit: object) -> None:
    with pytest.raises(ValueError, match="is not a number of people"):
        book(measure, limit)


def test_every_measure_has_one_unit() -> None:
    assert set(COUNTS) | set(AMOUNTS) <= set(get_args(Measure))
    assert not set(COUNTS) & set(AMOUNTS)


def test_what_no_rule_has_a_limit_for() -> None:
    payouts = (NearThreshold("review", 5_000, 3, 1), NearThreshold("large_transfer", 50_000_000, 0, 0))
    said = further(replace(CALM, entry_purchase=EntryPurchase(2, 1, 9_900, 1), payouts=payouts))
    assert [one.en for one in said] == [
        "bought before becoming a promoter: 2 people, median 99.00; "
        "1 had bought by then, 1 of them first for exactly what a rank asks",
        "payouts within 5 % of the review at 50.00: 3 below, 1 above",
    ]
    assert "首单恰为等级要求的金额" in said[0].zh
    assert further(CALM) == []
