"""Share kit, products and calls of a run, in the terminal and for `--json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from rules.plan.values import Title
from sim.behaviour.communities import COUNTS
from sim.experiments.metric_names import Lang, Text
from sim.outreach import CallFigures, KitFigures, Outreach, Product, Tally
from sim.report.figures import NONE, number, part
from sim.report.tables import head, table_of

_KIT = Text("分享素材", "Share kit")
_CALLS = Text("社群号召", "Calls on communities")
_WORDS: Mapping[str, Text] = {
    "rational": Text("理性测评", "rational review"),
    "emotional": Text("情感共鸣", "emotional"),
    "urgency": Text("紧迫促销", "urgency"),
    "copy": Text("文案", "copy"),
    "poster": Text("海报", "poster"),
    "video": Text("短视频", "short video"),
}
_STYLES = Text(
    "风格/形式|分享|曝光|点击率|转化率|注册|订单", "style, format|shares|seen|clicked|converted|joined|orders"
)
_CHOICES: Mapping[str, Text] = {
    "bandit": Text("按点击优胜劣汰", "by what was clicked"),
    "any": Text("随机选用", "all alike"),
    "fixed": Text("固定一条", "always the first"),
}
_IN_USE = Text(
    "素材{choice}：{all} 条脚本中 {used} 条承担最近两周 90% 的分享。",
    "Scripts are chosen {choice}: {used} of {all} carry 90 % of the shares of the last two weeks.",
)
_GOODS = Text(
    "品类|毛利率|分享|每次分享点击|转化率|复购率|评分",
    "category|margin|shares|clicks each|converted|bought again|score",
)
_BEST = Text("评分最高的商品：{best}（平均为 100）。", "Products with the highest scores: {best} (the mean is 100).")
_PLACES = Text(
    "省区|社群|成员|多出分享|点击|注册|订单", "province|communities|members|more shares|clicks|joined|orders"
)
_CALL = Text("第 {day} 天 {title}", "day {day} {title}")
_ALL = Text("合计", "all")
_SHOWN = 5


def print_outreach(console: Console, outreach: Outreach, titles: Mapping[str, Title | None], lang: Lang) -> None:
    """What the share kit and the calls brought; nothing where there are none.

    Args:
        titles: of categories, by id.
    """
    if outreach.kit:
        head(console, _KIT.say(lang))
        console.print(_kit_table(outreach.kit, lang))
        console.print(Styled(_in_use(outreach.kit, lang)), "")
        console.print(_goods_table(outreach.categories, titles, lang))
        console.print(Styled(_best(outreach.products, lang)))
    if outreach.calls:
        head(console, _CALLS.say(lang))
        for call in outreach.calls:
            console.print(_call_table(call, lang))


def outreach_told(outreach: Outreach) -> dict[str, object]:
    """The same for `--json`, with every script and product; keys of what a scenario does not have are left out."""
    told: dict[str, object] = {}
    if kit := outreach.kit:
        told["materials"] = {
            "choose": kit.choose,
            "in_use": kit.in_use,
            "styles": [{"style": name} | _tally(one) for name, one in kit.by("style").items()],
            "formats": [{"format": name} | _tally(one) for name, one in kit.by("format").items()],
            "scripts": [
                {"category": one.category, "number": one.number, "style": one.style, "format": one.format}
                | _tally(one.tally)
                for one in kit.scripts
            ],
        }
        told["products"] = {
            "categories": [_product(one) for one in outreach.categories],
            "skus": [_product(one) for one in outreach.products],
        }
    if outreach.calls:
        told["communities"] = [_call(one) for one in outreach.calls]
    return told


def _kit_table(kit: KitFigures, lang: Lang) -> Table:
    table = table_of(_STYLES.say(lang))
    for name, one in (kit.by("style") | kit.by("format")).items():
        figures = (f"{one.shares:,}", f"{one.exposures:,}", part(one.click_rate), part(one.conversion))
        table.add_row(_WORDS[name].say(lang), *figures, f"{one.registrations:,}", f"{one.orders:,}")
    return table


def _in_use(kit: KitFigures, lang: Lang) -> str:
    return _IN_USE.say(lang).format(choice=_CHOICES[kit.choose].say(lang), used=kit.in_use, all=len(kit.scripts))


def _goods_table(goods: Sequence[Product], titles: Mapping[str, Title | None], lang: Lang) -> Table:
    table = table_of(_GOODS.say(lang))
    for one in goods:
        title = titles.get(one.id)
        rates = (number(one.tally.clicks_per_share, 2), part(one.tally.conversion), part(one.repurchase))
        name = getattr(title, lang) if title else one.id
        table.add_row(Styled(name), part(one.margin), f"{one.tally.shares:,}", *rates, number(one.score, 0))
    return table


def _best(products: Sequence[Product], lang: Lang) -> str:
    ranked = sorted((one for one in products if one.score is not None), key=lambda one: -(one.score or 0.0))
    best = ", ".join(f"{one.id} {number(one.score, 0)}" for one in ranked[:_SHOWN])
    return _BEST.say(lang).format(best=best or NONE)


def _call_table(call: CallFigures, lang: Lang) -> Table:
    table = table_of(_PLACES.say(lang))
    title = _CALL.say(lang).format(day=call.day, title=getattr(call.title, lang) if call.title else "").rstrip()
    table.title, table.title_justify = Styled(title), "left"
    for province, counts in enumerate(call.provinces, 1):
        table.add_row(str(province), *(f"{count:,}" for count in counts))
    table.add_row(_ALL.say(lang), *(f"{count:,}" for count in call.total))
    return table


def _tally(tally: Tally) -> dict[str, object]:
    rates = {"click_rate": tally.click_rate, "conversion": tally.conversion}
    return asdict(tally) | rates


def _product(one: Product) -> dict[str, object]:
    known = {"id": one.id, "margin": one.margin, "clicks_per_share": one.tally.clicks_per_share}
    bought = {"buyers": one.buyers, "bought_again": one.again, "repurchase": one.repurchase, "score": one.score}
    return known | bought | _tally(one.tally)


def _call(call: CallFigures) -> dict[str, object]:
    provinces = [
        {"province": place + 1} | dict(zip(COUNTS, row, strict=True)) for place, row in enumerate(call.provinces)
    ]
    title = call.title.model_dump() if call.title else None
    return {"day": call.day, "title": title, **dict(zip(COUNTS, call.total, strict=True)), "provinces": provinces}
