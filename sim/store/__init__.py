"""Stores: what stands between the world's wishes and the rules. All of them take events and give entries."""

from __future__ import annotations

from typing import Protocol

from rules.book import Book
from rules.events import Records


class Store(Protocol):
    """Takes events in order of time, keeps those it can serve, and lets the rules make entries of them."""

    @property
    def book(self) -> Book:
        """The state of the rules; read it, never write it."""
        ...

    def apply(self, events: Records) -> tuple[Records, Records]:
        """Take a batch of `EVENT`; return the events that were accepted, and the new `ENTRY` rows."""
        ...


__all__ = ["Store"]
