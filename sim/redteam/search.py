"""The search: for each template the numbers that pay most, by trying all, or by climbing from random starts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.plan.yaml import Data
from sim.redteam.moves import CannotBeDoneError, Play
from sim.redteam.outcome import Outcome, outcome_of
from sim.redteam.space import Space, counts
from sim.redteam.templates import TEMPLATES, Template
from sim.redteam.world import World

Told = Callable[[int, str], object]
"""Takes how many tries were made since the last call, and of which template."""


@dataclass(frozen=True)
class Exploit:
    """The best that was found of one template: its numbers, what it comes to, and the case that shows it.

    `profit` is fen above the honest alternative, where the template has one.
    """

    template: Template
    numbers: Mapping[str, int]
    profit: int
    outcome: Outcome
    case: dict[str, Data]


@dataclass(frozen=True, order=True)
class Worth:
    """What a try is worth: first the profit, in fen, then how little time, money and accounts it takes."""

    profit: int
    days: int
    outlay: int
    accounts: int


@dataclass
class Tries:
    """Tries of one template in a world, each made once; `left` is how many may still be made."""

    template: Template
    world: World
    left: int
    made: int = 0

    def __post_init__(self) -> None:
        self._known: dict[tuple[tuple[str, int], ...], Worth | None] = {}

    def worth(self, numbers: Mapping[str, int]) -> Worth | None:
        """What numbers are worth; None if it cannot be done, or if no tries are left."""
        key = tuple(sorted(numbers.items()))
        if key not in self._known:
            if self.left <= 0:
                return None
            self.left -= 1
            self.made += 1
            self._known[key] = worth_of(self.template, self.world, numbers)
        return self._known[key]

    def best(self) -> dict[str, int] | None:
        """The numbers that are worth most, the first of them where several are; None if nothing pays."""
        paying = [(worth, key) for key, worth in self._known.items() if worth is not None and worth.profit > 0]
        return dict(max(paying, key=lambda pair: pair[0])[1]) if paying else None


def red_team(world: World, budget: int, seed: int, told: Told = lambda tries, name: None) -> tuple[list[Exploit], int]:
    """What pays under a plan, the best of each template, most profitable first; and how many tries were made."""
    luck = random.Random(seed)
    fitting = [template for template in TEMPLATES if template.applies(world.plan)]
    fitting.sort(
        key=lambda template: _size(space_of(template, world))
    )  # what small ones do not need goes to large ones
    found: list[Exploit] = []
    made, left = 0, budget
    for place, template in enumerate(fitting):
        tries = Tries(template, world, left // (len(fitting) - place))
        search(tries, random.Random(luck.getrandbits(64)))
        made, left = made + tries.made, left - tries.made
        told(tries.made, template.name)
        if numbers := tries.best():
            found.append(exploit_of(template, world, numbers))
    return sorted(found, key=lambda one: (-one.profit, TEMPLATES.index(one.template))), made


def search(tries: Tries, luck: random.Random) -> None:
    """Try everything where that is possible; else climb from random starts until no tries are left."""
    space = space_of(tries.template, tries.world)
    if _size(space) <= tries.left:
        for values in product(*space.values()):
            tries.worth(dict(zip(space, values, strict=True)))
        return
    stale = 0
    while tries.left > 0 and stale < 50:
        before = tries.made
        climb(tries, space, {name: luck.choice(values) for name, values in space.items()}, luck)
        stale = stale + 1 if tries.made == before else 0


def space_of(template: Template, world: World) -> Space:
    """The values to try of each number of a template; where a risk desk looks, of how many phones as well."""
    return template.space(world) | ({"sets": counts(world.means.sets)} if world.risk else {})


def _size(space: Space) -> int:
    return prod(len(values) for values in space.values())


def climb(tries: Tries, space: Space, start: dict[str, int], luck: random.Random) -> None:
    """Go to a neighbour that pays more, as long as there is one."""
    here, worth = start, tries.worth(start)
    while True:
        around = list(_neighbours(space, here))
        luck.shuffle(around)
        better = next((one for one in around if _above(tries.worth(one), worth)), None)
        if better is None or tries.left <= 0:
            return
        here, worth = better, tries.worth(better)


def _neighbours(space: Space, here: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """One number a step or two up or down."""
    for name, values in space.items():
        place = values.index(here[name]) if here[name] in values else 0
        for step in (-2, -1, 1, 2):
            if 0 <= place + step < len(values):
                yield dict(here) | {name: values[place + step]}


def _above(one: Worth | None, other: Worth | None) -> bool:
    return one is not None and (other is None or one > other)


def worth_of(template: Template, world: World, numbers: Mapping[str, int]) -> Worth | None:
    """What a play is worth, its profit above the honest alternative where there is one; None if it cannot be done."""
    play = played(template, world, numbers)
    if play is None:
        return None
    came = outcome_of(play, template.stays)
    if template.in_debt and came.owed == 0:
        return None
    return Worth(came.profit - _honest(template, world, numbers), -came.days, -came.outlay, -came.accounts)


def _honest(template: Template, world: World, numbers: Mapping[str, int]) -> int:
    """What the honest alternative brings, in fen; 0 where there is none that pays."""
    play = None if template.against is None else played(template, world, {**numbers, **template.against})
    return max(0, outcome_of(play, template.stays).profit) if play else 0


def played(template: Template, world: World, numbers: Mapping[str, int]) -> Play | None:
    """The moves of a template, or None where the shop does not let them happen."""
    play = Play(world, sets=numbers.get("sets", 1))
    try:
        template.play(play, numbers)
        play.flush()
    except CannotBeDoneError:
        return None
    return play


def exploit_of(template: Template, world: World, numbers: Mapping[str, int]) -> Exploit:
    """An exploit with its case, which both engines agree on.

    Raises:
        AssertionError: the engines disagree, or wallets are not those of the search.
    """
    play, worth = played(template, world, numbers), worth_of(template, world, numbers)
    assert play is not None
    assert worth is not None
    case = play.case(f"{template.title.zh} / {template.title.en}")
    result = run_case(parse_case(case))
    assert result.passed, result.problems
    return Exploit(template, numbers, worth.profit, outcome_of(play, template.stays), case)
