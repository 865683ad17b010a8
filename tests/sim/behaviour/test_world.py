"""What behaviours share: the agenda, the members, the order of a day's events, parameters and numbers of decisions."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
import worlds
from pydantic import ValidationError

from rules.events import DAY, Kind, blank
from sim.behaviour.parameters import Behaviour, settled
from sim.behaviour.purposes import Decision
from sim.behaviour.world import Agenda
from sim.draws import Purpose
from sim.rows import blanks, events_of, together, within_runs


def test_the_agenda_keeps_events_for_their_days():
    agenda = Agenda(10)
    times = np.array([12, 10, 12, 15, 10]) * DAY + np.array([5, 1, 2, 0, 3])
    agenda.put(events_of(Kind.pay, times, order=np.arange(5)))
    agenda.put(events_of(Kind.ship, times[:1], order=np.array([9])))
    assert [group["order"].tolist() for group in agenda.take(2)] == [[0, 2], [9]]
    assert [group["order"].tolist() for group in agenda.take(0)] == [[1, 4]]
    assert agenda.take(1) == agenda.take(2) == []
    agenda.put(blank(0))


def test_events_of_a_day_are_sorted_by_time_order_and_line():
    world = worlds.model(100, 10).world
    world.day = 2
    world.emit(Kind.share, np.array([50, 10]), member=np.array([1, 2]))
    world.emit(Kind.order, np.array([50, 50, 50]), order=np.array([4, 3, 3]), line=np.array([1, 2, 1]))
    world.agenda.put(events_of(Kind.ship, np.array([world.midnight + 50]), order=np.array([1])))
    events = world.day_events()
    assert [(int(e["kind"]), int(e["order"]), int(e["line"])) for e in events] == [
        (2, -1, 0), (2, -1, 0), (7, 1, 0), (4, 3, 1), (4, 3, 2), (4, 4, 1),
    ]  # fmt: skip
    assert events["member"][:2].tolist() == [2, 1]
    assert len(world.day_events()) == 0


def test_members_grow_and_are_put_in_order():
    world = worlds.model(1000, 10).world
    world.admit(np.arange(500, 700, dtype=np.int32))
    world.admit(np.arange(100, dtype=np.int32))
    assert world.members.tolist() == [*range(500, 700), *range(100)]
    world.crowd["fatigue"] = 5
    world.end_week()
    assert world.members.tolist() == [*range(100), *range(500, 700)]
    assert (world.crowd["fatigue"] == 2).all()


def test_blank_rows_are_those_of_the_log():
    assert blanks(3).tobytes() == blank(3).tobytes()
    assert len(together([])) == 0
    assert together([blank(1), blank(2)]).tobytes() == blank(3).tobytes()


def test_within_runs():
    assert within_runs(np.array([4, 4, 7, 4, 4, 4])).tolist() == [0, 1, 0, 0, 1, 2]
    assert within_runs(np.array([])).tolist() == []


def test_no_two_decisions_share_their_luck():
    numbers = [int(one) for one in [*Purpose, *Decision]]
    assert len(set(numbers)) == len(numbers)


def test_parameters_from_a_scenarios_assumptions():
    given = settled({"r": Decimal("0.3"), "click": [Decimal("0.02"), Decimal("0.04")], "seeds": 7})
    assert (given.r, given.click, given.seeds) == (0.3, pytest.approx(0.03), 7)
    assert settled({"weekday_traffic": [1, 1, 1, 1, 1, 2, 2]}).weekday_traffic[-1] == 2
    assert Behaviour(local="62%").local == pytest.approx(0.62)


@pytest.mark.parametrize(
    "wrong",
    [{"click": 1.5}, {"r": 0}, {"q": 1}, {"degree_least": 600}, {"zel": 1}, {"seeds": -1}, {"weekday_traffic": [1]}],
)
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ValidationError):
        Behaviour(**wrong)
