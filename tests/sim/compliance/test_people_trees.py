"""Trees of people: the day on which one reaches thirty people and three levels, rebinding, and plain Python on logs."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import pytest
from stories import PLAN, Story, date

from rules.compliance.evidence import Seen
from rules.compliance.monitor import findings
from rules.compliance.rulebook import read_rulebook
from rules.engine import Engine
from rules.events import DAY, Kind, Names, blank
from rules.plan.model import Plan
from sim.compliance.past import evidence_of
from sim.compliance.tree import Forest

CRIMINAL = read_rulebook(
    """
rulebook: thirty
title: {zh: 三十人三级, en: Thirty people and three levels}
checked: 2026-11-22
rules:
  - id: thirty
    title: {zh: 三十人三级, en: Thirty people and three levels}
    measure: tree_people
    limit: 30
    source: 公通字〔2013〕37号
    on_breach: lawyer
""",
    "thirty",
)


def tree(followers: int, below_first: int) -> Story:
    """0 registers, then so many people under 0, one a day; then some under the first of them, one a day."""
    story, people = Story().joins("01-05", 0), 1
    days = [dt.date(2026, 1, 6) + dt.timedelta(days=n) for n in range(followers + below_first)]
    for place, day in enumerate(days):
        story.joins(f"{day:%m-%d}", people, 0 if place < followers else 1)
        people += 1
    return story


def found_in(story: Story):
    return findings(CRIMINAL, PLAN, evidence_of(story.log, PLAN), date("01-05"))[0]


def test_thirty_people_on_three_levels_are_found_on_their_day():
    """0, 28 people under 0 (January 6 to February 2), one under the first of them on February 3: 30 with 0."""
    found = found_in(tree(28, 1))
    assert (found.verdict, found.measured, found.member) == ("lawyer", 30, "0")
    assert (found.first_day, found.people) == (date("02-03"), 1)
    assert "30 people with member 0 on top, 3 levels" in found.evidence.en
    assert "会员 0 名下 30 人" in found.evidence.zh


def test_twenty_nine_are_no_breach():
    found = found_in(tree(27, 1))
    assert (found.verdict, found.measured, found.first_day, found.people) == ("pass", 29, None, 0)


def test_thirty_one_on_two_levels_are_no_breach():
    found = found_in(tree(30, 0))
    assert (found.verdict, found.measured) == ("pass", 0)


def test_thirty_are_reached_before_the_third_level_is():
    """31 people on two levels, then one on the third: 32 at once, on February 5."""
    found = found_in(tree(30, 1))
    assert (found.verdict, found.measured, found.first_day) == ("lawyer", 32, date("02-05"))


def test_a_rebinding_moves_the_whole_subtree():
    """2 (with 4) goes from 0 to 5, who stands under 1: the tree of 1 is 1, 5, 2, 4; then 6 joins under 4.

    The 4 people of 0 on January 8 are the most it ever had; 1 has as many on the 9th, and more on the 10th.
    """
    story = Story().joins("01-05", 0).joins("01-05", 1).joins("01-06", 2, 0).joins("01-06", 3, 0)
    story.joins("01-07", 5, 1).joins("01-08", 4, 2)
    story.on("01-09", kind=Kind.rebind, member=2, other=5).joins("01-10", 6, 4).ends("01-11")
    seen = evidence_of(story.log, PLAN).measures["tree_people"]
    assert seen.rises == ((date("01-08"), 4), (date("01-10"), 5))
    assert (seen.value, seen.member, seen.depth) == (5, "1", 5)
    assert seen.by_person == (3, 4, 4, 5)  # 2 and then 5 had 3 and 4 on the last day, 0 had 4, 1 has 5


def test_upline_and_downline_may_change_places_in_one_day():
    """0 ← 1 ← 2; on January 9, 1 leaves 0, and 0 goes under 2; 3 joins under 0: 1 ← 2 ← 0 ← 3."""
    story = Story().joins("01-05", 0).joins("01-05", 1, 0).joins("01-05", 2, 1)
    story.on("01-09", kind=Kind.share, member=0).on("01-09", kind=Kind.rebind, member=1, other=-1)
    story.on("01-09", kind=Kind.rebind, member=0, other=2).joins("01-09", 3, 0).ends("01-10")
    seen = evidence_of(story.log, PLAN).measures["tree_people"]
    assert seen.rises == ((date("01-05"), 3), (date("01-09"), 4))
    assert (seen.member, seen.depth, seen.by_person) == ("1", 4, (3, 3, 4))


def test_who_is_bound_but_not_registered_is_nobody_yet():
    """4 clicks on a share of 2 on January 8 and is bound, but registers on the 12th."""
    plan = PLAN.model_copy(update={"attribution": PLAN.attribution.model_copy(update={"bind_on": "first_click"})})
    story = Story().joins("01-05", 0).joins("01-06", 2, 0).on("01-08", kind=Kind.click, member=4, other=2)
    story.joins("01-12", 4).ends("01-13")
    assert evidence_of(story.log, plan).measures["tree_people"].rises == ((date("01-12"), 3),)


def test_a_binding_at_the_first_order_is_seen():
    """The payment names no member, and yet it binds the buyer."""
    plan = PLAN.model_copy(update={"attribution": PLAN.attribution.model_copy(update={"bind_on": "first_order"})})
    story = Story().joins("01-05", 0).joins("01-05", 1).joins("01-05", 2)
    story.on("01-06", kind=Kind.click, member=1, other=0).buys("01-07", 1, 100)
    story.on("01-08", kind=Kind.click, member=2, other=1).buys("01-09", 2, 100).ends("01-10")
    assert evidence_of(story.log, plan).measures["tree_people"].rises == ((date("01-09"), 3),)


def test_people_before_the_first_event_count():
    engine = Engine.open([PLAN], Names(), 4, 20_458)
    engine.apply(Story().joins("01-05", 0).joins("01-05", 1, 0).joins("01-05", 2, 1).events)
    opening = engine.book.members.copy()
    seen = evidence_of(Story().joins("01-09", 3, 2).log, PLAN, opening=opening).measures["tree_people"]
    assert seen.rises == ((date("01-09"), 4),)


def test_no_tree_is_nothing():
    assert evidence_of(Story().joins("01-05", 0).log, PLAN).measures["tree_people"] == Seen()


def tree_of(member: int, uplines: dict[int, int]) -> tuple[int, int]:
    """People and levels of the tree below a member, the member included, by plain recursion."""
    below = [tree_of(one, uplines) for one, above in uplines.items() if above == member]
    return 1 + sum(size for size, _ in below), 1 + max((depth for _, depth in below), default=0)


def random_bindings(rng: np.random.Generator, members: int, days: int, moving: float):
    """Registrations, clicks and some rebindings; what makes no sense the rules refuse."""
    rows = []
    for day in range(days):
        for second in range(int(rng.integers(0, 6))):
            member, other = rng.integers(0, members, 2).tolist()
            kind = Kind.register if rng.random() < 0.6 else Kind.click
            kind = Kind.rebind if rng.random() < moving else kind
            other = -1 if rng.random() < 0.15 and kind != Kind.click else other
            rows.append((20_458 * DAY + day * DAY + second, kind, member, other))
    events = blank(len(rows))
    for name, column in zip(("time", "kind", "member", "other"), zip(*rows, strict=True), strict=True):
        events[name] = column
    return events


@pytest.mark.parametrize("seed", range(12))
def test_random_bindings_against_plain_python(seed: int):
    rng = np.random.default_rng(seed)
    keep = ["permanent", "last_click", "days:5"][seed % 3]
    plan = Plan.model_validate(
        PLAN.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        | {"attribution": {"keep": keep, "on_conflict": "override" if seed % 2 else "keep"}}
    )
    members, moving = int(rng.integers(6, 25)), [0, 0.02, 0.3][seed // 4]
    events = random_bindings(rng, members, 60, moving)
    engine, forest = Engine.open([plan], Names(), members, 20_458), Forest(members)
    largest, rises = [0] * members, [(0, 0)]
    for day in np.unique(events["time"] // DAY).tolist():
        batch = events[events["time"] // DAY == day]
        engine.apply(batch)
        forest.observe(day, batch, engine.book)
        rows = enumerate(engine.book.members)
        uplines = {number: int(row["upline"]) for number, row in rows if row["joined_at"] >= 0}
        for member in uplines:
            size, depth = tree_of(member, uplines)
            largest[member] = max(largest[member], size if depth >= 3 else 0)
        if max(largest) > rises[-1][1]:
            rises.append((day, max(largest)))
            organisers = [member for member in uplines if tree_of(member, uplines)[0] == max(largest)]
            assert forest.organiser in organisers
            assert forest.depth == tree_of(forest.organiser, uplines)[1]
    assert forest.nodes["largest"].tolist() == largest
    assert forest.rises == rises[1:]
    assert all(one[1] < two[1] for one, two in pairwise(forest.rises))
