"""What a worked example is made of, and the people and goods that examples share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.cases.result import Explained
from rules.commission.base import BaseLevel
from rules.plan.limits import MAX_LEVELS
from rules.plan.model import Commission
from rules.plan.wording.commission import categories
from rules.plan.wording.words import COMPONENTS, Terms, Words, both, capital, money, say
from rules.scene import Scene, cost_of

PIECES, PRICE, COUPON, FREIGHT, PAID = 2, 104_50, 10_00, 8_00, 199_00
"""The order that examples share: two pieces, less a coupon, plus freight; 199.00 paid for the goods. In fen."""
WHEN = "2026-01-06 10:00"
"""When it is placed and paid."""
assert PIECES * PRICE - COUPON == PAID


@dataclass(frozen=True)
class Amount:
    """One entry of an example: for whom, what for, how much (fen), and how it was worked out."""

    who: Words
    what: Words
    amount: int
    steps: tuple[Words, ...]


@dataclass(frozen=True)
class Example:
    """A worked example: what happens, what the engines pay, and what that comes to."""

    key: str
    title: Words
    story: tuple[Words, ...]
    amounts: tuple[Amount, ...] = ()
    result: tuple[Words, ...] = ()


def amount(who: Words, entry: Explained) -> Amount:
    """An entry as an example shows it."""
    what = COMPONENTS.get(entry.component, both(entry.component))
    if entry.bonus:
        what = say("{what} {id}", "{what} {id}", what=what, id=entry.bonus)
    return Amount(who, capital(what), entry.amount, tuple(Words(step["zh"], step["en"]) for step in entry.worked_out))


def of_level(terms: Terms, level: int, rank: str) -> Words:
    """Who stands at a level of an order."""
    return say("第 {n} 级（{rank}）", "Level {n} ({rank})", n=level, rank=terms.rank(rank))


def paid_levels(terms: Terms) -> list[BaseLevel]:
    """The base levels that are paid, nearest first."""
    base = terms.plan.commission.base
    stated = base.levels if base else []
    return sorted((one for one in stated if one.level <= terms.plan.depth), key=lambda one: one.level)


def lowest(terms: Terms, ranks: Sequence[str] | None) -> str:
    """The lowest rank of a list; None is all of them."""
    return next(rank.id for rank in terms.plan.ranks if ranks is None or rank.id in ranks)


def typical(terms: Terms, ranks: Sequence[str] | None) -> str:
    """The lowest rank of a list that also earns at level 1, if there is one; None is all ranks."""
    earning = paid_levels(terms)[0].ranks if paid_levels(terms) else None
    both_lists = [one.id for one in terms.plan.ranks if all(not given or one.id in given for given in (ranks, earning))]
    return both_lists[0] if both_lists else lowest(terms, ranks)


def payees(terms: Terms) -> list[str]:
    """A rank for each person above a buyer, nearest first, so that as much of the plan as can be shows.

    With differential or margins every rank that has a part in them, the lowest nearest, and with a peer bonus the
    highest twice; else the lowest rank that is paid at each base level.
    """
    commission = terms.plan.commission
    graded = {*(commission.differential.rates if commission.differential else ()), *_priced(commission)}
    chain = [rank.id for rank in terms.plan.ranks if rank.id in graded]
    if not chain:
        return [lowest(terms, level.ranks) for level in paid_levels(terms)]
    chain += chain[-1:] * max(1 if commission.peer else 0, terms.plan.depth - len(chain))
    return chain[:MAX_LEVELS]


def _priced(commission: Commission) -> set[str]:
    """The ranks that have a price of their own."""
    if commission.margin is None:
        return set()
    return {*commission.margin.prices, *(rank for prices in commission.margin.skus.values() for rank in prices)}


def goods(terms: Terms) -> str:
    """The category that examples sell: the first that the plan names."""
    return categories(paid_levels(terms))[0]


def no_longer_new(scene: Scene, prefix: str = "") -> None:
    """Earlier small orders of another buyer, so that what follows is nobody's first, nor the first of a day."""
    scene.sells_before(f"{prefix}1", prefix)


def buys(scene: Scene, buyer: str, category: str, sku: str = "goods", at: str = WHEN, **more: object) -> None:
    """The order that examples share, as order O1; `more` as an order event takes it."""
    discounts = {"coupon": COUPON // 100, "freight": FREIGHT // 100}
    scene.order(at, "O1", buyer, category, PRICE, sku=sku, quantity=PIECES, **discounts, **more)


def bought(terms: Terms, category: str) -> Words:
    """The same order in words."""
    cost = Words("", "")
    if terms.plan.semantics.base_on == "profit":
        cost = say("每件成本 {n}。", " A piece costs the store {n}.", n=money(cost_of(PRICE)))
    return say(
        "买家购买{category} 2 件，每件标价 104.50 元，用优惠券 10.00 元，商品实付 199.00 元，另付运费 8.00 元。{cost}",
        "A buyer takes 2 pieces ({category}) at 104.50 yuan each with a coupon of 10.00 yuan: 199.00 yuan are paid "
        "for the "
        "goods, and 8.00 yuan for freight.{cost}",
        cost=cost,
        category=say("“{name}”", "{name}", name=terms.category(category)),
    )
