"""What an import came to: whether it adds up, what was set aside and why, and where to go from here."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import streamlit as st
from pyarrow.dataset import dataset

from app.own_data import Private
from app.pieces import part
from app.words import common
from app.words import data as words
from rules.money import yuan
from sim.experiments.metric_names import Lang
from sim.imports.amounts import plain
from sim.imports.kinds import Holds
from sim.imports.pseudonyms import Pseudonyms
from sim.imports.reasons import REASONS
from sim.imports.run import Imported

_LISTED = 100
"""Rows of the quarantine that the page shows."""
_ICONS = {"history": "history", "calibrate": "tune", "forecast": "timeline"}


def show_result(found: Imported, place: Private, key: bytes, lang: Lang) -> None:
    """All of it, the verdict first."""
    _show_verdict(found, lang)
    if found.order_lines:
        _show_next(lang)
    _show_counts(found, lang)
    _show_aside(found, place.path, lang)
    if found.unmapped:
        with st.expander(words.UNMAPPED.say(lang), icon=":material/visibility_off:"):
            notes = [f"{table}: {', '.join(columns)}" for table, columns in found.unmapped.items()]
            st.html(part("common.notes", lang=lang, notes=notes))
    with st.expander(words.FIND.say(lang), icon=":material/person_search:"):
        asked = st.text_input(
            words.FIND.say(lang),
            help=words.FIND_HELP.say(lang),
            key="data.find",
            type="password",
            persist_state="session",
        )
        if asked:
            st.code(Pseudonyms(key).of(plain(asked), Holds.member), language=None)


def _show_verdict(found: Imported, lang: Lang) -> None:
    said = words.ADDS_UP.say(lang).format(
        rows=f"{found.rows:,}", kept=f"{found.kept:,}", aside=f"{found.quarantined:,}"
    )
    lines = found.said(lang)
    if not found.order_lines:
        lines.insert(0, words.NO_KEPT.say(lang))
    st.html(
        part(
            "common.verdict",
            lang=lang,
            label=words.RESULT.say(lang),
            headline=said,
            lines=lines,
            facts=words.FACTS.say(lang).format(key=found.key),
            tone="won" if found.order_lines else "breach",
        )
    )


def _show_next(lang: Lang) -> None:
    st.html(part("common.section", lang=lang, title=words.NEXT.say(lang)))
    for place, (name, text) in zip(st.columns(len(words.NEXT_PAGES)), words.NEXT_PAGES.items(), strict=True):
        page = st.Page(lambda: None, title=common.PAGES[name].say(lang), url_path=name)
        place.page_link(page, label=text.say(lang), icon=f":material/{_ICONS[name]}:", width="stretch")


def _show_counts(found: Imported, lang: Lang) -> None:
    rows, money = [], []
    for one in found.counts:
        label = f"{one.file}:{one.sheet}" if one.sheet else one.file
        counts = (one.rows, one.kept, one.quarantined, one.left_out)
        rows.append([label, words.KINDS[one.kind].say(lang), *(f"{count:,}" for count in counts)])  # type: ignore[index]
        for name, of in one.money.items():
            sums = [yuan(fen) for fen in (of.read, of.kept, of.quarantined)]
            money.append([f"{label} · {words.COLUMNS[name].say(lang)}", *sums, f"{of.unreadable:,}"])
    for title, heads, cells in (
        (words.COUNTS, words.COUNTS_HEADS, rows),
        (words.MONEY, words.MONEY_HEADS, money),
    ):
        shown = [head.say(lang) for head in heads]
        st.html(part("common.table", lang=lang, title=title.say(lang), heads=shown, rows=cells))


def _show_aside(found: Imported, folder: Path, lang: Lang) -> None:
    """The quarantine: how many for which reason, and the rows of one."""
    hint = (words.ASIDE_HINT if found.aside else words.CLEAN).say(lang)
    st.html(part("common.section", lang=lang, title=words.ASIDE.say(lang), hint=hint))
    if not found.aside:
        return
    counts = {"": sum(found.aside.values())} | dict(sorted(found.aside.items(), key=lambda one: -one[1]))

    def titled(code: str) -> str:
        if not code:
            return words.ANY.say(lang).format(count=f"{counts[code]:,}")
        return f"{REASONS[code].say(lang)} ({counts[code]:,})"

    picked = str(
        st.selectbox(
            words.REASON.say(lang),
            list(counts),
            format_func=titled,
            key=f"data.reason.{'.'.join(counts)}",
            persist_state="session",
        )
        or ""
    )
    wanted = pc.field("code") == picked if picked else None
    rows = [
        _aside(one, lang) for one in dataset(folder / "quarantine.parquet").head(_LISTED, filter=wanted).to_pylist()
    ]
    heads = [head.say(lang) for head in words.ASIDE_HEADS]
    st.html(part("data.aside", lang=lang, title=words.ASIDE.say(lang), heads=heads, rows=rows))
    if counts[picked] > _LISTED:
        said = words.SHOWN.say(lang).format(shown=_LISTED, count=f"{counts[picked]:,}")
        st.html(part("common.notes", lang=lang, notes=[said]))


def _aside(row: dict[str, Any], lang: Lang) -> list[str | None]:
    place = f"{row['file']}:{row['sheet']}" if row["sheet"] else row["file"]
    column = words.COLUMNS[row["column"]].say(lang) if row["column"] in words.COLUMNS else row["column"]
    reason = REASONS[row["code"]].say(lang)
    return [f"{place} · {row['row']}", reason, column, row["given"], row["order_id"], row["member_id"]]


def show_downloads(folder: Path, lang: Lang) -> None:
    """The quarantine for a spreadsheet, and the whole folder for the command line."""
    with st.container(horizontal=True):
        st.download_button(
            words.GET_ASIDE.say(lang),
            (folder / "quarantine.csv").read_bytes,
            "quarantine.csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            words.GET_ALL.say(lang),
            lambda: _zipped(folder),
            "my-import.zip",
            on_click="ignore",
            icon=":material/download:",
        )


def _zipped(folder: Path) -> bytes:
    """All files of an import; Parquet is compressed already."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"my-import/{file.name}")
    return packed.getvalue()
