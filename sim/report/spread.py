"""The spread of a run: tables in the terminal, the path of an order in words, Parquet, and what `--json` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from rules.calendar import moment_of
from rules.money import yuan
from sim.experiments.metric_names import Lang, Text
from sim.report.figures import NONE, part
from sim.report.parquet import write_table
from sim.report.tables import table_of
from sim.spread.cascades import WINDOW
from sim.spread.forecast import GENERATIONS, LEVELS, Backtest, Forecast
from sim.spread.forest import NOBODY, Numbers
from sim.spread.funnel import RIPE, rates_of
from sim.spread.paths import Origin
from sim.spread.study import Study
from sim.spread.virality import Shape

PATHS, NODES = "paths.parquet", "nodes.parquet"
TOP = 10
"""Members that are listed."""

_SHAPES = Text(
    "传播|树|有后续的|节点|一步内结束|有后续者中|平均规模|最大|平均深度|最深|结构病毒性",
    "spread|trees|that spread|nodes|end in one step|of those that spread|mean size|largest|mean depth|deepest|virality",
)
_SHARES, _TREES = Text("分享级联", "cascades of shares"), Text("邀请树", "recruitment trees")
_HOT = Text(
    "热点节点|经手订单|经手成交额|直接成交|直接成交额|下级|点击|自购|佣金",
    "hot nodes|orders through|GMV through|own sales|sold|members below|clicks|bought|commission",
)
_VALUABLE = Text(
    "高价值用户|自购|直接成交额|合计|佣金|每元佣金带来",
    "high-value members|bought|sold|in all|commission|per yuan of commission",
)
_FUNNEL = Text("漏斗|人次|比上一步", "funnel|count|of the step before")
_STEPS = {
    "shares": Text("分享", "shares"),
    "clicks": Text("点击", "clicks"),
    "stranger_clicks": Text("非会员点击", "clicks by strangers"),
    "registered": Text("由此注册", "registered by a link"),
    "ordered": Text("其中下单", "of them, ordered"),
    "repurchased": Text("其中复购", "of them, ordered again"),
}
_BANDS = Text(
    "渗透率|会员|K（{ripe} 天）|每次分享带来注册", "penetration|members|K in {ripe} days|registrations a share"
)
_FORECAST = Text("预测|首代|后代|消亡概率|期望总规模|{levels}", "forecast|first|later|dies out|expected size|{levels}")
_GENERATION = Text("至第 {g} 代", "up to generation {g}")
_OF_SHARE = Text("一次分享", "a share")
_OF_SEED, _OF_STARTER = Text("一颗种子", "a seed"), Text("一位自来者", "one who came alone")
_BACKTEST = Text("回测（前半程预测后半程）|预测|实际|误差", "backtest (first half → second)|forecast|actual|error")
_FIGURES = {
    "mean_size": Text("级联平均规模", "mean size of a cascade"),
    "clicked": Text("有人点击的级联", "cascades with a click"),
    "five_or_more": Text("五人以上的级联", "cascades of five or more"),
    "one_step": Text("一步内结束的级联", "cascades that end in one step"),
    "first_generation": Text("首代人数", "people in the first generation"),
    "size_99": Text("规模的 99% 分位", "99% quantile of sizes"),
    "invited": Text("受邀注册", "members who were invited"),
    "invited_endless": Text("受邀注册，若市场无限", "the same, were the market endless"),
    "alone": Text("自来会员", "members who came alone"),
    "joined": Text("新会员合计", "members who joined"),
}
_RARE = ("clicked", "five_or_more", "one_step")
_CLAIMS = Text("对照|实测|说法|是否成立", "held against|measured|claim|holds")
_CLAIM_NAMES = (
    Text("一步内结束的分享级联", "cascades of shares that end within one step"),
    Text("邀请树比分享级联深", "recruitment trees deeper than cascades of shares"),
    Text("渗透率 10% → 60%，K 下降", "K falls from 10 % to 60 % penetration"),
)
_YES, _NO = Text("成立", "yes"), Text("不成立", "no")
_NOT_REACHED = Text("未达到 60%", "60 % not reached")
_LONG = Text(
    "路径最长 {longest} 人；{long:,} 单的路径有 5 人以上，其中 {silent:,} 单的第 3 人自己没有成交{best}。",
    "The longest path has {longest} people; {long:,} orders have a path of 5 or more, and in {silent:,} of them the "
    "third sold nothing herself{best}.",
)
_SILENT = Text("，点击最多的是 {member}：{clicks:,} 次", "; of those {member} has most clicks: {clicks:,}")
_FINITE = Text(
    "有限市场：{seeds:,} 颗种子最终带来约 {reach:,.0f} 人（市场 {people:,} 人；分支过程不计市场上限）。",
    "The market is finite: {seeds:,} seeds bring some {reach:,.0f} people in the end, of {people:,} (the branching "
    "process knows no such bound).",
)
_AHEAD = Text(
    "此后 {days} 天：受邀注册约 {invited:,.0f} 人，自来 {alone:,.0f} 人（{bound}）。",
    "The next {days} days: some {invited:,.0f} join by invitation and {alone:,.0f} alone ({bound}).",
)
_SATURATED = Text("已计市场饱和", "saturation counted")
_UNBOUNDED = Text("市场规模未知，未计饱和", "nobody knows how large the market is: no saturation counted")
_WINDOW = Text(
    "分享级联：点击后 {window} 天内的首次转发仍属同一级联；分享的是店铺链接，不分商品。",
    "A cascade goes on with a visitor's first share within {window} days of the click; links are to the shop.",
)
_PATH = Text(
    "订单 {order}（{time}，买家 {buyer}，商品 {goods} 元）的传播路径，{length} 人：",
    "The path of order {order} ({time}, bought by {buyer}, goods {goods} yuan), {length} people:",
)
_ORIGINS = {
    Origin.seed: Text("种子，开业时即在", "a seed, there when the store opened"),
    Origin.alone: Text(
        "自己来的，没有点击过分享，也无人邀请", "came alone: had clicked on no share, invited by nobody"
    ),
    Origin.circle: Text("路径至此：再往上的人已在路径中", "the path ends here: who is next is in it already"),
}
_CLICK = Text("{time} 点击 {sharer} 的分享", "{time} clicked on a share of {sharer}")
_INVITED = Text("{time} 受 {sharer} 邀请注册", "{time} registered, invited by {sharer}")
_ORDERED = Text("，{time} 下单", ", ordered {time}")


def print_study(console: Console, title: str, study: Study, lang: Lang) -> None:
    """Shapes, hot nodes, funnel, K and forecast, each a table, and what they come to."""
    console.print(Styled(title, style="bold"))
    tables = [
        _shapes(study, lang), _hot(study, lang), _valuable(study, lang), _funnel(study, lang), _bands(study, lang),
        _forecast(study, lang), _backtests([*study.of_share.backtest, *study.of_seed.backtest], lang),
        _claims(study, lang),
    ]  # fmt: skip
    for table in tables:
        if table.row_count:
            console.print(table, "")
    for sentence in sentences(study, lang):
        console.print(Styled(sentence))


def sentences(study: Study, lang: Lang) -> list[str]:
    """What the tables do not say."""
    middle, longest = study.middle, int(study.paths.length.max(initial=0))
    best = ""
    if middle.member != NOBODY:
        best = _SILENT.say(lang).format(member=study.names.member(middle.member), clicks=middle.clicks)
    told = [_LONG.say(lang).format(longest=longest, long=middle.orders, silent=middle.silent, best=best)]
    seeds = int(study.trail.seeds.sum())
    if study.of_seed.reach is not None and seeds:
        told.append(_FINITE.say(lang).format(seeds=seeds, reach=study.of_seed.reach, people=study.trail.people))
    invited, alone = study.ahead.sum(axis=1)
    bound = (_SATURATED if study.trail.bounded else _UNBOUNDED).say(lang)
    told.append(_AHEAD.say(lang).format(days=study.ahead_days, invited=invited, alone=alone, bound=bound))
    return [*told, _WINDOW.say(lang).format(window=WINDOW)] if study.shares.trees else told


def path_lines(study: Study, order: int, lang: Lang) -> list[str]:
    """The path of the order at a place of `trail.orders`, in words: a head and a line for each person."""
    orders, names, links = study.trail.orders, study.names, study.paths.links
    people, steps = study.paths.of(order)
    time = moment_of(int(orders.time[order]))
    facts = {"order": names.order(int(orders.number[order])), "time": time, "length": len(people)}
    facts |= {"buyer": names.member(int(people[-1])), "goods": yuan(int(orders.goods[order]))}
    origin = _ORIGINS[Origin(int(study.paths.origin[order]))].say(lang)
    said = [origin]
    for step in steps[1:]:
        words = _CLICK if links.clicked[step] else _INVITED
        led = {"time": moment_of(int(links.time[step])), "sharer": names.member(int(links.sharer[step]))}
        said.append(words.say(lang).format(**led))
    said[-1] += _ORDERED.say(lang).format(time=time)
    colon = {"zh": "：", "en": ": "}[lang]
    lines = [
        f"  {k}  {names.member(int(who))}{colon}{what}"
        for k, (who, what) in enumerate(zip(people, said, strict=True), 1)
    ]
    return [_PATH.say(lang).format(**facts), *lines]


def path_told(study: Study, order: int) -> dict[str, object]:
    """The path of an order for `--json`; money in yuan."""
    orders, names = study.trail.orders, study.names
    people, steps = study.paths.of(order)
    links = study.paths.links
    return {
        "order": names.order(int(orders.number[order])),
        "time": str(moment_of(int(orders.time[order]))),
        "goods": int(orders.goods[order]) / 100,
        "origin": Origin(int(study.paths.origin[order])).name,
        "path": [names.member(int(who)) for who in people],
        "steps": [
            {"at": str(moment_of(int(links.time[step]))), "by": "click" if links.clicked[step] else "invitation"}
            for step in steps[1:]
        ],
        "words": {"zh": path_lines(study, order, "zh"), "en": path_lines(study, order, "en")},
    }


def record_of(study: Study) -> dict[str, object]:
    """What `--json` prints; money in yuan."""
    return {
        "data": study.name,
        "people": study.trail.people,
        "days": study.trail.days,
        "cascades": {"shares": asdict(study.shares), "recruitment": asdict(study.trees)},
        "paths": {
            "orders": len(study.trail.orders),
            "by_length": np.bincount(study.paths.length).tolist(),
            "by_origin": {one.name: int((study.paths.origin == one).sum()) for one in Origin},
            "middle": asdict(study.middle),
        },
        "hottest": [_node_told(study, who) for who in study.nodes.hottest(TOP).tolist()],
        "most_valuable": [_node_told(study, who) for who in study.nodes.most_valuable(TOP).tolist()],
        "funnel": study.funnel,
        "rates": rates_of(study.funnel),
        "fission": [asdict(band) for band in study.bands],
        "forecast": {"share": _forecast_told(study.of_share), "seed": _forecast_told(study.of_seed)},
        "ahead": {"days": study.ahead_days, "invited": study.ahead[0].sum(), "alone": study.ahead[1].sum()},
        "claims": {
            "one_step": study.shares.one_step,
            "recruitment_deeper": study.deeper,
            "k_falls": study.k_falls,
        },
    }


def write_study(folder: Path, study: Study) -> None:
    """Parquet: a row an order with its path, a row a member; money in fen."""
    orders, paths, names = study.trail.orders, study.paths, study.names
    lists = pa.ListArray.from_arrays(pa.array(paths.starts, pa.int32()), pa.array(paths.people, pa.int32()))
    origin = [one.name for one in Origin]
    columns = {
        "order": pa.array(orders.number),
        "buyer": pa.array(orders.buyer),
        "time": pa.array(orders.time * 1000).cast(pa.timestamp("ms")),
        "goods": pa.array(orders.goods),
        "length": pa.array(paths.length),
        "origin": pa.array([origin[one] for one in paths.origin.tolist()], pa.string()),
        "path": lists,
    }
    write_table(folder / PATHS, pa.table(columns | _named("order_name", names.orders, orders.number)))
    members = study.trail.members
    table = {"member": pa.array(members)} | _named("member_name", names.members, members)
    table |= {name: pa.array(values[members]) for name, values in vars(study.nodes).items()}
    if study.earned is not None:
        table["commission"] = pa.array(study.earned[members])
    write_table(folder / NODES, pa.table(table))


def _named(column: str, names: Sequence[str], numbers: Numbers) -> dict[str, pa.Array]:
    return {column: pa.array(names, pa.string()).take(pa.array(numbers))} if names else {}


def _node_told(study: Study, who: int) -> dict[str, object]:
    told: dict[str, object] = {"member": study.names.member(who)}
    for name, values in vars(study.nodes).items():
        told[name] = int(values[who]) / 100 if name in ("gmv", "sold", "bought") else int(values[who])
    return told | {"commission": None if study.earned is None else int(study.earned[who]) / 100}


def _forecast_told(forecast: Forecast) -> dict[str, object]:
    process = forecast.process
    return {
        "seen": forecast.seen,
        "first": process.mean_first,
        "later": process.mean_later,
        "dies_out": process.dying_out(),
        "expected_size": process.expected_size(),
        "quantiles": _quantiles(forecast, None),
        "generations": [
            {"expected_size": process.expected_size(g), "quantiles": _quantiles(forecast, g)}
            for g in range(1, GENERATIONS + 1)
        ],
        "finite_reach": forecast.reach,
        "backtest": [asdict(one) | {"error": one.error} for one in forecast.backtest],
    }


def _quantiles(forecast: Forecast, generations: int | None) -> dict[str, int | None]:
    return {
        f"{level:g}": size for level, size in zip(LEVELS, forecast.process.quantiles(LEVELS, generations), strict=True)
    }


def _shapes(study: Study, lang: Lang) -> Table:
    table = table_of(_SHAPES.say(lang))
    for title, shape in ((_SHARES, study.shares), (_TREES, study.trees)):
        if shape.trees:
            table.add_row(title.say(lang), *_shape(shape))
    return table


def _shape(shape: Shape) -> list[str]:
    return [
        f"{shape.trees:,}", f"{shape.spread:,}", f"{shape.nodes:,}", part(shape.one_step),
        part(shape.spread_one_step), _number(shape.mean_size), f"{shape.largest:,}", _number(shape.mean_depth),
        f"{shape.deepest:,}", _number(shape.virality),
    ]  # fmt: skip


def _hot(study: Study, lang: Lang) -> Table:
    table, nodes = table_of(_HOT.say(lang)), study.nodes
    for who in nodes.hottest(TOP).tolist():
        counts = (f"{nodes.members[who]:,}", f"{nodes.clicks[who]:,}", yuan(int(nodes.bought[who])))
        through = (
            f"{nodes.orders[who]:,}",
            yuan(int(nodes.gmv[who])),
            f"{nodes.sales[who]:,}",
            yuan(int(nodes.sold[who])),
        )
        table.add_row(study.names.member(who), *through, *counts, _earned(study, who))
    return table


def _valuable(study: Study, lang: Lang) -> Table:
    table, nodes = table_of(_VALUABLE.say(lang)), study.nodes
    for who in nodes.most_valuable(TOP).tolist():
        bought, sold = int(nodes.bought[who]), int(nodes.sold[who])
        earned = 0 if study.earned is None else int(study.earned[who])
        back = f"{(bought + sold) / earned:.1f}" if earned > 0 else NONE
        table.add_row(study.names.member(who), yuan(bought), yuan(sold), yuan(bought + sold), _earned(study, who), back)
    return table


def _earned(study: Study, who: int) -> str:
    return NONE if study.earned is None else yuan(int(study.earned[who]))


def _funnel(study: Study, lang: Lang) -> Table:
    table, rates = table_of(_FUNNEL.say(lang)), rates_of(study.funnel)
    for name, count in study.funnel.items():
        table.add_row(_STEPS[name].say(lang), f"{count:,}", part(rates.get(name)))
    return table


def _bands(study: Study, lang: Lang) -> Table:
    table = table_of(_BANDS.say(lang).format(ripe=RIPE))
    for band in study.bands:
        table.add_row(
            f"{band.low:.0%}–{band.high:.0%}", f"{band.members:,}", _number(band.k, 3), _number(band.per_share, 3)
        )
    return table


def _forecast(study: Study, lang: Lang) -> Table:
    table = table_of(_FORECAST.say(lang).format(levels="|".join(f"{level:.1%}" for level in LEVELS)))
    of_seed = (_OF_SEED if study.trail.seeds.any() else _OF_STARTER, study.of_seed)
    for title, forecast in ((_OF_SHARE, study.of_share), of_seed):
        if not forecast.seen:
            continue
        process = forecast.process
        means = (_number(process.mean_first, 3), _number(process.mean_later, 3), part(process.dying_out()))
        table.add_row(title.say(lang), *means, *_sizes(forecast, None))
        for g in range(1, GENERATIONS + 1):
            table.add_row(f"  {_GENERATION.say(lang).format(g=g)}", "", "", "", *_sizes(forecast, g))
    return table


def _sizes(forecast: Forecast, generations: int | None) -> list[str]:
    sizes = forecast.process.quantiles(LEVELS, generations)
    expected = forecast.process.expected_size(generations)
    return [_number(expected), *(NONE if size is None else f"{size:,}" for size in sizes)]


def _backtests(backtests: list[Backtest], lang: Lang) -> Table:
    table = table_of(_BACKTEST.say(lang))
    for one in backtests:
        shown = part if one.name in _RARE else _number
        error = NONE if one.error is None else f"{one.error:+.1%}"
        table.add_row(_FIGURES[one.name].say(lang), shown(one.forecast), shown(one.actual), error)
    return table


def _claims(study: Study, lang: Lang) -> Table:
    table = table_of(_CLAIMS.say(lang))
    one_step, deeper, falls = (name.say(lang) for name in _CLAIM_NAMES)
    at_one, times, k = study.shares.one_step, study.deeper, study.k_falls
    full = _holds(k, 0.5, lang) if k is not None or not study.trail.bounded else _NOT_REACHED.say(lang)
    table.add_row(one_step, part(at_one), "≥ 85%", _holds(at_one, 0.85, lang))
    table.add_row(deeper, NONE if times is None else f"{times:.2f} ×", "≥ 1.5 ×", _holds(times, 1.5, lang))
    table.add_row(falls, part(k), "≥ 50%", full)
    return table


def _holds(value: float | None, least: float, lang: Lang) -> str:
    return NONE if value is None else (_YES if value >= least else _NO).say(lang)


def _number(value: float | None, digits: int = 2) -> str:
    if value is None or not np.isfinite(value):
        return NONE
    return f"{value:,.0f}" if value >= 1000 else f"{value:.{digits}f}"
