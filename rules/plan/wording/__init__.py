"""A plan in words: the rule sheet 规则说明 that members read, in Chinese and English, made from the plan alone.

Every section of a plan has one function in `SECTIONS`, which says what of it matters to a member, sentence by
sentence; a sentence names the places of the plan it speaks of, so that two plans can be compared in words
(`rules.plan.difference`). A section or key that no sentence speaks of fails `tests/rules/plan/test_wording.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rules.plan.model import Plan
from rules.plan.wording import (
    bonuses,
    care,
    chain,
    commission,
    contests,
    limits,
    moving,
    payout,
    people,
    perks,
    small_print,
)
from rules.plan.wording.words import Glossary, Part, Path, Sentence, Table, Terms, Words

__all__ = [
    "CHAPTERS",
    "SECTIONS",
    "Chapter",
    "Glossary",
    "Part",
    "Path",
    "Sentence",
    "Table",
    "Terms",
    "Words",
    "chapters",
    "sentences",
]

SECTIONS: Mapping[str, Callable[[Terms], Iterator[Part]]] = {
    "ranks": people.ranks,
    "attribution": people.attribution,
    "commission.base": commission.base,
    "commission.ladder": commission.ladder,
    "commission.team": commission.team,
    "commission.differential": chain.differential,
    "commission.peer": chain.peer,
    "commission.area": chain.area,
    "commission.margin": chain.margin,
    "commission.dividend": commission.dividend,
    "commission.base.product_age": moving.product_age,
    "commission.dynamic": moving.dynamic,
    "commission.activities": moving.activities,
    "commission.influence": bonuses.influence,
    "bonuses": bonuses.bonuses,
    "points": perks.points,
    "coupons": perks.coupons,
    "care": care.care,
    "messages": care.messages,
    "campaigns": limits.campaigns,
    "contests": contests.contests,
    "caps": limits.caps,
    "semantics": small_print.counting,
    "settlement": payout.settlement,
    "refunds": small_print.refunds,
    "withdrawal": payout.withdrawal,
    "tax": payout.tax,
    "disputes": payout.disputes,
    "recommend": perks.recommend,
}
"""What is said of each section of a plan. A section that is off says nothing."""

CHAPTERS: Mapping[str, tuple[Words, tuple[str, ...]]] = {
    "ranks": (Words("会员等级", "Ranks"), ("ranks",)),
    "binding": (Words("推荐关系", "Who belongs to whom"), ("attribution",)),
    "commission": (
        Words("佣金", "Commission"),
        (
            *("commission.base", "commission.base.product_age", "commission.dynamic", "commission.activities"),
            *("commission.differential", "commission.peer", "commission.area", "commission.margin"),
            *("commission.ladder", "commission.team", "commission.dividend"),
        ),
    ),
    "bonuses": (Words("奖励", "Bonuses"), ("bonuses", "commission.influence")),
    "perks": (Words("积分与优惠券", "Points and coupons"), ("points", "coupons")),
    "care": (Words("会员关怀", "Looking after members"), ("care", "messages")),
    "campaigns": (Words("活动", "Campaigns"), ("campaigns",)),
    "contests": (Words("竞赛", "Contests"), ("contests",)),
    "caps": (Words("封顶", "Caps"), ("caps",)),
    "counting": (Words("计算口径", "How it is counted"), ("semantics",)),
    "settlement": (Words("冻结与结算", "Hold and settlement"), ("settlement",)),
    "refunds": (Words("退款与追回", "Refunds"), ("refunds",)),
    "withdrawal": (Words("提现", "Withdrawal"), ("withdrawal",)),
    "tax": (Words("个人所得税", "Income tax"), ("tax",)),
    "disputes": (Words("争议处理", "Disputes"), ("disputes",)),
    "recommend": (Words("商品推荐", "Recommendations"), ("recommend",)),
}
"""The chapters of a rule sheet: title, and the sections each is made of."""

NO_GLOSSARY = Glossary()
"""Where ids are all that is known."""


@dataclass(frozen=True)
class Chapter:
    """A chapter of a rule sheet."""

    key: str
    title: Words
    parts: tuple[Part, ...]


def chapters(plan: Plan, glossary: Glossary = NO_GLOSSARY) -> list[Chapter]:
    """The rule sheet of a plan; chapters that have nothing to say are left out."""
    terms = Terms(plan, glossary)
    found = []
    for key, (title, sections) in CHAPTERS.items():
        parts = tuple(part for section in sections for part in SECTIONS[section](terms))
        if parts:
            found.append(Chapter(key, title, parts))
    return found


def sentences(plan: Plan, glossary: Glossary = NO_GLOSSARY) -> list[Sentence]:
    """Everything that is said of a plan, one by one; tables as the sentences that they stand for."""
    parts = [part for chapter in chapters(plan, glossary) for part in chapter.parts]
    return [one for part in parts for one in (part.sentences if isinstance(part, Table) else (part,))]
