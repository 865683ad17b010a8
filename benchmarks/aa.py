"""Comparisons of a plan with itself, where luck is independent: how often is a difference shown that is none?

1,000 comparisons of five replications each, in a small lively market of 45 days. Each metric's test is held against its
5 % by the exact binomial; all metrics together, by Holm, against 5 %. Power is measured against an effect planted by
arithmetic (GMV of one arm times 1 + effect), beside what Student's t promises, and against a plan that really pays
more, with common luck and without. Not part of `make bench`: it takes half an hour of processor time.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
from scipy import stats

from benchmarks.common import Figures, command, tell
from rules.plan.read import read_plan
from scenarios.find import find
from sim.experiments.effects import ALPHA, Value
from sim.experiments.metric_names import NAMES
from sim.experiments.pool import at_work
from sim.experiments.replication import plain
from sim.experiments.sequential import Look, Spending
from sim.experiments.statistics import compare
from sim.model import StoreModel
from sim.scenario import Scenario, read_scenario

FIGURES = {
    "levels": "by metric: tests, how many found a difference at 5 %, exact binomial p of that many",
    "family": "comparisons in which any metric was shown to differ, after Holm",
    "sequential": "A/A sequences of 20 pairs looked at after 5, 10 and 20, in which any look found a difference of GMV",
    "planted": "by effect planted on GMV: found at 5 %, and what the noncentral t promises",
    "plan": "a plan that pays more: relative effect on GMV, and how often it was found, common and independent luck",
}
PLANS = ("three_tier", "three_tier_more")
PEOPLE, DAYS, PAIRS = 600, 45, 5
LOOKS = (5, 10, 20)
EFFECTS = (0.25, 0.5, 1.0)
Row = Mapping[str, Value]
Job = tuple[int, int]
"""Number of the plan, and seed."""


def market() -> Scenario:
    """The shipped three-tier market, with traffic of a larger one, and without what only takes time."""
    shipped = read_scenario(*find("markets", "three_tier"))
    lively = {"organic": 0.006, "first_delay": 3, "seeds": 6}
    quiet = {"materials": None, "warehouses": [], "suppliers": [], "calendar": []}
    return shipped.model_copy(update={"behaviour": shipped.behaviour | lively, **quiet})


def one_run(job: Job) -> dict[str, Value]:
    """The metrics of a plan with a seed."""
    plan = read_plan(*find("plans", PLANS[job[0]]))
    model = StoreModel(scenario=market(), plan=plan, people=PEOPLE, days=DAYS, seed=job[1])
    model.run()
    return {name: plain(value) for name, value in model.metrics.totals().items()}


def all_runs(jobs: Sequence[Job], workers: int) -> dict[Job, Row]:
    """Every run, by its job."""
    done: dict[Job, Row] = {}
    for job, row in at_work(one_run, jobs, workers):
        done[job] = row
        if len(done) % 500 == 0:
            tell(f"{len(done):,} of {len(jobs):,} runs")
    return done


def measure(small: bool, workers: int = 2, out: Path | None = None) -> Figures:
    """All figures; `out` gets them with every run's metrics."""
    comparisons, started = (4 if small else 1_000), perf_counter()
    really = 1 if small else 200
    runs = comparisons * PAIRS * 2
    jobs = [(0, seed) for seed in range(runs)] + [(1, seed) for seed in range(really * PAIRS)]
    done = all_runs(jobs, workers)
    same = [done[0, seed] for seed in range(runs)]
    found = aa(same) | {"sequential": sequential(same), "planted": planted(same), "plan": plan_found(done, really)}
    found |= {"comparisons": comparisons, "runs": len(jobs), "seconds": round(perf_counter() - started)}
    if out:
        out.write_text(json.dumps(found | {"rows": same}), encoding="utf-8")
    return found


