"""A watched store in the terminal, for `--json`, and day by day as Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from rich.console import Console
from rich.text import Text as Styled

from sim.experiments.metric_names import Lang, Text, metric
from sim.report.figures import NONE, figure, percentage
from sim.report.parquet import write_table
from sim.report.results import yuan_of
from sim.report.tables import head, table_of
from sim.watching.advice import Advice, day_of, is_bad
from sim.watching.factors import MOVED, RATES, Factor
from sim.watching.judging import Watch, Watched
from sim.watching.live import told_days

TABLE = "watch.parquet"
HEADS = Text("指标|近 7 日|预测|差异|报警线|p|结论", "metric|7 days|forecast|difference|alarm beyond|p|verdict")
FACTOR_HEADS = Text("因子|线上|预测|差异|偏离（标准差）", "factor|live|forecast|difference|standard deviations")
FACTORS = Text("什么变了", "What moved")
_INSIDE = Text("预测之内", "inside")
_OFF = {
    (-1, True): Text("偏低，自{since}起", "low since {since}"),
    (-1, False): Text("偏低（变好），自{since}起", "low (better) since {since}"),
    (1, True): Text("偏高，自{since}起", "high since {since}"),
    (1, False): Text("偏高（变好），自{since}起", "high (better) since {since}"),
}
_TITLE = Text(
    "{scenario} · {plan}：线上 {days} 天，对照 {runs} 次重复的预测（{people:,} 人，{horizon} 天）",
    "{scenario} · {plan}: {days} live days beside the forecast of {runs} runs ({people:,} people, {horizon} days)",
)
_RATE = Text(
    "误报概率至多 {rate:.1%}：全部 {horizon} 天、{count} 项指标合计，由 {calibrating} 次重复校准。",
    "The probability of a false alarm is {rate:.1%} at most, over all {horizon} days and {count} metrics together, "
    "calibrated by {calibrating} runs.",
)
_STYLES = {"go_on": "bold green", "look": "bold yellow", "roll_back": "bold red"}


def print_watch(console: Console, watch: Watch, advice: Advice, lang: Lang) -> None:
    """Every metric of the last week beside its forecast; what moved, if there is an alarm; then what to do."""
    console.print(Styled(title_of(watch).say(lang), style="bold"))
    table = table_of(HEADS.say(lang))
    for one in watch.metrics:
        style = ("red" if is_bad(one) else "yellow") if one.sign else ""
        table.add_row(*(Styled(cell, style=style) for cell in row(watch, one, lang)))
    console.print(table)
    if watch.first and advice.factors:
        head(console, FACTORS.say(lang))
        table = table_of(FACTOR_HEADS.say(lang))
        for factor in advice.factors:
            style = "bold" if abs(factor.z) >= MOVED else "dim"
            table.add_row(*(Styled(cell, style=style) for cell in factor_row(factor, lang)))
        console.print(table)
    console.print()
    console.print(Styled(advice.head.say(lang), style=_STYLES[advice.kind]))
    for said in (*advice.sentences, rate_of(watch), *notes(watch)):
        console.print(Styled(said.say(lang)))


def title_of(watch: Watch) -> Text:
    """What is watched, and beside what."""
    facts = watch.band.facts
    plan = facts.title(facts.plan)
    given = {
        "scenario": facts.scenario,
        "days": watch.days,
        "runs": len(watch.band.plan),
        "people": facts.people,
        "horizon": facts.days,
    }
    return Text(_TITLE.zh.format(plan=plan.zh, **given), _TITLE.en.format(plan=plan.en, **given))


def rate_of(watch: Watch) -> Text:
    """What the alarm promises."""
    given = {
        "rate": watch.calibration.rate,
        "horizon": watch.band.facts.days,
        "count": len(watch.metrics),
        "calibrating": len(watch.calibration.reached),
    }
    return Text(_RATE.zh.format(**given), _RATE.en.format(**given))


def row(watch: Watch, one: Watched, lang: Lang) -> list[str]:
    """The cells of a metric under `HEADS`."""
    at = watch.days - 1
    now, usual = float(one.week[at]), float(one.middle[at])
    part = percentage(now / usual - 1) if usual > 0 else NONE
    limits = f"{figure(one.name, float(one.floor[at]))} – {figure(one.name, float(one.ceiling[at]))}"
    shown = [figure(one.name, now), figure(one.name, usual), part, limits if np.isfinite(one.floor[at]) else NONE]
    return [metric(one.name).title.say(lang), *shown, f"{one.p:.3f}", verdict_of(watch, one).say(lang)]


def verdict_of(watch: Watch, one: Watched) -> Text:
    """Whether a metric is inside its forecast, and since when it is not."""
    if one.since is None:
        return _INSIDE
    said, since = _OFF[one.sign, is_bad(one)], day_of(watch, one.since)
    return Text(said.zh.format(since=since.zh), said.en.format(since=since.en))


def factor_row(one: Factor, lang: Lang) -> list[str]:
    """The cells of a factor under `FACTOR_HEADS`."""
    money = one.title.en.startswith(("GMV", "basket"))
    name = one.name if money or one.name in RATES else ""
    live, usual = (figure(name, value) if name else f"{value:,.2f}" for value in (one.live, one.usual))
    return [one.title.say(lang), live, usual, percentage(one.relative), f"{one.z:+.1f}"]


def notes(watch: Watch) -> list[Text]:
    """What a reader has to know of the figures."""
    live, found = watch.live, []
    if live.unknown:
        names = ", ".join(live.unknown)
        found.append(Text(f"不认识的列（未使用）：{names}", f"Columns that are no metric, not used: {names}"))
    if live.missing:
        days = ", ".join(told_days(live.missing))
        found.append(Text(f"缺少的天：{days}", f"Days that are missing: {days}"))
    if live.before:
        found.append(
            Text(f"方案生效前的 {live.before} 行未使用", f"{live.before} rows of days before the plan are not used")
        )
    if watch.beyond:
        found.append(
            Text(f"预测之后的 {watch.beyond} 天未判断", f"{watch.beyond} days after the forecast's last are not judged")
        )
    if watch.unjudged:
        zh, en = (_titles(watch.unjudged, lang) for lang in ("zh", "en"))
        found.append(Text(f"预测中从不变动，无法判断：{zh}", f"The same in every run, not judged: {en}"))
    if watch.asked.scale_days:
        scaled = [(one.name, level) for one, level in zip(watch.metrics, watch.level, strict=True) if level != 1]
        factors = ", ".join(f"{name} ×{level:.2f}" for name, level in scaled)
        days = str(watch.asked.scale_days)
        found.append(Text(f"按前 {days} 天定大小：{factors}", f"Size by the first {days} days, not judged: {factors}"))
    return found


def _titles(names: tuple[str, ...], lang: Lang) -> str:
    return ("、" if lang == "zh" else ", ").join(metric(name).title.say(lang) for name in names)


def watch_told(watch: Watch, advice: Advice) -> dict[str, object]:
    """What `--json` prints: money in yuan."""
    facts, first = watch.band.facts, watch.first
    return {
        "scenario": facts.scenario,
        "plan": facts.plan,
        "before": facts.before,
        "people": facts.people,
        "horizon": facts.days,
        "replications": len(watch.band.plan),
        "seed": facts.seed,
        "days": watch.days,
        "alarm": first is not None,
        "since": watch.since,
        "alarmed": first.alarmed if first else None,
        "p": watch.p,
        "false_alarm_rate": watch.calibration.rate,
        "advice": {"kind": advice.kind, "zh": advice.words.zh, "en": advice.words.en},
        "metrics": list(_days_told(watch)),
        "watched": [_metric_told(watch, one) for one in watch.metrics],
        "factors": [_factor_told(one) for one in advice.factors],
        "roll_back": _beside_told(advice),
        "unknown_columns": list(watch.live.unknown),
        "missing_days": list(watch.live.missing),
        "not_judged": list(watch.unjudged),
        "days_beyond": watch.beyond,
    }


def _days_told(watch: Watch) -> Iterator[dict[str, object]]:
    for one in watch.metrics:
        for day in range(watch.days):
            if np.isfinite(one.live[day]):
                ends = {"live": one.live[day], "low": one.low[day], "high": one.high[day]}
                figures = {name: yuan_of(one.name, float(value)) for name, value in ends.items()}
                yield {"name": one.name, "day": day} | figures | {"verdict": one.verdict(day)}


def _metric_told(watch: Watch, one: Watched) -> dict[str, object]:
    week = {"live": one.week, "forecast": one.middle, "alarm_below": one.floor, "alarm_above": one.ceiling}
    ends = {name: yuan_of(one.name, float(values[-1])) for name, values in week.items()}
    since = {"live_since": yuan_of(one.name, one.now), "forecast_since": yuan_of(one.name, one.usual)}
    return {
        "name": one.name,
        "verdict": {-1: "low", 0: "inside", 1: "high"}[one.sign],
        "worse": bool(one.sign) and is_bad(one),
        "since": one.since,
        "alarmed": one.alarmed,
        "p": one.p,
        "level": watch.level[watch.names.index(one.name)],
        "week": ends,
        "relative": one.relative,
    } | (since if one.since is not None else {})


def _factor_told(one: Factor) -> dict[str, object]:
    return {
        "leads_to": one.name,
        "title": {"zh": one.title.zh, "en": one.title.en},
        "relative": one.relative,
        "deviations": one.z,
        "moved": abs(one.z) >= MOVED,
    }


def _beside_told(advice: Advice) -> dict[str, object] | None:
    beside = advice.beside
    if beside is None:
        return None
    each = {"live": beside.live, "before": beside.before, "before_if_hit_alike": beside.hit}
    figures = {name: yuan_of(beside.name, value) for name, value in each.items()}
    return {"metric": beside.name} | figures | {"better": beside.better, "runs": beside.runs}


def write_days(folder: Path, watch: Watch) -> Path:
    """A row per metric and day: the live figure, its band, the seven days up to it, and when they would alarm; fen."""
    columns: dict[str, list[object]] = {}
    for one in watch.metrics:
        series = {name: getattr(one, name) for name in ("live", "low", "high", "week", "middle", "floor", "ceiling")}
        for day in range(watch.days):
            cells: dict[str, object] = {"metric": one.name, "day": day}
            cells |= {name: _cell(values[day]) for name, values in series.items()}
            for name, cell in (cells | {"verdict": one.verdict(day)}).items():
                columns.setdefault(name, []).append(cell)
    return write_table(folder / TABLE, pa.table({name: pa.array(cells) for name, cells in columns.items()}))


def _cell(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
