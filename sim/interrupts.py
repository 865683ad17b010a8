"""Ctrl-C that is not lost: an exception that a signal raises inside a callback of C code is only printed there.

While kernels are compiled LLVM calls back, and what it cannot tell us then fails later, or crashes: there Ctrl-C waits
until it has returned. Elsewhere the handler notes that it was called, and the next step of a `Progress` raises again
what was lost.
"""

from __future__ import annotations

import signal
import sys
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer, current_thread, main_thread
from types import FrameType

_asked: list[int] = []
_LLVM = "llvmlite."
_SOON = 0.02
"""Seconds until Ctrl-C is tried again."""


def keep_interrupts() -> None:
    """Take Ctrl-C in hand; where it is ignored, as in a background job of a shell, it stays so.

    Being told to end (SIGTERM, as by `kill` or a service's stop) is taken as Ctrl-C: what was done is kept, and a
    database of one's own is stopped.
    What somebody interrupted in this process before, and dealt with, is not asked of what begins now.
    """
    forget_interrupts()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _interrupt)


def leave_it_to_the_parent() -> None:
    """In a process that works for another: Ctrl-C is for the other, who decides what is kept; SIGTERM ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _interrupt(number: int, frame: FrameType | None) -> None:
    if _in_llvm(frame):
        Timer(_SOON, _again, [number]).start()
        return
    _asked.append(number)
    raise KeyboardInterrupt


def _again(number: int) -> None:
    """As from the terminal, so that whatever the main thread waits for by then is interrupted, too."""
    if sys.platform == "win32":
        interrupt_main(number)
    else:
        signal.pthread_kill(main_thread().ident or 0, number)


def _in_llvm(frame: FrameType | None) -> bool:
    while frame:
        if str(frame.f_globals.get("__name__")).startswith(_LLVM):
            return True
        frame = frame.f_back
    return False


def raise_if_lost() -> None:
    """Interrupt now if somebody asked for it and nothing has come of it."""
    if _asked:
        _asked.clear()
        raise KeyboardInterrupt


def forget_interrupts() -> None:
    """What was asked for has been done."""
    _asked.clear()


@contextmanager
def held_back() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait until this is done; only the main thread is ever interrupted."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    held = {number: handler for number, handler in handlers.items() if callable(handler)}
    if current_thread() is not main_thread() or not held:
        yield
        return
    asked: list[int] = []
    for number in held:
        signal.signal(number, lambda number, _: asked.append(number))
    try:
        yield
    finally:
        for number, before in held.items():
            signal.signal(number, before)
    if asked:
        held[signal.Signals(asked[0])](asked[0], None)
