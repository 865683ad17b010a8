"""What one estimator found: values of parameters, the posterior they come from, and what it cannot say, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sim.behaviour.posterior import Block, Rate, intervals_of
from sim.experiments.metric_names import Text

Way = Literal["likelihood", "indirect", "beta", "moments"]
FEWEST = 30
"""Cases below which no part of a whole is estimated."""

WAYS: dict[Way, Text] = {
    "likelihood": Text("最大似然（Laplace 近似）", "maximum likelihood (Laplace)"),
    "indirect": Text("最大似然，扣除按件取整", "maximum likelihood, freed of whole pieces"),
    "beta": Text("比例（Beta 后验）", "share (Beta posterior)"),
    "moments": Text("矩估计", "moments"),
}


@dataclass
class Found:
    """Values of parameters of behaviour.

    Attributes:
        values: by parameter. ways: how each was found. blocks: the posterior. intervals: 90 %, where there is one.
        cases: how many observations each rests on. missing: why others could not be found, by parameter.
        cautions: what is found, but with an assumption that may not hold, by parameter.
    """

    values: dict[str, float | list[float]] = field(default_factory=dict)
    ways: dict[str, Way] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    missing: dict[str, Text] = field(default_factory=dict)
    cautions: dict[str, Text] = field(default_factory=dict)

    def add(self, block: Block, way: Way, cases: int) -> None:
        """Take over a block: its centre as values."""
        self.blocks.append(block)
        for name, value in block.centre().items():
            self.values[name], self.ways[name], self.cases[name] = value, way, cases
        self.intervals |= intervals_of([block])

    def add_rate(self, name: str, yes: int, cases: int, why_not: Text | None = None) -> None:
        """A share of cases; too few, and it is missing."""
        if cases < FEWEST:
            self.missing[name] = why_not or few(cases)
        else:
            self.add(Rate.of(name, yes, cases), "beta", cases)

    def lacks(self, names: Sequence[str], why: Text) -> None:
        """Note that some parameters could not be found."""
        self.missing |= dict.fromkeys(names, why)

    def take(self, other: Found) -> None:
        """Add what another estimator found."""
        self.blocks += other.blocks
        for name in ("values", "ways", "intervals", "cases", "missing", "cautions"):
            getattr(self, name).update(getattr(other, name))


def few(cases: int) -> Text:
    """There are too few cases."""
    return Text(f"只有 {cases} 例，至少需要 {FEWEST} 例", f"only {cases} cases, {FEWEST} are needed")
