"""The mapping as a visitor confirms it: table by table, with the first values; changed by lists, or as text."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.pages.data_work import Looked, Seen
from app.pieces import part
from app.words import data as words
from app.working import show_refusal
from rules.errors import InputError
from sim.experiments.metric_names import Lang
from sim.imports.guess import fitting_entries
from sim.imports.kinds import COLUMNS, REQUIRED, Holds
from sim.imports.mapping import Column, Mapping, TableMap, read_mapping, written
from sim.imports.pseudonyms import is_personal, shape

_NONE = ""
_HIDDEN = (Holds.member, Holds.order, Holds.line)


@dataclass
class Chosen:
    """The mapping as it stands.

    Attributes:
        text: that will be used. given: the one that was proposed. stamp: how often the text was changed other than in
            the lists; when that happens, the lists are shown anew.
        refused: why the text that was typed last is none.
    """

    text: str
    given: str
    stamp: int = 0
    refused: InputError | None = None

    @property
    def mapping(self) -> Mapping | None:
        """What the text says; None where nothing was recognised and nothing is written yet."""
        return read_mapping(self.text, "mapping.yaml") if self.text else None


def show_mapping(chosen: Chosen, looked: Looked, lang: Lang) -> None:
    """What was recognised, and the means to change it."""
    st.html(part("common.notice", lang=lang, text=_said(chosen, looked, lang)))
    st.html(part("common.notes", lang=lang, notes=[words.MAPPING_HINT.say(lang)]))
    mapping = chosen.mapping
    for number, entry in enumerate(mapping.tables) if mapping else ():
        seen = _table_of(number, mapping, looked)
        if seen or not looked.ready:  # a ready mapping also knows tables that are not given
            _show_entry(chosen, number, entry, seen, lang)
    for tables, text in ((looked.unused, words.UNUSED), (looked.empty, words.EMPTY_FILES)):
        if tables:
            said = text.say(lang).format(tables=", ".join(tables))
            st.html(part("common.notes", lang=lang, notes=[said]))
    _show_text(chosen, lang)


def _said(chosen: Chosen, looked: Looked, lang: Lang) -> str:
    if not chosen.text:
        return words.NOTHING.say(lang)
    if chosen.text != chosen.given:
        return words.CHANGED.say(lang)
    return words.READY.say(lang).format(name=looked.ready) if looked.ready else words.GUESSED.say(lang)


def _table_of(number: int, mapping: Mapping, looked: Looked) -> Seen | None:
    """The first table that an entry is about, as the import tells it."""
    return next((seen for seen in looked.tables if number in fitting_entries(mapping.tables, seen.names)), None)


def _show_entry(chosen: Chosen, number: int, entry: TableMap, seen: Seen | None, lang: Lang) -> None:
    """A table: our columns, theirs, and first values."""
    kind = words.KINDS[entry.kind].say(lang)
    title = f"{seen.label if seen else entry.table} → {kind}"
    heads = [head.say(lang) for head in words.HEADS]
    rows = [_row(entry, name, column, seen, lang) for name, column in entry.columns.items()]
    st.html(part("data.mapping", lang=lang, title=title, heads=heads, rows=rows))
    if seen:
        with st.expander(f"{words.CHANGE.say(lang)} · {seen.label}", icon=":material/edit:"):
            _show_lists(chosen, number, entry, seen, lang)


def _row(entry: TableMap, name: str, column: Column, seen: Seen | None, lang: Lang) -> dict[str, str]:
    holds = COLUMNS[entry.kind][name]
    values = seen.columns.get(column.source, ()) if seen else ()
    how = [words.IN_FEN.say(lang)] if column.unit == "fen" else []
    if others := [one for one in column.needs() if one != column.source]:
        how.append(f"{words.ALSO.say(lang)} {', '.join(others)}")
    return {
        "here": words.COLUMNS[name].say(lang),
        "theirs": ".".join((_readable(column.source), *column.path)),
        "how": " · ".join(how),
        "values": " · ".join(shape(one) if holds in _HIDDEN else one for one in values),
    }


def _show_lists(chosen: Chosen, number: int, entry: TableMap, seen: Seen, lang: Lang) -> None:
    """A list for each of our columns, and one for the unit of money; two beside each other."""
    names = list(seen.columns)
    for place, (name, holds) in enumerate(COLUMNS[entry.kind].items()):
        if place % 2 == 0:
            columns = st.columns(2)
        label, given = words.COLUMNS[name].say(lang), entry.columns.get(name)
        key = f"data.{chosen.stamp}.{number}.{name}"
        with columns[place % 2].container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                _labelled(entry, name, lang),
                [_NONE, *names],
                index=names.index(given.source) + 1 if given and given.source in names else 0,
                format_func=lambda one: _readable(one) if one else words.NOT_GIVEN.say(lang),
                key=f"{key}.from",
                on_change=_changed,
                args=(chosen, number, name, key),
            )
            if holds is Holds.money and given:
                st.segmented_control(
                    words.UNIT.say(lang).format(column=label),
                    list(words.UNITS),
                    default=given.unit,
                    format_func=lambda one: words.UNITS[one].say(lang),
                    key=f"{key}.unit",
                    required=True,
                    label_visibility="collapsed",
                    width="content",
                    on_change=_changed,
                    args=(chosen, number, name, key),
                )


def _labelled(entry: TableMap, name: str, lang: Lang) -> str:
    """What our column is called, and whether rows need it, or one of several."""
    label = words.COLUMNS[name].say(lang)
    group = next((group for group in REQUIRED[entry.kind] if name in group), ())
    needed = words.NEEDED if len(group) == 1 else words.NEEDED_ONE
    return needed.say(lang).format(column=label) if group else label


def _readable(name: str) -> str:
    """A column's name as it may be shown: without a header, a person may stand there."""
    return shape(name) if is_personal(name) else name


