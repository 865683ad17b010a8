"""The attack as a job: the search and what closes its finds, as `fenxiao redteam` does them."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from app.jobs import Tell
from app.warming import warm
from rules.plan.model import Plan
from sim.redteam.world import Means
from sim.report.redteam import Finding
from sim.scenario import Scenario

SEED = 1


@dataclass(frozen=True)
class Asked:
    """What is to be attacked, and with what; `name` is the plan's for the command line."""

    market: Scenario
    plan: Plan
    name: str
    means: Means
    guard: bool
    budget: int

    @property
    def command(self) -> str:
        """The command that finds the same."""
        means, guard = self.means, "--guard" if self.guard else "--no-guard"
        sizes = (
            f"--accounts {means.accounts} --days {means.days} --capital {means.capital // 100} --budget {self.budget}"
        )
        return f"fenxiao redteam {shlex.join([self.name, self.market.scenario])} {sizes} {guard} --seed {SEED}"


@dataclass(frozen=True)
class Attack:
    """What came of it; `tried` are the tries of each way that fits the plan."""

    asked: Asked
    findings: tuple[Finding, ...]
    made: int
    tried: dict[str, int]


def attack(tell: Tell, asked: Asked) -> Attack:
    """Search, then look for what closes each find. Tells ("tries", how many, of which way), ("closing", n, of)."""
    from sim.redteam.closing import closing
    from sim.redteam.search import red_team
    from sim.redteam.world import world_of
    from sim.report.redteam import finding_of

    warm(tell)
    world = world_of(asked.plan, asked.market, asked.means, asked.guard)
    tried: dict[str, int] = {}

    def told(tries: int, name: str) -> None:
        tried[name] = tries
        tell(("tries", tries, name))

    found, made = red_team(world, asked.budget, SEED, told)
    findings = []
    for number, one in enumerate(found, 1):
        tell(("closing", number, len(found)))
        findings.append(finding_of(one, closing(one, world, SEED), world))
    return Attack(asked, tuple(findings), made, tried)
