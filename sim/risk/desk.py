"""The risk desk 风控台: from what is seen of a day to credit, frozen accounts and reviews.

A day: the gate refuses what must not happen; what has happened is searched for signs; signs take credit; little credit
freezes an account, and somebody looks at it. What the desk decides takes effect the next morning, by events as all
else does. It never looks at who really cheats: only reviewers and the second check do, as they look at people.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind, Records
from rules.money import PPM
from rules.plan.limits import FULL_CREDIT
from sim.behaviour.purposes import Decision
from sim.behaviour.world import Ids
from sim.draws import draw_array, key, uniform_array
from sim.risk import signs
from sim.risk.credit import FINDING, Credit
from sim.risk.gate import Gate, Mask
from sim.risk.patterns import Circles, SilentShares, barren, returned
from sim.risk.review import Reviews
from sim.risk.rules import RiskRules
from sim.risk.service import RiskService, Seen
from sim.risk.traces import Traces
from sim.risk.truth import Truth
from sim.rows import events_of, together

MORNING = 300
"""Second of the day at which what was decided the evening before takes effect."""


def ends_week(day: int) -> bool:
    """Whether a day of the run is the last of its week: patterns are looked for then, and points forgiven."""
    return day % 7 == 6


class Desk:
    """The risk desk of one world.

    Args:
        rules: see there. traces: what accounts leave behind. truth: who cheats, for reviewers and second checks.
        seed: of their luck. start: first day of the world, in days since 1970-01-01.
        services: of others, asked every day.

    Attributes:
        credit, reviews, gate: see there.
        frozen: by member, whether the desk has frozen the account; condemned: and somebody rejected it.
        frozen_days: by member, days in the freezer so far.
        stopped: numbers of withdrawals that a second check stopped. start: first day of the world.
    """

    def __init__(
        self,
        rules: RiskRules,
        traces: Traces,
        truth: Truth,
        seed: int,
        start: int,
        services: Sequence[RiskService] = (),
    ) -> None:
        people = len(traces.device)
        self.rules, self.traces, self.truth = rules, traces, truth
        self.credit, self.gate = Credit(rules, people), Gate(rules.limits, traces)
        self.reviews = Reviews(rules.reviewers, truth, key(seed, Decision.review))
        self.frozen: Mask = np.zeros(people, np.bool_)
        self.condemned: Mask = np.zeros(people, np.bool_)
        self.frozen_days = np.zeros(people, np.int32)
        self.stopped: list[int] = []
        self._services, self.start, self._check = services, start, key(seed, Decision.second_check)
        self._devices, self._logins = signs.DeviceCounts(traces), signs.RiskyLogins(traces)
        self._circles = Circles(traces)
        self._silent = SilentShares(self._circles)
        self._findings: list[Records] = []
        self._told = np.full(people, FULL_CREDIT, np.int16)

    @property
    def findings(self) -> Records:
        """All findings that counted, in order: `credit.FINDING`."""
        return np.concatenate([np.zeros(0, FINDING), *self._findings])

    def screen(self, day: int, events: Records, logins: Records, forbidden: Mask) -> Mask:
        """Which of a day's events come in. All of them, where the desk only watches.

        Args:
            day: of the run. events: in order. logins: `traces.LOGIN`, worth a look.
            forbidden: by event, whether it is a share whose text is refused.
        """
        self._logins.note(day, logins)
        kept = self.gate.screen(day, events, forbidden | self._fails_check(day, events))
        return kept if self.rules.act else np.ones(len(events), np.bool_)

    def close_day(self, seen: Seen) -> Records:
        """Judge a day, let the reviewers work, and give the events of the next morning."""
        before = self.credit.now
        self._findings.append(self.credit.take(seen.day, self._search(seen)))
        fallen = np.flatnonzero((self.credit.now < self.rules.freeze_below) & (before >= self.rules.freeze_below))
        self._findings.append(self.credit.take(seen.day, self._circles.beside(fallen, seen)))
        if ends_week(seen.day):
            self.credit.forgive()
        if not self.rules.act:
            return events_of(Kind.tick, np.zeros(0, np.int64))
        self.frozen_days += self.frozen
        before = self.frozen.copy()
        released = self._review(seen.day)
        suspects = np.flatnonzero((self.credit.now < self.rules.freeze_below) & ~self.frozen)
        self.frozen[suspects] = True
        self.reviews.open(seen.day, suspects)
        return self._morning_after(seen.day, np.flatnonzero(self.frozen & ~before), released)

    def may_be_paid(self, day: int, members: Ids) -> tuple[Mask, Mask]:
        """Of members whose withdrawals the plan has looked at: whose are approved, and whose rejected.

        The others wait: for the case that is open, or that is opened here, as the member has little credit.
        """
        doubtful = self.credit.now[members] < self.rules.review_below
        self.reviews.open(day, members[doubtful & ~self.condemned[members]])
        return ~self.frozen[members] & ~doubtful, self.condemned[members]

    def _fails_check(self, day: int, events: Records) -> Mask:
        """Withdrawals that fail the second check."""
        check, failed = self.rules.second_check, np.zeros(len(events), np.bool_)
        if check is None:
            return failed
        rows = np.flatnonzero(events["kind"] == Kind.withdraw)
        if not len(rows):
            return failed
        members, numbers = events["member"][rows], events["order"][rows]
        little = self.credit.now[members] < self.rules.review_below
        sensitive = (events["amount"][rows] > check.over) | (self._logins.until[members] >= day) | little
        stolen = np.isin(numbers, list(self.truth.stolen))
        luck = uniform_array(draw_array(self._check, numbers)) * PPM
        failed[rows] = sensitive & (luck < np.where(stolen, check.stops, check.owners))
        self.stopped += events["order"][failed].tolist() if self.rules.act else []
        return failed

    def _search(self, seen: Seen) -> Records:
        """All signs of a day, and on Sundays those of the weeks before."""
        given = self.rules.thresholds
        self._silent.observe(seen)
        found = [
            self._devices.crowded(seen, given),
            signs.bursts(seen, given),
            signs.scraping(seen, given),
            self._logins.used(seen),
            signs.forbidden_texts(seen),
            signs.met_caps(seen),
            *(signs.told(service.assess(seen), len(self.frozen)) for service in self._services),
        ]
        if ends_week(seen.day):
            found += [
                self._circles.paid_within(seen, given),
                returned(seen, given),
                self._silent.silent(given),
                barren(seen, given),
            ]
        return np.concatenate(found)

    def _review(self, day: int) -> Ids:
        """A day's work of the reviewers; gives those who are let out of the freezer."""
        decided = self.reviews.work(day, self.credit.now)
        self.credit.restore(day, decided.released)
        out = decided.released[self.frozen[decided.released]]
        self.frozen[out] = False
        self.condemned[decided.condemned] = self.frozen[decided.condemned] = True
        return out

    def _morning_after(self, day: int, frozen: NDArray[np.int64], released: Ids) -> Records:
        """Freeze, let go, and tell the rules whose credit has changed."""
        time = (self.start + day + 1) * DAY + MORNING
        changed = np.flatnonzero(self.credit.now != self._told)
        self._told = self.credit.now
        parts: list[tuple[Kind, Ids | NDArray[np.int64], NDArray[np.int16] | int]] = [
            (Kind.freeze, frozen, -1),
            (Kind.unfreeze, released, -1),
            (Kind.credit, changed, self._told[changed]),
        ]
        return together([events_of(kind, np.full(len(who), time), member=who, rank=rank) for kind, who, rank in parts])
