"""What a shipped file is called, read without the rest of it: enough for a list to choose from."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from rules.plan.yaml import read_yaml
from scenarios.find import Kind, find

_LINE = re.compile(r"^(?:title|plans): .*$", re.MULTILINE)


class Outline(NamedTuple):
    """The name of a file, its titles, and the plans that it names, if it is a market."""

    name: str
    zh: str
    en: str
    plans: tuple[str, ...]


@cache
def outline(kind: Kind, name: str) -> Outline:
    """The outline of a shipped file, in which title and plans have a line each."""
    text, place = find(kind, name)
    data = read_yaml("\n".join(_LINE.findall(text)), place).data or {}
    title = data.get("title", {})
    return Outline(name, title.get("zh", ""), title.get("en", ""), tuple(data.get("plans", ())))
