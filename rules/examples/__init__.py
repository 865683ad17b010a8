"""Worked examples of a plan 算例: tiny cases that both engines compute, told in Chinese and English.

An example is shown only where the plan has what it is about. Adding one for a new mechanism is one function in
`EXAMPLES`: it builds a scene (`rules.scene`), plays it and tells what came out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rules.examples import contests, limits, orders, periods, rewards
from rules.examples.parts import Amount, Example
from rules.plan.model import Plan
from rules.plan.wording import NO_GLOSSARY, Glossary, Terms

__all__ = ["EXAMPLES", "Amount", "Example", "examples"]

EXAMPLES: tuple[Callable[[Terms], Iterator[Example]], ...] = (
    orders.order,
    orders.ranks,
    orders.area,
    orders.own_purchase,
    orders.campaign,
    orders.product_age,
    limits.first_order,
    rewards.bonuses,
    rewards.influence,
    rewards.points,
    limits.order_cap,
    limits.day_cap,
    periods.ladder,
    periods.team,
    periods.dividend,
    contests.contests,
    periods.promotion,
    orders.refund,
    limits.settlement,
    limits.withdrawal,
    limits.dispute,
)
"""Every example there is, in the order in which a rule sheet shows them."""


def examples(plan: Plan, glossary: Glossary = NO_GLOSSARY) -> list[Example]:
    """The worked examples of a plan."""
    terms = Terms(plan, glossary)
    return [example for make in EXAMPLES for example in make(terms)]
