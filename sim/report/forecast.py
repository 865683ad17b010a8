"""A forecast in words and tables: what is to come under each plan, and how such a forecast did before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from rich.console import Console
from rich.text import Text as Styled

from rules.calendar import date_of
from rules.events import DAY
from sim.experiments.metric_names import Lang, Text
from sim.forecast.customers import RECENT
from sim.forecast.fan import QUANTILES, Fan
from sim.forecast.study import BackTest, Outlook
from sim.report.figures import money, part, percentage
from sim.report.tables import LANGS, PageTable, head, table_of

TITLE = Text("之后会怎样", "What is to come")
FIGURES = {"purchases": Text("购买次数", "Purchases"), "gmv": Text("成交额", "GMV")}
COMMISSION = Text("佣金：{plan}", "Commission: {plan}")
_PAYOUT = Text("佣金率：{plan}", "Commission of GMV: {plan}")
_AHEAD = Text("之后 {weeks} 周合计", "{weeks} weeks ahead, in all")
_AHEAD_HEADS = Text("指标|5%|25%|中位|75%|95%", "figure|5 %|25 %|median|75 %|95 %")
_BACK = Text("回测：已知的最后 {weeks} 周", "Back-test: the last {weeks} weeks that are known")
_BACK_HEADS = Text(
    "指标|实际|预测中位|误差|90% 区间|落在中间一半的周|落在九成区间的周|逐周误差|照旧的逐周误差",
    "figure|actual|forecast|error|90 % interval|weeks in half|weeks in nine tenths|weekly error|of “as before”",
)
_EXPECTED = Text(
    "{end} 之后的 {weeks} 周，现有与新来的顾客预计付款 {gmv}（90% 区间 {low} 至 {high}）。",
    "In the {weeks} weeks after {end} customers, known and new, are expected to pay {gmv} (90 %: {low} to {high}).",
)
_AGAINST = Text(
    "同样的购买，“{other}”比“{base}”多发佣金 {more}（90% 区间 {low} 至 {high}）。",
    "For the same purchases {other} pays {more} more commission than {base} (90 %: {low} to {high}).",
)
_TESTED = Text(
    "用 {weeks} 周之前的数据预测这 {weeks} 周：购买次数误差 {error}，扇形已按此放宽。",
    "Forecast from the data before them, the last {weeks} weeks came out {error} off in purchases; the fans are "
    "widened by it.",
)
_UNTESTED = Text("没有回测，扇形可能过窄。", "There was no back-test: the fans may be too narrow.")
_UNCLEAR = Text(
    "复购太少，定不出顾客模型的参数有多准：扇形没有算入这部分误差，可能过窄。",
    "Too few came back to say how sure the parameters of the customers' models are: the fans leave that out, and may "
    "be too narrow.",
)
HINT = Text(
    "顾客照以往的习惯购买（BG/NBD、Gamma-Gamma），新客按最近 {recent} 周的速度到来，退货率不变；"
    "没有季节和活动，人们也不因方案而改变。"
    "方案会改变什么，用标定后的场景比较：fenxiao calibrate、fenxiao compare。",
    "Customers go on buying as they did (BG/NBD, Gamma-Gamma), newcomers come as in the last {recent} weeks, as much "
    "is sent back; no season, no promotion, and nobody reacts to the plan. What a plan changes is asked of a "
    "calibrated scenario: fenxiao calibrate, fenxiao compare.",
)


Called = Callable[[str, Lang], str]
"""What a plan is called."""


def by_name(plan: str, lang: Lang) -> str:
    """Plans are called by their names, as on the command line."""
    return plan


def sentences(found: Outlook, tested: BackTest | None, lang: Lang, called: Called = by_name) -> list[str]:
    """What is expected, plan against plan, and what the back-test says."""
    weeks, totals = found.gmv.values.shape[1], found.gmv.totals
    gmv, low, high = (money(float(totals[place])) for place in (2, 0, 4))
    said = [_EXPECTED.say(lang).format(end=day_of(found), weeks=weeks, gmv=gmv, low=low, high=high)]
    (base, first), *others = found.commission.items()
    for other, fan in others:
        more = Fan(fan.values - first.values).totals
        middle, low, high = (money(float(more[place]), sign="-") for place in (2, 0, 4))
        names = {"other": called(other, lang), "base": called(base, lang)}
        said.append(_AGAINST.say(lang).format(more=middle, low=low, high=high, **names))
    if tested:
        known, error = tested.outlook.gmv.values.shape[1], percentage(tested.scores["purchases"].error)
        said.append(_TESTED.say(lang).format(weeks=known, error=error))
    else:
        said.append(_UNTESTED.say(lang))
    return said if found.customers.is_clear else [*said, _UNCLEAR.say(lang)]


def hint(lang: Lang) -> str:
    """How far it can be trusted."""
    return HINT.say(lang).format(recent=RECENT)


def day_of(found: Outlook) -> str:
    """The last day that is known."""
    return date_of(found.customers.end * DAY).isoformat()


def tables(found: Outlook, tested: BackTest | None, called: Called = by_name) -> list[PageTable]:
    """Totals ahead, and the back-test."""
    weeks = found.gmv.values.shape[1]
    ahead = {lang: _ahead(found, lang, called) for lang in LANGS}
    made = [PageTable(_filled(_AHEAD, weeks), _AHEAD_HEADS, ahead)]
    if tested:
        rows = {lang: _back(tested, lang, called) for lang in LANGS}
        made.append(PageTable(_filled(_BACK, tested.outlook.gmv.values.shape[1]), _BACK_HEADS, rows))
    return made


def title_of(name: str, lang: Lang, called: Called = by_name) -> str:
    """What a figure is called: a plan's name stands for its commission."""
    return FIGURES[name].say(lang) if name in FIGURES else COMMISSION.say(lang).format(plan=called(name, lang))


