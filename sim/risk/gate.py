"""The gate 准入: acts that are refused before they reach the store. What is refused has not happened.

A device registers so many accounts and no more; shares, clicks and orders have a cap a day; a share with a forbidden
text is not sent; a sensitive act needs a second check. An account that was refused stays outside, with all it does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.events import Kind, Records
from sim.behaviour.world import within_runs
from sim.risk.rules import Limits
from sim.risk.traces import Traces

Mask = NDArray[np.bool_]

_OF_AN_ORDER = (
    Kind.order,
    Kind.pay,
    Kind.cancel,
    Kind.ship,
    Kind.receive,
    Kind.refund,
    Kind.refund_open,
    Kind.refund_refused,
)
_BY_A_MEMBER = (Kind.register, Kind.share, Kind.click, Kind.order, Kind.sign_in, Kind.withdraw)


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
        self.shut_out: Mask = np.zeros(people, np.bool_)
        self.capped: NDArray[np.int32] = np.zeros(0, np.int32)

    def screen(self, events: Records, refused: Mask) -> Mask:
        """Which of a day's events come in.

        Args:
            events: in order. refused: those that are refused for another reason already (texts, second checks).
        """
        self._register(events)
        kept = ~refused & ~self._too_many(events)
        kept &= ~(self.shut_out[np.maximum(events["member"], 0)] & np.isin(events["kind"], _BY_A_MEMBER))
        return kept & ~self._of_refused_orders(events, kept)

    def _register(self, events: Records) -> None:
        """Count registrations by device, and shut out those beyond the limit."""
        who = events["member"][events["kind"] == Kind.register]
        device = self._device[who]
        number = self._registered[device] + ordinals(device)
        self.shut_out[who[number >= self._limits.registrations_per_device]] = True
        np.add.at(self._registered, device, 1)

    def _too_many(self, events: Records) -> Mask:
        """Shares, clicks and orders beyond the day's caps. (Rows of an order count once: by their first line.)"""
        refused = np.zeros(len(events), np.bool_)
        first = (events["kind"] != Kind.order) | (events["line"] == 1)
        for kind, most in (
            (Kind.share, self._limits.shares_a_day),
            (Kind.click, self._limits.clicks_a_day),
            (Kind.order, self._limits.orders_a_day),
        ):
            rows = np.flatnonzero((events["kind"] == kind) & first)
            refused[rows[ordinals(events["member"][rows]) >= most]] = True
        self.capped = events["member"][refused]
        return refused

    def _of_refused_orders(self, events: Records, kept: Mask) -> Mask:
        """Events of orders that were refused, today or before: all lines, and all that would have become of them."""
        of_order = np.isin(events["kind"], _OF_AN_ORDER)
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
