"""Other rates: where records stand to the replay as one whole rate stands to the plan's, that rate is tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rules.commission.base import BaseLevel, Percentage
from rules.events import Kind
from rules.plan.model import Plan
from sim.matching.dials import Change, Dial
from sim.matching.records import ORDERS
from sim.matching.trying import Trials
from sim.matching.words import other_rate

_STEP = 1_000
"""Rates are taken for whole at a tenth of a percent."""

_LEAST, _MOST = 2, 3
"""Places that have to speak for a rate, and rates that are tried for one level and category."""


def rates_of(trials: Trials) -> list[Dial]:
    """A dial for each whole rate that places in question speak for, by level and category."""
    base = trials.world.plan.commission.base
    if base is None:
        return []
    levels = {level.level: level for level in base.levels}
    votes: dict[tuple[int, str | None], Counter[int]] = {}
    for level, category, before, rate in _votes(trials, levels):
        votes.setdefault((level, category), Counter())[rate] += 1 if rate != before else 0
    return [
        _dial(levels[level], category, rate)
        for (level, category), counted in votes.items()
        for rate, count in counted.most_common(_MOST)
        if count >= _LEAST
    ]


def _votes(trials: Trials, levels: dict[int, BaseLevel]) -> Iterator[tuple[int, str | None, int, int]]:
    """Level, category, the plan's rate and the rate that a place speaks for."""
    grid, places = trials.grid, trials.grid.places
    names, category_of = trials.world.log.names.categories, _categories(trials)
    for place in trials.differing.tolist():
        level, replayed, recorded = int(places.level[place]), int(grid.replayed[place]), int(grid.recorded[place])
        if level not in levels or places.part[place] != ORDERS or replayed <= 0 or recorded < 0:
            continue
        number = category_of.get((int(places.order[place]), int(places.line[place])), -2)
        if number == -2:
            continue
        category = names[number] if number >= 0 else None
        own = _stated(levels[level], category)
        if own is None or own == 0:
            continue
        rate = round(own * recorded / replayed / _STEP) * _STEP
        if abs(recorded * own - replayed * rate) <= 2 * own:
            yield level, category, own, rate


def _categories(trials: Trials) -> dict[tuple[int, int], int]:
    """The category by order and line; by order and 0 that of all its lines, if they have one."""
    events = trials.world.log.events
    of: dict[tuple[int, int], int] = {}
    for order, line, category in events[events["kind"] == Kind.order][["order", "line", "category"]].tolist():
        of[order, line] = category
        of[order, 0] = category if of.get((order, 0), category) == category else -2
    return of


def _stated(level: BaseLevel, category: str | None) -> int | None:
    rate = level.rates.get(category or "default", level.rates.get("default"))
    return rate.rate if isinstance(rate, Percentage) else None


def _dial(level: BaseLevel, category: str | None, rate: int) -> Dial:
    own = _stated(level, category)
    assert own is not None
    name = f"commission.base.levels.{level.level}.rates.{category or 'default'}"
    return Dial(
        f"{name}={rate}", name, _rated(level.level, category, rate), other_rate(level.level, category, rate, own)
    )


def _rated(number: int, category: str | None, rate: int) -> Change:
    """The plan with another rate; a category without a rate of its own gets one."""

    def change(plan: Plan) -> Plan:
        base = plan.commission.base
        assert base is not None
        levels = [
            one.model_copy(update={"rates": one.rates | {category or "default": Percentage.model_construct(rate=rate)}})
            if one.level == number
            else one
            for one in base.levels
        ]
        commission = plan.commission.model_copy(update={"base": base.model_copy(update={"levels": levels})})
        return plan.model_copy(update={"commission": commission})

    return change
