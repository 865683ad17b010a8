"""Ctrl-C that is not lost: an exception that a signal raises inside a callback of C code is only printed there.

The handler notes that it was called; the next step of a `Progress` raises again what was lost.
"""

from __future__ import annotations

import signal
from types import FrameType

_asked: list[int] = []


def keep_interrupts() -> None:
    """Take Ctrl-C in hand; where it is ignored, as in a background job of a shell, it stays so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    _asked.append(number)
    raise KeyboardInterrupt


def raise_if_lost() -> None:
    """Interrupt now if somebody asked for it and nothing has come of it."""
    if _asked:
        _asked.clear()
        raise KeyboardInterrupt


def forget_interrupts() -> None:
    """What was asked for has been done."""
    _asked.clear()
