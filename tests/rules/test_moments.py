"""When entries come to be, who may be paid then, and what settlement waits for."""

import itertools
import random
from collections import Counter

import numpy as np
import pytest
from random_worlds import MEMBERS, NAMES, START_DAY, random_log, random_plan

from rules.engine import Engine
from rules.events import DAY, Kind, blank
from rules.plan.model import Plan
from rules.records import EntryStatus

HOUR = 3600


def plan_with(**semantics: object) -> Plan:
    levels = [{"level": 1, "rates": {"default": "10%"}}, {"level": 2, "rates": {"default": "5%"}}]
    return Plan.model_validate(
        {"ranks": [{"id": "member"}], "commission": {"base": {"levels": levels}}, "semantics": semantics}
    )


class Story:
    """Three members, 2 above 1 above 0, who buys for 100.00 at 10:00 on day 0; the rest is told by the test."""

    def __init__(self, **semantics: object) -> None:
        self.engine = Engine.open([plan_with(**semantics)], NAMES, 4, START_DAY)
        self.tell(0, Kind.register, member=2)
        self.tell(0, Kind.register, member=1, other=2)
        self.tell(0, Kind.register, member=0, other=1)
        self.tell(0, Kind.register, member=3)
        self.tell(0, Kind.order, order=0, line=1, member=0, price=10_000, quantity=1)

    def tell(self, day: float, kind: Kind, **fields: int) -> None:
        event = blank(1)
        event["time"], event["kind"] = START_DAY * DAY + int(day * DAY) + 10 * HOUR, kind
        for name, value in fields.items():
            event[name] = value
        self.engine.apply(event)

    def entries(self) -> list[tuple[int, int]]:
        return [(int(row["member"]), int(row["amount"])) for row in self.engine.book.rows("entries")]

    def days(self) -> list[int]:
        return [int(row["time"]) // DAY - START_DAY for row in self.engine.book.rows("entries")]


MOMENTS = ["create", "pay", "receipt", "settle"]


@pytest.mark.parametrize(("rates", "people"), list(itertools.product(MOMENTS, MOMENTS)))
def test_entries_are_made_at_the_last_of_payment_rates_and_people(rates: str, people: str) -> None:
    """Ordered and paid on day 0, received on day 2 at 10:00, so settled on day 10 at 02:00."""
    story = Story(rate_snapshot=rates, upline_snapshot=people)
    story.tell(0, Kind.pay, order=0)
    story.tell(2, Kind.receive, order=0)
    story.tell(20, Kind.tick)
    assert story.entries() == [(1, 1000), (2, 500)]
    day = {"create": 0, "pay": 0, "receipt": 2, "settle": 10}
    assert story.days() == [max(day[rates], day[people])] * 2
    assert story.engine.book.members["available"].tolist() == [0, 1000, 500, 0]


@pytest.mark.parametrize("people", MOMENTS)
def test_a_rebind_after_the_people_are_fixed_moves_no_money(people: str) -> None:
    """Rebound to member 3 right before the moment and to member 2 right after it; the order itself came to member 1."""
    story = Story(upline_snapshot=people)
    happening = [(0, Kind.pay), (2, Kind.receive), (20, Kind.tick)]
    for moment, (day, kind) in enumerate(happening, start=1):
        if MOMENTS[moment] == people:
            story.tell(day if kind is not Kind.tick else 9, Kind.rebind, member=0, other=3)
        elif MOMENTS[moment - 1] == people:
            story.tell(happening[moment - 2][0] if moment > 1 else 0, Kind.rebind, member=0, other=2)
        story.tell(day, kind, order=0)
    assert story.entries()[0] == (1 if people == "create" else 3, 1000)


@pytest.mark.parametrize("checks", [["create"], ["pay"], ["receipt"], ["settle"], ["create", "receipt"], MOMENTS])
def test_who_is_frozen_at_a_check_gets_nothing_and_otherwise_everything(checks: list[str]) -> None:
    for frozen in range(4):
        story = Story(upline_snapshot="create", rate_snapshot="create", eligible_at=checks)
        if frozen == 0:  # the order of the story came before: another one, placed while member 1 is frozen
            story.tell(0, Kind.freeze, member=1)
            story.tell(0, Kind.order, order=1, line=1, member=0, price=10_000, quantity=1)
            story.tell(0, Kind.unfreeze, member=1)
        number = 1 if frozen == 0 else 0
        for moment, (day, kind) in enumerate([(0, Kind.pay), (2, Kind.receive), (11, Kind.tick)], start=1):
            if frozen == moment:
                story.tell(day if kind is not Kind.tick else 9, Kind.freeze, member=1)
            story.tell(day, kind, order=number)
            if frozen == moment:
                story.tell(day, Kind.unfreeze, member=1)
        total: Counter[int] = Counter()
        for member, amount in story.entries():
            total[member] += amount
        assert total[1] == (0 if MOMENTS[frozen] in checks else 1000)
        assert total[2] == 500


def test_settlement_is_tried_again_at_every_tick_until_nothing_is_waited_for() -> None:
    """Would settle on day 10; the refund is refused on day 12, member 1 unfrozen on day 14: day 13 and day 15."""
    story = Story(settle_while_refund_open="wait", frozen_at_settlement="wait")
    story.tell(0, Kind.pay, order=0)
    story.tell(2, Kind.receive, order=0)
    story.tell(5, Kind.refund_open, order=0)
    story.tell(6, Kind.freeze, member=1)
    story.tell(12, Kind.refund_refused, order=0)
    assert story.engine.book.members["available"].tolist() == [0, 0, 0, 0]
    story.tell(14, Kind.unfreeze, member=1)
    assert story.engine.book.members["available"].tolist() == [0, 0, 500, 0]
    story.tell(15, Kind.tick)
    assert story.engine.book.members["available"].tolist() == [0, 1000, 500, 0]


def test_a_reversed_entry_of_somebody_frozen_waits_for_nothing() -> None:
    story = Story(frozen_at_settlement="wait")
    story.tell(0, Kind.pay, order=0)
    story.tell(2, Kind.receive, order=0)
    story.tell(3, Kind.freeze, member=1)
    story.tell(4, Kind.refund, order=0)
    story.tell(30, Kind.tick)
    steps = story.engine.book.rows("steps")
    assert not (steps["kind"] == 1).any()


def test_entries_of_no_order_wait_for_the_frozen_too() -> None:
    plan = Plan.model_validate(
        {
            "ranks": [{"id": "member"}],
            "bonuses": [{"id": "streak", "event": "promotion_streak", "days": 2, "pay": 3}],
            "semantics": {"frozen_at_settlement": "wait"},
        }
    )
    engine = Engine.open([plan], NAMES, 1, START_DAY)
    log = blank(6)
    log["member"] = 0
    log["kind"] = [Kind.register, Kind.share, Kind.share, Kind.freeze, Kind.unfreeze, Kind.tick]
    log["time"] = (START_DAY + np.array([0, 0, 1, 2, 20, 21])) * DAY + 10 * HOUR
    engine.apply(log[:5])
    assert (engine.book.members[0]["held"], engine.book.members[0]["available"]) == (300, 0)
    engine.apply(log[5:])
    assert (engine.book.members[0]["held"], engine.book.members[0]["available"]) == (0, 300)


def test_a_hold_that_ends_before_receipt_goes_on_at_the_first_tick_after_it() -> None:
    """Hold from payment, entries at receipt on day 9 at 10:00: the hold was over on day 8, so day 10 at 02:00."""
    story = Story(rate_snapshot="receipt", hold_from="pay")
    story.tell(0, Kind.pay, order=0)
    story.tell(9, Kind.receive, order=0)
    assert story.engine.book.members["held"].tolist() == [0, 1000, 500, 0]
    story.tell(9.66, Kind.tick)  # day 10 at 01:50
    assert story.engine.book.members["available"].tolist() == [0, 0, 0, 0]
    story.tell(10, Kind.tick)
    assert story.engine.book.members["available"].tolist() == [0, 1000, 500, 0]


@pytest.mark.many
def test_no_entry_comes_before_its_moment_in_any_world() -> None:
    """And late entries settle like any other: none is left pending after receipt."""
    seen: Counter[str] = Counter()
    for seed in range(80):
        luck = random.Random(seed)
        plan = random_plan(luck)
        plain = {"defects": []}  # nothing is paid twice, and nothing waits for later days
        caps = plan.caps.model_copy(update={"over_cap": "forfeit"})
        plan = plan.model_copy(update={"semantics": plan.semantics.model_copy(update=plain), "caps": caps})
        log = random_log(luck, 90)
        engine = Engine.open([plan], NAMES, MEMBERS, START_DAY)
        engine.apply(log[log["kind"] != Kind.plan])
        at = plan.semantics.entries_at
        for order in engine.book.rows("orders"):
            made = engine.book.entries[max(0, order["first_entry"]) :][: order["entries"]]
            seen[at] += len(made)
            if at == "pay":
                assert (made["time"] == order["paid_at"]).all()
            elif at == "receipt":
                assert (made["time"] == order["received_at"]).all()
            else:
                assert (made["time"] % DAY == plan.settlement.cycle.at).all()
                assert (made["status"] != EntryStatus.pending).all()
    assert min(seen[at] for at in ("pay", "receipt", "settle")) > 20


@pytest.mark.parametrize(("shipped", "received"), [(None, 10), (4, 14), (9.5, 19.5)])
def test_the_days_to_automatic_receipt_count_again_from_shipping(shipped: float | None, received: float) -> None:
    """Paid at 10:00 on day 0, received by itself ten days later, or ten days after it was shipped."""
    story = Story()
    story.tell(0, Kind.pay, order=0)
    if shipped is not None:
        story.tell(shipped, Kind.ship, order=0)
    story.tell(received - 0.01, Kind.tick)
    assert story.engine.book.orders[0]["received_at"] < 0
    story.tell(received, Kind.tick)
    assert story.engine.book.orders[0]["received_at"] == (START_DAY + received) * DAY + 10 * HOUR


def test_shipping_does_not_put_off_what_was_received() -> None:
    story = Story()
    story.tell(0, Kind.pay, order=0)
    story.tell(1, Kind.receive, order=0)
    story.tell(2, Kind.ship, order=0)
    story.tell(30, Kind.tick)
    assert story.engine.book.orders[0]["received_at"] == (START_DAY + 1) * DAY + 10 * HOUR
