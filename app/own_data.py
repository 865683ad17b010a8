"""The orders that a page looks at: a public data set, or what a visitor has imported in this session.

An import lies in a folder of its own that only this user of the machine can read; it is gone with the session.
"""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.words import own_data as words
from sim.experiments.metric_names import Lang

if TYPE_CHECKING:
    from sim.history.shipped import Past

_IMPORTED = "own_data.imported"
_OWN = "own"
IN_COMMANDS = "my-import"
"""What the folder of an import is called in commands that are shown."""


class Private:
    """A folder that only this user of the machine can read; gone when nothing holds it any more, or the app ends."""

    def __init__(self) -> None:
        self.path = Path(mkdtemp(prefix="fenxiao-"))
        self.forget = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True)
class Imported:
    """What a visitor has imported.

    Attributes:
        place: the folder that `fenxiao import --out` would have written.
        name: what it is called: the file, or the platform. orders: how many order lines are kept.
    """

    place: Private
    name: str
    orders: int


@dataclass(frozen=True)
class Data:
    """What a page looks at; a job may be given it.

    Attributes:
        name: of the public data set: cdnow or cdnow_sample; "own" for an import.
        folder: of the import, else None.
    """

    name: str
    folder: Path | None = None

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


def keep(found: Imported | None) -> None:
    """Have this import looked at by other pages; the one before it is gone."""
    st.session_state[_IMPORTED] = found


def imported() -> Imported | None:
    """What was imported in this session."""
    return cast(Imported | None, st.session_state.get(_IMPORTED))


def choose_data(place: DeltaGenerator, key: str, shipped: Sequence[str], lang: Lang) -> Data:
    """An import where there is one, or a public data set; the import is the first choice.

    Args:
        shipped: of cdnow and cdnow_sample, those that the page can take.
    """
    own = imported()
    choices = [_OWN, *shipped] if own else list(shipped)

    def shown(name: str) -> str:
        if name == _OWN and own:
            return words.OWN.say(lang).format(name=own.name, orders=f"{own.orders:,}")
        return words.SHIPPED[name].say(lang)

    picked = place.selectbox(
        words.DATA.say(lang),
        choices,
        format_func=shown,
        help=words.DATA_HELP.say(lang),
        key=f"{key}-{'own' if own else 'shipped'}",
        persist_state="session",
    )
    return Data(str(picked), own.place.path if own and picked == _OWN else None)
