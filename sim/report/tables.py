"""Plain tables of figures: in the terminal, and for pages in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from sim.experiments.metric_names import Lang, Text

LANGS: tuple[Lang, Lang] = ("zh", "en")
Cells = Sequence[Sequence[str]]


@dataclass(frozen=True)
class PageTable:
    """A table: title, heads parted by |, and its cells in each language."""

    title: Text
    heads: Text
    cells: Mapping[Lang, Cells]

    def told(self) -> dict[str, object]:
        """The table as the template takes it: pairs of Chinese and English."""
        heads = list(zip(*(self.heads.say(lang).split("|") for lang in LANGS), strict=True))
        both = zip(*(self.cells[lang] for lang in LANGS), strict=True)
        return {"title": self.title, "heads": heads, "rows": [list(zip(zh, en, strict=True)) for zh, en in both]}


def head(console: Console, title: str) -> None:
    """A line left free, and the title of what follows."""
    console.print()
    console.print(Styled(title, style="bold"))


def table_of(heads: str, rows: Cells = ()) -> Table:
    """A table; `heads` are parted by |, and all columns but the first hold figures. Cells are no markup."""
    first, *others = heads.split("|")
    table = Table(first, box=None, header_style="bold cyan", pad_edge=False)
    for head in others:
        table.add_column(head, justify="right")
    for row in rows:
        table.add_row(*map(Styled, row))
    return table
