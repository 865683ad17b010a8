"""Shipped rulebooks, read once; apart from plans and markets, since the first page needs none."""

from __future__ import annotations

from functools import lru_cache

from rules.compliance.rulebook import Rulebook
from sim.rulebooks import load_rulebook


@lru_cache(32)
def shipped_rulebook(name: str) -> Rulebook:
    """A rulebook by its name, with those that it includes."""
    return load_rulebook(name)
