"""What an order can take off: coupons and points of the plan, and reductions that the shop's assumptions allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rules.compliance.decision import Assumptions
from rules.compliance.order_ratio.chain import Fen
from rules.money import MAX_AMOUNT, PPM
from rules.plan.model import Plan


@dataclass(frozen=True)
class Off:
    """How an order's discounts are made up, in fen; `coupon` is the id of a coupon of the plan."""

    coupon: str | None
    coupon_amount: int
    reduction: int
    points: int

    @property
    def by_buyer(self) -> bool:
        """Whether the buyer uses something of their own, which nobody can who is frozen."""
        return bool(self.coupon or self.points)


@dataclass(frozen=True)
class Discounts:
    """The discounts that can meet on an order.

    Attributes:
        reduction, points: the share of the goods' prices that each can take off, in parts per million.
        coupons: amount and least goods of each, in fen; an order uses one.
        most: the largest order.
    """

    reduction: int
    points: int
    coupons: Mapping[str, tuple[int, int]]
    most: int

    @classmethod
    def of(cls, plan: Plan, given: Assumptions) -> Discounts:
        """What a plan and the shop's assumptions allow."""
        points = plan.points.max_share_of_order if plan.points and plan.points.value else 0
        coupons = {name: (terms.amount, terms.over) for name, terms in plan.coupons.items() if terms.amount}
        return cls(given.discount, points, coupons, min(MAX_AMOUNT, given.price * given.quantity * given.lines))

    @property
    def none(self) -> bool:
        """Whether nothing can be taken off."""
        return not (self.reduction or self.points or self.coupons)

    @property
    def kept(self) -> int:
        """What of a large order is paid at the least, in parts per million; under a thousandth it counts as nothing."""
        kept = PPM - self.reduction - self.points
        return kept if kept >= PPM // 1_000 else 0

    def most_goods(self, paid: Fen) -> Fen:
        """The dearest goods, before discounts, of orders that pay so much."""
        most = self._goods(paid, 0)
        for amount, over in self.coupons.values():
            goods = self._goods(paid, amount)
            most = np.maximum(most, np.where(goods >= over, goods, 0))
        return most

    def _least_paid(self, goods: Fen, coupon: int) -> Fen:
        """What is paid for goods at the least, with a coupon or without."""
        paid: Fen = np.maximum(0, goods - goods * self.reduction // PPM - goods * self.points // PPM - coupon)
        return paid

    def _goods(self, paid: Fen, coupon: int) -> Fen:
        """The dearest goods for what is paid, with a coupon or without."""
        if self.kept == PPM:
            whole: Fen = np.minimum(paid + coupon, self.most)
            return whole
        if self.kept == 0:
            all_of_it: Fen = paid * 0 + self.most
            return all_of_it
        rest = (paid + coupon) % self.kept
        goods: Fen = np.minimum((paid + coupon) // self.kept * PPM + rest * PPM // self.kept, self.most)
        while (over := self._least_paid(goods, coupon) > paid).any():
            goods = np.subtract(goods, over)
        return goods

    def make_up(self, goods: int, paid: int) -> Off | None:
        """How discounts bring goods down to what is paid; None if they cannot."""
        off = goods - paid
        reduction, points = goods * self.reduction // PPM, goods * self.points // PPM
        for name, amount, over in [("", 0, 0), *((name, *terms) for name, terms in self.coupons.items())]:
            if goods < over or (amount > off and paid > 0):
                continue
            amount = min(amount, off)
            first = min(reduction, off - amount)
            if off - amount - first <= points:
                return Off(name or None, amount, first, off - amount - first)
        return None
