"""Mentoring 师徒: apprentices whose mentor is about learn faster what a share of theirs earns.

Sandvik, Saouma, Seegert & Stanton 2020 ("Workplace Knowledge Flows", Quarterly J. of Economics 135) had agents of a
sales firm ask a partner for advice: their sales rose by more than 15 % and stayed so for at least 20 weeks. Here the
effect is small and only on what an apprentice believes: while mentor and apprentice both share in a week, the
apprentice's own shares count for more experience against what the plan announces.

It works where the plan pays mentors (bonus `apprentice`), for the `days` in which it does. Lessons are weekly.
"""

from __future__ import annotations

import numpy as np

from rules.book import Book
from rules.events import DAY
from rules.plan.model import Plan
from sim.behaviour.world import World


def days_of_teaching(plan: Plan) -> int:
    """For how many days a plan pays a mentor for an apprentice; 0 = it does not."""
    return max((bonus.days or 0 for bonus in plan.bonuses if bonus.event == "apprentice"), default=0)


def teach(world: World, book: Book) -> None:
    """Let the shares that apprentices of active mentors made this week count for more experience."""
    days = [days_of_teaching(plan) for plan in (world.plan, *world.arms)]
    if not any(days):
        return
    crowd, rows = world.crowd, book.members
    members = world.members
    age = (world.day + 1) * DAY - crowd["joined"][members].astype(np.int64)
    young = age < np.array(days)[rows["arm"][members]] * DAY
    pupils = members[young & (crowd["shared"][members] > 0) & (rows["upline"][members] >= 0)]
    pupils = pupils[crowd["shared"][rows["upline"][pupils]] > 0]
    more = np.ceil(crowd["shared"][pupils] * world.given.mentored)
    crowd["shares"][pupils] += more.astype(np.uint32)
