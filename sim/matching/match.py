"""The match: records against entries, and a cause for every difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.calendar import date_of
from rules.events import Records as Entries
from rules.records import Component
from sim.experiments.metric_names import Text
from sim.matching.choosing import Choice, choose
from sim.matching.dials import Dial, dials_of, is_fault
from sim.matching.examples import arithmetic, worked_out
from sim.matching.facts import Case, beside, loose, not_received, outside, twice
from sim.matching.grid import Grid, grid_of, lines_of
from sim.matching.people import ranks_of
from sim.matching.profiles import by_profile
from sim.matching.rates import rates_of
from sim.matching.records import ORDERS, Records
from sim.matching.result import UNEXPLAINED, Difference, Example, Group, Matched
from sim.matching.trying import MANY, Trials, World, placed_at, scout_of
from sim.matching.words import FACTS, either, together

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

_EVENTS, _FEWEST, _MOST = 30_000_000, 120, 1_000
"""Events that all replays may read together, and within these bounds how many replays there may be."""

_EXAMPLES = 3
_LIMITED = Text(
    "数据较大，两项设置同时变化的原因只试了一部分",
    "the data are large: of causes by two settings at once only a part was tried",
)


@dataclass
class _Named:
    """A cause as it becomes a group."""

    key: str
    title: Text
    choice: Choice | None = None
    said: Sequence[Text] = ()


class _Sorted:
    """Which cause each differing place has; each gets one, once."""

    def __init__(self, places: int) -> None:
        self.cause = np.full(places, -1)
        self.named: list[_Named] = []

    @property
    def left(self) -> Booleans:
        return self.cause < 0

    def put(self, named: _Named, places: Booleans) -> None:
        places = places & self.left
        if places.any():
            known = [number for number, one in enumerate(self.named) if one.key == named.key]
            if not known:
                self.named.append(named)
            self.cause[places] = known[0] if known else len(self.named) - 1


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
    return _matched(world, records, case, causes, trials, entries)


def _in_scope(case: Case) -> Booleans:
    """Places of components of which the platform keeps any record."""
    away = np.zeros(len(case.grid.codes), np.bool_)
    for fact in outside(case):
        away[case.differing[fact.places]] = True
    return ~away


def _causes(case: Case, trials: Trials) -> _Sorted:
    """A cause for every differing place, where there is one."""
    sort = _Sorted(len(case.differing))
    replayed = case.grid.replayed[case.differing]
    for fact in [*outside(case), not_received(case), *twice(case, replayed)]:
        sort.put(_Named(fact.key, fact.title), fact.places)
    if not sort.left.any():
        return sort
    choices = _settings(trials, sort.left)
    for choice in choices:
        sort.put(_named(choice), choice.places)
    for choice in choices:
        for fact in twice(case, choice.effect.amounts):
            named = _named(choice)
            title = together([named.title, fact.title])
            sort.put(_Named(f"{named.key} + {fact.key}", title, choice, named.said), fact.places)
    for dial in ranks_of(trials.world.plan):
        if sort.left.any():
            effect = trials.effect([dial])
            paid = case.grid.recorded[case.differing] > 0
            choice = Choice(effect, effect.meets & sort.left & paid)
            sort.put(_named(choice), choice.places)
    for fact in beside(case, sort.left):
        sort.put(_Named(fact.key, fact.title), fact.places)
    sort.put(_Named(UNEXPLAINED, FACTS[UNEXPLAINED]), sort.left)
    return sort


def _settings(trials: Trials, left: Booleans) -> list[Choice]:
    """Causes by settings: one platform's where that explains most, then single dials and pairs."""
    dials = [*dials_of(trials.world.plan), *rates_of(trials)]
    best = max((int((trials.effect([dial]).fits & left).sum()) for dial in dials), default=0)
    found = by_profile(trials, left, best)
    for choice in found:
        left = left & ~choice.places
    return [*found, *choose(trials, dials, left)] if left.any() else found


def _named(choice: Choice) -> _Named:
    """The cause by settings as people read it; several that the data cannot tell apart are told as one or the other."""
    effects = sorted([choice.effect, *choice.others], key=lambda one: (is_fault(one.dials), _key(one.dials)))
    titles = [together([dial.title for dial in one.dials]) for one in effects]
    key = " | ".join(_key(one.dials) for one in effects)
    dials = dict.fromkeys(dial for one in effects for dial in one.dials)
    return _Named(key, either(titles), choice, [dial.said for dial in dials if dial.said])


def _key(dials: Sequence[Dial]) -> str:
    return " + ".join(dial.key for dial in dials)


