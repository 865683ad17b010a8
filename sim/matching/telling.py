"""Groups of differences in words, with days and examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from rules.calendar import date_of
from rules.events import Records as Entries
from rules.records import Component
from sim.experiments.metric_names import Text
from sim.matching.examples import arithmetic, worked_out
from sim.matching.facts import Case, loose
from sim.matching.grid import Grid
from sim.matching.records import ORDERS, Records
from sim.matching.result import UNEXPLAINED, Difference, Example, Group, Matched
from sim.matching.sorting import Named, Sorted
from sim.matching.trying import Integers, Trials, World
from sim.matching.words import FACTS

_EXAMPLES = 3
_LIMITED = Text(
    "数据较大，两项设置同时变化的原因只试了一部分",
    "the data are large: of causes by two settings at once only a part was tried",
)


def told(world: World, case: Case, sort: Sorted, entries: Entries, trials: Trials) -> Matched:
    """What a match has come to.

    Args:
        world: what was replayed. case: both sides. sort: the causes. entries: `ENTRY` of the replay.
        trials: by which causes were found.
    """
    records, grid = case.records, case.grid
    differences = [*_on_grid(world, case, sort), *_loose(records, grid)]
    telling = _Telling(world, case, sort, entries, trials.placed)
    grouped: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(differences):
        grouped[one.cause].append(number)
    groups = [telling.group(key, differences, numbers) for key, numbers in grouped.items()]
    groups.sort(key=lambda one: (one.key != UNEXPLAINED, -(one.over + one.under), one.key))
    agreed = grid.recorded == grid.replayed
    return Matched(
        plan=world.name,
        rows=len(records),
        statuses=records.statuses,
        recorded=int(records.net.sum()),
        replayed=int(entries["amount"].sum()),
        agreed=int(agreed.sum()),
        agreed_amount=int(grid.replayed[agreed].sum()),
        groups=groups,
        differences=differences,
        tried=trials.made,
        notes=[_LIMITED] if trials.spent else [],
    )


def _on_grid(world: World, case: Case, sort: Sorted) -> Iterator[Difference]:
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

    def __init__(self, world: World, case: Case, sort: Sorted, entries: Entries, placed: Integers) -> None:
        self._world, self._case, self._entries = world, case, entries
        self._named: Mapping[str, Named] = {one.key: one for one in sort.named}
        self._placed = placed

    def group(self, key: str, differences: Sequence[Difference], numbers: Sequence[int]) -> Group:
        """The group of one cause; `numbers` count the differences, those on the grid first."""
        named = self._named.get(key) or Named(key, FACTS[key])
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

    def _examples(self, named: Named, differences: Sequence[Difference], numbers: Sequence[int]) -> Iterator[Example]:
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
