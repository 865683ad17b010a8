"""A part of a log that gives the same entries for its orders: whole referral trees, for causes to be tried on first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from rules.events import EventLog, Kind
from rules.plan.model import Plan

Integers = NDArray[np.int64]

_OF_PEOPLE = (Kind.register, Kind.rebind, Kind.promote)
_OF_ORDERS = (Kind.order, Kind.pay, Kind.receive, Kind.refund)
"""What the log of an import is made of, beside the last tick."""


def stands_alone(log: EventLog, plan: Plan) -> bool:
    """Whether no tree of such a log matters to the orders of another under such a plan."""
    parts = plan.commission
    across = parts.dividend or parts.dynamic or parts.area or any(one.budget is not None for one in plan.campaigns)
    return not across and bool(np.isin(log.events["kind"], [*_OF_PEOPLE, *_OF_ORDERS, Kind.tick]).all())


def trees_of(log: EventLog, orders: Integers) -> EventLog:
    """The events of all trees in which somebody placed one of these orders; numbers stay as they are."""
    events = log.events
    placed = events[events["kind"] == Kind.order]
    buyer = np.full(int(events["order"].max(initial=-1)) + 1, -1, np.int64)
    buyer[placed["order"]] = placed["member"]
    tree = _trees(log)
    wanted = np.zeros(len(tree), np.bool_)
    wanted[np.unique(tree[buyer[orders]])] = True
    person = np.where(np.isin(events["kind"], _OF_ORDERS), buyer[events["order"]], events["member"])
    kept = (events["kind"] == Kind.tick) | wanted[tree[person]]
    return EventLog(events[kept], log.names)


def _trees(log: EventLog) -> Integers:
    """The number of everybody's tree."""
    events = log.events
    people = 1 + max(int(events[name].max(initial=-1)) for name in ("member", "other"))
    bound = events[np.isin(events["kind"], (Kind.register, Kind.rebind)) & (events["other"] >= 0)]
    edges = coo_array((np.ones(len(bound), np.int8), (bound["member"], bound["other"])), shape=(people, people))
    numbers: Integers = connected_components(edges, directed=False)[1].astype(np.int64)
    return numbers
