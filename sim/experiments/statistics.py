"""From replications to verdicts: which arm differs from the baseline, by how much, how sure, and who wins.

Replication *r* of every arm lives the same market with the same luck, so arms are compared pair by pair.
Only numpy and scipy; no files, no randomness.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sim import special
from sim.experiments.effects import (
    ALPHA,
    Effect,
    Value,
    Verdict,
    holm,
    judged,
    mean_of,
    measure,
    number,
    turned,
)
from sim.experiments.guards import Guard, Kept, judge, unkept
from sim.experiments.metric_names import NAMES
from sim.experiments.sequential import Look

__all__ = [
    "ALPHA",
    "Comparison",
    "Effect",
    "Luck",
    "Reason",
    "Value",
    "Values",
    "Verdict",
    "Winner",
    "compare",
    "holm",
    "replications_needed",
    "winner",
]

Values = Mapping[str, Sequence[Mapping[str, Value]]]
"""`values[arm][replication][metric]`; replication *r* of one arm is paired with *r* of every other."""

Luck = Literal["common", "independent"]
"""Whether replication *r* of every arm draws the same luck, or each arm its own."""

Reason = Literal["won", "breach", "guard", "not_shown", "no_difference", "one_arm", "one_replication", "no_data"]


@dataclass(frozen=True)
class Winner:
    """Which arm earns most, if that is shown and allowed."""

    arm: str | None
    """The winner, or None: then `reason` says why there is none."""
    reason: Reason
    best: str | None
    """The arm with the highest mean contribution, shown or not, allowed or not."""
    best_allowed: str | None
    """The arm without a breach, and with every guardrail held, that is shown to earn more than all others of these."""
    against: str | None = None
    """The arm that `lead` compares `best` with: the baseline once `best` is shown to be above all (the
    runner-up where it is the baseline itself), else the rival it can least be told from."""
    lead: Effect | None = None
    """Contribution of `best` against that arm, from the side of `best`."""


@dataclass(frozen=True)
class Comparison:
    """All arms of one experiment, compared."""

    arms: tuple[str, ...]
    """In the order given; `baseline` is one of them."""
    baseline: str
    replications: int
    confidence: float
    means: Mapping[str, Mapping[str, Value]]
    """Mean of every metric by arm over the replications that have it; exact where there is only one."""
    effects: tuple[Effect, ...]
    breaches: frozenset[str]
    winner: Winner
    luck: Luck = "common"
    guards: tuple[Kept, ...] = ()
    """Every guardrail under every arm it says something of."""
    look: Look | None = None
    """At which growing data were looked at, and for which intervals and p values hold."""

    def effect(self, name: str, arm: str) -> Effect | None:
        """The effect of `arm` on metric `name`; None for the baseline or an unknown metric."""
        return next((e for e in self.effects if e.name == name and e.arm == arm), None)

    def to_dict(self) -> dict[str, object]:
        """The keys of `fenxiao compare --json`."""
        return {
            "arms": list(self.arms),
            "baseline": self.baseline,
            "replications": self.replications,
            "confidence": self.confidence,
            "luck": self.luck,
            "metrics": [effect.to_dict() for effect in self.effects],
            "winner": self.winner.arm,
            "winner_reason": self.winner.reason,
            "best": self.winner.best,
            "best_allowed": self.winner.best_allowed,
            "breaches": sorted(self.breaches),
            "guards": [kept.to_dict() for kept in self.guards],
        }


def compare(
    values: Values,
    baseline: str | None = None,
    metrics: Sequence[str] = NAMES,
    breaches: Collection[str] = (),
    confidence: float = 0.95,
    luck: Luck = "common",
    guards: Sequence[Guard] = (),
    look: Look | None = None,
) -> Comparison:
    """Every arm against the baseline, metric by metric, and the winner.

    Args:
        values: one mapping of metric to value per arm and replication; None and NaN mean "has none".
        baseline: its arm; the first if left out.
        metrics: which ones, in this order; those that no replication has are left out.
        breaches: arms that break the rulebook and so cannot win.
        confidence: of the intervals.
        luck: how the replications were drawn; only told, the tests hold for both.
        guards: what an arm must be shown to keep to win.
        look: at which these replications are looked at, where they were looked at before.

    Raises:
        ValueError: no arm, unequal numbers of replications, or an unknown baseline or arm.
    """
    arms, replications = _checked(values, baseline, breaches)
    first = arms[0] if baseline is None else baseline
    present = [m for m in metrics if any(m in row for rows in values.values() for row in rows)]
    pairs = [(name, arm) for name in present for arm in arms if arm != first]
    raw = [measure(name, arm, values[first], values[arm], confidence, look) for name, arm in pairs]
    adjusted = holm([effect.p for effect in raw])
    effects = tuple(judged(effect, p) for effect, p in zip(raw, adjusted, strict=True))
    kept = judge(guards, values, first, confidence, look)
    return Comparison(
        arms=arms,
        baseline=first,
        replications=replications,
        confidence=confidence,
        means={arm: {name: _mean_of(values[arm], name) for name in present} for arm in arms},
        effects=effects,
        breaches=frozenset(breaches),
        winner=winner(values, first, effects, breaches, unkept(kept), look),
        luck=luck,
        guards=kept,
        look=look,
    )


def winner(
    values: Values,
    baseline: str,
    effects: Sequence[Effect],
    breaches: Collection[str] = (),
    unguarded: Collection[str] = (),
    look: Look | None = None,
) -> Winner:
    """The arm whose contribution is shown to be above every other arm's, if it keeps to rulebook and guardrails.

    Against the baseline it takes the adjusted p value of `effects`, so that winner and table never disagree;
    two other arms are tested against each other in one Holm family together with all of `effects`.
    """
    means = {arm: _mean_of(rows, "contribution") for arm, rows in values.items()}
    known = {arm: mean for arm, mean in means.items() if mean is not None}
    if len(known) < len(means):
        return Winner(None, "no_data", None, None)
    best = max(known, key=lambda arm: known[arm])
    if len(known) == 1:
        return Winner(None, "one_arm", best, None)
    tests = _contribution_tests(values, baseline, effects, look)
    if len(tests) < len(known) * (len(known) - 1):
        return Winner(None, "no_data", best, None)
    allowed = [arm for arm in known if arm not in breaches and arm not in unguarded]
    best_allowed = next((arm for arm in allowed if _beats(arm, allowed, tests)), None)
    bar: Reason | None = "breach" if best in breaches else "guard" if best in unguarded else None
    reason = _reason(best, list(known), tests, bar)
    if reason in {"won", "breach", "guard"} and best != baseline:
        against = baseline
    elif reason in {"won", "breach", "guard"}:
        against = max((arm for arm in known if arm != best), key=lambda arm: known[arm])
    else:
        against = max((arm for arm in known if arm != best), key=lambda arm: _doubt(tests[best, arm]))
    winning = best if reason == "won" else None
    return Winner(winning, reason, best, best_allowed, against, tests[best, against])


def replications_needed(effect: Effect, tests: int, power: float = 0.8) -> int | None:
    """About how many replications would show a difference of the size seen, were it the true one.

    Args:
        effect: the effect as seen so far.
        tests: how many tests the comparison makes (each gets its part of `ALPHA`).
        power: chance of showing it.
    """
    if not effect.difference or not effect.deviation:
        return None
    ratio = effect.deviation / abs(effect.difference)
    if not math.isfinite(ratio * ratio):
        return None
    z = -float(special.ndtri(ALPHA / max(tests, 1) / 2) + special.ndtri(1 - power))
    # The normal formula is short by about z²/2 where the deviation is estimated from the same few runs.
    return max(2, math.ceil((z * ratio) ** 2 + z * z / 2))


def _contribution_tests(
    values: Values, baseline: str, effects: Sequence[Effect], look: Look | None
) -> dict[tuple[str, str], Effect]:
    """Every ordered pair of arms (first, second): the contribution of the first against the second."""
    others = [arm for arm in values if arm != baseline]
    extra = [(b, a) for i, a in enumerate(others) for b in others[i + 1 :]]
    raw = [measure("contribution", b, values[a], values[b], 0.95, look) for b, a in extra]
    adjusted = holm([e.p for e in effects] + [e.p for e in raw])[len(effects) :]
    tests = {(e.arm, baseline): e for e in effects if e.name == "contribution"}
    tests |= {pair: judged(e, p) for pair, e, p in zip(extra, raw, adjusted, strict=True)}
    return tests | {(b, a): turned(effect, b) for (a, b), effect in tests.items()}


def _beats(arm: str, rivals: Sequence[str], tests: Mapping[tuple[str, str], Effect]) -> bool:
    """Whether `arm` is shown to earn more than each of `rivals` (itself left out)."""
    return all(tests[arm, rival].verdict == "higher" for rival in rivals if rival != arm)


def _reason(best: str, arms: Sequence[str], tests: Mapping[tuple[str, str], Effect], bar: Reason | None) -> Reason:
    if _beats(best, arms, tests):
        return bar or "won"
    if all(test.verdict == "no difference" for test in tests.values()):
        return "no_difference"
    untested = any(test.p is None for test in tests.values())
    return "one_replication" if untested else "not_shown"


def _doubt(effect: Effect) -> tuple[float, float]:
    """Larger where `effect` is less sure; between equals, where it is smaller."""
    return (1.0 if effect.p is None else effect.p, -(effect.difference or 0.0))


def _checked(values: Values, baseline: str | None, breaches: Collection[str]) -> tuple[tuple[str, ...], int]:
    """The arms and the number of replications, once the input is known to be whole."""
    arms = tuple(values)
    counts = {arm: len(rows) for arm, rows in values.items()}
    if not arms:
        raise ValueError("`values` must hold at least one arm, but it is empty.")
    if len(set(counts.values())) > 1 or min(counts.values()) < 1:
        raise ValueError(f"Every arm must have the same number of replications, at least 1, but got {counts}.")
    if unknown := {a for a in (baseline, *breaches) if a is not None} - set(arms):
        raise ValueError(f"`baseline` and `breaches` must name arms of {list(arms)}, but got {sorted(unknown)}.")
    return arms, counts[arms[0]]


def _mean_of(rows: Sequence[Mapping[str, Value]], name: str) -> Value:
    numbers = [v for v in (number(row.get(name)) for row in rows) if v is not None]
    return mean_of(numbers) if numbers else None
