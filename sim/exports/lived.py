"""What exports of every platform need of a run: its events by kind, its people, its lines, its entries."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from rules.book import Book
from rules.events import EventLog, Kind, Records
from sim.rows import paid_for

AWAY = 10_001
"""The number of the first person in exports."""

ORDERS = 5_001
"""The number of the first order in exports."""

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class Lived:
    """A log with the book that a plan has made of it."""

    log: EventLog
    book: Book

    def of(self, kind: Kind) -> Records:
        """The events of one kind."""
        events: Records = self.log.events[self.log.events["kind"] == kind]
        return events

    def times(self, kind: Kind) -> dict[int, int]:
        """When something came to each order, by order; the first time."""
        events = self.of(kind)[::-1]
        return dict(zip(events["order"].tolist(), events["time"].tolist(), strict=True))

    @cached_property
    def lines(self) -> dict[int, list[Records]]:
        """The lines by order, in order."""
        found: dict[int, list[Records]] = {}
        for event in self.of(Kind.order):
            found.setdefault(int(event["order"]), []).append(event)
        return found

    @cached_property
    def people(self) -> list[int]:
        """Who has joined."""
        return [int(number) for number in np.flatnonzero(self.book.members["joined_at"] >= 0)]

    @cached_property
    def given_ranks(self) -> dict[int, str]:
        """The rank that somebody was given on joining."""
        joined, names = self.book.members["joined_at"], self.log.names.ranks
        return {
            int(event["member"]): names[int(event["rank"])]
            for event in self.of(Kind.promote)
            if event["time"] <= joined[event["member"]]
        }

    @property
    def entries(self) -> Records:
        """All entries, in order."""
        return self.book.rows("entries")

    def paid(self, order: int) -> int:
        """Fen paid for the goods of an order."""
        return sum(int(paid_for(line)) for line in self.lines[order])


def write_tables(folder: Path, tables: Tables) -> None:
    """A CSV file for each table; tables without rows are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        if rows:
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
