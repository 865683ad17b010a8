"""An operator's own orders as an event log: the contract's history columns in, events and names out.

Orders need `member_id`, `paid_at` and an amount (`price` × `quantity`, or `amount`, paid for the line); all
else is optional. What the members table does not say follows from the orders: a member registers with the
first order or the first invitee, an inviter without a row gets one, and whoever was invited by somebody that
joined later is bound on that day. After the last event time goes on to the end of the month and of the week,
so that every period with orders in it is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rules.errors import InputError, Place
from rules.events import DAY, EventLog, Kind, Names, Records, blank
from sim.history import purchases
from sim.history.cells import ABSENT, Sheet, open_sheet, table_sheet
from sim.history.groups import REGION, Grouping, regions_in
from sim.history.lines import COLUMNS, Lines, read_lines
from sim.history.members import COLUMNS as MEMBER_COLUMNS
from sim.history.members import Members, read_members
from sim.rows import events_of

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class History:
    """Orders from outside, ready for replay.

    Attributes:
        log: the events and the names behind their numbers.
        rows, kept: rows of the orders table, and how many of them are in the log.
        refused: what was wrong with the others, and with rows of the members table that were passed over.
        unknown: columns that are none of the contract's.
        extra: those of the orders, a row per order line in the log, after its numbers `order` and `line`.
        regions: of the members, as far as the members table says.
        late_bindings: members who were bound after joining, because their inviter joined later, or the table says so.
    """

    log: EventLog
    rows: int
    kept: int
    refused: tuple[InputError, ...]
    unknown: tuple[str, ...]
    extra: pa.Table
    regions: Grouping
    late_bindings: int


def read_history(orders: Path, members: Path | None = None, quarantine: bool = False) -> History:
    """The history in an orders file and, if there is one, a members file (CSV or Parquet).

    The two CDNOW text layouts are orders files too.

    Args:
        orders: the orders file.
        members: the members file.
        quarantine: pass over orders and members that have a problem, instead of refusing the file.

    Raises:
        InputError: file and line, what was given, what is allowed.
    """
    sheet = _cdnow_sheet(orders) or open_sheet(orders)
    return _history(sheet, open_sheet(members) if members else None, quarantine)


def history_of(orders: pa.Table, members: pa.Table | None = None, quarantine: bool = False) -> History:
    """The history in tables made by a program, called `orders` and `members`; their rows count from 1."""
    people = None if members is None else table_sheet(members, "members")
    return _history(table_sheet(orders, "orders"), people, quarantine)


def _cdnow_sheet(path: Path) -> Sheet | None:
    """A CDNOW purchase log as orders, if the file is one."""
    table = cdnow_table(path)
    return None if table is None else table_sheet(table, str(path))


def cdnow_table(path: Path) -> pa.Table | None:
    """A CDNOW purchase log as a table of orders, every row one of one line; None if the file is something else."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            found = purchases.recognise(file.readline())
    except OSError:
        return None
    if found is None:
        return None
    return purchases_table(purchases.read(path))


def purchases_table(log: purchases.Purchases) -> pa.Table:
    """A purchase log as a table of orders, every row one of one line."""
    yuan = [f"{cents // 100}.{cents % 100:02d}" for cents in log.cents.tolist()]
    return pa.table(
        {
            "member_id": pa.array(log.ids, pa.string()).take(pa.array(log.customer)),
            "paid_at": pa.array(log.day, pa.int32()).cast(pa.date32()),
            "quantity": pa.array(np.maximum(log.items, 1)),
            "amount": pa.array(yuan, pa.string()),
        }
    )


def _history(sheet: Sheet, people: Sheet | None, quarantine: bool) -> History:
    if people is not None and "member_id" not in people.table.column_names:
        raise InputError("there is no column member_id", Place(people.name, 1, 1), ", ".join(MEMBER_COLUMNS))
    lines = read_lines(sheet)
    kept = ~np.isin(lines.order, lines.order[sheet.bad_rows()])
    buyers = pc.if_else(pa.array(kept), sheet.text("member_id"), pa.scalar(None, pa.string()))
    members = read_members(people, buyers, np.where(kept, lines.placed, ABSENT))
    refused = (*sheet.refused(), *(people.refused() if people else ()))
    if refused and not quarantine:
        first = refused[0]
        raise InputError(first.message, first.place, first.allowed, [str(error) for error in refused[1:]])
    return _assemble(sheet, people, lines, members, kept, refused)


