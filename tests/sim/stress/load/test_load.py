"""Many clients on a real database, killed at random: nothing is lost, doubled or unbalanced."""

from __future__ import annotations

import pytest
from small import small

from sim.stress.load.diary import Line
from sim.stress.load.killer import Victim, plan_kills
from sim.stress.load.ramp import Ramp
from sim.stress.load.run import Setting, run_load


def test_clients_and_server_are_killed_and_nothing_is_lost(tmp_path):
    result = run_load(small(5000, 60), Setting(clients=4, seconds=7, kills=7, seed=5, notices=3), tmp_path)
    assert not result.finished  # there was more than enough to bring while all this went on
    assert result.verdict["acknowledged"] > 50
    assert result.sound, result.verdict
    assert set(result.kills) >= {"server", "client", "unacknowledged"}
    assert len(result.killed_at) == 7
    assert all(seconds < 30 for seconds in result.restarts)


def test_a_file_takes_clients_one_after_the_other(tmp_path):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    result = run_load(small(120, 40), Setting(url=url, clients=2, seconds=20, seed=5), tmp_path)
    assert result.finished
    assert result.sound
    assert len(result.done) >= len(small(120, 40).tasks) - 5


def test_kills_are_planned_by_the_seed():
    kills = plan_kills(14, 60, 3, own_server=True)
    assert kills == plan_kills(14, 60, 3, own_server=True)
    assert kills != plan_kills(14, 60, 4, own_server=True)
    assert {kill.victim for kill in kills} == set(Victim)
    assert [kill.at for kill in kills] == sorted(kill.at for kill in kills)
    alone = {kill.victim for kill in plan_kills(14, 60, 3, own_server=False)}
    assert alone == {Victim.client, Victim.unacknowledged, Victim.worker}


def test_a_ramp_goes_up_while_the_target_holds():
    ramp = Ramp(target=100.0)

    def told(count: int, us: int) -> list[Line]:
        return [Line(one, 4, 1, 0, "done", us, one * 1000 // count, 1, 1) for one in range(count)]

    assert ramp.next(40, told(40, 5_000), 0, 1000) == 40 * ramp.factor
    assert ramp.next(54, told(54, 500_000), 0, 1000) == 0
    assert ramp.next(54, told(20, 5_000), 0, 1000) == 0
    assert ramp.sustained == 40


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_minute_of_kills_loses_nothing(tmp_path, seed):
    result = run_load(small(8000, 60), Setting(clients=8, seconds=60, kills=15, seed=seed), tmp_path)
    assert result.sound, result.verdict
    assert sum(result.kills.values()) >= 10
    assert max(result.restarts) <= 5


@pytest.mark.slow
def test_commits_that_are_not_flushed_are_found_out(tmp_path):
    unsafe = {"synchronous_commit": "off"}
    result = run_load(small(8000, 60), Setting(clients=8, seconds=60, kills=21, seed=1, settings=unsafe), tmp_path)
    assert result.verdict["lost"] > 0
    assert result.verdict["unbalanced"] == 0
