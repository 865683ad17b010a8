"""From a basket to what each line pays: reductions, coupon, points and freight, split over the lines.

Discounts are applied one after the other (`semantics.discount_order`), each weighted by what is left of a line after
the one before or by the line's undiscounted price (`discount_weights`); none takes more than what is left. Amounts are
whole fen throughout.

How discounts and freight are split (`discount_split`, for all or for each; a share is the discount × the line's part of
the total):

- `truncate`: every share is cut to whole fen, the last line takes the rest.
- `ratio4`: the part is cut to four decimals first, then the share to whole fen; the last line takes the rest.
- `double`: as `truncate`, in the IEEE doubles of a platform's own code; the last line takes the rest.
- `half_up`: every share is rounded half up, the last line takes the rest as far as it can: what is more is not given.
- `half_up_each`: every share is rounded half up, even the last: together they can miss the discount by some fen,
  either way, and the buyer then pays what the lines pay.

A line never pays less than nothing. With `truncate`, `ratio4` and `double` the line before the last takes what the last
one cannot, and so on: the whole discount is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.double import double_share
from rules.money import Rounding, rounded
from rules.plan.semantics import Discount, Semantics, Split

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
        weight: weight (or volume) of one unit, in whatever unit; None where it is not known.
    """

    price: int
    quantity: int
    member_price: int | None = None
    freight: int = 0
    weight: int | None = None

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError(f"`1 <= quantity` must hold, but got {self.quantity}")
        _not_negative(price=self.price, member_price=self.member_price or 0, freight=self.freight)
        _not_negative(weight=self.weight or 0)

    @property
    def unit(self) -> int:
        """What one unit costs before discounts of the order, in fen."""
        return self.price if self.member_price is None else self.member_price

    @property
    def goods(self) -> int:
        """What the line costs before discounts of the order, in fen."""
        return self.unit * self.quantity


@dataclass(frozen=True, slots=True)
class Discounts:
    """What an order's buyer pays less, its freight, and what its payment costs, in fen; line numbers count from 1.

    Args:
        reduction: 满减, on all lines.
        coupon: on `coupon_lines`, or on all lines.
        coupon_lines: numbers of the lines that the coupon is for; None is all of them.
        points_off: money off for points, on all lines.
        freight: freight of the order.
        fee: what platform or channel keep of the payment; the buyer does not pay it on top.
    """

    reduction: int = 0
    coupon: int = 0
    coupon_lines: tuple[int, ...] | None = None
    points_off: int = 0
    freight: int = 0
    fee: int = 0

    def __post_init__(self) -> None:
        _not_negative(reduction=self.reduction, coupon=self.coupon, points_off=self.points_off, freight=self.freight)
        _not_negative(fee=self.fee)

    def amount(self, discount: Discount) -> int:
        """One discount, in fen."""
        return {"reduction": self.reduction, "coupon": self.coupon, "points": self.points_off}[discount]


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What one line pays: `discount` and `paid` are of the whole line, without freight; prices of one unit.

    With g for `member_price × quantity` (`list_price × quantity` where there is no member price):
    `paid + discount == g`, both not negative. `freight` is what the line pays on top, `fee` its part of the fee.
    `unit_cut`: by how many fen a unit price that is cut after every discount (`base_round: unit_trunc4`) falls short
    of one that is cut once.
    """

    list_price: int
    member_price: int | None
    quantity: int
    discount: int
    paid: int
    freight: int
    fee: int
    unit_cut: int


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
        discounts: what the order takes off, its freight and its fee.
        semantics: how discounts and freight are split; left out, the defaults.
    """
    rule = semantics or Semantics()
    goods = [line.goods for line in lines]
    left, units = list(goods), [line.unit for line in lines]
    for discount in rule.discount_order:
        places = _coupon_lines(discounts, len(lines)) if discount == "coupon" else range(len(lines))
        weights = [(left if rule.discount_weights == "left" else goods)[place] for place in places]
        limits = [left[place] for place in places]
        shares = split(discounts.amount(discount), weights, rule.split_of(discount), limits=limits)
        for place, share in zip(places, shares, strict=True):
            left[place] -= share
            units[place] = _unit_left(units[place], share, lines[place].quantity)
    freight = split(discounts.freight, _freight_weights(lines, discounts, rule), rule.split_of("freight"), capped=False)
    fee = split(discounts.fee, left, "truncate", capped=False)
    return [
        PricedLine(
            line.price,
            line.member_price,
            line.quantity,
            discount=line.goods - left[place],
            paid=left[place],
            freight=line.freight + freight[place],
            fee=fee[place],
            unit_cut=_unit_left(line.unit, line.goods - left[place], line.quantity) - units[place],
        )
        for place, line in enumerate(lines)
    ]


