"""The gate 准入: acts that are refused before they reach the store. What is refused has not happened.

A device registers so many accounts and no more; shares, clicks and orders have a cap a day; a share with a forbidden
text is not sent; a sensitive act needs a second check. An account that was refused stays outside, with all it does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.events import Kind, Records
from sim.risk.rules import Limits
from sim.risk.traces import Traces
from sim.rows import within_runs

Mask = NDArray[np.bool_]


def _among(*kinds: Kind) -> Mask:
    """Whether a kind is one of some, by its number."""
    table = np.zeros(256, np.bool_)
    table[list(kinds)] = True
    return table


_OF_AN_ORDER = _among(
    Kind.order,
    Kind.pay,
    Kind.cancel,
    Kind.ship,
    Kind.receive,
    Kind.refund,
    Kind.refund_open,
    Kind.refund_refused,
)
_BY_A_MEMBER = _among(Kind.register, Kind.share, Kind.click, Kind.order, Kind.sign_in, Kind.withdraw)
_CAPPED = {Kind.share: "shares_a_day", Kind.click: "clicks_a_day", Kind.order: "orders_a_day"}


class Gate:
    """What stands before the store, and remembers who was turned away.

    Args:
        limits: see there. traces: of everybody.

    Attributes:
        shut_out: by member, whether their registration was refused.
        capped: members who met a daily cap today, once an act.
    """

    def __init__(self, limits: Limits, traces: Traces) -> None:
        people = len(traces.device)
        self._limits, self._device = limits, traces.device
        self._registered = np.zeros(1 + int(traces.device.max(initial=0)), np.int64)
        self._orders = np.zeros(1024, np.bool_)
        self._day, self._today = -1, {kind: np.zeros(people, np.int32) for kind in _CAPPED}
        self.shut_out: Mask = np.zeros(people, np.bool_)
        self.capped: NDArray[np.int32] = np.zeros(0, np.int32)

    def screen(self, day: int, events: Records, refused: Mask) -> Mask:
        """Which of a day's events come in. A day may come in several batches.

        Args:
            day: of the run. events: in order.
            refused: those that are refused for another reason already (texts, second checks).
        """
        if day != self._day:
            self._day = day
            for counts in self._today.values():
                counts[:] = 0
        self._register(events)
        kept = ~refused & ~self._too_many(events)
        kept &= ~(self.shut_out[np.maximum(events["member"], 0)] & _BY_A_MEMBER[events["kind"]])
        return kept & ~self._of_refused_orders(events, kept)

    def _register(self, events: Records) -> None:
        """Count registrations by device, and shut out those beyond the limit."""
        who = events["member"][events["kind"] == Kind.register]
        if not len(who):
            return
        device = self._device[who]
        number = self._registered[device] + ordinals(device)
        self.shut_out[who[number >= self._limits.registrations_per_device]] = True
        np.add.at(self._registered, device, 1)

    def _too_many(self, events: Records) -> Mask:
        """Shares, clicks and orders beyond the day's caps. (Rows of an order count once: by their first line.)"""
        refused = np.zeros(len(events), np.bool_)
        first = (events["kind"] != Kind.order) | (events["line"] == 1)
        for kind, limit in _CAPPED.items():
            rows = np.flatnonzero((events["kind"] == kind) & first)
            if not len(rows):
                continue
            who, counts = events["member"][rows], self._today[kind]
            refused[rows[counts[who] + ordinals(who) >= getattr(self._limits, limit)]] = True
            np.add.at(counts, who, 1)
        self.capped = events["member"][refused]
        return refused

    def _of_refused_orders(self, events: Records, kept: Mask) -> Mask:
        """Events of orders that were refused, today or before: all lines, and all that would have become of them."""
        of_order = _OF_AN_ORDER[events["kind"]]
        needed = 1 + int(events["order"][of_order].max(initial=-1))
        if needed > len(self._orders):
            self._orders = np.concatenate([self._orders, np.zeros(max(needed, len(self._orders)), np.bool_)])
        self._orders[events["order"][(events["kind"] == Kind.order) & ~kept]] = True
        gone: Mask = of_order & self._orders[np.where(of_order, events["order"], 0)]
        return gone


def ordinals(groups: NDArray[Any]) -> NDArray[np.int64]:
    """How many of the same group stand before each row."""
    order = np.argsort(groups, kind="stable")
    number = np.empty(len(groups), np.int64)
    number[order] = within_runs(groups[order])
    return number
