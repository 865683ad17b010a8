"""What will happen because time passes: automatic receipt and settlement, in a heap by (time, kind, ref).

A row has four below it, not two: the way from top to bottom is half as long, and the four stand side by side in memory.
"""

from __future__ import annotations

from rules.book import Rows
from rules.events import Row
from rules.jit import kernel

AUTO_RECEIVE = 0
SETTLE_ORDER = 1
SETTLE_ENTRY = 2

_BELOW = 4


@kernel
def _before(time: int, kind: int, ref: int, step: Row) -> bool:
    if time != step.time:
        return time < step.time
    if kind != step.kind:
        return kind < step.kind
    return ref < step.ref


@kernel
def _put(book: Rows, place: int, time: int, kind: int, ref: int) -> None:
    step = book.steps[place]
    step.time, step.kind, step.ref = time, kind, ref


@kernel
def push(book: Rows, time: int, kind: int, ref: int) -> None:
    """Let something happen at `time`."""
    place = book.clock[0].steps
    book.clock[0].steps += 1
    while place > 0:
        above = (place - 1) // _BELOW
        step = book.steps[above]
        if not _before(time, kind, ref, step):
            break
        _put(book, place, step.time, step.kind, step.ref)
        place = above
    _put(book, place, time, kind, ref)


@kernel
def pop(book: Rows) -> None:
    """Drop the earliest step, which is row 0: the last takes its place, and sinks to where it belongs."""
    last = book.clock[0].steps - 1
    book.clock[0].steps = last
    moved = book.steps[last]
    time, kind, ref = moved.time, moved.kind, moved.ref
    place = 0
    while _BELOW * place + 1 < last:
        least = _least(book, _BELOW * place + 1, last)
        step = book.steps[least]
        if _before(time, kind, ref, step):
            break
        _put(book, place, step.time, step.kind, step.ref)
        place = least
    _put(book, place, time, kind, ref)


@kernel
def _least(book: Rows, first: int, last: int) -> int:
    """The earliest of the steps side by side from `first` on, before row `last`."""
    least = first
    for place in range(first + 1, min(first + _BELOW, last)):
        step = book.steps[place]
        if _before(step.time, step.kind, step.ref, book.steps[least]):
            least = place
    return least