@dataclass(frozen=True)
class _Numbered:
    """Kept order lines by order and line, with dense order numbers; `first` is where each order begins."""

    rows: Integers
    order: Integers
    line: Integers
    first: Integers


def _assemble(
    sheet: Sheet,
    people: Sheet | None,
    lines: Lines,
    members: Members,
    kept: NDArray[np.bool_],
    refused: tuple[InputError, ...],
) -> History:
    numbered = _number(lines, kept)
    late = members.late
    events = _in_order([*_people_events(members), *_order_events(sheet, lines, members, numbered)])
    events = np.concatenate([events, _end(events)])
    order_names = sheet.text("order_id").take(pa.array(numbered.rows[numbered.first]))
    if not sheet.has("order_id"):
        order_names = pa.array(numbered.rows[numbered.first] + 1).cast(pa.string())
    names = Names(orders=order_names.to_pylist(), ranks=members.ranks)
    names.members = _renumber(events, ("member", "other"), members.names)
    for field, column in (("sku", "sku"), ("category", "category"), ("channel", "channel")):
        texts = _dictionary(sheet, column).dictionary.to_pylist()
        known = getattr(names, {"sku": "skus", "category": "categories", "channel": "channels"}[field])
        known += _renumber(events, (field,), texts)
    unknown = [name for name in sheet.table.column_names if name not in COLUMNS]
    kept_rows = pa.array(numbered.rows)
    extra = {"order": pa.array(numbered.order), "line": pa.array(numbered.line)}
    extra |= {name: sheet.table[name].take(kept_rows) for name in unknown}
    strange = [] if people is None else [n for n in people.table.column_names if n not in (*MEMBER_COLUMNS, REGION)]
    return History(
        log=EventLog(events, names),
        rows=len(sheet),
        kept=len(numbered.rows),
        refused=refused,
        unknown=tuple(unknown + strange),
        extra=pa.table(extra),
        regions=regions_in(people, names.members),
        late_bindings=len(late),
    )


def _number(lines: Lines, kept: NDArray[np.bool_]) -> _Numbered:
    """Number the kept orders by when they were placed, and their lines by the number in the table, from 1."""
    rows = np.flatnonzero(kept)
    _, first, code = np.unique(lines.order[rows], return_index=True, return_inverse=True)
    number = np.empty(len(first), np.int64)
    number[np.lexsort((first, lines.placed[rows[first]]))] = np.arange(len(first))
    order = number[code]
    by_line = np.lexsort((lines.line[rows], order))
    rows, order = rows[by_line], order[by_line]
    begins = np.searchsorted(order, np.arange(len(first)))
    return _Numbered(rows, order, np.arange(len(rows)) - begins[order] + 1, begins)


_Part = tuple[Records, tuple[Integers, Integers]]
"""Events, and their order within one second: people before orders, then by depth or order number."""


def people_of(members: Members) -> Records:
    """What happens to people alone: registrations, later bindings, ranks."""
    return _in_order(_people_events(members))


def _in_order(parts: list[_Part]) -> Records:
    """All events, by time and what comes first within a second."""
    events = np.concatenate([part for part, _ in parts])
    second, third = (np.concatenate([keys[place] for _, keys in parts]) for place in (0, 1))
    ordered: Records = events[np.lexsort((events["line"], events["kind"], third, second, events["time"]))]
    return ordered