def _unit_left(unit: int, discount: int, quantity: int) -> int:
    """A unit price less a line's discount for each piece, the latter cut to four decimals, the price to two."""
    return max(0, (unit * 100 - discount * 100 // quantity) // 100)


def _freight_weights(lines: Sequence[BasketLine], discounts: Discounts, rule: Semantics) -> list[int]:
    """What an order's freight is split by."""
    if rule.freight_split == "price":
        return [line.goods for line in lines]
    if rule.freight_split == "quantity":
        return [line.quantity for line in lines]
    if rule.freight_split == "equal":
        return [1 for _ in lines]
    if discounts.freight and any(line.weight is None for line in lines):
        raise ValueError("`weight` must be known of every line to split freight by weight")
    return [(line.weight or 0) * line.quantity for line in lines]


def _coupon_lines(discounts: Discounts, count: int) -> Sequence[int]:
    if discounts.coupon_lines is None:
        return range(count)
    for number in discounts.coupon_lines:
        if not 1 <= number <= count:
            raise ValueError(f"`1 <= coupon line <= {count}` must hold, but got {number}")
    return sorted({number - 1 for number in discounts.coupon_lines})


def split(
    amount: int, weights: Sequence[int], mode: Split, capped: bool = True, limits: Sequence[int] | None = None
) -> list[int]:
    """Split an amount over lines by weight.

    Args:
        amount: what to split, in fen.
        weights: not negative; with nothing but zeros the last line gets everything.
        mode: a `discount_split`.
        capped: whether there is a most that a line can get. False for freight.
        limits: the most that each line can get; left out, its weight.
    """
    if not weights:
        return []
    total = sum(weights)
    most = list(weights if limits is None else limits) if capped else [amount] * len(weights)
    amount = min(amount, sum(most))
    if total == 0:
        return [0] * (len(most) - 1) + [min(amount, most[-1])]
    if mode == "half_up_each":
        return [min(_share(amount, weight, total, mode), limit) for weight, limit in zip(weights, most, strict=True)]
    shares, rest = [], amount
    for weight, limit in zip(weights, most, strict=True):
        shares.append(min(_share(amount, weight, total, mode), rest, limit))
        rest -= shares[-1]
    return _rest_to_the_last(shares, most, rest, 1 if mode == "half_up" else len(shares))


def _share(amount: int, weight: int, total: int, mode: Split) -> int:
    if mode == "double":
        return double_share(amount, weight, total)
    if mode == "ratio4":
        return weight * _RATIO // total * amount // _RATIO
    return rounded(amount * weight, total, Rounding.floor if mode == "truncate" else Rounding.half_up)


def _rest_to_the_last(shares: list[int], limits: Sequence[int], rest: int, takers: int) -> list[int]:
    """Give what is left over to the last line, and what it cannot take to those before it, `takers` at the most."""
    for place in list(reversed(range(len(shares))))[:takers]:
        more = min(rest, limits[place] - shares[place])
        shares[place] += more
        rest -= more
    return shares
