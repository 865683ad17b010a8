"""The search: baseline first, law and budget kept, the front whole, the same in pieces as in one go; a real one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.compliance.rulebook import read_rulebook
from rules.errors import InputError
from scenarios.find import find
from sim.experiments.running import Means
from sim.experiments.runs import Runs
from sim.studies import optimise as module
from sim.studies.levers import Base, read_lever
from sim.studies.optimise import Bound, Objective, Search, front_of, held_out, read_bound, read_objective, search_for
from sim.studies.study import Answer, Study

BASE = Base.of(find("plans", "three_tier"), find("markets", "three_tier"))
RATE = read_lever("plan.commission.base.levels.1.rates.fmcg=0%:40%")
BONUS = read_lever("plan.bonuses.newcomer.pay=0:100")
STUDY = Study(BASE, (RATE, BONUS), 300, 20, 1, 1, None)
BOTH = (Objective("contribution", "max"), Objective("new_members", "max"))


def planted(study, settings, means=None, done=None):
    """Two numbers: contribution is best at a rate of 10 %, members come for the bonus; over 30 % is illegal."""
    found = []
    for one in settings:
        rate, bonus = float(one.get(RATE.name, 8)), float(one.get(BONUS.name, 50))
        rows = {0: {"contribution": 1000 - (rate - 10) ** 2 - bonus, "new_members": bonus, "payout_ratio": rate / 100}}
        plan, market = BASE.at((), {})
        found.append(Answer(one, plan, market, rows=rows, verdict="violated" if rate > 30 else "proved"))
    return found


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(module, "answers", planted)


def values(found, metric):
    return [answer.rows[0][metric] for answer in found.tried]


@pytest.mark.usefixtures("world")
def test_the_front_is_found_and_the_plan_as_it_stands_is_tried_first(tmp_path):
    found = search_for(Search(STUDY, BOTH, trials=160), tmp_path)
    assert len(found.tried) == 161
    assert found.tried[0].setting == {}
    assert values(found, "contribution")[0] == 1000 - 4 - 50
    assert 0 not in found.front  # a rate of 10 % with the same bonus is better in one thing and as good in the other
    best = found.tried[found.front[0]].rows[0]
    assert best["contribution"] > 985
    assert len(found.front) >= 8
    points = [(values(found, "contribution")[one], values(found, "new_members")[one]) for one in found.front]
    assert points == sorted(points, reverse=True)
    assert [members for _, members in points] == sorted(members for _, members in points)


@pytest.mark.usefixtures("world")
def test_law_and_budget_are_kept(tmp_path):
    rulebook = read_rulebook(*find("rulebooks", "house"))
    dear = Objective("payout_ratio", "max")  # which wants what is forbidden
    legal = search_for(Search(replace(STUDY, rulebook=rulebook), (dear,), trials=64), tmp_path)
    assert max(values(legal, "payout_ratio")) > 0.3
    assert 0.25 < legal.tried[legal.front[0]].rows[0]["payout_ratio"] <= 0.3
    (tmp_path / "budget").mkdir()
    cheap = search_for(Search(STUDY, (dear,), (Bound("payout_ratio", "<=", 0.12),), trials=64), tmp_path / "budget")
    assert 0.1 < cheap.tried[cheap.front[0]].rows[0]["payout_ratio"] <= 0.12


@pytest.mark.usefixtures("world")
def test_a_search_in_pieces_is_the_search_in_one_go(tmp_path):
    once, again = tmp_path / "once", tmp_path / "again"
    for folder in (once, again):
        folder.mkdir()
    whole = search_for(Search(STUDY, BOTH, trials=48), once)
    for trials in (8, 32, 48):
        pieces = search_for(Search(STUDY, BOTH, trials=trials), again)
    assert [one.setting for one in pieces.tried] == [one.setting for one in whole.tried]
    assert pieces.front == whole.front


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("place", ["_space", "answers", "_tell"])
def test_a_search_that_is_killed_goes_on_as_if_nothing_had_been(tmp_path, monkeypatch, place):
    """Killed in the second batch: while its plans are asked for, while they run, while they are told."""
    once, again = tmp_path / "once", tmp_path / "again"
    for folder in (once, again):
        folder.mkdir()
    whole = search_for(Search(STUDY, BOTH, trials=24), once)

    class KilledError(Exception):
        pass

    whole_work, calls, heard = getattr(module, place), [], []

    def killed(*given):
        calls.append(place)
        if heard and heard[-1] == 9 and len(calls) > {"_space": 11, "answers": 0, "_tell": 11}[place]:
            raise KilledError
        return whole_work(*given)

    monkeypatch.setattr(module, place, killed)
    with pytest.raises(KilledError):
        search_for(Search(STUDY, BOTH, trials=24), again, told=lambda tried, _: heard.append(len(tried)))
    assert heard == [1, 9]
    monkeypatch.setattr(module, place, whole_work)
    gone_on = search_for(Search(STUDY, BOTH, trials=24), again)
    assert [one.setting for one in gone_on.tried] == [one.setting for one in whole.tried]
    assert gone_on.front == whole.front


@pytest.mark.usefixtures("world")
def test_a_folder_of_another_search_is_refused(tmp_path):
    search_for(Search(STUDY, BOTH, trials=8), tmp_path)
    with pytest.raises(InputError, match="a search with other objectives"):
        search_for(Search(STUDY, (Objective("gmv", "min"),), trials=8), tmp_path)


def test_the_front_is_what_nothing_allowed_beats():
    points = [(1, 1, True), (3, 1, True), (2, 2, True), (1, 3, True), (2, 1, True), (9, 9, False), (3, 1, True)]
    tried = [
        Answer({}, rows={0: {"contribution": a, "new_members": b}}, verdict="proved" if legal else "violated")
        for a, b, legal in points
    ]
    rulebook = read_rulebook(*find("rulebooks", "house"))
    assert front_of(tried, Search(replace(STUDY, rulebook=rulebook), BOTH)) == [1, 6, 2, 3]


def test_objectives_and_bounds_are_read_strictly():
    assert read_objective("gmv:min") == Objective("gmv", "min")
    assert read_bound("payout_ratio<=12%") == Bound("payout_ratio", "<=", 0.12)
    assert read_bound("contribution>=1000") == Bound("contribution", ">=", 100_000.0)  # yuan are given, fen are kept
    for wrong in ("gmv", "profit:max", "gmv:up"):
        with pytest.raises(InputError, match="no objective"):
            read_objective(wrong)
    for wrong in ("gmv=5", "profit<=5", "<=5"):
        with pytest.raises(InputError, match="no bound"):
            read_bound(wrong)
    with pytest.raises(InputError, match="no number"):
        read_bound("gmv<=much")


def test_a_real_search_goes_on_and_is_checked_on_new_luck(tmp_path):
    study = Study(BASE, (BONUS,), 300, 20, 1, 1, read_rulebook(*find("rulebooks", "house")))
    with Runs(tmp_path / "runs.sqlite") as runs:
        means = Means(runs=runs)
        first = search_for(Search(study, BOTH, trials=8), tmp_path, means)
        kept = len(runs)
        again = search_for(Search(study, BOTH, trials=8), tmp_path, means)
        assert len(runs) == kept == 9
        assert [one.rows for one in again.tried] == [one.rows for one in first.tried]
        effects = held_out(Search(study, BOTH), first, 3, 3, means)
        assert {one.name for one in effects} == {"contribution", "new_members"}
        assert all(one.pairs == 3 for one in effects)
