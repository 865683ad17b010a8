"""Work in a process: it says how far it is, it can be stopped, and what goes wrong in it stays there."""

from __future__ import annotations

import gc
import os
import time

import psutil
import pytest

from app import jobs
from app.jobs import Job
from rules.errors import InputError


def counts(tell, to: int) -> int:
    for one in range(to):
        tell(one)
    return os.getpid()


def sleeps(tell) -> None:
    tell(os.getpid())
    time.sleep(600)


def refuses(_tell) -> None:
    raise InputError("12 people are too few", allowed="more")


def fails(_tell) -> None:
    raise ZeroDivisionError("secret of the program")


def dies(_tell) -> None:
    os._exit(3)


def over(job: Job, seconds: float = 30) -> Job:
    until = time.monotonic() + seconds
    while not job.is_over:
        job.look()
        assert time.monotonic() < until
        time.sleep(0.01)
    return job


def pid_of(job: Job) -> int:
    until = time.monotonic() + 30
    while not job.told:
        job.look()
        assert time.monotonic() < until
        time.sleep(0.01)
    return job.told[0]


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_it_tells_and_answers_from_a_process_of_its_own():
    job = over(Job(counts, 5))
    assert (job.state, job.told) == ("done", [0, 1, 2, 3, 4])
    assert job.result != os.getpid()


def test_it_is_stopped_at_any_moment():
    job = Job(sleeps)
    pid = pid_of(job)
    job.stop()
    assert (job.state, job.is_over) == ("stopped", True)
    assert gone(pid)


def test_whoever_forgets_it_stops_it():
    job = Job(sleeps)
    pid = pid_of(job)
    del job
    gc.collect()
    assert gone(pid)


def test_bad_input_comes_back_as_it_was_raised():
    job = over(Job(refuses))
    assert job.state == "failed"
    assert isinstance(job.refused, InputError)
    assert str(job.refused) == "12 people are too few; allowed: more"


@pytest.mark.parametrize(("work", "said"), [(fails, "ZeroDivisionError: secret"), (dies, "the process died")])
def test_what_goes_wrong_is_told_in_one_piece(work, said):
    job = over(Job(work))
    assert (job.state, job.refused) == ("failed", None)
    assert said in job.error


def test_more_jobs_than_there_is_room_for_wait_their_turn(monkeypatch):
    monkeypatch.setattr(jobs, "MOST", len(jobs._running) + 1)
    first, second = Job(sleeps), Job(counts, 2)
    pid_of(first)
    assert second.look() == "waiting"
    first.stop()
    assert over(second).state == "done"


def test_jobs_that_nobody_looks_at_any_more_keep_nobody_waiting(monkeypatch):
    monkeypatch.setattr(jobs, "MOST", 1)
    left = Job(counts, 2)
    job = over(Job(counts, 3))
    assert job.told == [0, 1, 2]
    assert left.state == "running"  # as far as anybody has looked
    assert over(left).told == [0, 1]
