"""A text as letters and digits alone: without all that disguises words, each letter with the place it stands at."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category as kind_of
from unicodedata import normalize

import numpy as np

IDEOGRAPHS = "\u2e80"
"""From here on, scripts are written without spaces: a word has no boundary there."""
_NO_LETTERS = frozenset("丨丶丿乀乁亅灬ー〡々\u115f\u1160\u3164\uffa0")
"""Letters by name that serve as ornaments and blanks between characters."""
_MOST = 4
"""Letters of one character, enough for ㍿: phrases in one character (ﷺ has 18) are cut, so that no text grows much."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without all that does not tell words apart.

    Attributes:
        letters: letters and digits, in one case and form.
        where: of each letter, the character of the text it stands for.
        gaps: of each letter, what stood before it: 0 nothing that can be seen, 1 signs, 2 white space too.
        alphabet: which letters there are.
    """

    letters: str
    where: np.ndarray
    gaps: bytes
    alphabet: frozenset[str]


def fold(text: str) -> Folded:
    """The letters of a text; every character has to be Unicode (no half of a pair)."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    parts = {char: letters_of(char)[:_MOST] for char in set(text)}
    sizes = _each(codes, {char: len(part) for char, part in parts.items()})
    between = [char for char, part in parts.items() if not part]
    spaces, signs = (
        np.cumsum(_each(codes, {char: is_one(char) for char in between}), dtype=np.int64)
        for is_one in (str.isspace, _is_sign)
    )
    where = np.repeat(np.arange(len(codes)), sizes)
    gaps = np.where(_grown(spaces, where), 2, _grown(signs, where))
    letters = text.translate({ord(char): part for char, part in parts.items()})
    return Folded(letters, where, gaps.astype(np.uint8).tobytes(), frozenset(letters))


@lru_cache(maxsize=10_000)
def fold_word(word: str) -> Folded:
    """The letters of a word, kept for the next text."""
    return fold(word)


def _each(codes: np.ndarray, numbers: Mapping[str, int]) -> np.ndarray:
    """For each character of a text its number; 0 for those that have none."""
    table = np.zeros(sys.maxunicode + 1, np.uint8)
    table[[ord(char) for char in numbers]] = list(numbers.values())
    numbered: np.ndarray = table[codes]
    return numbered


def _grown(count: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Whether a running count grew since the letter before."""
    grown: np.ndarray = np.diff(count[where], prepend=0) > 0
    return grown


def letters_of(text: str) -> str:
    """Letters and digits alone, in one case and in the form that Unicode holds for the plain one."""
    plain = normalize("NFKD", normalize("NFKD", text).casefold())
    return "".join(one for one in plain if kind_of(one)[0] in "LN" and one not in _NO_LETTERS)


def _is_sign(char: str) -> bool:
    """Whether a character that is no letter can be seen."""
    return kind_of(char)[0] != "M" and kind_of(char) not in ("Cc", "Cf")
