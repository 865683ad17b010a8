"""Cross-category recommendation 跨品类推荐: what goes with the goods in a basket is shown beside them.

It is the operator's to decide, so it stands in the plan. No amount depends on it: it moves the buyers of a market,
all of them by the plan in force for the first arm.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rules.money import PPM
from rules.plan.values import Multiplier, Section


class Recommend(Section):
    """How many times as often the second line of an order comes from another category than the first."""

    lift: Annotated[Multiplier, Field(ge=PPM)] = PPM
