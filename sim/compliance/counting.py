"""What a book shows of each measure of a rulebook: the worst, when it came about, and whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rules.calendar import date_of
from rules.compliance.evidence import UNBOUNDED, Rise, Seen
from rules.events import DAY
from sim.compliance.account import Account, last_day_of, month_name
from sim.compliance.running import Integers, firsts, looked_up, rates_of, rises, running, totals, worst_by
from sim.compliance.tree import Forest

Rows = NDArray[np.bool_]

_SPAN = 1 << 20
"""More months than any log has: member × `_SPAN` + month is one number for a member's month."""


def levels(account: Account) -> Seen:
    """The deepest level that was paid."""
    paid = _paid_on_orders(account)
    return _of_orders(account, paid, account.entries["level"][paid].astype(np.int64))


def paid_persons(account: Account) -> Seen:
    """The most persons that were paid on one order."""
    paid = _paid_on_orders(account)
    orders, members = account.entries["order"][paid].astype(np.int64), account.members[paid]
    new = firsts(orders * len(account.book.members) + members)
    persons = running(orders, new)
    seen = _of_orders(account, paid, persons)
    at_last = looked_up(*totals(orders, new), orders)  # whoever was paid first is concerned as much as the last
    return _with_people(seen, members, at_last)


def order_ratio(account: Account) -> Seen:
    """The largest share of its goods that an order ever paid, net of what had been taken back by then."""
    on_order = account.entries["order"] >= 0
    orders, amounts = account.entries["order"][on_order].astype(np.int64), account.amounts[on_order]
    paid, goods = amounts > 0, account.orders["goods"][orders]
    net = running(orders, amounts)
    rates = np.where(paid, rates_of(net, goods, UNBOUNDED), 0)
    seen = _of_orders(account, on_order, rates, net, goods)
    worst = np.zeros(len(account.orders), np.int64)
    np.maximum.at(worst, orders, rates)
    return _with_people(seen, account.members[on_order][paid], worst[orders][paid])


def person_ratio(account: Account) -> Seen:
    """The largest share of an order's goods that one person ever got of it, net of what had been taken back by then."""
    on_order = account.entries["order"] >= 0
    orders, amounts = account.entries["order"][on_order].astype(np.int64), account.amounts[on_order]
    net = running(orders * len(account.book.members) + account.members[on_order], amounts)
    goods = account.orders["goods"][orders]
    rates = np.where(amounts > 0, rates_of(net, goods, UNBOUNDED), 0)
    return _of_orders(account, on_order, rates, net, goods)


def team_pay(account: Account) -> Seen:
    """The most that anybody had from team components in one month."""
    rows = account.team
    groups = _months_of(account.members, account.months)[rows]
    return _of_members(account, rows, running(groups, account.amounts[rows]), monthly=True)


def recruit_pay(account: Account) -> Seen:
    """The most that anybody had in all for recruiting without a sale."""
    rows = account.recruiting
    return _of_members(account, rows, running(account.members[rows], account.amounts[rows]), monthly=False)


def team_share(account: Account) -> Seen:
    """The month in which team components were the largest share of all commission."""
    months, whole = totals(account.months, account.amounts)
    team = looked_up(*totals(account.months[account.team], account.amounts[account.team]), months)
    return _of_months(account, months, team, whole, account.members, account.months, account.amounts * account.team)


