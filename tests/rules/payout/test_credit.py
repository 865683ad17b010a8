"""Credit scores: who gives them, what a plan may say of them, and when what waits for them goes. Worked by hand."""

from __future__ import annotations

import pytest
from engines_agree import assert_same
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import NAMES, START_DAY

from rules.cases.read import parse_case, read_cases
from rules.cases.run import run_case
from rules.engine import Engine
from rules.errors import InputError
from rules.events import DAY, Kind, blank
from rules.lifecycle import REFUSED, Refusal
from rules.opening import Opening
from rules.payout.credit import longer_hold
from rules.plan.model import Plan
from rules.plan.read import parse_plan, read_plan
from rules.trace import ReadableEngine

HOUR = 3600
HOLDS = [{"below": 80, "days": 14}, {"below": 60, "days": 30}]


def plan_with(**sections: object) -> Plan:
    levels = [{"level": 1, "rates": {"default": "10%"}}]
    return parse_plan({"ranks": [{"id": "member"}], "commission": {"base": {"levels": levels}}, **sections})


class Market:
    """Member 1 above member 0; both engines take what a test tells and must agree."""

    def __init__(self, plan: Plan, credit: int = 100) -> None:
        self.engine = Engine.open([plan], NAMES, 2, START_DAY)
        self.readable = ReadableEngine([plan], NAMES, 2, START_DAY)
        for engine in (self.engine, self.readable):
            engine.enrol(1, Opening(joined_at=1, credit=credit), START_DAY)
            engine.enrol(0, Opening(joined_at=1, inviter=1), START_DAY)

    def tell(self, day: float, kind: Kind, **fields: int) -> None:
        event = blank(1)
        event["time"], event["kind"] = START_DAY * DAY + round(day * DAY), kind
        for name, value in fields.items():
            event[name] = value
        for engine in (self.engine, self.readable):
            engine.apply(event)
        assert_same(self.engine, self.readable)

    def sell(self) -> None:
        """Member 0 buys for 100.00 at the beginning of day 0, and receives it at once: 10.00 for member 1."""
        self.tell(0, Kind.order, order=0, line=1, member=0, price=10_000, quantity=1)
        self.tell(0, Kind.pay, order=0)
        self.tell(0, Kind.receive, order=0)

    def available(self) -> int:
        return int(self.engine.book.members[1]["available"])

    def score(self) -> int:
        return int(self.engine.book.members[1]["credit"])


def test_everybody_begins_with_the_highest_score_and_keeps_what_they_are_given() -> None:
    market = Market(plan_with())
    assert market.score() == 100
    for score in (0, 55, 100):
        market.tell(0, Kind.credit, member=1, rank=score)
        assert market.score() == score
    assert Market(plan_with(), credit=7).score() == 7


@pytest.mark.parametrize("score", [-1, 101, 32_000, -32_000])
def test_a_score_that_is_none_is_refused_and_changes_nothing(score: int) -> None:
    market = Market(plan_with(), credit=55)
    market.tell(0, Kind.credit, member=1, rank=score)
    assert market.engine.book.rows("refusals")["code"].tolist() == [Refusal.credit_score]
    assert market.score() == 55
    assert REFUSED[Refusal.credit_score][0] == "a credit score is from 0 to 100"


