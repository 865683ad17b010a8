"""Team 团队绩效: a share of the volume that a member's direct team promoted in a period.

To the compiled engine a team share is a ladder of one bracket (`rules.commission.period`); this is its readable rule.
"""

from __future__ import annotations

from rules.money import PPM, Rounding, percent, rounded, yuan
from rules.plan.limits import Measure, Period
from rules.plan.values import Rate, Section
from rules.readable import Step


class Team(Section):
    """Team 团队绩效: a share of the volume of a member's team in a period."""

    period: Period = "month"
    measure: Measure = "direct_team_volume"
    rate: Rate
    ranks: list[str] | None = None


def team_amount(team: Team, volume: int, mode: Rounding) -> tuple[int, int, list[Step]]:
    """What a team's volume earns: amount, rate, and the steps."""
    amount = rounded(volume * team.rate, PPM, mode)
    terms = f"{yuan(volume)} × {percent(team.rate)} = {yuan(amount)}"
    return amount, team.rate, [Step(f"团队绩效：{terms}", f"team: {terms}")]
