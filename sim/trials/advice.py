"""Which design to take: of those that can be trusted, the one that errs least; in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.experiments.metric_names import Text
from sim.trials.designs import TITLES
from sim.trials.figures import Credit
from sim.trials.summary import Score, Scored

FAIR = 0.90
"""Intervals that state 95 % and may, as far as the replications tell, hold the truth as often as this are fair."""
QUARTER = 0.25
"""A design of which crossing is shown to move the estimate by more than this part of the effect cannot be trusted (our
bound): more people would not mend it, and where noise is large a design that says nothing would seem to err least."""
CREDIT_TITLES: dict[Credit, Text] = {
    "buyer": Text("按买家", "by buyer"),
    "promoter": Text("按推广员", "by promoter"),
    "shop": Text("全店", "whole shop"),
}
_TAKE = Text(
    "建议{name}：在可信的做法中误差最小（均方根误差为真实效果的 {error}，跨组影响 {crossing}，"
    "{coverage} 的区间含真值）；{power}。",
    "Take the {name}: of the designs that can be trusted it errs least (root mean squared error {error} of the true "
    "effect, crossing {crossing}, {coverage} of its intervals hold the truth); {power}.",
)
_NONE = Text(
    "没有可信的做法：误差最小的是{name}，跨组影响为真实效果的 {crossing}，{coverage} 的区间含真值；"
    "请用 fenxiao compare 决定。",
    "No design can be trusted: the {name} errs least, yet crossing is {crossing} of the true effect and {coverage} of "
    "its intervals hold the truth; decide by fenxiao compare.",
)
_SAME = Text(
    "两个方案没有真实差异；误差最小的是{name}，{false} 的试验误报差异。",
    "There is no true difference; the {name} errs least, and {false} of its trials show one.",
)
_OPEN = Text(
    "重复太少，还不知道真实效果（{truth}，区间含 0）：请增加重复次数，再选做法。",
    "So few replications do not tell the true effect ({truth}, 0 lies within): run more before choosing a design.",
)
_SHOWS = Text("{days} 天起，五次试验有四次能看出效果", "from day {days} on four trials in five show the effect")
_TOO_SMALL = Text("但只有 {power} 的试验能看出效果，{more}", "yet only {power} of its trials show the effect: {more}")
_MORE = Text("约需 {people:,} 人", "some {people:,} people would be needed")
_NEVER = Text("增加人数也无济于事", "more people would not help")


@dataclass(frozen=True)
class Advice:
    """What to do: the way of trying to take, None = none; and why. Not `known`: what is true is not known yet."""

    take: Scored | None
    words: Text
    known: bool = True


def advise(scored: Sequence[Scored], metric: str) -> Advice:
    """The least error among the ways that can be trusted; judged on one metric."""
    fair = [one for one in scored if is_fair(one.score(metric))]
    best = min(fair or scored, key=lambda one: one.score(metric).rmse)
    score, name = best.score(metric), way_title(best)
    if not score.truth.mean:
        return Advice(best if fair else None, _filled(_SAME, name=name, false=f"{score.false.mean:.1%}"))
    if (interval := _interval(score)) is not None:
        return Advice(None, _filled(_OPEN, truth=interval), known=False)
    given = {
        "error": f"{score.rmse / abs(score.truth.mean):.0%}",
        "crossing": f"{score.crossing.mean / abs(score.truth.mean):+.0%}".replace("-0%", "+0%"),
        "coverage": f"{score.coverage.mean:.0%}",
    }
    if not fair:
        return Advice(None, _filled(_NONE, name=name, **given))
    return Advice(best, _filled(_TAKE, name=name, power=_power(score), **given))


def is_fair(score: Score) -> bool:
    """Whether it is neither shown that intervals miss the truth too often, nor that crossing turns the effect."""
    if score.error is None or (score.coverage.high or 0) < FAIR:
        return False
    low, high = score.crossing.low, score.crossing.high
    if low is None or high is None:
        return True
    return max(low, -high, 0.0) <= QUARTER * abs(score.truth.mean)


def way_title(one: Scored) -> Text:
    """What a way of trying is called."""
    design, credit = TITLES[one.design], CREDIT_TITLES[one.credit]
    return design if one.credit == "shop" else Text(f"{design.zh}（{credit.zh}）", f"{design.en} ({credit.en})")


def _interval(score: Score) -> str | None:
    """The interval of the true effect as a part of what there is under A, if 0 lies within; None if it does not."""
    low, high = score.truth.low, score.truth.high
    if low is None or high is None or not score.base:
        return "?"
    return f"{low / abs(score.base):+.1%} … {high / abs(score.base):+.1%}" if low <= 0 <= high else None


def _power(score: Score) -> Text:
    if score.days is not None:
        return _filled(_SHOWS, days=score.days)
    more = _NEVER if score.people_needed is None else _filled(_MORE, people=score.people_needed)
    return _filled(_TOO_SMALL, power=f"{score.power.mean if score.power else 0:.0%}", more=more)


def _filled(text: Text, **given: object) -> Text:
    """A text in which something stands; of texts each language's own."""
    zh, en = ({key: getattr(value, lang, value) for key, value in given.items()} for lang in ("zh", "en"))
    return Text(text.zh.format(**zh), text.en.format(**en))
