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
_MOST_BAD, _FEW = 0.02, 20
"""Above this share of bytes that do not decode, or of control characters, a file is not text; some it may have."""


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

    Where none does, UTF-8 if most lines are in it: other encodings do not look like it by chance. Rows that do not
    decode are set aside later.

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
    name = "utf-8" if _mostly_utf_8(path) else "gb18030"
    faults = _faults(path, name)
    if faults > max(_FEW, _MOST_BAD * path.stat().st_size) or _controls(start) > max(3, _MOST_BAD * len(start)):
        raise InputError("is not text", Place(path.name), "CSV in UTF-8, UTF-16 or GB18030, or .xlsx, or Parquet")
    return Encoding(name, faults == 0)


def _wide(start: bytes) -> str:
    """UTF-16 without a mark: every other byte of a header in Latin letters or digits is 0."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    most = len(start) // 8
    if len(start) < 8 or max(even, odd) <= most:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _mostly_utf_8(path: Path) -> bool:
    """Whether more lines with other than ASCII letters are in UTF-8 than not."""
    good = bad = 0
    with path.open("rb") as file:
        while line := file.readline(_CHUNK):
            if line.isascii():
                continue
            try:
                line.decode()
                good += 1
            except UnicodeDecodeError:
                bad += 1
    return good >= bad


def _controls(start: bytes) -> int:
    """Characters that text does not have."""
    return sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1b" for byte in start)


def _faults(path: Path, encoding: str) -> int:
    """How many characters of a file do not decode."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    faults = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            faults += decoder.decode(chunk).count("\ufffd")
    return faults + decoder.decode(b"", True).count("\ufffd")
