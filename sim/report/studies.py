"""The points of a study and what a figure depends on: tables in the terminal, Parquet and JSON in the folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.text import Text as Styled

from rules.errors import InputError
from sim.experiments.metric_names import NAMES, Lang, Text, metric
from sim.report.figures import NONE, figure, number
from sim.report.files import write_json
from sim.report.parquet import write_table
from sim.report.tables import table_of
from sim.report.words import VERDICTS
from sim.studies.levers import Lever, Setting, read_lever
from sim.studies.sensitivity import Index, Method
from sim.studies.study import Answer, Study

STUDY, POINTS, INDICES = "study.json", "points.parquet", "indices.json"
_SHOWN = 20
_BESIDE = ("payout_ratio", "new_members")
"""Metrics that stand beside the one that is looked at."""
_VERDICT, _REPLICATIONS = "verdict", "replications"

_RANKED = Text(
    "{count} 个点，按{metric}从高到低，列出前 {shown} 个",
    "{count} points by {metric}, the highest first; {shown} are shown",
)
_REFUSED = Text("{count} 个点不成方案，例如：{why}", "{count} points are no plan, for instance: {why}")
_RULEBOOK = Text("规则库", "rulebook")
_DEPENDS = Text("{metric} 取决于什么（{runs} 次运行）", "What {metric} depends on ({runs} points)")
_HEADS: dict[Method, Text] = {
    "morris": Text("变量|影响 μ*|95% 区间|方向 μ|离散 σ", "lever|size μ*|95 % interval|direction μ|spread σ"),
    "sobol": Text("变量|总效应 ST|95% 区间|自身 S1", "lever|total ST|95 % interval|own S1"),
    "given": Text("变量|PAWN 中位距离", "lever|PAWN, median distance"),
}
_MEANS: dict[Method, Text] = {
    "morris": Text(
        "μ* 为变量走完全程时指标平均变化的大小；σ 大则取决于其他变量。",
        "μ* is how much the figure moves over a lever's whole range, on average; large σ: it depends on other levers.",
    ),
    "sobol": Text(
        "ST 为该变量参与解释的方差比例，S1 为其单独解释的比例。",
        "ST is the part of the variance a lever has a hand in, S1 the part that is its own.",
    ),
    "given": Text(
        "0 为无关；已有运行不为此设计，无区间。",
        "0 = does not matter; the runs were not designed for this, so there is no interval.",
    ),
}


def print_points(console: Console, study: Study, tried: Sequence[Answer], name: str, lang: Lang) -> None:
    """The points by a metric, the highest first."""
    ranked = sorted(
        (answer for answer in tried if answer.rows), key=lambda answer: -(answer.mean(name) or float("-inf"))
    )
    metrics = [name, *(one for one in _BESIDE if one != name)]
    heads = [short(lever, study.levers) for lever in study.levers]
    table = table_of("|".join([*heads, *(metric(one).title.say(lang) for one in metrics), _RULEBOOK.say(lang)]))
    for answer in ranked[:_SHOWN]:
        at = [lever.written(answer.setting[lever.name]) for lever in study.levers]
        figures = [figure(one, answer.mean(one)) for one in metrics]
        said = VERDICTS[answer.verdict].say(lang) if answer.verdict else NONE
        table.add_row(*map(Styled, [*at, *figures, said]))
    title = _RANKED.say(lang).format(
        count=len(tried), metric=metric(name).title.say(lang), shown=min(_SHOWN, len(ranked))
    )
    console.print(Styled(title, style="bold"))
    console.print(table)
    refused = [answer.refused for answer in tried if answer.refused]
    if refused:
        console.print(Styled(_REFUSED.say(lang).format(count=len(refused), why=refused[0]), style="yellow"))


def short(lever: Lever, levers: Sequence[Lever]) -> str:
    """The end of a lever's path that tells it from the others."""
    keys = (lever.side, *lever.keys)
    for length in range(1, len(keys) + 1):
        end = keys[-length:]
        if sum((other.side, *other.keys)[-length:] == end for other in levers) == 1:
            return ".".join(end)
    return lever.name


def write_points(folder: Path, study: Study, tried: Sequence[Answer]) -> None:
    """`points.parquet`: a row for each point: its levers as numbers, replications, verdict, means of all metrics; and
    `study.json`: the levers as they were given."""
    columns: dict[str, pa.Array] = {
        lever.name: pa.array([lever.number(answer.setting[lever.name]) for answer in tried], pa.float64())
        for lever in study.levers
    }
    columns[_REPLICATIONS] = pa.array([len(answer.rows) for answer in tried], pa.int32())
    columns[_VERDICT] = pa.array([answer.verdict for answer in tried], pa.string())
    columns["refused"] = pa.array([answer.refused or None for answer in tried], pa.string())
    for name in NAMES:
        columns[name] = pa.array([answer.mean(name) for answer in tried], pa.float64())
    write_table(folder / POINTS, pa.table(columns))
    levers = [lever_text(lever) for lever in study.levers]
    record = {"levers": levers, "people": study.people, "days": study.days, "seed": study.seed}
    write_json(folder / STUDY, record)


def read_points(folder: Path) -> tuple[tuple[Lever, ...], list[Answer]]:
    """The levers of a sweep and its points, as `write_points` has left them.

    Raises:
        InputError: there is no sweep in the folder.
    """
    try:
        record = json.loads((folder / STUDY).read_text("utf-8"))
        table = pq.read_table(folder / POINTS).to_pydict()
    except (OSError, ValueError, pa.ArrowException) as error:
        raise InputError(f"{folder}: no sweep can be read there: {error}", allowed="the folder of a sweep") from error
    levers = tuple(map(read_lever, record["levers"]))
    found = []
    for row in range(len(table[_REPLICATIONS])):
        setting: Setting = {lever.name: _value(lever, table[lever.name][row]) for lever in levers}
        answer = Answer(setting, refused=table["refused"][row] or "")
        if table[_REPLICATIONS][row]:
            answer.rows[0] = {name: table[name][row] for name in NAMES}
        found.append(answer)
    return levers, found


def _value(lever: Lever, number: float) -> Decimal:
    value = Decimal(repr(number)) * (100 if lever.percent else 1)
    return min(lever.values, key=lambda one: abs(one - value)) if not lever.is_range else value


def lever_text(lever: Lever) -> str:
    """The lever as it can be read again."""
    return f"{lever.name}={(':' if lever.is_range else ',').join(map(lever.written, lever.values))}"


def print_indices(console: Console, method: Method, name: str, found: Sequence[Index], runs: int, lang: Lang) -> None:
    """What a metric depends on, most first."""
    console.print(Styled(_DEPENDS.say(lang).format(metric=metric(name).title.say(lang), runs=runs), style="bold"))
    console.print(table_of(_HEADS[method].say(lang), [_index_cells(method, name, one) for one in found]))
    console.print(Styled(_MEANS[method].say(lang), style="dim"))


def _index_cells(method: Method, name: str, one: Index) -> list[str]:
    if method == "given":
        return [one.lever, number(one.whole, 3)]
    shown = (lambda value: figure(name, value)) if method == "morris" else (lambda value: number(value, 3))
    cells = [one.lever, shown(one.whole), f"[{shown(one.low)}, {shown(one.high)}]", shown(one.own)]
    return [*cells, shown(one.spread)] if method == "morris" else cells


def write_indices(folder: Path, method: Method, name: str, found: Sequence[Index]) -> None:
    """`indices.json`."""
    indices = {name: {one.lever: one.told() for one in found}}
    write_json(folder / INDICES, {"method": method, "indices": indices})
