"""Looking ahead: what coming events will need is asked of memory before its turn comes.

A market of a million is far larger than any cache: what an event costs is mostly waiting for the rows it is about, and
they lie anywhere. Asking for a row changes nothing but when it arrives.
"""

from __future__ import annotations

from rules.book import LINE_BYTES, Rows
from rules.events import Kind, Records
from rules.jit import kernel
from rules.memory import prefetch
from rules.orders import is_on_order
from rules.records import MONEY, ORDER

FAR, NEAR = 12, 6
"""Events ahead at which an order is asked for, and at which the people of an order are, which the order names."""
_ORDER, _CLICK, _REGISTER = int(Kind.order), int(Kind.click), int(Kind.register)
_ORDER_BYTES = ORDER.itemsize


@kernel
def look_ahead(events: Records, place: int, book: Rows) -> None:
    """Ask for the rows that the events some places ahead are about."""
    if place + FAR < len(events):
        event = events[place + FAR]
        if is_on_order(event.kind):
            if 0 <= event.order < book.clock[0].orders:
                for byte in range(0, _ORDER_BYTES, LINE_BYTES):
                    prefetch(book.orders, event.order, byte)
        elif event.member >= 0:
            prefetch(book.members, event.member, 0)
            if event.kind in (_CLICK, _REGISTER) and event.other >= 0:
                prefetch(book.members, event.other, 0)
    if place + NEAR < len(events):
        event = events[place + NEAR]
        if is_on_order(event.kind):
            if 0 <= event.order < book.clock[0].orders:
                row = book.orders[event.order]
                _ask_for_member(book, row.buyer)
                _ask_for_member(book, row.chain[0])
                prefetch(book.lines, row.first_line, 0)
                if row.first_entry >= 0:
                    prefetch(book.entries, row.first_entry, 0)
        elif event.kind == _ORDER:
            _ask_for_member(book, book.members[event.member].upline)


@kernel
def _ask_for_member(book: Rows, member: int) -> None:
    if member >= 0:
        prefetch(book.members, member, 0)
        prefetch(book.members, member, MONEY)
