"""Plain tables of figures in the terminal."""

from __future__ import annotations

from rich.table import Table


def table_of(heads: str) -> Table:
    """An empty table; `heads` are parted by |, and all columns but the first hold figures."""
    first, *others = heads.split("|")
    table = Table(first, box=None, header_style="bold cyan", pad_edge=False)
    for head in others:
        table.add_column(head, justify="right")
    return table
