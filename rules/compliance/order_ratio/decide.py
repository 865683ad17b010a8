"""The decision: look for the smallest order that pays out more than a limit, and show it, or say why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from rules.compliance.decision import USUAL, Assumptions, Decision
from rules.compliance.order_ratio.baskets import Basket, smallest_basket
from rules.compliance.order_ratio.case import Shown, Sold, show
from rules.compliance.order_ratio.chain import SCALE, Chain, TooManyChainsError
from rules.compliance.order_ratio.discounts import Discounts
from rules.compliance.order_ratio.known import unthought_of
from rules.compliance.order_ratio.sales import all_terms
from rules.compliance.order_ratio.search import Sum, TooFarError, first_over, largest_share
from rules.compliance.order_ratio.totals import Totals
from rules.money import PPM, Rounding, percent, rounded, yuan
from rules.plan.model import Plan
from rules.plan.values import Title

SMALLEST = Title(zh="没有实付更少的订单超限", en="no order that pays less is over the limit")
PERHAPS_SMALLER = Title(zh="或有实付更少的订单超限", en="an order that pays less may be over the limit too")
"""Why a case is what it is: the smallest order that there is, or only the smallest that was found."""
_NOTHING = Title(zh="没有订单能超过限额", en="no order can be over the limit")


def order_ratio(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """Whether an order can pay out more than a share of what is paid for its goods, and the smallest that does.

    Args:
        plan: the plan.
        limit: parts per million of what is paid for goods, without freight.
        given: what the shop lets happen beside the plan.
    """
    return _decided(plan, limit, given, False)


def person_ratio(plan: Plan, limit: int, given: Assumptions = USUAL) -> Decision:
    """Whether one person can get more of an order, by all its entries, than a share of what is paid for its goods."""
    return _decided(plan, limit, given, True)


def _decided(plan: Plan, limit: int, given: Assumptions, one_person: bool) -> Decision:
    if plan.caps.order_ratio is not None and plan.caps.order_ratio <= limit and unthought_of(plan) is None:
        cap = percent(plan.caps.order_ratio)
        why = Title(
            zh=f"caps.order_ratio 把每单全部佣金封在实付的 {cap} 以内（向下取整）",
            en=f"caps.order_ratio trims all entries of an order to {cap} of its goods, rounded down",
        )
        return Decision(plan.caps.order_ratio, False, _NOTHING, why)
    try:
        return _Search(plan, limit, given, one_person).decision()
    except TooManyChainsError:
        return _unknown("级差与基础佣金的组合太多", "too many combinations of differential and base commission")
    except TooFarError:
        return _unknown("差距太小，要查的金额太多", "the margin is so thin that too many amounts would be looked at")


def _unknown(zh: str, en: str) -> Decision:
    return Decision(None, None, why=Title(zh=f"未能判定：{zh}", en=f"could not be decided: {en}"))


@dataclass(frozen=True)
class _Found:
    """The smallest order of one line over the limit: what is paid for it, of which kind of sale."""

    paid: int
    totals: Totals


class _Search:
    def __init__(self, plan: Plan, limit: int, given: Assumptions, one_person: bool) -> None:
        self.plan, self.limit, self.given, self.one_person = plan, limit, given, one_person
        self.discounts = Discounts.of(plan, given)

    def decision(self) -> Decision:
        """The verdict, with the smallest order that breaks the limit."""
        if key := unthought_of(self.plan):
            return _unknown(
                f"方案写了判定程序不认识的 {key}", f"the plan states {key}, which the procedure does not know"
            )
        if free := self._for_nothing():
            return free
        found = self._smallest()
        least = found.paid if found else None
        basket = smallest_basket(self.totals, self.limit, least) if self._together else None
        if basket is not None and (decision := self._basket_decision(basket)):
            return decision
        if self._beyond is not None:
            if found is None:
                return _unknown(f"方案含有 {self._beyond}", f"the plan has {self._beyond}")
            return self._broken(found, None)
        bound = self._smallest_bound(_lower(least, basket.paid if basket else None))
        if found is None and bound is None:
            return Decision(self._worst(), False, _NOTHING, self._why())
        return self._broken(found, bound)

    def _basket_decision(self, basket: Basket) -> Decision | None:
        """Several lines that are over the limit together, as both engines pay them; None if they do not."""
        totals = basket.totals
        off = self.discounts.make_up(sum(basket.lines), basket.paid)
        if totals is None or off is None or self._rounded_together:
            return None
        lines = tuple((price, 1) for price in basket.lines)
        chain = totals.chain(max(basket.lines), max(basket.lines))
        shown = show(self.plan, Sold(totals.terms.sale, chain, lines, off), self._name(basket.paid))
        if shown is None or shown.goods != basket.paid or self._out(shown) * PPM <= self.limit * shown.goods:
            return None
        return self._told(shown, self._worst(), True)

    def _name(self, paid: int) -> str:
        whom = " one person" if self.one_person else ""
        return f"{self.plan.plan}: {yuan(paid)} pays{whom} more than {percent(self.limit)}"

    def _out(self, shown: Shown) -> int:
        """What an order pays out, to all or to the best paid."""
        return shown.to_one if self.one_person else shown.commission

    @cached_property
    def _pairs(self) -> list[tuple[Totals, Sum]]:
        given, one = self.given, self.one_person
        every = [Totals(self.plan, terms, self.discounts, given, one_person=one) for terms in all_terms(self.plan)]
        pairs = [(one, one.sum()) for one in every]
        return sorted(pairs, key=lambda pair: -pair[1].slope[0] * PPM // pair[1].slope[1])

    @property
    def totals(self) -> list[Totals]:
        """Each kind of sale, those that pay the most of a large order first."""
        return [totals for totals, _ in self._pairs]

    @property
    def sums(self) -> list[Sum]:
        """The total of each."""
        return [one for _, one in self._pairs]

    def _smallest(self) -> _Found | None:
        best: _Found | None = None
        for totals, one in zip(self.totals, self.sums, strict=True):
            paid = first_over(one, self.limit, best.paid if best else None)
            if paid is not None:
                best = _Found(paid, totals)
        return best

    def _for_nothing(self) -> Decision | None:
        """An order that pays nothing and is paid commission on, where discounts can take all."""
        if self.plan.caps.order_ratio is not None:
            return None
        most = int(self.discounts.most_goods(np.zeros(1, np.int64))[0])
        if most < 1:
            return None
        for goods in sorted({min(most, 10**power) for power in range(9)} | {over for _, over in self._coupons(most)}):
            off = self.discounts.make_up(goods, 0)
            if goods < 1 or off is None:
                continue
            for totals in self.totals:
                total = totals.on(np.zeros(1, np.int64), np.array([goods], np.int64))
                if int(total[0]) > 0 and (shown := self._shown(totals, 0, goods)):
                    return self._told(shown, None, True)
        if any(int(one.on(np.zeros(1, np.int64), np.array([most], np.int64))[0]) > 0 for one in self.totals):
            return _unknown("实付为零的订单可能有佣金，但没有找到实例", "an order paid 0 may pay out; none was found")
        return None

    def _coupons(self, most: int) -> list[tuple[int, int]]:
        return [(amount, over) for amount, over in self.discounts.coupons.values() if 0 < over <= most]

    def _smallest_bound(self, least: int | None) -> int | None:
        """No order of any kind that pays less than this is over the limit; None = no order at all is.

        `least` is the smallest so far; a bound is looked for where lines and pieces do not stand for themselves.
        """
        if self._rounded_together:
            for totals in self.totals:
                least = _lower(least, first_over(replace(totals, scale=SCALE).sum(), self.limit, least))
        return least

    @property
    def _rounded_together(self) -> bool:
        """Whether lines, or the pieces of a line, are rounded together after they were rounded apart."""
        semantics, base = self.plan.semantics, self.plan.commission.base
        walk = self.totals[0].walk
        if semantics.round_per == "order" and len(self.totals) > 1:
            return True
        if semantics.entry_per == "order" and walk.more:
            return True
        if self.plan.commission.margin and (base or self.plan.commission.differential):
            return True
        return semantics.round_per == "unit" and bool(walk.nested)

    @property
    def _together(self) -> bool:
        """Whether lines that are within the limit can be over it together: under a cap, or with a discount on all."""
        on_goods = any(one.before_discounts for one in self.totals)
        return self.plan.caps.order_ratio is not None or (on_goods and not self.discounts.none)

    @property
    def _beyond(self) -> str | None:
        """What the bounds on baskets do not hold for: a violation is still one, but nothing else is proved."""
        semantics, walk, rule = self.plan.semantics, self.totals[0].walk, self.plan.commission.differential
        if self.plan.commission.margin is not None and (self.totals[0].listed or not self.discounts.none):
            return "margin beside discounts or list prices"
        if semantics.subtract_lower and self._rounded_together:
            return "subtract_lower with lines or pieces that are rounded together"
        if semantics.subtract_lower and semantics.entry_per == "order" and walk.flat:
            return "subtract_lower with a minimum per order"
        topped_up = rule is not None and rule.counts_base and walk.plan.depth > 0
        if semantics.round_per == "order" and (walk.nested or topped_up):
            return "amounts of amounts, with round_per: order"
        if semantics.round_per == "unit" and walk.nested and topped_up:
            return "a differential over amounts of amounts, with round_per: unit"
        return None

    def _broken(self, found: _Found | None, bound: int | None) -> Decision:
        if found is None:
            return _unknown(
                "几行合在一起可能超限，但没有找到实例", "lines together may be over the limit; none was found"
            )
        goods = int(self.discounts.most_goods(np.array([found.paid], np.int64))[0])
        if not found.totals.before_discounts:
            goods = found.paid
        shown = self._shown(found.totals, found.paid, goods)
        if shown is None or self._out(shown) * PPM <= self.limit * shown.goods:
            return _unknown(
                f"估计实付 {yuan(found.paid)} 起可能超限，但引擎没有算出这样的订单",
                f"orders from {yuan(found.paid)} on may be over the limit, but the engine shows none",
            )
        return self._told(shown, self._worst(), bound is not None and bound >= found.paid)

    def _shown(self, totals: Totals, paid: int, goods: int) -> Shown | None:
        """The order as both engines pay it."""
        off = self.discounts.make_up(goods, paid)
        if off is None:
            return None
        need = self.limit * paid // PPM + 1
        if self.plan.caps.order_ratio is not None:
            need = max(need, paid)
        chain = totals.chain(paid, goods)
        sold = Sold(totals.terms.sale, chain, (self._pieces(totals, goods),), off)
        if totals.head_rate:
            buyer = next(rank for rank in range(len(self.plan.ranks)) if totals.walk.eligible(rank, 1))
            freight = (need + 1) * PPM // totals.head_rate + 1
            sold = Sold(totals.terms.sale, Chain(), sold.lines, off, freight, head=True, buyer=buyer)
        elif totals.on_freight:
            sold = Sold(totals.terms.sale, totals.chain(PPM * need, goods), sold.lines, off, PPM * need)
        elif totals.agent_rate and (amount := self._of_agent(totals, paid, goods)):
            ranks = [totals.plan.commission.area.rate_of(one.id) for one in self.plan.ranks]  # type: ignore[union-attr]
            sold = Sold(totals.terms.sale, chain, sold.lines, off, 0, (-(-need // amount), int(np.argmax(ranks))))
            if sold.agents[0] > 2_000:
                return None
        elif self.one_person and (area := self.plan.commission.area):
            best = int(np.argmax([area.rate_of(one.id) for one in self.plan.ranks]))
            sold = replace(sold, agents=(1, best), all_agents=True)
        shown = show(self.plan, sold, self._name(paid))
        if shown and self._exact(totals, sold):
            one = np.array([paid], np.int64), np.array([goods], np.int64)
            total = int(totals.on(*one)[0])
            cap = self.plan.caps.order_ratio
            total = total if cap is None else min(total, paid * cap // PPM)
            assert (self._out(shown), shown.goods) == (total, paid), (self._out(shown), total, shown.goods, paid)
        return shown

    def _of_agent(self, totals: Totals, paid: int, goods: int) -> int:
        base, mode = (goods if totals.listed else paid), self.plan.semantics.rounding_of(0)
        return rounded(base * totals.agent_rate, PPM, Rounding[mode])

    def _pieces(self, totals: Totals, goods: int) -> tuple[int, int]:
        """Unit price and pieces of a line: as many pieces as can be where each is paid for."""
        if not (totals.terms.fixed >= 0).any():
            return goods, 1
        most = min(goods, self.given.quantity)
        pieces = next(count for count in range(most, 0, -1) if goods % count == 0)
        return goods // pieces, pieces

    def _exact(self, totals: Totals, sold: Sold) -> bool:
        """Whether the total that was reckoned is exactly what the engines must pay, not only a bound."""
        plan, semantics = self.plan, self.plan.semantics
        bounded = (
            plan.caps.trim == "pro_rata" and plan.caps.order_ratio is not None,
            semantics.zero_amount == "stop",
            semantics.entry_per == "order" and totals.walk.flat > 0,
            plan.commission.peer is not None or plan.commission.margin is not None,
            semantics.base_round == "unit_trunc4",
            plan.caps.member_day is not None or plan.caps.member_month is not None,
            any(one.budget is not None for one in plan.campaigns),
            "zero_share_keeps_place" in semantics.defects,
            semantics.entries_at == "settle",
            sold.agents[0] > 0 or sold.freight > 0,
            len(sold.lines) > 1 or bool((totals.terms.fixed >= 0).any()),
            semantics.promoter_by[0] == "spend_over",
            self.one_person and (plan.caps.order_ratio is not None or totals.influence > 0),
        )
        return not any(bounded)

    def _told(self, shown: Shown, worst: int | None, smallest: bool) -> Decision:
        pays, paid = yuan(self._out(shown)), yuan(shown.goods)
        zh, en = ("付给一人", " one person") if self.one_person else ("付出佣金", "")
        evidence = Title(
            zh=f"实付 {paid} 的订单{zh} {pays}，限额 {percent(self.limit)}",
            en=f"an order of {paid} pays{en} {pays}; the limit is {percent(self.limit)}",
        )
        return Decision(worst, True, evidence, SMALLEST if smallest else PERHAPS_SMALLER, shown.case)

    def _worst(self) -> int | None:
        """The largest share that an order of one line pays out, in parts per million, cut off; None = any."""
        if any(one.agent_rate or one.on_freight for one in self.totals) and self.plan.caps.order_ratio is None:
            return None
        best = (0, 1)
        for one in self.sums:
            best = largest_share(one, best)
        return best[0] * PPM // best[1]

    def _why(self) -> Title:
        zh = f"{len(self.totals)} 类销售、所有等级链、所有实付金额都在限额 {percent(self.limit)} 以内"
        en = (
            f"kinds of sales: {len(self.totals)}; every chain of ranks and every amount is within {percent(self.limit)}"
        )
        return Title(zh=zh, en=en)


def _lower(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)
