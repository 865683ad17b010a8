"""Reviewers: so many a day, the worst first, and nearly always right."""

from __future__ import annotations

import numpy as np

from sim.draws import key
from sim.risk.review import Reviews
from sim.risk.rules import Reviewers
from sim.risk.truth import Truth

LUCK = key(1, 307)


def reviews(people: int, cheats: list[int], *, a_day: int = 1000, finds: str = "100%", errs: str = "0%") -> Reviews:
    truth = Truth.honest(people)
    truth.kind[cheats] = 1
    return Reviews(Reviewers(cases_a_day=a_day, finds=finds, errs=errs), truth, LUCK)


def credit(people: int, **given: int) -> np.ndarray:
    scores = np.full(people, 50, np.int16)
    for member, score in given.items():
        scores[int(member[1:])] = score
    return scores


def test_the_least_credit_first_then_who_waits_longest_then_the_number():
    one = reviews(9, [], a_day=2)
    one.open(0, np.array([6, 7]))
    one.open(1, np.array([2, 3, 8]))
    scores = credit(9, m3=20)
    days = [one.work(day, scores).released.tolist() for day in (2, 3, 4, 5)]
    assert days == [[3, 6], [7, 2], [8], []]
    assert one.closed[["member", "opened", "closed"]].tolist() == [
        (3, 1, 2), (6, 0, 2), (7, 0, 3), (2, 1, 3), (8, 1, 4),
    ]  # fmt: skip
    assert one.waiting.tolist() == []


def test_without_reviewers_everybody_waits():
    one = reviews(3, [0], a_day=0)
    one.open(0, np.array([0, 1]))
    decided = one.work(1, credit(3))
    assert (len(decided.released), len(decided.condemned), one.waiting.tolist()) == (0, 0, [0, 1])


def test_certainty_is_exact_both_ways():
    everybody, cheats = np.arange(2000), list(range(0, 2000, 2))
    right = reviews(2000, cheats, a_day=2000)
    right.open(0, everybody)
    assert right.work(1, credit(2000)).condemned.tolist() == cheats
    assert right.closed["condemned"].sum() == 1000
    wrong = reviews(2000, cheats, a_day=2000, finds="0%", errs="100%")
    wrong.open(0, everybody)
    assert wrong.work(1, credit(2000)).released.tolist() == cheats


def test_parts_are_kept_in_the_mean():
    one = reviews(20_000, list(range(10_000)), a_day=20_000, finds="90%", errs="10%")
    one.open(0, np.arange(20_000))
    condemned = one.work(1, credit(20_000)).condemned
    assert 8_850 < (condemned < 10_000).sum() < 9_150  # 9,000, standard deviation 30
    assert 850 < (condemned >= 10_000).sum() < 1_150


def test_luck_is_a_members_own_and_new_at_every_review():
    alone, among = (reviews(2000, [], errs="50%", a_day=2000) for _ in range(2))
    some = np.arange(0, 2000, 3)
    alone.open(0, some)
    among.open(4, np.arange(2000))
    first = set(alone.work(1, credit(2000)).condemned.tolist())
    all_first = set(among.work(9, credit(2000, m0=1)).condemned.tolist())
    assert first == {member for member in all_first if member % 3 == 0}
    alone.open(2, some)
    second = set(alone.work(3, credit(2000)).condemned.tolist())
    assert 267 < len(first ^ second) < 400  # of 667: another coin, mean 333
