"""A calibration in words and tables, and as plain data for `--json`."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console

from rules.calendar import date_of
from rules.events import DAY
from sim.calibration.backtest import ByFrequency, Tracking
from sim.calibration.estimate import Calibration
from sim.calibration.found import WAYS
from sim.experiments.metric_names import Lang, Text
from sim.report.figures import part
from sim.report.parameter_words import PARAMETERS
from sim.report.tables import LANGS, PageTable, head, table_of

TITLE = Text("按自己的数据校准", "Calibrated on your own data")
WEEKDAYS = Text("周一|周二|周三|周四|周五|周六|周日", "Mon|Tue|Wed|Thu|Fri|Sat|Sun")
STEPS: Mapping[str, Text] = {
    "seasons": Text("星期与突出的日子", "weekdays, and days that stand out"),
    "buying": Text("多久买一次、买多少、何时不再来", "how often people buy, how much, and when they leave"),
    "people": Text("购物车、首购、点击、退货", "baskets, first purchases, clicks, returns"),
    "halves": Text("用前半段拟合，在后半段检验", "fitted on the first half, tested on the second"),
}
"""What a calibration does, step by step."""
HINT = Text(
    "区间为 90% 后验区间：似然拟合者为对数参数的联合正态（Laplace），比例为 Beta（Jeffreys 先验）。"
    "它们在多大程度上包含真值，已在参数已知的模拟店里量过：docs/CALIBRATION.md。",
    "Intervals are the middle 90 % of the posterior: jointly normal in the logarithms for what was fitted by "
    "likelihood (Laplace), Beta for shares (Jeffreys' prior). How often they hold the truth was measured in simulated "
    "shops with known parameters: docs/CALIBRATION.md.",
)
_FOUND = Text("数据说了什么", "What the data say")
_FOUND_HEADS = Text(
    "参数|值|90% 区间|前半段拟合|方法|例数|说明",
    "parameter|value|90 % interval|fit on the first half|method|cases|note",
)
_UNKNOWN = Text("数据说不了什么：沿用默认值", "What the data do not say: the default stays")
_UNKNOWN_HEADS = Text("参数|原因", "parameter|why")
_GOODS = Text("商品", "Goods")
_GOODS_HEADS = Text(
    "类目|行数|价格（元）|商品数|毛利率|退货率|90% 区间",
    "category|lines|prices, yuan|skus|margin|come back|90 % interval",
)
_REFERRAL = Text("推荐", "Referral")
_REFERRAL_HEADS = Text("数字|值", "figure|value")
_MONTHS = Text("每月新会员", "Joined by month")
_MONTH_HEADS = Text("月份|自己来的|受邀的", "month|by themselves|invited")
_PEAKS = Text("突出的日子", "Days that stand out")
_PEAK_HEADS = Text("日期|平日的倍数|90% 区间|多出的折扣", "day|times the usual|90 % interval|more off")
_SAID = Text(
    "{orders:,} 单，{members:,} 人，{first} 至 {last}：找到 {found} 个参数，{unknown} 个沿用默认值。",
    "{orders:,} orders, {members:,} people, {first} to {last}: {found} parameters found, {unknown} keep their default.",
)
_TRACK = Text(
    "用前半段拟合、在后半段检验：复购累计曲线平均误差 {cumulative}，逐周 {weekly}；"
    "最后一周累计 {actual:,.0f}，模型 {model:,.0f}。",
    "Fitted on the first half, tested on the second: mean error of the cumulative curve {cumulative}, of the weeks by "
    "themselves {weekly}; in the last week {actual:,.0f} repeat purchases in all, {model:,.0f} by the model.",
)
_NO_FIT = Text(
    "前半段复购的顾客太少，无法在后半段检验。",
    "Too few customers came back in the first half for a test on the second.",
)


def sentences(found: Calibration, track: Tracking | None, lang: Lang) -> list[str]:
    """What was found, and how well it foretells."""
    shop = found.shop
    first, last = (date_of(day * DAY).isoformat() for day in (shop.first_day, shop.last_day))
    said = _SAID.say(lang).format(
        orders=len(shop.orders.member), members=shop.members, first=first, last=last,
        found=len(found.found.values), unknown=len(found.warnings),
    )  # fmt: skip
    if track is None or track.cumulative_error is None or track.weekly_error is None:
        return [said, _NO_FIT.say(lang)]
    tested = _TRACK.say(lang).format(
        cumulative=f"{track.cumulative_error:.2%}", weekly=part(track.weekly_error),
        actual=track.actual[-1], model=track.model[-1],
    )  # fmt: skip
    return [said, tested]


def tables(found: Calibration) -> list[PageTable]:
    """Everything as tables; those with nothing in them are left out."""
    made = [
        PageTable(_FOUND, _FOUND_HEADS, {lang: _found_rows(found, lang) for lang in LANGS}),
        *facts(found),
        PageTable(_UNKNOWN, _UNKNOWN_HEADS, {lang: _unknown_rows(found, lang) for lang in LANGS}),
    ]
    return _filled(made)


def facts(found: Calibration) -> list[PageTable]:
    """What the data say that is no parameter of behaviour: goods, days that stand out, referral, months."""
    return _filled([
        PageTable(_GOODS, _GOODS_HEADS, dict.fromkeys(LANGS, _goods_rows(found))),
        PageTable(_PEAKS, _PEAK_HEADS, dict.fromkeys(LANGS, _peak_rows(found))),
        PageTable(_REFERRAL, _REFERRAL_HEADS, {lang: _referral_rows(found, lang) for lang in LANGS}),
        PageTable(_MONTHS, _MONTH_HEADS, dict.fromkeys(LANGS, _month_rows(found))),
    ])  # fmt: skip


def print_calibration(screen: Console, found: Calibration, track: Tracking | None, lang: Lang) -> None:
    """The same in the terminal."""
    for line in sentences(found, track, lang):
        screen.print(line, markup=False)
    for table in tables(found):
        head(screen, table.title.say(lang))
        screen.print(table_of(table.heads.say(lang), table.cells[lang]))


def record_of(found: Calibration, track: Tracking | None, groups: list[ByFrequency]) -> dict[str, object]:
    """Everything for `--json`: `parameters` and `fit` of the first half, and what the whole span says."""
    told = found.found
    half = found.fit.as_dict() if found.fit else {"parameters": {}, "fit": {}}
    return half | {
        "behaviour": told.values,
        "intervals": told.intervals,
        "ways": told.ways,
        "cases": told.cases,
        "posterior": [block.model_dump(mode="json") for block in told.blocks],
        "warnings": _both(found.warnings),
        "cautions": _both(told.cautions),
        "back_test": vars(track) if track else None,
        "by_frequency": [vars(group) for group in groups],
        "weekday": {"traffic": found.seasons.week, "low": found.seasons.low, "high": found.seasons.high},
        "days_apart": [vars(peak) for peak in found.seasons.peaks],
        "catalogue": [vars(one) for one in found.catalogue],
        "returned": {name: rate.centre()["return_factor"] for name, rate in found.returned.items()},
        "referral": vars(found.referral),
    }


def name_of(parameter: str, lang: Lang) -> str:
    """What a parameter is called: its key, and that in words."""
    colon = "：" if lang == "zh" else ": "
    return f"{parameter}{colon}{PARAMETERS[parameter].say(lang)}"


def number(value: float | list[float]) -> str:
    """A value as it is shown."""
    return ", ".join(f"{one:.2f}" for one in value) if isinstance(value, list) else f"{value:.4g}"


def _filled(made: list[PageTable]) -> list[PageTable]:
    return [table for table in made if table.cells["en"]]


def _both(said: Mapping[str, Text]) -> dict[str, dict[str, str]]:
    return {name: {"zh": text.zh, "en": text.en} for name, text in said.items()}


def _found_rows(found: Calibration, lang: Lang) -> list[list[str]]:
    told, half = found.found, found.fit.parameters if found.fit else {}
    rows = []
    for name, value in told.values.items():
        low, high = told.intervals.get(name, (None, None))
        interval = "–" if low is None or high is None else f"{low:.4g} – {high:.4g}"
        cases = f"{told.cases[name]:,}" if name in told.cases else "–"
        first = f"{half[name]:.4g}" if name in half else "–"
        note = told.cautions[name].say(lang) if name in told.cautions else ""
        rows.append([name_of(name, lang), number(value), interval, first, WAYS[told.ways[name]].say(lang), cases, note])
    return rows


def _unknown_rows(found: Calibration, lang: Lang) -> list[list[str]]:
    by_reason: dict[str, list[str]] = {}
    for name, why in found.warnings.items():
        by_reason.setdefault(why.say(lang), []).append(name)
    return [[", ".join(names), why] for why, names in by_reason.items()]


def _goods_rows(found: Calibration) -> list[list[str]]:
    rows = []
    for one in found.catalogue:
        rate = found.returned.get(one.name)
        low, high = rate.interval()["return_factor"] if rate else (None, None)
        rows.append([
            one.name, f"{one.lines:,}", f"{one.prices[0] / 100:.2f} – {one.prices[1] / 100:.2f}", str(one.skus),
            "–" if one.margin is None else part(one.margin),
            part(rate.centre()["return_factor"]) if rate else "–",
            "–" if low is None or high is None else f"{part(low)} – {part(high)}",
        ])  # fmt: skip
    return rows


def _peak_rows(found: Calibration) -> list[list[str]]:
    return [
        [
            date_of((found.start + peak.day) * DAY).isoformat(),
            f"{peak.times:.2f}", f"{peak.low:.2f} – {peak.high:.2f}",
            part(peak.discount) if peak.discount else "–",
        ]
        for peak in found.seasons.peaks
    ]  # fmt: skip


def _month_rows(found: Calibration) -> list[list[str]]:
    return [[month, f"{alone:,}", f"{invited:,}"] for month, alone, invited in found.referral.by_month]


_FIGURES = {
    "members": Text("会员", "people known"),
    "invited": Text("受邀的", "of them invited"),
    "clicks": Text("点击", "clicks"),
    "strangers": Text("其中非会员的", "of them by people who were no members"),
    "registered": Text("随后注册的人", "people who registered soon after"),
    "ordered": Text("会员点击后随即下的单", "orders of members soon after a click"),
    "sharers": Text("链接被点过的人", "people whose links were clicked"),
    "often": Text("每人每周点击：中位数、九成分位", "clicks a sharer and week: median, 90th percentile"),
}


def _referral_rows(found: Calibration, lang: Lang) -> list[list[str]]:
    told = found.referral
    invited = f"{told.invited:,} ({part(told.invited / max(told.members, 1))})"
    figures = {"members": f"{told.members:,}", "invited": invited}
    if told.clicks:
        figures |= {
            name: f"{count:,}"
            for name, count in zip(("clicks", "strangers", "registered", "ordered"), told.clicks, strict=True)
        }
        figures |= {"sharers": f"{told.sharers:,}", "often": f"{told.per_week[0]:.0f}, {told.per_week[1]:.0f}"}
    return [[_FIGURES[name].say(lang), value] for name, value in figures.items()]
