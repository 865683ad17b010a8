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
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.histories import Data
from app.words import own_data as words
from sim.experiments.metric_names import Lang

_IMPORTED = "own_data.imported"
_OWN = "own"


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
    return Data(_OWN, own.place.path, own.name, own.orders) if own and picked == _OWN else Data(str(picked))
