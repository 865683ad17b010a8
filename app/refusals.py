"""What is wrong with a file, in the visitor's language: where, what, what is allowed; the English original beside it.

Messages are made in English where something is read (`rules.plan.validate`, `rules.plan.yaml`, …), by many hands. Those
that visitors meet most are said in Chinese here, by their form; of any other one the frame is Chinese and the original
tells the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.words import refusals as words
from rules.errors import SHOWN_FURTHER, InputError, Place
from sim.experiments.metric_names import Lang

_PATH = re.compile(r"([\w.\[\]#-]+): (.+)", re.DOTALL)
_LISTED = re.compile(r"([0-9]+:[0-9]+): (.+)", re.DOTALL)


@dataclass(frozen=True)
class Refusal:
    """A refusal as a page shows it; empty = not to be shown. `original` is the whole message in English."""

    where: str
    what: str
    allowed: str
    more: tuple[str, ...]
    original: str


def refusal(error: Exception, lang: Lang) -> Refusal:
    """What to show: in English the message as it is."""
    if lang == "en" or not isinstance(error, InputError):
        return Refusal("", "", "", (), str(error))
    more = [_further(one) for one in error.more[:SHOWN_FURTHER]]
    return Refusal(
        _where(error.place), said(error.message), allowed(error.allowed), tuple(filter(None, more)), str(error)
    )


def said(message: str) -> str:
    """A message in Chinese; empty where its form is not known."""
    found = _PATH.fullmatch(message)
    inner = _by_form(found[2], words.MESSAGES) if found else ""
    return f"{found[1]}：{inner}" if found and inner else _by_form(message, words.MESSAGES)


def allowed(text: str) -> str:
    """What is allowed in Chinese; each alternative as far as its form is known, else as it is."""
    return "；或 ".join(_by_form(one, words.ALLOWED) or one for one in text.split("; or ")) if text else ""


def _where(place: Place | None) -> str:
    if place is None:
        return ""
    return words.WHERE.format(name=place.name, line=place.line, column=place.column) if place.line else place.name


def _further(message: str) -> str:
    found = _LISTED.fullmatch(message)
    inner = said(found[2] if found else message)
    return f"{found[1]}　{inner}" if found and inner else inner


def _by_form(text: str, forms: tuple[tuple[str, str], ...]) -> str:
    for form, chinese in forms:
        if found := re.fullmatch(form, text, re.DOTALL):
            return chinese.format(*("" if one is None else one for one in found.groups()))
    return ""
