"""Worked examples of contests: a round with two on the board, and what each of them wins."""

from __future__ import annotations

from collections.abc import Iterator

from rules.commission.contest import VOLUMES, Contest
from rules.examples.parts import Example, amount, goods, lowest
from rules.plan.wording.contests import measure_in_words
from rules.plan.wording.words import Terms, Words, money, say, titled
from rules.scene import FIRST_DAY, Scene, quiet

_DAYS = {"day": (0, 26), "week": (0, 26), "month": (0, 26), "once": (0, 6)}
_CLOSES = {
    "day": "2026-01-06 00:00",
    "week": "2026-01-12 00:00",
    "month": "2026-02-01 00:00",
    "once": "2026-01-12 00:00",
}
"""When the round of the first day of a scene is over."""
_VOLUME, _MOST = 1_000_00, 50


def contests(terms: Terms) -> Iterator[Example]:
    """Every contest in which places win: two reach it, the one twice (or by one more) what the other does."""
    for contest in terms.plan.contests:
        second = max(contest.least, _VOLUME) if contest.measure in VOLUMES else contest.least
        first = 2 * second if contest.measure in VOLUMES else second + 1
        if not contest.pk and (contest.measure in VOLUMES or first <= _MOST):
            example = _round(terms, contest, {"first": first, "second": second})
            if example.amounts:
                yield example


def _round(terms: Terms, contest: Contest, figures: dict[str, int]) -> Example:
    rank = lowest(terms, contest.ranks)
    running = contest.model_copy(update={"days": _DAYS[contest.every], "dates": None})
    scene = Scene(quiet(terms.plan).model_copy(update={"contests": [running], "start": None}))
    for name, figure in figures.items():
        scene.person(name, rank)
        _reach(scene, terms, contest, name, figure)
    scene.happens(_CLOSES[contest.every], close="day")
    entries = [one for one in scene.play().entries if one.bonus == contest.id and one.member in figures]
    who = {"first": Words("第 1 名", "Place 1"), "second": Words("第 2 名", "Place 2")}
    shown = {
        name: money(one) if contest.measure in VOLUMES else say("{n}", "{n}", n=one) for name, one in figures.items()
    }
    story = say(
        "一轮中两人上榜（{measure}）：{first} 与 {second}。",
        "Two are on the board of a round ({measure}): {first} and {second}.",
        measure=measure_in_words(contest),
        **shown,
    )
    title = say("竞赛“{name}”", 'Contest "{name}"', name=titled(contest.title, contest.id))
    return Example(f"contest.{contest.id}", title, (story,), tuple(amount(who[one.member], one) for one in entries))


def _reach(scene: Scene, terms: Terms, contest: Contest, name: str, figure: int) -> None:
    """Let somebody reach a figure on the first day."""
    at, lowest_rank = f"{FIRST_DAY} 10:00", terms.plan.ranks[0].id
    above = scene.person(f"seller of {name}", lowest_rank, name) if contest.of_team else name
    for number in range(1 if contest.measure in VOLUMES else figure):
        who = f"{number} of {name}"
        if contest.recruits:
            scene.happens(at, register=who, inviter=above)
        else:
            price = figure if contest.measure in VOLUMES else 1_00
            scene.order(at, f"O {who}", scene.person(who, lowest_rank, above), goods(terms), price)
