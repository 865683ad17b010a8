"""A guard 风控: the risk desk of the market, set on the cheats of a play. Whom it freezes and somebody sees is out.

The desk is the very same as in the market; what differs is that reviewers find everything out, as these accounts do
nothing but cheat, and that a second check stops nobody: cheats answer for accounts of their own.
"""

from __future__ import annotations

import numpy as np

from rules.book import Book
from rules.events import DAY, Kind, Records
from rules.money import PPM
from rules.plan.yaml import Data
from sim.redteam.world import World
from sim.risk.desk import Desk, ends_week
from sim.risk.rules import RiskRules
from sim.risk.service import Seen
from sim.risk.traces import LOGIN, Traces
from sim.risk.truth import Truth
from sim.rows import together

_NO_LOGINS = np.zeros(0, LOGIN)


class Guard:
    """A desk that watches a play.

    Args:
        world: of the play. rules: of the desk.
        sets: how many phones, each with a card and an address, the accounts are spread over.
    """

    def __init__(self, world: World, rules: RiskRules, sets: int) -> None:
        people, accounts = len(world.names.members), world.means.accounts
        traces = Traces.apart(people)
        spread = (people + np.arange(accounts) * sets // accounts).astype(np.int32)
        traces.device[:accounts] = traces.card[:accounts] = traces.home[:accounts] = spread
        truth = Truth.honest(people)
        truth.kind[:accounts] = 1
        self._desk, self._traces, self._names = Desk(strict(rules), traces, truth, 0, world.day), traces, world.names
        self._first, self._today = world.day, 0
        self._rows: list[Records] = []

    def admits(self, rows: Records) -> bool:
        """Whether an act of today comes in; the desk remembers it if it does."""
        kept = self._desk.screen(self._today, rows, _NO_LOGINS, np.zeros(len(rows), np.bool_))
        if kept.all():
            self._rows.append(rows)
        return bool(kept.all())

    def pass_night(self, book: Book) -> Records:
        """Have today judged, unless nothing can have changed; gives the events of the next morning."""
        day, self._today = self._today, self._today + 1
        if not self._rows and not ends_week(day) and not len(self._desk.reviews.waiting):
            return together([])
        events = together(self._rows)
        nobody = np.zeros(0, np.int32)
        midnight, self._rows = (self._first + day) * DAY, []
        seen = Seen(day, midnight, events, events[:0], _NO_LOGINS, nobody, nobody, book, self._traces)
        return self._desk.close_day(seen)

    def told(self, event: np.void) -> dict[str, Data]:
        """An event of the desk's as a case has it."""
        kind, name = Kind(event["kind"]), self._names.member(int(event["member"]))
        return {kind.name: name} | ({"score": int(event["rank"])} if kind is Kind.credit else {})


def strict(rules: RiskRules) -> RiskRules:
    """Rules under which reviewers find out whoever cheats, and owners are never sent away."""
    reviewers = rules.reviewers.model_copy(update={"finds": PPM})
    check = rules.second_check and rules.second_check.model_copy(update={"owners": 0})
    return rules.model_copy(update={"act": True, "reviewers": reviewers, "second_check": check})
