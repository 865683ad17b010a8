"""Sizes and words that plans, tables and books share."""

from __future__ import annotations

from typing import Literal

MAX_LEVELS = 8
"""Levels a plan can state. A rulebook allows far fewer; a plan that breaks it must still load to be shown."""

MAX_RANKS = 32

MAX_TARGETS = 8
"""Measures that a monthly target of a rank can name."""

Period = Literal["day", "week", "month"]
Moment = Literal["create", "pay", "receipt", "settle"]
MOMENTS: tuple[Moment, ...] = ("create", "pay", "receipt", "settle")
"""What comes to an order one after the other; a moment's number is its place here."""

Measure = Literal["personal_volume", "promoted_volume", "direct_team_volume"]
RoundingName = Literal["floor", "half_up", "half_even", "ceil"]
