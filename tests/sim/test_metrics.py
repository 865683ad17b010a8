"""The metrics against a plain oracle that looks at the whole log at once, in sets and Python integers."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import pytest
from random_logs import NAMES, PLAN, START_DAY, days_of, random_log

from rules.engine import Engine
from rules.events import DAY, Kind, Records, blank
from rules.records import Component, OrderStatus, WithdrawalStatus
from sim.experiments.metric_names import NAMES as WORDS
from sim.metrics import METRICS, Meter

DAYS = 70
SEEDS = [(0, 8), (1, 8), (2, 40), (3, 40), (4, 100), (5, 100)]
"""Seeds, and how many people: few meet often, many churn."""
COSTS = np.array([300, 400, 500])
WALLET = ("pending", "held", "available", "withdrawing")


def ratio(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None


@dataclass
class Order:
    buyer: int
    lines: list[dict[str, int]]
    status: OrderStatus = OrderStatus.created
    first: bool = False
    led: bool = False

    @property
    def goods(self) -> int:
        return sum(line["paid"] for line in self.lines)


@dataclass
class Oracle:
    """Reads everything from the log; of the book only bindings of orders and balances, day by day."""

    day: int = -1
    joined: dict[int, int] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    paid: list[tuple[int, int]] = field(default_factory=list)  # (day, order)
    refunds: list[tuple[int, int, int]] = field(default_factory=list)  # (day, fen, cost of what came back)
    shares: list[tuple[int, int]] = field(default_factory=list)  # (day, member)
    clicks: list[tuple[int, bool]] = field(default_factory=list)  # (day, by a stranger)
    registrations: list[tuple[int, bool, bool]] = field(default_factory=list)  # (day, by click, attributed)
    entries: list[tuple[int, np.void]] = field(default_factory=list)
    clicked: set[int] = field(default_factory=set)
    fees: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    wallets: list[int] = field(default_factory=list)

    def see(self, day: int, events: Records, entries: Records, engine: Engine) -> None:
        self.day = day
        for event in events:
            self._event(day, event, engine)
        self.entries += [(day, entry.copy()) for entry in entries]
        people = engine.book.members
        self.wallets.append(sum(int(people[name].sum()) for name in WALLET))
        self.fees.append(int(engine.book.clock[0]["fees"]) - sum(self.fees))
        payouts = [
            int(row["amount"])
            for number, row in enumerate(engine.book.rows("withdrawals"))
            if row["known"] and row["status"] == WithdrawalStatus.paid and (row["member"] % 3 == 0 or number % 5 == 0)
        ]
        self.lost.append(sum(payouts) - sum(self.lost))

    def _event(self, day: int, event: np.void, engine: Engine) -> None:
        kind, member, number = Kind(int(event["kind"])), int(event["member"]), int(event["order"])
        if kind is Kind.register and member not in self.joined:
            self.joined[member] = day
            inviter = int(event["other"])
            shared = any(who == inviter for _, who in self.shares)
            self.registrations.append((day, inviter >= 0 and member in self.clicked, inviter >= 0 and shared))
        elif kind is Kind.share:
            self.shares.append((day, member))
        elif kind is Kind.click:
            self.clicks.append((day, member not in self.joined))
            self.clicked.add(member)
        elif kind is Kind.order:
            unit = int(event["price"] if event["member_price"] < 0 else event["member_price"])
            line = {name: int(event[name]) for name in ("sku", "quantity", "category")}
            line |= {"paid": unit * line["quantity"] - int(event["discount"]), "back": 0, "pieces": 0}
            self.orders.setdefault(number, Order(member, [])).lines.append(line)
        elif number in self.orders and kind.name in ("pay", "cancel", "ship", "receive", "refund"):
            self._step(day, kind, number, event, engine)

    def _step(self, day: int, kind: Kind, number: int, event: np.void, engine: Engine) -> None:
        order = self.orders[number]
        automatic = engine.book.orders[number]
        on_its_way = order.status in (OrderStatus.paid, OrderStatus.shipped)
        if on_its_way and 0 <= automatic["received_at"] <= event["time"] and kind is not Kind.receive:
            order.status = OrderStatus.received
        if kind is Kind.pay and order.status is OrderStatus.created:
            order.status = OrderStatus.paid
            order.first = all(self.orders[other].buyer != order.buyer for _, other in self.paid)
            order.led = bool(automatic["chain"][0] >= 0)
            self.paid.append((day, number))
        elif kind is Kind.cancel and order.status is OrderStatus.created:
            order.status = OrderStatus.cancelled
        elif kind is Kind.refund and order.status in (
            OrderStatus.paid,
            OrderStatus.shipped,
            OrderStatus.received,
        ):
            self._refund(day, order, event)

    def _refund(self, day: int, order: Order, event: np.void) -> None:
        at, pieces, amount = int(event["line"]), int(event["quantity"]), int(event["amount"])
        if at > len(order.lines) or (at == 0 and (pieces or amount) and len(order.lines) > 1):
            return
        lines = order.lines if at == 0 else [order.lines[at - 1]]
        money = cost = 0
        for line in lines:
            left, there = line["paid"] - line["back"], line["quantity"] - line["pieces"]
            if pieces > there or (not pieces and amount > left):
                return
            back, gone = left, there
            if pieces:
                gone = pieces
                before, after = (
                    line["paid"] * n // line["quantity"] for n in (line["pieces"], line["pieces"] + pieces)
                )
                back = min(left, after - before)
            elif amount:
                back, gone = amount, there if amount == left else 0
            line["back"] += back
            line["pieces"] += gone
            money += back
            cost += unit_cost(line) * gone
        self.refunds.append((day, money, cost))
        if all(line["back"] == line["paid"] and line["pieces"] == line["quantity"] for line in order.lines):
            order.status = OrderStatus.refunded

    def figures(self, first: int, last: int) -> dict[str, int | float | None]:
        """Flows of days `first` to `last`, states as at the end of `last`."""

        def inside(rows: list) -> list:
            return [row for row in rows if first <= row[0] <= last]

        orders = [self.orders[number] for _, number in inside(self.paid)]
        gmv = sum(order.goods for order in orders)
        cost = sum(unit_cost(line) * line["quantity"] for order in orders for line in order.lines)
        cost -= sum(row[2] for row in inside(self.refunds))
        refunds = sum(row[1] for row in inside(self.refunds))
        entries = [entry for _, entry in inside(self.entries)]
        commission = sum(int(entry["amount"]) for entry in entries)
        acquisition = sum(int(entry["amount"]) for entry in entries if self._acquires(entry))
        fees = sum(self.fees[first - START_DAY : last - START_DAY + 1])
        sharers = {member for _, member in inside(self.shares)}
        strangers = sum(row[1] for row in inside(self.clicks))
        return {
            "gmv": gmv,
            "orders": len(orders),
            "average_order_value": ratio(gmv, len(orders)),
            "active_buyers": len({order.buyer for order in orders}),
            "new_members": len(inside(self.registrations)),
            "shares": len(inside(self.shares)),
            "clicks": len(inside(self.clicks)),
            "click_to_register": ratio(sum(row[1] for row in inside(self.registrations)), strangers),
            "fission_k": ratio(sum(row[2] for row in inside(self.registrations)), len(sharers)),
            "commission": commission,
            "payout_ratio": ratio(commission, gmv),
            "payout_realised": ratio(commission, gmv - refunds),
            "acquisition_cost": ratio(acquisition, sum(order.first for order in orders)),
            "contribution": gmv - refunds - cost - commission + fees,
            "refund_rate": ratio(refunds, gmv),
            "fraud_loss": sum(self.lost[first - START_DAY : last - START_DAY + 1]),
            "wallet_liability": self.wallets[last - START_DAY],
            "distribution_share": ratio(sum(order.goods for order in orders if order.led), gmv),
            **self._buyers(last),
            **self._promoters(last),
        }

    def _acquires(self, entry: np.void) -> bool:
        number = int(entry["order"])
        return entry["component"] == Component.bonus or (number >= 0 and self.orders[number].first)

    def _buyers(self, last: int) -> dict[str, float | None]:
        days = defaultdict(list)
        value = 0
        for day, number in self.paid:
            if day <= last:
                order = self.orders[number]
                days[order.buyer].append(day)
                value += order.goods - sum(unit_cost(line) * line["quantity"] for line in order.lines)
        value -= sum(money - cost for day, money, cost in self.refunds if day <= last)
        seen = [bought for bought in days.values() if bought[0] <= last - 30]
        stayed = [bought for bought in seen if len(bought) > 1 and bought[1] - bought[0] <= 30]
        members = sum(day <= last for day in self.joined.values())
        return {
            "register_to_order": ratio(len(days), members),
            "repurchase_rate": ratio(sum(len(bought) > 1 for bought in days.values()), len(days)),
            "lifetime_value": ratio(value, len(days)) if len(days) else None,
            "retention_30": ratio(len(stayed), len(seen)),
        }

    def _promoters(self, last: int) -> dict[str, float | None]:
        recent = {member for day, member in self.shares if last - 30 < day <= last}
        before = {member for day, member in self.shares if last - 60 < day <= last - 30}
        earned: dict[int, int] = defaultdict(int)
        paid = set()
        for day, entry in self.entries:
            if day <= last:
                earned[int(entry["member"])] += int(entry["amount"])
                paid |= {int(entry["member"])} if entry["amount"] > 0 else set()
        sharers = {member for day, member in self.shares if day <= last}
        incomes = [max(0, earned[member]) for member in sharers | paid]
        apart = sum(abs(one - other) for one in incomes for other in incomes)
        return {
            "promoter_churn": ratio(len(before - recent), len(before)),
            "income_gini": ratio(apart, 2 * len(incomes) * sum(incomes)),
            "promoters_without_income": ratio(sum(earned[m] <= 0 for m in sharers), len(sharers)),
        }


def unit_cost(line: dict[str, int]) -> int:
    return int(COSTS[line["sku"]]) if line["sku"] >= 0 else 0


def measured(seed: int, members: int, pieces: int = 1) -> tuple[Meter, Oracle, Engine]:
    events = random_log(np.random.default_rng(seed), members=members, days=DAYS)
    engine = Engine.open([PLAN], NAMES, members, START_DAY)
    meter, oracle = Meter(members, COSTS, START_DAY, DAYS, lost), Oracle()
    for day, batch in days_of(events):
        entries = []
        for part in np.array_split(batch, pieces):
            entries.append(engine.apply(part).copy())
            meter.observe(day, part, entries[-1], engine.book)
        oracle.see(day, batch, np.concatenate(entries), engine)
    return meter, oracle, engine


def lost(members: np.ndarray, withdrawals: np.ndarray) -> np.ndarray:
    """Every third member cheats, and every fifth withdrawal was a thief's."""
    return (members % 3 == 0) | (withdrawals % 5 == 0)


