"""A risk service of somebody else's 外部风控: anything with one method can be plugged in beside the desk's own signs.

class Blacklist:
    def assess(self, seen: Seen) -> Verdicts:
        registered = seen.events["member"][seen.events["kind"] == Kind.register]
        return {int(member): 100 for member in registered if phone_of(member) in known}

StoreModel(..., services=[Blacklist()])
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from rules.book import Book
from rules.events import Records
from sim.behaviour.world import Ids
from sim.risk.traces import Traces

Verdicts: TypeAlias = Mapping[int, int]
"""How risky a service takes members to be: from 0 (not at all) to 100; who is not mentioned is not known to it."""
RISKY = 50
"""From this verdict on it counts as a sign."""


@dataclass(frozen=True)
class Seen:
    """All that can be seen of a day.

    Attributes:
        day: of the run, from 0. midnight: at which it began, seconds since 1970-01-01.
        events: accepted, in order. refused: what the gate turned away. logins: `traces.LOGIN`, worth a look.
        forbidden: members whose share texts were refused, once a share. capped: who met a daily cap, once an act.
        book: as at the end of the day. traces: of everybody.
    """

    day: int
    midnight: int
    events: Records
    refused: Records
    logins: Records
    forbidden: Ids
    capped: Ids
    book: Book
    traces: Traces


class RiskService(Protocol):
    """Looks at a day, and says whom it distrusts."""

    def assess(self, seen: Seen) -> Verdicts:
        """How risky members are, by member."""
        ...
