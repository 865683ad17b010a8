"""What a desk asks of a store, and what it replies to whoever brought an event (`sim.pipeline`)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from rules.events import Records
from sim.store.assembly import NOTHING, Outcome
from sim.store.journals import Journal
from sim.store.pages import OrderPage, WithdrawalPage


@dataclass(frozen=True, slots=True)
class Begin:
    """A transaction begins."""


@dataclass(frozen=True, slots=True)
class LockOrder:
    """Lock an order; answered by its page, None if there is none."""

    order: int


@dataclass(frozen=True, slots=True)
class LockMembers:
    """Lock members, lowest number first; answered by their pages in that order."""

    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LockWithdrawals:
    """Read the withdrawals of a member, who is locked; answered by their pages, oldest first."""

    member: int


@dataclass(frozen=True, slots=True)
class FindWithdrawal:
    """Whose a withdrawal is, without a lock; answered by the member, None if there is no such withdrawal."""

    withdrawal: int


@dataclass(frozen=True, slots=True)
class ReadUplines:
    """Read a member and the people above, without a lock; answered by `(member, upline, clicked_by)`, nearest first."""

    member: int
    steps: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether a source event has been taken already; asked under the locks that it needs.

    Answered by why it was refused, `NOTHING` if it took effect, None if it has not been taken.
    """

    source: int


@dataclass(frozen=True, slots=True)
class TakeStock:
    """Take pieces from the shelves, lowest number first; answered by the bucket of each, None if one is short."""

    order: int
    pieces: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class GiveBackStock:
    """Put pieces back on the shelves: `(line, sku, pieces)`."""

    order: int
    pieces: tuple[tuple[int, int, int], ...]


NO_EVENT = 0
"""The kind of a change that happens because time has passed."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a transaction writes.

    Attributes:
        number: of the transaction, which no other has. time: its second.
        source: number of the event at its source, -1 = it has none. kind: of the event, `NO_EVENT` if time has passed.
        before: the order as it was, None if there was none. drawn: the withdrawals that there were.
        made: what the rules made, all its pages to be written.
        journals: to book. journal_of_entries: the journal of each new entry. bound: `(member, inviter, via)`.
        lines: the `EVENT` rows of a new order. buckets: from which the pieces of each came.
    """

    number: int
    time: int
    source: int
    kind: int
    before: OrderPage | None
    drawn: Sequence[WithdrawalPage]
    made: Outcome
    journals: Sequence[Journal]
    journal_of_entries: Sequence[int]
    bound: Sequence[tuple[int, int, int]] = ()
    lines: Records | None = None
    buckets: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Write:
    """Write a change."""

    change: Change


@dataclass(frozen=True, slots=True)
class Commit:
    """Make it last."""


@dataclass(frozen=True, slots=True)
class Rollback:
    """Let it be."""


Ask: TypeAlias = (
    Begin
    | LockOrder
    | LockMembers
    | LockWithdrawals
    | FindWithdrawal
    | ReadUplines
    | Seen
    | TakeStock
    | GiveBackStock
    | Write
    | Commit
    | Rollback
)


class Result(Enum):
    """What became of an event."""

    done = "done"
    again = "again"  # it had happened before, with the same contents
    refused = "refused"  # the rules, or the state it came to, do not allow it
    early = "early"  # something that comes before it has not happened yet
    short = "short"  # a shelf does not have so many pieces
    conflict = "conflict"  # it had happened before, with other contents


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to an event.

    Attributes:
        result: what became of it. refusal: why it was refused, `NOTHING` if it was not.
        stamp: of the change, -1 if there was none. attempts: how often it was begun.
    """

    result: Result
    refusal: int = NOTHING
    stamp: int = -1
    attempts: int = 1


Talk: TypeAlias = Generator[Ask, Any, Reply]
"""A desk at work: it asks, is answered, and replies in the end."""
