"""What each line pays: known splits of live platforms, and what holds for every order."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.plan.semantics import Semantics
from rules.pricing import BasketLine, Discounts, price_order, split

MODES = ("truncate", "ratio4", "half_up", "half_up_each")


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


@pytest.mark.parametrize(
    ("mode", "shares"),
    [
        ("truncate", [33, 33, 34]),
        ("ratio4", [33, 33, 34]),
        ("half_up", [33, 33, 34]),
        ("half_up_each", [33, 33, 33]),
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
    assert split(3, [1_00, 1_00], "half_up_each") == [2, 1]  # shares stop where the discount is used up
    assert split(5, [1_00, 1_00, 1_00], "half_up_each") == [2, 2, 1]
    assert split(4, [1_00, 1_00, 1_00], "half_up_each") == [1, 1, 1]


def test_what_the_last_line_cannot_take_goes_to_the_line_before():
    assert split(99, [1] * 100, "truncate") == [0] + [1] * 99
    assert split(10, [30, 0], "truncate") == [10, 0]
    assert split(5, [4, 1, 1], "truncate") == [3, 1, 1]


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
    if off.coupon_lines is None and mode != "half_up_each":
        left -= min(off.coupon, left)
        left -= min(off.points_off, left)
        assert given_off == total - left
    assert given_off <= min(total, off.reduction + off.coupon + off.points_off)
    assert sum(line.freight for line in priced) == off.freight + sum(line.freight for line in lines)


@given(st.lists(fen, min_size=1, max_size=8), fen, st.sampled_from(MODES))
def test_shares_fit_their_lines_and_sum_to_the_amount(weights, amount, mode):
    shares = split(amount, weights, mode)
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))
    whole = min(amount, sum(weights))
    assert sum(shares) <= whole
    if mode != "half_up_each":
        assert sum(shares) == whole


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
    assert after <= before + len(lines) * (mode == "half_up_each")
