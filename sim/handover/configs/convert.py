"""What the converters share: a platform's reader and writer, and the words in which they talk to plans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rules.commission.base import BaseLevel, Percentage, RateOrFixed
from rules.money import PPM, in_yuan
from rules.money import percent as percent_text
from rules.plan.model import Plan
from rules.platforms.profile import PlatformName
from sim.handover.given import Given, Shape

PlanData = dict[str, object]
ConfigData = dict[str, object]
ONE_PERCENT = PPM // 100


@dataclass(frozen=True)
class Converter:
    """One platform's configuration.

    Attributes:
        plan_of: settings as a plan's data, without name and platform.
        config_of: a plan as settings, as near as the platform comes to it.
    """

    platform: PlatformName
    shape: Shape
    plan_of: Callable[[Given], PlanData]
    config_of: Callable[[Plan], ConfigData]


def rate(ppm: int) -> str:
    """A rate as a plan file writes it."""
    return percent_text(ppm)


def money(fen: int) -> str:
    """An amount as a plan file and a configuration write it."""
    return in_yuan(fen)


def points(ppm: int) -> str:
    """A rate as a percentage without its sign, as configurations write it."""
    return percent_text(ppm).removesuffix("%")


def whole_points(ppm: int) -> int:
    """A rate in whole percents; what is over is lost."""
    return ppm // ONE_PERCENT


def two_levels(first: int, second: int, count: int = 2) -> PlanData:
    """Base commission of one or two levels."""
    levels = [{"level": 1, "rates": {"default": rate(first)}}, {"level": 2, "rates": {"default": rate(second)}}]
    return {"base": {"levels": levels[:count]}}


def level_of(plan: Plan, number: int) -> BaseLevel | None:
    """A level of a plan's base commission, if it is stated and paid."""
    levels = plan.commission.base.levels if plan.commission.base and number <= plan.depth else []
    return next((one for one in levels if one.level == number), None)


def default_rate(level: BaseLevel | None) -> int:
    """What a level pays by percentage of everything that has no rate of its own; 0 where it pays nothing so."""
    stated = level.rates.get("default") if level else None
    return _ppm(stated)


def rank_rate(level: BaseLevel | None, rank: str) -> int:
    """The same for a payee's rank."""
    stated = level.by_rank.get(rank, {}).get("default") if level else None
    return default_rate(level) if stated is None else _ppm(stated)


def _ppm(stated: RateOrFixed | None) -> int:
    return stated.rate if isinstance(stated, Percentage) else 0


def promoters(plan: Plan) -> tuple[str, int]:
    """Who is a promoter, and the amount that goes with it, in fen."""
    return plan.semantics.promoter_by
