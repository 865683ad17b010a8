"""What the product says about bad input: where it stands, what was given, what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

SHOWN_FURTHER = 3
"""How many further problems of the same input are listed."""


@dataclass(frozen=True)
class Place:
    """A position in an input: file name, line and column (both from 1; 0 = the whole file)."""

    name: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.name}:{self.line}:{self.column}" if self.line else self.name


class InputError(Exception):
    """Bad input. The command line prints it as one message and exits with 2, without a traceback.

    Args:
        message: what is wrong, with the value that was given.
        place: where it stands, if known.
        allowed: what would have been accepted, in words.
        more: further problems of the same input; the first few are listed below the message.
    """

    label = "allowed"

    def __init__(self, message: str, place: Place | None = None, allowed: str = "", more: Sequence[str] = ()) -> None:
        self.message, self.place, self.allowed, self.more = message, place, allowed, tuple(more)
        super().__init__(str(self))

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        allowed = f"; {self.label}: {self.allowed}" if self.allowed else ""
        return f"{where}{self.message}{allowed}{self._further()}"

    def _further(self) -> str:
        if not self.more:
            return ""
        listed = "".join(f"\n  {line}" for line in self.more[:SHOWN_FURTHER])
        left = len(self.more) - SHOWN_FURTHER
        return f"\nand {len(self.more)} more:{listed}" + (f"\n  … and {left} others" if left > 0 else "")


def shown(given: object) -> str:
    """A given value as a message quotes it: short, and as it could stand in the file."""
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int | Decimal):
        return str(given)
    if isinstance(given, dict):
        return _short("{" + ", ".join(f"{key}: {_inner(value)}" for key, value in list(given.items())[:4]) + "}")
    if isinstance(given, list | tuple):
        return _short("[" + ", ".join(map(_inner, given[:4])) + "]")
    return _short(repr(given))


def _inner(given: object) -> str:
    if given and isinstance(given, dict | list | tuple):
        return "{…}" if isinstance(given, dict) else "[…]"
    return shown(given)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:50]}…{text[-1]}"
