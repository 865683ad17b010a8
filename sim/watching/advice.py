"""What to do: go on, look, or roll back; and why, in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.experiments.metric_names import Better, Text, Unit, metric
from sim.report.figures import figure, percentage
from sim.watching.alarm import LEAST
from sim.watching.factors import MOVED, PROMOTERS, RATES, Factor, factors_of, promoters_as_forecast
from sim.watching.judging import WEEK, Watch, Watched

Kind = Literal["go_on", "look", "roll_back"]
GOALS = ("contribution", "gmv")
"""What a plan is adopted for, if nobody says."""
SURE = 0.9
"""The part of runs under the plan before that must be better than the live store, to go back."""
_SIDES = {-1: Text("低于", "below"), 1: Text("高于", "above")}
_GO_ON = Text(
    "继续：{days} 天、{count} 项指标都在预测之内（p = {p:.2f}）。",
    "Go on: {days} days of {count} metrics are inside the forecast (p = {p:.2f}).",
)
_EARLY = Text(
    "才 {days} 天，还不能判断：至少要 {least} 天。",
    "Go on: {days} days are too few to judge, from {least} on they are.",
)
_WOULD = Text(
    "近 7 日{name}日均须低于 {floor}（{part}）才会报警。",
    "The alarm would be raised by a week of {name} under {floor} a day ({part}).",
)
_OFF = Text(
    "{name}自{since}起{side}预测：{now}，预测{usual}（{part}）；{alarmed}报警，p = {p:.3f}。",
    "{name}: {side} the forecast since {since}, {now} against {usual} ({part}); alarm on {alarmed}, p = {p:.3f}.",
)
_ALSO = Text("同时偏离：{names}。", "Off as well: {names}.")
_MOVED = Text("变动最大：{factor}；{hint}。", "What moved: {factor}; {hint}.")
_STILL = Text("其余在运气范围内：{factors}。", "Within luck: {factors}.")
_NOTHING = Text("各因子均无明显变动。", "No single factor stands out.")
_BACK = Text(
    "回退到“{plan}”：同期预测{name}{before}，线上{now}，{sure} 次重复中 {better} 次更好。",
    "Roll back to “{plan}”: its forecast of {name} for these days is {before}, the live store has {now}; better in "
    "{better} of {sure} runs.",
)
_DOUBT = Text(
    "只有方案是原因时回退才有用：若同样的事也落在旧方案上，它也只有{hit}。",
    "Going back helps only if the plan is the cause: had the same thing hit the plan before, it would have {hit}.",
)
_NOT_BETTER = Text(
    "不必回退：“{plan}”同期预测{name}{before}，只在 {sure} 次重复中 {better} 次好于线上。",
    "No reason to roll back: “{plan}” has a forecast of {before} ({name}), better than the live store in only {better} "
    "of {sure} runs.",
)
_NOT_PLAN = Text(
    "先别回退：分享、点击、拉新与佣金率如预测，方案通过推广员起作用，原因多半在别处。"
    "（“{plan}”同期预测{name}{before}；若同样的事落在它上面，也只有{hit}。）",
    "Do not roll back yet: shares, clicks, new members and pay are as forecast, and a plan acts through promoters: the "
    "cause is most likely elsewhere. (“{plan}” has a forecast of {before} ({name}); hit by the same thing, {hit}.)",
)
_NO_BEFORE = Text("没有旧方案可比（--before）。", "There is no plan before to go back to (--before).")
_NO_GOAL = Text(
    "目标指标（{goals}）没有变坏：查明原因，不必回退。",
    "The goal ({goals}) is not worse than forecast: find the cause, there is no need to roll back.",
)
_LEVEL = Text(
    "从一开始就偏离：也许线上的店只是大小不同，试试 --scale-days 7 或 --people。",
    "It is off from the beginning: the live store may only be of another size; try --scale-days 7, or --people.",
)
_OWN = {
    "refund_rate": "refund_rate",
    "payout_ratio": "payout_ratio",
    "payout_realised": "payout_ratio",
    "commission": "payout_ratio",
    "average_order_value": "gmv",
}
"""Metrics that are a factor themselves, or move with one before all else."""
_HEADS: dict[Kind, Text] = {
    "go_on": Text("继续", "Go on"),
    "look": Text("先查原因", "Look"),
    "roll_back": Text("建议回退", "Roll back"),
}


@dataclass(frozen=True)
class Beside:
    """A goal of the live store beside the plan before, a day: means since it is off.

    Attributes:
        hit: what the plan before would have, had it been hit as the plan in force was. better: of `runs` runs of it,
            those that are better than the live store.
    """

    name: str
    live: float
    before: float
    hit: float
    better: int
    runs: int


@dataclass(frozen=True)
class Advice:
    """What to do, the sentences that say why, and what stands behind them."""

    kind: Kind
    sentences: tuple[Text, ...]
    factors: tuple[Factor, ...] = ()
    beside: Beside | None = None

    @property
    def head(self) -> Text:
        """What to do, in a word or two."""
        return _HEADS[self.kind]

    @property
    def words(self) -> Text:
        """All of it."""
        return Text("".join(one.zh for one in self.sentences), " ".join(one.en for one in self.sentences))


def advise(watch: Watch, goals: Sequence[str] = GOALS) -> Advice:
    """What the figures suggest.

    Args:
        goals: metrics that the plan was adopted for; those that are not watched say nothing.
    """
    first = watch.first
    if first is None or first.since is None:
        return _go_on(watch, goals)
    factors = factors_of(watch, first.since)
    said = [_off(watch, first), *_also(watch, first), *_causes(factors, first)]
    if first.since <= 1 and not watch.asked.scale_days:
        said.append(_LEVEL)
    bad = [one for name in goals if (one := watch.one(name)) and one.sign and is_bad(one)]
    if not bad:
        told = _joined([metric(name).title for name in goals])
        return Advice("look", (*said, _filled(_NO_GOAL, goals=told)), tuple(factors))
    if not len(watch.before):
        return Advice("look", (*said, _NO_BEFORE), tuple(factors))
    beside = _beside(watch, bad[0])
    kind, sentences = _back(watch, beside, promoters_as_forecast(watch, first.since, factors))
    return Advice(kind, (*said, *sentences), tuple(factors), beside)


def is_bad(one: Watched) -> bool:
    """Whether a metric that alarms is off to the worse; of one that is neither, every alarm is."""
    better = metric(one.name).better
    return better is Better.neutral or one.sign == (-1 if better is Better.higher else 1)


def day_of(watch: Watch, day: int) -> Text:
    """A day in words: its number, and its date where the live store has dates."""
    first = watch.live.first
    date = f" ({first + dt.timedelta(day)})" if first else ""
    return Text(f"第 {day} 天{date}", f"day {day}{date}")


def _go_on(watch: Watch, goals: Sequence[str]) -> Advice:
    counted = watch.days - watch.asked.scale_days
    if counted < LEAST:
        return Advice("go_on", (_filled(_EARLY, days=counted, least=LEAST),))
    said = [_filled(_GO_ON, days=counted, count=len(watch.metrics), p=watch.p)]
    one = next((found for name in goals if (found := watch.one(name))), None)
    if one and np.isfinite(one.floor[-1]) and one.middle[-1] > 0:
        part = percentage(one.floor[-1] / one.middle[-1] - 1, 0)
        said.append(_filled(_WOULD, name=metric(one.name).title, floor=figure(one.name, one.floor[-1]), part=part))
    return Advice("go_on", tuple(said), tuple(factors_of(watch, max(watch.days - WEEK, 0))))


def _off(watch: Watch, one: Watched) -> Text:
    assert one.since is not None
    assert one.alarmed is not None
    return _filled(
        _OFF,
        name=metric(one.name).title,
        side=_SIDES[one.sign],
        since=day_of(watch, one.since),
        alarmed=day_of(watch, one.alarmed),
        now=_each_day(one.name, one.now),
        usual=_each_day(one.name, one.usual),
        part=percentage(one.relative),
        p=one.p,
    )


def _also(watch: Watch, first: Watched) -> list[Text]:
    others = [one for one in watch.metrics if one.sign and one is not first]
    told = [_filled(Text("{name} {part}", "{name} {part}"), name=metric(one.name).title, part=percentage(one.relative))
            for one in others]  # fmt: skip
    return [_filled(_ALSO, names=_joined(told))] if told else []


def _causes(factors: Sequence[Factor], first: Watched) -> list[Text]:
    """The factor that explains best what alarmed, and those that did not move."""
    moved = [one for one in factors if abs(one.z) >= MOVED]
    if not moved:
        return [_NOTHING] if factors else []
    own = [one for one in moved if one.name == _OWN.get(first.name)]
    cause = max(own or [one for one in moved if _explains(one, first)] or moved, key=lambda one: abs(one.z))
    still = [_told(one) for one in factors if abs(one.z) < MOVED]
    said = [_filled(_MOVED, factor=_told(cause), hint=cause.hint)]
    return said + ([_filled(_STILL, factors=_joined(still))] if still else [])


def _explains(factor: Factor, first: Watched) -> bool:
    """Whether a factor that moved takes the metric that alarmed the way that it went."""
    alike = (factor.z < 0) == (first.sign < 0)
    if first.name in PROMOTERS:
        return alike and factor.name != "refund_rate"  # who is paid less shares less
    if factor.name in RATES:
        return not alike and first.name == "contribution"
    return alike


def _told(one: Factor) -> Text:
    part = percentage(one.relative)
    return Text(f"{one.title.zh} {part}", f"{one.title.en} {part}")


def _beside(watch: Watch, one: Watched) -> Beside:
    assert one.since is not None
    live, runs, before = watch.over(one.name, one.since)
    known = before[np.isfinite(before)]
    sign = -1 if metric(one.name).better is Better.lower else 1
    mean, usual = float(known.mean()), float(np.nanmean(runs))
    hit = mean * live / usual if usual else mean
    return Beside(one.name, live, mean, hit, int((sign * known > sign * live).sum()), len(known))


def _back(watch: Watch, beside: Beside, not_the_plan: bool) -> tuple[Kind, list[Text]]:
    facts = watch.band.facts
    assert facts.before is not None
    told = {
        "plan": facts.title(facts.before),
        "name": metric(beside.name).title,
        "before": _each_day(beside.name, beside.before),
        "now": _each_day(beside.name, beside.live),
        "hit": _each_day(beside.name, beside.hit),
        "better": beside.better,
        "sure": beside.runs,
    }
    if beside.better < SURE * beside.runs:
        return "look", [_filled(_NOT_BETTER, **told)]
    if not_the_plan:
        return "look", [_filled(_NOT_PLAN, **told)]
    return "roll_back", [_filled(_BACK, **told), _filled(_DOUBT, **told)]


def _each_day(name: str, value: float) -> Text:
    shown = figure(name, value)
    return (
        Text(f"每日 {shown}", f"{shown} a day") if metric(name).unit in (Unit.fen, Unit.count) else Text(shown, shown)
    )


def _joined(texts: Sequence[Text]) -> Text:
    return Text("、".join(one.zh for one in texts), ", ".join(one.en for one in texts))


def _filled(text: Text, **given: object) -> Text:
    """A text in which something stands; of texts each language's own."""
    zh, en = ({key: getattr(value, lang, value) for key, value in given.items()} for lang in ("zh", "en"))
    return Text(text.zh.format(**zh), text.en.format(**en))
