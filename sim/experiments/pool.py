"""Jobs in processes that can be killed at any moment, as each has a pipe of its own.

Processes that share one pipe for their results, as those of `concurrent.futures` do, cannot: one that is killed halfway
through a result leaves whoever reads the pipe waiting for the other half for ever, and the interpreter with it.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from sim.interrupts import leave_it_to_the_parent
from sim.processes import context, get_ready, undisturbed

Job = TypeVar("Job")
Result = TypeVar("Result")
NAME = "fenxiao pool"
"""Of its processes."""


def at_work(
    work: Callable[[Job], Result],
    jobs: Iterable[Job],
    processes: int,
    lost: Callable[[Job], Result] | None = None,
) -> Iterator[tuple[Job, Result]]:
    """What comes of each job, as it comes: the first one here, so that what it compiles is compiled once; the others in
    processes, if there is to be more than one. Where processes wait already (`kept_processes`) all of them there.

    Args:
        work, jobs, lost: see `in_processes`.
    """
    left = iter(jobs)
    if processes > 1:
        get_ready()  # it loads while the first job runs here
    if not (_resting and _resting[-1]):
        for job in islice(left, 1):
            yield job, work(job)
    if processes > 1:
        yield from in_processes(work, left, processes, lost)
    else:
        yield from ((job, work(job)) for job in left)


def in_processes(
    work: Callable[[Job], Result],
    jobs: Iterable[Job],
    processes: int,
    lost: Callable[[Job], Result] | None = None,
) -> Iterator[tuple[Job, Result]]:
    """What comes of each job, as it comes; when nobody listens any more the processes are killed.

    Args:
        work: is sent to the processes, as the jobs are, and sends back its results: all of it must be picklable.
        jobs: the next is asked for when a process has time for it, before the result that it has sent is told.
        lost: what comes of a job whose process died; another one takes its place.

    Raises:
        RuntimeError: a process died, and `lost` is left out.
        Exception: what `work` raised, with the process's traceback as its cause.
    """
    team: dict[Connection, _Worker[Job, Result]] = {}
    left = iter(jobs)

    def begin(worker: _Worker[Job, Result] | None = None) -> None:
        for job in islice(left, 1):
            worker = worker or _rested(work) or _Worker(work)
            team[worker.pipe] = worker
            worker.give(job)
            return
        if worker:
            _rest(team.pop(worker.pipe))

    try:
        for _ in range(processes):
            begin()
        while team:
            for pipe in wait(list(team)):
                worker = team[pipe]
                try:
                    done = worker.take()
                    begin(worker)
                except _DiedError as died:
                    if lost is None:
                        raise RuntimeError(str(died)) from died
                    done = worker.job, lost(worker.job)
                    team.pop(pipe).end()
                    begin()
                yield done
    finally:
        for worker in team.values():
            worker.end()


@contextmanager
def kept_processes() -> Iterator[None]:
    """Processes that have nothing to do wait in here for what comes next, so that a batch after the other needs no new
    ones: starting one takes as long as many a job."""
    _resting.append([])
    try:
        yield
    finally:
        for worker in _resting.pop():
            worker.end()


_resting: list[list[_Worker[Any, Any]]] = []
"""Processes that wait, the innermost `kept_processes` last; nothing where they are to end instead."""


def _rest(worker: _Worker[Any, Any]) -> None:
    if _resting:
        _resting[-1].append(worker)
    else:
        worker.end()


def _rested(work: Callable[[Job], Result]) -> _Worker[Job, Result] | None:
    """A process that waits for jobs of this work."""
    waiting = _resting[-1] if _resting else []
    for worker in [one for one in waiting if one.work is work]:
        waiting.remove(worker)
        if worker.is_there:
            return worker
        worker.end()
    return None


class _Worker(Generic[Job, Result]):
    """A process, our end of its pipe, and the job it is at."""

    job: Job

    def __init__(self, work: Callable[[Job], Result]) -> None:
        self.work = work
        start = context()
        self.pipe, theirs = start.Pipe()
        self._process = start.Process(target=_serve, args=(theirs, work), daemon=True, name=NAME)  # type: ignore[attr-defined]
        with undisturbed():
            self._process.start()
        theirs.close()  # else the pipe had no end when the process dies

    @property
    def is_there(self) -> bool:
        """Whether the process lives."""
        return self._process.is_alive()

    def give(self, job: Job) -> None:
        """Begin a job."""
        self.job = job
        self.pipe.send(job)

    def take(self) -> tuple[Job, Result]:
        """The job, done."""
        try:
            result, error, words = self.pipe.recv()
        except (EOFError, OSError) as gone:
            raise _DiedError("a process that ran replications died; it may have needed too much memory") from gone
        if error is not None:
            raise error from _ElsewhereError(words)
        return self.job, result

    def end(self) -> None:
        """Stop, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


class _DiedError(Exception):
    """A process is gone, and what it was at."""


class _ElsewhereError(Exception):
    """A traceback of another process, in words."""


def _serve(pipe: Connection, work: Callable[[Job], Result]) -> None:
    """Do jobs until there is nobody to do them for."""
    leave_it_to_the_parent()
    with suppress(EOFError, BrokenPipeError):
        while True:
            job = pipe.recv()
            try:
                said = work(job), None, ""
            except Exception as error:
                said = None, error, traceback.format_exc()
            pipe.send(said)
