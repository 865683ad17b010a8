"""Long work in a process of its own: the page goes on, is told how far it is, and can stop it at any moment.

A job is a function at the top of a module; it is called with `tell`, through which it may say anything that can be
pickled, and answers its result. Processes are forked from one that has loaded the simulation already, so that they
begin at once. A visitor has a job in the session: when the session is forgotten, its process is killed.
"""

from __future__ import annotations

import logging
import os
import time
import traceback
import weakref
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Literal

from rules.errors import InputError
from sim.interrupts import leave_it_to_the_parent
from sim.processes import context, undisturbed

State = Literal["waiting", "running", "done", "failed", "stopped"]
Tell = Callable[[Any], None]
"""Says something to the page: progress, a day, a picture; whatever page and job agree on."""
MOST = max(2, os.cpu_count() or 1)
"""Jobs of all visitors at a time; more wait for their turn."""
_LARGE = 10_000_000
"""Person-days that a process does in the time it takes to start one."""


def workers_for(person_days: int) -> int:
    """Processes of a job's own, for so much work: two at most, as a visitor does not take the whole machine; one where
    starting another would take longer than it saves."""
    return min(2, os.cpu_count() or 1) if person_days > _LARGE else 1


class Job:
    """Work in a process.

    Attributes:
        state: where it is. told: all that it has said, oldest first. result: what it answered, once it is done.
        arguments: what the work was given.
        refused: what was wrong with the input, if it failed for that. error: what went wrong otherwise: a traceback,
            for the log and never for the page. started: when it began to run, on the clock of `time.monotonic`.
    """

    def __init__(self, work: Callable[..., Any], *arguments: Any) -> None:  # noqa: ANN401 - whatever it takes
        self.state: State = "waiting"
        self.told: list[Any] = []
        self.result: Any = None
        self.refused: InputError | None = None
        self.error = ""
        self.started = time.monotonic()
        self.arguments = arguments
        self._work = work, arguments
        self._pipe: Connection | None = None
        self._process: Any = None
        self._end: Callable[[], object] = lambda: None
        self.look()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "failed", "stopped")

    @property
    def seconds(self) -> float:
        """Since it began to run."""
        return time.monotonic() - self.started

    def look(self) -> State:
        """Take note of what it has said since; begin it if it was waiting for its turn."""
        if self.state == "waiting" and sum(job._works() for job in list(_running)) < MOST:
            self._begin()
        while self.state == "running" and self._pipe and self._pipe.poll():
            self._hear(self._pipe)
        return self.state

    def stop(self) -> None:
        """Kill it, if it is not over."""
        if not self.is_over:
            self._over("stopped")

    def _works(self) -> bool:
        """Whether its process is there still: nobody may look any more at the job of a visitor who has left."""
        return self._process is not None and not wait([self._process.sentinel], 0)

    def _begin(self) -> None:
        start = context()
        self._pipe, theirs = start.Pipe(duplex=False)
        process = start.Process(target=_serve, args=(theirs, *self._work))  # type: ignore[attr-defined]
        with undisturbed():
            process.start()
        theirs.close()
        self._process = process
        self._end = weakref.finalize(self, _kill, process)
        _running.add(self)
        self.state, self.started = "running", time.monotonic()

    def _hear(self, pipe: Connection) -> None:
        try:
            kind, said = pipe.recv()
        except (EOFError, OSError):
            self.error = "the process died; it may have needed too much memory"
            self._over("failed")
            return
        match kind:
            case "told":
                self.told.append(said)
            case "done":
                self.result = said
                self._over("done")
            case "refused":
                self.refused = said
                self._over("failed")
            case _:
                self.error = said
                logging.getLogger(__name__).error("a job failed: %s", said)
                self._over("failed")

    def _over(self, state: State) -> None:
        self.state = state
        _running.discard(self)
        self._end()
        if self._pipe:
            self._pipe.close()


_running: weakref.WeakSet[Job] = weakref.WeakSet()


def _kill(process: Any) -> None:  # noqa: ANN401 - a process of whichever start method
    """Its own processes end by themselves when it is gone; a job that keeps a server may take SIGTERM to stop it."""
    process.terminate()
    process.join(8)
    if process.is_alive():
        process.kill()
        process.join(5)


def _serve(pipe: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    leave_it_to_the_parent()
    with suppress(BrokenPipeError):
        try:
            pipe.send(("done", work(lambda said: pipe.send(("told", said)), *arguments)))
        except InputError as error:
            pipe.send(("refused", error))
        except BrokenPipeError:
            raise
        except Exception:
            pipe.send(("failed", traceback.format_exc()))
