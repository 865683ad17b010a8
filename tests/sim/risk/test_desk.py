"""The desk: what it decides in the evening and does in the morning, and that it knows only what can be seen."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import worlds
from evidence import START, Ledger, act, acts, login, seen

from rules.events import DAY, Kind, Records
from rules.payout.withdrawal import Withdrawal
from sim.actors.cheats import Cheats
from sim.behaviour import chunks
from sim.risk.desk import MORNING, Desk
from sim.risk.rules import Reviewers, RiskRules, SecondCheck, Sign
from sim.risk.service import Seen
from sim.risk.traces import LOGIN, Traces
from sim.risk.truth import Truth

SURE = {"finds": "100%", "errs": "0%"}


class Script:
    """A service that says what it was told to say on each day of the run."""

    def __init__(self, days: dict[int, dict[int, int]]) -> None:
        self.days = days

    def assess(self, seen: Seen) -> dict[int, int]:
        return self.days.get(seen.day, {})


def desk_of(days: dict[int, dict[int, int]] | None = None, *, cheats: tuple[int, ...] = (), people: int = 8, **rules):
    """A desk whose only signs, 50 points each, are those of a script."""
    truth = Truth.honest(people)
    truth.kind[list(cheats)] = 1
    given = RiskRules(**{"reviewers": Reviewers(**SURE), **rules})
    return Desk(given, Traces.apart(people), truth, 1, START, [Script(days or {})])


def close(desk: Desk, day: int) -> list[tuple[Kind, int, int]]:
    """Close a day on which nothing happened; the events of the next morning."""
    events = desk.close_day(seen(Ledger(len(desk.frozen)), day=day, traces=desk.traces))
    assert (events["time"] == (START + day + 1) * DAY + MORNING).all()
    return [(Kind(int(one["kind"])), int(one["member"]), int(one["rank"])) for one in events]


def verdict(desk: Desk, member: int) -> str:
    approved, rejected = (bool(one[0]) for one in desk.may_be_paid(0, np.array([member], np.int32)))
    return {(True, False): "approved", (False, True): "rejected", (False, False): "waits"}[approved, rejected]


def test_the_honest_are_frozen_in_the_morning_and_released_in_the_next():
    desk = desk_of({0: {3: 100}, 5: {3: 100}})
    assert MORNING == 300
    assert close(desk, 0) == [(Kind.freeze, 3, -1), (Kind.credit, 3, 50)]
    assert verdict(desk, 3) == "waits"
    assert verdict(desk, 2) == "approved"
    assert close(desk, 1) == [(Kind.unfreeze, 3, -1), (Kind.credit, 3, 100)]
    assert verdict(desk, 3) == "approved"
    assert close(desk, 5) == []  # for some time they are believed
    assert desk.frozen_days.tolist() == [0, 0, 0, 1, 0, 0, 0, 0]
    assert desk.credit.lowest[3] == 50


def test_a_cheat_is_condemned_and_stays_frozen():
    desk = desk_of({0: {3: 100}, 9: {3: 100}}, cheats=(3,))
    assert close(desk, 0) == [(Kind.freeze, 3, -1), (Kind.credit, 3, 50)]
    assert close(desk, 1) == []
    assert verdict(desk, 3) == "rejected"
    assert close(desk, 9) == [(Kind.credit, 3, 0)]  # no second freezing, no second review
    assert len(desk.reviews.closed) == 1
    assert close(desk, 10) == []


@pytest.mark.parametrize("cheats", [(), (3,)])
def test_withdrawals_of_little_credit_wait_for_a_case(cheats):
    desk = desk_of({0: {3: 100}}, cheats=cheats, freeze_below=50)  # 50 is not below it: not frozen
    assert close(desk, 0) == [(Kind.credit, 3, 50)]
    assert desk.reviews.waiting.tolist() == []
    assert verdict(desk, 3) == "waits"
    assert desk.reviews.waiting.tolist() == [3]
    after = [(Kind.freeze, 3, -1)] if cheats else [(Kind.credit, 3, 100)]
    assert close(desk, 1) == after
    assert verdict(desk, 3) == ("rejected" if cheats else "approved")


def test_without_anybody_to_look_a_frozen_account_waits():
    desk = desk_of({0: {3: 100}}, reviewers=Reviewers(cases_a_day=0))
    for day in range(4):
        close(desk, day)
    assert (verdict(desk, 3), desk.frozen_days[3]) == ("waits", 3)


@pytest.mark.parametrize(("below", "frozen"), [(50, False), (51, True)])
def test_the_line_itself_is_not_below_it(below, frozen):
    desk = desk_of({0: {3: 100}}, freeze_below=below)
    assert ((Kind.freeze, 3, -1) in close(desk, 0)) == frozen


def test_points_are_forgiven_at_the_end_of_a_week_and_the_rules_are_told():
    desk = desk_of({2: {3: 100}}, freeze_below=0)
    told = {day: close(desk, day) for day in range(14)}
    assert {day: events for day, events in told.items() if events} == {
        2: [(Kind.credit, 3, 50)], 6: [(Kind.credit, 3, 54)], 13: [(Kind.credit, 3, 58)],
    }  # fmt: skip


def test_who_uses_the_card_of_somebody_frozen_is_suspect_too():
    traces = Traces.apart(8)
    traces.card[4] = 3
    desk = Desk(RiskRules(), traces, Truth.honest(8), 1, START, [Script({0: {3: 100}, 1: {3: 100}})])
    assert close(desk, 0) == [(Kind.freeze, 3, -1), (Kind.credit, 3, 50), (Kind.credit, 4, 70)]
    assert desk.findings[["member", "sign", "points"]].tolist() == [(3, Sign.outside, 50), (4, Sign.linked, 30)]
    close(desk, 1)
    assert np.count_nonzero(desk.findings["sign"] == Sign.linked) == 1  # only when an account falls below the line


def test_a_desk_that_only_watches_does_nothing_but_note():
    desk = desk_of({0: {3: 100}, 1: {3: 100}}, cheats=(3,), act=False)
    assert close(desk, 0) == close(desk, 1) == []
    assert (desk.credit.now[3], len(desk.findings), len(desk.reviews.closed)) == (0, 2, 0)
    assert not desk.frozen.any()
    rows = acts(act(Kind.withdraw, 3, order=0, amount=9_999_00), *[act(Kind.share, 1)] * 30)
    desk.truth.stolen.add(0)
    assert desk.screen(2, rows, np.zeros(0, LOGIN), np.ones(31, np.bool_)).all()
    assert desk.stopped == []


def checked(desk: Desk, *asked: tuple[int, int, int], logins: Records | None = None, day: int = 0) -> list[int]:
    """Which withdrawals of (number, member, fen) come through."""
    rows = acts(*(act(Kind.withdraw, member, order=number, amount=fen) for number, member, fen in asked))
    seen_logins = np.zeros(0, LOGIN) if logins is None else logins
    kept = desk.screen(day, rows, seen_logins, np.zeros(len(rows), np.bool_))
    return rows["order"][kept].tolist()


def test_the_second_check_stops_what_is_stolen_where_it_is_asked_for():
    check = SecondCheck(over="2000", stops="100%", owners="0%")
    desk = desk_of({0: {4: 50}}, second_check=check, freeze_below=10)
    desk.truth.stolen |= {0, 1, 2, 3}
    close(desk, 0)  # member 4 has 50 points
    asked = [(0, 1, 2000_00), (1, 2, 2000_01), (2, 3, 5_00), (3, 4, 5_00), (4, 1, 9000_00), (5, 4, 5_00)]
    assert checked(desk, *asked, logins=login(3, 0, 9), day=1) == [0, 4, 5]
    assert desk.stopped == [1, 2, 3]
    desk.truth.stolen.add(6)
    assert checked(desk, (6, 3, 5_00), day=2) == []  # the login was yesterday
    desk.truth.stolen.add(7)
    assert checked(desk, (7, 3, 5_00), day=3) == [7]


def test_the_second_check_can_send_everybody_away_or_nobody():
    owners = desk_of(second_check=SecondCheck(over="0", stops="0%", owners="100%"))
    owners.truth.stolen |= {1, 3}
    assert checked(owners, *((number, number, 1) for number in range(5))) == [1, 3]
    nobody = desk_of(second_check=None)
    nobody.truth.stolen |= {1, 3}
    assert checked(nobody, *((number, number, 9999_00) for number in range(5))) == [0, 1, 2, 3, 4]


def test_the_second_check_errs_in_the_mean():
    desk = desk_of(second_check=SecondCheck(over="0", owners="10%"))
    passed = checked(desk, *((number, number % 8, 1) for number in range(10_000)))
    assert 8_900 < len(passed) < 9_100  # standard deviation 30


# Worlds.

BUSY = {"organic": 0.01, "seeds": 20, "zeal_a": 2, "click": 0.8, "impulse": 0.3, "r": 1, "alpha": 2}
KINDS = ("ring", "device_farm", "fake_orders", "streak_farm", "scraper", "thief", "boaster")
CHEATS = [
    Cheats.model_validate({"kind": kind, "gangs": 2, "accounts": 5, "careful": ["0%", "60%"], "begin": [2, 5]})
    for kind in KINDS
]


def world(risk: RiskRules | None, days: int = 40, actors: list[Cheats] = CHEATS, **options):
    market = {"actors": actors, "risk": risk}
    return worlds.logged(1000, days, behaviour=BUSY, market=market, **options)


def digest(model, events: Records) -> str:
    total = hashlib.sha256(events.tobytes())
    total.update(model.store.book.rows("entries").tobytes())
    for name in sorted(model.world.crowd.columns):
        total.update(model.world.crowd[name].tobytes())
    return total.hexdigest()


def test_watching_changes_no_bit():
    bare, watched = world(None), world(RiskRules(act=False))
    assert digest(*bare) == digest(*watched)
    assert len(watched[0].desk.findings) > 50
    assert bare[0].desk is None
    assert digest(*world(RiskRules())) != digest(*bare)


def test_the_same_findings_for_any_number_of_threads_and_every_time(monkeypatch):
    monkeypatch.setattr(chunks, "ALONE", 0)
    runs = [world(RiskRules(), workers=workers) for workers in (1, 1, 2)]
    assert len({model.desk.findings.tobytes() for model, _ in runs}) == 1
    assert len({digest(*run) for run in runs}) == 1
    assert world(RiskRules(), seed=2)[0].desk.findings.tobytes() != runs[0][0].desk.findings.tobytes()


class Shadow:
    """A desk of another truth that is shown what the first one sees."""

    def __init__(self, rules: RiskRules) -> None:
        self.rules, self.desk = rules, None

    def assess(self, seen: Seen) -> dict[int, int]:
        if self.desk is None:
            people = len(seen.traces.device)
            self.truth = Truth.honest(people)
            self.truth.kind[:] = np.arange(people) % 2
            self.desk = Desk(self.rules, seen.traces, self.truth, 7, 0)
        self.desk.screen(seen.day, seen.events, seen.logins, np.zeros(len(seen.events), np.bool_))
        self.desk.close_day(seen)
        return {}


def test_the_desk_does_not_know_who_cheats():
    rules = RiskRules(act=False)
    shadow = Shadow(rules)
    model, _ = world(rules, services=[shadow])
    assert (shadow.truth.cheats != model.truth.cheats).any()
    assert len(model.desk.findings) > 50
    assert shadow.desk.findings.tobytes() == model.desk.findings.tobytes()
    assert (shadow.desk.credit.lowest == model.desk.credit.lowest).all()


def test_what_the_desk_decides_comes_by_events_of_the_next_morning():
    model, events = world(RiskRules(reviewers=Reviewers(finds="50%")))  # so that cheats are let go, too
    rows = events[np.isin(events["kind"], [Kind.freeze, Kind.unfreeze, Kind.credit])]
    assert set(rows["kind"].tolist()) == {Kind.freeze, Kind.unfreeze, Kind.credit}
    assert set((rows["time"] % DAY).tolist()) == {300}
    frozen = set(events["member"][events["kind"] == Kind.freeze].tolist())
    assert frozen == set(np.flatnonzero(model.desk.frozen | (model.desk.frozen_days > 0)).tolist())
    days = {
        int(one["member"]): int(one["time"]) // DAY - model.world.start for one in rows[rows["kind"] == Kind.freeze]
    }
    reviewed = {int(one["member"]): int(one["opened"]) + 1 for one in model.desk.reviews.closed}
    assert reviewed.items() <= days.items()
    book = model.store.book.members
    last = {int(one["member"]): int(one["rank"]) for one in rows[rows["kind"] == Kind.credit]}
    assert {member: int(book["credit"][member]) for member in last} == last
    assert book["frozen"][model.desk.condemned].all()


class Suspicious:
    """Distrusts every third member who asks for money."""

    def assess(self, seen: Seen) -> dict[int, int]:
        asked = seen.events["member"][seen.events["kind"] == Kind.withdraw]
        return {int(member): 100 for member in asked if member % 3 == 0}


@pytest.fixture(scope="module")
def looked_at():
    """A world where every withdrawal is reviewed, a third of those who ask are frozen, and half of these cheat."""
    plan = worlds.plan().model_copy(update={"withdrawal": Withdrawal(minimum="5", review_over="0")})
    log = worlds.Log()
    risk = RiskRules(reviewers=Reviewers(cases_a_day=1000, **SURE), second_check=None)
    model = worlds.model(1000, 60, behaviour=BUSY, plan=plan, market={"risk": risk}, services=[Suspicious()], sink=log)
    model.truth.kind[::6] = 1
    model.run()
    return model, log.events


@pytest.mark.parametrize(
    ("who", "answer", "after"),
    [
        (lambda m: m % 3 > 0, Kind.approve, 1),
        (lambda m: m % 6 == 3, Kind.approve, 2),
        (lambda m: m % 6 == 0, Kind.reject, 2),
    ],
    ids=["trusted", "released", "condemned"],
)
def test_withdrawals_go_on_wait_or_are_rejected(looked_at, who, answer, after):
    """Asked for on one day, and answered at ten in the morning: a review takes a day more."""
    model, events = looked_at
    answers = {
        int(one["order"]): (int(one["kind"]), int(one["time"]))
        for one in events[np.isin(events["kind"], [Kind.approve, Kind.reject])]
    }
    first = {}
    for one in events[events["kind"] == Kind.withdraw]:
        first.setdefault(int(one["member"]), one)
    count = 0
    for member, one in first.items():
        day = int(one["time"]) // DAY
        if who(member) and day < model.world.start + 57:
            assert answers[int(one["order"])] == (answer, (day + after) * DAY + 10 * 3600)
            count += 1
    assert count > 5
    paid = set(events["order"][np.isin(events["kind"], [Kind.paid, Kind.failed])].tolist())
    rejected = {number for number, (kind, _) in answers.items() if kind == Kind.reject}
    assert rejected
    assert not paid & rejected


def test_thieves_get_nothing_past_a_perfect_check_and_owners_are_let_go():
    careless = [Cheats.model_validate({"kind": "thief", "gangs": 6, "careful": ["0%", "0%"], "begin": [2, 2]})]
    plan = worlds.plan().model_copy(update={"withdrawal": Withdrawal(minimum="5")})
    perfect = RiskRules(second_check=SecondCheck(over="1", stops="100%", owners="0%"))
    model, events = world(perfect, 60, careless, plan=plan)
    tried = model.truth.stolen
    assert len(tried) > 10
    assert set(model.desk.stopped) == tried
    assert not tried & set(events["order"][events["kind"] == Kind.withdraw].tolist())
    assert np.count_nonzero(events["kind"] == Kind.withdraw) > 20
    unguarded, _ = world(RiskRules(second_check=None), 60, careless, plan=plan)
    assert unguarded.metrics.totals()["fraud_loss"] > 0 == model.metrics.totals()["fraud_loss"]
