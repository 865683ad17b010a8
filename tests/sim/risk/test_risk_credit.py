"""Credit: points, the floor, what time and a release take away."""

from __future__ import annotations

import numpy as np

from sim.risk.credit import TRUSTED_DAYS, Credit, found
from sim.risk.rules import Points, RiskRules, Sign


def credit(**points: int) -> Credit:
    return Credit(RiskRules(points=Points(**points), forgive=4), 4)


def take(one: Credit, day: int, *signs: tuple[Sign, int]) -> np.ndarray:
    return one.take(day, np.concatenate([found(sign, np.array([member]), 7, 5) for sign, member in signs]))


def test_a_sign_costs_its_points_each_time():
    one = credit(text=20, burst=15)
    rows = take(one, 3, (Sign.text, 1), (Sign.burst, 1), (Sign.text, 2), (Sign.text, 1))
    assert one.now.tolist() == [100, 45, 80, 100]  # 100 - 20 - 15 - 20
    assert rows.tolist() == [(3, 1, 8, 20, 7, 5), (3, 1, 2, 15, 7, 5), (3, 2, 8, 20, 7, 5), (3, 1, 8, 20, 7, 5)]


def test_every_sign_has_points_of_its_own():
    worth = {sign: 3 * number for number, sign in enumerate(Sign, 1)}
    for sign, points in worth.items():
        one = credit(**{other.name: value for other, value in worth.items()})
        take(one, 0, (sign, 0))
        assert one.now[0] == 100 - points


def test_credit_never_falls_below_zero_and_comes_back_from_there():
    one = credit(circle=70)
    take(one, 0, *[(Sign.circle, 0)] * 500)  # 35,000 points are more than 16 bits hold
    assert one.now[0] == 0
    one.forgive()
    assert one.now.tolist() == [4, 100, 100, 100]


def test_time_takes_points_away_but_no_more_than_there_are():
    one = credit(text=10)
    take(one, 0, (Sign.text, 3))
    scores = []
    for _ in range(4):
        one.forgive()
        scores.append(int(one.now[3]))
    assert scores == [94, 98, 100, 100]
    assert one.lowest.tolist() == [100, 100, 100, 90]


def test_after_a_release_signs_do_not_count_for_a_while():
    one = credit(circle=45)
    take(one, 0, (Sign.circle, 0), (Sign.circle, 1))
    one.restore(5, np.array([0], np.int32))
    assert one.now.tolist() == [100, 55, 100, 100]
    assert one.lowest.tolist() == [55, 55, 100, 100]  # what was, was
    believed = take(one, 5 + TRUSTED_DAYS, (Sign.circle, 0), (Sign.circle, 1))
    assert believed["member"].tolist() == [1]
    assert one.now.tolist() == [100, 10, 100, 100]
    assert take(one, 6 + TRUSTED_DAYS, (Sign.circle, 0))["member"].tolist() == [0]
    assert one.now[0] == 55