def own_sales_ratio(account: Account) -> Seen:
    """The largest pay of a person in a month, as a share of the goods sold as the buyer's own promoter."""
    groups, pay = totals(_months_of(account.members, account.months), account.amounts)
    first = account.orders["chain"][:, 0].astype(np.int64)
    led = (first >= 0) & (account.orders["paid_at"] >= 0)
    own = totals(_months_of(first[led], account.sale_months[led]), account.sales[led])
    goods = looked_up(*own, groups)
    rates = rates_of(pay, goods, UNBOUNDED)
    order = np.lexsort((-pay, -rates, groups % _SPAN))  # month by month, the worst first; of equals who has most
    groups, pay, goods, rates = groups[order], pay[order], goods[order], rates[order]
    if len(groups) == 0 or rates.max() == 0:
        return Seen()
    worst = int(np.lexsort((-pay, -rates))[0])
    return Seen(
        value=int(rates[worst]),
        part=int(pay[worst]),
        whole=int(goods[worst]),
        member=account.names.member(int(groups[worst] // _SPAN)),
        month=month_name(groups[worst] % _SPAN),
        rises=_dated(rises(_known_on(account, groups % _SPAN), rates)),
        by_person=worst_by(groups // _SPAN, rates),
    )


def inside_share(account: Account) -> Seen:
    """The month in which participants bought the largest share of the sales that earned commission themselves."""
    rewarded = np.zeros(len(account.orders), np.bool_)
    rewarded[account.entries["order"][_paid_on_orders(account)]] = True
    buyers = account.orders["buyer"][rewarded].astype(np.int64)
    months, sales = account.sale_months[rewarded], account.sales[rewarded]
    inside = participants(account)[buyers]
    found, whole = totals(months, sales)
    part = looked_up(*totals(months[inside], sales[inside]), found)
    return _of_months(account, found, part, whole, buyers, months, sales * inside)


def tree_people(account: Account, forest: Forest) -> Seen:
    """The largest tree of three levels or more."""
    if forest.organiser < 0:
        return Seen()
    return Seen(
        value=forest.rises[-1][1],
        member=account.names.member(forest.organiser),
        depth=forest.depth,
        rises=_dated(forest.rises),
        by_person=tuple(np.sort(forest.nodes["largest"][forest.nodes["largest"] > 0]).tolist()),
    )


def participants(account: Account) -> Rows:
    """Who takes part in the business: ever above the lowest rank, ever paid, or ever followed by somebody."""
    people = account.book.members
    found: Rows = (people["rank"] > 0) | (people["promoter_since"] >= 0) | (people["team"] > 0)
    found |= people["invited"] > 0
    found[account.members[account.amounts > 0]] = True
    return found


def _paid_on_orders(account: Account) -> Rows:
    return (account.entries["order"] >= 0) & (account.entries["amount"] > 0)


def _months_of(members: Integers, months: Integers) -> Integers:
    """One number for each member's month."""
    return members * _SPAN + months


def _of_orders(
    account: Account, rows: Rows, values: Integers, parts: Integers | None = None, wholes: Integers | None = None
) -> Seen:
    """The worst of some entries of orders, with the order that shows it."""
    if len(values) == 0 or values.max() <= 0:
        return Seen()
    worst, members = int(values.argmax()), account.members[rows]
    order = account.entries["order"][rows][worst]
    return Seen(
        value=int(values[worst]),
        part=0 if parts is None else int(parts[worst]),
        whole=0 if wholes is None else int(wholes[worst]),
        member=account.names.member(int(members[worst])),
        order=account.names.order(int(order)),
        rises=_dated(rises(account.days[rows], values)),
        by_person=worst_by(members, values),
    )


def _with_people(seen: Seen, members: Integers, values: Integers) -> Seen:
    return replace(seen, by_person=worst_by(members, values))


def _of_members(account: Account, rows: Rows, values: Integers, monthly: bool) -> Seen:
    """The worst of sums that grow entry by entry, with the person and the month."""
    if len(values) == 0 or values.max() <= 0:
        return Seen()
    worst, members = int(values.argmax()), account.members[rows]
    return Seen(
        value=int(values[worst]),
        member=account.names.member(int(members[worst])),
        month=month_name(account.months[rows][worst]) if monthly else "",
        rises=_dated(rises(account.days[rows], values)),
        by_person=worst_by(members, values),
    )


def _of_months(
    account: Account,
    months: Integers,
    parts: Integers,
    wholes: Integers,
    members: Integers,
    member_months: Integers,
    amounts: Integers,
) -> Seen:
    """The worst month of a share of everything, and who has most of its part.

    Args:
        months, parts, wholes: by month, ascending.
        members, member_months, amounts: what the parts are made of, row by row.
    """
    rates = rates_of(parts, wholes, UNBOUNDED)
    if len(rates) == 0 or rates.max() == 0:
        return Seen()
    worst = int(rates.argmax())
    groups, sums = totals(_months_of(members, member_months), amounts)
    of_worst = np.flatnonzero(groups % _SPAN == months[worst])
    most = groups[of_worst[sums[of_worst].argmax()]] // _SPAN
    concerned = sums > 0
    return Seen(
        value=int(rates[worst]),
        part=int(parts[worst]),
        whole=int(wholes[worst]),
        member=account.names.member(int(most)),
        month=month_name(months[worst]),
        rises=_dated(rises(_known_on(account, months), rates)),
        by_person=worst_by(groups[concerned] // _SPAN, looked_up(months, rates, groups[concerned] % _SPAN)),
    )


def _known_on(account: Account, months: Integers) -> Integers:
    """The days on which a month's figures are known: its last, or the last that was seen."""
    return np.minimum(last_day_of(months), account.last_day)


def _dated(days: Sequence[tuple[int, int]]) -> tuple[Rise, ...]:
    return tuple((date_of(day * DAY), value) for day, value in days)
