"""Shopping: when people order.

Spontaneous orders follow BG/NBD (Fader, Hardie & Lee 2005): from the first purchase on, gaps are exponential with the
person's own rate, and after every repeat purchase she quits for good with a probability of her own. Time is
operational: a person of price sensitivity s lives on the clock `market.clock + s x market.promo`, so that traffic and
discounts hurry or slow her orders; with traffic 1 and no discounts it is the calendar, and the model exactly BG/NBD.
The moment of the next order is known in advance, so a day costs one look at a column, and a gap or a decision to quit
belongs to (person, ordinal): a plan that brings somebody earlier or sells her more leaves her luck as it was.

Impulse orders come from clicks. They have ordinals of their own, and start the clock of somebody who would never have
bought unprompted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY
from rules.jit import kernel
from sim.behaviour.purposes import IMPULSE, Decision
from sim.behaviour.world import NEVER, Ids, Seconds, World
from sim.draws import bits, bits_array, draw, uniform, uniform_array
from sim.people import Floats
from sim.quantiles import gamma, lookup
from sim.rows import within_runs

EXPONENTIAL: Floats = gamma(1.0)
"""Quantiles of the standard exponential distribution: no logarithm, so the same bits everywhere."""
SAME_VISIT = 2400
"""Seconds from registration within which a first purchase of the same visit happens."""
IMPULSE_LATEST = 900
"""Seconds from the click within which an impulse order happens."""
LAST_SECOND = DAY - 1
_FIRST_REPEAT = 1


@dataclass(frozen=True)
class Orders:
    """Orders that people want to place today.

    Attributes:
        person: by order. second: of the day.
        ordinal: which of the person's orders, from 0; impulse orders from `IMPULSE`.
        wanted: sku that she saw shared, -1 = none; None = nobody did.
    """

    person: Ids
    ordinal: NDArray[np.int64]
    second: Seconds
    wanted: Ids | None = None


@kernel
def own_time(clock: Floats, promo: Floats, hours: Floats, sensitivity: float, day: int, second: int) -> float:
    """The operational time of a person at a second of a day."""
    hour = second // 3600
    part = hours[hour] + (hours[hour + 1] - hours[hour]) * ((second - hour * 3600 + 0.5) / 3600)
    start = clock[day] + sensitivity * promo[day]
    return start + part * (clock[day + 1] + sensitivity * promo[day + 1] - start)


@kernel
def day_of(clock: Floats, promo: Floats, sensitivity: float, due: float, today: int) -> int:
    """The day on which a person's operational time reaches `due`, from today on; NEVER after the last."""
    low, high = today, len(clock) - 1
    if not due < clock[high] + sensitivity * promo[high]:
        return NEVER
    while low < high:
        middle = (low + high) // 2
        if clock[middle + 1] + sensitivity * promo[middle + 1] > due:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def second_at(hours: Floats, part: float) -> int:
    """The second at which a part of a day's traffic has passed."""
    hour = 0
    while hour < 23 and hours[hour + 1] <= part:
        hour += 1
    within = (part - hours[hour]) / (hours[hour + 1] - hours[hour])
    return min(max(np.int64((hour + within) * 3600), 0), LAST_SECOND)


@kernel
def second_of(clock: Floats, promo: Floats, hours: Floats, sensitivity: float, due: float, day: int) -> int:
    """The second of `day` at which a person's operational time reaches `due`."""
    start = clock[day] + sensitivity * promo[day]
    return second_at(hours, (due - start) / (clock[day + 1] + sensitivity * promo[day + 1] - start))


@kernel
def gap(key: int, exponential: Floats, person: int, ordinal: int, rate: float) -> float:
    """Operational days before a person's order number `ordinal`."""
    return lookup(exponential, uniform(bits(key, person, ordinal))) / np.float64(rate)


@kernel
def begin(
    today: int, days: int, persons: Ids, seconds: Seconds, ordinal: int, chance: float, convert: Floats,
    same_visit: float, first_delay: float, first_key: int, delay_key: int, gap_key: int, exponential: Floats,
    clock: Floats, promo: Floats, hours: Floats, channel: NDArray[np.uint8], sensitivity: NDArray[np.float32],
    rate: NDArray[np.float32], due: Floats, buy_day: Ids, repeats: NDArray[np.uint16],
) -> None:  # fmt: skip
    """Start the clocks of people: before the first order (ordinal 0), or right after it (ordinal 1).

    Before the first, luck decides whether she ever buys unprompted, and if so whether in the same visit or later.

    Args:
        today, days: the day, and how many the run has.
        persons, seconds: whose, and the second of today: of the registration, or of the first order.
        chance: that somebody buys unprompted, before the channel's factor `convert`.
        same_visit, first_delay: see `Behaviour`. first_key, delay_key, gap_key: of the decisions.
        exponential: the table. clock, promo, hours: see `Market`.
        channel, sensitivity, rate: by person. due, buy_day, repeats: by person, written.
    """
    for place in range(len(persons)):
        person, day, second = np.int64(persons[place]), today, seconds[place]
        if ordinal == 0:
            if uniform(draw(first_key, person)) >= chance * convert[channel[person]]:
                continue
            wait = uniform(bits(delay_key, person, 0))
            if uniform(draw(delay_key, person)) < same_visit:
                second = min(second + 60 + np.int64(wait * SAME_VISIT), LAST_SECOND)
            else:
                day += 1 + np.int64(first_delay * lookup(exponential, wait))
                if day >= days:
                    continue
                second = second_at(hours, uniform(bits(delay_key, person, 1)))
        slope = np.float64(sensitivity[person])
        moment = own_time(clock, promo, hours, slope, day, second)
        if ordinal >= _FIRST_REPEAT:
            moment += gap(gap_key, exponential, person, ordinal, rate[person])
        due[person] = moment
        repeats[person] = ordinal
        buy_day[person] = day_of(clock, promo, slope, moment, today)


