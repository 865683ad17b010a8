"""One replication: one plan in one world with one seed. Everything else is who calls it, and how often."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator

from rules.book import Book
from rules.compliance.evidence import Evidence
from rules.plan.model import Plan
from sim.behaviour.inviting import rewards
from sim.compliance.alerts import Alert, alerts_of
from sim.experiments.gains import Earned
from sim.goods import GoodsFigures, figures_of, labour_of
from sim.leaderboard import Board, boards
from sim.learned import Learned, learned_of
from sim.members import Members, members_of
from sim.model import Sink, StoreModel
from sim.money import Money, labour_by_day, weeks
from sim.outreach import NOTHING, Outreach, outreach_of
from sim.retention import Retention, retention_of
from sim.risk.marks import Marks, marks_of
from sim.scenario import Scenario
from sim.seeds import SeedFigures, seeds_brought
from sim.since import Since
from sim.versions import VersionFigures, versions_of

Value = float | int | None


def _keys_apart(kept: dict[Any, int]) -> dict[Any, int]:
    return {tuple(key.rsplit(",", 1)) if isinstance(key, str) else key: fen for key, fen in kept.items()}


Components = Annotated[dict[tuple[str, int], int], BeforeValidator(_keys_apart)]
"""Fen by component and level; in JSON both are one key with a comma between."""


@dataclass(frozen=True)
class Outcome:
    """What one replication gives; amounts in fen.

    Attributes:
        metrics: the metric dictionary of the run. daily: the same by day.
        incomes: earned by everybody who shared or earned, ascending. earned: the same by person.
        components: net commission by component and level.
        funnel: shares, clicks, registrations, first orders.
        observed: what there is to hold against a rulebook.
        alerts: figures that were far from usual, by day.
        marks: how good the risk desk was; None where the scenario has none.
        outreach: what share kit and communities brought.
        weeks: money by week. attributed: fen of goods paid that belong to a promoter.
        goods: what became of the goods.
        boards: the leaderboards of its contests.
        members: what became of them; None where nothing of it was simulated.
        seeds: what each kind of seeds brought; nothing where the scenario does not say how it begins.
        versions: of its plan, where somebody may change it.
        learned: what an operator who learns believes of her plans.
        labour: fen that people cost who look at cases, by kind.
        retention: who stayed, and what new promoters get beside old ones.
        period_entries: entries that the closes of periods made, corrections included.
        inviters: members who invited as many people as the plan asks for a reward, at least once.
    """

    seed: int
    seconds: float
    metrics: dict[str, Value]
    daily: dict[str, list[Value]]
    incomes: list[int]
    components: Components
    funnel: tuple[int, int, int, int]
    observed: Evidence
    alerts: tuple[Alert, ...] = ()
    marks: Marks | None = None
    weeks: tuple[Money, ...] = ()
    attributed: int = 0
    outreach: Outreach = NOTHING
    goods: GoodsFigures = field(default_factory=GoodsFigures)
    boards: tuple[Board, ...] = ()
    members: Members | None = None
    seeds: tuple[SeedFigures, ...] = ()
    versions: tuple[VersionFigures, ...] = ()
    learned: tuple[Learned, ...] = ()
    labour: dict[str, int] = field(default_factory=dict)
    retention: Retention = field(default_factory=Retention)
    period_entries: int = 0
    inviters: int = 0
    earned: Earned = field(default_factory=Earned)


def replicate(
    scenario: Scenario,
    plan: Plan,
    people: int,
    days: int,
    seed: int,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    sink: Sink | None = None,
) -> Outcome:
    """Run a world to its end.

    Args:
        workers: threads; the result is the same bits for any number.
        progress: told days done and days in all.
        sink: gets every day's events and entries.
    """
    started = time.perf_counter()
    model = StoreModel(scenario=scenario, plan=plan, people=people, days=days, seed=seed, workers=workers, sink=sink)
    model.run(progress)
    return outcome_of(model, seed, time.perf_counter() - started)


def outcome_of(model: StoreModel, seed: int, seconds: float, since: Since | None = None) -> Outcome:
    """What there is to say of a model that has run.

    Args:
        seed, seconds: to note. since: the morning from which on `metrics`, `daily`, `incomes`, `earned`,
            `components`, `funnel`, `weeks`, `attributed` and `labour` count; the first if left out. All else is
            of the whole world.
    """
    counted = since or model.metrics
    totals, flows = counted.totals(), counted.flows()
    book, daily = model.store.book, model.metrics.daily()
    earners, earned = counted.earners()
    labour = labour_by_day(model.metrics, book, model.conditions.labour, labour_of(model))
    if since:
        labour = {kind: column[since.row :] for kind, column in labour.items()}
    return Outcome(
        seed=seed,
        seconds=seconds,
        metrics={name: plain(value) for name, value in totals.items()},
        daily={name: [plain(value) for value in column] for name, column in counted.daily().items()},
        incomes=counted.incomes().tolist(),
        components=counted.components(),
        funnel=(
            int(totals["shares"] or 0),
            int(totals["clicks"] or 0),
            int(totals["new_members"] or 0),
            int(flows["new_buyers"].sum()),
        ),
        observed=model.watch.evidence(book, model.lived_under, model.names),
        alerts=tuple(alerts_of(daily, book, model.names, model.world.start)),
        marks=marks_of(model.desk, book) if model.desk else None,
        outreach=outreach_of(model),
        weeks=tuple(weeks(counted, book, labour)),
        attributed=int(flows["attributed_gmv"].sum()),
        goods=figures_of(model),
        boards=boards(book, model.plans, model.names),
        members=members_of(model.world, model.programmes, book, int(flows["programme_cost"].sum())),
        seeds=seeds_brought(model),
        versions=versions_of(model),
        learned=learned_of(model),
        labour={kind: int(column.sum()) for kind, column in labour.items()},
        retention=retention_of(model),
        period_entries=int((book.rows("entries")["period"] >= 0).sum()),
        inviters=inviters(model.plan, book),
        earned=Earned.of(earners, earned, book.members["rank"][earners]),
    )


def inviters(plan: Plan, book: Book) -> int:
    """Members who invited as many people as a plan asks for a reward, at least once; 0 where it asks for none."""
    reached = np.zeros(len(book.members), np.bool_)
    for bonus in rewards(plan):
        invited = book.members["invited_buyers" if bonus.counted == "first_order" else "invited"]
        reached |= invited >= (bonus.count or 0)
    return int(reached.sum())


def plain(value: np.integer[Any] | np.floating[Any] | Value) -> Value:
    """A NumPy number as Python's own; nan as None."""
    if value is None or np.isnan(value):
        return None
    return float(value) if isinstance(value, float | np.floating) else int(value)
