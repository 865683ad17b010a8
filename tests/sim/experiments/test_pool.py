"""Processes for jobs: every job is done once, failures are told, and nothing keeps anybody waiting at the end."""

import math
import multiprocessing as mp
import os
import time

import pytest

from sim.experiments.pool import NAME, at_work, in_processes, kept_processes

LARGE = 20_000_000
"""Bytes that no pipe holds: whoever sends them waits for a reader."""


def left_over() -> list[mp.process.BaseProcess]:
    """Processes of a pool that live on; those that pages' tests have begun are theirs."""
    return [one for one in mp.active_children() if one.name == NAME]


@pytest.mark.parametrize("processes", [1, 2, 9])
def test_every_job_is_done_once(processes: int) -> None:
    jobs = [4, 9, 16, 25, 36]
    assert sorted(in_processes(math.isqrt, jobs, processes)) == [(4, 2), (9, 3), (16, 4), (25, 5), (36, 6)]
    assert left_over() == []


def test_whoever_stops_listening_does_not_wait_for_half_a_result() -> None:
    """One process is in the middle of a result that nobody reads when it is killed."""
    results = in_processes(bytes, [LARGE, LARGE, 1], 2)
    next(results)
    time.sleep(0.5)  # the other one has begun to send, and cannot end
    started = time.monotonic()
    results.close()
    assert left_over() == []
    assert time.monotonic() - started < 30


def test_a_failing_job_tells_where_it_failed() -> None:
    with pytest.raises(ValueError, match="math domain error") as failed:
        list(in_processes(math.sqrt, [1, -1], 2))
    assert "Traceback" in str(failed.value.__cause__)
    assert left_over() == []


def test_a_process_that_dies_is_no_silence() -> None:
    with pytest.raises(RuntimeError, match="died"):
        list(in_processes(os._exit, [3], 2))


def test_another_process_takes_the_place_of_one_that_died() -> None:
    """Of five jobs two kill whoever does them: the others are done, and nobody is left over."""
    jobs = ["1 + 1", "__import__('os')._exit(3)", "2 + 2", "__import__('os').abort()", "3 + 3"]
    found = dict(in_processes(eval, jobs, 2, lambda job: f"lost {job[:14]}"))
    assert list(map(found.get, jobs)) == [2, "lost __import__('os", 4, "lost __import__('os", 6]
    assert left_over() == []


def number_of_process(_: int) -> int:
    return os.getpid()


def test_processes_that_are_kept_take_the_next_jobs() -> None:
    with kept_processes():
        first = {pid for _, pid in in_processes(number_of_process, range(6), 2)}
        again = {pid for _, pid in at_work(number_of_process, range(6), 2)}
        assert again <= first
        assert os.getpid() not in again
        for one in left_over():
            one.kill()
            one.join()
        assert {pid for _, pid in in_processes(number_of_process, range(6), 2)}.isdisjoint(first)
        assert left_over()
    assert left_over() == []
    assert {pid for _, pid in at_work(number_of_process, [1], 2)} == {os.getpid()}
