"""What is tried: two plans in a market, for how long, and what may cross between the arms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rules.errors import InputError
from rules.plan.model import Plan
from sim.actors.parts import ChangesPlans
from sim.scenario import Scenario

Spillover = Literal["all", "communities", "none"]
"""How far links travel: as the market says; inside the sharer's community only; not to people of another arm. But in
the first case, the share kit does not learn either."""

Design = Literal["user", "community", "tree", "grey", "time"]
DESIGNS: tuple[Design, ...] = ("user", "community", "tree", "grey", "time")

STAGES = (100_000, 250_000, 500_000)
"""Share of all people, in parts per million, that a grey release reaches in its first two quarters and second half."""
_HORIZONS = 6
_SHOPWIDE = ("care", "messages", "points")
"""Sections that a world applies to everybody as the first arm's plan has them, whatever arm a member is in."""


@dataclass(frozen=True)
class Trial:
    """A trial of plan B, the second, against plan A, the first.

    Attributes:
        people: size of the market. before: days that everybody lives under A first.
        days: length of the trial. block: days until a time split may change sides. washout: days at the beginning of
            each block that it does not count.
        seed: of the first replication; each further one has the next. designs: that are tried.
    """

    scenario: Scenario
    plans: tuple[Plan, Plan]
    people: int
    before: int
    days: int
    block: int
    washout: int
    seed: int
    replications: int
    spillover: Spillover = "all"
    designs: tuple[Design, ...] = DESIGNS

    @property
    def market(self) -> Scenario:
        """The scenario, with links as far as they may travel, and a share kit that learns only where all may leak.

        A kit that publishes what is clicked most learns from one arm what it publishes in the other.
        """
        update: dict[str, object] = {}
        if self.spillover != "all" and self.scenario.materials:
            update["materials"] = self.scenario.materials.model_copy(update={"choose": "any"})
        if self.spillover == "communities":
            update["behaviour"] = self.scenario.behaviour | {"local": 1.0}
        return self.scenario.model_copy(update=update)

    @property
    def horizons(self) -> tuple[int, ...]:
        """Days after which the trial is evaluated: whole pairs of blocks, the last is its end."""
        pairs = self.days // (2 * self.block)
        chosen = {round(pairs * (place + 1) / _HORIZONS) for place in range(_HORIZONS)} - {0}
        return tuple(2 * self.block * one for one in sorted(chosen | {pairs}))

    @property
    def stages(self) -> tuple[tuple[int, int], ...]:
        """The stages of a grey release: day of the run, share of all people in parts per million."""
        starts = (0, self.days // 4, self.days // 2)
        return tuple((self.before + start, share) for start, share in zip(starts, STAGES, strict=True))

    @property
    def cuts(self) -> tuple[int, ...]:
        """Mornings on which figures are taken: of the first day, of every stage, and after every horizon."""
        stages = {day for day, _ in self.stages}
        return tuple(sorted({self.before, *stages, *(self.before + one for one in self.horizons)}))


def check(trial: Trial) -> None:
    """Refuse what cannot be tried, before anything runs.

    Raises:
        InputError: days that do not fit together, no design, or plans and actors that no split can tell apart.
    """
    if trial.days % (2 * trial.block) or trial.days < 4 * trial.block:
        allowed = f"a multiple of {2 * trial.block} days (two blocks), at least {4 * trial.block}"
        raise InputError(f"a trial of {trial.days} days has no pairs of blocks of {trial.block} days", allowed=allowed)
    if trial.washout >= trial.block:
        raise InputError(f"a washout of {trial.washout} days leaves nothing of a block", allowed=f"0-{trial.block - 1}")
    if not set(trial.designs) - ({"grey"} if trial.spillover == "none" else set()):
        raise InputError("no design is left to try", allowed="one at least; a grey release needs links between arms")
    if names := list(_shopwide(*trial.plans)):
        raise InputError(
            f"the plans {trial.plans[0].plan} and {trial.plans[1].plan} differ in {', '.join(names)}, which act on "
            "everybody in one world",
            allowed="plans that differ in what is paid and to whom; `fenxiao compare` takes any",
        )
    for actor in trial.scenario.actors:
        if isinstance(actor, ChangesPlans):
            raise InputError(
                f"the scenario {trial.scenario.scenario} has an actor {actor.kind}, who changes plans during the trial",
                allowed="a scenario in which nobody else does",
            )


def _shopwide(one: Plan, other: Plan) -> Iterator[str]:
    return (name for name in _SHOPWIDE if getattr(one, name) != getattr(other, name))
