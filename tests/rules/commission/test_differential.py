"""Differential and peer bonus: what is paid in all, whatever stands in the chain; CRMEB's tree is a case file."""

import pytest
from chains import sell
from hypothesis import given
from hypothesis import strategies as st

RANKS = ("customer", "staff", "agent", "division")
LISTED = RANKS[1:]

rates = st.fixed_dictionaries({rank: st.integers(0, 1_000_000) for rank in LISTED})
chain = st.lists(st.sampled_from(RANKS), min_size=1, max_size=10)
prices = st.integers(0, 1_000_000)


def plan(rates, base=None, **differential):
    commission = {"differential": {"rates": {rank: f"0.{rate:06d}"[:8] for rank, rate in rates.items()}} | differential}
    for rank, rate in rates.items():
        if rate == 1_000_000:
            commission["differential"]["rates"][rank] = "100%"
    if base:
        commission["base"] = {"levels": base}
    return {"ranks": [{"id": rank} for rank in RANKS], "commission": commission}


def highest(rates, chain):
    """The highest rate of the first eight people: nobody further up is looked at."""
    return max((rates[rank] for rank in chain[:8] if rank in rates), default=0)


@given(rates=rates, chain=chain, price=prices)
def test_amounts_pay_exactly_the_highest_rate_of_the_chain(rates, chain, price):
    paid = sell(plan(rates, difference="amounts"), chain, price)
    assert sum(amount for _, _, amount in paid) == price * highest(rates, chain) // 1_000_000
    assert all(amount > 0 for _, _, amount in paid)


@given(rates=rates, chain=chain, price=prices)
def test_rates_pay_at_most_the_highest_rate_and_lose_less_than_a_fen_each(rates, chain, price):
    paid = sell(plan(rates), chain, price)
    whole = price * highest(rates, chain) // 1_000_000
    assert whole - len(LISTED) < sum(amount for _, _, amount in paid) <= whole


@given(
    rates=rates,
    chain=chain,
    price=prices,
    fixed=st.integers(0, 5_000),
    difference=st.sampled_from(["rates", "amounts"]),
    exclusive=st.booleans(),
)
def test_with_base_counted_the_highest_rate_or_the_base_alone_is_the_most(
    rates, chain, price, fixed, difference, exclusive
):
    """Whatever level 1 gets fixed, and however large: it is below everybody, so it counts for everybody."""
    base = [{"level": 1, "rates": {"default": {"fixed": f"{fixed // 100}.{fixed % 100:02d}"}}}]
    paid = sell(plan(rates, base, difference=difference, exclusive=exclusive), chain, price)
    whole = price * highest(rates, chain) // 1_000_000
    own = sum(amount for component, _, amount in paid if component == "base")
    assert own in ({0} if exclusive and chain[0] in LISTED else {fixed})
    assert sum(amount for _, _, amount in paid) <= max(whole, own)
    if difference == "amounts":
        assert sum(amount for _, _, amount in paid) == max(whole, own)


TREE = {"staff": 200_000, "agent": 400_000, "division": 600_000}


def test_a_rank_is_looked_for_only_as_far_up_as_its_depth():
    up = ["customer", "staff", "customer", "agent"]
    # staff 20 %, agent 40 - 20
    assert sell(plan(TREE), up) == [("differential", 2, 20_00), ("differential", 4, 20_00)]
    # staff is looked for one person up and stands two up: the agent gets all 40 %
    assert sell(plan(TREE, depth={"staff": 1}), up) == [("differential", 4, 40_00)]
    assert sell(plan(TREE, depth=3), up) == [("differential", 2, 20_00)]


def test_beyond_its_depth_a_rank_keeps_its_base_entry():
    base = [{"level": 1, "rates": {"default": "10%"}}, {"level": 2, "rates": {"default": "5%"}}]
    settings = {"exclusive": True, "depth": {"staff": 1}}
    assert sell(plan(TREE, base, **settings), ["customer", "staff"]) == [("base", 1, 10_00), ("base", 2, 5_00)]
    assert sell(plan(TREE, base, **settings), ["staff"]) == [("differential", 1, 20_00)]


def test_an_exclusive_holder_keeps_the_level():
    """Level 2 stays level 2 though the person of level 1 earns by differential: nobody moves up."""
    base = [{"level": 1, "rates": {"default": "10%"}}, {"level": 2, "rates": {"default": "5%"}}]
    compress = plan(TREE, base, exclusive=True) | {"semantics": {"ineligible_level": "compress"}}
    # 5 % of level 2 is below the division: 60 - 20 - 5
    assert sell(compress, ["staff", "customer", "division"]) == [
        ("base", 2, 5_00),
        ("differential", 1, 20_00),
        ("differential", 3, 35_00),
    ]


def test_clamped_rates_count_what_the_base_states_even_where_nobody_may_be_paid():
    base = [{"level": 1, "rates": {"default": "10%"}, "ranks": ["division"]}]
    # the customer may not be paid; CRMEB takes the 10 % off the agent all the same, the other ways do not
    assert sell(plan(TREE, base, difference="clamped_rates"), ["customer", "agent"]) == [("differential", 2, 30_00)]
    assert sell(plan(TREE, base), ["customer", "agent"]) == [("differential", 2, 40_00)]


def test_a_fixed_amount_counts_as_its_share_rounded_up():
    base = [{"level": 1, "rates": {"default": {"fixed": 1}}}]
    # 1 of 3.00 is 33.3333… %, rounded up to 33.3334 %: 40 - 33.3334 = 6.6666 % of 3.00 = 0.199998 → 0.19
    assert sell(plan(TREE, base), ["customer", "agent"], 3_00) == [("base", 1, 1_00), ("differential", 2, 19)]


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        # staff 20, the agent 20; the second person is staff too: 10 % of 20
        ({"rate": "10%"}, [("peer", 2, 2_00)]),
        # both further staff; the fifth person stands above the agent, which does not matter
        ({"rate": "10%", "generations": 2}, [("peer", 2, 2_00), ("peer", 4, 2_00)]),
        ({"rate": "10%", "ranks": ["agent"]}, []),
        ({"rate": "1%", "of": "sale"}, [("peer", 2, 1_00)]),
        # 0.0033 % of 20 is less than a fen
        ({"rate": "0.0033%"}, []),
    ],
)
def test_peers(peer, expected):
    settings = plan(TREE)
    settings["commission"]["peer"] = peer
    found = sell(settings, ["staff", "staff", "agent", "staff", "customer"])
    assert [one for one in found if one[0] == "peer"] == expected
    assert [one for one in found if one[0] != "peer"] == [("differential", 1, 20_00), ("differential", 3, 20_00)]


def test_who_is_paid_by_differential_is_no_peer():
    """Only CRMEB's way pays two of one rank: the staff between lets the second agent have 40 - 20."""
    settings = plan(TREE, difference="clamped_rates")
    settings["commission"]["peer"] = {"rate": "10%"}
    found = sell(settings, ["agent", "staff", "agent", "agent"])
    # agents at 1 and 3 earn by differential; the one at 4 is the peer of both: 10 % of 40, 10 % of 20
    assert found == [
        ("differential", 1, 40_00),
        ("differential", 3, 20_00),
        ("peer", 4, 4_00),
        ("peer", 4, 2_00),
    ]
