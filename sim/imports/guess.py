"""Where a table's header stands, and what its columns are likely to be: a proposal, which a person confirms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from sim.experiments.metric_names import Text
from sim.imports.kinds import REQUIRED, Kind
from sim.imports.mapping import Column, Mapping, TableMap, load_mapping
from sim.imports.synonyms import NAMES
from sim.imports.tables import Header, SourceTable, unique_names

_UNIT = re.compile(r"[(（\[【](.*?)[)）\]】]")
_FEN = {"分", "fen", "cent", "cents"}
_NOT_WORD = re.compile(r"[\s_\-:：*/.#]+")
_KINDS: tuple[tuple[Kind, tuple[str, ...], tuple[str, ...]], ...] = (
    ("commissions", ("member_id", "amount"), ("price", "quantity", "paid_at")),
    ("clicks", ("clicked_at",), ()),
    ("refunds", ("amount", "refunded_at", "order_id"), ("price", "quantity", "paid_at")),
    ("orders", ("order_id", "member_id"), ()),
    ("lines", ("order_id",), ()),
    ("orders", ("member_id", "paid_at", "amount"), ("order_id",)),
    ("members", ("member_id",), ("order_id",)),
    ("products", ("sku",), ("order_id", "member_id")),
)
"""Kinds in the order in which they are tried: what must be there, and what of an order's columns must not."""
_MEMBERS_NEED = ("inviter_id", "rank", "joined_at")
_READY = ("yudao", "crmeb_php", "crmeb_java", "likeshop")


def find_header(table: SourceTable, score: Callable[[Sequence[str]], int]) -> tuple[Header, int] | None:
    """The header of a table, and how many rows stand above it; None where no row looks like one.

    A header may have two rows, as merged cells make them: a name above is good for a column without one below.

    Args:
        score: how many names of a row are known.
    """
    if known := table.header():
        return known, 0
    head = [one for one in table.head() if one.cells is not None]
    best: tuple[int, int, tuple[str, ...]] | None = None
    for place, record in enumerate(head):
        upper = record.cells or ()
        below = head[place + 1].cells or () if place + 1 < len(head) else ()
        both = [low or high for low, high in zip([*below, *upper[len(below) :]], _wide(upper, below), strict=True)]
        for row, cells in ((record.row, upper), *(((head[place + 1].row, both),) if below else ())):
            names = unique_names(cells)
            found = score(names)
            if found > (best[0] if best else 0):
                best = found, row, names
    if best is None:
        return None
    above = sum(any(one.cells or ()) for one in head if one.row < best[1])
    note = Text(f"表头在第 {best[1]} 行", f"the header is row {best[1]}")
    if above and note not in table.notes:
        table.notes.append(note)
    return Header(best[1], best[2]), above


def _wide(upper: Sequence[str], below: Sequence[str]) -> list[str]:
    return [*upper, *[""] * (len(below) - len(upper))]


def guess_table(names: Sequence[str], table: str) -> TableMap | None:
    """What a table with these columns is likely to be; None where it is none that is used."""
    plain = {name: plain_name(name) for name in names if name}
    for kind, needed, never in _KINDS:
        columns = _columns(kind, plain)
        order = _columns("orders", plain)
        if not all(name in columns for name in needed) or any(name in order for name in never):
            continue
        if kind == "members" and not any(name in columns for name in _MEMBERS_NEED):
            continue
        if all(any(name in columns for name in group) for group in REQUIRED[kind]):
            return TableMap(table=table, kind=kind, columns=columns)
    return None


def known_names(names: Sequence[str]) -> int:
    """How many columns of these names could be told, as the kind that fits best."""
    plain = {name: plain_name(name) for name in names if name}
    most = max(len(_columns(kind, plain)) for kind in NAMES)
    return most if most > 1 else 0


def _columns(kind: Kind, plain: dict[str, tuple[str, bool]]) -> dict[str, Column]:
    """Our columns with the best name that is there, every column of the table at most once."""
    by_name: dict[str, str] = {}
    for name, (word, _) in plain.items():
        by_name.setdefault(word, name)
    found: dict[str, Column] = {}
    used: set[str] = set()
    for column, words in NAMES[kind].items():
        best = next((by_name[word] for word in words if word in by_name and by_name[word] not in used), None)
        if best is not None:
            used.add(best)
            money = column in ("price", "member_price", "discount", "amount", "freight", "refund_amount", "cost")
            found[column] = Column(source=best, unit="fen") if money and plain[best][1] else Column(source=best)
    return found


def plain_name(name: str) -> tuple[str, bool]:
    """A column's name as `NAMES` has it, and whether it says that its money is in fen."""
    text = unicodedata.normalize("NFKC", name).lower()
    units = {unit.strip() for unit in _UNIT.findall(text)}
    text = _NOT_WORD.sub("", _UNIT.sub("", text))
    for ending in ("infen", "fen", "incents", "cents"):
        if text.endswith(ending) and len(text) > len(ending):
            return text.removesuffix(ending), True
    for unit in ("单位:分", "单位分"):
        if unit in units:
            return text, True
    return text, bool(units & _FEN)


def fitting_entries(entries: Sequence[TableMap], called: Sequence[str]) -> list[int]:
    """Numbers of the entries that are about a table: those with its name; without any, those whose name it has with a
    number or a date behind it."""
    names = {name.lower() for name in called}
    exact = [number for number, entry in enumerate(entries) if entry.table.lower() in names]
    patterns = [rf"{re.escape(entry.table.lower())}[\s_.\-(（]*\d.*" for entry in entries]
    longer = [number for number, one in enumerate(patterns) if any(re.fullmatch(one, name) for name in names)]
    return exact or longer


def ready_mapping(tables: Sequence[SourceTable]) -> Mapping | None:
    """The shipped mapping whose tables these are: all of its orders' tables are there, with the columns it needs."""
    best: tuple[int, Mapping] | None = None
    for name in _READY:
        mapping = load_mapping(name)
        numbers = {number for table in tables for number in _served(mapping.tables, table)}
        entries = [mapping.tables[number] for number in sorted(numbers)]
        needed = [one for one in mapping.tables if one.kind in ("orders", "lines")]
        if all(one in entries for one in needed) and len(entries) > (best[0] if best else 0):
            best = len(entries), mapping
    return best[1] if best else None


def _served(entries: Sequence[TableMap], table: SourceTable) -> list[int]:
    """Entries that are about a table, and whose columns it has."""
    served = []
    for number in fitting_entries(entries, table.names):
        needs = set(entries[number].needs())
        found = find_header(table, lambda names, needs=needs: len(needs & set(names)))  # type: ignore[misc]
        if found is not None and set(entries[number].essential()) <= set(found[0].names):
            served.append(number)
    return served


def guess_mapping(tables: Sequence[SourceTable]) -> tuple[Mapping | None, list[SourceTable]]:
    """A proposal for tables that no shipped mapping knows, and the tables in it that nothing is made of."""
    entries: list[TableMap] = []
    unused = []
    for table in tables:
        others = {name for other in tables if other is not table for name in other.names}
        own = next((name for name in table.names if name not in others), table.names[0])
        found = find_header(table, known_names)
        entry = guess_table(found[0].names, own) if found else None
        if entry is None:
            unused.append(table)
        elif not any(entry == other for other in entries):
            entries.append(entry)
    return (Mapping(mapping="guessed", tables=entries) if entries else None), unused
