"""`fenxiao watch`: a live store beside the forecast of the plan that was adopted; alarm, and what to do."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click

from rules.errors import InputError
from rules.money import PPM
from sim.cli.common import (
    FILE,
    announce,
    command_line,
    console,
    days_option,
    fresh_folder,
    json_option,
    lang_option,
    load_plan,
    load_scenario,
    out_option,
    people_option,
    print_json,
    refuse_beside,
    seed_option,
    tell,
)
from sim.cli.means import dask_option, kept_in, tell_failures, workers_option
from sim.cli.options import date_given, rate_given
from sim.experiments.arms import arm_ids
from sim.experiments.compare import Experiment
from sim.experiments.forking import check_fork, read_fork
from sim.experiments.metric_names import NAMES, Lang
from sim.experiments.ranges import check_ranges
from sim.experiments.running import Means
from sim.report.progress import Progress
from sim.watching.advice import GOALS, advise
from sim.watching.alarm import shares_of
from sim.watching.band import BEFORE, Band, forecast, keep_band, read_band
from sim.watching.judging import Asked, judge
from sim.watching.live import DAILY, Live, read_live

DEFAULT = "three_tier"
PEOPLE, DAYS = 5_000, 90
"""Of a demonstration."""
REPLICATIONS = 60
_OF_A_WORLD = ("scenario", "plan", "before", "people", "days", "seed", "replications", "source", "adopted")
_KEPT: dict[Lang, str] = {
    "en": "the band is kept: fenxiao watch --band {folder} --live FILE runs nothing",
    "zh": "预测带已保存：fenxiao watch --band {folder} --live FILE 无需再跑",
}


@click.command(
    help="A live store's daily figures beside the forecast of the plan that was adopted: inside or not, since when, "
    "which metric, and whether to go on, look, or roll back. The scenario's first plan if PLAN is left out; without "
    "--live a demonstration."
)
@click.argument("scenario", required=False)
@click.argument("plan", required=False)
@click.option(
    "--live", "live_path", type=click.Path(path_type=Path), help="daily figures: CSV, Parquet, or a run's --out"
)
@click.option("--before", help="plan that was in force before; left out: the first other plan of the scenario")
@click.option("--adopted", help="date of day 0, on which the plan came into force; left out: the scenario's start")
@click.option("--band", "band_path", type=click.Path(path_type=Path), help="folder of an earlier --out: runs nothing")
@click.option("--metric", "metrics", multiple=True, type=click.Choice(NAMES), help="to be watched; all, if left out")
@click.option("--goal", "goals", multiple=True, type=click.Choice(NAMES), help="why to roll back  [contribution, gmv]")
@click.option("--alpha", default="5%", show_default=True, help="the most that a false alarm may be likely, in all")
@click.option("--scale-days", type=click.IntRange(0, 366), default=0, help="first days that say how large the store is")
@people_option
@days_option
@seed_option
@click.option("--replications", type=click.IntRange(10, 10_000), default=REPLICATIONS, show_default=True)
@click.option("--from", "source", type=FILE, help="forecast from a world of `run --save`, from its morning on")
@workers_option
@dask_option
@click.option("--follow", type=click.FloatRange(0.1, 86_400), metavar="SECONDS", help="read again as the file grows")
@out_option
@lang_option
@json_option
def watch(
    scenario: str | None,
    plan: str | None,
    live_path: Path | None,
    before: str | None,
    adopted: str | None,
    band_path: Path | None,
    metrics: tuple[str, ...],
    goals: tuple[str, ...],
    alpha: str,
    scale_days: int,
    people: int | None,
    days: int | None,
    seed: int,
    replications: int,
    source: Path | None,
    workers: int,
    dask: str | None,
    follow: float | None,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Hold a live store against a forecast; exit code 1 if there is an alarm."""
    asked = Asked(_alpha(alpha), scale_days, metrics or None)
    _check(follow, as_json, live_path, band_path, source)
    if out and live_path and out.resolve() == live_path.resolve():
        raise InputError(f"--out {out} is the live store", allowed="another folder: its figures would be lost")
    shown = _Shown(asked, goals or GOALS, out, lang, as_json)
    if band_path:
        refuse_beside("--band", _OF_A_WORLD)
        band = read_band(band_path)
        assert live_path is not None
        return _watched(band, _reader(live_path, band.facts.start, None), live_path if follow else None, follow, shown)
    shares_of(replications, asked.alpha)
    since = date_given("--adopted", adopted) if adopted else None
    made = _made(scenario, plan, before, people, days, seed, replications, source, since, live_path is None)
    if live_path:
        read = _reader(live_path, made.experiment.start, since)
        read()
    announce(dict(made.experiment.arms), lang)
    band = _forecast(made.experiment, out, workers, dask, lang)
    if not live_path:
        read = _demo(made, lang)
    if out:
        keep_band(out, band)
        tell(_KEPT[lang].format(folder=out))
    return _watched(band, read, live_path if follow else None, follow, shown)


