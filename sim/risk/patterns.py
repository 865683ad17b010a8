"""Patterns of weeks 周期迹象: what only shows over some weeks, looked for once a week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from rules.events import DAY, Kind, Records
from rules.money import PPM
from sim.risk.credit import found
from sim.risk.rules import Sign, Thresholds
from sim.risk.service import Seen
from sim.risk.traces import Traces

WINDOW = 35
"""Days that are looked back on: five weeks, so that a return has had time to come."""
NONE = -1


class Circles:
    """Accounts that are linked, directly or through others.

    Args:
        traces: of everybody.

    Attributes:
        of: by member, the number of the circle of those who share a device, a card or an address.
        close: the same without addresses.
    """

    def __init__(self, traces: Traces) -> None:
        self.of = linked([traces.device, traces.card, traces.home])
        self.close = linked([traces.device, traces.card])

    def beside(self, members: NDArray[np.integer[Any]], seen: Seen) -> Records:
        """The other accounts that use the devices or cards of some."""
        if not len(members):
            return found(Sign.linked, members, 0, 0)
        registered = seen.book.members["joined_at"] >= 0
        near = np.isin(self.close, self.close[members]) & registered
        near[members] = False
        return found(Sign.linked, np.flatnonzero(near), 1, 1)

    def paid_within(self, seen: Seen, given: Thresholds) -> Records:
        """Members whose commission on others' orders mostly comes from accounts that are linked with theirs."""
        book, of = seen.book, self.of
        entries = _recent(book.rows("entries"), "time", seen)
        entries = entries[entries["order"] >= 0]
        entries = entries[book.rows("orders")["buyer"][entries["order"]] != entries["member"]]
        buyers = book.rows("orders")["buyer"][entries["order"]]
        payees, amounts = entries["member"], entries["amount"].astype(np.float64)
        people = len(of)
        whole = np.bincount(payees, amounts, people)
        within = np.bincount(payees, amounts * (of[payees] == of[buyers]), people)
        registered = book.members["joined_at"] >= 0
        size = np.bincount(of[registered], minlength=int(of.max(initial=0)) + 1)[of]
        enough = (within >= given.circle_commission) & (within * PPM >= whole * given.circle_share)
        members = np.flatnonzero(enough & (size >= given.circle))
        return self._all_of(members, registered, within, given)

    def _all_of(
        self, members: NDArray[np.int64], registered: NDArray[np.bool_], within: NDArray[np.float64], given: Thresholds
    ) -> Records:
        """A sign for every account of the circles of some members; its value is the circle's commission within."""
        circles = np.unique(self.of[members])
        everybody = np.flatnonzero(np.isin(self.of, circles) & registered)
        sums = np.bincount(self.of, within)
        return found(Sign.circle, everybody, sums[self.of[everybody]].astype(np.int64), given.circle_commission)


def linked(things: Sequence[NDArray[np.int32]]) -> NDArray[np.int64]:
    """By person, the number of the circle of people who share some things, directly or through others.

    Args:
        things: numbers of one kind of thing each, by person.
    """
    people = len(things[0])
    nodes, used = [], people
    for kind in things:
        numbers = np.unique(kind, return_inverse=True)[1]
        nodes.append(used + numbers)
        used += int(numbers.max(initial=-1)) + 1
    owners, thing = np.tile(np.arange(people), len(things)), np.concatenate(nodes)
    links = coo_array((np.ones(len(thing), np.bool_), (owners, thing)), (used, used))
    return connected_components(links, directed=False)[1][:people].astype(np.int64)


def returned(seen: Seen, given: Thresholds) -> Records:
    """Promoters and buyers most of whose recent orders went back, by amount; the value is parts per million."""
    orders = seen.book.rows("orders")
    orders = _recent(orders[orders["paid_at"] >= 0], "paid_at", seen)
    people = len(seen.book.members)
    rows = []
    for who in (orders["buyer"], orders["chain"][:, 0]):
        known = who >= 0
        count = np.bincount(who[known], minlength=people)
        goods = np.bincount(who[known], orders["goods"][known].astype(np.float64), people)
        back = np.bincount(who[known], orders["refunded"][known].astype(np.float64), people)
        rate = np.divide(back * PPM, goods, out=np.zeros(people), where=goods > 0).astype(np.int64)
        members = np.flatnonzero((count >= given.returned_orders) & (rate >= given.returned))
        rows.append(found(Sign.returns, members, rate[members], given.returned))
    both = np.concatenate(rows)
    return both[np.unique(both["member"], return_index=True)[1]]


def barren(seen: Seen, given: Thresholds) -> Records:
    """Members who have earned more than all that they and those they are paid for at level 1 have bought."""
    members, orders = seen.book.members, seen.book.rows("orders")
    orders = orders[orders["paid_at"] >= 0]
    people, kept = len(members), (orders["goods"] - orders["refunded"]).astype(np.float64)
    inviter = orders["chain"][:, 0]
    sold = np.bincount(inviter[inviter >= 0], kept[inviter >= 0], people) + np.bincount(orders["buyer"], kept, people)
    earned = members["earned"]
    found_out = np.flatnonzero((earned >= given.barren_income) & (earned > sold))
    return found(Sign.barren, found_out, earned[found_out], given.barren_income)


class SilentShares:
    """Shares since a stranger last opened one. A stranger is whoever is not linked with the sharer, and is no member
    or at least not of the same branch: neither invited by the sharer nor the inviter, nor invited by the same member.

    Args:
        circles: who is linked with whom.
    """

    def __init__(self, circles: Circles) -> None:
        self._of = circles.of
        self._shares = np.zeros(len(self._of), np.int32)

    def observe(self, seen: Seen) -> None:
        """Count a day's shares, and forget those of members whom strangers opened."""
        events, upline = seen.events, seen.book.members["upline"]
        np.add.at(self._shares, events["member"][events["kind"] == Kind.share], 1)
        clicks = events[events["kind"] == Kind.click]
        visitor, sharer = clicks["member"], clicks["other"]
        family = (upline[visitor] == sharer) | (upline[sharer] == visitor)
        family |= (upline[visitor] == upline[sharer]) & (upline[sharer] >= 0)
        joined = seen.book.members["joined_at"][visitor]
        family &= (joined >= 0) & (joined < seen.midnight)  # who joins by the link today was a stranger
        strangers = (self._of[visitor] != self._of[sharer]) & ~family
        self._shares[sharer[strangers]] = 0

    def silent(self, given: Thresholds) -> Records:
        """Members with so many shares that nobody opened."""
        members = np.flatnonzero(self._shares >= given.silent_shares)
        return found(Sign.streak, members, self._shares[members], given.silent_shares)


def _recent(rows: Records, time: str, seen: Seen) -> Records:
    """The rows of the last five weeks."""
    return rows[rows[time] >= seen.midnight - WINDOW * DAY]
