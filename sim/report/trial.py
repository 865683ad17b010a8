"""A trial in the terminal, for `--json`, and replication by replication as Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from rich.console import Console
from rich.text import Text as Styled

from sim.experiments.metric_names import Lang, Text
from sim.report.figures import NONE, money, number, part, percentage
from sim.report.parquet import write_table
from sim.report.tables import head, table_of
from sim.trials.advice import Advice, is_fair, way_title
from sim.trials.figures import METRICS, Metric
from sim.trials.once import ways
from sim.trials.study import Tried
from sim.trials.summary import Between, Score, Scored

TRIALS = "trials.parquet"
PER = 1_000
"""People that figures are told for."""
_EXACT = 1_000
"""Fen: from here on in whole yuan."""
_MOST = 10_000_000

HEADS = Text(
    "做法|估计|偏差|其中跨组影响|均方根误差|覆盖率|检出|误报|天数|需人数",
    "design|estimate|bias|by crossing|RMSE|covers|power|false|days|people",
)
HINT = Text(
    "金额与人数按每千人计。估计是线上试验会说的，偏差是它与真值之差；“跨组影响”是其中因链接跨组而来的部分。"
    "± 为 95% 区间。覆盖率：95% 区间含真值的比例；检出：看出正确方向的比例；误报：两组同为 A 时看出差异的比例；"
    "天数、需人数：检出率达 80% 所需。",
    "Per 1,000 people. The estimate is what a live trial would say, bias its distance from the truth, “by crossing” "
    "the part of that which comes of links between the arms, ± half their 95 % intervals. Covers: 95 % intervals that "
    "hold the truth; power: trials that show the right direction; false: trials of A against A that show a difference; "
    "days, people: for a power of 80 %.",
)
_TRUTH = Text(
    "{metric}：A 方案下 {base}，真实效果 {effect} {interval}（{relative}）",
    "{metric}: {base} under A, true effect {effect} {interval} ({relative})",
)
_CROSSED = Text("买家与推广员分属两组的订单", "Attributed orders whose buyer and promoter were in different arms")
_TITLE = Text(
    "{scenario}：A {a}，B {b}（{people:,} 人，先 {before} 天同用 A，试验 {days} 天，{replications} 次重复；"
    "{spillover}）",
    "{scenario}: A {a}, B {b} ({people:,} people, {before} days under A first, {days} days of trial, {replications} "
    "replications; {spillover})",
)
SPILLOVER = {
    "all": Text("链接照市场设定传播", "links travel as the market says"),
    "communities": Text("链接不出社群", "links stay inside communities"),
    "none": Text("链接不跨组", "no link reaches another arm"),
}


def print_trial(console: Console, tried: Tried, scored: Sequence[Scored], advice: Advice, lang: Lang) -> None:
    """The truth and every design, metric by metric; then what to do."""
    console.print(Styled(title_of(tried, lang), style="bold"))
    for metric in METRICS:
        head(console, truth_line(scored[0].score(metric.name), lang))
        table = table_of(HEADS.say(lang))
        table.columns[0].no_wrap = True
        for row in rows(scored, metric.name, lang):
            table.add_row(*map(Styled, row))
        console.print(table)
    console.print()
    console.print(Styled(crossed_line(scored, lang)))
    console.print(Styled(HINT.say(lang)))
    console.print()
    console.print(Styled(advice.words.say(lang), style="bold"))


def title_of(tried: Tried, lang: Lang) -> str:
    """What was tried, and how often."""
    trial = tried.trial
    return _TITLE.say(lang).format(
        scenario=trial.scenario.scenario,
        a=trial.plans[0].plan,
        b=trial.plans[1].plan,
        people=trial.people,
        before=trial.before,
        days=trial.days,
        replications=len(tried.done),
        spillover=SPILLOVER[trial.spillover].say(lang),
    )


def truth_line(score: Score, lang: Lang) -> str:
    """The truth about one metric."""
    return _TRUTH.say(lang).format(
        metric=score.metric.title.say(lang),
        base=amount(score.metric, score.base),
        effect=amount(score.metric, score.truth.mean, "+"),
        interval=interval(score.metric, score.truth),
        relative=percentage(score.truth.mean / score.base if score.base else None),
    )


def crossed_line(scored: Sequence[Scored], lang: Lang) -> str:
    """How many orders cross between arms, by design; empty where no design parts people."""
    found = {one.design: one for one in scored if one.crossed is not None}
    if not found:
        return ""
    said = ("；" if lang == "zh" else "; ").join(
        f"{way_title(one).say(lang).split('（')[0].split(' (')[0]} {part(one.crossed)}" for one in found.values()
    )
    return f"{_CROSSED.say(lang)}{'：' if lang == 'zh' else ': '}{said}{'。' if lang == 'zh' else '.'}"


def rows(scored: Sequence[Scored], name: str, lang: Lang) -> list[list[str]]:
    """A row a design: the cells under `HEADS`."""
    return [[way_title(one).say(lang), *_cells(one.score(name))] for one in scored]


def _cells(score: Score) -> list[str]:
    metric = score.metric
    return [
        amount(metric, score.estimate, "+"),
        give_or_take(metric, score.bias),
        give_or_take(metric, score.crossing),
        amount(metric, score.rmse),
        f"{score.coverage.mean:.0%}",
        f"{score.power.mean:.0%}" if score.power else NONE,
        part(score.false.mean),
        NONE if score.days is None else str(score.days),
        people_text(score.people_needed),
    ]


def people_text(needed: int | None) -> str:
    """How many people are needed, as shown."""
    if needed is None:
        return NONE
    return f"{needed:,}" if needed <= _MOST else f">{_MOST:,}"


def amount(metric: Metric, value: float, sign: str = "-") -> str:
    """A figure per person as people read it: for a thousand of them."""
    scaled = value * PER
    if metric.money:
        return money(round(scaled / 100) * 100 if abs(scaled) >= _EXACT else scaled, sign=sign).removesuffix(".00")
    text = number(scaled, 2)
    return f"+{text}" if sign == "+" and scaled >= 0.005 else text


def give_or_take(metric: Metric, between: Between) -> str:
    """A mean, and half its interval."""
    mean = amount(metric, between.mean, "+")
    return mean if between.high is None else f"{mean} ± {amount(metric, between.high - between.mean)}"


def interval(metric: Metric, between: Between) -> str:
    """An interval as people read it; empty without one."""
    if between.low is None or between.high is None:
        return ""
    return f"[{amount(metric, between.low, '+')}, {amount(metric, between.high, '+')}]"


def trial_told(tried: Tried, scored: Sequence[Scored], advice: Advice, metric: str) -> dict[str, object]:
    """What `--json` prints: money in yuan, everything per person of the market."""
    trial = tried.trial
    return {
        "scenario": trial.scenario.scenario,
        "plans": [plan.plan for plan in trial.plans],
        "people": trial.people,
        "before": trial.before,
        "days": trial.days,
        "block": trial.block,
        "washout": trial.washout,
        "spillover": trial.spillover,
        "seed": trial.seed,
        "replications": len(tried.done),
        "interrupted": tried.interrupted,
        "horizons": list(trial.horizons),
        "truth": [_truth_told(scored[0].score(one.name)) for one in METRICS],
        "designs": [_design_told(one) for one in scored],
        "metric": metric,
        "recommended": {"design": advice.take.design, "credit": advice.take.credit} if advice.take else None,
        "said": {"zh": advice.words.zh, "en": advice.words.en},
    }


def _truth_told(score: Score) -> dict[str, object]:
    unit = _unit(score.metric)
    ends = {name: None if end is None else end / unit for name, end in _ends("", score.truth).items()}
    told: dict[str, object] = {
        "name": score.metric.name,
        "base": score.base / unit,
        "difference": score.truth.mean / unit,
    }
    return told | ends | {"relative": score.truth.mean / score.base if score.base else None}


def _design_told(one: Scored) -> dict[str, object]:
    title = way_title(one)
    metrics = [_score_told(score) for score in one.scores]
    said = {"design": one.design, "credit": one.credit, "title": {"zh": title.zh, "en": title.en}}
    return said | {"crossed": one.crossed, "metrics": metrics}


def _score_told(score: Score) -> dict[str, object]:
    unit = _unit(score.metric)
    amounts: dict[str, float | None] = {"estimate": score.estimate, "rmse": score.rmse, "error": score.error}
    for name, between in (("bias", score.bias), ("crossing", score.crossing)):
        amounts[name] = between.mean
        amounts |= _ends(f"{name}_", between)
    told: dict[str, object] = {"name": score.metric.name}
    told |= {name: None if value is None else value / unit for name, value in amounts.items()}
    for name, between in (("coverage", score.coverage), ("false_positives", score.false)):
        told[name] = between.mean
        told |= _ends(f"{name}_", between)
    power = score.power or Between(float("nan"))
    told |= {"power": power.mean if score.power else None} | _ends("power_", power)
    return told | {
        "wrong_direction": score.wrong,
        "power_by_horizon": list(score.powers),
        "days": score.days,
        "people_needed": score.people_needed,
        "fair": is_fair(score),
    }


def _ends(prefix: str, between: Between) -> dict[str, float | None]:
    return {f"{prefix}low": between.low, f"{prefix}high": between.high}


def _unit(metric: Metric) -> int:
    return 100 if metric.money else 1


def write_readings(folder: Path, tried: Tried) -> Path:
    """A row per replication, way of trying, horizon and metric; fen or counts per person of the market."""
    columns: dict[str, list[object]] = {}
    for replication in sorted(tried.done):
        for way in ways(tried.trial):
            reading = tried.done[replication][way]
            for place, horizon in enumerate(tried.trial.horizons):
                for at, metric in enumerate(METRICS):
                    row: dict[str, object] = {
                        "replication": replication,
                        "seed": tried.trial.seed + replication,
                        "design": way[0],
                        "credit": way[1],
                        "days": horizon,
                        "metric": metric.name,
                    }
                    for name in ("truth", "value", "error", "low", "high", "uncrossed"):
                        row[name] = float(getattr(reading, name)[place, at])
                    for name, cell in row.items():
                        columns.setdefault(name, []).append(cell)
    return write_table(folder / TRIALS, pa.table({name: pa.array(cells) for name, cells in columns.items()}))
