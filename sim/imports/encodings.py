"""Which encoding a text file is in: found by decoding all of it strictly, never by statistics."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from rules.errors import InputError, Place

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MOST_BAD = 0.02
"""Above this share of characters that do not decode, a file is not text."""


@dataclass(frozen=True)
class Encoding:
    """An encoding, and whether every byte of the file is in it."""

    name: str
    clean: bool

    @property
    def said(self) -> str:
        """What people call it."""
        return {"utf-8-sig": "UTF-8 (BOM)", "utf-8": "UTF-8", "gb18030": "GB18030"}.get(self.name, self.name.upper())


def encoding_of(path: Path) -> Encoding:
    """The encoding of a text file: by its mark, else UTF-8, UTF-16 or GB18030, whichever decodes all of it.

    Where none does, the one of UTF-8 and GB18030 with fewer faults: its faulty rows are set aside later.

    Raises:
        InputError: it is no text at all.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return Encoding(name, _faults(path, name) == 0)
    if name := _wide(start):
        return Encoding(name, _faults(path, name) == 0)
    counted = {}
    for name in ("utf-8", "gb18030"):
        counted[name] = _faults(path, name)
        if counted[name] == 0:
            break
    name = min(counted, key=counted.__getitem__)
    if counted[name] > max(3, _MOST_BAD * path.stat().st_size) or b"\0\0" in start:
        raise InputError("is not text", Place(path.name), "CSV in UTF-8, UTF-16 or GB18030, or .xlsx, or Parquet")
    return Encoding(name, counted[name] == 0)


def _wide(start: bytes) -> str:
    """UTF-16 without a mark: every other byte of a header in Latin letters or digits is 0."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    most = len(start) // 8
    if len(start) < 8 or max(even, odd) <= most:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _faults(path: Path, encoding: str) -> int:
    """How many characters of a file do not decode."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    faults = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            faults += decoder.decode(chunk).count("\ufffd")
    return faults + decoder.decode(b"", True).count("\ufffd")
