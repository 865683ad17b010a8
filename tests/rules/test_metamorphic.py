"""Relations that must hold between two histories, each with the knobs under which it holds, and a place where not.

They need no expected amounts: they say how a change of the history changes the result.
"""

from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.cases.read import parse_case
from rules.cases.run import run_case

RANKS = ["member", "silver", "gold"]
RATES = st.sampled_from(["8%", "12.5%", "3%", "0.33%", "10%"])
PRICES = st.integers(1, 50_000)
CHAIN = [("A", None), ("B", "A"), ("C", "B"), ("D", "C")]
"""D buys; C, B, A are levels 1, 2, 3."""


def plan_of(rates, **sections):
    levels = [{"level": place, "rates": {"default": rate}} for place, rate in enumerate(rates, 1)]
    return {
        "ranks": [{"id": rank} for rank in RANKS],
        "commission": {"base": {"levels": levels}},
        "settlement": {"hold_days": 7},
        **sections,
    }


def case_of(plan, lines, ranks=None, chain=CHAIN, **order):
    members = [{"id": name, "rank": (ranks or {}).get(name, "member")} for name, _ in chain]
    for member, (_, inviter) in zip(members, chain, strict=True):
        if inviter:
            member["inviter"] = inviter
    events = [
        {"at": "2026-01-05 10:00", "order": "O1", "buyer": "D", "lines": deepcopy(lines), **order},
        {"at": "2026-01-05 10:01", "pay": "O1"},
    ]
    return {"name": "relation", "plan": plan, "members": members, "events": events}


def line(price, quantity=1, sku="milk"):
    return {"sku": sku, "price": f"{price // 100}.{price % 100:02d}", "quantity": quantity}


def totals(case):
    """What everybody has in the end, in fen; nobody with nothing is named."""
    result = run_case(parse_case(case))
    assert result.passed, result.problems
    found = {}
    for entry in result.entries:
        found[entry.member] = found.get(entry.member, 0) + entry.amount
    return {member: amount for member, amount in found.items() if amount}


@settings(max_examples=60)
@given(price=PRICES, factor=st.integers(2, 50), rates=st.lists(RATES, min_size=1, max_size=3))
def test_a_price_times_n_pays_n_times_as_much_up_to_rounding(price, factor, rates):
    plan = plan_of(rates)
    once, often = totals(case_of(plan, [line(price)])), totals(case_of(plan, [line(price * factor)]))
    for member in "ABC":
        assert 0 <= often.get(member, 0) - factor * once.get(member, 0) < factor


def test_that_fails_where_a_minimum_is_paid():
    plan = plan_of(["0.33%"])
    plan["commission"]["base"]["levels"][0]["minimum"] = "0.01"
    once, often = totals(case_of(plan, [line(1)])), totals(case_of(plan, [line(50)]))
    assert (once, often) == ({"C": 1}, {"C": 1})  # 0.0033 and 0.165 fen, both raised to one


@settings(max_examples=40)
@given(price=PRICES, rates=st.lists(RATES, min_size=1, max_size=3), place=st.integers(1, 3))
def test_somebody_who_may_not_be_paid_changes_nothing_where_levels_are_compressed(price, rates, place):
    plan = plan_of(rates, semantics={"ineligible_level": "compress"})
    for level in plan["commission"]["base"]["levels"]:
        level["ranks"] = ["member"]
    assert totals(case_of(plan, [line(price)])) == totals(
        case_of(plan, [line(price)], {"X": "gold"}, with_one_more(place))
    )


def test_that_fails_where_levels_are_skipped():
    plan = plan_of(["10%", "5%"])
    for level in plan["commission"]["base"]["levels"]:
        level["ranks"] = ["member"]
    assert totals(case_of(plan, [line(100)])) == {"C": 10, "B": 5}
    assert totals(case_of(plan, [line(100)], {"X": "gold"}, with_one_more(3))) == {"C": 5}


def with_one_more(place):
    """The chain with X put in above the person at a place."""
    chain = [["A", None], ["B", "A"], ["C", "B"], ["D", "C"]]
    above = chain[place][1]
    chain[place][1] = "X"
    return [*chain[:place], ["X", above], *chain[place:]]