@kernel
def buy(
    today: int, buyers: NDArray[np.int64], gap_key: int, quit_key: int, exponential: Floats, clock: Floats,
    promo: Floats, hours: Floats, sensitivity: NDArray[np.float32], rate: NDArray[np.float32],
    dropout: NDArray[np.float32], due: Floats, buy_day: Ids, repeats: NDArray[np.uint16],
    person_out: Ids, ordinal_out: NDArray[np.int64], second_out: Seconds, done: int,
) -> int:  # fmt: skip
    """Let buyers of today place their orders and schedule the next; stops when the output is full.

    Args:
        today: the day. buyers: people whose `buy_day` is today.
        gap_key, quit_key: of `Decision.gap`, `Decision.quit`. exponential: the table.
        done: orders already written.

    Returns:
        Orders written.
    """
    count = done
    for person in buyers:
        slope = np.float64(sensitivity[person])
        while buy_day[person] == today:
            if count == len(person_out):
                return count
            ordinal = np.int64(repeats[person])
            person_out[count] = person
            ordinal_out[count] = ordinal
            second_out[count] = second_of(clock, promo, hours, slope, due[person], today)
            count += 1
            quits = ordinal >= _FIRST_REPEAT and uniform(bits(quit_key, person, ordinal)) < dropout[person]
            due[person] = (
                np.inf if quits else due[person] + gap(gap_key, exponential, person, ordinal + 1, rate[person])
            )
            repeats[person] = ordinal + 1
            buy_day[person] = day_of(clock, promo, slope, due[person], today)
    return count


def begin_clocks(world: World, persons: Ids, seconds: Seconds, chance: float, ordinal: int = 0) -> None:
    """Start the clocks of people: at their registration, or (ordinal 1) at a first order on impulse.

    Args:
        world: today.
        persons, seconds: whose, and the second of today.
        chance: that somebody buys unprompted.
        ordinal: of the order that comes next.
    """
    given, market, crowd = world.given, world.market, world.crowd
    keys = [world.key(decision) for decision in (Decision.first, Decision.first_delay, Decision.gap)]
    columns = [crowd[name] for name in ("channel", "sensitivity", "rate", "due", "buy_day", "repeats")]
    begin(
        world.day, market.days, persons, seconds, ordinal, chance, world.channels.convert, given.same_visit,
        given.first_delay, *keys, EXPONENTIAL, market.clock, market.promo, market.hours, *columns,
    )  # fmt: skip


def impulse_orders(world: World, persons: Ids, seconds: Seconds, wanted: Ids | None = None) -> Orders:
    """Orders that follow clicks; they start the clock of people who would never have bought unprompted."""
    crowd = world.crowd
    order = np.argsort(persons, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = within_runs(persons[order])
    ordinal = IMPULSE + place + crowd["impulses"][persons]
    wait = uniform_array(bits_array(world.key(Decision.gap), persons, ordinal))
    moments = np.minimum(seconds + 60 + (wait * IMPULSE_LATEST).astype(np.int64), LAST_SECOND)
    np.add.at(crowd["impulses"], persons, 1)
    idle = (place == 0) & (crowd["repeats"][persons] == 0) & (crowd["buy_day"][persons] == NEVER)
    begin_clocks(world, persons[idle], moments[idle], 1.0, _FIRST_REPEAT)
    return Orders(persons, ordinal, moments, wanted)


def shop(world: World, impulses: Orders) -> Orders:
    """All orders of today in the order of time, then person, then ordinal."""
    market, crowd = world.market, world.crowd
    buyers = np.flatnonzero(crowd["buy_day"] == world.day)
    columns = [crowd[name] for name in ("sensitivity", "rate", "dropout", "due", "buy_day", "repeats")]
    room, count = 64 + len(buyers) * 5 // 4, 0
    person, ordinal, second = np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.int64)
    while True:
        count = buy(
            world.day, buyers, world.key(Decision.gap), world.key(Decision.quit), EXPONENTIAL, market.clock,
            market.promo, market.hours, *columns, person, ordinal, second, count,
        )  # fmt: skip
        if count < len(person):
            break
        person, ordinal, second = (np.resize(array, 2 * len(array)) for array in (person, ordinal, second))
    wanted = impulses.wanted
    if wanted is not None:
        wanted = np.concatenate([np.full(count, -1, np.int32), wanted])
    person = np.concatenate([person[:count], impulses.person])
    ordinal = np.concatenate([ordinal[:count], impulses.ordinal])
    second = np.concatenate([second[:count], impulses.second])
    order = np.lexsort((ordinal, person, second))
    return Orders(person[order], ordinal[order], second[order], None if wanted is None else wanted[order])
