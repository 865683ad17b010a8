"""`fenxiao run`: one plan in one market."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rules.errors import InputError
from rules.plan.model import Plan
from rules.plan.write import write_plan
from sim.advice import Advice, advise, return_on_commission
from sim.behaviour.parameters import settled
from sim.behaviour.seeding import By, ColdStart, Seeds
from sim.cli.common import (
    FILE,
    announce,
    command_line,
    console,
    days_option,
    fresh_folder,
    given,
    json_option,
    lang_option,
    load_plan,
    out_option,
    people_option,
    print_json,
    refuse_beside,
    rulebook_option,
    seed_option,
)
from sim.experiments.metric_names import Lang, spoken
from sim.experiments.verdicts import held_against
from sim.money import Money
from sim.report.data import RulebookVerdict
from sim.report.goods import goods_told, print_goods
from sim.report.learned import learned_told, print_learned
from sim.report.members import members_told, print_members
from sim.report.money import money_told, print_money
from sim.report.outreach import outreach_told, print_outreach
from sim.report.progress import Progress
from sim.report.results import alerts_told, evidence_told, in_yuan, rules_told, versions
from sim.report.retention import print_retention, retention_told
from sim.report.seeds import print_seeds, seeds_told
from sim.report.versions import print_versions, versions_told
from sim.rulebooks import load_rulebook
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.experiments.replication import Outcome
    from sim.history.log import LogWriter
    from sim.model import StoreModel
    from sim.store.sql.whole import Kept


_SEEDS = "choose the first promoters so, instead of as the scenario says"
_STORE = (
    "keep the store in an empty database, day by day: local, local:FOLDER, sqlite:///F, postgresql://…, mariadb://…"
)


@click.command(help="Simulate one plan in one market, day by day.")
@click.argument("scenario", required=False)
@click.option("--plan", "plan_name", help="plan to run; the scenario's first if left out")
@people_option
@days_option
@seed_option
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="threads")
@click.option("--until", type=click.IntRange(1, 3_660), help="stop on the morning of this day (from 0), of all --days")
@click.option("--save", "kept", type=FILE, help="file for the world as it stands on the morning of --until")
@click.option("--later", multiple=True, help="a plan that the saved world may go on under; may be given several times")
@click.option("--resume", "source", type=FILE, help="go on from a file of --save, under --plan if it is given")
@click.option("--cold-start", "seeds_by", type=click.Choice(["any", "staff", "leaders", "koc"]), help=_SEEDS)
@click.option("--store", "store_url", metavar="URL", help=_STORE)
@rulebook_option
@out_option
@lang_option
@json_option
def run(
    scenario: str | None,
    plan_name: str | None,
    people: int | None,
    days: int | None,
    seed: int,
    workers: int,
    until: int | None,
    kept: Path | None,
    later: tuple[str, ...],
    source: Path | None,
    seeds_by: By | None,
    store_url: str | None,
    rulebook_name: str | None,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Simulate one plan in one market, day by day."""
    if store_url and (source or kept):
        raise InputError("--store is given beside --save or --resume", allowed="one of them: a world is saved alone")
    if source:
        refuse_beside("--resume", ["scenario", "people", "days", "seed", "later", "seeds_by"])
        model = _resumed(source, plan_name, workers, lang)
    else:
        model = _made(scenario or "three_tier", plan_name, later, people, days, seed, workers, lang, seeds_by)
    market, plan, people = model.conditions, model.plan, model.world.people
    days = _last_day(model, until, kept)
    rulebook = load_rulebook(rulebook_name or market.rulebook)
    with _kept_in(store_url, model) as stored:
        outcome = simulate(model, days, kept, out, lang)
    furthest = max(model.lived_under, key=lambda one: one.reach)
    verdict = held_against(rulebook, plan.plan, furthest, [outcome.observed], market.start)
    if as_json:
        told = {"store": vars(stored)} if stored else {}
        print_json(record_of(market, plan, people, days, outcome) | watched(outcome, verdict) | told)
    else:
        _show(market, plan, people, days, outcome, verdict, lang, out)
        if stored:
            console().print(stored.say(lang), markup=False)
    return 0


def _kept_in(url: str | None, model: StoreModel) -> AbstractContextManager[Kept | None]:
    """What a run leaves in a database, if it is to leave anything."""
    if url is None:
        return nullcontext()
    from sim.store.needs import require_store

    require_store()
    from sim.store.sql.whole import kept_in

    return kept_in(url, model)


def _made(
    scenario: str,
    plan_name: str | None,
    later: tuple[str, ...],
    people: int | None,
    days: int | None,
    seed: int,
    workers: int,
    lang: Lang,
    seeds_by: By | None,
) -> StoreModel:
    """A world on its first morning."""
    market, plan, people, days = given(scenario, plan_name, people, days)
    if seeds_by:
        market = begun_by(market, seeds_by)
    others = [load_plan(name) for name in later]
    announce({one.plan: one for one in [plan, *others]}, lang)

    from sim.model import StoreModel

    return StoreModel(scenario=market, plan=plan, people=people, days=days, seed=seed, workers=workers, plans=others)


