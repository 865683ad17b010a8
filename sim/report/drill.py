"""A drill of the risk desk: tables and the curve in the terminal, a page, Parquet, and what `--json` prints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import plotly.graph_objects as go
import pyarrow as pa
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from rules.money import yuan
from sim.actors.casting import KINDS
from sim.experiments.drill import Drill, Side
from sim.experiments.metric_names import Lang, Text
from sim.report.charts import BASELINE, COLOURS, CONFIG, figure_of
from sim.report.figures import NONE, part
from sim.report.files import replace_file
from sim.report.parquet import write_table
from sim.report.results import in_yuan
from sim.report.tables import head, table_of
from sim.risk.marks import Marks, Point
from sim.risk.rules import SIGN_TITLES, Sign

FINDINGS, CURVE = "findings.parquet", "curve.html"
_BAR = 30
"""Characters of a bar of 100 %."""

_KINDS = Text("作弊手法|账号|识别|只观察时提现|介入后提现", "cheats|accounts|caught|paid, watching|paid, acting")
_SIGNS = Text("迹象|次数|账号|属实", "sign|seen|accounts|right")
_LINE = Text("信用低于", "credit below")
_DAYS = Text("识别用时（天，中位数）", "days until caught (median)")
_RECALL, _PRECISION = Text("召回率", "recall"), Text("精确率", "precision")
_CARE = {
    "careless": Text("粗心者", "careless"),
    "middling": Text("一般者", "middling"),
    "careful": Text("谨慎者", "careful"),
}
_TITLE = Text(
    "风控曲线：信用线越高，识别越多，误伤也越多", "The higher the line, the more are caught, and the more wrongly"
)
_DESK = Text("风控台", "Risk desk")
_IN_SHORT = Text(
    "召回率 {recall}，精确率 {precision}；作弊与盗号提走 {loss} 元，风控成本 {cost} 元",
    "recall {recall}, precision {precision}; cheats and thieves took {loss} yuan, the desk cost {cost}",
)
_SAID = (
    Text(
        "信用低于 {line} 即冻结：召回率 {recall}，精确率 {precision}"
        "（{caught}/{cheats} 个作弊账号，误伤 {wrong} 人）。",
        "Frozen below {line}: recall {recall}, precision {precision} ({caught} of {cheats} accounts of cheats, "
        "{wrong} honest people).",
    ),
    Text(
        "作弊与盗号提走：只观察 {loss} 元，介入后 {left} 元；介入的成本 {cost} 元"
        "（审核 {reviews} 件 {review_cost} 元，误冻 {frozen} 人 {days} 天 {frozen_cost} 元）。",
        "Cheats and thieves took {loss} yuan while the desk watched, {left} when it acted; acting cost {cost} "
        "({reviews} reviews {review_cost}, {frozen} honest people frozen for {days} days {frozen_cost}).",
    ),
    Text(
        "盗号提现 {thefts} 次，付出 {stolen} 元；二次验证误拦 {owners} 次；误拒注册 {turned} 人；误判 {condemned} 人。",
        "{thefts} thefts tried, {stolen} yuan paid; owners stopped by the second check {owners} times; {turned} honest "
        "people turned away; {condemned} rejected.",
    ),
    Text("按谨慎程度的识别率：{care}。", "Caught by how careful they are: {care}."),
)


def print_marks(console: Console, marks: Marks, lang: Lang) -> None:
    """What a desk saw in one world, and how good it was."""
    head(console, _DESK.say(lang))
    console.print(_signs_table(marks, lang))
    told = {
        "recall": part(marks.at.recall),
        "precision": part(marks.at.precision),
        "loss": yuan(marks.loss),
        "cost": yuan(marks.cost),
    }
    console.print(Styled(_IN_SHORT.say(lang).format(**told)))


def print_drill(console: Console, title: str, drill: Drill, lang: Lang) -> None:
    """The cheats, the signs, the curve, and what it comes to."""
    console.print(Styled(title, style="bold"))
    console.print(_kinds_table(drill, lang), "")
    console.print(_signs_table(drill.watching.marks, lang), "")
    for line in curve_lines(drill.watching.marks, lang):
        console.print(Styled(line))
    console.print()
    for sentence in sentences(drill, lang):
        console.print(Styled(sentence))


def _kinds_table(drill: Drill, lang: Lang) -> Table:
    table = table_of(_KINDS.say(lang))
    for watched, acted in zip(drill.watching.marks.kinds, drill.acting.marks.kinds, strict=True):
        if watched.accounts:
            title = KINDS[watched.name].title
            figures = (f"{watched.accounts:,}", _of(watched.caught, watched.accounts), yuan(watched.paid))
            table.add_row(getattr(title, lang), *figures, yuan(acted.paid))
    return table


def _signs_table(marks: Marks, lang: Lang) -> Table:
    table = table_of(_SIGNS.say(lang))
    for one in marks.signs:
        title = getattr(SIGN_TITLES[one.sign], lang)
        table.add_row(title, f"{one.findings:,}", f"{one.accounts:,}", _of(one.right, one.accounts))
    return table


def curve_lines(marks: Marks, lang: Lang) -> list[str]:
    """The curve as text: recall and precision by the line at which accounts are frozen; → marks where it is.

    Lines at which nothing changes are left out.
    """
    lines = [f"  {_LINE.say(lang)}  {_RECALL.say(lang)} █  {_PRECISION.say(lang)} ·  {_DAYS.say(lang)}"]
    for before, point in zip((None, *marks.curve), marks.curve, strict=False):
        if before and replace(before, below=point.below) == point and point.below != marks.line:
            continue
        bar = ["█" if place < round((point.recall or 0) * _BAR) else " " for place in range(_BAR + 1)]
        bar[round((point.precision or 0) * _BAR)] = "·"
        here = "→" if point.below == marks.line else " "
        days = NONE if point.days is None else f"{point.days:.1f}"
        figures = f"{part(point.recall):>6}  {part(point.precision):>6}  {days:>5}"
        lines.append(f"{here} {point.below:>4}  {figures}  {''.join(bar).rstrip()}")
    return lines


def sentences(drill: Drill, lang: Lang) -> list[str]:
    """What it comes to, in words."""
    seen, acted = drill.watching.marks, drill.acting.marks
    care = ", ".join(
        f"{_CARE[group.name].say(lang)} {_of(group.caught, group.accounts)}" for group in seen.care if group.accounts
    )
    told = {
        "line": seen.line,
        "recall": part(seen.at.recall),
        "precision": part(seen.at.precision),
        "caught": seen.at.caught,
        "cheats": seen.at.cheats,
        "wrong": seen.at.wrong,
        "loss": yuan(seen.loss),
        "left": yuan(acted.loss),
        "cost": yuan(acted.cost),
        "reviews": acted.reviews,
        "review_cost": yuan(acted.review_cost),
        "frozen": acted.frozen,
        "days": acted.frozen_days,
        "frozen_cost": yuan(acted.frozen_cost),
        "thefts": acted.thefts,
        "stolen": yuan(acted.thefts_paid),
        "owners": acted.owners_stopped,
        "turned": acted.turned_away,
        "condemned": acted.condemned_wrongly,
        "care": care,
    }
    return [sentence.say(lang).format(**told) for sentence in _SAID]


def record_of(drill: Drill) -> dict[str, object]:
    """What `--json` prints of a drill; money in yuan."""
    return {
        "rules": drill.rules.model_dump(),
        "watching": _side(drill.watching),
        "acting": _side(drill.acting),
        "saved": drill.saved / 100,
    }


def _side(side: Side) -> dict[str, object]:
    return marks_told(side.marks) | {"metrics": in_yuan(side.metrics)}


def marks_told(marks: Marks) -> dict[str, object]:
    """The marks of a desk for `--json`; money in yuan."""
    return {
        "line": marks.line,
        **_point(marks.at),
        "curve": [_point(point) for point in marks.curve],
        "kinds": [_group(one.name, one.accounts, one.caught, one.paid) for one in marks.kinds],
        "care": [_group(one.name, one.accounts, one.caught, one.paid) for one in marks.care],
        "signs": [
            {"sign": one.sign.name, "seen": one.findings, "accounts": one.accounts, "right": one.right}
            for one in marks.signs
        ],
        "thefts": {"tried": marks.thefts, "paid": marks.thefts_paid / 100, "owners_stopped": marks.owners_stopped},
        "loss": marks.loss / 100,
        "reviews": {"cases": marks.reviews, "cost": marks.review_cost / 100, "wrong": marks.condemned_wrongly},
        "frozen": {"people": marks.frozen, "days": marks.frozen_days, "cost": marks.frozen_cost / 100},
        "turned_away": marks.turned_away,
        "cost": marks.cost / 100,
    }


def _point(point: Point) -> dict[str, object]:
    counts = {"below": point.below, "caught": point.caught, "wrong": point.wrong, "cheats": point.cheats}
    return counts | {"recall": point.recall, "precision": point.precision, "days": point.days}


def _group(name: str, accounts: int, caught: int, paid: int) -> dict[str, object]:
    return {"name": name, "accounts": accounts, "caught": caught, "paid": paid / 100}


def write_drill(folder: Path, drill: Drill, lang: Lang) -> None:
    """Write every finding of both worlds as Parquet, and the curve as a page that needs no network."""
    sides = {"watching": drill.watching, "acting": drill.acting}
    columns: dict[str, list[object]] = {"desk": [name for name, side in sides.items() for _ in side.findings]}
    for field in ("day", "member", "points", "value", "limit"):
        columns[field] = [row for side in sides.values() for row in side.findings[field].tolist()]
    columns["sign"] = [Sign(row).name for side in sides.values() for row in side.findings["sign"].tolist()]
    write_table(folder / FINDINGS, pa.table(columns))
    # Plotly writes in the settings that it is given.
    page = curve_chart(drill.watching.marks, lang).to_html(include_plotlyjs=True, config=CONFIG.copy())
    replace_file(folder / CURVE, lambda path: path.write_text(page, encoding="utf-8"))


def curve_chart(marks: Marks, lang: Lang) -> go.Figure:
    """Recall and precision by the credit below which accounts are frozen; dotted where the line is."""
    chart = figure_of(_TITLE.say(lang))
    below = [point.below for point in marks.curve]
    for name, colour, values in (
        (_RECALL, COLOURS[0], [point.recall for point in marks.curve]),
        (_PRECISION, COLOURS[1], [point.precision for point in marks.curve]),
    ):
        chart.add_scatter(x=below, y=values, name=name.say(lang), mode="lines+markers", line={"color": colour})
    chart.add_vline(marks.line, line_dash="dot", line_color=BASELINE)
    chart.update_xaxes(title_text=_LINE.say(lang), range=[0, 102])
    chart.update_yaxes(tickformat=".0%", range=[0, 1.05])
    return chart.update_layout(hovermode="x unified", height=480)


def _of(some: int, whole: int) -> str:
    return f"{some:,} ({part(some / whole)})" if whole else NONE
