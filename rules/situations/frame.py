"""What situations are made of: what two plans have between them, a figure, and the people that situations share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rules.plan.model import Plan
from rules.plan.wording import NO_GLOSSARY, Glossary, Terms, Words
from rules.plan.wording.commission import categories
from rules.scene import Outcome, Scene

Unit = Literal["yuan", "percent", "days", "points"]
"""What a figure counts: fen of yuan, parts per million, whole days, points."""

ORDER = 100_00
"""Paid for the goods of an order, in fen."""
_MOST_PEOPLE = 100
"""People who are invited in a situation, at the most."""
_LEVELS = 3
"""People up from the buyer that situations look at, where components besides base commission reach further."""


@dataclass(frozen=True)
class Offer:
    """What a campaign is for: a category, a product and a channel where it names some, and whom it pays more."""

    campaign: str
    goods: str
    sku: str | None
    channel: str | None
    ranks: tuple[str, ...]


@dataclass(frozen=True)
class Frame:
    """What two plans have between them, so that both are asked the same.

    Attributes:
        levels: of the deeper plan.
        streak, invited: days of the longest run, and people, that a bonus asks for.
    """

    ranks: tuple[str, ...]
    categories: tuple[str, ...]
    levels: int
    campaigns: tuple[Offer, ...]
    streak: int
    invited: int
    terms: tuple[Terms, ...]

    def rank(self, name: str) -> Words:
        """What a rank is called, in the later plan that has it."""
        return next(terms for terms in reversed(self.terms) if name in ranks_of(terms.plan)).rank(name)

    def category(self, name: str) -> Words:
        """What a category is called."""
        return self.terms[0].category(name)


def frame_of(plans: Iterable[Plan], glossary: Glossary = NO_GLOSSARY) -> Frame:
    """Everything that some plan names, in the order of the plans."""
    plans = list(plans)
    levels = [level for plan in plans for level in (plan.commission.base.levels if plan.commission.base else [])]
    bonuses = [bonus for plan in plans for bonus in plan.bonuses]
    invited = [bonus.count or 1 for bonus in bonuses if bonus.event in ("invites", "direct_team", "register")]
    return Frame(
        ranks=tuple(dict.fromkeys(rank for plan in plans for rank in ranks_of(plan))),
        categories=tuple(categories(levels)),
        levels=max(1, *(max(plan.depth, min(plan.reach, _LEVELS)) for plan in plans)),
        campaigns=tuple(dict.fromkeys(_on_offer(plans, categories(levels)))),
        streak=max((bonus.run or 0 for bonus in bonuses), default=0),
        invited=min(_MOST_PEOPLE, max(invited, default=0)),
        terms=tuple(Terms(plan, glossary) for plan in plans),
    )


def _on_offer(plans: list[Plan], every: list[str]) -> Iterator[Offer]:
    for campaign in (one for plan in plans for one in plan.campaigns):
        for goods in campaign.categories or (every if campaign.skus is None else every[:1]):
            sku, channel = (names[0] if names else None for names in (campaign.skus, campaign.channels))
            yield Offer(campaign.id, goods, sku, channel, tuple(campaign.ranks or ()))


def ranks_of(plan: Plan) -> list[str]:
    """The ids of a plan's ranks, lowest first."""
    return [rank.id for rank in plan.ranks]


@dataclass(frozen=True)
class Figure:
    """What a plan pays in one situation; None where the plan has no such rank or refuses."""

    situation: str
    role: str
    words: Words
    unit: Unit
    value: int | None


def above(plan: Plan, level: int, levels: int, rank: str) -> list[str]:
    """A chain whose `level` has this rank and all others the highest."""
    top = plan.ranks[-1].id
    return [rank if one == level else top for one in range(1, levels + 1)]


def earner(plan: Plan, level: int = 1) -> str:
    """The lowest rank that earns at a level; where none does, the highest."""
    levels = [one for one in (plan.commission.base.levels if plan.commission.base else []) if one.level == level]
    ranks = ranks_of(plan)
    return next((rank for rank in ranks if levels and (not levels[0].ranks or rank in levels[0].ranks)), ranks[-1])


def sell(scene: Scene, prefix: str, ranks: list[str], category: str, sku: str = "goods", **more: object) -> None:
    """An order of 100.00 below a chain of its own, which is nobody's first; `more` as `Scene.order` takes it."""
    buyer = scene.chain(ranks, prefix)
    scene.sells_before(f"{prefix}1", prefix)
    scene.order("2026-01-06 10:00", f"{prefix}O1", buyer, category, ORDER, sku=sku, **more)


def total(outcome: Outcome, order: str | None = None, member: str | None = None) -> int:
    """What came of an order, to a member, or both, in fen."""
    return sum(one.amount for one in outcome.of(order=order, member=member))
