"""A plan that is edited in the page: its text is what holds; form and YAML both change it and show it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.choosing import MOST_KB, Chosen
from app.pieces import part
from app.refusals import refusal
from app.words import compare as words
from app.working import show_refusal
from rules.errors import InputError
from rules.plan.dials import Dial, dials, turned
from rules.plan.edit import edited
from rules.plan.wording import Glossary
from rules.plan.yaml import read_yaml
from sim.experiments.metric_names import Lang, Text, spoken

_COMPONENTS = Path(__file__).parents[1] / "components"
_HTML = (
    '<div class="fx-yaml"><div class="edge" aria-hidden="true"><div class="numbers"></div></div>'
    '<div class="text"><pre class="shown" aria-hidden="true"></pre>'
    '<textarea spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off"></textarea></div></div>'
)
_LONGEST_NAME = 50
_UNITS = {"percent": words.PERCENT, "yuan": words.YUAN, "days": words.DAYS_UNIT}


@dataclass
class Draft:
    """An edited copy.

    Attributes:
        origin: the text it is a copy of. text: as it stands now. stamp: how often it was changed other than by typing
            in the YAML; when that happens, the YAML is shown anew. typed: how often it was by typing there; then the
            form is, so that figures which a browser still has from before cannot come back as if put in there.
        readable: the last text whose dials can be read; the form shows it. refused: why the form could not change it.
    """

    origin: str
    text: str
    readable: str
    stamp: int = 0
    typed: int = 0
    refused: InputError | None = None


def draft_of(key: str, chosen: Chosen, number: int) -> Draft:
    """The session's edited copy of a plan; a new one where another plan was chosen since."""
    draft = cast(Draft | None, st.session_state.get(key))
    if draft is None or draft.origin != chosen.text:
        text = _renamed(chosen, number)
        draft = Draft(chosen.text, text, text, 0 if draft is None else draft.stamp + 1)
        st.session_state[key] = draft
    return draft


def _renamed(chosen: Chosen, number: int) -> str:
    """The text of a plan under another name, so that the copy and the plan can be told apart."""
    name = f"{chosen.plan.plan[:_LONGEST_NAME]}_edited{number if number > 1 else ''}"
    title = chosen.plan.title
    wanted = {("plan",): name}
    if title:
        wanted |= {("title", "zh"): f"{title.zh}（改）", ("title", "en"): f"{title.en} (edited)"}
    text = chosen.text
    for path, said in wanted.items():
        with suppress(InputError):  # an alias stands there: it keeps its name
            text = edited(text, path, json.dumps(said, ensure_ascii=False) if len(path) > 1 else said)
    return text


def edit(draft: Draft, key: str, glossary: Glossary, lang: Lang) -> DeltaGenerator:
    """Form and YAML side by side, and what is wrong with it; gives back the place below the form."""
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _show_form(draft, key, glossary, lang)
        if draft.refused:
            show_refusal(draft.refused, lang)
    with right:
        _show_yaml(draft, key, plan_of(draft), lang)
    return left


def plan_of(draft: Draft) -> Chosen | InputError:
    """The plan as it stands, or what is wrong with it."""
    if len(draft.text.encode()) > MOST_KB * 1024:
        size = len(draft.text.encode()) // 1024
        return InputError(f"the plan has {size} KB", allowed=f"a plan file has {MOST_KB} KB at most")
    draft_plan = Chosen("plan.yaml", draft.text, "plan.yaml")
    try:
        return draft_plan.called(f"{draft_plan.plan.plan}.yaml")
    except InputError as error:
        return error


def _show_form(draft: Draft, key: str, glossary: Glossary, lang: Lang) -> None:
    """The dials of the plan by group; out of use while the YAML cannot be read at all."""
    usable = True
    try:
        document = read_yaml(draft.text, "plan.yaml")
        draft.readable = draft.text
    except InputError:
        document, usable = read_yaml(draft.readable, "plan.yaml"), False
    groups: dict[Text, list[Dial]] = {}
    for dial in dials(document, glossary):
        groups.setdefault(Text(dial.group.zh, dial.group.en), []).append(dial)
    if not groups:
        st.html(part("common.notice", lang=lang, text=words.NO_DIALS.say(lang)))
        return
    for tab, (_, inside) in zip(st.tabs([group.say(lang) for group in groups]), groups.items(), strict=True):
        with tab:
            for start in range(0, len(inside), 2):
                for column, dial in zip(st.columns(2), inside[start : start + 2], strict=False):
                    with column:
                        _show_dial(draft, key, dial, lang, usable)


def _show_dial(draft: Draft, key: str, dial: Dial, lang: Lang, usable: bool) -> None:
    name, value = f"{key}-{draft.typed}-{dial.key}", int(dial.value) if dial.whole else float(dial.value)
    if st.session_state.get(name) != value:
        st.session_state[name] = value
    title = spoken(dial.title, lang)
    unit = _UNITS.get(dial.unit)
    st.number_input(
        f"{title}（{unit.zh}）" if unit and lang == "zh" else f"{title} ({unit.en})" if unit else title,
        min_value=0 if dial.whole else 0.0,
        step=1 if dial.whole else _step(dial),
        format="%d" if dial.whole else f"%.{_digits(dial)}f",
        key=name,
        disabled=not usable,
        on_change=_turn,
        args=(draft, dial, name),
    )


def _step(dial: Dial) -> float:
    """By how much a press of plus or minus turns it."""
    if dial.unit == "yuan":
        return 100.0 if dial.value >= 1000 else 10.0 if dial.value >= 50 else 1.0
    return 0.1 if dial.unit == "times" else 0.5


def _digits(dial: Dial) -> int:
    """Decimals that show it exactly, and its steps."""
    exponent = dial.value.normalize().as_tuple().exponent
    return max(-exponent if isinstance(exponent, int) else 0, 0 if dial.unit == "yuan" else 1)


def _turn(draft: Draft, dial: Dial, name: str) -> None:
    """Take over what was put into the form; a browser also tells what it was only shown."""
    value = st.session_state[name]
    if value is None or Decimal(str(value)) == dial.value:
        return
    draft.refused = None
    try:
        draft.text = turned(draft.readable, dial, Decimal(str(value)))
        draft.stamp += 1
    except InputError as error:
        draft.refused = error


def _show_yaml(draft: Draft, key: str, found: Chosen | InputError, lang: Lang) -> None:
    place = found.place if isinstance(found, InputError) else None
    editor = st.components.v2.component("fx_yaml_editor", html=_HTML, css=_asset("css"), js=_asset("js"))
    name = f"{key}-yaml"
    editor(
        key=name,
        data={
            "text": draft.text,
            "stamp": draft.stamp,
            "line": place.line if place else 0,
            "label": words.YAML.say(lang),
        },
        on_text_change=lambda: _typed(draft, name),
        height="content",
    )
    if isinstance(found, InputError):
        st.html(part("compare.problem", lang=lang, words=words, error=found, said=refusal(found, lang)))
    else:
        st.html(part("compare.valid", lang=lang, text=words.VALID.say(lang)))


def _typed(draft: Draft, name: str) -> None:
    """Take over what was typed."""
    text = st.session_state[name].get("text")
    if isinstance(text, str) and text != draft.text:
        draft.text = text
        draft.typed += 1


def _asset(kind: str) -> str:
    return (_COMPONENTS / f"yaml_editor.{kind}").read_text("utf-8")
