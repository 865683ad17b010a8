"""Plain tables of figures in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text


def head(console: Console, title: str) -> None:
    """A line left free, and the title of what follows."""
    console.print()
    console.print(Text(title, style="bold"))


def table_of(heads: str) -> Table:
    """An empty table; `heads` are parted by |, and all columns but the first hold figures."""
    first, *others = heads.split("|")
    table = Table(first, box=None, header_style="bold cyan", pad_edge=False)
    for head in others:
        table.add_column(head, justify="right")
    return table
