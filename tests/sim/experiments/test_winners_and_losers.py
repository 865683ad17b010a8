from __future__ import annotations

import numpy as np

from sim.experiments.gains import Earned, Turn, gains_of


def earned(**fen: int) -> Earned:
    """`p3=500`: person 3 has earned 500 fen."""
    return Earned.of(np.array([int(name[1:]) for name in fen]), np.array(list(fen.values())))


def test_winners_and_losers_are_told_apart_person_by_person():
    # 1 gains 50, 2 loses 30, 3 has the same, 4 had nothing and gains 70, 5 loses all of 90, 6 never has anything.
    before = earned(p1=100, p2=100, p3=200, p5=90, p6=0)
    after = earned(p1=150, p2=70, p3=200, p4=70, p6=0)
    found = gains_of("other", [before], [after])
    assert found.whole == Turn(more=2, less=2, same=1, before=490, after=490)
    assert (found.gained, found.lost) == (60, 60)


def test_fifths_go_by_what_both_plans_pay_together():
    # Sums: 1 → 70, 2 → 90, 3 → 170, 4 → 250, 5 → 400; one person a fifth.
    before = earned(p1=0, p2=90, p3=100, p4=100, p5=200)
    after = earned(p1=70, p2=0, p3=70, p4=150, p5=200)
    fifths = gains_of("other", [before], [after]).fifths
    assert [(one.before, one.after) for one in fifths] == [(0, 70), (90, 0), (100, 70), (100, 150), (200, 200)]
    assert [(one.more, one.less, one.same) for one in fifths] == [(1, 0, 0), (0, 1, 0), (0, 1, 0), (1, 0, 0), (0, 0, 1)]


def test_people_are_means_of_replications_and_amounts_means_of_people():
    # First replication: one gains 100; second: one gains 300, one loses 40.
    found = gains_of("other", [earned(p1=0), earned(p1=0, p2=50)], [earned(p1=100), earned(p1=300, p2=10)])
    assert found.whole == Turn(more=1, less=0.5, same=0, before=25, after=205)
    assert (found.gained, found.lost) == (200, 40)


def test_where_nobody_earns_there_is_nothing_to_say():
    assert gains_of("other", [Earned()], [earned(p1=0)]) is None
