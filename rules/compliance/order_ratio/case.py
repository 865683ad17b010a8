"""An order as a case that runs: the people, what happens, and what both engines pay."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from rules.calendar import date_of
from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.compliance.order_ratio.chain import Chain
from rules.compliance.order_ratio.discounts import Off
from rules.compliance.order_ratio.sales import Sale
from rules.events import DAY
from rules.money import PPM, fen, in_yuan
from rules.plan.model import Plan
from rules.plan.write import plan_data
from rules.plan.yaml import Data

ORDER, BUYER = "O1", "C"
_MOST_EVENTS = 5_000
_MUCH_LATER = 400


@dataclass(frozen=True)
class Sold:
    """An order to be shown.

    Attributes:
        lines: unit price in fen and pieces of each line. off: what comes off.
        freight: fen. agents: how many agents of the area, of which rank. head: the buyer opened a group buy.
        all_agents: everybody in the chain is an agent of the area too.
        buyer: rank of the buyer; None = the plan's first.
    """

    sale: Sale
    chain: Chain
    lines: tuple[tuple[int, int], ...]
    off: Off
    freight: int = 0
    agents: tuple[int, int] = (0, 0)
    head: bool = False
    buyer: int | None = None
    all_agents: bool = False


@dataclass(frozen=True)
class Shown:
    """What both engines paid on the order, in fen, to all and to the best paid, and the case with all that came out."""

    commission: int
    to_one: int
    goods: int
    case: dict[str, Data]
    levels: tuple[int, ...]
    persons: int


def show(plan: Plan, sold: Sold, name: str) -> Shown | None:
    """Run an order through both engines; None if it would take too long a history.

    Raises:
        AssertionError: the engines disagree, or refuse the order.
    """
    case = _Script(plan, sold).case(name)
    if case is None:
        return None
    result = run_case(parse_case(case))
    assert result.passed, result.problems
    assert result.state is not None
    assert not result.refused, result.refusals
    paid = [entry for entry in result.entries if entry.order == ORDER and entry.amount > 0]
    case["expect"] = {
        "entries": [entry.expected() for entry in result.entries],
        "lines": [
            {"order": ORDER, "line": number, "paid": in_yuan(line.paid)}
            for number, line in enumerate(result.state.orders[-1].lines, 1)
        ],
    }
    goods = result.state.orders[-1].goods
    each: Counter[str] = Counter()
    for entry in paid:
        each[entry.member] += entry.amount
    levels = tuple(entry.level for entry in paid)
    return Shown(each.total(), max(each.values(), default=0), goods, case, levels, len(each))


def goods_paid(case: dict[str, Data]) -> tuple[int, int]:
    """What is paid for the goods of the order that a case shows, in fen, and in how many lines."""
    lines = case["expect"]["lines"]
    return sum(fen(line["paid"]) for line in lines), len(lines)


class _Script:
    """The members and events of a case."""

    def __init__(self, plan: Plan, sold: Sold) -> None:
        self.plan, self.sold, self.day = plan, sold, sold.sale.day
        self.members: list[dict[str, Data]] = []
        self.events: list[dict[str, Data]] = []

    def case(self, name: str) -> dict[str, Data] | None:
        """All of it, without what must come out."""
        self._people()
        if self._counts_days:
            self._event(self.sold.sale.start, "00:00", unfreeze="Z")
        if self.sold.sale.raised and not self._raise_product():
            return None
        self._qualify()
        self._influence()
        self._order()
        data: Data = plan_data(self.plan)
        return {"name": name, "plan": data, "members": self.members, "events": self.events}

    @property
    def _counts_days(self) -> bool:
        return self.plan.start is None and any(one.days is not None for one in self.plan.campaigns)

    def _event(self, day: int, time: str, **what: Data) -> None:
        self.events.append({"at": f"{date_of(day * DAY)} {time}", **what})

    def _member(self, name: str, rank: int | None, inviter: str | None = None, **more: Data) -> None:
        member: dict[str, Data] = {"id": name, "joined": f"{date_of(self.day * DAY)} 00:00"}
        if rank is not None:
            member["rank"] = self.plan.ranks[rank].id
        if inviter is not None:
            member["inviter"] = inviter
        self.members.append(member | more)

    def _people(self) -> None:
        ranks, own = self.sold.chain.ranks, self._own
        names = [BUYER if own and place == 0 else f"P{place + 1}" for place in range(len(ranks))]
        above = dict(zip([BUYER, *names[own:]], [*names[own:], None], strict=True))
        if self._spends:
            above = dict.fromkeys(above)
        agent: dict[str, Data] = {"area": "area"} if self.sold.all_agents else {}
        for place, rank in reversed(list(enumerate(ranks))):
            if names[place] != BUYER:
                state: dict[str, Data] = {"frozen": True} if rank is None else {"promoter": True} | agent
                self._member(names[place], rank, above[names[place]], **state)
        rank = ranks[0] if own else self.sold.buyer
        points = self.sold.off.points
        value = self.plan.points.value if self.plan.points else 0
        opening = {"opening": {"points": -(-points // value)}} if points and value else {}
        promoter = {"promoter": True} if self.sold.head else {"promoter": True} | agent if own else {}
        frozen = {"frozen": True} if self._must_not_earn and not self.sold.off.by_buyer else {}
        self._member(BUYER, rank, above[BUYER], **opening, **promoter, **frozen)
        if self._counts_days:
            self._member("Z", None)
        for number in range(self.sold.agents[0]):
            self._member(f"A{number + 1}", self.sold.agents[1], area="area")
        self._uplines = list(zip([BUYER, *names[own:-1]], names[own:], strict=True)) if ranks[own:] else []

    @property
    def _own(self) -> bool:
        """Whether the buyer is the first of the chain: whoever may be paid at level 1 on the own order always is."""
        ranks, base = self.sold.chain.ranks, self.plan.commission.base
        if self.sold.chain.own or not ranks or ranks[0] is None or self.plan.commission.differential:
            return self.sold.chain.own
        first = next((one for one in base.levels if one.level == 1), None) if base else None
        listed = first is not None and (first.ranks is None or self.plan.ranks[ranks[0]].id in first.ranks)
        return self.plan.semantics.self_purchase == "as_level_1" and listed

    @property
    def _must_not_earn(self) -> bool:
        """Whether the buyer could be paid on the own order, and someone else is meant to be."""
        own = self.plan.semantics.self_purchase == "as_level_1"
        return own and not self._own and not self.sold.head and bool(self.sold.chain.ranks)

    @property
    def _spends(self) -> bool:
        return self.plan.semantics.promoter_by[0] == "spend_over"

    def _qualify(self) -> None:
        """Let everybody buy enough to be a promoter, and only then stand in the chain."""
        if not self._spends:
            return
        price = in_yuan(self.plan.semantics.promoter_by[1] + 1)
        buyers = [one["id"] for one in self.members if not one.get("frozen")]
        for number, name in enumerate(one for one in buyers if one != BUYER or self._own or self.sold.head):
            line = {"sku": "before", "price": price, "cost": 0}
            self._event(self.day, "08:00", order=f"before{number + 1}", buyer=name, lines=[line])
            self._event(self.day, "08:00", pay=f"before{number + 1}")
        for person, inviter in reversed(self._uplines):
            self._event(self.day, "08:30", rebind=person, inviter=inviter)

    def _influence(self) -> None:
        rule = self.plan.commission.influence
        if rule is None or not rule.pay:
            return
        path = [f"I{number}" for number in range(1, rule.path)]
        for number, name in enumerate(path, 1):
            opening: dict[str, Data] = {"opening": {"clicks": rule.clicks}} if number == rule.node else {}
            self._member(name, None, **opening)
        for sharer, visitor in zip(path, [*path[1:], BUYER], strict=True):
            self._event(self.day, "09:00", click=sharer, visitor=visitor)
        if self._uplines:
            self._event(self.day, "09:30", rebind=BUYER, inviter=self._uplines[0][1])

    def _raise_product(self) -> bool:
        """Let a product sell better than all in the period before; whether that is a history of sensible length."""
        rule = self.plan.commission.dynamic
        assert rule is not None
        day = date_of(self.day * DAY)
        back = {"day": 1, "week": day.weekday() + 1, "month": day.day}[rule.period]
        others = rule.above * rule.clicks // PPM + 1
        before = self.day - back
        if rule.clicks + others > _MOST_EVENTS or (self._counts_days and before < self.sold.sale.start):
            return False
        joined = f"{date_of(before * DAY)} 00:00"
        self.members += [{"id": "S", "joined": joined}, {"id": "D", "inviter": "S", "joined": joined}]
        for number in range(rule.clicks + others):
            sku = self.sold.sale.sku if number < rule.clicks else "another"
            self._event(before, "08:00", click="S", sku=sku, visitor="V")
        line = {"sku": self.sold.sale.sku, "price": "1.00", "cost": 0}
        self._event(before, "09:00", order="before", buyer="D", lines=[line])
        self._event(before, "09:00", pay="before")
        return True

    def _order(self) -> None:
        sold, sale = self.sold, self.sold.sale
        if sold.off.coupon:
            self._event(self.day, "10:00", grant=BUYER, coupon=sold.off.coupon)
        more: dict[str, Data] = {
            "use": sold.off.coupon,
            "reduction": in_yuan(sold.off.reduction) if sold.off.reduction else None,
            "points_off": in_yuan(sold.off.points) if sold.off.points else None,
            "freight": in_yuan(sold.freight) if sold.freight else None,
            "activity": "group_head" if sold.head else None,
            "channel": sale.channel,
            "area": "area" if sold.agents[0] else None,
        }
        lines = [self._line(price, pieces) for price, pieces in sold.lines]
        stated = {name: value for name, value in more.items() if value is not None}
        self._event(self.day, "10:00", order=ORDER, buyer=BUYER, lines=lines, **stated)
        if self._must_not_earn and sold.off.by_buyer:
            self._event(self.day, "10:00", freeze=BUYER)
        self._event(self.day, "10:00", pay=ORDER)
        if self.plan.semantics.entries_at != "pay":
            self._event(self.day, "10:00", receive=ORDER)
        if self.plan.semantics.entries_at != "pay" or self.plan.caps.over_cap == "defer":
            self._event(self.day + _MUCH_LATER, "00:00", unfreeze=BUYER)

    def _line(self, price: int, pieces: int) -> dict[str, Data]:
        line: dict[str, Data] = {
            "sku": self.sold.sale.sku,
            "category": self.sold.sale.category,
            "price": in_yuan(price),
        }
        line |= {"quantity": pieces} if pieces > 1 else {}
        line |= {"member_price": in_yuan(price)} if self.plan.commission.margin else {}
        line |= {"cost": 0} if self.plan.semantics.base_on == "profit" else {}
        line |= {"weight": 1} if self.plan.semantics.freight_split == "weight" and self.sold.freight else {}
        return line
