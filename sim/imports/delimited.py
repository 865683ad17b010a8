"""CSV and its relatives: read line by line, so that one unclosed quotation mark costs a row and not the file."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from sim.experiments.metric_names import Text
from sim.imports.encodings import Encoding, encoding_of
from sim.imports.tables import PROBED, Block, Header, Record, SourceTable, gathered

_SEPARATORS = ",;\t|"
_MOST_LINES = 200
"""Lines that one row may have; more, and its quotation marks are not closed."""
_SURROGATE = re.compile("[\ud800-\udfff]")


class Delimited(SourceTable):
    """A text file of rows."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name, "", (path.stem,))
        self.path = path
        self.encoding: Encoding = encoding_of(path)
        self.separator = self._separator()
        name = self.encoding.said
        self.notes.append(Text(f"编码 {name}", f"encoding {name}"))

    def header(self) -> Header | None:
        """None: a row like any other."""
        return None

    def head(self) -> list[Record]:
        """The first rows."""
        with self._open() as file:
            return list(islice(self._records(file), PROBED))

    def blocks(self, header: Header, wanted: Sequence[str]) -> Iterator[Block]:
        """All rows below the header."""
        with self._open() as file:
            yield from gathered(self._records(file), header, wanted, padded=False)

    def _open(self) -> io.TextIOWrapper:
        errors = "strict" if self.encoding.clean else "surrogateescape"
        if self.encoding.name.startswith("utf-16") and not self.encoding.clean:
            errors = "replace"
        return self.path.open(encoding=self.encoding.name, errors=errors, newline="")

    def _separator(self) -> str:
        """What separates most rows of the beginning into the most cells."""
        with self._open() as file:
            lines = [line for line in islice(file, PROBED) if line.strip()]
        best = {}
        for separator in _SEPARATORS:
            counts = [line.count(separator) for line in lines]
            best[separator] = (sum(count > 0 and count == max(counts) for count in counts), max(counts, default=0))
        return max(best, key=lambda one: (best[one][1] > 0, best[one]))

    def _records(self, file: io.TextIOWrapper) -> Iterator[Record]:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=self.separator, strict=True)
        dirty = not self.encoding.clean
        while True:
            lines.taken.clear()
            begin = lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Record(begin, None, "quotes")
                lines.give_back()
                reader = csv.reader(lines, delimiter=self.separator, strict=True)
                continue
            if dirty and any(_SURROGATE.search(line) or "\ufffd" in line for line in lines.taken):
                yield Record(begin, None, "encoding")
            else:
                yield Record(begin, cells)


class _Lines:
    """Lines of a file, of which those of the row that is being read can be given back but the first."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file = file
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._file)
        self.number += 1
        self.taken.append(line)
        if len(self.taken) > _MOST_LINES:
            raise csv.Error("a row of too many lines")
        return line

    def give_back(self) -> None:
        """Let the lines after the first be read again."""
        self._back.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1