def _changed(chosen: Chosen, number: int, name: str, key: str) -> None:
    """Put what a list says into the mapping."""
    mapping = chosen.mapping
    if mapping is None:
        return
    entry, source = mapping.tables[number], st.session_state[f"{key}.from"]
    columns = dict(entry.columns)
    if source == _NONE:
        columns.pop(name, None)
    else:
        unit = st.session_state.get(f"{key}.unit")
        before = columns.get(name)
        same = before.model_copy() if before and before.source == source else Column.model_validate({"from": source})
        columns[name] = same.model_copy(update={"unit": unit}) if unit else same
    ordered = {one: columns[one] for one in COLUMNS[entry.kind] if one in columns}
    tables = [*mapping.tables]
    tables[number] = entry.model_copy(update={"columns": ordered})
    _take(chosen, written(mapping.model_copy(update={"tables": tables})))


def _take(chosen: Chosen, text: str, *, typed: bool = False) -> None:
    """Have this text as the mapping, if it is one; else what is wrong with it is shown, and the one before holds."""
    try:
        read_mapping(text, "mapping.yaml")
    except InputError as error:
        chosen.refused = error
        return
    chosen.text, chosen.refused = text, None
    chosen.stamp += typed


def _show_text(chosen: Chosen, lang: Lang) -> None:
    if chosen.refused:
        show_refusal(chosen.refused, lang)
    with st.expander(words.AS_TEXT.say(lang), icon=":material/code:", expanded=not chosen.text):
        key = f"data.text.{hash(chosen.text)}"
        text = st.text_area(words.MAPPING.say(lang), chosen.text, height=320, help=words.TEXT_HELP.say(lang), key=key)
        with st.container(horizontal=True):
            if st.button(words.TAKE.say(lang), disabled=text == chosen.text, key="data.take"):
                _take(chosen, text, typed=True)
                st.rerun()
            st.download_button(words.DOWNLOAD.say(lang), chosen.text, "mapping.yaml", disabled=not chosen.text)
