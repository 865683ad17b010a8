"""Which design to take: of those whose intervals can be trusted, the one that errs least; in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.experiments.metric_names import Text
from sim.trials.designs import TITLES
from sim.trials.figures import Credit
from sim.trials.summary import Score, Scored

FAIR = 0.90
"""Intervals that state 95 % and may, as far as the replications tell, hold the truth as often as this are fair."""
CREDIT_TITLES: dict[Credit, Text] = {
    "buyer": Text("按买家归属", "by buyer"),
    "promoter": Text("按推广员归属", "by promoter"),
    "shop": Text("全店", "whole shop"),
}
_TAKE = Text(
    "建议{name}：在 95% 区间可信的做法中误差最小（均方根误差为真实效果的 {times}，{held}），{power}。",
    "Take the {name}: of the designs whose 95 % intervals can be trusted it errs least (root mean squared error "
    "{times} of the true effect; {held}), and {power}.",
)
_NONE = Text(
    "没有一种做法的 95% 区间可信：误差最小的{name}只有 {coverage} 覆盖真值；请用 fenxiao compare 决定，不要用线上试验。",
    "No design's 95 % intervals can be trusted: those of the {name}, which errs least, hold the truth in {coverage} of "
    "trials; decide by fenxiao compare, not by a live trial.",
)
_HELD = Text("{coverage} 的区间含真值", "{coverage} of its intervals hold the truth")
_SHOWS = Text("{days} 天内有八成把握看出效果", "shows the effect four times in five within {days} days")
_TOO_SMALL = Text(
    "但只有 {power} 的试验能看出效果，{more}",
    "yet it shows the effect in {power} of trials only: {more}",
)
_MORE = Text("约需 {people:,} 人的市场", "a market of some {people:,} people would be needed")
_NEVER = Text("人再多也看不对方向", "no number of people would put its direction right")


@dataclass(frozen=True)
class Advice:
    """What to do: the way of trying to take, None = none; and why."""

    take: Scored | None
    words: Text


def advise(scored: Sequence[Scored], metric: str) -> Advice:
    """The least error among the ways whose coverage is fair; judged on one metric."""
    fair = [one for one in scored if is_fair(one.score(metric))]
    best = min(fair or scored, key=lambda one: one.score(metric).rmse)
    score, name = best.score(metric), way_title(best)
    if not fair:
        given = {"coverage": f"{score.coverage.mean:.0%}"}
        return Advice(None, Text(*(text.format(name=each, **given) for text, each in _both(_NONE, name))))
    times = f"{score.rmse / abs(score.truth.mean):.1f} ×" if score.truth.mean else "∞ ×"
    held, power = _filled(_HELD, coverage=f"{score.coverage.mean:.0%}"), _power(score)
    words = (
        _TAKE.zh.format(name=name.zh, times=times, held=held.zh, power=power.zh),
        _TAKE.en.format(name=name.en, times=times, held=held.en, power=power.en),
    )
    return Advice(best, Text(*words))


def is_fair(score: Score) -> bool:
    """Whether the stated intervals are not shown to miss the truth too often."""
    return score.error is not None and (score.coverage.high or 0) >= FAIR


def way_title(one: Scored) -> Text:
    """What a way of trying is called."""
    design, credit = TITLES[one.design], CREDIT_TITLES[one.credit]
    if one.credit == "shop":
        return design
    return Text(f"{design.zh}（{credit.zh}）", f"{design.en}, credited {credit.en}")


def _power(score: Score) -> Text:
    if score.days is not None:
        return _filled(_SHOWS, days=score.days)
    more = _NEVER if score.people_needed is None else _filled(_MORE, people=score.people_needed)
    power = f"{score.power.mean if score.power else 0:.0%}"
    return Text(_TOO_SMALL.zh.format(power=power, more=more.zh), _TOO_SMALL.en.format(power=power, more=more.en))


def _filled(text: Text, **given: object) -> Text:
    return Text(text.zh.format(**given), text.en.format(**given))


def _both(text: Text, other: Text) -> list[tuple[str, str]]:
    return [(text.zh, other.zh), (text.en, other.en)]
