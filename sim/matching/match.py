"""The match: records against entries, and a cause for every difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.matching.choosing import Choice, choose
from sim.matching.dials import Dial, dials_of, is_fault
from sim.matching.facts import Case, beside, not_received, outside, twice
from sim.matching.grid import grid_of, lines_of
from sim.matching.people import ranks_of
from sim.matching.profiles import by_profile
from sim.matching.rates import rates_of
from sim.matching.records import Records
from sim.matching.result import UNEXPLAINED, Matched
from sim.matching.sorting import Named, Sorted
from sim.matching.telling import told
from sim.matching.trying import MANY, Trials, World, placed_at, scout_of
from sim.matching.words import FACTS, either, together

Booleans = NDArray[np.bool_]

_EVENTS, _FEWEST, _MOST = 30_000_000, 120, 1_000
"""Events that all replays may read together, and within these bounds how many replays there may be."""

_BESIDE = 4
"""Settings that were found beside which other ranks are tried."""


def match(world: World, records: Records, many: int = MANY) -> Matched:
    """Hold what a platform recorded against a replay.

    Args:
        world: what is replayed. records: what was recorded.
        many: from so many events on causes are tried on the trees in question first; they are the same.
    """
    book = world.book()
    entries = book.rows("entries").copy()
    lines = lines_of(world.log.events)
    grid = grid_of(records, entries, lines, len(book.members))
    case = Case(grid, records, book, grid.differing)
    events = max(1, len(world.log.events))
    trials = Trials(
        world, grid, case.differing, _in_scope(case), placed_at(world.log, len(lines)),
        most=min(_MOST, max(_FEWEST, _EVENTS // events)), scout=scout_of(world, grid, many),
    )  # fmt: skip
    causes = _causes(case, trials)
    return told(world, case, causes, entries, trials)


def _in_scope(case: Case) -> Booleans:
    """Places of components of which the platform keeps any record."""
    away = np.zeros(len(case.grid.codes), np.bool_)
    for fact in outside(case):
        away[case.differing[fact.places]] = True
    return ~away


def _causes(case: Case, trials: Trials) -> Sorted:
    """A cause for every differing place, where there is one."""
    sort = Sorted(len(case.differing))
    replayed = case.grid.replayed[case.differing]
    for fact in [*outside(case), not_received(case), *twice(case, replayed)]:
        sort.put(Named(fact.key, fact.title), fact.places)
    if not sort.left.any():
        return sort
    choices = _settings(trials, sort.left)
    for choice in choices:
        sort.put(_named(choice), choice.places)
    for choice in choices:
        for fact in twice(case, choice.effect.amounts):
            named = _named(choice)
            title = together([named.title, fact.title])
            sort.put(Named(f"{named.key} + {fact.key}", title, choice, named.said), fact.places)
    paid = case.grid.recorded[case.differing] > 0
    for choice in _ranked(trials, choices) if sort.left.any() else ():
        sort.put(_named(choice), choice.places & paid)
    for fact in beside(case, sort.left):
        sort.put(Named(fact.key, fact.title), fact.places)
    sort.put(Named(UNEXPLAINED, FACTS[UNEXPLAINED]), sort.left)
    return sort


def _settings(trials: Trials, left: Booleans) -> list[Choice]:
    """Causes by settings: one platform's where that explains most, then single dials and pairs."""
    dials = [*dials_of(trials.world.every), *rates_of(trials)]
    best = max((int((trials.effect([dial]).fits & left).sum()) for dial in dials), default=0)
    found = by_profile(trials, left, best)
    for choice in found:
        left = left & ~choice.places
    return [*found, *choose(trials, dials, left)] if left.any() else found


def _ranked(trials: Trials, choices: Sequence[Choice]) -> Iterator[Choice]:
    """Payees of other ranks, by themselves and beside settings that have been found: causes of single places."""
    for dials in [(), *(choice.effect.dials for choice in choices[:_BESIDE])]:
        for dial in ranks_of(trials.world.plan):
            effect = trials.effect([*dials, dial])
            yield Choice(effect, effect.meets)


def _named(choice: Choice) -> Named:
    """The cause by settings as people read it; several that the data cannot tell apart are told as one or the other."""
    effects = sorted([choice.effect, *choice.others], key=lambda one: (is_fault(one.dials), _key(one.dials)))
    titles = [together([dial.title for dial in one.dials]) for one in effects]
    key = " | ".join(_key(one.dials) for one in effects)
    dials = dict.fromkeys(dial for one in effects for dial in one.dials)
    return Named(key, either(titles), choice, [dial.said for dial in dials if dial.said])


def _key(dials: Sequence[Dial]) -> str:
    return " + ".join(dial.key for dial in dials)
