"""What several pages let a visitor choose: a market, a plan that is shipped or in a file of one's own.

Lists show titles, which need no model of a plan: what reads plans and markets takes a second to import, and the first
page is there before that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.pieces import part
from app.words import common as words
from rules.errors import InputError
from scenarios.find import find, names
from scenarios.outline import Outline, outline
from sim.experiments.metric_names import Lang, Text, spoken

if TYPE_CHECKING:
    from rules.plan.model import Plan
    from sim.scenario import Scenario

PEOPLE = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
MOST_KB = 256
"""Of a plan file of one's own; the largest shipped one has 12."""
OWN = "*"
"""The choice of a file or market of one's own; nothing that is shipped has this name."""


@dataclass(frozen=True)
class Chosen:
    """A plan that was chosen: its name for the command line and for messages, and the text of its file."""

    name: str
    text: str
    place: str

    @cached_property
    def plan(self) -> Plan:
        """The plan itself, read when it is first asked for.

        Raises:
            InputError: the text is none.
        """
        from rules.plan.read import read_plan

        return read_plan(self.text, self.place)

    def called(self, name: str) -> Chosen:
        """The same plan under another name, and not read again."""
        other = replace(self, name=name)
        if "plan" in vars(self):
            vars(other)["plan"] = self.plan
        return other


def choose_scenario(
    place: DeltaGenerator, lang: Lang, key: str = "scenario", first: str = "three_tier", own: Scenario | None = None
) -> Scenario:
    """One of the shipped markets, or one's own, if there is one."""
    name = choose_market(place, lang, key, first, own)
    return own if own and name == OWN else shipped_scenario(name)


def choose_market(
    place: DeltaGenerator, lang: Lang, key: str, first: str = "three_tier", own: Scenario | None = None
) -> str:
    """The name of one of the shipped markets; `OWN` for one's own."""
    choices = [*names("markets"), *([OWN] if own else [])]

    def shown(name: str) -> str:
        return spoken(own.title, lang) if own and own.title and name == OWN else titled(outline("markets", name), lang)

    return place.selectbox(
        words.SCENARIO.say(lang),
        choices,
        index=choices.index(first),
        format_func=shown,
        help=words.SCENARIO_HELP.say(lang),
        key=key,
        persist_state="session",
    )


def titled(given: Outline, lang: Lang) -> str:
    """A title and a name, as both are shown."""
    return f"{spoken(given, lang)} ({given.name})" if given.en else given.name


def choose_people(place: DeltaGenerator | ModuleType, key: str, sizes: Sequence[int], first: int, lang: Lang) -> int:
    """How many people the market has; `place` may be Streamlit itself, for what stands in a popover."""
    return place.select_slider(
        words.PEOPLE.say(lang), sizes, value=first, format_func=grouped, key=key, persist_state="session"
    )


def grouped(count: int) -> str:
    """A count as it is shown: 20,000."""
    return f"{count:,}"


def choose_plan(place: DeltaGenerator, key: str, label: Text, first: str, lang: Lang) -> Chosen | InputError | None:
    """A shipped plan or a file of one's own; None while there is no file, an error if it holds no plan."""
    choices = [*names("plans"), OWN]
    name = place.selectbox(
        label.say(lang),
        choices,
        index=choices.index(first),
        format_func=lambda name: words.OWN.say(lang) if name == OWN else titled(outline("plans", name), lang),
        key=key,
        persist_state="session",
    )
    if name != OWN:
        return shipped_plan(name)
    given = _upload(place, key, lang)
    if given is None:
        return None
    try:
        chosen = Chosen(given[0], decoded(given[1], given[0]), given[0])
        _ = chosen.plan  # said at once if it is none
        return chosen
    except InputError as error:
        return error


def choose_plans(
    key: str, labels: Sequence[Text], firsts: Sequence[str], lang: Lang
) -> list[Chosen | InputError | None]:
    """Two plans side by side, or three where the toggle of `choose_third` is on; each as `choose_plan` gives it."""
    count = 3 if st.session_state.get(f"{key}.with-third") else 2
    names = (f"{key}.first", f"{key}.second", f"{key}.third")
    given = zip(st.columns(count), names, labels, firsts, strict=False)
    return [choose_plan(place, name, label, first, lang) for place, name, label, first in given]


def choose_third(place: DeltaGenerator, key: str, lang: Lang) -> None:
    """Whether there is a third plan."""
    place.toggle(words.WITH_THIRD.say(lang), key=f"{key}.with-third", persist_state="session")


def _upload(place: DeltaGenerator, key: str, lang: Lang) -> tuple[str, bytes] | None:
    """Name and content of a file of one's own; the session keeps it, as Streamlit forgets it on another page."""
    source, kept = f"{key}-file", f"{key}-kept"
    shown = place.file_uploader(
        words.OWN_HELP.say(lang), type=["yaml", "yml"], key=source, on_change=_keep_upload, args=(source, kept)
    )
    given: tuple[str, bytes] | None = st.session_state.get(kept)
    if shown is None and given:
        place.html(part("common.notice", lang=lang, text=words.OWN_KEPT.say(lang).format(name=given[0])))
    return given


def _keep_upload(source: str, kept: str) -> None:
    given = st.session_state[source]
    st.session_state[kept] = (given.name, given.getvalue()) if given else None


def decoded(data: bytes, name: str) -> str:
    """The text of an uploaded file.

    Raises:
        InputError: it is no text, or far too long for a plan.
    """
    if len(data) > MOST_KB * 1024:
        raise InputError(f"{name} has {len(data) // 1024} KB", allowed=f"a plan file has {MOST_KB} KB at most")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: byte {error.start} is not UTF-8", allowed="a text file saved as UTF-8") from None


def shipped_scenario(name: str) -> Scenario:
    """A shipped scenario, read once."""
    return _scenario(*find("markets", name))


def shipped_plan(name: str) -> Chosen:
    """A shipped plan, read once; what visitors bring is never kept."""
    text, place = find("plans", name)
    return _plan(name, text, place)


@lru_cache(256)
def _scenario(text: str, place: str) -> Scenario:
    from sim.scenario import read_scenario

    return read_scenario(text, place)


_plan = lru_cache(256)(Chosen)


def plans_of(market: Scenario | Outline) -> list[str]:
    """The shipped plans that belong to a market, its own first."""
    shipped = names("plans")
    wanted = [name for name in market.plans if name in shipped]
    return [*wanted, *(name for name in shipped if name not in wanted)]


def show_notes(chosen: list[Chosen], lang: Lang) -> None:
    """What has to be known of the plans."""
    from rules.plan.notes import notes

    told = {f"{one.name}: {spoken(note, lang)}": None for one in chosen for note in notes(one.plan)}
    if told:
        st.html(part("common.notes", lang=lang, notes=list(told)))
