"""Marks: counted by hand on eight people."""

from __future__ import annotations

import numpy as np
import pytest
from evidence import START, Ledger

from rules.records import WithdrawalStatus
from sim.risk.credit import LINES, found
from sim.risk.desk import Desk
from sim.risk.marks import Group, Marks, Point, SignMarks, marks_of
from sim.risk.rules import RiskRules, Sign
from sim.risk.traces import Traces
from sim.risk.truth import Truth


def marks(act: bool = True) -> Marks:
    """0 and 1 are rings, 2 a thief without an account; 4 was attacked; 7 was turned away at the door."""
    truth = Truth.honest(8)
    truth.kinds = ["ring", "thief"]
    truth.kind[:3] = [1, 1, 2]
    truth.attacked[4] = 3
    truth.stolen = {0, 1, 9}
    desk = Desk(RiskRules(act=act), Traces.apart(8), truth, 1, START)
    desk.credit.lowest[:] = [40, 70, 0, 55, 50, 100, 80, 100]
    desk.credit.fell[:] = np.where(desk.credit.lowest[:, None] < np.array(desk.credit.lines), 9, -1)
    desk.gate.shut_out[7] = True
    desk.frozen_days[[0, 3]] = [9, 2]
    desk.condemned[[0, 3]] = True
    desk.stopped = [1, 5, 5]
    desk.reviews.open(0, np.array([0, 3]))
    desk.reviews.work(1, desk.credit.now)
    desk._findings = [found(Sign.outside, np.array([0, 3, 4, 0]), 50, 50), found(Sign.text, np.array([6]), 1, 1)]
    book = Ledger(8, [0, 1, 3, 4, 5, 6])
    book.members["withdrawn"][[0, 3]] = [100_00, 50_00]
    for member, fen, status in ((3, 50_00, "paid"), (4, 30_00, "failed"), (0, 100_00, "paid")):
        book.add("withdrawals", member=member, amount=fen, status=WithdrawalStatus[status])
    truth.care[:3] = [0.1, 0.5, 0.9]
    return marks_of(desk, book)


def test_what_is_caught_rightly_and_wrongly():
    """Below 60 are 0, who cheats, 3 and 7, who do not, and 4, whom a stranger had logged in to."""
    told = marks()
    assert told.at == Point(60, 1, 2, 2, 10.0)  # 0 joined the day before the first, and fell on day 9
    assert (told.at.recall, told.at.precision) == (0.5, pytest.approx(1 / 3))
    assert told.line == 60


def test_the_curve_has_a_point_for_every_fifth_credit():
    told = {point.below: (point.caught, point.wrong) for point in marks().curve}
    assert list(told) == list(LINES) == list(range(5, 101, 5))
    # 7 was turned away whatever the line; 0 has 40, 3 has 55, 1 has 70, 6 has 80, and each is below the next line
    assert [told[below] for below in (40, 45, 55, 60, 70, 75, 80, 85, 100)] == [
        (0, 1), (1, 1), (1, 1), (1, 2), (1, 2), (2, 2), (2, 2), (2, 3), (2, 3),
    ]  # fmt: skip


def test_a_desk_that_only_watches_turns_nobody_away():
    told = marks(act=False)
    assert told.at == Point(60, 1, 1, 2, 10.0)
    assert told.turned_away == 0
    assert marks().turned_away == 1


def test_kinds_and_care():
    told = marks()
    assert told.kinds == (Group("ring", 2, 1, 100_00), Group("thief", 0, 0, 0))
    assert told.care == (Group("careless", 1, 1, 100_00), Group("middling", 1, 0, 0), Group("careful", 0, 0, 0))


def test_signs_are_right_about_cheats_and_about_the_attacked():
    assert marks().signs == (SignMarks(Sign.text, 1, 1, 0), SignMarks(Sign.outside, 4, 3, 2))


def test_money():
    told = marks()
    assert (told.thefts, told.thefts_paid, told.loss) == (3, 50_00, 150_00)
    assert (told.reviews, told.review_cost, told.condemned_wrongly) == (2, 16_00, 1)
    assert (told.frozen, told.frozen_days, told.frozen_cost) == (1, 2, 10_00)
    assert (told.cost, told.owners_stopped) == (26_00, 1)


def test_nobody_to_catch_and_nobody_caught():
    assert (Point(60, 0, 0, 0).recall, Point(60, 0, 0, 3).precision) == (None, None)
    assert (Point(60, 0, 0, 3).recall, Point(60, 0, 2, 0).precision) == (0.0, 0.0)
