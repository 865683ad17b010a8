"""Messages: when they are due, who opens them, who refuses; the more, the fewer."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.plan.read import read_plan
from scenarios.find import find
from sim.behaviour.messages import Mailing, deliver, due


def plan_with(per_week: int, more: str = ""):
    text, file = find("plans", "three_tier")
    return read_plan(f"{text}messages: {{per_week: {per_week}, cost: 0.03{more}}}\n", file)


def test_so_many_days_of_every_seven_have_a_message():
    for per_week in range(1, 8):
        days = [due(day, per_week) for day in range(70)]
        assert sum(days[:7]) == per_week
        assert days == days[:7] * 10
    assert [day for day in range(7) if due(day, 2)] == [3, 6]


def sent_to(lately, **options):
    count = len(lately)
    given = {"gone": np.zeros(count, np.bool_), "shares": np.zeros(count, np.uint32), "promoters": False} | options
    opens = 0.4 / (1 + 0.5 * np.arange(256))
    quits = np.minimum(0.05 * (1 + np.arange(256)), 1)
    heard, refuses = np.array(lately, np.uint8), options.get("refuses", np.zeros(count, np.bool_))
    out, (counts, sent) = np.empty(count + 1, np.int32), np.zeros((2, 64), np.int64)
    deliver(
        0, 64, 12345, np.arange(count, dtype=np.int32), given["gone"], given["shares"], np.zeros(count, np.uint16),
        given["promoters"], opens, quits, heard, refuses, out, counts, sent,
    )  # fmt: skip
    return int(counts.sum()), int(refuses.sum()), int(sent.sum()), heard


def test_the_more_somebody_got_lately_the_fewer_she_opens_and_the_likelier_she_refuses():
    """10,000 people each: 0.4 open the first, 0.4 / 3 after four; 5 % refuse, 25 % after four. Five standard deviations
    are at most 250 people."""
    fresh, weary = sent_to([0] * 10_000), sent_to([4] * 10_000)
    assert fresh[0] == pytest.approx(4000, abs=250)
    assert weary[0] == pytest.approx(1333, abs=250)
    assert fresh[1] == pytest.approx(500, abs=250)
    assert weary[1] == pytest.approx(2500, abs=250)
    assert set(fresh[3].tolist()) == {1}


def test_neither_the_gone_nor_who_refused_gets_any_and_promoters_are_who_has_shared():
    gone, refuses = np.array([True, False, False, False]), np.array([False, True, False, False])
    assert sent_to([0] * 4, gone=gone, refuses=refuses)[2] == 2
    shares = np.array([0, 5, 0, 1], np.uint32)
    assert sent_to([0] * 4, shares=shares, promoters=True)[2] == 2


def test_messages_cost_money_and_hurry_orders():
    behaviour = {"visits": 0.2, "organic": 0.01, "open_rate": 0.8, "message_order": 0.9}
    plain, written = (
        worlds.model(1500, 50, plan=plan, behaviour=behaviour).run() for plan in (worlds.plan(), plan_with(3))
    )
    mailing = written.programmes.lives.mailing
    assert mailing.cost == 3 * mailing.sent == written.metrics.flows()["programme_cost"].sum() > 0
    assert mailing.hurried > 20
    assert written.metrics.totals()["orders"] > plain.metrics.totals()["orders"]


def test_what_was_got_lately_halves_by_the_week():
    mailing = Mailing(3)
    mailing._heard[:] = [0, 3, 8]
    mailing.end_week()
    assert mailing._heard.tolist() == [0, 1, 4]