def _matched(world: World, records: Records, case: Case, sort: _Sorted, trials: Trials, entries: Entries) -> Matched:
    differences = [*_on_grid(world, case, sort), *_loose(records, case.grid)]
    told = _Telling(world, case, sort, entries)
    grouped: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(differences):
        grouped[one.cause].append(number)
    groups = [told.group(key, differences, numbers) for key, numbers in grouped.items()]
    groups.sort(key=lambda one: (one.key != UNEXPLAINED, -(one.over + one.under), one.key))
    agreed = case.grid.recorded == case.grid.replayed
    return Matched(
        plan=world.plan.plan,
        rows=len(records),
        statuses=records.statuses,
        recorded=int(records.net.sum()),
        replayed=int(entries["amount"].sum()),
        agreed=int(agreed.sum()),
        agreed_amount=int(case.grid.replayed[agreed].sum()),
        groups=groups,
        differences=differences,
        tried=trials.made,
        notes=[_LIMITED] if trials.spent else [],
    )


def _on_grid(world: World, case: Case, sort: _Sorted) -> Iterator[Difference]:
    grid, places, names = case.grid, case.grid.places, world.log.names
    for number, place in enumerate(case.differing.tolist()):
        order = int(places.order[place])
        yield Difference(
            order=names.order(order) if order >= 0 else "",
            line=int(places.line[place]),
            member=names.member(int(places.member[place])),
            level=int(places.level[place]),
            part=_part(int(places.part[place])),
            recorded=int(grid.recorded[place]),
            replayed=int(grid.replayed[place]),
            cause=sort.named[int(sort.cause[number])].key,
        )


def _loose(records: Records, grid: Grid) -> Iterator[Difference]:
    """Records of orders and people that the data do not have."""
    for row, cause in zip(grid.loose.tolist(), loose(records, grid.loose), strict=True):
        yield Difference(
            order=records.orders[row] or "",
            line=int(records.line[row]),
            member=records.members[row] or "",
            level=int(records.level[row]),
            part=_part(int(records.part[row])),
            recorded=int(records.net[row]),
            replayed=0,
            cause=cause,
        )


def _part(number: int) -> str:
    return "orders" if number == ORDERS else Component(number).name


class _Telling:
    """Groups in words, with examples."""

    def __init__(self, world: World, case: Case, sort: _Sorted, entries: Entries) -> None:
        self._world, self._case, self._entries = world, case, entries
        self._named: Mapping[str, _Named] = {one.key: one for one in sort.named}
        self._placed = placed_at(world.log, len(case.book.rows("orders")))

    def group(self, key: str, differences: Sequence[Difference], numbers: Sequence[int]) -> Group:
        """The group of one cause; `numbers` count the differences, those on the grid first."""
        named = self._named.get(key) or _Named(key, FACTS[key])
        own = [differences[number] for number in numbers]
        over = sum(max(0, one.difference) for one in own)
        under = sum(max(0, -one.difference) for one in own)
        effect = named.choice.effect if named.choice else None
        days = self._days(numbers)
        return Group(
            key=key,
            title=named.title,
            said=named.said,
            alternatives=key.split(" | "),
            dials=[dial.key for dial in effect.dials] if effect else [],
            count=len(own),
            over=over,
            under=under,
            first=days[0],
            last=days[1],
            against=len(effect.broken) if effect else 0,
            examples=list(self._examples(named, differences, numbers)),
        )

    def _days(self, numbers: Sequence[int]) -> tuple[str | None, str | None]:
        case = self._case
        places = [case.differing[number] for number in numbers if number < len(case.differing)]
        orders = case.grid.places.order[places] if places else np.zeros(0, np.int64)
        times = self._placed[orders[orders >= 0]]
        if not len(times):
            return None, None
        return str(date_of(int(times.min()))), str(date_of(int(times.max())))

    def _examples(self, named: _Named, differences: Sequence[Difference], numbers: Sequence[int]) -> Iterator[Example]:
        """Those of the largest amounts, the first of equal ones."""
        case = self._case
        largest = sorted(numbers, key=lambda number: (-abs(differences[number].difference), number))[:_EXAMPLES]
        turned = self._world.entries(named.choice.effect.dials) if named.choice else None
        for number in largest:
            about = differences[number]
            if number >= len(case.differing):
                yield Example(about, arithmetic(about.recorded, "–", None))
                continue
            code = int(case.grid.codes[case.differing[number]])
            plan = worked_out(case.grid, self._entries, code)
            cause = worked_out(case.grid, turned, code) if turned is not None else None
            yield Example(about, arithmetic(about.recorded, plan, cause))
