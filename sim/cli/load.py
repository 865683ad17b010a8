"""`fenxiao load`: the events of a scenario brought to a real database by many at once, killed at random if wanted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from rules.errors import InputError
from sim.cli.common import (
    announce,
    command_line,
    console,
    days_option,
    fresh_folder,
    given,
    json_option,
    lang_option,
    out_option,
    people_option,
    print_json,
    seed_option,
    tell,
    token_option,
)
from sim.experiments.metric_names import Lang

DAYS, PEOPLE_A_SECOND, LEAST = 60, 400, 4_000
"""The market, unless another is asked for: long enough for holds to end and money to be withdrawn, and with events
for as long as the load is to last."""
PLANTS = {"unsafe-commit": {"synchronous_commit": "off"}}
"""Faults that can be planted in a server of one's own, to see that they are found out."""
_OUTSIDE = "--token, --clients, --seconds, --notices, --rate, and what makes the market: a shop is seen from outside"
_TITLE: dict[Lang, str] = {"en": "load, seconds", "zh": "压测，秒"}


@click.command(help="Bring a scenario's events to a database, by many clients at once; kill them and it, and count.")
@click.argument("scenario", default="three_tier")
@click.option("--plan", "plan_name", help="plan to run; the scenario's first if left out")
@click.option("--database-url", "url", default="local", show_default=True, help="an empty database; local: one's own")
@click.option("--target", help="an operator's own staging shop, http://…, instead of a database")
@token_option
@click.option("--clients", type=click.IntRange(1, 256), default=8, show_default=True, help="client processes")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="settlement workers")
@click.option("--seconds", type=click.FloatRange(1, 86_400), default=60.0, show_default=True, help="at most")
@people_option
@days_option
@seed_option
@click.option("--kill", is_flag=True, help="kill server, clients and workers at random, and cut connections")
@click.option("--kills", type=click.IntRange(1, 10_000), help="how many; one each 4 seconds if left out, 12 at least")
@click.option("--notices", type=click.IntRange(1, 20), default=2, show_default=True, help="reports of each payment")
@click.option("--rate", type=click.FloatRange(0.1, 1e6), help="events a second, whoever waits; else as fast as it goes")
@click.option("--ramp", is_flag=True, help="raise the rate until the latency target breaks")
@click.option("--latency-target", type=click.FloatRange(1, 60_000), default=200.0, show_default=True, help="p99, ms")
@click.option("--buckets", type=click.IntRange(1, 64), default=1, show_default=True, help="of stock of the hot product")
@click.option("--no-cache", is_flag=True, help="look up who is above whom for every event")
@click.option("--plant", type=click.Choice(list(PLANTS)), help="a fault in the server that must be found out")
@out_option
@lang_option
@json_option
def load(
    scenario: str,
    plan_name: str | None,
    url: str,
    target: str | None,
    token: str | None,
    clients: int,
    workers: int,
    seconds: float,
    people: int | None,
    days: int | None,
    seed: int,
    kill: bool,
    kills: int | None,
    notices: int,
    rate: float | None,
    ramp: bool,
    latency_target: float,
    buckets: int,
    no_cache: bool,
    plant: str | None,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Bring a scenario's events to a database."""
    from sim.store.needs import require_store

    require_store()
    from sim.report.load import load_told, print_load
    from sim.report.load_page import write_load
    from sim.report.progress import Progress
    from sim.store.slices import check_sliceable
    from sim.stress.load.ramp import Ramp
    from sim.stress.load.run import Setting, run_load
    from sim.stress.load.stream import stream_of
    from sim.stress.load.target import checked, load_target

    if target and (kill or kills or ramp or plant or buckets > 1 or no_cache or url != "local"):
        raise InputError("beside --target stands an option that reaches into a database", allowed=_OUTSIDE)
    if plant and url != "local":
        raise InputError("--plant needs a server of one's own", allowed="--database-url local")
    market, plan, people, days = given(
        scenario, plan_name, people or max(LEAST, int(PEOPLE_A_SECOND * seconds)), days or DAYS
    )
    if target:
        checked(target, token)
    else:
        check_sliceable([plan])
    announce({plan.plan: plan}, lang)
    tell({"en": "letting the market live …", "zh": "先让市场跑一遍……"}[lang])
    stream = stream_of(market, plan, people, days, seed)
    count = (kills or max(12, int(seconds / 4))) if kill or kills else 0
    settings = PLANTS[plant] if plant else {}
    paced = rate or (Ramp.first if ramp else 0.0)
    setting = Setting(
        url,
        clients,
        workers,
        seconds,
        count,
        seed,
        notices,
        paced,
        cached=not no_cache,
        buckets=buckets,
        settings=settings,
    )
    climb = Ramp(latency_target) if ramp else None
    with _folder(out) as folder, Progress(_TITLE[lang], int(seconds)) as bar:
        if target:
            result = load_target(target, stream, setting, folder, lambda now: bar.advance(now - bar.done), token)
        else:
            result = run_load(stream, setting, folder, lambda now: bar.advance(now - bar.done), climb)
    if as_json:
        print_json(load_told(scenario, plan.plan, result, climb))
    else:
        print_load(console(), result, climb, lang)
    if out:
        tell(str(write_load(out, scenario, plan.plan, result, climb, command_line(), lang)))
    return 0 if result.sound else 1


@contextmanager
def _folder(out: Path | None) -> Iterator[Path]:
    """Where clients write down what they are told: kept if the results are."""
    if out:
        yield fresh_folder(out)
        return
    with tempfile.TemporaryDirectory(prefix="fenxiao-load-", ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)
