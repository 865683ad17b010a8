"""Every small order of a plan through the readable engine: what deciders are held against."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import product

from rules.cases.history import as_history, readable_engine
from rules.cases.read import parse_case
from rules.cases.run import no_names
from rules.money import PPM
from rules.plan.model import Plan
from rules.plan.write import plan_data

FIRST = dt.date(2026, 1, 5)
Price = tuple[int, ...]


def smallest(
    plan: Plan,
    limit: int,
    baskets: list[Price],
    depth: int,
    quantities: tuple[int, ...] = (1,),
    one_person: bool = False,
) -> int | None:
    """The smallest amount paid of all these orders that pays out more than a limit; 0 counts.

    Args:
        baskets: unit prices of the lines of each, in fen.
        depth: how long chains are; each place has a rank, somebody frozen or nobody.
        one_person: whether the limit is on what one person gets.
    """
    ranks = [rank.id for rank in plan.ranks]
    chains = [chain for length in range(depth + 1) for chain in product([None, *ranks], repeat=length)]
    days = sorted({0} | {day for one in plan.campaigns if one.days for day in one.days})
    members: list[dict[str, object]] = [{"id": "Z"}]
    events: list[dict[str, object]] = [{"at": f"{FIRST} 00:00", "unfreeze": "Z"}]
    number = 0
    for day in days:
        for chain, basket, coupon in product(chains, baskets, [None, *plan.coupons]):
            for category, quantity in product(["food", "other"], quantities):
                if coupon and sum(basket) * quantity < plan.coupons[coupon].over:
                    continue
                number += 1
                members += _people(number, chain)
                events += _order(number, FIRST + dt.timedelta(days=day), basket, quantity, category, coupon)
    case = parse_case({"name": "all", "plan": plan_data(plan), "members": members, "events": events})
    history = as_history(case, no_names)
    engine = readable_engine(case, history)
    engine.apply(history.events)
    return _least(engine, limit, one_person)


def _least(engine, limit: int, one_person: bool) -> int | None:
    paid: Counter[tuple[int, int]] = Counter()
    for entry in engine.state.entries:
        if entry.order is not None:
            paid[entry.order, entry.member if one_person else 0] += entry.amount
    goods = [order.goods for order in engine.state.orders]
    return min((goods[order] for (order, _), out in paid.items() if out * PPM > limit * goods[order]), default=None)


def _people(number: int, chain: tuple[str | None, ...]) -> list[dict[str, object]]:
    names = [f"M{number}.{place}" for place in range(len(chain) + 1)]
    found: list[dict[str, object]] = []
    for place in reversed(range(len(names))):
        member: dict[str, object] = {"id": names[place]}
        if place + 1 < len(names):
            member["inviter"] = names[place + 1]
        if place:
            member |= {"frozen": True} if chain[place - 1] is None else {"rank": chain[place - 1]}
        found.append(member)
    return found


def _order(
    number: int, day: dt.date, basket: Price, quantity: int, category: str, coupon: str | None
) -> list[dict[str, object]]:
    at, buyer, name = f"{day} 12:00", f"M{number}.0", f"O{number}"
    lines = [
        {"sku": "x", "category": category, "price": f"{price / 100:.2f}", "quantity": quantity} for price in basket
    ]
    order: dict[str, object] = {"at": at, "order": name, "buyer": buyer, "lines": lines}
    granted = [{"at": at, "grant": buyer, "coupon": coupon}] if coupon else []
    return [*granted, order | ({"use": coupon} if coupon else {}), {"at": at, "pay": name}]
