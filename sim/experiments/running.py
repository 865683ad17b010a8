"""Running much that takes long: what is kept is not run again, the rest in processes here or on a cluster.

What comes out does not depend on where it ran, nor in which order it came.
"""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, NamedTuple

from sim.experiments.case import Case
from sim.experiments.failure import Failure
from sim.experiments.keeping import Asked, Came, Keeping
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
    """What comes of each case, see `run_all`; runs are kept where the means say."""
    yield from run_all(cases, means, means.runs)


def run_all(
    asked: Iterable[Asked], means: Means, kept: Keeping[Asked, Came] | None
) -> Generator[tuple[int, Came | Failure], None, None]:
    """What comes of each, with its place among all; what is kept at once, the rest as it comes.

    When nobody listens any more, what runs is stopped; what has come is kept. A failure is told, not raised, for others
    go on.

    Args:
        asked: taken one by one as there is room, so that what came so far can decide which come next.
        kept: what was kept, and where what comes is; `runs` of the means is not looked at.
    """
    left = (Job(place, one) for place, one in enumerate(asked))
    for first in left:
        if kept is not None and first.asked.key in kept:
            yield first.place, kept.outcome(first.asked.key)
            continue
        known: deque[Job[Asked]] = deque()
        for job, came in _run(chain([first], _missing(left, kept, known)), means):
            if kept is not None:
                _keep(kept, job.asked, came)
            yield job.place, came
            yield from _taken(known, kept)
        yield from _taken(known, kept)


class Job(NamedTuple, Generic[Asked]):
    """What is asked, and its place among all."""

    place: int
    asked: Asked


def _missing(
    jobs: Iterable[Job[Asked]], kept: Keeping[Asked, Any] | None, known: deque[Job[Asked]]
) -> Iterator[Job[Asked]]:
    """Those of which nothing is kept; the others are noted."""
    for job in jobs:
        if kept is not None and job.asked.key in kept:
            known.append(job)
        else:
            yield job


def _taken(known: deque[Job[Asked]], kept: Keeping[Asked, Came] | None) -> Iterator[tuple[int, Came]]:
    while known and kept is not None:
        job = known.popleft()
        yield job.place, kept.outcome(job.asked.key)


def _keep(kept: Keeping[Asked, Came], asked: Asked, came: Came | Failure) -> None:
    if isinstance(came, Failure):
        kept.add_failure(asked, came)
    else:
        kept.add(asked, came)


def _run(jobs: Iterator[Job[Asked]], means: Means) -> Iterator[tuple[Job[Asked], Any]]:
    if means.dask:
        from sim.experiments.cluster import on_dask

        yield from on_dask(_done, jobs, means.dask, means.workers)
        return
    yield from at_work(_done, jobs, means.workers, _died)


def _done(job: Job[Any]) -> Any:  # noqa: ANN401 - what comes of whatever was asked
    try:
        return job.asked.run()
    except Exception:
        return Failure(str(job.asked), traceback.format_exc())


def _died(job: Job[Any]) -> Failure:
    return Failure(str(job.asked), "the process that ran it died; it may have needed too much memory")