def _people_events(members: Members) -> list[_Part]:
    """Registrations from the top down, later bindings, and the ranks that the members table gives."""
    late = members.late
    people = len(members.joined)
    registered = events_of(Kind.register, members.joined, member=np.arange(people), other=members.inviter)
    registered["other"][late] = -1
    bound = events_of(Kind.rebind, members.bound[late], member=late, other=members.inviter[late])
    ranked = np.flatnonzero(members.rank >= 0)
    promoted = events_of(Kind.promote, members.joined[ranked], member=ranked, rank=members.rank[ranked])
    return [
        (registered, (np.zeros(people, np.int64), members.depth)),
        (bound, (np.ones(len(late), np.int64), late)),
        (promoted, (np.ones(len(ranked), np.int64), ranked)),
    ]


def _order_events(sheet: Sheet, lines: Lines, members: Members, numbered: _Numbered) -> list[_Part]:
    """Lines placed, orders paid and received, lines refunded."""
    rows, first = numbered.rows, numbered.rows[numbered.first]
    placed = events_of(
        Kind.order,
        lines.placed[rows],
        order=numbered.order,
        line=numbered.line,
        member=members.buyer[rows],
        **{name: getattr(lines, name)[rows] for name in _MONEY_FIELDS},
        **{name: _column(sheet, name)[rows] for name in ("sku", "category", "channel")},
    )
    parts = [placed]
    for kind, time in ((Kind.pay, lines.paid[first]), (Kind.receive, lines.received[first])):
        done = np.flatnonzero(time != ABSENT)
        parts.append(events_of(kind, time[done], order=done))
    back = np.flatnonzero(lines.refund[rows] != ABSENT)
    refund = lines.refund[rows[back]]
    parts.append(
        events_of(
            Kind.refund,
            lines.refunded[rows[back]],
            order=numbered.order[back],
            line=numbered.line[back],
            amount=refund,
        )
    )
    return [(part, (np.full(len(part), 2), part["order"].astype(np.int64))) for part in parts]


_MONEY_FIELDS = ("quantity", "price", "member_price", "discount", "freight")


def _end(events: Records) -> Records:
    """Time goes on to the end of the month and of the week of the last event, whichever is later."""
    if not len(events):
        return blank(0)
    return events_of(Kind.tick, np.array([closing(int(events["time"].max()))]))


def closing(last: int) -> int:
    """The end of the month and of the week of a moment, whichever is later."""
    day = last // DAY
    month = np.datetime64(day, "D").astype("datetime64[M]") + 1
    monday = day + 7 - (day + 3) % 7
    return max(int(month.astype("datetime64[D]").astype(np.int64)), monday) * DAY


def _dictionary(sheet: Sheet, column: str) -> pa.DictionaryArray:
    """A column of names by first appearance in the table; only a channel can be an empty name."""
    texts = sheet.text(column)
    if column == "channel" and sheet.has(column):
        texts = pc.fill_null(texts, "")
    return texts.dictionary_encode()


def _column(sheet: Sheet, column: str) -> Integers:
    """A column of names as numbers by first appearance in the table; a channel is never less than 0."""
    encoded = _dictionary(sheet, column)
    most = {"sku": 2**31 - 1, "category": 32_767, "channel": 256}[column]
    if len(encoded.dictionary) > most:
        given = f"there are {len(encoded.dictionary)} different values of {column}"
        raise InputError(given, Place(sheet.name), f"at most {most}")
    numbers = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return np.maximum(numbers, 0) if column == "channel" else numbers


def _renumber(events: Records, fields: tuple[str, ...], names: list[str]) -> list[str]:
    """Number what fields of the events name by first appearance in time; returns the names in that order."""
    if not names:
        return []
    about = np.flatnonzero(events[fields[0]] >= 0)
    if fields[0] == "channel":
        about = np.flatnonzero(events["kind"] == Kind.order)
    sequence = np.stack([events[field][about] for field in fields], axis=1).ravel()
    values, first = np.unique(sequence, return_index=True)
    inside = values >= 0
    found = values[inside][np.argsort(first[inside], kind="stable")]
    number = np.full(len(names) + 1, -1, np.int64)
    number[found] = np.arange(len(found))
    for field in fields:
        column = events[field]
        column[about] = number[column[about]]
    return [names[value] for value in found]
