"""Since when somebody is a promoter 推广员: from the moment on which they first stand above the lowest rank."""

from __future__ import annotations

from rules.book import Rows
from rules.jit import kernel
from rules.readable import State
from rules.records import NEVER


@kernel
def note_promoter(book: Rows, member: int) -> None:
    """Note when a member first stands above the lowest rank."""
    person = book.members[member]
    if person.rank > 0 and person.promoter_since == NEVER:
        person.promoter_since = book.clock[0].now


def remember_promoter(state: State, member: int) -> None:
    """Note when a member first stands above the lowest rank: the readable rule."""
    person = state.members[member]
    if person.rank > 0 and person.promoter_since is None:
        person.promoter_since = state.now
