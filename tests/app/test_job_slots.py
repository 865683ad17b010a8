from __future__ import annotations

import time

from app import jobs
from app.jobs import Job


def answer(tell) -> int:
    tell("half")
    return 42


def sleep(tell) -> None:
    time.sleep(60)


def finished(job: Job, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not job.is_over:
        assert time.monotonic() < until
        time.sleep(0.02)
        job.look()


def test_jobs_that_nobody_looks_at_any_more_keep_nobody_waiting(monkeypatch):
    monkeypatch.setattr(jobs, "MOST", 1)
    left = Job(answer)
    job = Job(answer)
    finished(job)
    assert job.result == 42
    assert left.state == "running"  # as far as anybody has looked
    finished(left)
    assert (left.told, left.result) == (["half"], 42)


def test_a_job_waits_while_another_works(monkeypatch):
    monkeypatch.setattr(jobs, "MOST", 1)
    busy = Job(sleep)
    job = Job(answer)
    assert job.look() == "waiting"
    busy.stop()
    finished(job)
    assert job.result == 42
