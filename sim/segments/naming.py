"""Naming 命名: what a segment is called, by what sets its members apart, and the offer that goes with the name.

A portrait says which features speak for a name, and how much: above the average of all members, or below. A segment's
fit to it is the weighted mean of how many standard deviations it stands off on that side; the first feature is a
condition. Names are given so that the fits add up to the most (an assignment), never two the same. A segment that no
portrait fits is called by what sets it apart most. A name says how members behave, not who they are: nobody is asked
whether she has children.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from sim.experiments.metric_names import Text
from sim.segments.features import Feature, Features, Floats
from sim.segments.offers import OFFERS, Offer

NEEDED = 0.2
"""Standard deviations that a segment must stand off by on a portrait's first feature."""
_FAR = 2.5
"""No feature speaks louder than this many standard deviations."""
_NO_FIT = -10.0
_REASONS = 3


@dataclass(frozen=True)
class Portrait:
    """A name, and the features that speak for it: above average where the weight is positive, else below."""

    name: str
    title: Text
    marks: dict[str, float]
    offer: str


def _portrait(name: str, zh: str, en: str, offer: str, **marks: float) -> Portrait:
    return Portrait(name, Text(zh, en), marks, offer)


PORTRAITS = (
    _portrait("professional_pusher", "职业推手", "professional pushers", "dear_goods",
              income=3, shares=2, promoted=2, streak=1, team=1, withdrawn=1),
    _portrait("group_owner", "群主团长", "group owners", "group_purchase",
              invited=3, team=2, clicks_per_share=1, share_days=-1),
    _portrait("keen_sharer", "热心分享者", "keen sharers", "better_posts",
              shares=3, share_days=2, per_share=-1, income=-1),
    _portrait("part_time_novice", "兼职新手", "part-time novices", "first_packet",
              shares=2, idle=-2, age=-2, promoted=-1, team=-1),
    _portrait("mothers_group", "宝妈群", "mothers' group", "family_set",
              pieces=2, lines=2, categories=2, daytime=1, favourite=-1),
    _portrait("loyal_regular", "忠实回头客", "loyal regulars", "member_price",
              frequency=2, orders=2, recency=-2, spent=1),
    _portrait("bargain_hunter", "羊毛党", "bargain hunters", "bundle",
              discount=3, promo=3, basket=-0.5),
    _portrait("big_spender", "高客单买家", "big spenders", "premium",
              basket=4, spent=1, pieces=-0.5),
    _portrait("returner", "退货常客", "frequent returners", "exchange",
              refund=4),
    _portrait("silent_buyer", "沉默买家", "silent buyers", "review_gift",
              orders=2, shares=-2, clicks_made=-1),
    _portrait("new_buyer", "新晋买家", "new buyers", "second_order",
              age=-3, orders=1, recency=-2),
    _portrait("specialist", "单品类买家", "one-category buyers", "cross_category",
              favourite=3, categories=-1, lines=-1, orders=0.5),
    _portrait("night_owl", "夜间买家", "evening buyers", "evening_stream",
              evening=3, daytime=-2),
    _portrait("weekend_buyer", "周末买家", "weekend buyers", "weekend_sale",
              weekend=4),
    _portrait("sleeper", "沉睡会员", "sleepers", "win_back",
              recency=3, orders=1, age=1, frequency=-1),
    _portrait("onlooker", "只看不买者", "onlookers", "first_order",
              orders=-3, clicks_made=1, by_friend=1),
    _portrait("passer_by", "过客", "passers-by", "welcome",
              clicks_made=-2, orders=-2, shares=-2),
    _portrait("fading_sharer", "熄火推客", "faded sharers", "comeback_packet",
              idle=2, streak=2, shares=1, share_days=-1),
)  # fmt: skip
"""Every portrait."""


@dataclass(frozen=True)
class Reason:
    """A figure that speaks for a name: the segment's mean of a feature beside that of all members."""

    feature: Feature
    own: float
    all: float


@dataclass(frozen=True)
class Called:
    """What a segment is called, why, and what it is offered."""

    name: str
    title: Text
    reasons: tuple[Reason, ...]
    offer: Offer


def profiles(points: Floats, cluster: np.ndarray, count: int) -> Floats:
    """The mean of each cluster in standardised features, (clusters, features)."""
    return np.stack([points[cluster == number].mean(axis=0) for number in range(count)])


def call_segments(features: Features, profile: Floats, cluster: np.ndarray) -> list[Called]:
    """A name for each segment, never two the same."""
    names = [one.name for one in features.of]
    fits = np.array([[fit(portrait, dict(zip(names, row, strict=True))) for portrait in PORTRAITS] for row in profile])
    taken = dict(zip(*linear_sum_assignment(-fits), strict=True))
    called: list[Called] = []
    for number, row in enumerate(profile):
        portrait = PORTRAITS[taken[number]] if number in taken and fits[number, taken[number]] > 0 else None
        called.append(_called(features, row, cluster == number, portrait, [one.name for one in called]))
    return called


def fit(portrait: Portrait, profile: dict[str, float]) -> float:
    """How well a profile fits a portrait: the weighted mean of its marks in standard deviations; below 0 = not."""
    marks = list(portrait.marks.items())
    first, weight = marks[0]
    if np.sign(weight) * profile[first] < NEEDED:
        return _NO_FIT
    told = sum(weight * float(np.clip(profile[name], -_FAR, _FAR)) for name, weight in marks)
    return told / sum(abs(weight) for _, weight in marks)


def _called(
    features: Features, profile: Floats, inside: np.ndarray, portrait: Portrait | None, given: list[str]
) -> Called:
    at = {one.name: place for place, one in enumerate(features.of)}
    if portrait:
        marks = [name for name, weight in portrait.marks.items() if weight * profile[at[name]] > 0]
        marks.sort(key=lambda name: -abs(portrait.marks[name] * profile[at[name]]))
        return Called(portrait.name, portrait.title, _reasons(features, inside, marks), OFFERS[portrait.offer])
    apart = [features.of[place].name for place in np.argsort(-np.abs(profile), kind="stable")]
    name, title = _by_feature(features.of, profile, apart, given)
    return Called(name, title, _reasons(features, inside, apart), OFFERS["welcome"])


def _by_feature(of: tuple[Feature, ...], profile: Floats, apart: list[str], given: list[str]) -> tuple[str, Text]:
    """A name from the feature that sets a segment apart most, and has not given one yet."""
    at = {one.name: place for place, one in enumerate(of)}
    for feature in apart:
        side = "high" if profile[at[feature]] > 0 else "low"
        if f"{side}_{feature}" not in given:
            title = of[at[feature]].title
            zh, en = {"high": ("偏高", "many or much"), "low": ("偏低", "few or little")}[side]
            return f"{side}_{feature}", Text(f"{title.zh}{zh}", f"{en}: {title.en}")
    raise AssertionError("there are more features than segments")


def _reasons(features: Features, inside: np.ndarray, names: list[str]) -> tuple[Reason, ...]:
    """The figures behind some features, the most telling first."""
    at = {one.name: place for place, one in enumerate(features.of)}
    found = []
    for name in names:
        column = features.values[:, at[name]]
        if not np.isnan(column[inside]).all():
            found.append(Reason(features.of[at[name]], float(np.nanmean(column[inside])), float(np.nanmean(column))))
    return tuple(found[:_REASONS])