class _Made(NamedTuple):
    """What is forecast, and the names of the files it was read from."""

    experiment: Experiment
    market: str
    plan: str


class _Shown(NamedTuple):
    """How it is judged, and where that is shown."""

    asked: Asked
    goals: tuple[str, ...]
    out: Path | None
    lang: Lang
    as_json: bool


def _alpha(text: str) -> float:
    rate = rate_given("--alpha", text, "5%")
    if not 0 < rate <= PPM // 2:
        raise InputError(f"--alpha {text}", allowed="a rate above 0 and up to 50%")
    return rate / PPM


def _check(follow: float | None, as_json: bool, live: Path | None, band: Path | None, source: Path | None) -> None:
    if follow and as_json:
        raise InputError("--follow and --json are both given", allowed="one of them: --json prints one object")
    if not live and (follow or band or source):
        given = "--follow" if follow else "--band" if band else "--from"
        raise InputError(f"{given} is given without --live", allowed="--live FILE beside it")
    if source:
        refuse_beside("--from", ["people", "days", "seed"])


def _made(
    scenario: str | None,
    plan: str | None,
    before: str | None,
    people: int | None,
    days: int | None,
    seed: int,
    replications: int,
    source: Path | None,
    since: dt.date | None,
    demo: bool,
) -> _Made:
    """The runs that the options ask for; a demonstration has small ones."""
    fork = read_fork(source) if source else None
    name = scenario or DEFAULT
    market = fork.scenario if fork else load_scenario(name)
    chosen = load_plan(plan_name := plan or market.plans[0])
    others = (load_plan(other) for other in ([before] if before else market.plans))
    old = next((other for other in others if before or other != chosen), None)
    if old == chosen:
        raise InputError(f"--before {before} is the plan that is watched", allowed="the plan that was in force before")
    plans = [chosen, old] if old else [chosen]
    arms = tuple(zip(arm_ids(plans), plans, strict=True))
    if fork:
        check_fork(fork, plans, load_scenario(scenario) if scenario else None)
        made = Experiment(market, arms, fork.people, fork.days, fork.luck, replications, "common", fork)
        return _Made(made, name, plan_name)
    if since:
        market = market.model_copy(update={"start": since})
    check_ranges(market, range(seed, seed + replications))
    size = people or (PEOPLE if demo else market.people), days or (min(DAYS, market.days) if demo else market.days)
    return _Made(Experiment(market, arms, *size, seed, replications), name, plan_name)


def _forecast(experiment: Experiment, out: Path | None, workers: int, dask: str | None, lang: Lang) -> Band:
    total = experiment.replications + (min(experiment.replications, BEFORE) if len(experiment.arms) > 1 else 0)
    title = {"en": "replications", "zh": "重复"}[lang]
    with kept_in(out) as runs, Progress(f"{experiment.scenario.scenario}, {title}", total) as bar:
        band, failures = forecast(experiment, Means(workers, dask, runs), lambda arm: bar.advance(1, arm))
    tell_failures(failures)
    if band is None:
        raise InputError("no run came to its end", allowed="a market and a plan that can be run")
    return band


def _demo(made: _Made, lang: Lang) -> Callable[[], Live]:
    from sim.watching.demo import SAID, breaks_on, live_store

    one = made.experiment
    live = live_store(one.scenario, made.plan, made.market, one.people, one.days, one.seed)
    tell(SAID.say(lang).format(day=breaks_on(one.days)))
    return lambda: live


def _reader(path: Path, start: dt.date, adopted: dt.date | None) -> Callable[[], Live]:
    return lambda: read_live(path, start, adopted)


def _watched(band: Band, read: Callable[[], Live], followed: Path | None, seconds: float | None, shown: _Shown) -> int:
    """Judge, and judge again whenever the file has grown, until Ctrl-C."""
    code = _judged(band, read(), shown)
    if not followed or not seconds:
        return code
    try:
        seen = _stamp(followed)
        while True:
            time.sleep(seconds)
            if (now := _stamp(followed)) == seen:
                continue
            seen = now
            try:
                code = _judged(band, read(), shown)
            except InputError as error:
                tell(str(error))  # it may be being written: the next look will tell
    except KeyboardInterrupt:
        return code


def _stamp(path: Path) -> tuple[int, int]:
    """What changes when a file does; of a folder, that of its table."""
    try:
        stat = (path / DAILY if path.is_dir() else path).stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


def _judged(band: Band, live: Live, shown: _Shown) -> int:
    """Judge once, and show it; 1 if there is an alarm."""
    from sim.report.watch import print_watch, watch_told

    found = judge(band, live, shown.asked)
    advice = advise(found, shown.goals)
    if shown.out:
        from sim.report.watch_page import write_watch

        tell(str(write_watch(fresh_folder(shown.out), found, advice, command_line(), shown.lang)))
    if shown.as_json:
        print_json(watch_told(found, advice))
    else:
        print_watch(console(), found, advice, shown.lang)
    return 1 if found.first else 0
