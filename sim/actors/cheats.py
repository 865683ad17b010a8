"""Cheats 作弊者: the `actors:` of a scenario, as they are written there."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from rules.money import PPM, percent
from rules.plan.values import Rate, Section, Whole

Day = Annotated[Whole, Field(ge=0, le=3_660)]
Kind = Literal["ring", "device_farm", "fake_orders", "streak_farm", "scraper", "thief", "boaster"]


class Cheats(Section):
    """Gangs of a kind: how many, of how many accounts, how careful (0 to 100 %), and when they begin (day of the run).

    The gangs of a kind are spread evenly over the range of `careful`; when each begins is drawn.
    """

    kind: Kind
    gangs: Annotated[Whole, Field(ge=1, le=1_000)] = 1
    accounts: Annotated[Whole, Field(ge=1, le=64)] = 1
    careful: tuple[Rate, Rate] = (0, PPM)
    begin: tuple[Day, Day] = (7, 60)

    @model_validator(mode="after")
    def _ranges(self) -> Self:
        for name, (low, high), shown in (("careful", self.careful, percent), ("begin", self.begin, str)):
            if low > high:
                raise ValueError(f"{name} must be [low, high], got {shown(low)} and {shown(high)}")
        return self
