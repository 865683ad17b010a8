"""Excel workbooks (.xlsx): the values that were saved; nothing is computed, no macro, link or object is looked at."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from rules.errors import InputError, Place
from sim.experiments.metric_names import Text
from sim.imports.tables import FAULT, FORMULA, PROBED, Block, Header, Record, SourceTable, gathered, text_of

MOST_BYTES = 1_500_000_000
"""Bytes that a workbook may unpack to."""
MOST_STRINGS = 300_000_000
"""Bytes of its table of texts, which has to be in memory."""
_MOST_RATIO, _SMALL, _MOST_PARTS = 200, 20_000_000, 5_000
_REFUSED = {
    "vbaproject": "macros",
    "xl/externallinks/": "links to other workbooks",
    "xl/connections.xml": "connections to data elsewhere",
    "xl/embeddings/": "embedded objects",
    "xl/activex/": "controls",
}
_PLAIN = "an .xlsx workbook saved with values only"


class Sheet(SourceTable):
    """A sheet of a workbook.

    Args:
        path: the workbook. title: the sheet. alone: whether it is the only one with anything in it.
        formulas: whether there are formulas in it.
    """

    def __init__(self, path: Path, title: str, alone: bool, formulas: bool, since_1904: bool) -> None:
        names = (path.stem, title) if alone else (title,)
        super().__init__(path.name, title, (*names, f"{path.stem}:{title}"), since_1904=since_1904)
        self.path, self.title, self.formulas = path, title, formulas
        if formulas:
            zh, en = "公式只取保存的结果，不计算", "formulas are taken at their saved results and not computed"
            self.notes.append(Text(zh, en))

    def header(self) -> Header | None:
        """None: a row like any other."""
        return None

    def head(self) -> list[Record]:
        """The first rows."""
        return list(islice(self._records(), PROBED))

    def blocks(self, header: Header, wanted: Sequence[str]) -> Iterator[Block]:
        """All rows below the header."""
        yield from gathered(self._records(), header, wanted, padded=True)

    def _records(self) -> Iterator[Record]:
        with _reading(self.path), closing(_open(self.path, data_only=True)) as book:
            values = book[self.title]
            values.reset_dimensions()
            if self.formulas:
                yield from self._beside_formulas(values)
                return
            for number, row in enumerate(values.iter_rows(), start=1):
                yield Record(number, [_cell(cell) for cell in row])

    def _beside_formulas(self, values: Any) -> Iterator[Record]:  # noqa: ANN401
        """Rows of which a second reading shows where formulas stand."""
        with closing(_open(self.path, data_only=False)) as book:
            written = book[self.title]
            written.reset_dimensions()
            pairs = zip(values.iter_rows(), written.iter_rows(), strict=True)
            for number, (row, typed) in enumerate(pairs, start=1):
                yield Record(number, [_cell(cell, other) for cell, other in zip(row, typed, strict=True)])


def sheets_of(path: Path) -> list[SourceTable]:
    """The sheets of a workbook that have anything in them.

    Raises:
        InputError: no workbook, one that holds more than values, or one that unpacks to too much.
    """
    with _reading(path):
        parts = _checked(path)
        with closing(_open(path, data_only=True)) as book:
            since_1904 = book.epoch.year == 1904
            filled = [sheet for sheet in book.worksheets if _filled(sheet)]
            return [
                Sheet(path, sheet.title, len(filled) == 1, _has_formulas(path, parts, sheet), since_1904)
                for sheet in filled
            ]


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever goes wrong inside a workbook is one message: a file from outside can break a reader anywhere."""
    try:
        yield
    except (InputError, GeneratorExit):
        raise
    except Exception as error:
        message = f"cannot be read as a workbook ({type(error).__name__})"
        raise InputError(message, Place(path.name), _PLAIN) from error


def _open(path: Path, data_only: bool) -> Any:  # noqa: ANN401 - openpyxl has no types
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise InputError("Excel files need openpyxl", allowed="pip install 'fenxiao[import]', or CSV") from error
    return load_workbook(path, read_only=True, data_only=data_only, keep_links=False)


def _checked(path: Path) -> dict[str, zipfile.ZipInfo]:
    """The parts of a workbook, by name in small letters, none of them dangerous."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        _check_size(path, parts)
        names = {part.filename.lower().lstrip("/"): part for part in parts}
        if "[content_types].xml" not in names:
            raise InputError("is a zip file, not a workbook", Place(path.name), _PLAIN)
        for name in names:
            for sign, what in _REFUSED.items():
                if sign in name:
                    raise InputError(f"holds {what}", Place(path.name), _PLAIN)
        types = archive.read(names["[content_types].xml"]).lower()
        if b"macroenabled" in types:
            raise InputError("holds macros", Place(path.name), _PLAIN)
        for name, part in names.items():
            if name.endswith((".xml", ".rels")):
                with archive.open(part) as file:
                    start = file.read(2048)
                if b"<!" in start.replace(b"<!--", b"") or start[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise InputError("declares entities of its own", Place(path.name), _PLAIN)
    return names


def _check_size(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    strings = max((part.file_size for part in parts if part.filename.endswith("sharedStrings.xml")), default=0)
    dense = [part for part in parts if part.file_size > _SMALL and part.file_size > _MOST_RATIO * part.compress_size]
    if total > MOST_BYTES or strings > MOST_STRINGS or dense or len(parts) > _MOST_PARTS:
        message = f"unpacks to {total:,} bytes from {path.stat().st_size:,}"
        raise InputError(message, Place(path.name), f"at most {MOST_BYTES:,} bytes, at most {_MOST_RATIO} to one")


def _filled(sheet: Any) -> bool:  # noqa: ANN401
    sheet.reset_dimensions()
    return any(cell.value is not None for row in islice(sheet.iter_rows(), 1_000) for cell in row)


def _has_formulas(path: Path, parts: dict[str, zipfile.ZipInfo], sheet: Any) -> bool:  # noqa: ANN401
    """Whether a sheet's text has a formula in it."""
    part = parts.get(str(getattr(sheet, "_worksheet_path", "")).lower().lstrip("/"))
    if part is None:
        return True
    with zipfile.ZipFile(path) as archive, archive.open(part) as file:
        before = b""
        while chunk := file.read(1 << 20):
            if b"<f>" in (text := before + chunk) or b"<f " in text or b"<f/" in text:
                return True
            before = chunk[-3:]
    return False


def _cell(cell: Any, typed: Any = None) -> str:  # noqa: ANN401
    if cell.data_type == "e":
        return FAULT
    if cell.value is None and typed is not None and typed.data_type == "f":
        return FORMULA
    return text_of(cell.value, in_excel=True)
