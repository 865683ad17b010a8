"""What became of the members of a run: who left, by which stage of their life, and what the operator's programmes did.

Money is fen. A part that neither plan nor scenario asks for is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.book import Book
from sim.behaviour.care import BROUGHT, CASES, COST, WORKED
from sim.behaviour.lifecycle import ACTS, STAGES, stages
from sim.behaviour.lives import Lives
from sim.behaviour.messages import Mailing
from sim.behaviour.programmes import Programmes
from sim.behaviour.visiting import MONTH, Visits
from sim.behaviour.world import World

CHURN_TARGET = 0.05
"""Members lost in a month, at most (MISSION C17)."""
HERE = STAGES.index("dormant")
"""Stages below this one are those of members who come."""
_LEFT, _BACK = len(STAGES), len(STAGES) + 1


@dataclass(frozen=True)
class Stage:
    """The members in one stage at the end of a run.

    Attributes:
        members: how many. promoters: who of them has ever shared. income: fen earned in the last month of four weeks.
    """

    name: str
    members: int
    promoters: int
    income: int


@dataclass(frozen=True)
class Cases:
    """What one kind of care did.

    Attributes:
        cases: how many. worked: who came back at once. cost: fen. brought: fen of goods that they promoted in the four
            weeks after; some of it would have been promoted anyhow: what care adds, only a comparison shows.
    """

    kind: str
    cases: int
    worked: int
    cost: int
    brought: int


@dataclass(frozen=True)
class Life:
    """What became of members where they visit.

    Attributes:
        churn: by month of four weeks, from the second on: part of the members it began with that left in it.
        left, returned: in the whole run. stages: at the end. cases: by kind. acts: how often what was done.
        new_promoters: part of the promoters who come that are newcomers; None without any.
    """

    churn: tuple[float, ...]
    left: int
    returned: int
    stages: tuple[Stage, ...]
    cases: tuple[Cases, ...]
    acts: dict[str, int]
    new_promoters: float | None


@dataclass(frozen=True)
class Members:
    """What became of the members of a run; a part is None where there is none.

    Attributes:
        life: visits and care. messages: sent, opened, hurried, refused, and their cost.
        coupons: granted, used, fen they took off. points: outstanding, spent on orders, fen they took off, gifts.
        cost: fen that programmes cost in all.
    """

    life: Life | None
    messages: dict[str, int] | None
    coupons: dict[str, int] | None
    points: dict[str, Any] | None
    cost: int


def members_of(world: World, programmes: Programmes, book: Book, cost: int) -> Members | None:
    """What became of the members of a run that has ended; None where nothing of it was simulated."""
    coupons, habits, lives = programmes.coupons, programmes.habits, programmes.lives
    if not (coupons or habits or lives):
        return None
    return Members(
        life=_life(world, lives) if lives else None,
        messages=_mailed(lives.mailing) if lives and lives.mailing.sent else None,
        coupons=coupons.state(book) if coupons else None,
        points=habits.state(book) if habits else None,
        cost=cost,
    )


def _mailed(mailing: Mailing) -> dict[str, int]:
    counts = {"sent": mailing.sent, "opened": mailing.opened, "hurried": mailing.hurried, "cost": mailing.cost}
    return counts | {"refused": int(mailing.refuses.sum())}


def _life(world: World, lives: Lives) -> Life:
    life, rescue, visits = lives.life, lives.rescue, lives.visits
    done = life.months[: (world.day + 1) // MONTH]
    kinds = zip(("push", "adviser"), rescue.tally.tolist(), strict=True)
    found = _stages(world, visits)
    here = [one.promoters for one in found[:HERE]]
    return Life(
        churn=tuple(churn(done)),
        left=visits.left,
        returned=visits.returned,
        stages=found,
        cases=tuple(Cases(kind, row[CASES], row[WORKED], row[COST], row[BROUGHT]) for kind, row in kinds if row[CASES]),
        acts={name: count for name, count in zip(ACTS, life.acts.tolist(), strict=True) if count},
        new_promoters=here[0] / sum(here) if sum(here) else None,
    )


def churn(months: NDArray[np.int64]) -> Sequence[float]:
    """The part of the members that left in each month but the first, of those who were not gone when it began."""
    there = months[:-1, :_LEFT].sum(1) - months[:-1, STAGES.index("lost")]
    left: list[float] = (months[1:, _LEFT] / np.maximum(there, 1)).tolist()
    return left


def _stages(world: World, visits: Visits) -> tuple[Stage, ...]:
    stage, members, crowd = stages(world, visits), world.members, world.crowd
    promotes = (crowd["shares"][members] > 0) | (crowd["shared"][members] > 0)
    return tuple(
        Stage(
            name,
            int((stage == number).sum()),
            int((promotes & (stage == number)).sum()),
            int(visits.income[members[stage == number]].sum()),
        )
        for number, name in enumerate(STAGES)
    )
