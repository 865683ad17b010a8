"""The versions of a plan within one run, in the terminal and for `--json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.text import Text as Styled

from sim.experiments.metric_names import Lang, Text
from sim.report.figures import money, number, part
from sim.report.tables import head, table_of
from sim.versions import VersionFigures

_TITLE = Text("方案版本（先后生效，不是对照实验）", "Plan versions, one after the other: no experiment")
_HEADS = Text(
    "方案|起始日|天数|日均成交|日均订单|日均新会员|每次分享点击|日 K|佣金率",
    "plan|from day|days|GMV a day|orders|new members|clicks a share|K a day|payout",
)
_MONEY = ("gmv", "commission", "refunds")


def print_versions(console: Console, found: Sequence[VersionFigures], lang: Lang) -> None:
    """A row for each version; nothing where there is one plan."""
    if not found:
        return
    head(console, _TITLE.say(lang))
    table = table_of(_HEADS.say(lang))
    for one in found:
        a_day = (money(one.gmv / one.days), f"{one.orders / one.days:,.1f}", f"{one.new_members / one.days:,.1f}")
        rates = (number(one.clicks_per_share, 3), number(one.k, 3), part(one.payout))
        table.add_row(Styled(one.plan), str(one.first), str(one.days), *a_day, *rates)
    console.print(table)


def versions_told(found: Sequence[VersionFigures]) -> dict[str, object]:
    """The same for `--json`, sums over the days, money in yuan; nothing where there is one plan."""
    return {"plan_versions": [_told(one) for one in found]} if found else {}


def _told(one: VersionFigures) -> dict[str, object]:
    rates = {"payout_ratio": one.payout, "clicks_per_share": one.clicks_per_share, "daily_k": one.k}
    return asdict(one) | {name: getattr(one, name) / 100 for name in _MONEY} | rates
