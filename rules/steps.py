"""What will happen because time passes: automatic receipt and settlement, in a binary heap by (time, kind, ref)."""

from __future__ import annotations

from rules.book import Rows
from rules.jit import kernel

AUTO_RECEIVE = 0
SETTLE_ORDER = 1
SETTLE_ENTRY = 2


@kernel
def _before(book: Rows, left: int, right: int) -> bool:
    a, b = book.steps[left], book.steps[right]
    if a.time != b.time:
        return a.time < b.time
    if a.kind != b.kind:
        return a.kind < b.kind
    return a.ref < b.ref


@kernel
def _swap(book: Rows, left: int, right: int) -> None:
    a, b = book.steps[left], book.steps[right]
    time, kind, ref = a.time, a.kind, a.ref
    a.time, a.kind, a.ref = b.time, b.kind, b.ref
    b.time, b.kind, b.ref = time, kind, ref


@kernel
def push(book: Rows, time: int, kind: int, ref: int) -> None:
    """Let something happen at `time`."""
    place = book.clock[0].steps
    step = book.steps[place]
    step.time, step.kind, step.ref = time, kind, ref
    book.clock[0].steps += 1
    while place > 0:
        parent = (place - 1) // 2
        if not _before(book, place, parent):
            break
        _swap(book, place, parent)
        place = parent


@kernel
def pop(book: Rows) -> None:
    """Drop the earliest step, which is row 0."""
    last = book.clock[0].steps - 1
    _swap(book, 0, last)
    book.clock[0].steps = last
    place = 0
    while True:
        child = 2 * place + 1
        if child >= last:
            return
        if child + 1 < last and _before(book, child + 1, child):
            child += 1
        if not _before(book, child, place):
            return
        _swap(book, place, child)
        place = child
