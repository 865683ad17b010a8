"""Retention, and the balance of old and new promoters, in the terminal and for `--json`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from sim.experiments.metric_names import Lang, Text
from sim.report.figures import NONE, money, part
from sim.report.tables import head, table_of
from sim.retention import BOUNDS, MONTH, Band, Retention

_SHOWN = (1, 2, 4, 8, 12, 26, 52)
_MOST = 12
_TITLE = Text("留存（入会后第 n 周仍下单或分享）", "Retention: part who order or share n weeks after joining")
_COHORT = Text("入会周", "joined in week")
_MEMBERS = Text("人数", "members")
_AFTER = Text("第 {weeks} 周", "after {weeks}")
_ALL = Text("合计", "all")
_BALANCE = Text("新老推广员（最近四周）", "New and old promoters, the last four weeks")
_BANDS = (
    Text(f"新（入会不到 {BOUNDS[0]} 天）", f"new: joined < {BOUNDS[0]} days ago"),
    Text(f"{BOUNDS[0]}–{BOUNDS[1]} 天", f"{BOUNDS[0]} to {BOUNDS[1]} days"),
    Text(f"老（{BOUNDS[1]} 天以上）", f"old: {BOUNDS[1]} days and more"),
)
_NAMES = ("new", "between", "old")
_HEADS = Text(
    "推广员|人数|人均收入|收入占比|订单占比|无收入占比",
    "promoters|how many|income each|of income|of orders|without income",
)
_SAID = Text("新推广员的人均收入是其他人的 {balance}。", "A new promoter earns {balance} of what another does.")


def print_retention(console: Console, found: Retention, lang: Lang) -> None:
    """Cohorts and bands; nothing of what a run is too short for."""
    if len(found.cohorts) > 1:
        head(console, _TITLE.say(lang))
        console.print(_cohorts(found, lang))
    if found.bands:
        head(console, _BALANCE.say(lang))
        console.print(_bands(found, lang))
        if found.balance is not None:
            console.print(Styled(_SAID.say(lang).format(balance=part(found.balance))))


def retention_told(found: Retention) -> dict[str, object]:
    """The same for `--json`: every week's cohort; money in yuan."""
    months = [
        {"month": place, "income": _by_band(fen / 100 for fen in one.income), "orders": _by_band(one.orders)}
        for place, one in enumerate(found.months)
    ]
    bands = {name: _band(one) for name, one in zip(_NAMES, found.bands, strict=False)}
    return {
        "retention": [asdict(one) for one in found.cohorts],
        "newcomers": {"balance": found.balance, "bands": bands, "months": months},
    }


def _cohorts(found: Retention, lang: Lang) -> Table:
    """Cohorts by months, so many that they fit; columns as far as anybody got."""
    weeks = len(found.cohorts)
    shown = [after for after in _SHOWN if after < weeks]
    heads = [_COHORT.say(lang), _MEMBERS.say(lang), *(_AFTER.say(lang).format(weeks=after) for after in shown)]
    table = table_of("|".join(heads))
    step = MONTH * -(-weeks // (MONTH * _MOST))
    spans = [(first, min(first + step, weeks)) for first in range(0, weeks, step)]
    for first, last in [*spans, (0, weeks)] if len(spans) > 1 else spans:
        label = _ALL.say(lang) if (first, last) == (0, weeks) else _weeks(first, last)
        members = sum(one.members for one in found.cohorts[first:last])
        table.add_row(label, f"{members:,}", *(part(found.after(after, first, last)) for after in shown))
    return table


def _weeks(first: int, last: int) -> str:
    return f"{first + 1}–{last}" if last > first + 1 else str(last)


def _bands(found: Retention, lang: Lang) -> Table:
    table = table_of(_HEADS.say(lang))
    income, orders = (sum(getattr(one, name) for one in found.bands) for name in ("income", "orders"))
    for title, one in zip(_BANDS, found.bands, strict=True):
        each = NONE if one.each is None else money(one.each)
        parts = (_part_of(one.income, income), _part_of(one.orders, orders), _part_of(one.without, one.promoters))
        table.add_row(title.say(lang), f"{one.promoters:,}", each, *parts)
    return table


def _part_of(some: int, whole: int) -> str:
    return part(some / whole) if whole > 0 else NONE


def _band(one: Band) -> dict[str, object]:
    without = one.without / one.promoters if one.promoters else None
    each = None if one.each is None else one.each / 100
    return {
        "promoters": one.promoters, "income": one.income / 100, "income_each": each, "orders": one.orders,
        "without_income": without,
    }  # fmt: skip


def _by_band(values: Iterable[float]) -> dict[str, float]:
    return dict(zip(_NAMES, values, strict=True))
