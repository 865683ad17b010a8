"""Small logs for tests of one mechanism: events by name, in both engines."""

from __future__ import annotations

import random

import numpy as np
from random_worlds import MEMBERS, NAMES, random_log, random_plan
from random_worlds import START_DAY as RANDOM_START

from rules.engine import Engine
from rules.events import DAY, Kind, Names, Records, blank
from rules.plan.model import Plan
from rules.trace import ReadableEngine

START_DAY = 20_458  # 2026-01-05, a Monday
HOUR = 3600


def event(kind: Kind, day: int = 0, second: int = 12 * HOUR, **given: int) -> np.void:
    """One event on a day counted from `START_DAY`."""
    row = blank(1)[0]
    row["kind"], row["time"] = kind, (START_DAY + day) * DAY + second
    for name, value in given.items():
        row[name] = value
    return row


def bought(number: int, buyer: int, price: int, day: int = 0, second: int = 12 * HOUR, **given: int) -> list[np.void]:
    """An order of one line, placed and paid."""
    line = {"price": price, "quantity": 1, "line": 1, "channel": 0} | given
    return [
        event(Kind.order, day, second, order=number, member=buyer, **line),
        event(Kind.pay, day, second, order=number),
    ]


def log(*events: np.void | list[np.void]) -> Records:
    """Events in order of time; at the same time, as they are given."""
    rows = [row for part in events for row in (part if isinstance(part, list) else [part])]
    return np.array(sorted(rows, key=lambda row: int(row["time"])), blank(0).dtype)


def both(plans: list[Plan], names: Names, members: int) -> tuple[Engine, ReadableEngine]:
    return Engine.open(plans, names, members, START_DAY), ReadableEngine(plans, names, members, START_DAY)


def run_both(plans: list[Plan], names: Names, members: int, events: Records) -> Engine:
    """The compiled engine after a log; the readable one must have written the same."""
    compiled, readable = both(plans, names, members)
    ours, theirs = compiled.apply(events), readable.apply(events)
    fields = ["time", "member", "component", "level", "amount", "rate"]
    np.testing.assert_array_equal(ours[fields], theirs[fields])
    return compiled


def random_engine(seed: int, size: int, change: dict | None = None) -> tuple[Engine, Records]:
    """An engine for two random plans, and a log; `change` updates the caps of both plans."""
    luck = random.Random(seed)
    plans = [random_plan(luck, number) for number in range(2)]
    if change:
        exact = {"entry_per": "line", "clawback_unit": "exact", "fee_share": False, "defects": []}  # as deferral asks
        plans = [
            plan.model_copy(
                update={
                    "caps": plan.caps.model_copy(update=change),
                    "semantics": plan.semantics.model_copy(update=exact),
                }
            )
            for plan in plans
        ]
    return Engine.open(plans, NAMES, MEMBERS, RANDOM_START), random_log(luck, size)