def begun_by(market: Scenario, by: By) -> Scenario:
    """A market that begins with as many promoters as it has, chosen in another way.

    Raises:
        InputError: its staff are its first promoters.
    """
    if market.nodes:
        raise InputError(f"--cold-start {by}: `nodes` of {market.scenario} says who begins", allowed="a market without")
    start = market.cold_start or ColdStart()
    count = sum(one.count for one in start.seeds) or settled(market.behaviour).seeds
    return market.model_copy(update={"cold_start": start.model_copy(update={"seeds": [Seeds(by=by, count=count)]})})


def _resumed(source: Path, plan_name: str | None, workers: int, lang: Lang) -> StoreModel:
    """A world on the morning on which it was saved."""
    plan = load_plan(plan_name) if plan_name else None
    announce({plan.plan: plan} if plan else {}, lang)

    from sim.checkpoint import resume

    return resume(source, plan, workers)


def _last_day(model: StoreModel, until: int | None, kept: Path | None) -> int:
    """The day before which a run ends."""
    first, last = model.day + 1, model.days
    if kept and (until is None or until >= last):
        raise InputError(
            f"--save with --until {until}: nothing is left of {last} days"
            if until
            else "--save is given without --until",
            allowed=f"--until from {first} to {last - 1}, the morning on which the world is saved",
        )
    if until is not None and not first <= until <= last:
        raise InputError(f"--until {until} is no day of this world", allowed=f"from {first} to {last}")
    return until or last


def simulate(model: StoreModel, days: int, kept: Path | None, out: Path | None, lang: Lang) -> Outcome:
    """Let a world live until the morning of day `days`, save it, and write its log and tables if asked for.

    A world that was resumed has no log to write: what it would begin with is in the log of the run that was saved.
    """
    import time

    from sim.experiments.replication import outcome_of

    started, resumed = time.perf_counter(), model.day > 0
    market, plan, people = model.conditions, model.plan, model.world.people
    folder = fresh_folder(out) if out else None
    writer = _writer(model, folder) if folder and not resumed else None
    model.days = days
    title = {"en": "days", "zh": "天"}[lang]
    with Progress(f"{market.scenario} · {plan.plan}, {title}", days - model.day) as bar:
        model.run(lambda done, last: bar.advance(), until=days)
    if kept:
        _save(model, kept)
    model.run()
    outcome = outcome_of(model, model.world.seed, time.perf_counter() - started)
    record = record_of(market, plan, people, days, outcome)
    record |= {"command": command_line(), "versions": versions(), "plan_file": write_plan(model.plans[0])}
    if further := model.plans[1:]:
        record["further_plan_files"] = [write_plan(one) for one in further]
    if writer:
        writer.record |= record
        writer.close()
    if folder:
        from sim.report.files import write_run_json
        from sim.report.parquet import write_daily, write_income

        if resumed:
            write_run_json(folder, record)
        write_daily(folder, {plan.plan: [outcome.daily]})
        write_income(folder, {plan.plan: [outcome.incomes]})
    return outcome


def _save(model: StoreModel, path: Path) -> None:
    from sim.checkpoint import save

    save(model, path)


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
    told |= outreach_told(outcome.outreach) | goods_told(outcome.goods)
    told |= retention_told(outcome.retention) | seeds_told(outcome.seeds)
    told |= versions_told(outcome.versions) | learned_told(outcome.learned)
    if outcome.boards:
        from sim.report.contests import contests_told

        told |= contests_told(outcome.boards)
    if outcome.members:
        told |= members_told(outcome.members)
    if outcome.marks:
        from sim.report.drill import marks_told

        told |= {"risk": marks_told(outcome.marks)}
    return told


def _suggested(outcome: Outcome) -> tuple[float | None, list[Advice]]:
    """What a yuan of commission brings, and what the figures suggest."""
    roi = return_on_commission(outcome.attributed, sum(outcome.weeks, Money()))
    return roi, advise(outcome.metrics, outcome.weeks)


def _writer(model: StoreModel, folder: Path) -> LogWriter:
    from sim.history.log import LogWriter

    writer = LogWriter(folder, model.names, model.store.book.members.copy(), model.world.start)
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
        return spoken(thing.title, lang) if thing.title else fallback

    size = {
        "en": f"{people:,} people, {days} days, seed {outcome.seed}, {outcome.seconds:.1f} s",
        "zh": f"{people:,} 人，{days} 天，种子 {outcome.seed}，{outcome.seconds:.1f} 秒",
    }
    title = f"{name(market, market.scenario)} · {name(plan, plan.plan)} ({size[lang]})"
    print_run(console(), title, outcome.metrics, lang, str(out) if out else "")
    print_findings(console(), verdict, outcome.observed, lang)
    print_alerts(console(), outcome.alerts, lang)
    print_money(console(), outcome.weeks, *_suggested(outcome), lang)
    print_outreach(console(), outcome.outreach, {one.id: one.title for one in market.catalogue.categories}, lang)
    print_goods(console(), outcome.goods, market, lang)
    print_retention(console(), outcome.retention, lang)
    print_seeds(console(), outcome.seeds, lang)
    print_versions(console(), outcome.versions, lang)
    print_learned(console(), outcome.learned, lang)
    if outcome.boards:
        from sim.report.contests import print_contests

        print_contests(console(), outcome.boards, lang)
    if outcome.members:
        print_members(console(), outcome.members, lang)
    if outcome.marks:
        from sim.report.drill import print_marks

        print_marks(console(), outcome.marks, lang)
