"""The gate: what is turned away, what comes of it, and what it must not touch."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest
from evidence import act, acts
from hypothesis import given
from hypothesis import strategies as st

from rules.events import DAY, Kind, Records
from sim.risk.gate import Gate, ordinals
from sim.risk.rules import Limits
from sim.risk.traces import Traces


def gate(devices: list[int], **limits: int) -> Gate:
    traces = Traces.apart(len(devices))
    traces.device = np.array(devices, np.int32)
    return Gate(Limits(**limits), traces)


def screen(one: Gate, *events: Records, refused: tuple[int, ...] = ()) -> list[bool]:
    rows = acts(*events)
    return one.screen(int(rows["time"][0] // DAY), rows, np.isin(np.arange(len(rows)), refused)).tolist()


def place(order: int, member: int, lines: int = 1, day: int = 0) -> Records:
    return acts(*(act(Kind.order, member, day, order=order, line=1 + line, quantity=1) for line in range(lines)))


def test_the_fifth_account_of_a_device_stays_outside_with_all_it_does():
    one = gate([0, 0, 0, 0, 0, 5, 6])
    four = [act(Kind.register, member) for member in range(4)]
    assert (
        screen(
            one,
            *four,
            act(Kind.register, 5),
            act(Kind.register, 4),
            place(0, 4, lines=2),
            act(Kind.pay, order=0),
            act(Kind.share, 4),
            act(Kind.click, 4, other=5),
            act(Kind.click, 5, other=4),  # somebody else's act
            place(1, 5),
            act(Kind.pay, order=1),
        )
        == [True] * 5 + [False] + [False] * 2 + [False] * 3 + [True] * 3
    )
    assert np.flatnonzero(one.shut_out).tolist() == [4]
    late = [act(kind, order=0, day=3) for kind in (Kind.ship, Kind.receive, Kind.refund_open, Kind.refund, Kind.cancel)]
    assert screen(one, *late, act(Kind.ship, order=1, day=3), place(2, 4), act(Kind.sign_in, 4), place(3, 0)) == [
        *[False] * 5, True, False, False, True,
    ]  # fmt: skip
    assert screen(one, act(Kind.pay, order=2, day=4), act(Kind.pay, order=3, day=4)) == [False, True]


def test_members_before_the_limit_are_not_shut_out_by_those_beyond_it():
    one = gate([0] * 6 + [6], registrations_per_device=2)
    assert screen(one, *(act(Kind.register, member) for member in range(7))) == [True] * 2 + [False] * 4 + [True]
    assert screen(one, act(Kind.share, 0, 1), act(Kind.share, 1, 1), act(Kind.share, 2, 1)) == [True, True, False]


def test_withdrawals_are_not_taken_for_orders_of_the_same_number():
    one = gate([0, 0, 2], registrations_per_device=1)
    assert screen(one, act(Kind.register, 0), act(Kind.register, 1), place(7, 1)) == [True, False, False]
    answers = (Kind.approve, Kind.reject, Kind.paid, Kind.failed, Kind.unknown)
    assert screen(one, act(Kind.withdraw, 2, order=7), *(act(kind, order=7) for kind in answers)) == [True] * 6
    # and a withdrawal that is refused takes no order with it, nor a large one the memory
    assert screen(one, act(Kind.withdraw, 2, order=8), place(8, 2), refused=(0,)) == [False, True]
    assert screen(one, act(Kind.pay, order=8), act(Kind.withdraw, 2, order=2**30)) == [True, True]


def test_a_shut_out_account_cannot_take_money_out():
    one = gate([0, 0], registrations_per_device=1)
    asked = [act(Kind.withdraw, member, order=member) for member in (0, 1)]
    assert screen(one, act(Kind.register, 0), act(Kind.register, 1), *asked) == [True, False, True, False]


def test_order_of_events_decides_not_the_batch_they_come_in():
    whole, parts = (gate([0, 0, 0, 0], registrations_per_device=2) for _ in range(2))
    events = [act(Kind.register, member) for member in (3, 1, 2, 0)]
    assert screen(whole, *events) == [True, True, False, False]
    assert screen(parts, events[0]) + screen(parts, *events[1:]) == [True, True, False, False]
    assert (whole.shut_out == parts.shut_out).all()


@pytest.mark.parametrize(
    ("kind", "limit"), [(Kind.share, "shares_a_day"), (Kind.click, "clicks_a_day")]
)  # fmt: skip
def test_a_cap_counts_each_members_acts_of_a_day(kind, limit):
    one = gate([0, 1, 2], **{limit: 2})
    who = [0, 1, 0, 0, 1, 0]
    assert screen(one, *(act(kind, member, other=2) for member in who)) == [True, True, True, False, True, False]
    assert one.capped.tolist() == [0, 0]
    assert screen(one, act(kind, 0, 1, other=2), act(kind, 0, 1, other=2)) == [True, True]  # a new day
    assert one.capped.tolist() == []


def test_a_day_may_come_in_several_batches():
    one = gate([0, 1], shares_a_day=2)
    shares = [screen(one, act(Kind.share, member)) for member in (0, 1, 0, 0, 1, 1)]
    assert shares == [[True], [True], [True], [False], [True], [False]]
    assert screen(one, act(Kind.share, 0, 1)) == [True]


def test_an_order_counts_once_and_goes_whole():
    one = gate([0, 1], orders_a_day=2)
    kept = screen(one, place(0, 0, 3), place(1, 0, 2), place(2, 0, 2), act(Kind.pay, order=2), place(3, 1, 3))
    assert kept == [True] * 5 + [False] * 3 + [True] * 3
    assert one.capped.tolist() == [0]
    assert screen(one, act(Kind.ship, order=2, day=1), act(Kind.pay, order=1, day=1), place(4, 0, day=1)) == [
        False, True, True,
    ]  # fmt: skip


def test_what_is_refused_for_another_reason_does_not_come_in():
    one = gate([0])
    assert screen(one, act(Kind.share, 0), act(Kind.share, 0), refused=(0,)) == [False, True]
    assert one.capped.tolist() == []


@given(st.lists(st.integers(0, 4)))
def test_ordinals_are_how_many_came_before(groups):
    before: Counter[int] = Counter()
    expected = []
    for group in groups:
        expected.append(before[group])
        before[group] += 1
    assert ordinals(np.array(groups, np.int64)).tolist() == expected


class PlainGate:
    """The twin: one event after the other."""

    def __init__(self, devices: list[int], most: dict[Kind, int], accounts: int) -> None:
        self.devices, self.most, self.accounts = devices, most, accounts
        self.registered: Counter[int] = Counter()
        self.out: set[int] = set()
        self.gone: set[int] = set()

    def screen(self, events: Records) -> list[bool]:
        for event in events[events["kind"] == Kind.register]:
            device = self.devices[event["member"]]
            self.registered[device] += 1
            if self.registered[device] > self.accounts:
                self.out.add(int(event["member"]))
        today: defaultdict[tuple[Kind, int], int] = defaultdict(int)
        return [self.comes_in(event, today) for event in events]

    def comes_in(self, event: np.void, today: defaultdict[tuple[Kind, int], int]) -> bool:
        kind, member, order = Kind(int(event["kind"])), int(event["member"]), int(event["order"])
        if kind in self.most and event["line"] <= 1:
            today[kind, member] += 1
            if today[kind, member] > self.most[kind]:
                self.gone |= {order} - {-1}
                return False
        if kind is Kind.order and member in self.out:
            self.gone.add(order)
        of_order = Kind.order <= kind <= Kind.refund_refused
        return order not in self.gone if of_order else member not in self.out


@pytest.mark.parametrize("seed", range(20))
def test_the_gate_does_what_a_plain_twin_does(seed):
    rng = np.random.default_rng(seed)
    devices = rng.integers(0, 4, 12).tolist()
    most = {Kind.share: 2, Kind.click: 3, Kind.order: 2}
    one = gate(devices, registrations_per_device=2, shares_a_day=2, clicks_a_day=3, orders_a_day=2)
    twin = PlainGate(devices, most, 2)
    newcomers, placed, refused = rng.permutation(12).tolist(), 0, 0
    for day in range(6):
        joining = [act(Kind.register, newcomers.pop(), day) for _ in range(2)]
        events = []
        for _ in range(25):
            kind = Kind(rng.choice([Kind.share, Kind.click, Kind.order, Kind.pay, Kind.ship, Kind.withdraw, Kind.paid]))
            member = int(rng.integers(0, 12))
            if kind is Kind.order:
                events.append(place(placed, member, int(rng.integers(1, 4)), day))
                placed += 1
            elif kind in (Kind.pay, Kind.ship):
                events.append(act(kind, day=day, order=int(rng.integers(0, max(1, placed)))))
            elif kind is Kind.paid:
                events.append(act(kind, day=day, order=int(rng.integers(0, 9))))
            else:
                number = 3 if kind is Kind.withdraw else -1
                events.append(act(kind, member, day, other=int(rng.integers(0, 12)), order=number))
        rows = acts(*joining, *events)
        kept = one.screen(day, rows, np.zeros(len(rows), np.bool_)).tolist()
        assert kept == twin.screen(rows)
        refused += kept.count(False)
    assert refused > 2