@pytest.mark.parametrize(("member", "message"), [(-1, "names nobody"), (2, "a member beyond the 2")])
def test_a_score_of_nobody_is_the_callers_mistake(member: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Market(plan_with()).tell(0, Kind.credit, member=member, rank=50)


def test_a_book_carries_scores_on() -> None:
    """People as they stood in another book: the score comes with them into both engines."""
    market = Market(plan_with(), credit=41)
    people = market.engine.book.members.copy()
    compiled, readable = (kind.open if kind is Engine else kind for kind in (Engine, ReadableEngine))
    first, second = (make([plan_with()], NAMES, 2, START_DAY) for make in (compiled, readable))
    first.book.open_with(people)
    second.open_with(people)
    assert first.book.members["credit"].tolist() == [100, 41]
    assert [person.credit for person in second.state.members] == [100, 41]
    assert first.book.copy().members["credit"].tolist() == [100, 41]


@given(score=st.integers(0, 100), holds=st.lists(st.tuples(st.integers(1, 100), st.integers(7, 90)), max_size=20))
def test_both_engines_know_the_same_hold_of_every_score(score: int, holds: list[tuple[int, int]]) -> None:
    rows = [{"below": below, "days": days} for below, days in dict(holds).items()]
    plan = plan_with(settlement={"hold_days": 7, "credit_holds": rows})
    hold = longer_hold(plan, score)
    table = Market(plan).engine.plans.plans[0]
    assert table["credit_hold"][score] == (0 if hold is None else hold.days * DAY)
    assert table["credit_holds"] == (len(rows) > 0)


SCORES = st.lists(st.tuples(st.integers(0, 50), st.sampled_from([0, 59, 60, 79, 80, 100])), max_size=6)


@settings(max_examples=60, deadline=None)
@given(scores=SCORES, every=st.sampled_from(["day", "week"]))
def test_an_entry_goes_at_the_first_tick_that_its_score_of_then_allows(
    scores: list[tuple[int, int]], every: str
) -> None:
    """Held from the beginning of day 0, a Monday; ticks are at 02:00, scores change at noon of their day."""
    cycle = {"every": every, "weekday": "monday", "at": "02:00"}
    market = Market(plan_with(settlement={"hold_days": 7, "cycle": cycle, "credit_holds": HOLDS}))
    market.sell()
    scores = sorted(scores, key=lambda one: one[0])
    due = None
    for day in range(60):
        before = [score for changed, score in scores if changed < day]
        score = before[-1] if before else 100
        days = 30 if score < 60 else 14 if score < 80 else 7
        if due is None and day >= days and (every == "day" or day % 7 == 0):
            due = day
        market.tell(day + 2 / 24, Kind.tick)
        assert market.available() == (0 if due is None else 1_000), day
        for changed, score in scores:
            if changed == day:
                market.tell(day + 0.5, Kind.credit, member=1, rank=score)


def test_a_plan_without_longer_holds_looks_at_no_score() -> None:
    market = Market(plan_with(), credit=0)
    market.sell()
    market.tell(7 + 2 / 24, Kind.tick)
    assert market.available() == 1_000


BAD = [
    ("[{below: 60, days: 14}, {below: 60, days: 30}]", "5:74", "below 60 is given twice", "each score once"),
    ("[{below: 60, days: 6}]", "5:61", "6 days are less than the hold of everybody", "at least the hold_days, 7"),
    ("[{below: 0, days: 30}]", "5:51", "0 is too small", "a whole number from 1 to 100"),
    ("[{below: 101, days: 30}]", "5:51", "101 is too large", "a whole number from 1 to 100"),
    ("[{below: 60, days: 3651}]", "5:61", "3651 is too large", "a whole number from 0 to 3650"),
    ("[{below: 60}]", "5:43", "this key is missing", "a whole number"),
    (str([{"below": n, "days": 30} for n in range(1, 22)]).replace("'", ""), "5:42", "has too many items", "20"),
]


@pytest.mark.parametrize(("holds", "place", "message", "allowed"), BAD)
def test_holds_that_mean_nothing_are_refused_at_their_place(holds: str, place: str, message: str, allowed: str) -> None:
    text = f"plan: p\nranks: [{{id: member}}]\n\n\nsettlement: {{hold_days: 7, credit_holds: {holds}}}\n"
    with pytest.raises(InputError) as error:
        read_plan(text, "p.yaml")
    assert f"p.yaml:{place}:" in str(error.value)
    assert message in str(error.value)
    assert allowed in str(error.value)


@pytest.mark.parametrize("below", ["0", "101", "x"])
def test_a_review_is_of_scores_that_exist(below: str) -> None:
    text = f"plan: p\nranks: [{{id: member}}]\nwithdrawal: {{review_credit_below: {below}}}\n"
    with pytest.raises(InputError, match=r"p.yaml:3:35: withdrawal.review_credit_below: .*from 1 to 100"):
        read_plan(text, "p.yaml")


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("credit: B, score: 101", "101 is too large; allowed: a whole number from 0 to 100"),
        ("credit: B, score: -1", "-1 is too small; allowed: a whole number from 0 to 100"),
        ("credit: B", "credit needs score"),
        ("credit: Bo, score: 5", "there is no member 'Bo'"),
        ("freeze: B, score: 5", "score does not belong to freeze"),
    ],
)
def test_a_case_that_gives_no_score_says_where(event: str, message: str) -> None:
    text = (
        f"- name: x\n  plan: {{ranks: [{{id: a}}]}}\n  members: [{{id: B}}]\n  events: [{{at: 2026-01-05, {event}}}]\n"
    )
    with pytest.raises(InputError, match=r"c.yaml:4:") as error:
        read_cases(text, "c.yaml")
    assert message in str(error.value)


