"""Before anything is read: which table serves which entry of the mapping, where its header is, how its dates run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.errors import InputError, Place
from sim.experiments.metric_names import Text
from sim.imports.amounts import normal
from sim.imports.dates import DateOrder, either_way, orders_shown
from sim.imports.guess import find_header, fitting_entries
from sim.imports.kinds import COLUMNS, Holds
from sim.imports.mapping import Mapping, TableMap
from sim.imports.pseudonyms import is_personal, shape
from sim.imports.tables import Header, SourceTable

_SHOWN_COLUMNS = 40
_FIRST_DAY: dict[DateOrder, Text] = {
    "dmy": Text("日在前（日/月/年）", "the day comes first (day/month/year)"),
    "mdy": Text("月在前（月/日/年）", "the month comes first (month/day/year)"),
}


@dataclass
class Use:
    """A table that serves an entry of the mapping.

    Attributes:
        number: of the entry. header: where its names are. above: rows above it.
        orders: by our column, what comes first in dates that end with the year.
        unmapped: columns that stay where they are.
    """

    number: int
    entry: TableMap
    table: SourceTable
    header: Header
    above: int
    orders: dict[str, DateOrder]
    unmapped: list[str]


def uses_of(mapping: Mapping, tables: Sequence[SourceTable]) -> tuple[list[Use], list[SourceTable]]:
    """Which table serves what, in the order of the mapping, and the tables that serve nothing.

    Raises:
        InputError: a table without the columns it is said to have, or without a header; dates that could be read in
            two ways.
    """
    pairs = [(number, table) for table in tables for number in fitting_entries(mapping.tables, table.names)]
    uses = [_use(number, mapping.tables[number], table) for number, table in sorted(pairs, key=lambda pair: pair[0])]
    if not uses:
        names = ", ".join(sorted({table.names[0] for table in tables})[:10])
        wanted = ", ".join(dict.fromkeys(entry.table for entry in mapping.tables))
        raise InputError(f"no table here is one of the mapping's: there are {names}", allowed=wanted)
    used = {id(use.table) for use in uses}
    return uses, [table for table in tables if id(table) not in used]


def _use(number: int, entry: TableMap, table: SourceTable) -> Use:
    needs = set(entry.needs())
    found = find_header(table, lambda names: len(needs & set(names)))
    place = Place(table.label)
    if found is None:
        raise InputError("no row of the first ones is a header with these columns", place, ", ".join(entry.needs()))
    header, above = found
    missing = [name for name in entry.essential() if name not in header.names]
    if missing:
        raise InputError(f"there is no column {missing[0]!r}", place, ", ".join(shown_names(header.names)))
    gone = [name for name in entry.needs() if name not in header.names]
    if gone:
        listed = ", ".join(gone)
        table.notes.append(Text(f"没有这些列：{listed}", f"without these columns: {listed}"))
    unmapped = shown_names(name for name in header.names if name and name not in needs)
    return Use(number, entry, table, header, above, _date_orders(entry, table, header), unmapped)


def shown_names(names: Iterable[str]) -> list[str]:
    """Names of columns as messages may have them: what looks like a person's is not shown."""
    listed = list(names)
    shown = [shape(name) if is_personal(name) else name[:40] for name in listed[:_SHOWN_COLUMNS]]
    return [*shown, "…"] if len(listed) > _SHOWN_COLUMNS else shown


def _date_orders(entry: TableMap, table: SourceTable, header: Header) -> dict[str, DateOrder]:
    """What comes first, day or month, in columns whose dates end with the year; told by the whole column."""
    times = {
        name: column
        for name, column in entry.columns.items()
        if COLUMNS[entry.kind][name] is Holds.time and column.source in header.names and not column.path
    }
    known: dict[str, DateOrder] = {name: one.date_order for name, one in times.items() if one.date_order}
    open_ = {name: one.source for name, one in times.items() if name not in known}
    first = table.first(header, list(open_.values())) if open_ else None
    if first is None:
        return known
    doubtful = {name: source for name, source in open_.items() if either_way(normal(first.columns[source])).any()}
    shown: dict[str, set[DateOrder]] = {name: set() for name in doubtful}
    for block in table.blocks(header, list(doubtful.values())) if doubtful else ():
        for name, source in doubtful.items():
            shown[name] |= orders_shown(normal(block.columns[source]))
    for name, orders in shown.items():
        if len(orders) != 1:
            given = "both day and month come first" if orders else "the dates could be read in two ways"
            raise InputError(
                f"{doubtful[name]}: {given}",
                Place(table.label),
                "date_order: dmy or mdy for this column in the mapping",
            )
        known[name] = next(iter(orders))
        words = _FIRST_DAY[known[name]]
        table.notes.append(Text(f"{doubtful[name]}：{words.zh}", f"{doubtful[name]}: {words.en}"))
    return known
