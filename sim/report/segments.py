"""The segments of a run, in the terminal, for `--json`, and member by member as Parquet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from rules.events import Names
from sim.experiments.metric_names import Lang, Text
from sim.report.figures import NONE, money, part
from sim.report.parquet import write_table
from sim.report.tables import table_of
from sim.segments.clustering import FITTED, Clusters
from sim.segments.naming import Reason
from sim.segments.study import Segment, Study

SEGMENTS = "segments.parquet"

_HEADS = Text(
    "细分|人数|占比|成交占比|佣金占比|为何这样命名（本群/全体）",
    "segment|members|part|of GMV|of commission|why (own / all)",
)
_OFFERS = Text(
    "细分|权益|本就如此|每次毛利|每次成本|月期望价值|回本响应率",
    "segment|offer|act anyhow|margin each|cost each|worth a month|pays from",
)
_ASSUMED = Text(
    "月期望价值按假定的响应率 {response} 计：本不会行动的人里有这么多因权益而行动；毛利已扣佣金。"
    "“回本响应率”不靠假定，– 为永不回本。",
    "Worth a month assumes that {response} of those who would not act do because of the offer; margin is after "
    "commission. “Pays from” is the response it needs, and assumes nothing; – is never.",
)
_SILHOUETTES = Text("轮廓系数（越高分得越清）", "silhouettes, the higher the clearer")
_ALIKE = Text(
    "换一个种子重新聚类，调整兰德指数 {rand:.2f}（1 为完全一致）。",
    "Clustered again with another seed, the adjusted Rand index is {rand:.2f} (1 = the same).",
)
_BEST = Text(
    "最清楚的是 {best} 群（{high:.2f}），这里是 {count} 群（{own:.2f}）{soft}。",
    "Clearest are {best} segments ({high:.2f}), here are {count} ({own:.2f}){soft}.",
)
_SOFT = Text(
    "：群与群之间没有清楚的界线，细分是方便的划法，不是自然的类",
    ": borders are soft, these are handy parts of one crowd",
)
_WARNING = Text(
    "名称只说行为，不说身份（“宝妈群”指像家庭采购那样下单的人）。",
    "A name says how members behave, not who they are (“mothers' group” is who orders as for a family).",
)
SOFT_BELOW = 0.25
"""Kaufman & Rousseeuw 1990 ("Finding Groups in Data"): below a silhouette of 0.25 there is no substantial structure."""


def print_segments(console: Console, title: str, found: Study, lang: Lang) -> None:
    """Segments, their offers, and how far they can be trusted."""
    console.print(Styled(title, style="bold"))
    console.print(_segments(found, lang))
    console.print()
    console.print(_offers(found, lang))
    response = found.segments[0].worth.response
    console.print(Styled(_ASSUMED.say(lang).format(response=part(response))), "")
    tried = "  ".join(f"{count}: {value:.2f}" for count, value in found.clusters.silhouettes.items())
    console.print(Styled(f"{_SILHOUETTES.say(lang)}  {tried}"))
    console.print(Styled(_best(found.clusters, lang)))
    console.print(Styled(_ALIKE.say(lang).format(rand=found.clusters.rand)))
    console.print(Styled(_WARNING.say(lang)))


def segments_told(found: Study) -> dict[str, object]:
    """The same for `--json`; money in yuan."""
    clusters = found.clusters
    return {
        "members": len(found.features.members),
        "features": [one.name for one in found.features.of],
        "silhouettes": {str(count): value for count, value in clusters.silhouettes.items()},
        "adjusted_rand": clusters.rand,
        "fitted_on": min(FITTED, len(found.features.members)),
        "segments": [_told(number, one, found) for number, one in enumerate(found.segments)],
    }


def write_segments(folder: Path, found: Study, names: Names) -> Path:
    """A row a member: number, segment, name of the segment, and every feature (null = undefined)."""
    members, cluster = found.features.members, found.clusters.cluster
    columns = {"member": pa.array(members.astype(np.int32)), "segment": pa.array(cluster.astype(np.int32))}
    if names.members:
        columns["member_name"] = pa.array([names.member(int(one)) for one in members], pa.string())
    columns["name"] = pa.array([one.name for one in found.segments], pa.string()).take(pa.array(cluster))
    for place, one in enumerate(found.features.of):
        values = found.features.values[:, place]
        columns[one.name if one.name not in columns else f"{one.name}_"] = pa.array(values, mask=np.isnan(values))
    return write_table(folder / SEGMENTS, pa.table(columns))


def _segments(found: Study, lang: Lang) -> Table:
    table = table_of(_HEADS.say(lang))
    table.columns[-1].justify = "left"
    for one in found.segments:
        why = "; ".join(_reason(reason, lang) for reason in one.reasons)
        parts = (part(one.members / len(found.features.members)), _part_of(one.gmv, found.gmv))
        figures = (f"{one.members:,}", *parts, _part_of(one.commission, found.commission))
        table.add_row(Styled(one.title.say(lang)), *figures, Styled(why))
    return table


def _offers(found: Study, lang: Lang) -> Table:
    table = table_of(_OFFERS.say(lang))
    table.columns[1].justify = "left"
    for one in found.segments:
        worth = one.worth
        each = (part(worth.anyhow), money(worth.gain), money(worth.cost), money(worth.expected))
        table.add_row(Styled(one.title.say(lang)), Styled(one.offer.title.say(lang)), *each, part(worth.needed))
    return table


def _best(clusters: Clusters, lang: Lang) -> str:
    best = max(clusters.silhouettes, key=lambda count: clusters.silhouettes[count])
    own = clusters.silhouettes.get(clusters.count, 0.0)
    soft = _SOFT.say(lang) if own < SOFT_BELOW else ""
    told = {"best": best, "high": clusters.silhouettes[best], "count": clusters.count, "own": own, "soft": soft}
    return _BEST.say(lang).format(**told)


def _part_of(fen: int, whole: int) -> str:
    return part(fen / whole) if whole > 0 else NONE


def _reason(reason: Reason, lang: Lang) -> str:
    return f"{reason.feature.title.say(lang)} {_value(reason, reason.own)} / {_value(reason, reason.all)}"


def _value(reason: Reason, value: float) -> str:
    if reason.feature.unit == "part":
        return part(value)
    return money(round(value * 100)) if reason.feature.unit == "yuan" else f"{value:.1f}"


def _told(number: int, one: Segment, found: Study) -> dict[str, object]:
    worth = one.worth
    return {
        "segment": number,
        "name": one.name,
        "title": {"zh": one.title.zh, "en": one.title.en},
        "members": one.members,
        "part": one.members / len(found.features.members),
        "gmv": one.gmv / 100,
        "gmv_part": one.gmv / found.gmv if found.gmv else None,
        "commission": one.commission / 100,
        "commission_part": one.commission / found.commission if found.commission > 0 else None,
        "reasons": [{"feature": why.feature.name, "own": why.own, "all": why.all} for why in one.reasons],
        "offer": {
            "name": one.offer.name,
            "title": {"zh": one.offer.title.zh, "en": one.offer.title.en},
            "act": one.offer.act,
            "act_anyhow": worth.anyhow,
            "amount": worth.amount / 100,
            "margin": worth.gain / 100,
            "cost": worth.cost / 100,
            "response": worth.response,
            "expected_month": worth.expected / 100,
            "response_needed": worth.needed,
        },
        "means": one.means,
    }
