"""What each line pays: known splits of live platforms, and what holds for every order."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.plan.semantics import Semantics
from rules.pricing import BasketLine, Discounts, price_order, split

MODES = ("truncate", "ratio4", "half_up", "half_up_each", "double")
WHOLE = ("truncate", "ratio4", "double")
"""The modes that give the whole discount."""


def paid(lines, discounts, mode="truncate"):
    return [line.paid for line in price_order(lines, discounts, Semantics(discount_split=mode))]


def goods(*prices):
    return [BasketLine(price, 1) for price in prices]


def test_without_discounts_everybody_pays_the_price():
    (line,) = price_order([BasketLine(99_90, 2)], Discounts())
    assert (line.list_price, line.quantity, line.discount, line.paid, line.freight) == (
        99_90,
        2,
        0,
        199_80,
        0,
    )


def test_the_member_price_is_paid_where_there_is_one():
    lines = price_order([BasketLine(100_00, 3, member_price=80_00), BasketLine(10_00, 1)], Discounts())
    assert [(line.list_price, line.member_price, line.paid) for line in lines] == [
        (100_00, 80_00, 240_00),
        (10_00, None, 10_00),
    ]
    assert price_order([BasketLine(100_00, 1, member_price=0)], Discounts())[0].paid == 0


def test_the_coupon_of_the_contracts_case():
    (line,) = price_order([BasketLine(99_90, 2)], Discounts(coupon=10_00, freight=8_00))
    assert (line.paid, line.discount, line.freight) == (189_80, 10_00, 8_00)


def test_yudao_splits_exactly_where_its_double_does_not():
    # 30.00 off 23.00 and 17.00: the platform's IEEE double gives 17.24, exactly it is 17.25
    assert split(30_00, [23_00, 17_00], "truncate") == [17_25, 12_75]
    assert split(30_00, [23_00, 17_00], "double") == [17_24, 12_76]


@pytest.mark.parametrize(
    ("mode", "shares"),
    [
        ("truncate", [33, 33, 34]),
        ("ratio4", [33, 33, 34]),
        ("half_up", [33, 33, 34]),
        ("half_up_each", [33, 33, 33]),
        ("double", [33, 33, 34]),
    ],
)
def test_a_hundred_over_three_equal_lines(mode, shares):
    assert split(100, [500, 500, 500], mode) == shares


def test_ratio4_cuts_the_part_to_four_decimals_first():
    # 1/3 is 0.3333: 0.3333 x 10,000.00 = 3,333.00, where the exact share is 3,333.33
    assert split(10_000_00, [10_000_00] * 3, "ratio4") == [3_333_00, 3_333_00, 3_334_00]
    assert split(10_000_00, [10_000_00] * 3, "truncate") == [3_333_33, 3_333_33, 3_333_34]


def test_half_up_leaves_the_last_line_less():
    assert split(3, [1_00, 1_00], "half_up") == [2, 1]
    assert split(3, [1_00, 1_00], "half_up_each") == [2, 2]  # 1.5 each: a fen more than the discount
    assert split(5, [1_00, 1_00, 1_00], "half_up_each") == [2, 2, 2]
    assert split(4, [1_00, 1_00, 1_00], "half_up_each") == [1, 1, 1]


def test_what_the_last_line_cannot_take_goes_to_the_line_before():
    assert split(99, [1] * 100, "truncate") == [0] + [1] * 99
    assert split(10, [30, 0], "truncate") == [10, 0]
    assert split(5, [4, 1, 1], "truncate") == [3, 1, 1]


def test_half_up_does_not_give_what_the_last_line_cannot_take():
    # 10.00 over three lines of 10.00 and a gift: 3.33 each; 0.01 is left for a line that pays nothing
    assert split(10_00, [10_00, 10_00, 10_00, 0], "half_up") == [3_33, 3_33, 3_33, 0]
    assert split(10_00, [10_00, 10_00, 10_00, 0], "truncate") == [3_33, 3_33, 3_34, 0]


def test_reduction_then_coupon_then_points_each_by_what_is_left():
    lines = goods(60_00, 40_00)
    assert paid(lines, Discounts(reduction=10_00)) == [54_00, 36_00]
    assert paid(lines, Discounts(reduction=10_00, coupon=54_00, coupon_lines=(1,))) == [0, 36_00]
    assert paid(lines, Discounts(coupon=60_00, coupon_lines=(1,), points_off=10_00)) == [0, 30_00]


def test_a_coupon_is_for_its_lines_only_and_never_more_than_they_cost():
    lines = goods(60_00, 40_00, 20_00)
    assert paid(lines, Discounts(coupon=6_00, coupon_lines=(2, 3))) == [60_00, 36_00, 18_00]
    assert paid(lines, Discounts(coupon=100_00, coupon_lines=(3,))) == [60_00, 40_00, 0]
    assert paid(lines, Discounts(coupon=6_00, coupon_lines=(3, 3, 2))) == [60_00, 36_00, 18_00]
    assert paid(lines, Discounts(reduction=999_00, coupon=5_00, points_off=5_00)) == [0, 0, 0]


def test_freight_is_split_by_price_cut_and_the_last_line_takes_the_rest():
    lines = price_order(goods(10_00, 10_00, 10_00), Discounts(freight=10_00, coupon=30_00))
    assert [line.freight for line in lines] == [3_33, 3_33, 3_34]
    gifts = price_order(goods(0, 0), Discounts(freight=8_00))
    assert [line.freight for line in gifts] == [0, 8_00]


def test_a_line_states_its_own_freight_on_top():
    lines = price_order([BasketLine(10_00, 1, freight=2_00), BasketLine(30_00, 1)], Discounts(freight=4_00))
    assert [line.freight for line in lines] == [3_00, 3_00]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: BasketLine(-1, 1), "`0 <= price` must hold, but got -1"),
        (lambda: BasketLine(1, 0), "`1 <= quantity` must hold, but got 0"),
        (lambda: BasketLine(1, 1, member_price=-5), "`0 <= member_price` must hold, but got -5"),
        (lambda: Discounts(coupon=-1), "`0 <= coupon` must hold, but got -1"),
        (
            lambda: price_order(goods(1), Discounts(coupon_lines=(2,))),
            "`1 <= coupon line <= 1` must hold, but got 2",
        ),
    ],
)
def test_impossible_baskets_name_the_bad_value(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_the_order_of_discounts_is_the_plans():
    lines = goods(60_00, 40_00)
    off = Discounts(reduction=10_00, coupon=54_00, coupon_lines=(1,))
    # reduction 6.00 and 4.00, then the coupon takes all of line 1; or the coupon first, 54.00, and then of 6:40 the
    # reduction takes 1.30 (10.00 x 6 / 46 = 1.3043) and 8.70
    assert paid(lines, off) == [0, 36_00]
    later = Semantics(discount_order=("coupon", "reduction", "points"))
    assert [line.paid for line in price_order(lines, off, later)] == [4_70, 31_30]


def test_weights_are_what_is_left_or_the_undiscounted_price():
    lines, off = goods(60_00, 40_00), Discounts(coupon=30_00, coupon_lines=(1,), points_off=10_00)
    # points by 30:40 are 4.28 and 5.72; by 60:40 they are 6.00 and 4.00
    assert paid(lines, off) == [25_72, 34_28]
    original = Semantics(discount_weights="original")
    assert [line.paid for line in price_order(lines, off, original)] == [24_00, 36_00]
    # a line has only what is left: of 50.00 points by price line 1 would get 30.00 of its 10.00; line 2 takes the rest
    off = Discounts(coupon=50_00, coupon_lines=(1,), points_off=50_00)
    assert [line.paid for line in price_order(lines, off, original)] == [0, 0]


def test_each_discount_can_be_split_in_its_own_way():
    rule = Semantics(discount_split={"coupon": "half_up", "points": "half_up_each", "freight": "ratio4"})
    off = Discounts(reduction=1, coupon=1, points_off=3, freight=10_000_00)
    lines = price_order(goods(10_000_00, 10_000_00, 10_000_00), off, rule)
    # reduction 1: cut, 0 0 1. Coupon 1: 0 0 1. Points 3 over nearly equal lines: 1 each.
    assert [line.discount for line in lines] == [1, 1, 3]
    assert [line.freight for line in lines] == [3_333_00, 3_333_00, 3_334_00]


@pytest.mark.parametrize(
    ("mode", "shares"),
    [
        ("truncate", [1_66, 1_67]),  # 3.33 by 1 : 1
        ("half_up", [1_67, 1_66]),
        ("half_up_each", [1_67, 1_66]),  # the whole freight is split even then
        ({"coupon": "half_up"}, [1_66, 1_67]),
    ],
)
def test_freight_is_split_in_the_way_of_discounts(mode, shares):
    lines = price_order(goods(10_00, 10_00), Discounts(freight=3_33), Semantics(discount_split=mode))
    assert [line.freight for line in lines] == shares


def test_freight_in_doubles_and_by_ratios():
    # 30.00 by 23 : 17, as the coupon above; a part of 1/3 is 0.3333
    lines = price_order(goods(23_00, 17_00), Discounts(freight=30_00), Semantics(discount_split="double"))
    assert [line.freight for line in lines] == [17_24, 12_76]
    lines = price_order(goods(1, 1, 1), Discounts(freight=1_000_00), Semantics(discount_split="ratio4"))
    assert [line.freight for line in lines] == [333_30, 333_30, 333_40]


@pytest.mark.parametrize(
    ("by", "shares"),
    [
        ("price", [1_20, 10_80]),  # 10.00 : 90.00
        ("quantity", [3_00, 9_00]),  # 1 : 3
        ("weight", [9_00, 3_00]),  # 9 : 3 x 1
        ("equal", [6_00, 6_00]),
    ],
)
def test_what_freight_is_split_by(by, shares):
    lines = [BasketLine(10_00, 1, weight=9), BasketLine(30_00, 3, weight=1)]
    priced = price_order(lines, Discounts(freight=12_00), Semantics(freight_split=by))
    assert [line.freight for line in priced] == shares


def test_freight_by_weight_needs_every_weight():
    lines, by_weight = [BasketLine(10_00, 1, weight=9), BasketLine(30_00, 3)], Semantics(freight_split="weight")
    assert [line.freight for line in price_order(lines, Discounts(), by_weight)] == [0, 0]
    with pytest.raises(ValueError, match="`weight` must be known of every line"):
        price_order(lines, Discounts(freight=1), by_weight)


def test_the_fee_is_split_by_what_lines_pay():
    lines = price_order(goods(60_00, 40_00), Discounts(coupon=30_00, coupon_lines=(1,), fee=2_09))
    assert [line.paid for line in lines] == [30_00, 40_00]
    assert [line.fee for line in lines] == [89, 1_20]  # 2.09 x 30 / 70 = 0.8957, cut
    assert [line.fee for line in price_order(goods(0, 0), Discounts(fee=5))] == [0, 5]


def test_a_unit_price_cut_after_every_discount():
    # 10.00 x 3: 1.00 off is 0.3333 a piece, 9.6667, cut to 9.66; 1.00 more is 9.3267, cut to 9.32. In one cut, 2.00 off
    # is 0.6666 a piece, 9.3334, 9.33: one fen more.
    (line,) = price_order([BasketLine(10_00, 3)], Discounts(coupon=1_00, points_off=1_00))
    assert line.unit_cut == 1
    (line,) = price_order([BasketLine(10_00, 3)], Discounts(coupon=1_00))
    assert line.unit_cut == 0


fen = st.one_of(st.integers(0, 20), st.integers(0, 10**9))


@st.composite
def baskets(draw):
    lines = []
    for _ in range(draw(st.integers(1, 8))):
        price = draw(fen)
        member_price = draw(st.one_of(st.none(), st.integers(0, price)))
        lines.append(BasketLine(price, draw(st.integers(1, 50)), member_price, draw(fen)))
    return lines


@st.composite
def orders(draw):
    lines = draw(baskets())
    numbers = st.lists(st.integers(1, len(lines)), min_size=1, max_size=len(lines)).map(tuple)
    off = Discounts(draw(fen), draw(fen), draw(st.none() | numbers), draw(fen), draw(fen))
    return lines, off, draw(st.sampled_from(MODES))


@given(orders())
def test_a_line_pays_between_nothing_and_its_price(order):
    lines, off, mode = order
    for line, priced in zip(lines, price_order(lines, off, Semantics(discount_split=mode)), strict=True):
        assert 0 <= priced.paid <= line.goods <= line.price * line.quantity
        assert 0 <= priced.discount == line.goods - priced.paid
        assert priced.freight >= line.freight
        assert (priced.list_price, priced.member_price, priced.quantity) == (
            line.price,
            line.member_price,
            line.quantity,
        )


@given(orders())
def test_the_whole_discount_and_the_whole_freight_are_given(order):
    lines, off, mode = order
    priced = price_order(lines, off, Semantics(discount_split=mode))
    given_off = sum(line.discount for line in priced)
    total = sum(line.goods for line in lines)
    left = total - min(off.reduction, total)
    if off.coupon_lines is None and mode in WHOLE:
        left -= min(off.coupon, left)
        left -= min(off.points_off, left)
        assert given_off == total - left
    spare = 3 * len(lines) * (mode == "half_up_each")
    assert given_off <= min(total, off.reduction + off.coupon + off.points_off + spare)
    assert sum(line.freight for line in priced) == off.freight + sum(line.freight for line in lines)


@given(st.lists(fen, min_size=1, max_size=8), fen, st.sampled_from(MODES))
def test_shares_fit_their_lines_and_sum_to_the_amount(weights, amount, mode):
    shares = split(amount, weights, mode)
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))
    whole = min(amount, sum(weights))
    if mode in WHOLE:
        assert sum(shares) == whole
    elif mode == "half_up":
        assert sum(shares) == whole or (sum(shares) < whole and shares[-1] == weights[-1])
    else:
        assert abs(sum(shares) - whole) <= len(weights) / 2


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=8), st.integers(0, 10**6))
def test_truncate_gives_every_line_but_the_last_its_exact_share_cut(weights, amount):
    total = sum(weights)
    amount = min(amount, total // 2)
    *first, last = split(amount, weights, "truncate")
    if last < weights[-1]:
        assert first == [amount * weight // total for weight in weights[:-1]]


@given(orders())
def test_a_larger_coupon_never_makes_the_order_dearer(order):
    lines, off, mode = order
    more = Discounts(off.reduction, off.coupon + 1, off.coupon_lines, off.points_off, off.freight)
    semantics = Semantics(discount_split=mode)
    before = sum(line.paid for line in price_order(lines, off, semantics))
    after = sum(line.paid for line in price_order(lines, more, semantics))
    assert after <= before + 3 * len(lines) * (mode not in WHOLE)
