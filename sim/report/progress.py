"""Progress of a long command on standard error: a bar on a terminal, else a line now and then, or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from sim.interrupts import forget_interrupts, raise_if_lost

EVERY = 10.0
"""Seconds between two lines where there is no terminal."""


class Progress:
    """Counts towards `total` and shows it; to be used in a `with` statement.

    Args:
        title: what is being done.
        total: how many steps there are; None where unknown.
        wanted: False shows nothing at all.
        console: where to; standard error if left out. Standard output stays untouched in any case.
        every: seconds between lines where `console` is not a terminal.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        title: str,
        total: int | None,
        *,
        wanted: bool = True,
        console: Console | None = None,
        every: float = EVERY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.title, self.total, self.done = title, total, 0
        self._console = console or Console(stderr=True)
        self._every, self._clock = every, clock
        self._lines = wanted and not self._console.is_terminal
        self._bar = _bar(self._console) if wanted and self._console.is_terminal else None
        self._task = self._bar.add_task(_safe(title), total=total) if self._bar else None
        self._started = self._told = clock()

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        forget_interrupts()
        if self._bar:
            self._bar.stop()

    def advance(self, steps: int = 1, note: str = "") -> None:
        """`steps` more are done; `note` says what is being worked on."""
        self.done += steps
        raise_if_lost()
        if self._bar and self._task is not None:
            shown = _safe(f"{self.title} {note}".strip())
            self._bar.update(self._task, advance=steps, description=shown)
        elif self._lines and (now := self._clock()) - self._told >= self._every:
            self._told = now
            self._console.print(Text(self._line(now, note)), soft_wrap=True)

    def _line(self, now: float, note: str) -> str:
        elapsed = now - self._started
        of = "" if self.total is None else f"/{self.total}"
        left = ""
        if self.total and 0 < self.done < self.total:
            left = f", about {elapsed / self.done * (self.total - self.done):.0f} s left"
        return f"{self.title}: {self.done}{of} {note}".rstrip() + f" ({elapsed:.0f} s{left})"


def _bar(console: Console) -> Bar:
    """A bar that removes itself when done."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Bar(*columns, console=console, transient=True, redirect_stdout=False)


def _safe(text: str) -> str:
    """Without line breaks, which would tear the bar."""
    return " ".join(text.split())
