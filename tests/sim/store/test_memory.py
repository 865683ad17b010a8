"""Stock: the kernel against a plain twin, and against what the rules themselves say came back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from random_logs import NAMES, PLAN, START_DAY, days_of, random_log

from rules.engine import Engine
from rules.events import DAY, Kind, Records, blank
from rules.lifecycle import ORDER_FLOW
from rules.records import OrderStatus
from sim.store import Store
from sim.store.memory import MemoryStore
from sim.store.stock import REFUSED

MEMBERS = 8
STOCK, DAILY = np.array([5, 0, 9]), np.array([2, 1, 0])


class Echo:
    """An engine that only remembers what it was given."""

    def __init__(self) -> None:
        self.book = None
        self.seen: list[Records] = []

    def apply(self, events: Records) -> Records:
        self.seen.append(events.copy())
        return blank(0)


class PlainStock:
    """The twin: dictionaries and Python integers."""

    def __init__(self, restock: list[bool]) -> None:
        self.pieces = [int(n) for n in STOCK]
        self.restock, self.day = restock, START_DAY
        self.orders: dict[int, dict] = {}
        self.accepted = self.refused = self.short = 0

    def serve(self, events: Records) -> Iterator[tuple[np.void, int]]:
        """The accepted events with their order number."""
        at = 0
        while at < len(events):
            event = events[at]
            while event["time"] // DAY > self.day:
                self.day += 1
                self.pieces = [have + int(more) for have, more in zip(self.pieces, DAILY, strict=True)]
            kind, number = Kind(int(event["kind"])), int(event["order"])
            rows = [event]
            if kind is Kind.order:
                rows = [e for e in events[at:] if e["kind"] == Kind.order and e["order"] == number]
                self._place(number, rows)
            order = self.orders[number] if Kind.order <= kind <= Kind.refund_refused else None
            if order is None:
                yield event, number
            elif order["number"] is not None:
                if kind is not Kind.order and order["status"] in ORDER_FLOW[kind]:
                    self._follow(order, kind, event)
                for row in rows:
                    yield row, order["number"]
            at += len(rows)

    def _place(self, number: int, rows: list[np.void]) -> None:
        asked = [0, 0, 0]
        lines = []
        for row in rows:
            unit = int(row["price"] if row["member_price"] < 0 else row["member_price"])
            line = {"sku": int(row["sku"]), "pieces": int(row["quantity"]), "back": 0, "refunded": 0}
            lines.append(line | {"paid": unit * int(row["quantity"]) - int(row["discount"])})
            if row["sku"] >= 0:
                asked[row["sku"]] += int(row["quantity"])
        lacking = [max(0, want - have) for want, have in zip(asked, self.pieces, strict=True)]
        self.orders[number] = {"number": None, "lines": lines, "status": OrderStatus.created}
        if any(lacking):
            self.refused += 1
            self.short += sum(lacking)
            return
        self.orders[number]["number"] = self.accepted
        self.accepted += 1
        self.pieces = [have - want for have, want in zip(self.pieces, asked, strict=True)]

    def _follow(self, order: dict, kind: Kind, event: np.void) -> None:
        moved = {"pay": "paid", "ship": "shipped", "receive": "received", "cancel": "cancelled"}
        if kind is Kind.refund:
            self._refund(order, event)
        elif kind.name in moved:
            order["status"] = OrderStatus[moved[kind.name]]
        if kind is Kind.cancel:
            for line in order["lines"]:
                self._back(line, line["pieces"], False)

    def _back(self, line: dict, pieces: int, shipped: bool) -> None:
        line["back"] += pieces
        if line["sku"] >= 0 and (not shipped or self.restock[line["sku"]]):
            self.pieces[line["sku"]] += pieces

    def _refund(self, order: dict, event: np.void) -> None:
        at, pieces, amount = (int(event[name]) for name in ("line", "quantity", "amount"))
        lines = order["lines"]
        if at > len(lines) or (at == 0 and (pieces or amount) and len(lines) > 1):
            return
        shipped = order["status"] in (OrderStatus.shipped, OrderStatus.received)
        for line in lines if at == 0 else [lines[at - 1]]:
            left, there = line["paid"] - line["refunded"], line["pieces"] - line["back"]
            if pieces > there or (not pieces and amount > left):
                return
            worth = [line["paid"] * n // line["pieces"] for n in (line["back"], line["back"] + pieces)]
            back = pieces or (there if amount in (0, left) else 0)
            line["refunded"] += min(left, worth[1] - worth[0]) if pieces else amount or left
            self._back(line, back, shipped)
        if all(line["refunded"] == line["paid"] and line["back"] == line["pieces"] for line in lines):
            order["status"] = OrderStatus.refunded


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("restock", [[True, True, True], [False, True, False]])
def test_the_kernel_does_what_the_plain_twin_does(seed: int, restock: list[bool]):
    events = random_log(np.random.default_rng(seed))
    twin, engine = PlainStock(restock), Echo()
    store = MemoryStore(engine, STOCK, DAILY, restock=np.array(restock))
    for _, batch in days_of(events):
        wanted = list(twin.serve(batch))
        accepted, _ = store.apply(batch)
        np.testing.assert_array_equal(accepted["order"], [number for _, number in wanted])
        for name in ("time", "kind", "line", "member", "amount"):
            np.testing.assert_array_equal(accepted[name], [event[name] for event, _ in wanted])
        np.testing.assert_array_equal(store.stock, twin.pieces)
    counts = store.counts
    assert (counts.orders, counts.refused_orders, counts.short_pieces) == (
        twin.accepted,
        twin.refused,
        twin.short,
    )
    assert counts.refused_orders > 0
    assert counts.short_pieces == store.short().sum()


@pytest.mark.parametrize("seed", range(6))
def test_pieces_come_back_exactly_as_the_rules_say(seed: int):
    engine = Engine.open([PLAN], NAMES, MEMBERS, START_DAY)
    store: Store = MemoryStore(engine, STOCK, DAILY)
    for _, batch in days_of(random_log(np.random.default_rng(seed))):
        store.apply(batch)
        counts = store.counts
        assert counts.oversold == 0
        assert (store.stock >= 0).all()
        assert store.stock.sum() == STOCK.sum() + counts.replenished + counts.returned - counts.reserved
    book = store.book
    lines = book.rows("lines")
    assert counts.lines == len(lines)
    orders = book.rows("orders")
    cancelled = np.repeat(orders["status"] == OrderStatus.cancelled, orders["lines"])
    back = np.where(cancelled, lines["quantity"], lines["refunded_quantity"])
    assert counts.returned == back[lines["sku"] >= 0].sum()


@pytest.mark.parametrize("seed", range(3))
def test_batches_make_no_difference(seed: int):
    events = random_log(np.random.default_rng(seed))
    whole, parts = (MemoryStore(Echo(), STOCK, DAILY, start_day=START_DAY) for _ in range(2))
    accepted, _ = whole.apply(events)
    cuts = np.flatnonzero(events["kind"] != Kind.order)
    found = [parts.apply(batch)[0] for batch in np.split(events, cuts[::3])]
    np.testing.assert_array_equal(np.concatenate(found), accepted)
    assert whole.counts == parts.counts


def _order(number: int, *lines: tuple[int, int], time: int = START_DAY * DAY) -> Records:
    events = blank(len(lines))
    events["kind"], events["order"], events["time"], events["member"] = Kind.order, number, time, 0
    events["line"] = np.arange(len(lines)) + 1
    events["sku"], events["quantity"] = np.array(lines).T
    events["price"] = 100
    return events


def _then(kind: Kind, number: int, time: int = START_DAY * DAY) -> Records:
    events = blank(1)
    events["kind"], events["order"], events["time"] = kind, number, time
    return events


def test_an_order_is_refused_whole_and_with_all_its_later_events():
    store = MemoryStore(Echo(), np.array([1, 5]), np.array([0, 0]))
    events = [_order(0, (1, 2), (0, 2)), _then(Kind.pay, 0), _order(1, (1, 3), (1, 2)), _then(Kind.pay, 1)]
    accepted, _ = store.apply(np.concatenate([*events, _then(Kind.refund, 0)]))
    assert accepted["kind"].tolist() == [Kind.order, Kind.order, Kind.pay]
    assert accepted["order"].tolist() == [0, 0, 0]
    assert store.numbers[:2].tolist() == [REFUSED, 0]
    assert store.stock.tolist() == [1, 0]
    assert store.counts.refused_orders == 1
    assert store.counts.refused_lines == 2
    assert store.short().tolist() == [1, 0]


def test_orders_are_numbered_as_they_come_whatever_their_callers_call_them():
    """Rules take numbers that rise: else orders after one of a high number would be taken for ones they know."""
    echo = Echo()
    store = MemoryStore(echo, np.array([9]), np.array([0]))
    accepted, _ = store.apply(np.concatenate([_order(7, (0, 1)), _order(2, (0, 1)), _then(Kind.pay, 7)]))
    assert accepted["order"].tolist() == echo.seen[0]["order"].tolist() == [0, 1, 0]
    assert (store.numbers[7], store.numbers[2]) == (0, 1)
    accepted, _ = store.apply(_then(Kind.pay, 2))
    assert accepted["order"].tolist() == [1]


def test_two_lines_of_one_product_are_counted_together():
    store = MemoryStore(Echo(), np.array([3]), np.array([0]))
    accepted, _ = store.apply(np.concatenate([_order(0, (0, 2), (0, 2)), _order(1, (0, 3))]))
    assert accepted["order"].tolist() == [0]
    assert store.short().tolist() == [1]


def test_goods_arrive_at_midnight_also_after_days_without_events():
    store = MemoryStore(Echo(), np.array([0]), np.array([2]))
    store.apply(_order(0, (0, 1)))
    accepted, _ = store.apply(_order(1, (0, 6), time=(START_DAY + 3) * DAY))
    assert len(accepted) == 1
    store.open_day(START_DAY + 4)
    assert store.stock.tolist() == [2]


def test_withdrawals_keep_their_numbers():
    store = MemoryStore(Echo(), np.array([0]), np.array([0]))
    events = [_order(0, (0, 1)), _then(Kind.withdraw, 0), _then(Kind.paid, 7)]
    accepted, _ = store.apply(np.concatenate(events))
    assert accepted["order"].tolist() == [0, 7]


@pytest.mark.parametrize(
    "events",
    [
        np.concatenate([_order(0, (0, 1)), _then(Kind.pay, 0), _order(0, (0, 1))]),
        _then(Kind.pay, 3),
        _order(0, (4, 1)),
    ],
)
def test_what_cannot_be_is_the_callers_mistake(events: Records):
    with pytest.raises(ValueError, match="cannot be"):
        MemoryStore(Echo(), np.array([9]), np.array([0])).apply(events)


def test_negative_stock_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        MemoryStore(Echo(), np.array([1, -1]), np.array([0, 0]))
