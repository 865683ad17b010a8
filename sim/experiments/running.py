"""Running many cases: what is kept is not run again, the rest in processes here or on a cluster.

What comes out does not depend on where it ran, nor in which order it came.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.experiments.case import Case, Failure, run_case
from sim.experiments.pool import in_processes
from sim.experiments.replication import Outcome
from sim.experiments.runs import Runs


@dataclass(frozen=True)
class Means:
    """Where cases are run.

    Attributes:
        workers: processes here. dask: address of a Dask scheduler, `local` = as many workers of one's own; None = none.
        runs: where runs are kept; None = nowhere.
    """

    workers: int = 1
    dask: str | None = None
    runs: Runs | None = None


HERE = Means()


def run_cases(cases: Sequence[Case], means: Means = HERE) -> Iterator[tuple[int, Outcome | Failure]]:
    """What comes of each case, with its place among the cases: first what is kept, then as it comes.

    When nobody listens any more, what runs is stopped; what has come is kept.
    """
    runs = means.runs
    known = runs.known(case.key for case in cases) if runs is not None else set()
    for place, case in enumerate(cases):
        if runs is not None and case.key in known:
            yield place, runs.outcome(case.key)
    jobs = [Job(place, case) for place, case in enumerate(cases) if case.key not in known]
    for job, came in _run(jobs, means):
        if runs is not None and isinstance(came, Outcome):
            runs.add(job.case, came)
        elif runs is not None and isinstance(came, Failure):
            runs.add_failure(job.case, came)
        yield job.place, came


class Job(NamedTuple):
    """A case and its place among the cases asked for."""

    place: int
    case: Case


def _run(jobs: Sequence[Job], means: Means) -> Iterator[tuple[Job, Outcome | Failure]]:
    if not jobs:
        return
    if means.dask:
        from sim.experiments.cluster import on_dask

        yield from on_dask(_done, jobs, means.dask, means.workers)
        return
    yield jobs[0], _done(jobs[0])  # here, so that no process compiles what another one does
    if means.workers <= 1:
        yield from ((job, _done(job)) for job in jobs[1:])
        return
    yield from in_processes(_done, jobs[1:], means.workers, _died)


def _done(job: Job) -> Outcome | Failure:
    return run_case(job.case)


def _died(job: Job) -> Failure:
    return Failure(str(job.case), "the process that ran it died; it may have needed too much memory")
