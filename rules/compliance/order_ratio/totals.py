"""What an order of one line pays out at the most, by what is paid for it, for each kind of sale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import gcd

import numpy as np

from rules.commission.activity import fill_activity
from rules.compliance.decision import Assumptions
from rules.compliance.order_ratio.chain import SCALE, Chain, Fen, Goods, Walk, share
from rules.compliance.order_ratio.discounts import Discounts
from rules.compliance.order_ratio.person import OnePerson
from rules.compliance.order_ratio.sales import Terms
from rules.compliance.order_ratio.search import MOST, Sum
from rules.money import PPM, Rounding
from rules.plan.compiled import PLAN
from rules.plan.limits import MAX_LEVELS
from rules.plan.model import Plan

ENDLESS = 1 << 40
"""What can be paid to any number of people, or on any freight, in fen."""


@dataclass(frozen=True)
class Totals:
    """The most that one kind of sale pays out.

    Attributes:
        scale: 1; or SCALE for a bound on lines that are rounded together, in units of 1/SCALE fen.
        one_person: whether it is what one person gets, and not all.
    """

    plan: Plan
    terms: Terms
    discounts: Discounts
    given: Assumptions
    scale: int = 1
    one_person: bool = False

    @cached_property
    def walk(self) -> Walk:
        """The walk up the chain."""
        return self._walk(self.scale)

    def _walk(self, scale: int) -> Walk:
        return OnePerson(self.plan, self.terms, scale) if self.one_person else Walk(self.plan, self.terms, scale)

    @property
    def listed(self) -> bool:
        """Whether commission is on prices before discounts."""
        semantics = self.plan.semantics
        return semantics.base_on in ("list", "member_price") or "coupon_not_deducted" in semantics.defects

    def alone(self) -> Totals:
        """The same of a line by itself: without what an order pays once, without discounts and cap."""
        bonuses = [one for one in self.plan.bonuses if one.event == "new_promoter"]
        commission = self.plan.commission.model_copy(update={"influence": None})
        caps = self.plan.caps.model_copy(update={"order_ratio": None})
        plan = self.plan.model_copy(update={"bonuses": bonuses, "commission": commission, "caps": caps, "coupons": {}})
        return replace(self, plan=plan, discounts=Discounts(0, 0, {}, self.discounts.most))

    @property
    def by_piece(self) -> bool:
        """Whether something is paid by the piece, whatever is paid for it."""
        return bool((self.terms.fixed >= 0).any()) or self.plan.commission.margin is not None

    @property
    def before_discounts(self) -> bool:
        """Whether something is paid on what goods cost before discounts."""
        return self.listed or self.by_piece

    @property
    def flat(self) -> int:
        """Fen that an order pays whatever it is: bonuses, least amounts, the influence allowance."""
        return self.walk.flat + self.influence

    @property
    def influence(self) -> int:
        """The influence allowance of an order, in fen."""
        rule = self.plan.commission.influence
        if rule is None:
            return 0
        caps = [cap for cap in (rule.per_day, self.walk.member_cap) if cap is not None]
        return min([rule.pay, *caps])

    def at(self, paid: Fen, capped: bool = True) -> Fen:
        """The most that is paid out on lines that pay so much, within the plan's own cap on an order."""
        total = self.on(paid, self.discounts.most_goods(paid))
        cap = self.plan.caps.order_ratio
        return total if cap is None or not capped else np.minimum(total, paid * cap // PPM * self.scale)

    def on(self, paid: Fen, goods: Fen) -> Fen:
        """The same of goods before discounts, without that cap."""
        total = self.walk.dearest(self._goods(paid, goods)) + self.margin(goods) + self.influence * self.scale
        rate = self.agent_rate
        if rate:
            mode = Rounding[self.plan.semantics.rounding_of(0)]
            total = total + ENDLESS * (share(self._base(paid, goods), rate, mode) > 0)
        return total + (ENDLESS if self.on_freight else 0)

    def _base(self, paid: Fen, goods: Fen) -> Fen:
        if self.listed:
            return goods
        if self.plan.semantics.base_round == "unit_trunc4" and not self.discounts.none:
            return paid * 100 // 99  # a unit price of whole fen is less than a hundredth of a fen above what was paid
        return paid

    def _goods(self, paid: Fen, goods: Fen) -> Goods:
        pieces = np.minimum(goods, self.given.quantity * self.given.lines)
        return Goods(self._base(paid, goods) * self.scale, pieces * self.scale)

    def margin(self, goods: Fen) -> Fen:
        """What purchase prices leave to the people above on one piece."""
        if self.plan.commission.margin is None:
            return goods * 0
        lowest = goods
        mode = Rounding[self.plan.semantics.rounding_of(0)]
        for rate, price in zip(self.terms.grade_rates.tolist(), self.terms.grade_prices.tolist(), strict=True):
            if price >= 0:
                lowest = np.minimum(lowest, price)
            elif rate >= 0:
                lowest = np.minimum(lowest, share(goods, rate, mode))
        return (goods - lowest) * self.scale

    @cached_property
    def agent_rate(self) -> int:
        """The best rate of an area agent; any number of agents can be appointed, but each is one person."""
        rule = self.plan.commission.area if not self.one_person else None
        return max(rule.rate_of(rank.id) for rank in self.plan.ranks) if rule else 0

    @cached_property
    def head_rate(self) -> int:
        """The rate of a group's head, of what was paid with freight; 0 where nobody may be paid at level 1."""
        row = np.zeros(1, PLAN)
        fill_activity(row, self.plan)
        may = any(self.walk.eligible(rank, 1) for rank in range(len(self.plan.ranks)))
        return int(row["group_head"][0]) if may else 0

    @cached_property
    def on_freight(self) -> bool:
        """Whether freight earns commission: it can be any amount."""
        if self.head_rate:
            return True
        if self.plan.semantics.freight != "include":
            return False
        large = np.array([0, PPM * PPM], np.int64)
        nothing, much = self.walk.dearest(Goods(large, large * 0)).tolist()
        return bool(much > nothing or self.agent_rate)

    def sum(self, cap: bool = True) -> Sum:
        """The total by what is paid, with its slope, slack and period."""
        walk = self.walk
        part, whole = self._slope()
        ratio = self.plan.caps.order_ratio
        settled = self._settled()
        slack = walk.rounded_often + self.flat + self._slack_of_margin() + (self.scale > 1 and not self._even)
        if self.scale > 1 and any(mode is not Rounding.floor for mode in walk.modes[1:]):
            slack += 2 * MAX_LEVELS
        if self.before_discounts and not self.discounts.none:
            most = max([0, *(amount for amount, _ in self.discounts.coupons.values())])
            slack += (most + 3) * part // (whole * PPM) + 2
            settled = max([settled, *(over for _, over in self.discounts.coupons.values())])
        if walk.member_cap is not None and (walk.member_cap * MAX_LEVELS < MOST // 8):
            part, whole, slack = 0, 1, walk.member_cap * (MAX_LEVELS + 1) * (1 + 8 * bool(self.plan.commission.peer))
        if self.agent_rate or self.on_freight:
            part, whole = ENDLESS, 1
        if ratio is not None and cap and part > ratio * whole:
            part, whole = ratio, 1
        return Sum(self.at, (part, whole), slack, self._period(), settled, self.scale)

    @property
    def _even(self) -> bool:
        return all(rate % (PPM // SCALE) == 0 for rate in self.walk.all_rates)

    def _slack_of_margin(self) -> int:
        margin = self.plan.commission.margin
        return 1 if margin is not None else 0

    def _slope(self) -> tuple[int, int]:
        """What a large sale pays of what is paid, exactly, in parts per million: reckoned on two large sales."""
        kept = self.discounts.kept or PPM
        exact = PPM ** (len(self.walk.levels) + 3)
        paid = np.array([kept * exact, 2 * kept * exact], dtype=object)
        goods = np.array([PPM * exact, 2 * PPM * exact], dtype=object)
        walk = self._walk(1)
        walk.member_cap = None
        base = goods if self.listed else paid
        if self.plan.semantics.base_round == "unit_trunc4" and not self.listed and not self.discounts.none:
            base = paid * 100 // 99
        total = walk.dearest(Goods(base, goods)) + Totals.margin(self._plain, goods)
        part, whole = int(total[1]) - int(total[0]), kept * exact
        once = gcd(part * PPM, whole)
        return part * PPM // once, whole // once

    @property
    def _plain(self) -> Totals:
        return Totals(self.plan, self.terms, self.discounts, self.given)

    def _settled(self) -> int:
        """From where on no least amount is paid any more."""
        least = max((one.minimum for one in self.walk.levels.values()), default=0)
        rates = self.walk.all_rates
        return least * PPM // min(rates) + 1 if least and rates else 0

    def _period(self) -> int:
        rates = set(self.walk.all_rates)
        if self.plan.commission.margin:
            rates |= {rate for rate in self.terms.grade_rates.tolist() if rate >= 0}
        period = PPM // gcd(PPM, *rates)
        for rate in self.walk.nested:
            period *= PPM // gcd(PPM, rate)
        for rate in (self.discounts.reduction, self.discounts.points):
            period *= PPM // gcd(PPM, rate)
        return period * 99 if self.plan.semantics.base_round == "unit_trunc4" else period

    def chain(self, paid: int, goods: int) -> Chain:
        """A chain that is paid the most on a line."""
        paids, all_goods = np.array([paid], np.int64), np.array([goods], np.int64)
        of = self._goods(paids, all_goods)
        chain = self.walk.dearest_chain(int(of.base[0]), int(of.pieces[0]))
        grade = self._lowest_grade(all_goods)
        if grade is None or len(chain.ranks) >= MAX_LEVELS:
            return chain
        return Chain((*chain.ranks, grade), chain.own)

    def _lowest_grade(self, goods: Fen) -> int | None:
        """The rank with the lowest purchase price."""
        if self.plan.commission.margin is None:
            return None
        mode = Rounding[self.plan.semantics.rounding_of(0)]
        prices = []
        for rank, (rate, price) in enumerate(zip(self.terms.grade_rates, self.terms.grade_prices, strict=True)):
            if price >= 0 or rate >= 0:
                prices.append((int(price) if price >= 0 else int(share(goods, int(rate), mode)[0]), rank))
        return min(prices)[1] if prices else None