def same(given: float | None, wanted: float | None) -> bool:
    if wanted is None or given is None:
        return given is wanted
    return math.isclose(given, wanted, rel_tol=1e-12, abs_tol=1e-15)


def test_names_and_order_are_the_contracts():
    assert METRICS == WORDS


@pytest.mark.parametrize(("seed", "members"), SEEDS)
def test_every_metric_of_every_day_is_what_the_oracle_says(seed: int, members: int):
    meter, oracle, _ = measured(seed, members)
    daily, totals = meter.daily(), meter.totals()
    assert tuple(totals) == tuple(daily) == METRICS
    for row in range(DAYS):
        wanted = oracle.figures(START_DAY + row, START_DAY + row)
        for name in METRICS:
            given = daily[name][row].item()
            assert same(None if math.isnan(given) else given, wanted[name]), (row, name, given, wanted[name])
    wanted = oracle.figures(START_DAY, START_DAY + DAYS - 1)
    for name in METRICS:
        assert same(totals[name], wanted[name]), (name, totals[name], wanted[name])


def test_random_logs_reach_every_metric():
    runs = [measured(*seed)[0].totals() for seed in SEEDS]
    idle = [name for name in METRICS if not any(0 != run[name] != 1 for run in runs)]
    assert idle == []


@pytest.mark.parametrize(("seed", "members"), SEEDS[::2])
def test_a_day_in_many_batches_counts_the_same(seed: int, members: int):
    whole, _, _ = measured(seed, members)
    parts, _, _ = measured(seed, members, pieces=4)
    assert whole.totals() == parts.totals()
    assert whole.breakdown() == parts.breakdown()
    for name, column in whole.daily().items():
        np.testing.assert_array_equal(column, parts.daily()[name])


