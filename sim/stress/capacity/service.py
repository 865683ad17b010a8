"""Service times: what a transaction of each kind takes of client, server and flush; read from and written to JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, cast

from rules.errors import InputError, Place

Lock = Literal["stock", "promoter", "platform"]
"""A kind of hot row."""
LOCKS: tuple[Lock, ...] = ("stock", "promoter", "platform")
KINDS = (
    "register",
    "click",
    "read",
    "place",
    "pay",
    "notice",
    "book",
    "ship",
    "receive",
    "refund",
    "settle",
    "batch",
    "withdraw",
)
"""What has a service time. `read` is one read of a member and her rank; `book` what the commission of one order adds to
the transaction that books it alone; `settle` one order within a batch, `batch` what each batch takes besides."""
_MOST_MS = 1e6


@dataclass(frozen=True)
class Work:
    """What one transaction takes, in milliseconds.

    Attributes:
        client_ms: processor time of the worker. server_ms: of the database. flush_ms: one flush of the log to disk that
            its commit waits for; 0 = it waits for none.
        locks: hot rows that it changes. locked_part: part of `server_ms` that comes after the first lock.
        variation: standard deviation ÷ mean of its processor time (Gamma distributed; 0 = constant, 1 = exponential).
        statements: round trips to the database.
    """

    client_ms: float
    server_ms: float
    flush_ms: float = 0.0
    locks: tuple[Lock, ...] = ()
    locked_part: float = 0.5
    variation: float = 0.5
    statements: int = 1

    def __post_init__(self) -> None:
        for name in ("client_ms", "server_ms", "flush_ms"):
            _between(name, getattr(self, name), 0, _MOST_MS)
        _between("locked_part", self.locked_part, 0, 1)
        _between("variation", self.variation, 0, 10)
        _between("statements", self.statements, 0, 10_000)
        if unknown := [lock for lock in self.locks if lock not in LOCKS]:
            raise InputError(f"the lock {unknown[0]!r} is not known here", allowed=", ".join(LOCKS))


@dataclass(frozen=True)
class ServiceTimes:
    """Service times by kind, and where they come from.

    Attributes:
        source: what was measured where and when, or assumed.
        works: by kind, all of `KINDS`. assumed: the kinds that were not measured.
    """

    source: str
    works: Mapping[str, Work]
    assumed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.works) - set(KINDS)):
            raise InputError(f"the kind {unknown[0]!r} is not known here", allowed=", ".join(KINDS))
        if missing := [kind for kind in KINDS if kind not in self.works]:
            raise InputError(f"service times lack {', '.join(missing)}", allowed=f"all of {', '.join(KINDS)}")

    def __getitem__(self, kind: str) -> Work:
        return self.works[kind]

    def faster(self, *, flush: float = 1.0) -> ServiceTimes:
        """The same on a disk that flushes so many times as fast."""
        works = {kind: replace(work, flush_ms=work.flush_ms / flush) for kind, work in self.works.items()}
        return replace(self, works=works)

    def to_json(self) -> str:
        """As JSON that `from_json` reads."""
        works = {kind: asdict(self.works[kind]) for kind in KINDS}
        return json.dumps({"source": self.source, "assumed": list(self.assumed), "works": works}, indent=1)

    @staticmethod
    def from_json(text: str, name: str = "service times") -> ServiceTimes:
        """Read service times; kinds that are left out are those of `ASSUMED`, and are named as such.

        Raises:
            InputError: with what was given and what is allowed.
        """
        try:
            given = json.loads(text)
        except ValueError as error:
            raise InputError(f"this is not JSON: {error}", Place(name), "service times as JSON") from error
        if not isinstance(given, dict) or not isinstance(given.get("works"), dict):
            raise InputError("there is no object `works`", Place(name), '{"source": "…", "works": {"place": {…}, …}}')
        measured = {str(kind): _work(str(kind), work, name) for kind, work in given["works"].items()}
        left = tuple(kind for kind in KINDS if kind not in measured)
        told = [str(kind) for kind in given.get("assumed", []) if kind in measured]
        works = {kind: ASSUMED[kind] for kind in left} | measured
        return ServiceTimes(str(given.get("source", name)), works, (*told, *left))


def _between(name: str, value: object, least: float, most: float) -> None:
    fine = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not fine or not least <= cast(float, value) <= most:
        raise InputError(f"{name}: {value!r}", allowed=f"{least:g} to {most:g}")


def _work(kind: str, given: Any, name: str) -> Work:  # noqa: ANN401 - whatever JSON holds
    known = [one.name for one in fields(Work)]
    if not isinstance(given, dict):
        raise InputError(f"works.{kind} is {given!r}", Place(name), f"an object with {', '.join(known)}")
    if unknown := [key for key in given if key not in known]:
        raise InputError(f"works.{kind}: the key {unknown[0]!r} is not known here", Place(name), ", ".join(known))
    if missing := [key for key in ("client_ms", "server_ms") if key not in given]:
        raise InputError(f"works.{kind} lacks {missing[0]}", Place(name), "milliseconds")
    locks = given.get("locks", [])
    if not isinstance(locks, list):
        raise InputError(f"works.{kind}.locks is {locks!r}", Place(name), f"a list of {', '.join(LOCKS)}")
    try:
        return Work(**(given | {"locks": tuple(locks)}))
    except InputError as error:
        raise InputError(f"works.{kind}.{error.message}", Place(name), error.allowed) from error


_FLUSH = 1.1
ASSUMED = ServiceTimes(
    source="assumed, 2026-11: PostgreSQL 18 on 2 cores with a log that takes 1.1 ms to flush (docs/CAPACITY.md)",
    works={
        "register": Work(0.25, 0.30, _FLUSH),
        "click": Work(0.08, 0.06),
        "read": Work(0.05, 0.05),
        "place": Work(0.25, 0.30, _FLUSH, ("stock",)),
        "pay": Work(0.20, 0.22, _FLUSH),
        "notice": Work(0.08, 0.06),
        "book": Work(0.10, 0.18, _FLUSH, ("promoter", "platform")),
        "ship": Work(0.18, 0.18, _FLUSH),
        "receive": Work(0.18, 0.18, _FLUSH),
        "refund": Work(0.25, 0.35, _FLUSH, ("stock", "promoter", "platform")),
        "settle": Work(0.012, 0.026),
        "batch": Work(2.0, 9.0, 3.0, ("promoter", "platform"), locked_part=0.4, variation=0.2),
        "withdraw": Work(0.20, 0.25, _FLUSH),
    },
    assumed=KINDS,
)
"""Like what a small machine was measured to do: an order's journal and four postings in one call 0.4-0.5 ms of
processor time in all; batches of 500 orders 15,000 a second, of 10,000 27,000 a second; a flush 0.3-1.4 ms."""
