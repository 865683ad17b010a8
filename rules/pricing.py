"""From a basket to what each line pays: reductions, coupon, points and freight, split over the lines.

Order of application: reduction → coupon → points. Each step is weighted by what is left of a line after the
step before, and none takes more than what is left. Amounts are whole fen throughout.

How a discount is split (`semantics.discount_split`; a share is discount × the line's part of the total):

- `truncate`: every share is cut to whole fen, the last line takes the rest.
- `ratio4`: the part is cut to four decimals first, then the share to whole fen; the last line takes the rest.
- `half_up`: every share is rounded half up, the last line takes the rest.
- `half_up_each`: every share is rounded half up, even the last: together they can fall short of the discount,
  and the buyer then pays what the lines pay. Shares stop where the discount is used up.

A line never pays less than nothing. Where the rest is more than the last line has left, the line before it
takes what the last one cannot, and so on: the whole discount is given (except with `half_up_each`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.money import Rounding, rounded
from rules.plan.semantics import Semantics

_RATIO = 10_000
"""Four decimals, to which `ratio4` cuts a line's part of the total."""


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One line of a basket.

    Args:
        price: public price of one unit, in fen.
        quantity: units, at least one.
        member_price: price of one unit for the buyer's grade, paid instead of `price` where there is one.
        freight: freight of this line alone, in fen, on top of its part of the order's freight.
    """

    price: int
    quantity: int
    member_price: int | None = None
    freight: int = 0

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError(f"`1 <= quantity` must hold, but got {self.quantity}")
        _not_negative(price=self.price, member_price=self.member_price or 0, freight=self.freight)

    @property
    def goods(self) -> int:
        """What the line costs before discounts of the order, in fen."""
        return (self.price if self.member_price is None else self.member_price) * self.quantity


@dataclass(frozen=True, slots=True)
class Discounts:
    """What an order's buyer pays less, and its freight, in fen; line numbers count from 1.

    Args:
        reduction: 满减, on all lines.
        coupon: on `coupon_lines`, or on all lines.
        coupon_lines: numbers of the lines that the coupon is for; None is all of them.
        points_off: money off for points, on all lines.
        freight: freight of the order.
    """

    reduction: int = 0
    coupon: int = 0
    coupon_lines: tuple[int, ...] | None = None
    points_off: int = 0
    freight: int = 0

    def __post_init__(self) -> None:
        _not_negative(reduction=self.reduction, coupon=self.coupon, points_off=self.points_off, freight=self.freight)


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What one line pays: `discount` and `paid` are of the whole line, without freight; prices of one unit.

    With g for `member_price × quantity` (`list_price × quantity` where there is no member price):
    `paid + discount == g`, both not negative. `freight` is what the line pays on top.
    """

    list_price: int
    member_price: int | None
    quantity: int
    discount: int
    paid: int
    freight: int


def _not_negative(**amounts: int) -> None:
    for name, amount in amounts.items():
        if amount < 0:
            raise ValueError(f"`0 <= {name}` must hold, but got {amount}")


def price_order(
    lines: Sequence[BasketLine], discounts: Discounts, semantics: Semantics | None = None
) -> list[PricedLine]:
    """What each line of an order pays.

    Args:
        lines: the basket.
        discounts: what the order takes off, and its freight.
        semantics: how a discount is split; left out, the defaults.
    """
    mode = (semantics or Semantics()).discount_split
    every = range(len(lines))
    goods = [line.goods for line in lines]
    left = list(goods)
    _take(left, every, discounts.reduction, mode)
    _take(left, _coupon_lines(discounts, len(lines)), discounts.coupon, mode)
    _take(left, every, discounts.points_off, mode)
    freight = split(discounts.freight, goods, "truncate", capped=False)
    return [
        PricedLine(line.price, line.member_price, line.quantity, full - paid, paid, line.freight + share)
        for line, full, paid, share in zip(lines, goods, left, freight, strict=True)
    ]


def _coupon_lines(discounts: Discounts, count: int) -> Sequence[int]:
    if discounts.coupon_lines is None:
        return range(count)
    for number in discounts.coupon_lines:
        if not 1 <= number <= count:
            raise ValueError(f"`1 <= coupon line <= {count}` must hold, but got {number}")
    return sorted({number - 1 for number in discounts.coupon_lines})


def _take(left: list[int], places: Sequence[int], amount: int, mode: str) -> None:
    """Take a discount off what is left of some lines."""
    shares = split(amount, [left[place] for place in places], mode)
    for place, share in zip(places, shares, strict=True):
        left[place] -= share


def split(amount: int, weights: Sequence[int], mode: str, capped: bool = True) -> list[int]:
    """Split an amount over lines by weight.

    Args:
        amount: what to split, in fen.
        weights: not negative; with nothing but zeros the last line gets everything.
        mode: a `discount_split`.
        capped: whether a weight is also the most that its line can get. False for freight.
    """
    total = sum(weights)
    if not weights:
        return []
    if capped:
        amount = min(amount, total)
    shares, rest = [], amount
    for weight in weights:
        share = min(_share(amount, weight, total, mode), rest, weight if capped else rest)
        shares.append(share)
        rest -= share
    if mode == "half_up_each":
        return shares
    if not capped:
        shares[-1] += rest
        return shares
    return _rest_to_the_last(shares, weights, rest)


def _share(amount: int, weight: int, total: int, mode: str) -> int:
    if total == 0:
        return 0
    if mode == "ratio4":
        return weight * _RATIO // total * amount // _RATIO
    return rounded(amount * weight, total, Rounding.floor if mode == "truncate" else Rounding.half_up)


def _rest_to_the_last(shares: list[int], limits: Sequence[int], rest: int) -> list[int]:
    for place in reversed(range(len(shares))):
        more = min(rest, limits[place] - shares[place])
        shares[place] += more
        rest -= more
    return shares
