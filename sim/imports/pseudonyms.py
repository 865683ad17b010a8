"""Pseudonyms: a keyed hash stands where a person's id, phone or openid stood. Who has the key can repeat it.

The key is 32 random bytes in a file of its own that only its owner can read; it never leaves that file. Without it
nobody can tell whether two folders speak of the same person, or try phone numbers until one fits.
"""

from __future__ import annotations

import os
import re
import secrets
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rules.errors import InputError, Place
from sim.imports.kinds import Holds

_BYTES = 10
"""80 bits: of a hundred million people, two share a pseudonym with a chance of one in 200 million."""
_KEY = re.compile(r"[0-9a-f]{64}\s*")
_PHONE = re.compile(r"(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})")
_PHONE_LIKE = r"^\+?(86)?[- ]?1[3-9]\d[- ]?\d{4}[- ]?\d{4}$"
_LETTERS = {Holds.member: "m", Holds.order: "o", Holds.line: "l", Holds.text: "p"}


class Pseudonyms:
    """Turns ids into pseudonyms under one key; the same id always into the same one."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._started = {
            holds: blake2b(digest_size=_BYTES, key=key, person=holds.value.encode()) for holds in _LETTERS
        }  # fmt: skip

    def of(self, text: str, holds: Holds) -> str:
        """The pseudonym of one id; a phone is the same with and without spaces or +86."""
        return self._all([plain_phone(text)], holds)[0]

    def column(self, cells: pa.Array, holds: Holds) -> pa.Array:
        """A column of ids as pseudonyms; null stays null."""
        coded = cells.dictionary_encode()
        words = coded.dictionary
        texts = words.to_pylist()
        for row in np.flatnonzero(pc.match_substring_regex(words, _PHONE_LIKE).to_numpy(zero_copy_only=False)):
            texts[row] = plain_phone(texts[row])
        return pa.array(self._all(texts, holds), pa.string()).take(coded.indices)

    def _all(self, texts: list[str], holds: Holds) -> list[str]:
        letter, started = _LETTERS[holds], self._started[holds]
        found = []
        for text in texts:
            hashed = started.copy()
            hashed.update(text.encode())
            found.append(letter + hashed.hexdigest())
        return found

    def fingerprint(self) -> str:
        """What tells keys apart without giving one away."""
        return blake2b(b"which key", digest_size=4, key=self._key, person=b"fingerprint").hexdigest()


def plain_phone(text: str) -> str:
    """A mobile number as its eleven digits; anything else as it is."""
    found = _PHONE.fullmatch(text)
    return "".join(found.groups()) if found else text


def some_key() -> bytes:
    """A key for a trial run, which is not kept."""
    return secrets.token_bytes(32)


def read_or_make_key(path: Path) -> tuple[bytes, bool]:
    """The key in a file, and whether it was made just now.

    Raises:
        InputError: others can read the file, or it is no key.
    """
    try:
        return _made(path), True
    except FileExistsError:
        pass
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise InputError("others can read this key", Place(str(path)), "a file of your own: chmod 600")
    text = path.read_text("ascii", "replace")
    if not _KEY.fullmatch(text):
        raise InputError("this is no key", Place(str(path)), "a file that `fenxiao import` made, or none at all")
    return bytes.fromhex(text.strip()), False


def _made(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    key = some_key()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return key


_PERSONAL = (
    r"(?:^|\D)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?:\D|$)"  # a mobile number
    r"|(?:^|\D)[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?:\D|$)"  # an identity card
    r"|[\w.+-]+@[\w-]+\.\w+"  # a mail address
    r"|(?:^|\W)o[A-Za-z0-9_-]{27}(?:\W|$)"  # an openid
    r"|(?:^|\D)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\D|$)"  # an address in a network
)


def looks_personal(cells: pa.Array) -> pa.Array:
    """Which cells of text hold what belongs to a person; null is not personal."""
    return pc.fill_null(pc.match_substring_regex(cells, _PERSONAL), False)


def is_personal(text: str) -> bool:
    """Whether a text holds what belongs to a person."""
    return bool(re.search(_PERSONAL, text))


def shape(text: str) -> str:
    """What a value that must not be shown looks like: digits as 9, letters as a, Chinese as 文."""
    text = re.sub(r"[^\W\d_]", lambda found: "a" if found[0].isascii() else "文", re.sub(r"\d", "9", text[:40]))
    return text if len(text) < 40 else text + "…"
