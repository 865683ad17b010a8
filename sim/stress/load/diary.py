"""What a client has been told, line by line, written down the moment it is told: what outlives a client that is killed.

A line is `source,kind,subject,number,result,us,ms,cpu,sent`: number of the event at its source, its kind, which order,
member or withdrawal it is about, which refund, what the store said, how long it took and when (on the wall clock), how
much of the client's processor time, and how many statements. The lines are written without a buffer of ours: a killed
process leaves all that it has written.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Self

HEADER = "source,kind,subject,number,result,us,ms,cpu,sent\n"


@dataclass(frozen=True, slots=True)
class Line:
    """One acknowledgement."""

    source: int
    kind: int
    subject: int
    number: int
    result: str
    us: int
    ms: int
    cpu: int
    sent: int


class Diary:
    """A file of acknowledgements to which lines are added."""

    def __init__(self, path: Path) -> None:
        fresh = not path.exists()
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        if fresh:
            os.write(self._file, HEADER.encode())

    def add(self, line: Line) -> None:
        """Write a line."""
        told = (line.source, line.kind, line.subject, line.number, line.result, line.us, line.ms, line.cpu, line.sent)
        os.write(self._file, (",".join(map(str, told)) + "\n").encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)


def read(path: Path) -> Iterator[Line]:
    """The lines of a diary; one that a kill cut short is left out, as nobody was told."""
    if not path.exists():
        return
    for text in path.read_text("utf-8").splitlines(keepends=True)[1:]:
        parts = text.rstrip("\n").split(",")
        if text.endswith("\n") and len(parts) == len(fields(Line)):
            source, kind, subject, number, result, *measured = parts
            yield Line(int(source), int(kind), int(subject), int(number), result, *map(int, measured))