def aa(rows: Sequence[Row]) -> Figures:
    """False positives of each metric, and of all together."""
    counts: dict[str, list[int]] = {name: [0, 0] for name in NAMES}
    wrong, pairs = 0, PAIRS * 2
    batches = [rows[at : at + pairs] for at in range(0, len(rows), pairs)]
    for batch in batches:
        compared = compare({"a": batch[:PAIRS], "b": batch[PAIRS:]}, luck="independent")
        wrong += any(effect.verdict in {"higher", "lower"} for effect in compared.effects)
        for effect in compared.effects:
            if effect.p is not None and effect.verdict != "no difference":
                counts[effect.name][0] += 1
                counts[effect.name][1] += effect.p < ALPHA
    levels = {name: _held(found, tests) for name, (tests, found) in counts.items() if tests}
    return {"levels": levels, "family": _held(wrong, len(batches))}


def sequential(rows: Sequence[Row]) -> Figures:
    """The level of several looks, for each way to spend error; and of looks as if each were the only one."""
    pairs = np.array([row["gmv"] for row in rows], np.float64).reshape(-1, 2, LOOKS[-1])
    differences = pairs[:, 1] - pairs[:, 0]
    p = np.array([stats.ttest_1samp(differences[:, :n], 0, axis=1).pvalue for n in LOOKS])
    ways: tuple[Spending, ...] = ("obrien_fleming", "pocock")
    found = {}
    for way in ways:
        levels = [Look(LOOKS[: k + 1], LOOKS[-1], spending=way).level for k in range(len(LOOKS))]
        found[way] = _held(int((p < np.array(levels)[:, None]).any(axis=0).sum()), p.shape[1])
    return found | {"none": _held(int((p < ALPHA).any(axis=0).sum()), p.shape[1])}


def planted(rows: Sequence[Row]) -> Figures:
    """Power against GMV that is larger by arithmetic: `effect` standard deviations of a difference."""
    gmv = np.array([row["gmv"] for row in rows], np.float64).reshape(-1, 2, PAIRS)
    spread = float(np.std(gmv) * np.sqrt(2))
    critical = stats.t.ppf(1 - ALPHA / 2, PAIRS - 1)
    found = {}
    for effect in EFFECTS:
        p = stats.ttest_1samp(gmv[:, 1] - gmv[:, 0] + effect * spread, 0, axis=1).pvalue
        away = effect * np.sqrt(PAIRS)
        promised = stats.nct.sf(critical, PAIRS - 1, away) + stats.nct.cdf(-critical, PAIRS - 1, away)
        found[str(effect)] = {"found": round(float((p < ALPHA).mean()), 3), "promised": round(float(promised), 3)}
    return found


def plan_found(done: Mapping[Job, Row], comparisons: int) -> Figures:
    """How often five pairs show what a plan does to GMV: the same seeds, and seeds of other runs."""
    seeds = np.arange(comparisons * PAIRS)
    base, other = (np.array([done[plan, int(seed)]["gmv"] for seed in seeds], np.float64) for plan in (0, 1))
    apart = np.array([done[0, int(seed) + len(seeds)]["gmv"] for seed in seeds], np.float64)
    found: Figures = {"relative": round(float(other.mean() / base.mean() - 1), 4)}
    for name, against in (("common", base), ("independent", apart)):
        differences = (other - against).reshape(comparisons, PAIRS)
        found[name] = round(float((stats.ttest_1samp(differences, 0, axis=1).pvalue < ALPHA).mean()), 3)
    return found | {"variance_ratio": round(float(np.var(other - apart) / np.var(other - base)), 1)}


def _held(found: int, tests: int) -> Figures:
    """A rate against 5 %."""
    p = float(stats.binomtest(found, tests, ALPHA).pvalue)
    return {"tests": tests, "rate": round(found / tests, 4), "p": round(p, 4)}


def _more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--out", type=Path, help="file for all figures and every run's metrics")


if __name__ == "__main__":
    command("aa", measure, FIGURES, _more)
