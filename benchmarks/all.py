"""Runs every benchmark that there is and writes docs/BENCHMARKS.md: `python -m benchmarks.all`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from benchmarks.common import Figures, machine, shown, tell

NAMES = (
    "engine",
    "crowd",
    "year",
    "prover",
    "settlement",
    "pipeline",
    "capacity",
    "experiments",
    "replay",
    "large",
    "imports",
    "forecasts",
)
PAGE = Path(__file__).resolve().parent.parent / "docs" / "BENCHMARKS.md"
_NOT_FIGURES = ("benchmark", "small", "machine")


def main() -> int:
    """The command: 0 if every benchmark ran, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.all")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}; default: all there are")
    parser.add_argument("--small", action="store_true", help="little data: checks that all works; times mean nothing")
    parser.add_argument("--out", type=Path, default=PAGE, help="the page to write")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    measured = {}
    for name in options.names or [name for name in NAMES if find_spec(f"benchmarks.{name}")]:
        tell(f"{name} …")
        measured[name] = run(name, options.small)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page(measured, options.small), encoding="utf-8")
    tell(f"written: {options.out}")
    return 0 if all(measured.values()) else 1


def run(name: str, small: bool) -> Figures | None:
    """One benchmark in a process of its own; None if it failed, after it has said why."""
    command = [sys.executable, "-m", f"benchmarks.{name}", "--json", *(["--small"] if small else [])]
    done = subprocess.run(command, cwd=PAGE.parent.parent, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        tell(f"{name} failed (exit code {done.returncode})")
        return None
    figures: Figures = json.loads(done.stdout)
    return figures


def page(measured: dict[str, Figures | None], small: bool) -> str:
    """The page: how to repeat, the machine, and a table for each benchmark."""
    there = "what `make bench` wrote" if not small else "**a trial with little data: the times mean nothing**"
    parts = [
        "# Benchmarks",
        f"This page is {there}, on {date.today().isoformat()}. Repeat it with `make bench` (all, some minutes) or "
        "`python -m benchmarks.NAME [--small] [--json]` (one). Contestants run in turns in one process, on the same "
        "data, and must agree on the result before they are timed; figures are medians of wall-clock time. Where "
        "`cpu_share` is well under 1, something else was running: compare `per_cpu_second` then.",
        "## Machine",
        _table(("", ""), [(name.replace("_", " "), shown(value)) for name, value in machine().items()]),
    ]
    for name, figures in measured.items():
        parts += [f"## {name}", *_section(name, figures)]
    return "\n\n".join(parts) + "\n"


def _section(name: str, figures: Figures | None) -> list[str]:
    if figures is None:
        return ["It failed; see the output of the run."]
    module = import_module(f"benchmarks.{name}")
    words = getattr(module, "FIGURES", {})
    rows = [
        (f"`{figure}`", shown(value), words.get(figure, ""))
        for figure, value in figures.items()
        if figure not in _NOT_FIGURES
    ]
    return [(module.__doc__ or "").strip(), _table(("figure", "value", "what it is"), rows)]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    sys.exit(main())
