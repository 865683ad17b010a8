"""Sizes and words that plans, tables and books share."""

from __future__ import annotations

from typing import Literal, get_args

MAX_LEVELS = 8
"""Levels a plan can state. A rulebook allows far fewer; a plan that breaks it must still load to be shown."""

MAX_RANKS = 32

MAX_TARGETS = 8
"""Measures that a monthly target of a rank can name."""

FULL_CREDIT = 100
"""The highest credit score, and that of members who were never given one; the lowest is 0."""

MAX_RATES = 20_000_000
"""Rates that the plans of a book may make in all: every combination of campaigns, channels, ages, goods and ranks."""

Period = Literal["day", "week", "month"]
Moment = Literal["create", "pay", "receipt", "settle"]
MOMENTS: tuple[Moment, ...] = get_args(Moment)
"""What comes to an order one after the other; a moment's number is its place here."""

Measure = Literal["personal_volume", "promoted_volume", "direct_team_volume", "team_volume"]
TEAM_VOLUMES: tuple[Measure, ...] = ("direct_team_volume", "team_volume")
"""Measures of what others sell: whatever is computed on one of them is pay on a team's sales."""
RoundingName = Literal["floor", "half_up", "half_even", "ceil"]
BonusEvent = Literal[
    "first_promoted_order",
    "promotion_streak",
    "first_order_of_day",
    "direct_team",
    "invites",
    "register",
    "new_promoter",
    "apprentice",
]
BONUS_EVENTS: tuple[BonusEvent, ...] = get_args(BonusEvent)
"""The tables of the compiled engine have an event's place in this list."""
