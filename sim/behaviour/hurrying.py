"""Hurrying: a coupon, a message, a call brings somebody's next order forward to today.

The order keeps its ordinal, and with it its luck: what comes sooner does not come again (purchase acceleration: Neslin,
Henderson & Quelch 1985), and only what was near enough can be hurried. Somebody who would not have ordered any more may
be won, and starts anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.jit import kernel
from sim.behaviour.purposes import Decision
from sim.behaviour.shopping import EXPONENTIAL, day_of, gap, own_time, second_at
from sim.behaviour.world import Ids, World
from sim.people import Floats

AHEAD = 28.0
"""An order that would have come within so many days can be hurried (assumption)."""


@kernel
def hurry(
    today: int, persons: Ids, luck: Floats, ahead: Floats, clock: Floats, promo: Floats, hours: Floats,
    sensitivity: NDArray[np.float32], due: Floats, buy_day: Ids,
) -> None:  # fmt: skip
    """Move the next spontaneous order of people to today, where it is near enough and not due today.

    Args:
        today: the day. persons: whose. luck: 0 to 1, by place in `persons`: when in the day's traffic.
        ahead: by place: so many days of operational time ahead it may lie at most.
        clock, promo, hours: see `Market`. sensitivity: by person. due, buy_day: by person, written.
    """
    for place in range(len(persons)):
        person = persons[place]
        if buy_day[person] != today:
            second = second_at(hours, luck[place])
            now = own_time(clock, promo, hours, np.float64(sensitivity[person]), today, second)
            if due[person] - now <= ahead[place]:
                due[person], buy_day[person] = now, today


def bring_forward(world: World, persons: NDArray[Any], luck: Floats, wins: NDArray[np.bool_] | None = None) -> None:
    """Let people order today, before they shop; those who are won even if they would not have come at all."""
    market, crowd = world.market, world.crowd
    columns = [crowd[name] for name in ("sensitivity", "due", "buy_day")]
    ahead = np.full(len(persons), AHEAD) if wins is None else np.where(wins, np.inf, AHEAD)
    hurry(world.day, persons.astype(np.int32), luck, ahead, market.clock, market.promo, market.hours, *columns)


@kernel
def restart(
    today: int, persons: Ids, luck: Floats, gap_key: int, exponential: Floats, clock: Floats, promo: Floats,
    hours: Floats, sensitivity: NDArray[np.float32], rate: NDArray[np.float32], due: Floats, buy_day: Ids,
    repeats: NDArray[np.uint16],
) -> None:  # fmt: skip
    """Let the wait for the next order of people begin anew today, unless they never order unprompted.

    Args:
        today, persons, luck, clock, promo, hours, sensitivity: see `hurry`.
        gap_key: of `Decision.gap`. exponential: the table. rate, repeats: by person. due, buy_day: by person, written.
    """
    for place in range(len(persons)):
        person = persons[place]
        if np.isfinite(due[person]):
            slope, second = np.float64(sensitivity[person]), second_at(hours, luck[place])
            now = own_time(clock, promo, hours, slope, today, second)
            due[person] = now + gap(gap_key, exponential, np.int64(person), np.int64(repeats[person]), rate[person])
            if due[person] < clock[today + 1] + slope * promo[today + 1]:
                due[person] = clock[today + 1] + slope * promo[today + 1]  # today's shopping is over
            buy_day[person] = day_of(clock, promo, slope, due[person], today)


def begin_anew(world: World, persons: NDArray[Any], luck: Floats) -> None:
    """Let people who were gone wait for their next order from today on."""
    market, crowd = world.market, world.crowd
    columns = [crowd[name] for name in ("sensitivity", "rate", "due", "buy_day", "repeats")]
    restart(
        world.day, persons.astype(np.int32), luck, world.key(Decision.gap), EXPONENTIAL, market.clock, market.promo,
        market.hours, *columns,
    )  # fmt: skip