def shown(name: str, value: float) -> str:
    """A figure: money for all but purchases."""
    return f"{value:,.0f}" if name == "purchases" else money(value)


def print_forecast(console: Console, found: Outlook, tested: BackTest | None, lang: Lang) -> None:
    """Tables, verdict, and how far it can be trusted."""
    for one in tables(found, tested):
        head(console, one.title.say(lang))
        console.print(table_of(one.heads.say(lang), one.cells[lang]))
    console.print()
    for sentence in sentences(found, tested, lang):
        console.print(Styled(sentence, style="bold"))
    console.print(Styled(hint(lang), style="dim"))


def told(found: Outlook, tested: BackTest | None) -> dict[str, object]:
    """For JSON, money in yuan: quantiles by week and of all weeks, and scores."""
    record: dict[str, object] = {
        "end": day_of(found),
        "customers": len(found.customers.member),
        "newcomers_lately": found.customers.newcomers,
        "parameters": found.customers.buying.centre() | found.customers.spending.centre(),
        "quantiles": list(QUANTILES),
        "purchases": _fan_told(found.purchases, 1),
        "gmv": _fan_told(found.gmv, 100),
        "plans": [{"plan": plan, "commission": _fan_told(fan, 100)} for plan, fan in found.commission.items()],
    }
    if tested:
        record["back_test"] = {
            name: vars(one) | {"actual": (tested.actual[name] / (1 if name == "purchases" else 100)).tolist()}
            for name, one in tested.scores.items()
        }
    return record


def _fan_told(fan: Fan, scale: int) -> dict[str, object]:
    return {"weeks": (fan.quantiles / scale).tolist(), "total": (fan.totals / scale).tolist()}


def _filled(text: Text, weeks: int) -> Text:
    return Text(*(text.say(lang).format(weeks=weeks) for lang in LANGS))


def _ahead(found: Outlook, lang: Lang, called: Called) -> list[list[str]]:
    figures = {"purchases": found.purchases, "gmv": found.gmv} | found.commission
    rows = [
        [title_of(name, lang, called), *(shown(name, one) for one in fan.totals.tolist())]
        for name, fan in figures.items()
    ]
    paid = np.maximum(found.gmv.values.sum(axis=1), 1.0)
    for plan, fan in found.commission.items():
        ratio = np.quantile(fan.values.sum(axis=1) / paid, QUANTILES)
        rows.append([_PAYOUT.say(lang).format(plan=called(plan, lang)), *(part(float(one)) for one in ratio)])
    return rows


def _back(tested: BackTest, lang: Lang, called: Called) -> list[Sequence[str]]:
    figures = {"purchases": tested.outlook.purchases, "gmv": tested.outlook.gmv} | tested.outlook.commission
    rows = []
    for name, one in tested.scores.items():
        totals = figures[name].totals
        ends = f"{shown(name, float(totals[0]))} – {shown(name, float(totals[4]))}"
        inside = [f"{each:.0%}" for each in one.inside]
        errors = [part(one.weekly_error), part(one.naive)]
        actual = shown(name, float(tested.actual[name].sum()))
        middle = shown(name, float(totals[2]))
        rows.append([title_of(name, lang, called), actual, middle, percentage(one.error), ends, *inside, *errors])
    return rows
