"""Branching 分支: a world goes on under another plan from a morning on.

What was paid, fixed or booked before stays as it is. People keep the rank of the same name, and read the new plan that
morning. It must be as if the rules had known of the plan all along, to the bit: a plan that needs what this world has
not counted (the volume of whole teams, say, or of other periods) is refused, unless the world was told of it when it
was made (`StoreModel(plans=...)`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rules.engine import Engine
from rules.errors import InputError
from rules.events import DAY
from rules.plan.compiled import Compiled
from rules.plan.model import Plan
from sim.model import StoreModel, open_engine
from sim.store.memory import MemoryStore

_COUNTED = {
    "pools": "the company's volume",
    "team_volumes": "the volume of whole teams",
    "late_uplines": "people above a buyer that are read late",
}
"""What a book keeps if any of its plans asks for it."""


def branch(model: StoreModel, plan: Plan) -> None:
    """Put a plan in force from this morning on; nothing happens if it is already.

    Raises:
        InputError: the plan lacks a rank that somebody holds, or needs what this world has not counted.
    """
    if plan == model.plan:
        return
    _refuse_lost_ranks(model, plan)
    if plan not in model.plans:
        _make_known(model, plan)
    model.put_in_force(model.plans.index(plan))


def _refuse_lost_ranks(model: StoreModel, plan: Plan) -> None:
    """Nobody may lose a rank for want of a name for it."""
    old, new = ([rank.id for rank in one.ranks] for one in (model.plan, plan))
    members = model.store.book.members
    numbers = np.concatenate([members["rank"], members["next_rank"][members["next_rank"] >= 0]])
    held = np.bincount(numbers, minlength=len(old))
    for number, name in enumerate(old):
        if held[number] and name not in new:
            raise InputError(
                f"the plan {plan.plan} has no rank {name!r}, which {held[number]:,} people of this world hold",
                allowed=f"a plan with a rank of that id; it has {', '.join(new)}",
            )


def _make_known(model: StoreModel, plan: Plan) -> None:
    """Let the engine know of one more plan."""
    store = model.store
    assert isinstance(store, MemoryStore)
    assert isinstance(store.engine, Engine)
    old, plans = store.engine, [*model.plans, plan]
    new = open_engine(plans, model.names, len(old.book.members), model.world.start)
    if missed := list(_missed(old, new)):
        raise InputError(
            f"the plan {plan.plan} needs what this world has not counted so far: {', '.join(missed)}",
            allowed="a plan that needs the same, or a world that is made anew with `--later` and this plan",
        )
    for name in ("titles", "budgets", "arms", "skus", "standings"):
        before, blank = getattr(old.book, name), getattr(new.book, name)
        blank[: len(before)] = before
        setattr(old.book, name, blank)
    store.engine = Engine(new.plans, old.book, new.arm_ranks, new.campaign_ids)
    model.world.arms = plans[1:]
    model.programmes.know(model.world, model.plans, model.names)


def _missed(old: Engine, new: Engine) -> Iterator[str]:
    """What the book would have kept if the plan had been known from the beginning."""
    before, after = old.plans.plans, new.plans.plans[: len(old.plans.plans)]
    for name, told in _COUNTED.items():
        if (before[name] != after[name]).any():
            yield told
    if not np.array_equal(old.plans.meters, new.plans.meters):
        yield "volumes of other periods or people"
    if old.book.skus.shape[1:] != new.book.skus.shape[1:]:
        yield "what the shares of each product led to"
    began = new.plans.races[len(old.plans.races) :]["first"] * DAY <= old.book.clock[0]["now"]
    if began.any():
        yield "what a contest compares, which has begun"
    if not _same_rows(old.plans, new.plans):
        yield "numbers of plans' own parts"


def _same_rows(old: Compiled, new: Compiled) -> bool:
    """Whether whatever rows of a book refer to has kept its number."""
    names = ("plans", "campaigns", "bonuses", "coupons", "gifts", "races", "contests", "prizes")
    pairs = [(getattr(old, name), getattr(new, name)) for name in names]
    others = [name for name in old.plans.dtype.names or () if name not in _COUNTED]
    pairs[0] = (old.plans[others], new.plans[others])
    return all(np.array_equal(one, two[tuple(slice(0, size) for size in one.shape)]) for one, two in pairs)
