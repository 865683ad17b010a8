"""Typical situations: what a plan pays in each, computed by the engines, so that two plans can be held side by side.

A situation is the same for both plans: the same people and orders. Everybody above the one it is about has the plan's
highest rank; goods are of the categories that either plan names; no campaign is on unless the situation says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rules.plan.model import Plan
from rules.situations import orders, people
from rules.situations.frame import Figure, Frame, Unit, frame_of

__all__ = ["SITUATIONS", "Figure", "Frame", "Unit", "figures", "frame_of"]

SITUATIONS: tuple[Callable[[Plan, Frame], Iterator[Figure]], ...] = (
    orders.orders,
    orders.rising,
    orders.areas,
    orders.campaigns,
    people.months,
    people.team,
    people.dividend,
    people.newcomer,
    people.invitations,
    orders.refunds,
    people.settlement,
    people.withdrawal,
    orders.buyer,
    people.points,
)
"""Every group of situations, in the order in which a comparison shows them."""


def figures(plan: Plan, frame: Frame) -> list[Figure]:
    """What a plan pays in every situation of a frame."""
    return [figure for group in SITUATIONS for figure in group(plan, frame)]
