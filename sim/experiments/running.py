"""Running many cases: what is kept is not run again, the rest in processes here or on a cluster.

What comes out does not depend on where it ran, nor in which order it came.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from sim.experiments.case import Case, run_case
from sim.experiments.failure import Failure
from sim.experiments.pool import at_work
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


def run_cases(cases: Iterable[Case], means: Means = HERE) -> Generator[tuple[int, Outcome | Failure], None, None]:
    """What comes of each case, with its place among the cases; what is kept at once, the rest as it comes.

    When nobody listens any more, what runs is stopped; what has come is kept.

    Args:
        cases: taken one by one as there is room, so that what came so far can decide which come next.
    """
    runs, left = means.runs, (Job(place, case) for place, case in enumerate(cases))
    for first in left:
        if runs is not None and first.case.key in runs:
            yield first.place, runs.outcome(first.case.key)
            continue
        kept: deque[Job] = deque()
        for job, came in _run(chain([first], _missing(left, runs, kept)), means):
            if runs is not None and isinstance(came, Outcome):
                runs.add(job.case, came)
            elif runs is not None and isinstance(came, Failure):
                runs.add_failure(job.case, came)
            yield job.place, came
            yield from _taken(kept, runs)
        yield from _taken(kept, runs)


class Job(NamedTuple):
    """A case and its place among the cases asked for."""

    place: int
    case: Case


def _missing(jobs: Iterable[Job], runs: Runs | None, kept: deque[Job]) -> Iterator[Job]:
    """Those that have no run; the others are noted."""
    for job in jobs:
        if runs is not None and job.case.key in runs:
            kept.append(job)
        else:
            yield job


def _taken(kept: deque[Job], runs: Runs | None) -> Iterator[tuple[int, Outcome]]:
    while kept and runs is not None:
        job = kept.popleft()
        yield job.place, runs.outcome(job.case.key)


def _run(jobs: Iterator[Job], means: Means) -> Iterator[tuple[Job, Outcome | Failure]]:
    if means.dask:
        from sim.experiments.cluster import on_dask

        yield from on_dask(_done, jobs, means.dask, means.workers)
        return
    yield from at_work(_done, jobs, means.workers, _died)


def _done(job: Job) -> Outcome | Failure:
    return run_case(job.case)


def _died(job: Job) -> Failure:
    return Failure(str(job.case), "the process that ran it died; it may have needed too much memory")
