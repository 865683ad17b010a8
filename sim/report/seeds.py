"""What kinds of seeds brought, in the terminal and for `--json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console

from sim.experiments.metric_names import Lang, Text
from sim.report.figures import NONE, money, number
from sim.report.tables import head, table_of
from sim.seeds import SeedFigures

_TITLE = Text("种子用户", "Seeds")
_HEADS = Text(
    "来源|人数|平均人脉|亲自带来|每人带来 K|整支会员|推广订单|推广额|佣金|每会员佣金",
    "chosen by|seeds|contacts|brought|K each|branch|orders|volume|commission|a member",
)
_KINDS = {
    "any": Text("随机", "draw"),
    "staff": Text("员工", "staff"),
    "leaders": Text("团长（人脉最多）", "leaders: contacts"),
    "koc": Text("KOC（人脉×信任×购买）", "KOC: contacts x trust x purchases"),
    "invited": Text("RFM 邀请（邀请之后）", "invited by RFM, since then"),
}


def print_seeds(console: Console, found: Sequence[SeedFigures], lang: Lang) -> None:
    """A row for each kind; nothing where a scenario has none."""
    if not found:
        return
    head(console, _TITLE.say(lang))
    table = table_of(_HEADS.say(lang))
    for one in found:
        counts = (f"{one.seeds:,}", number(one.contacts, 0), f"{one.brought:,}", number(one.k, 2), f"{one.branch:,}")
        amounts = (f"{one.orders:,}", money(one.volume), money(one.commission))
        table.add_row(_KINDS[one.by].say(lang), *counts, *amounts, NONE if one.cost is None else money(one.cost))
    console.print(table)


def seeds_told(found: Sequence[SeedFigures]) -> dict[str, object]:
    """The same for `--json`, money in yuan; nothing where a scenario has none."""
    return {"seeds": [_told(one) for one in found]} if found else {}


def _told(one: SeedFigures) -> dict[str, object]:
    cost = None if one.cost is None else one.cost / 100
    yuan = {"volume": one.volume / 100, "commission": one.commission / 100, "commission_a_member": cost}
    return asdict(one) | yuan | {"k": one.k}
