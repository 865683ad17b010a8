"""`fenxiao capacity`: what a promo day does to a store's machines, what breaks first, and how many workers do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from rules.errors import InputError
from rules.money import PPM
from rules.plan.model import Plan
from sim.cli.common import (
    FILE,
    command_line,
    console,
    fresh_folder,
    given,
    json_option,
    lang_option,
    out_option,
    people_option,
    print_json,
    seed_option,
    tell_written,
)
from sim.cli.options import rate_given
from sim.experiments.metric_names import Lang
from sim.report.progress import Progress
from sim.scenario import Scenario
from sim.stress.capacity.service import ASSUMED, ServiceTimes
from sim.stress.capacity.shop import Review, Shop, Staff

_WORKERS = click.IntRange(1, 1_000)
_MEASURING: dict[Lang, str] = {"en": "measuring on a database here, seconds", "zh": "在本机数据库上实测，秒"}
_TITLE: dict[Lang, str] = {"en": "capacity", "zh": "容量测算"}


@click.command(
    help="Latency, backlog and utilisation on the busiest day of SCENARIO, the first bottleneck, and how many workers "
    "are enough. Exit code 1 where the store does not keep the latency target."
)
@click.argument("scenario", default="three_tier")
@click.option("--plan", "plan_name", help="plan whose hold and settlement cycle hold; the scenario's first if left out")
@people_option
@click.option("--days", type=click.IntRange(1, 60), default=2, show_default=True, help="from the busiest day on")
@seed_option
@click.option(
    "--orders-per-day", type=click.FloatRange(0, min_open=True), help="on a usual day; what the people buy if left out"
)
@click.option(
    "--latency-target",
    type=click.FloatRange(0, min_open=True),
    default=200.0,
    show_default=True,
    help="milliseconds in which 95 % must be answered",
)
@click.option("--order-workers", type=_WORKERS, default=4, show_default=True, help="processes that work on orders")
@click.option("--member-workers", type=_WORKERS, default=2, show_default=True, help="on registrations and clicks")
@click.option("--settlement-workers", type=_WORKERS, default=1, show_default=True, help="on commission and payouts")
@click.option("--elastic", type=_WORKERS, help="scale each group out up to so many; fixed if left out")
@click.option("--pool", type=click.IntRange(1, 10_000), default=10, show_default=True, help="database connections")
@click.option("--cores", type=click.IntRange(1, 1_024), default=2, show_default=True, help="of the database server")
@click.option(
    "--worker-cores", type=click.IntRange(0, 1_024), default=0, show_default=True, help="of the workers' own; 0 = none"
)
@click.option("--batch", type=click.IntRange(1, 100_000), default=500, show_default=True, help="orders a settlement")
@click.option("--buckets", type=click.IntRange(1, 10_000), default=8, show_default=True, help="rows of a hot stock")
@click.option(
    "--platform-rows",
    type=click.IntRange(0, 10_000),
    default=0,
    show_default=True,
    help="rows of the platform's account; 0 = derived",
)
@click.option("--hot-product", default="50%", show_default=True, help="part of orders for the hottest product")
@click.option("--no-queue", is_flag=True, help="each payment books its commission itself")
@click.option("--no-cache", is_flag=True, help="members and ranks are read from the database")
@click.option("--reviewers", type=_WORKERS, default=2, show_default=True, help="people who review withdrawals")
@click.option(
    "--transactions",
    type=click.IntRange(1_000, 10_000_000),
    default=18_000,
    show_default=True,
    help="of each run of the busiest minutes; more are more exact",
)
@click.option("--service", type=FILE, help="service times as JSON; assumed ones if left out")
@click.option("--calibrate", is_flag=True, help="measure them first: a short load on a database here")
@out_option
@lang_option
@json_option
def capacity(
    scenario: str,
    plan_name: str | None,
    people: int | None,
    days: int,
    seed: int,
    orders_per_day: float | None,
    latency_target: float,
    order_workers: int,
    member_workers: int,
    settlement_workers: int,
    elastic: int | None,
    pool: int,
    cores: int,
    worker_cores: int,
    batch: int,
    buckets: int,
    platform_rows: int,
    hot_product: str,
    no_queue: bool,
    no_cache: bool,
    reviewers: int,
    transactions: int,
    service: Path | None,
    calibrate: bool,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Model the busiest day, and search; exit code 1 if the target is not kept."""
    from sim.report.capacity import PHASES, capacity_told, print_capacity
    from sim.report.capacity_page import write_capacity
    from sim.stress.capacity.demand import demand_of
    from sim.stress.capacity.steady import Target
    from sim.stress.capacity.study import study

    folder = fresh_folder(out) if out else None
    market, plan, people, _ = given(scenario, plan_name, people, None)
    times = _times(service, market, plan, seed, calibrate, folder, lang)
    shop = Shop(
        orders=_staff(order_workers, elastic),
        members=_staff(member_workers, elastic),
        settlement=_staff(settlement_workers, elastic),
        pool=pool,
        cores=cores,
        worker_cores=worker_cores,
        batch=batch,
        stock_buckets=buckets,
        platform_rows=platform_rows,
        hot_product=rate_given("--hot-product", hot_product, "50%") / PPM,
        queue=not no_queue,
        cache=not no_cache,
        review=replace(Review(), people=reviewers),
    )
    demand = demand_of(market, plan.settlement, people=people, orders_per_day=orders_per_day)
    with Progress(_TITLE[lang], None) as bar:
        found = study(
            demand,
            shop,
            times,
            target=Target(latency_target),
            seed=seed,
            days=days,
            transactions=transactions,
            step=lambda phase: bar.advance(1, PHASES[phase].say(lang)),
        )
    record = {"scenario": market.scenario, "plan": plan.plan, "people": people} | capacity_told(found)
    if as_json:
        print_json(record)
    else:
        print_capacity(console(), f"{market.scenario} · {plan.plan}", found, lang)
    if folder:
        page = write_capacity(folder, found, f"{market.scenario} · {plan.plan}", record, command_line(), lang)
        tell_written(page, lang)
    return 0 if found.kept else 1


def _times(
    service: Path | None, market: Scenario, plan: Plan, seed: int, calibrate: bool, folder: Path | None, lang: Lang
) -> ServiceTimes:
    """Service times: measured here and now, from a file, or assumed."""
    if not calibrate:
        return _read(service) if service else ASSUMED
    if service:
        raise InputError("--calibrate beside --service", allowed="one of them: service times are measured, or given")
    from sim.store.needs import require_store

    require_store()
    from sim.stress.load.measure import SECONDS, measure

    with Progress(_MEASURING[lang], int(SECONDS)) as bar:
        times, _ = measure(market, plan, seed, told=lambda now: bar.advance(now - bar.done))
    if folder:
        (folder / "service.json").write_text(times.to_json() + "\n", encoding="utf-8")
    return times


def _staff(workers: int, elastic: int | None) -> Staff:
    if elastic is not None and elastic < workers:
        raise InputError(f"--elastic {elastic} with {workers} workers", allowed="at least as many as there are")
    return Staff(workers, most=elastic)


def _read(service: Path) -> ServiceTimes:
    """Service times from a file."""
    try:
        text = service.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{service} is not text", allowed="service times as JSON") from error
    return ServiceTimes.from_json(text, str(service))
