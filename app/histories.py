"""The orders that a job looks at. Streamlit stays out of here: a job begins faster without it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rules.errors import InputError

if TYPE_CHECKING:
    from sim.history.shipped import Past

IN_COMMANDS = "my-import"
"""What the folder of an import is called in commands that are shown."""


@dataclass(frozen=True)
class Data:
    """What a page looks at; a job may be given it.

    Attributes:
        name: of the public data set: cdnow or cdnow_sample; "own" for an import.
        folder: of the import, else None.
        called: what the visitor knows the import by. orders: how many order lines it has.
    """

    name: str
    folder: Path | None = None
    called: str = ""
    orders: int = 0

    @property
    def option(self) -> str:
        """On the command line, with the space before it."""
        return f" --data {IN_COMMANDS}" if self.folder else ""

    def past(self) -> Past:
        """Its orders as a history for replay.

        Raises:
            InputError: the files of the import cannot be read.
        """
        from sim.history.shipped import cdnow, past_of_folder

        return past_of_folder(self.folder) if self.folder else cdnow(self.name == "cdnow_sample")

    def refuse_large(self, command: str) -> None:
        """Refuse what would keep a page waiting and fill the machine's memory; the command line takes it.

        Args:
            command: does the same, part by part or for as long as it needs.

        Raises:
            InputError: it is an import as large as that.
        """
        from sim.history.large.replay import MANY_LINES, is_large

        if self.folder and is_large(self.folder):
            raise InputError(
                f"the import has {MANY_LINES:,} order lines or more", allowed=f"on the command line: {command}"
            )