@pytest.mark.parametrize(("seed", "members"), SEEDS)
def test_breakdown(seed: int, members: int):
    meter, oracle, _ = measured(seed, members)
    entries = [entry for _, entry in oracle.entries]
    parts, totals = meter.breakdown(NAMES), meter.totals()
    for component in Component:
        for level in range(9):
            found = [e["amount"] for e in entries if e["component"] == component and e["level"] == level]
            assert parts["components"].get(component.name, {}).get(str(level), 0) == sum(found)
    assert sum(row["gmv"] for row in parts["categories"].values()) == totals["gmv"]
    assert sum(row["commission"] for row in parts["categories"].values()) == totals["commission"]
    lines = [line for _, number in oracle.paid for line in oracle.orders[number].lines]
    for place, name in [(0, "fmcg"), (1, "digital"), (-1, "none")]:
        row = parts["categories"][name]
        assert row["gmv"] == sum(line["paid"] for line in lines if line["category"] == place)
        assert row["refunds"] == sum(line["back"] for line in lines if line["category"] == place)


def test_what_stood_before_the_first_day_is_taken_over():
    events, members = random_log(np.random.default_rng(5), members=20), 20
    begin = START_DAY + 20
    engine = Engine.open([PLAN], NAMES, members, START_DAY)
    engine.apply(events[events["time"] < begin * DAY])
    before = engine.book.members["orders"].copy()
    joined = int((engine.book.members["joined_at"] >= 0).sum())
    meter = Meter(members, None, begin, 50)
    later = days_of(events[events["time"] >= begin * DAY])
    for day, batch in later:
        meter.observe(day, batch, engine.apply(batch), engine.book)
    totals, people = meter.totals(), engine.book.members
    assert totals["wallet_liability"] == sum(int(people[name].sum()) for name in WALLET)
    assert totals["new_members"] == int((people["joined_at"] >= 0).sum()) - joined
    assert totals["orders"] == int((people["orders"] - before).sum())
    assert totals["register_to_order"] == (people["orders"] > 0).sum() / (people["joined_at"] >= 0).sum()
    assert totals["lifetime_value"] is totals["contribution"] is None
    assert np.isnan(meter.daily()["contribution"]).all()


def test_days_without_a_batch_are_still_days():
    engine = Engine.open([PLAN], NAMES, 8, START_DAY)
    meter = Meter(8, COSTS, START_DAY, 100)
    for day in (0, 70):
        events = blank(2)
        events["time"], events["kind"] = (START_DAY + day) * DAY + 5, Kind.share
        events["member"] = [1, 2] if day == 0 else [2, 3]
        meter.observe(START_DAY + day, events, engine.apply(events), engine.book)
    daily = meter.daily()
    assert len(daily["shares"]) == 71
    assert daily["shares"].sum() == 4
    assert np.isnan(daily["promoter_churn"][[0, 29, 60, 70]]).all()
    assert (daily["promoter_churn"][30:60] == 1.0).all()
    with pytest.raises(ValueError, match="must be from"):
        meter.observe(START_DAY + 69, blank(0), engine.apply(blank(0)), engine.book)


def test_nothing_observed_is_nothing_counted():
    totals = Meter(8, COSTS, START_DAY, 10).totals()
    assert totals["gmv"] == totals["contribution"] == totals["wallet_liability"] == 0
    assert totals["payout_ratio"] is totals["income_gini"] is None