@settings(max_examples=60)
@given(
    lines=st.lists(st.tuples(PRICES, st.integers(1, 4)), min_size=2, max_size=4),
    coupon=st.integers(0, 5_000),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_lines_does_not_matter_where_no_line_takes_the_rest(lines, coupon, order):
    plan = plan_of(["8%", "3%"], semantics={"discount_split": "half_up_each"})
    goods = sum(price * quantity for price, quantity in lines)
    lines = [line(price, quantity, f"sku{number}") for number, (price, quantity) in enumerate(lines)]
    turned = list(lines)
    order.shuffle(turned)
    # with less than half a fen of discount a line, no share is cut short by those before it
    coupon = f"{min(coupon, goods // 2) // 100}.00"
    first, second = (totals(case_of(plan, some, coupon=coupon)) for some in (lines, turned))
    assert all(abs(first.get(member, 0) - second.get(member, 0)) <= len(lines) for member in "BC")
    assert totals(case_of(plan, lines)) == totals(case_of(plan, turned))


def test_that_fails_where_the_last_line_takes_the_rest():
    plan = plan_of(["10%"], semantics={"discount_split": "truncate"})
    lines = [line(10), line(73)]  # 0.50 off 0.83: 6.02 and the rest, 44: paid 4 and 29 fen, or 43.98 first: 30 and 3
    assert totals(case_of(plan, lines, coupon="0.50")) == {"C": 2}
    assert totals(case_of(plan, lines[::-1], coupon="0.50")) == {"C": 3}


@settings(max_examples=40)
@given(hundreds=st.lists(st.integers(1, 500), min_size=2, max_size=4), rates=st.lists(RATES, min_size=1, max_size=3))
def test_an_order_may_be_split_where_nothing_rounds(hundreds, rates):
    plan = plan_of(rates)
    lines = [line(10_000 * number, sku=f"sku{number}") for number in hundreds]
    whole = totals(case_of(plan, lines))
    parts = [totals(case_of(plan, [one])) for one in lines]
    assert whole == {member: sum(part.get(member, 0) for part in parts) for member in whole}


def test_that_fails_where_an_order_is_rounded_as_a_whole_or_capped():
    plan = plan_of(["10%"], caps={"order_ratio": "30%"}, bonuses=[])
    plan["commission"]["base"]["levels"][0]["skus"] = {"sku1": {"fixed": "0.50"}}
    lines = [line(100, sku="sku1"), line(900, sku="sku2")]
    assert totals(case_of(plan, lines)) == {"C": 140}  # 50 + 90 of 1000 fen, within 300
    assert [totals(case_of(plan, [one])) for one in lines] == [{"C": 30}, {"C": 90}]  # 50 is over 30 % of 1.00


@settings(max_examples=40)
@given(price=PRICES, rates=st.lists(RATES, min_size=3, max_size=3), rank=st.sampled_from(RANKS))
def test_uplines_of_equal_rank_may_change_places(price, rates, rank):
    plan = plan_of(rates, commission={"base": {"levels": by_rank(rates)}})
    ranks = dict.fromkeys("AB", rank)
    one = totals(case_of(plan, [line(price)], ranks))
    other = totals(case_of(plan, [line(price)], ranks, [("B", None), ("A", "B"), ("C", "A"), ("D", "C")]))
    assert (one.get("A"), one.get("B"), one.get("C")) == (other.get("B"), other.get("A"), other.get("C"))


def by_rank(rates):
    """Levels at which gold gets twice the rate."""
    return [
        {"level": place, "rates": {"default": rate}, "by_rank": {"gold": {"default": doubled(rate)}}}
        for place, rate in enumerate(rates, 1)
    ]


def doubled(rate):
    return f"{2 * round(float(rate[:-1]) * 100) / 100}%"


def test_that_fails_for_uplines_of_unequal_rank():
    plan = plan_of([], commission={"base": {"levels": by_rank(["10%", "5%", "3%"])}})
    one = totals(case_of(plan, [line(100)], {"A": "gold"}))
    other = totals(case_of(plan, [line(100)], {"A": "gold"}, [("B", None), ("A", "B"), ("C", "A"), ("D", "C")]))
    assert (one["A"], one["B"]) == (6, 5)
    assert (other["A"], other["B"]) == (10, 3)


@settings(max_examples=60)
@given(
    price=PRICES,
    quantity=st.integers(1, 5),
    received=st.booleans(),
    rates=st.lists(RATES, min_size=1, max_size=3),
    rounding=st.sampled_from(["floor", "ceil", "half_up"]),
    after=st.sampled_from(["2026-01-06 10:00", "2026-02-20 10:00"]),
)
def test_refunding_everything_is_as_if_nothing_was_ordered(price, quantity, received, rates, rounding, after):
    plan = plan_of(rates, semantics={"clawback_rounding": rounding})
    plan["commission"]["ladder"] = {"brackets": [{"from": 0, "rate": "5%"}]}
    plan["bonuses"] = [{"id": "newcomer", "event": "first_promoted_order", "pay": 5}]
    case = case_of(plan, [line(price, quantity)])
    case["events"] += [{"at": "2026-01-06 09:00", "receive": "O1"}] if received else []
    case["events"] += [{"at": after, "refund": "O1", "line": 1, "quantity": 1}] if quantity > 1 else []
    case["events"] += [{"at": after, "refund": "O1"}]
    assert totals(case) == {}


def test_that_fails_where_a_platform_does_not_claw_back():
    plan = plan_of(["10%"], semantics={"refund_after_payout": "none"})
    case = case_of(plan, [line(10_000)])
    case["events"] += [{"at": "2026-01-06 09:00", "receive": "O1"}, {"at": "2026-02-20 10:00", "refund": "O1"}]
    assert totals(case) == {"C": 1_000}


@settings(max_examples=40)
@given(price=PRICES, rates=st.lists(RATES, min_size=3, max_size=3), place=st.sampled_from("ABC"))
def test_a_higher_rank_never_lowers_ones_own_pay_where_rates_rise_with_rank(price, rates, place):
    plan = plan_of([], commission={"base": {"levels": by_rank(rates)}})
    low = totals(case_of(plan, [line(price)], {place: "silver"}))
    high = totals(case_of(plan, [line(price)], {place: "gold"}))
    assert high.get(place, 0) >= low.get(place, 0)


@settings(max_examples=60)
@given(
    prices=st.lists(PRICES, min_size=1, max_size=3),
    cap=st.integers(0, 30),
    less=st.integers(0, 30),
    trim=st.sampled_from(["far_levels_first", "pro_rata", "bonuses_first"]),
    day=st.integers(1, 2_000),
)
def test_a_tighter_cap_pays_no_more(prices, cap, less, trim, day):
    loose = {"order_ratio": f"{cap}%", "member_day": f"{day // 100 + 1}.00", "trim": trim}
    tight = {"order_ratio": f"{max(0, cap - less)}%", "member_day": f"{day // 200}.50", "trim": trim}
    bonus = [{"id": "newcomer", "event": "first_promoted_order", "pay": 3}]
    lines = [line(price) for price in prices]
    wide, narrow = (
        totals(case_of(plan_of(["12.5%", "8%", "3%"], caps=caps, bonuses=bonus), lines)) for caps in (loose, tight)
    )
    assert sum(narrow.values()) <= sum(wide.values())
