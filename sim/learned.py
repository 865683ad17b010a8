"""What an operator who learns believes of her plans at the end of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.actors.learner import Learner

if TYPE_CHECKING:
    from sim.model import StoreModel


@dataclass(frozen=True)
class Learned:
    """One plan, as she sees it.

    Attributes:
        plan: its name. looks: at days under it. reward: of these looks, mean fen for every 1,000 members; None = none.
        belief: its reward at the next look, and deviation: how unsure that is, in fen for every 1,000 members.
    """

    plan: str
    looks: int
    reward: float | None
    belief: float
    deviation: float


def learned_of(model: StoreModel) -> tuple[Learned, ...]:
    """Plan by plan; nothing where nobody learns, or nothing was learned yet."""
    return tuple(
        row for one in model.parts if isinstance(one, Learner) and one.rewards for row in _believed(one, model)
    )


def _believed(learner: Learner, model: StoreModel) -> list[Learned]:
    beliefs, found = learner.beliefs(), []
    for place, number in enumerate(learner.plans):
        seen = [reward for tried, reward in zip(learner.tried, learner.rewards, strict=True) if tried == place]
        mean = sum(seen) / len(seen) if seen else None
        ends = float(beliefs.mean[place]), float(beliefs.deviation[place])
        found.append(Learned(model.plans[number].plan, len(seen), mean, *ends))
    return found
