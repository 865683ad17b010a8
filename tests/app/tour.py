"""The ten-minute tour: what a visitor does on each page until there is something to see."""

from __future__ import annotations

from collections.abc import Callable

from browsing import Visitor

from app.words import common as words


def _nothing(visitor: Visitor) -> None:
    visitor.settle()


STOPS: dict[str, Callable[[Visitor], None]] = dict.fromkeys(words.PAGES, _nothing)
