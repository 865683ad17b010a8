"""The page of imports: tables in, a mapping to confirm, and what came of it."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.histories import IN_COMMANDS
from app.jobs import Job
from app.own_data import Imported, Private, keep
from app.pages.data_mapping import Chosen, show_mapping
from app.pages.data_work import Looked, bring_in, look
from app.pieces import part
from app.words import data as words
from app.working import begin, job_of, show_command, show_failure, show_progress
from sim.experiments.metric_names import Lang
from sim.imports.pseudonyms import some_key

_LOOK, _IMPORT = "data.look", "data.import"
_GIVEN, _CHOSEN, _KEY, _DONE = "data.given", "data.mapping", "data.key", "data.done"
_UPLOAD = "*"
MOST_MB = 200
"""Of an uploaded file; larger ones are for the command."""
_ENDINGS = ["csv", "tsv", "txt", "xlsx", "xlsm", "parquet", "db", "sqlite", "sqlite3"]
_LONGEST_NAME = 120
_UNWANTED = re.compile(r"[\x00-\x1f\x7f/\\:]")


@dataclass(frozen=True)
class Given:
    """Tables to look at: their paths, what they are called, and the folder that uploads lie in."""

    sources: tuple[str, ...]
    name: str
    place: Private | None = None


@dataclass(frozen=True)
class Done:
    """An import that was made."""

    found: object
    place: Private


def show(lang: Lang) -> None:
    """The page: choose, look, confirm, import."""
    st.html(part("common.heading", lang=lang, title=words.TITLE.say(lang), lead=words.LEAD.say(lang)))
    _choose(lang)
    if _is_working(_LOOK, lang, 0.5) or _is_working(_IMPORT, lang):
        return
    looked = _looked(lang)
    if looked is None:
        st.html(part("common.empty", lang=lang, title=words.EMPTY, steps=words.STEPS))
        return
    chosen = cast(Chosen, st.session_state[_CHOSEN])
    done = _done(lang)
    if done:
        _show_done(done, lang)
    with st.expander(words.MAPPING.say(lang), icon=":material/table_view:", expanded=done is None):
        show_mapping(chosen, looked, lang)
    if st.button(
        words.CONFIRM.say(lang),
        type="secondary" if done else "primary",
        icon=":material/check:",
        disabled=not chosen.text,
        width="stretch",
        key="data.confirm",
    ):
        _begin_import(chosen)
        st.rerun()
    _show_command(chosen, lang)


def _choose(lang: Lang) -> None:
    """Where the tables are; begins to look at them when asked to."""
    with st.container(border=True, key="settings"):
        choices = [*words.EXAMPLES, _UPLOAD]
        picked = st.segmented_control(
            words.SOURCE.say(lang),
            choices,
            default=choices[0],
            format_func=lambda name: (words.UPLOAD if name == _UPLOAD else words.EXAMPLES[name]).say(lang),
            required=True,
            key="data.source",
            persist_state="session",
        )
        given = _uploaded(lang) if picked == _UPLOAD else _example(str(picked))
        wanted = st.button(
            words.LOOK.say(lang),
            type="primary",
            icon=":material/search:",
            disabled=given is None,
            width="stretch",
            key="data.begin",
        )
    if wanted and given:
        _forget_results()
        st.session_state[_GIVEN] = given
        begin(_LOOK, look, given.sources)


def _example(name: str) -> Given:
    return Given((str(files("scenarios") / "exports" / name),), name)


def _uploaded(lang: Lang) -> Given | None:
    shown = st.file_uploader(
        words.FILES.say(lang),
        type=_ENDINGS,
        accept_multiple_files=True,
        max_upload_size=MOST_MB,
        key="data.files",
        on_change=_keep_uploads,
    )
    given = cast(Given | None, st.session_state.get("data.uploads"))
    if given and not shown:
        said = words.UPLOADED.say(lang).format(count=len(given.sources))
        st.html(part("common.notice", lang=lang, text=said))
    return given


def _keep_uploads() -> None:
    """Write what was uploaded to a folder of this session: Streamlit forgets it on another page."""
    uploads = cast(list[UploadedFile], st.session_state["data.files"])
    if not uploads:
        return
    place = Private()
    paths = []
    for number, upload in enumerate(uploads):
        path = place.path / safe_name(upload.name, number)
        if path.exists():
            path = path.with_name(f"{number}-{path.name}")
        path.write_bytes(upload.getbuffer())
        paths.append(str(path))
    name = Path(paths[0]).name if len(paths) == 1 else f"{Path(paths[0]).name} + {len(paths) - 1}"
    st.session_state["data.uploads"] = Given(tuple(paths), name, place)


def safe_name(name: str, number: int) -> str:
    """The name of an upload without anything that leads out of its folder."""
    bare = _UNWANTED.sub("_", name).lstrip(".")[-_LONGEST_NAME:]
    return bare or f"table-{number}"


def _is_working(name: str, lang: Lang, least: float = 0.0) -> bool:
    job = job_of(name)
    if job is None or job.is_over:
        return False
    show_progress(job, lang, lambda job: _progress(job, lang, least), name.replace(".", "-"))
    return True


def _progress(job: Job, lang: Lang, least: float) -> tuple[float, str]:
    """How far it is: so many of the tables were begun."""
    if not job.told:
        return 0.05, words.LOOKING.say(lang)
    looked = job_of(_LOOK)
    tables = len(looked.result.tables) if looked and looked.state == "done" else len(job.told) + 1
    return min(0.95, max(least, len(job.told) / (tables + 1))), words.READING.say(lang).format(table=job.told[-1])


def _looked(lang: Lang) -> Looked | None:
    """What was found in the tables; why not, where they cannot be read."""
    job = job_of(_LOOK)
    if job is None:
        return None
    if job.state != "done":
        show_failure(job, lang)
        return None
    looked = cast(Looked, job.result)
    if _CHOSEN not in st.session_state:
        st.session_state[_CHOSEN] = Chosen(looked.mapping, looked.mapping)
    return looked


def _begin_import(chosen: Chosen) -> None:
    place, given = Private(), cast(Given, st.session_state[_GIVEN])
    key = st.session_state.setdefault(_KEY, some_key())
    st.session_state["data.place"] = place
    begin(_IMPORT, bring_in, given.sources, chosen.text, key, place.path)


def _done(lang: Lang) -> Done | None:
    """The import of this session; made known to the other pages when it has just come to its end."""
    job = job_of(_IMPORT)
    if job and job.state == "done" and job is not st.session_state.get("data.seen"):
        place, given = cast(Private, st.session_state["data.place"]), cast(Given, st.session_state[_GIVEN])
        st.session_state["data.seen"] = job
        st.session_state[_DONE] = Done(job.result, place)
        lines = job.result.order_lines
        keep(Imported(place, given.name, lines) if lines else None)
    elif job and job.state != "done":
        show_failure(job, lang)
    return cast(Done | None, st.session_state.get(_DONE))


def _show_done(done: Done, lang: Lang) -> None:
    from app.pages.data_result import show_downloads, show_result

    show_result(done.found, done.place, st.session_state[_KEY], lang)  # type: ignore[arg-type]
    show_downloads(done.place.path, lang)
    if st.button(words.FORGET.say(lang), icon=":material/delete:", key="data.forget"):
        _forget_results()
        _forget(st.session_state.pop("data.uploads", None))
        _forget(done)
        keep(None)
        st.rerun()


def _forget_results() -> None:
    for name in (_LOOK, _IMPORT):
        if job := job_of(name):
            job.stop()
        st.session_state.pop(name, None)
    for name in (_CHOSEN, _DONE, "data.seen"):
        st.session_state.pop(name, None)


def _forget(held: Given | Done | None) -> None:
    if held and held.place:
        held.place.forget()


def _show_command(chosen: Chosen, lang: Lang) -> None:
    given = cast(Given, st.session_state[_GIVEN])
    named = [Path(source).name for source in given.sources] if given.place else [f"scenarios/exports/{given.name}"]
    mapping = " --mapping mapping.yaml" if chosen.text != chosen.given else " --yes"
    show_command(f"fenxiao import {shlex.join(named)}{mapping} --out {IN_COMMANDS}", lang)
