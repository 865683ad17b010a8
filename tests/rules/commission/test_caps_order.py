"""What gives way over the order cap, worked by hand, and base levels that are a rate of level 1's commission."""

import pytest
from chains import sell

PLAN = {
    "ranks": [{"id": "customer"}, {"id": "staff"}, {"id": "agent"}, {"id": "city"}],
    "commission": {
        "base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]},
        "differential": {"rates": {"staff": "5%", "agent": "8%"}, "counts_base": False},
        "peer": {"rate": "40%", "ranks": ["staff"]},
        "area": {"rates": {"city": "4%"}},
        "margin": {"prices": {"staff": "99%", "agent": "97%"}},
    },
    "bonuses": [{"id": "first", "event": "first_promoted_order", "pay": 6}],
}
CHAIN = ["staff", "staff", "agent"]
# 100.00: base 10; differential 5 to the first, 8 - 5 to the third; peer 40 % of 5 to the second; area 4;
# margin 100 - 99 to the first, 99 - 97 to the third; bonus 6. Together 33.
PARTS = [
    ("base", 1, 10),
    ("differential", 1, 5),
    ("differential", 3, 3),
    ("peer", 2, 2),
    ("area", 0, 4),
    ("margin", 1, 1),
    ("margin", 3, 2),
    ("bonus", 1, 6),
]


@pytest.mark.parametrize(
    ("trim", "ratio", "cut"),
    [
        ("far_levels_first", 33, {}),
        # 5 over: the area's 4, 1 of the peer
        ("far_levels_first", 28, {4: 0, 3: 1}),
        # 10 over: area 4, peer 2, differential of the third 3, 1 of the first
        ("far_levels_first", 23, {4: 0, 3: 0, 2: 0, 1: 4}),
        # 19 over: area 4, peer 2, differential 3 + 5, margin 2 + 1, base 2
        ("far_levels_first", 14, {4: 0, 3: 0, 2: 0, 1: 0, 6: 0, 5: 0, 0: 8}),
        # 30 over: all but 3 of the bonus
        ("far_levels_first", 3, {4: 0, 3: 0, 2: 0, 1: 0, 6: 0, 5: 0, 0: 0, 7: 3}),
        ("bonuses_first", 28, {7: 1}),
        ("bonuses_first", 22, {7: 0, 4: 0, 3: 1}),
    ],
)
def test_what_gives_way_over_the_cap_of_an_order(trim, ratio, cut):
    left = [(name, place, cut.get(number, amount) * 100) for number, (name, place, amount) in enumerate(PARTS)]
    plan = PLAN | {"caps": {"order_ratio": f"{ratio}%", "trim": trim}}
    assert sell(plan, CHAIN, agents=["city"]) == [one for one in left if one[2]]


def test_pro_rata_cuts_everything_alike():
    plan = PLAN | {"caps": {"order_ratio": "11%", "trim": "pro_rata"}}
    # 11 of 33: a third of each, rounded down
    third = [(name, place, amount * 100 // 3) for name, place, amount in PARTS]
    assert sell(plan, CHAIN, agents=["city"]) == third


def test_the_daily_cap_holds_for_all_of_them():
    plan = PLAN | {"caps": {"member_day": 12}}
    # in the order of writing: base 10 and 2 of the differential to the first, then nothing more of the day
    assert sell(plan, CHAIN, agents=["city"]) == [
        ("base", 1, 10_00),
        ("differential", 1, 2_00),
        ("differential", 3, 3_00),
        ("peer", 2, 2_00),
        ("area", 0, 4_00),
        ("margin", 3, 2_00),
    ]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"default": "20%"}, {"default": "10%"}, [("base", 1, 20_00), ("base", 2, 2_00)]),
        # a fixed amount is a commission too; a fixed amount of the second level stays one
        ({"default": {"fixed": 3}}, {"default": "10%"}, [("base", 1, 3_00), ("base", 2, 30)]),
        ({"default": "20%"}, {"default": {"fixed": 1}}, [("base", 1, 20_00), ("base", 2, 1_00)]),
        # nothing of nothing
        ({"default": "0%"}, {"default": "10%"}, []),
    ],
)
def test_a_level_as_a_rate_of_level_1(first, second, expected):
    levels = [{"level": 1, "rates": first}, {"level": 2, "rates": second, "of": "level_1_commission"}]
    plan = {"ranks": [{"id": "customer"}], "commission": {"base": {"levels": levels}}}
    assert sell(plan, ["customer", "customer"]) == expected
