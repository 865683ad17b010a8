"""How far up an order pays, and how many people: the deepest level, and the most persons, over all chains.

Levels are counted as entries count them: people up from the buyer; the influence allowance by its number in the path.
Both are shown on one large order, so that no amount is rounded to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rules.compliance.decision import USUAL, Assumptions, Decision
from rules.compliance.order_ratio.case import Shown, Sold, show
from rules.compliance.order_ratio.chain import Chain, Goods, State, TooManyChainsError, Walk, share
from rules.compliance.order_ratio.discounts import Off
from rules.compliance.order_ratio.known import unthought_of
from rules.compliance.order_ratio.sales import Terms, all_terms
from rules.money import PPM, Rounding
from rules.plan.limits import MAX_LEVELS
from rules.plan.model import Plan
from rules.plan.values import Title

_LARGE = 1_000 * PPM
"""The order that shows it, in fen: a rate of one part per million is a thousand fen."""
_MOST_AGENTS = 2_000
_PERSON = 1 << 44
"""More than anybody is paid on that order."""


def levels(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """The deepest level that is paid on an order."""
    if key := unthought_of(plan):
        return _unthought_of(key)
    most = 0
    for level, terms, chain in sorted(_deepest(plan), key=lambda one: -one[0]):
        shown = show(plan, _sold(plan, terms, chain, given), f"{plan.plan}: level {level} is paid")
        if shown and shown.levels:
            most = max(most, *shown.levels)
        if shown and level in shown.levels:
            return _levels_told(level, limit, shown)
        if most == 0 and level > limit:
            return _not_shown(level)
    return Decision(most, most > limit, why=Title(zh="没有更高的级次能得佣金", en="no deeper level is paid"))


def _levels_told(level: int, limit: int, shown: Shown) -> Decision:
    evidence = Title(zh=f"一张订单付到第 {level} 级", en=f"an order pays level {level}")
    why = Title(zh="没有更高的级次能得佣金", en="no deeper level is paid")
    return Decision(level, level > limit, evidence, why, shown.case)


def _unthought_of(key: str) -> Decision:
    return Decision(
        None,
        None,
        why=Title(
            zh=f"未能判定：方案写了判定程序不认识的 {key}",
            en=f"could not be decided: the plan states {key}, which the procedure does not know",
        ),
    )


def _not_shown(bound: int) -> Decision:
    zh, en = f"至多 {bound}，但引擎没有算出这样的订单", f"{bound} at the most, but the engine shows no such order"
    return Decision(None, None, why=Title(zh=f"未能判定：{zh}", en=f"could not be decided: {en}"))


def _sold(plan: Plan, terms: Terms, chain: Chain, given: Assumptions) -> Sold:
    return Sold(terms.sale, chain, ((min(_LARGE, given.price), 1),), Off(None, 0, 0, 0))


def _deepest(plan: Plan) -> Iterator[tuple[int, Terms, Chain]]:
    """For each mechanism a level that it pays and none deeper: with a sale and a chain that show it."""
    every, parts = all_terms(plan), plan.commission
    for terms in every:
        walk = Walk(plan, terms)
        if level := _deepest_base(walk):
            yield level
    walk = Walk(plan, every[0])
    for rank in range(len(plan.ranks)):
        own, rule = walk.differential(rank), parts.differential
        if rule is not None and own > 0:
            depth = rule.depth_of(plan.ranks[rank].id)
            yield depth, every[0], Chain((*(None,) * (depth - 1), rank))
            if parts.peer and parts.peer.rate and walk.has_peers(rank):
                yield MAX_LEVELS, every[0], Chain((rank, *(None,) * (MAX_LEVELS - 2), rank))
        for terms in every:
            if parts.margin and (terms.grade_rates[rank] >= 0 or terms.grade_prices[rank] >= 0):
                yield MAX_LEVELS, terms, Chain((*(None,) * (MAX_LEVELS - 1), rank))
        if any(bonus.money and walk.fits(bonus, rank) for bonus in walk.firsts):
            yield 1, every[0], Chain((rank,))
    if parts.influence and parts.influence.pay:
        yield parts.influence.node, every[0], Chain()


def _deepest_base(walk: Walk) -> tuple[int, Terms, Chain] | None:
    """The deepest base level that somebody of some rank is paid at, with the people below who may be paid too."""
    below: list[int | None] = []
    found = None
    for level in range(1, walk.plan.depth + 1):
        ranks = [rank for rank in range(len(walk.plan.ranks)) if walk.eligible(rank, level)]
        best = max(ranks, key=lambda rank: walk.pays(level, rank), default=None)
        if best is None and walk.plan.semantics.ineligible_level != "skip":
            break
        below.append(best)
        if best is not None and walk.pays(level, best) > (0, 0, 0):
            found = level, walk.terms, Chain(tuple(below))
    return found


class _Persons(Walk):
    """Counts who is paid, and of chains that pay as many takes the cheapest: a cap leaves most of it."""

    def paid(self, state: State, place: int, rank: int, goods: Goods, own: bool) -> State:
        """The chain with somebody of a rank at the next place."""
        after = super().paid(state, place, rank, goods, own)
        more = after.total - state.total
        return replace(after, total=state.total + (_PERSON - more) * (more > 0))

    def most(self, goods: Goods) -> int:
        """How many people a chain can have that are paid."""
        return -(-int(self.dearest(goods)[0]) // _PERSON)


def paid_persons(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """How many persons are paid on one order at the most; without bound where an area can have any number of agents."""
    if key := unthought_of(plan):
        return _unthought_of(key)
    try:
        return _endless(plan, limit, given) or _most_persons(plan, limit, given)
    except TooManyChainsError:
        return _not_shown(MAX_LEVELS + 2)


def _endless(plan: Plan, limit: int, given: Assumptions) -> Decision | None:
    """One more agent of an area than the limit allows."""
    rates = [plan.commission.area.rate_of(rank.id) if plan.commission.area else 0 for rank in plan.ranks]
    if not max(rates) or limit >= _MOST_AGENTS:
        return None
    sold = replace(_sold(plan, all_terms(plan)[0], Chain(), given), agents=(limit + 1, rates.index(max(rates))))
    shown = show(plan, sold, f"{plan.plan}: {limit + 1} agents of an area are paid")
    if shown is None or shown.persons <= limit:
        return _not_shown(limit + 1)
    zh, en = "一个区域可以有任意多名代理，每人都拿全额", "an area can have any number of agents, each paid in full"
    return Decision(None, True, Title(zh=zh, en=en), case=shown.case)


def _most_persons(plan: Plan, limit: int, given: Assumptions) -> Decision:
    most, best = 0, None
    for terms in all_terms(plan):
        walk = _Persons(plan, terms)
        goods = Goods(np.array([_LARGE]), np.array([1]))
        count = min(MAX_LEVELS, walk.most(goods) + _more_people(plan, terms, walk))
        if count > most or best is None:
            most, best = count, (terms, _with_grades(plan, terms, walk.dearest_chain(_LARGE, 1)))
    assert best is not None
    influenced = plan.commission.influence is not None and plan.commission.influence.pay > 0
    head = _head(plan, Walk(plan, best[0]))
    bound = most + influenced + (head is not None)
    sold = _sold(plan, *best, given)
    if head is not None:
        sold = replace(sold, head=True, buyer=head)
    shown = show(plan, sold, f"{plan.plan}: {bound} persons are paid")
    if shown is None or (shown.persons < bound and shown.persons <= limit < bound):
        return _not_shown(bound)
    worst = shown.persons
    evidence = Title(zh=f"一张订单付给 {worst} 人", en=f"an order pays {worst} persons")
    zh, en = f"任何链条至多 {bound} 人", f"no chain has more than {bound}"
    return Decision(worst, worst > limit, evidence, Title(zh=zh, en=en), shown.case)


def _more_people(plan: Plan, terms: Terms, walk: Walk) -> int:
    """A bound on who else in the chain is paid: peers, and those who live on purchase prices."""
    peer = plan.commission.peer
    peers = MAX_LEVELS if peer and peer.rate and any(walk.has_peers(rank) for rank in range(len(plan.ranks))) else 0
    return peers + len(_grades(terms))


def _grades(terms: Terms) -> list[int]:
    """A rank of each purchase price, the highest price first."""
    mode, price = Rounding.floor, np.array([_LARGE])
    prices: dict[int, int] = {}
    for rank, (rate, fixed) in enumerate(zip(terms.grade_rates.tolist(), terms.grade_prices.tolist(), strict=True)):
        if fixed >= 0 or rate >= 0:
            prices.setdefault(fixed if fixed >= 0 else int(share(price, rate, mode)[0]), rank)
    return [prices[own] for own in sorted(prices, reverse=True) if own < _LARGE]


def _with_grades(plan: Plan, terms: Terms, chain: Chain) -> Chain:
    return Chain((*chain.ranks, *_grades(terms))[:MAX_LEVELS], chain.own)


def _head(plan: Plan, walk: Walk) -> int | None:
    """A rank whose buyer is paid as a group's head; None if nobody is."""
    if plan.commission.group_head == 0 or "group_buy" not in plan.commission.activities:
        return None
    return next((rank for rank in range(len(plan.ranks)) if walk.eligible(rank, 1)), None)
