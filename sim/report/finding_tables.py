"""What a comparison finds beyond its metrics, as tables: for the terminal, the page, and as records for `--json`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import Console

from sim.experiments.guards import STATES, Guard, Kept
from sim.experiments.metric_names import METRICS, Lang, Text, metric
from sim.report.figures import NONE, change, figure, interval, money, part, percentage
from sim.report.finding_words import chance_shown, named, value_of
from sim.report.tables import LANGS, PageTable, head, table_of
from sim.report.words import VERDICTS

if TYPE_CHECKING:
    from sim.experiments.effects import Effect
    from sim.experiments.findings import Findings
    from sim.experiments.gains import Turn
    from sim.experiments.statistics import Comparison
    from sim.experiments.tipping import Line, Point, Tipping
    from sim.report.data import ReportData

_ARM = Text("方案", "plan")
_ANSWERS = {
    "more": Text("整个区间都更多", "more over the whole range"),
    "less": Text("整个区间都更少", "less over the whole range"),
    "open": Text("看不出", "cannot be said"),
}
_LESS_UNDER = Text("低于 {value} {sure} 时更少", "less under {value} {sure}")
_LESS_OVER = Text("高于 {value} {sure} 时更少", "less over {value} {sure}")
_BY = {"rank": Text("等级", "rank"), "node": Text("类型", "kind")}
_FIFTHS = (
    Text("收入最低的五分之一", "lowest fifth of incomes"),
    Text("第二个五分之一", "second fifth"),
    Text("第三个五分之一", "third fifth"),
    Text("第四个五分之一", "fourth fifth"),
    Text("收入最高的五分之一", "highest fifth of incomes"),
)
_ALL = Text("全部推广员", "all promoters")
Row = Sequence[str]


def finding_tables(
    findings: Findings | None, comparison: Comparison, names: Mapping[Lang, Mapping[str, str]]
) -> list[PageTable]:
    """Tables of what there is to say, in both languages.

    Args:
        names: of the arms by id, in each language.
    """
    if findings is None:
        return []
    makers: list[tuple[Text, Text, Callable[[Lang], list[Row]]]] = [
        (
            Text("选择：每个方案跑了多久", "Selection: how long each plan ran"),
            Text("方案|重复次数|结果", "plan|replications|outcome"),
            lambda lang: _selection(findings, names[lang], lang),
        ),
        (
            Text("护栏（须证实守住，才能胜出）", "Guardrails (a winner has to be shown to keep them)"),
            Text("方案|护栏|数值|区间|结论", "plan|guardrail|value|interval|verdict"),
            lambda lang: [_guarded(kept, names[lang], lang) for kept in comparison.guards],
        ),
        (
            Text("贡献毛利最高的概率", "Chance of the highest contribution"),
            Text("方案|概率", "plan|chance"),
            lambda lang: [(names[lang][arm], chance_shown(one)) for arm, one in findings.chances.items()],
        ),
        (
            Text("行为参数与翻转点", "Behaviour and its tipping points"),
            Text(
                "方案|参数|区间|低端的差额|高端的差额|解释的方差|结论",
                "plan|parameter|range|difference at the low end|at the high end|variance explained|verdict",
            ),
            lambda lang: [_tip(one, line, names[lang], lang) for one in findings.tipping for line in one.lines],
        ),
        (
            Text("推广员收入的分位数", "Quantiles of promoters' incomes"),
            Text(
                "方案|指标|基准|本方案|差异|相对|区间|结论",
                "plan|figure|baseline|plan|difference|relative|interval|verdict",
            ),
            lambda lang: [_effect(one, names[lang], lang) for one in findings.incomes],
        ),
        (
            Text("谁多得，谁少得（同一批人，各次平均）", "Who earns more, who less (the same people, means of runs)"),
            Text(
                "方案|推广员|人数|多得|少得|基准合计|本方案合计",
                "plan|promoters|people|earn more|earn less|baseline|plan",
            ),
            lambda lang: _turns(findings, names[lang], lang),
        ),
    ]
    tables = [PageTable(title, heads, {lang: rows(lang) for lang in LANGS}) for title, heads, rows in makers]
    return [table for table in tables if table.cells["en"]]


def tables_of(data: ReportData) -> list[PageTable]:
    """The tables of a report."""
    return finding_tables(data.findings, data.comparison, {lang: data.names(lang) for lang in LANGS})


def print_findings(console: Console, tables: Sequence[PageTable], lang: Lang) -> None:
    """The tables in the terminal."""
    for one in tables:
        head(console, one.title.say(lang))
        console.print(table_of(one.heads.say(lang), one.cells[lang]))


def findings_told(findings: Findings | None) -> dict[str, object]:
    """For `--json`: money in yuan."""
    if findings is None:
        return {}
    told: dict[str, object] = {
        "income_quantiles": [_effect_told(one) for one in findings.incomes],
        "chance_best": dict(findings.chances),
        "winners_losers": [
            {"arm": arm, "by": by, "id": one} | _turn_told(turn) for arm, by, one, _, turn in _all_turns(findings)
        ],
    }
    if findings.ranges:
        told["ranges"] = {name: list(ends) for name, ends in findings.ranges.items()}
        told["tipping"] = [_tipping_told(one) for one in findings.tipping]
    if findings.stopped:
        told["sequential"] = findings.stopped.to_dict()
    if findings.choice:
        told["selection"] = findings.choice.to_dict()
    return told


def _selection(findings: Findings, names: Mapping[str, str], lang: Lang) -> list[Row]:
    choice = findings.choice
    if choice is None:
        return []
    said = {
        "best": Text("选定", "selected") if choice.decided else Text("领先", "leads"),
        "barred": Text("违反规则手册，出局", "out: breaks the rulebook"),
        "out": Text("淘汰", "out"),
        "in": Text("仍在比较", "still in"),
    }

    def outcome(arm: str, runs: int) -> str:
        if arm == choice.arm:
            return said["best"].say(lang)
        if arm in choice.barred:
            return said["barred"].say(lang)
        return said["out" if choice.decided or runs < max(choice.runs.values()) else "in"].say(lang)

    ranked = sorted(choice.runs.items(), key=lambda pair: (pair[0] != choice.arm, -pair[1]))
    return [(names[arm], str(runs), outcome(arm, runs)) for arm, runs in ranked]


def _guarded(kept: Kept, names: Mapping[str, str], lang: Lang) -> Row:
    guard = kept.guard
    if kept.low is None or kept.high is None:
        sure = NONE
    else:
        sure = f"[{_on_scale(guard, kept.low, lang)}, {_on_scale(guard, kept.high, lang)}]"
    title = f"{METRICS[guard.metric].title.say(lang)}: {guard.text}"
    return (names[kept.arm], title, _on_scale(guard, kept.value, lang), sure, STATES[kept.state].say(lang))


def _on_scale(guard: Guard, value: float | None, lang: Lang) -> str:
    if guard.scale == "relative":
        return percentage(value, 2)
    return change(guard.metric, value, lang) if guard.scale == "difference" else figure(guard.metric, value)


def _tip(tipping: Tipping, line: Line, names: Mapping[str, str], lang: Lang) -> Row:
    tips = [_point(line, point, lang) for point in line.points]
    said = {"zh": "，", "en": ", "}[lang].join(tips) if tips else _ANSWERS[line.answer].say(lang)
    against = {"zh": "对比", "en": "against"}[lang]
    ends = (percentage(end) for end in (line.at_low, line.at_high))
    span = f"{value_of(line.name, line.low)}–{value_of(line.name, line.high)}"
    pair = f"{names[tipping.arm]} {against} {names[tipping.against]}"
    return (pair, named(line.name, lang), span, *ends, part(line.share), said)


def _point(line: Line, point: Point, lang: Lang) -> str:
    value, low, high = (value_of(line.name, one) for one in (point.value, point.low, point.high))
    return (_LESS_UNDER if point.above else _LESS_OVER).say(lang).format(value=value, sure=f"[{low}, {high}]")


def _effect(one: Effect, names: Mapping[str, str], lang: Lang) -> Row:
    return (
        names[one.arm],
        metric(one.name).title.say(lang),
        figure(one.name, one.mean_baseline),
        figure(one.name, one.mean),
        change(one.name, one.difference, lang),
        percentage(one.relative),
        interval(one.name, one.low, one.high) or NONE,
        VERDICTS[one.verdict].say(lang),
    )


def _all_turns(findings: Findings) -> list[tuple[str, str, str, Text, Turn]]:
    """Arm, what it goes by, id, title, and the turn of each group."""
    found: list[tuple[str, str, str, Text, Turn]] = []
    for one in findings.gains:
        found.append((one.arm, "all", "all", _ALL, one.whole))
        fifths = zip(_FIFTHS, one.fifths, strict=True)
        found += [(one.arm, "fifth", str(place + 1), title, turn) for place, (title, turn) in enumerate(fifths)]
        for group in (group for group in findings.groups if group.arm == one.arm):
            by, title = _BY[group.by], group.title
            called = Text(f"{by.zh}：{title.zh}", f"{by.en}: {title.en}")
            found.append((one.arm, group.by, group.id, called, group.turn))
    return found


def _turns(findings: Findings, names: Mapping[str, str], lang: Lang) -> list[Row]:
    return [
        (
            names[arm],
            title.say(lang),
            f"{turn.people:,.1f}",
            part(turn.more / turn.people if turn.people else None),
            part(turn.less / turn.people if turn.people else None),
            money(turn.before),
            money(turn.after),
        )
        for arm, _, _, title, turn in _all_turns(findings)
    ]


def _turn_told(turn: Turn) -> dict[str, object]:
    people = {"people": turn.people, "more": turn.more, "less": turn.less, "same": turn.same}
    return people | {"before": turn.before / 100, "after": turn.after / 100}


def _effect_told(one: Effect) -> dict[str, object]:
    money_of = ("mean", "mean_baseline", "difference", "low", "high", "low_unpaired", "high_unpaired", "deviation")
    told = one.to_dict()
    return told | {name: told[name] / 100 for name in money_of if isinstance(told[name], int | float)}  # type: ignore[operator]


def _tipping_told(one: Tipping) -> dict[str, object]:
    return asdict(one) | {"everywhere": one.everywhere}
