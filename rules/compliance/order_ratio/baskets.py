"""Baskets of lines that are over a limit together: where a cap is on the whole order, or a discount is.

What lines pay out is at most the steepest line's share of all goods. Where that bound is over the limit, every way to
make a basket of so many fen is looked at: the best basket is the best line, or the best of two smaller baskets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rules.compliance.order_ratio.chain import Fen
from rules.compliance.order_ratio.search import MOST, Sum, first_over, largest_share
from rules.compliance.order_ratio.totals import Totals
from rules.money import PPM

_MOST_GOODS = 6_000
"""Goods, in fen, up to which every basket is looked at."""


@dataclass(frozen=True)
class Basket:
    """The smallest basket over a limit.

    Attributes:
        paid: fen; no basket that pays less is over the limit.
        lines: prices of its lines; empty where only a bound says that it may be over.
        totals: the kind of sale of all its lines, where it is one.
    """

    paid: int
    lines: tuple[int, ...] = ()
    totals: Totals | None = None


def smallest_basket(totals: Sequence[Totals], limit: int, below: int | None) -> Basket | None:
    """The smallest basket over a limit; None = no basket is, or none that pays less than `below`.

    Raises:
        TooFarError: too many amounts would have to be looked at.
    """
    steepest = (0, 1)
    for one in totals:
        steepest = largest_share(one.alone().sum(), steepest)
    bound = _bound(totals, steepest)
    least = first_over(bound, limit, below)
    if least is None:
        return None
    last = below - 1 if below is not None else bound.last_to_look_at(limit)
    goods = _goods(totals[0], MOST if last is None else min(last, MOST))
    closed = len(totals) == 1 and totals[0].walk.rounded_often == 0 and not totals[0].walk.flat
    if goods > (MOST if closed else _MOST_GOODS) or last is None:
        return Basket(least)
    each = [one.alone().at(np.arange(goods + 1)) for one in totals]
    best = np.maximum.reduce(each)
    return _look(totals, limit, best if closed else _together(best), (least, last))


def _look(totals: Sequence[Totals], limit: int, best: Fen, span: tuple[int, int]) -> Basket | None:
    first, flat = totals[0], max(one.flat for one in totals)
    paid = np.arange(span[0], span[1] + 1)
    goods = first.discounts.most_goods(paid) if first.before_discounts else paid
    over = _capped(first, best[goods] + flat, paid) * PPM > paid * limit
    if not over.any():
        return None
    place = int(np.argmax(over))
    for one in totals:
        alone = one.alone().at(np.arange(int(goods[place]) + 1))
        together = _together(alone)
        if _capped(one, together[-1:] + one.flat, paid[place : place + 1])[0] * PPM > paid[place] * limit:
            return Basket(int(paid[place]), tuple(_lines(alone, together)), one)
    return Basket(int(paid[place]))


def _goods(first: Totals, paid: int) -> int:
    return int(first.discounts.most_goods(np.array([paid]))[0]) if first.before_discounts else paid


def _capped(first: Totals, total: Fen, paid: Fen) -> Fen:
    cap = first.plan.caps.order_ratio
    return total if cap is None else np.minimum(total, paid * cap // PPM)


def _bound(totals: Sequence[Totals], steepest: tuple[int, int]) -> Sum:
    """The steepest line's share of all goods, and what an order pays once."""
    first, flat = totals[0], max(one.flat for one in totals)
    cap = first.plan.caps.order_ratio
    part, whole = steepest

    def bound(paid: Fen) -> Fen:
        goods = first.discounts.most_goods(paid) if first.before_discounts else paid
        return _capped(first, goods * part // whole + flat, paid)

    slope, slack = (part * PPM, whole), flat + 1
    if first.before_discounts:
        most = max([0, *(amount for amount, _ in first.discounts.coupons.values())])
        slope = part * PPM * PPM, whole * max(1, first.discounts.kept)
        slack += (most + 3) * slope[0] // (slope[1] * PPM) + 2
    if cap is not None and slope[0] > cap * slope[1]:
        slope = cap, 1
    return Sum(bound, slope, slack, PPM)


def _together(best: Fen) -> Fen:
    """The most that baskets of so many fen are paid: lines of their own, or two smaller baskets."""
    most = best.copy()
    for goods in range(2, len(most)):
        half = goods // 2
        most[goods] = max(most[goods], int((most[1 : half + 1] + most[goods - half : goods][::-1]).max()))
    return most


def _lines(alone: Fen, together: Fen) -> list[int]:
    """The lines of the best basket."""
    lines, open_ = [], [len(alone) - 1]
    while open_:
        goods = open_.pop()
        if alone[goods] == together[goods]:
            lines.append(goods)
            continue
        one = next(one for one in range(1, goods) if together[one] + together[goods - one] == together[goods])
        open_ += [one, goods - one]
    return lines
