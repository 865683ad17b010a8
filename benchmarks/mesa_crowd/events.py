"""What happens, as plain dicts, and those who keep the books of it: the readable engine, or the compiled one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from time import process_time
from typing import Protocol

from rules.engine import Engine
from rules.events import DAY, EVENT, Kind, Names, Records, blank
from rules.plan.model import Plan
from rules.records import WithdrawalStatus
from rules.trace import ReadableEngine
from sim.rows import blanks

_BLANK = {name: int(blank(1)[0][name]) for name in EVENT.fields or ()}


class Event(dict[str, int]):
    """Something that happens. What it does not say is as in a blank row of `EVENT`."""

    def __missing__(self, field: str) -> int:
        return _BLANK[field]


class Diary:
    """Events by day; a day's are read in the order of time, then order, then line.

    Args:
        start: first day, in days since 1970-01-01.
    """

    def __init__(self, start: int) -> None:
        self._start = start
        self._later: defaultdict[int, list[Event]] = defaultdict(list)
        self._today: list[Event] = []

    def note(self, kind: Kind, time: int, **fields: int) -> None:
        """Note an event of today."""
        self._today.append(Event(kind=int(kind), time=time, **fields))

    def plan(self, kind: Kind, time: int, **fields: int) -> None:
        """Note an event of today or later."""
        self._later[time // DAY - self._start].append(Event(kind=int(kind), time=time, **fields))

    def close(self, day: int) -> list[Event]:
        """All events of a day."""
        events = self._later.pop(day, []) + self._today
        self._today = []
        events.sort(key=_when)
        return events


def _when(event: Event) -> tuple[int, int, int]:
    return event["time"], event["order"], event["line"]


def as_rows(events: Sequence[Event]) -> Records:
    """Events as rows of `EVENT`."""
    rows = blanks(len(events))
    for field in {field for event in events for field in event}:
        rows[field] = [event[field] for event in events]
    return rows


class Books(Protocol):
    """What people can know of the books."""

    seconds: float
    """Processor time that the rules have taken."""

    def take(self, events: Sequence[Event]) -> set[int]:
        """Let the rules book events; gives whom they have brought something."""

    def standing(self, member: int) -> tuple[int, int, int]:
        """Fen earned, rank, promoted orders."""

    def available(self, member: int) -> int:
        """Fen that could be paid out."""

    def request(self, number: int) -> tuple[int, WithdrawalStatus] | None:
        """Who asked for a withdrawal, and how it stands; None if it was refused."""


class ReadableBooks:
    """The rules in plain Python, one event at a time.

    Args:
        plan: in force. names: behind the numbers of skus and so on. people: size of the market. start: first day.
    """

    def __init__(self, plan: Plan, names: Names, people: int, start: int) -> None:
        self.engine, self.seconds = ReadableEngine([plan], names, people, start, watch=frozenset()), 0.0
        self.engine.verify_everybody()

    def take(self, events: Sequence[Event]) -> set[int]:
        """See `Books`."""
        began, before = process_time(), len(self.engine.state.entries)
        self.engine.apply(events)  # type: ignore[arg-type]  # it asks for nothing but the fields of each event
        self.seconds += process_time() - began
        return {entry.member for entry in self.engine.state.entries[before:]}

    def standing(self, member: int) -> tuple[int, int, int]:
        """See `Books`."""
        person = self.engine.state.members[member]
        return person.earned, person.rank, person.promoted_orders

    def available(self, member: int) -> int:
        """See `Books`."""
        return self.engine.state.members[member].available

    def request(self, number: int) -> tuple[int, WithdrawalStatus] | None:
        """See `Books`."""
        row = self.engine.state.withdrawals.get(number)
        return (row.member, row.status) if row else None


class CompiledBooks:
    """The rules compiled, as the crowd in columns has them. What people ask for is laid out as lists once a day.

    Args:
        plan, names, people, start: see `ReadableBooks`.
    """

    def __init__(self, plan: Plan, names: Names, people: int, start: int) -> None:
        self.engine, self.seconds = Engine.open([plan], names, people, start), 0.0
        self.engine.verify_everybody()
        self._lay_out()

    def take(self, events: Sequence[Event]) -> set[int]:
        """See `Books`."""
        began = process_time()
        payees = set(self.engine.apply(as_rows(events))["member"].tolist())
        self._lay_out()
        self.seconds += process_time() - began
        return payees

    def _lay_out(self) -> None:
        members, rows = self.engine.book.members, self.engine.book.rows("withdrawals")
        self._earned, self._rank = members["earned"].tolist(), members["rank"].tolist()
        self._promoted, self._available = members["promoted_orders"].tolist(), members["available"].tolist()
        self._known, self._member, self._status = (rows[name].tolist() for name in ("known", "member", "status"))

    def standing(self, member: int) -> tuple[int, int, int]:
        """See `Books`."""
        return self._earned[member], self._rank[member], self._promoted[member]

    def available(self, member: int) -> int:
        """See `Books`."""
        fen: int = self._available[member]
        return fen

    def request(self, number: int) -> tuple[int, WithdrawalStatus] | None:
        """See `Books`."""
        if number >= len(self._known) or not self._known[number]:
            return None
        return self._member[number], WithdrawalStatus(self._status[number])
