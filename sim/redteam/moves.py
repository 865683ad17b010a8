"""Moves 动作 of cheats: a history in the making, through the compiled engine as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rules.commission.margin import grade_price
from rules.events import DAY, Kind, Records, blank
from rules.money import PPM, in_yuan
from rules.payout.channel import channel_of
from rules.plan.write import plan_data
from rules.plan.yaml import Data
from rules.pricing import BasketLine, Discounts, price_order
from rules.records import NEVER
from sim.redteam.days import WEEKDAYS, days_left, written
from sim.redteam.guard import Guard
from sim.redteam.world import REFUND_TAKES, Good, World

_TRIES_A_DAY = 20
"""Withdrawals of an account on one day, where the plan does not limit them."""


class CannotBeDoneError(Exception):
    """A move that the shop does not allow, or that comes too late: the sequence is worth nothing."""


@dataclass
class Order:
    """An order of a play; `ours` if the cheats pay for it; `back` once a refund was asked for. Times are seconds."""

    number: int
    ours: bool
    paid: int
    received: int = NEVER
    asked: int = NEVER
    back: bool = False

    @property
    def name(self) -> str:
        """What a case calls it."""
        return f"O{self.number + 1}"


@dataclass
class Play:
    """Accounts are numbers from 0; `now` only grows. Everything that is done is kept as events of a case.

    `sets` of phone, card and address are what a risk desk sees of the accounts.
    """

    world: World
    now: int = field(init=False)
    told: list[dict[str, Data]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    accounts: int = 1
    outlay: int = 0
    peak: int = 0
    sets: int = 1

    def __post_init__(self) -> None:
        self.engine, self.now = self.world.open(), self.world.first
        self._guard = Guard(self.world, self.world.risk, self.sets) if self.world.risk else None
        self._rows: list[Records] = []
        self._withdrawals, self._taken = 0, NEVER

    # time

    def wait(self, days: int) -> None:
        """Let days pass."""
        if self._guard:
            for _ in range(days):
                self._pass_night(self._guard)
        else:
            self.now += days * DAY
        if self.now > self.world.first + self.world.means.days * DAY:
            raise CannotBeDoneError("the time is over")

    def _pass_night(self, guard: Guard) -> None:
        """Let the risk desk close the day, and its word take effect the next morning."""
        self.flush()
        morning = guard.pass_night(self.engine.book)
        self.told += [{"at": int(event["time"])} | guard.told(event) for event in morning]
        self._rows.append(morning)
        self.now += DAY

    def wait_for_last_day(self, period: str) -> None:
        """Wait for the last day of the running period: what happens then is closed at midnight."""
        self.wait(days_left(self.now, period))

    def wait_for_close(self, period: str) -> None:
        """Wait for the day after the running period's close."""
        self.wait(days_left(self.now, period) + 1)

    def settle(self, until: int | None = None) -> None:
        """Wait until nothing waits any more, but not beyond `until`."""
        end = self.world.first + self.world.means.days * DAY if until is None else until
        while self.now + (days := self._days_to_settlement()) * DAY <= end and self._waiting():
            self.wait(days)

    def _days_to_settlement(self) -> int:
        """Days to the next day on which the plan's cycle settles."""
        cycle = self.world.plan.settlement.cycle
        if cycle.every == "week":
            return days_left(self.now - WEEKDAYS.index(cycle.weekday) * DAY, "week") + 1
        return days_left(self.now, cycle.every) + 1

    def _waiting(self) -> bool:
        self.flush()
        own = self.engine.book.members[: self.world.means.accounts]
        return bool((own["pending"] + own["held"] > 0).any())

    # people

    def team(self, count: int, branch: int = 1, a_day: int = 0) -> None:
        """Register accounts so that each brings `branch` others (1 is a chain, `count` a star), `a_day` of them."""
        self.share(0)
        for number in range(1, min(count, self.world.means.accounts)):
            self.join(number, (number - 1) // branch)
            if a_day and number % a_day == 0:
                self.wait(1)
        self.accounts = max(self.accounts, min(count, self.world.means.accounts))

    def join(self, who: int, inviter: int) -> None:
        """Somebody clicks on an account's share and registers with its invitation."""
        names = self.world.names.members
        self._add({"click": names[inviter], "visitor": names[who]}, Kind.click, member=who, other=inviter)
        self._add({"register": names[who], "inviter": names[inviter]}, Kind.register, member=who, other=inviter)

    def customer(self, promoter: int) -> int:
        """An honest customer, bound to an account; their number."""
        number = self.world.means.accounts
        self.join(number, promoter)
        return number

    def share(self, who: int) -> None:
        """Share a link."""
        self._add({"share": self.world.names.members[who]}, Kind.share, member=who)

    def click(self, sharer: int, visitor: int) -> None:
        """One account clicks on a share of another."""
        names = self.world.names.members
        self._add({"click": names[sharer], "visitor": names[visitor]}, Kind.click, member=visitor, other=sharer)

    def sign_in(self, who: int) -> None:
        """Sign in, for points."""
        self._add({"sign_in": self.world.names.members[who]}, Kind.sign_in, member=who)

    # orders

    def buy(
        self, buyer: int, good: Good, amount: int, *, ours: bool = True, use: str | None = None, points_off: int = 0
    ) -> Order:
        """Place and pay an order of goods for `amount` fen, or for the least that buys one."""
        return self._order(buyer, good, _lines(good, amount), ours, use, points_off)

    def buy_pieces(self, buyer: int, good: Good, price: int, pieces: int) -> Order:
        """Place and pay an order of one line."""
        return self._order(buyer, good, [(price, pieces)])

    def _order(
        self,
        buyer: int,
        good: Good,
        lines: Sequence[tuple[int, int]],
        ours: bool = True,
        use: str | None = None,
        points_off: int = 0,
    ) -> Order:
        order = Order(len(self.orders), ours, self.now)
        self.orders.append(order)
        rows, paid = self._priced(order.number, buyer, good, lines, use, points_off)
        costs = [price * good.cost // PPM for price, _ in lines]
        told: dict[str, Data] = {
            "order": order.name,
            "buyer": self.world.names.members[buyer],
            "lines": [
                {"sku": good.sku, "category": good.category, "price": in_yuan(price), "quantity": quantity}
                | {"cost": in_yuan(cost)}
                for (price, quantity), cost in zip(lines, costs, strict=True)
            ],
        }
        rows["cost"] = costs
        told |= {} if use is None else {"use": use}
        told |= {"points_off": in_yuan(points_off)} if points_off else {}
        self._admit(rows)
        self.told.append({"at": self.now} | told)
        self._add({"pay": order.name}, Kind.pay, order=order.number)
        self._lay_out(paid if ours else 0)
        return order

    def _priced(
        self, number: int, buyer: int, good: Good, lines: Sequence[tuple[int, int]], use: str | None, points_off: int
    ) -> tuple[Records, int]:
        """The rows of an order as the engine takes them, and what it pays."""
        world, plan = self.world, self.world.plan
        rank = world.names.ranks[self._rank(buyer)]
        basket = [
            BasketLine(price, quantity, grade_price(plan, rank, good.sku, good.category, price))
            for price, quantity in lines
        ]
        coupon = 0 if use is None else min(plan.coupons[use].amount, sum(line.goods for line in basket))
        priced = price_order(basket, Discounts(coupon=coupon, points_off=points_off), plan.semantics)
        rows = blank(len(priced))
        rows["time"], rows["kind"], rows["amount"] = self.now, Kind.order, points_off
        rows["rank"] = -1 if use is None else world.names.coupons.index(use)
        rows["order"], rows["member"], rows["channel"] = number, buyer, 0
        rows["sku"], rows["category"] = world.names.skus.index(good.sku), world.names.categories.index(good.category)
        for place, (row, line) in enumerate(zip(rows, priced, strict=True), 1):
            row["line"], row["quantity"], row["price"] = place, line.quantity, line.list_price
            row["member_price"] = -1 if line.member_price is None else line.member_price
            row["discount"], row["unit_cut"] = line.discount, line.unit_cut
        return rows, sum(line.paid for line in priced)

    def _rank(self, who: int) -> int:
        if self.world.plan.commission.margin is None:
            return 0
        self._rows.append(self._row(Kind.tick))
        self.flush()
        return int(self.engine.book.members[who]["rank"])

    def receive(self, order: Order) -> None:
        """Confirm that the goods have come, if they have not counted as received by themselves yet."""
        by_itself = order.paid + self.world.plan.settlement.auto_receive_days * DAY
        order.received = min(self.now, by_itself)
        if self.now < by_itself and not order.back:
            self._add({"receive": order.name}, Kind.receive, order=order.number)

    def ask(self, order: Order) -> None:
        """Ask for a refund, which has then to be decided; within the days for returns."""
        self._refuse_late(order.received, self.world.means.returns)
        self._add({"refund_open": order.name}, Kind.refund_open, order=order.number)
        order.asked = self.now

    def refund(self, order: Order, pieces: int | None = None) -> None:
        """Get money back for all of an order, or for pieces of its first line."""
        if order.asked == NEVER:
            self._refuse_late(order.received, self.world.means.returns)
        else:
            self._refuse_late(order.asked, REFUND_TAKES)
        number, order.back = order.number, True
        self.flush()
        before = self._refunded(number)
        told: dict[str, Data] = {"refund": order.name}
        if pieces is None:
            self._add(told, Kind.refund, order=number)
        else:
            self._add(told | {"line": 1, "quantity": pieces}, Kind.refund, order=number, line=1, quantity=pieces)
        self.flush()
        self._lay_out(before - self._refunded(number) if order.ours else 0)

    def last_moment(self, order: Order) -> int:
        """Until when a refund of an order that has been received can be drawn out."""
        days = self.world.means.returns if order.asked == NEVER else REFUND_TAKES
        return (order.received if order.asked == NEVER else order.asked) + days * DAY

    def _refuse_late(self, since: int, days: int) -> None:
        if since != NEVER and self.now > since + days * DAY:
            raise CannotBeDoneError("too late for a refund")

    def _refunded(self, number: int) -> int:
        return int(self.engine.book.rows("orders")[number]["refunded"])

    # money

    def cash_out(self, until: int | None = None) -> None:
        """Every account withdraws all it can, in requests nobody looks at, on as many days as that takes."""
        end = self.world.first + self.world.means.days * DAY if until is None else until
        self.flush()
        while self._withdraw_today() and self.now + DAY <= end and self._left_to_withdraw():
            self.wait(1)

    def _withdraw_today(self) -> bool:
        """Whether anybody got anything."""
        got = False
        for who in range(self.accounts):
            for _ in range(self.world.plan.withdrawal.per_day or _TRIES_A_DAY):
                if not self._withdraw(who):
                    break
                got = True
        return got

    def _left_to_withdraw(self) -> bool:
        least = max(1, self.world.plan.withdrawal.minimum)
        return bool((self.available() >= least).any())

    def available(self) -> NDArray[np.int64]:
        """What each account can withdraw, in fen; below 0 what it owes."""
        available: NDArray[np.int64] = self.engine.book.members["available"][: self.accounts]
        return available

    def _withdraw(self, who: int) -> bool:
        rule, channel = self.world.plan.withdrawal, channel_of(self.world.plan.withdrawal)
        most = [int(self.available()[who]), rule.maximum, rule.review_over]
        most += [channel.per_payment, channel.per_day] if channel else []
        amount = min(limit for limit in most if limit is not None)
        if amount < max(1, rule.minimum):
            return False
        number = self._withdrawals
        self._withdrawals += 1
        name = f"W{number + 1}"
        told: dict[str, Data] = {"withdraw": self.world.names.members[who], "amount": in_yuan(amount), "id": name}
        refused = int(self.engine.book.clock[0]["refusals"])
        self._admit(self._row(Kind.withdraw, member=who, order=number, amount=amount))
        self.flush()
        if int(self.engine.book.clock[0]["refusals"]) > refused:
            return False
        self.told.append({"at": self.now} | told)
        self._add({"paid": name}, Kind.paid, order=number)
        self.flush()
        row = self.engine.book.rows("withdrawals")[number]
        self._lay_out(-int(row["amount"] - row["fee"] - row["tax"]))
        return True

    def _lay_out(self, fen: int) -> None:
        self.outlay += fen
        self.peak = max(self.peak, self.outlay)
        if self.peak > self.world.means.capital:
            raise CannotBeDoneError("more than the cheats have")

    def case(self, name: str) -> dict[str, Data]:
        """Everything as a case, with what must be in the wallets in the end."""
        self.flush()
        names, members = self.world.names.members, self.engine.book.members
        wallets = {
            names[who]: {part: in_yuan(int(members[who][part])) for part in ("available", "withdrawn")}
            for who in range(self.accounts)
            if members[who]["available"] or members[who]["withdrawn"]
        }
        people = self.world.people()[: self.accounts]
        ends = {"at": self.now, "sign_in": names[0]}  # time passes in a case only with an event
        told = self.told if self.told and self.told[-1]["at"] == self.now else [*self.told, ends]
        events = [one | {"at": written(one["at"])} for one in told]
        return {"name": name, "plan": plan_data(self.world.plan), "members": people, "events": events} | {
            "expect": {"balances": wallets}
        }

    # the engine

    def _add(self, told: dict[str, Data], kind: Kind, **fields: int) -> None:
        self._admit(self._row(kind, **fields))
        self.told.append({"at": self.now} | told)

    def _admit(self, rows: Records) -> None:
        """Write events, unless the risk desk turns them away."""
        if self._guard and not self._guard.admits(rows):
            raise CannotBeDoneError("the risk desk does not let it in")
        self._rows.append(rows)

    def _row(self, kind: Kind, **fields: int) -> Records:
        row = blank(1)
        row["time"], row["kind"] = self.now, kind
        for name, value in fields.items():
            row[name] = value
        return row

    def flush(self) -> None:
        """Let the engine take what has been written, and the time that has passed."""
        if not self._rows and self._taken == self.now:
            return
        self._taken = self.now
        rows = [*self._rows, self._row(Kind.tick)]
        self._rows = []
        self.engine.apply(np.concatenate(rows))


def _lines(good: Good, amount: int) -> list[tuple[int, int]]:
    """Prices and pieces that come to an amount exactly: as few pieces as possible, all within the good's prices."""
    total = max(amount, good.low)
    pieces = -(-total // good.high)
    price, dearer = divmod(total, pieces)
    return [(price, pieces - dearer)] + ([(price + 1, dearer)] if dearer else [])
