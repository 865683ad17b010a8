"""`fenxiao run`: one plan in one market."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rules.plan.model import Plan
from rules.plan.write import write_plan
from sim.advice import Advice, advise, return_on_commission
from sim.cli.common import (
    announce,
    command_line,
    console,
    days_option,
    fresh_folder,
    json_option,
    lang_option,
    load_plan,
    load_rulebook,
    load_scenario,
    out_option,
    people_option,
    print_json,
    rulebook_option,
    seed_option,
)
from sim.experiments.metric_names import Lang
from sim.experiments.verdicts import held_against
from sim.money import Money
from sim.report.data import RulebookVerdict
from sim.report.money import money_told, print_money
from sim.report.progress import Progress
from sim.report.results import alerts_told, evidence_told, in_yuan, rules_told, versions
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.experiments.replication import Outcome
    from sim.history.log import LogWriter
    from sim.model import StoreModel


@click.command(help="Simulate one plan in one market, day by day.")
@click.argument("scenario", default="three_tier")
@click.option("--plan", "plan_name", help="plan to run; the scenario's first if left out")
@people_option
@days_option
@seed_option
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="threads")
@rulebook_option
@out_option
@lang_option
@json_option
def run(
    scenario: str,
    plan_name: str | None,
    people: int | None,
    days: int | None,
    seed: int,
    workers: int,
    rulebook_name: str | None,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Simulate one plan in one market, day by day."""
    market = load_scenario(scenario)
    plan = load_plan(plan_name or market.plans[0])
    people, days = people or market.people, days or market.days
    rulebook = load_rulebook(rulebook_name or market.rulebook)
    announce({plan.plan: plan}, lang)
    outcome = simulate(market, plan, people, days, seed, workers, out, lang)
    verdict = held_against(rulebook, plan.plan, plan, [outcome.observed], market.start)
    if as_json:
        print_json(record_of(market, plan, people, days, outcome) | watched(outcome, verdict))
    else:
        _show(market, plan, people, days, outcome, verdict, lang, out)
    return 0


def simulate(
    market: Scenario, plan: Plan, people: int, days: int, seed: int, workers: int, out: Path | None, lang: Lang
) -> Outcome:
    """Run the world, and write its log and tables if asked for."""
    import time

    from sim.experiments.replication import outcome_of
    from sim.model import StoreModel

    started = time.perf_counter()
    model = StoreModel(scenario=market, plan=plan, people=people, days=days, seed=seed, workers=workers)
    writer = _writer(model, out)
    title = {"en": "days", "zh": "天"}[lang]
    with Progress(f"{market.scenario} · {plan.plan}, {title}", days) as bar:
        model.run(lambda done, total: bar.advance())
    outcome = outcome_of(model, seed, time.perf_counter() - started)
    if writer and out:
        from sim.report.parquet import write_daily, write_income

        writer.record |= record_of(market, plan, people, days, outcome)
        writer.record |= {"command": command_line(), "versions": versions(), "plan_file": write_plan(plan)}
        if further := model.plans[1:]:
            writer.record["further_plan_files"] = [write_plan(one) for one in further]
        writer.close()
        write_daily(out, {plan.plan: [outcome.daily]})
        write_income(out, {plan.plan: [outcome.incomes]})
    return outcome


def record_of(market: Scenario, plan: Plan, people: int, days: int, outcome: Outcome) -> dict[str, object]:
    """What `--json` prints; money in yuan."""
    return {
        "scenario": market.scenario,
        "plan": plan.plan,
        "people": people,
        "days": days,
        "seed": outcome.seed,
        "seconds": round(outcome.seconds, 3),
        "metrics": in_yuan(outcome.metrics),
    }


def watched(outcome: Outcome, verdict: RulebookVerdict) -> dict[str, object]:
    """What the monitor saw, for `--json`."""
    alerts = alerts_told(outcome.alerts)
    told = {"rulebook": rules_told([verdict])[0], "alerts": alerts} | evidence_told(outcome.observed)
    told |= money_told(outcome.weeks, *_suggested(outcome))
    if outcome.marks:
        from sim.report.drill import marks_told

        told |= {"risk": marks_told(outcome.marks)}
    return told


def _suggested(outcome: Outcome) -> tuple[float | None, list[Advice]]:
    """What a yuan of commission brings, and what the figures suggest."""
    roi = return_on_commission(outcome.attributed, sum(outcome.weeks, Money()))
    return roi, advise(outcome.metrics, outcome.weeks)


def _writer(model: StoreModel, out: Path | None) -> LogWriter | None:
    if out is None:
        return None
    from sim.history.log import LogWriter

    writer = LogWriter(fresh_folder(out), model.names, model.store.book.members.copy(), model.world.start)
    model.sink = writer.write
    return writer


def _show(
    market: Scenario,
    plan: Plan,
    people: int,
    days: int,
    outcome: Outcome,
    verdict: RulebookVerdict,
    lang: Lang,
    out: Path | None,
) -> None:
    from sim.report.terminal import print_run
    from sim.report.watched import print_alerts, print_findings

    def name(thing: Scenario | Plan, fallback: str) -> str:
        return (thing.title.zh if lang == "zh" else thing.title.en) if thing.title else fallback

    size = {
        "en": f"{people:,} people, {days} days, seed {outcome.seed}, {outcome.seconds:.1f} s",
        "zh": f"{people:,} 人，{days} 天，种子 {outcome.seed}，{outcome.seconds:.1f} 秒",
    }
    title = f"{name(market, market.scenario)} · {name(plan, plan.plan)} ({size[lang]})"
    print_run(console(), title, outcome.metrics, lang, str(out) if out else "")
    print_findings(console(), verdict, outcome.observed, lang)
    print_alerts(console(), outcome.alerts, lang)
    print_money(console(), outcome.weeks, *_suggested(outcome), lang)
    if outcome.marks:
        from sim.report.drill import print_marks

        print_marks(console(), outcome.marks, lang)
