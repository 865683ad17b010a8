import contextlib
import io

import pytest
from rich.console import Console

from sim import interrupts
from sim.report.progress import Progress


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def counted(steps, seconds, *, wanted=True, terminal=False, total=10, title="replications"):
    out, clock = io.StringIO(), Clock()
    console = Console(file=out, force_terminal=terminal, width=80)
    with Progress(title, total, wanted=wanted, console=console, clock=clock) as progress:
        for _ in range(steps):
            clock.now += seconds
            progress.advance(note="arm b")
    return out.getvalue(), progress


def test_without_a_terminal_a_line_every_ten_seconds():
    text, progress = counted(8, 4.0)
    assert text.splitlines() == [
        "replications: 3/10 arm b (12 s, about 28 s left)",
        "replications: 6/10 arm b (24 s, about 16 s left)",
    ]
    assert progress.done == 8


def test_short_work_prints_nothing():
    assert counted(5, 1.0)[0] == ""


def test_nothing_at_all_when_not_wanted():
    assert counted(10, 60.0, wanted=False)[0] == ""
    assert counted(10, 60.0, wanted=False, terminal=True)[0] == ""


def test_a_bar_on_a_terminal():
    text, _ = counted(10, 1.0, terminal=True)
    assert "replications" in text
    assert "10/10" in text


def test_an_unknown_total_tells_only_what_is_done():
    text, _ = counted(1, 11.0, total=None)
    assert text == "replications: 1 arm b (11 s)\n"


def test_titles_are_not_read_as_markup():
    assert "[red]x" in counted(1, 11.0, title="[red]x")[0]
    assert "[red]x" in counted(1, 11.0, title="[red]x", terminal=True)[0]


def test_the_default_is_standard_error(capsys):
    clock = Clock()
    with Progress("work", 2, clock=clock) as progress:
        clock.now = 20.0
        progress.advance()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "work: 1/2" in captured.err


def test_an_interrupt_that_python_lost_comes_at_the_next_step():
    """Where C code swallows the exception a note of it stays; the bar raises it once, and forgets it at its end."""
    with Progress("steps", 3, wanted=False) as progress:
        with contextlib.suppress(KeyboardInterrupt):
            interrupts._interrupt(2, None)
        with pytest.raises(KeyboardInterrupt):
            progress.advance()
        progress.advance()
        with contextlib.suppress(KeyboardInterrupt):
            interrupts._interrupt(2, None)
    with Progress("more", 1, wanted=False) as progress:
        progress.advance()