def told(events: list[dict[str, object]], lang: str, **sections: object) -> list[str]:
    levels = [{"level": 1, "rates": {"default": "10%"}}]
    settlement = {"hold_days": 7, "credit_holds": HOLDS}
    plan = {"ranks": [{"id": "member"}], "commission": {"base": {"levels": levels}}, "settlement": settlement}
    members = [{"id": "B", "credit": 55, "joined": "2026-01-01"}, {"id": "C", "inviter": "B", "joined": "2026-01-01"}]
    result = run_case(parse_case({"name": "x", "plan": plan | sections, "members": members, "events": events}))
    assert result.passed, result.problems
    return [step[lang] for step in result.entries[0].steps if step["part"] == "wallet"]


SALE = [
    {"at": "2026-01-05 10:00", "order": "O1", "buyer": "C", "lines": [{"sku": "a", "price": 100}]},
    {"at": "2026-01-05 10:00", "pay": "O1"},
    {"at": "2026-01-06 10:00", "receive": "O1"},
]


def test_an_entry_tells_what_it_waits_for() -> None:
    """Due on the 14th; below 60 until the 18th at noon, so five ticks; then below 80, until the 20th at 10:00."""
    events = [*SALE, {"at": "2026-01-18 12:00", "credit": "B", "score": 60}, {"at": "2026-01-21 09:00", "share": "B"}]
    assert told(events, "en")[2:5] == [
        "2026-01-14 02:00 to 2026-01-18 02:00, 5 times due, but it waits: credit is below 60: held for 30 days",
        "2026-01-19 02:00 to 2026-01-20 02:00, 2 times due, but it waits: credit is below 80: held for 14 days",
        "2026-01-21 02:00 settled: 10.00 became available, 10.00 available in all",
    ]
    assert told(events, "zh")[2:4] == [
        "2026-01-14 02:00 至 2026-01-18 02:00 共 5 次到期未结：信用分低于 60，冻结期延长至 30 天",
        "2026-01-19 02:00 至 2026-01-20 02:00 共 2 次到期未结：信用分低于 80，冻结期延长至 14 天",
    ]


def test_a_payout_tells_why_it_was_reviewed() -> None:
    events = [
        *SALE,
        {"at": "2026-02-06 09:00", "withdraw": "B", "amount": 10, "id": "W1"},
        {"at": "2026-02-06 10:00", "approve": "W1"},
    ]
    rule = {"review_credit_below": 60}
    assert "credit 55 is below 60: reviewed first" in told(events, "en", withdrawal=rule)
    assert "信用分 55 低于 60，人工审核后付款" in told(events, "zh", withdrawal=rule)
    plain = told(events[:4], "en", withdrawal={"review_credit_below": 55})
    assert not [one for one in plain if "credit" in one and "withdrawal" in one]
    assert "credit 55 is below 60: reviewed first" not in plain
