"""Processes that begin at once: forked from one that has loaded the simulation, where the system can fork.

Importing the simulation takes four seconds of a processor; each process that starts from nothing takes them again.
Forking the program itself would be quicker still, but not safe once it has threads. What is forked from has none: it
does nothing but import `sim.loaded` and wait. Elsewhere processes start from nothing.
"""

from __future__ import annotations

import multiprocessing as mp
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.context import BaseContext

_LOADED = "sim.loaded"


def context() -> BaseContext:
    """How processes are started."""
    if "forkserver" not in mp.get_all_start_methods():
        return mp.get_context("spawn")
    mp.set_forkserver_preload([_LOADED])
    return mp.get_context("forkserver")


def get_ready() -> None:
    """Have the process there that others are forked from; comes back at once, while it still loads."""
    if context().get_start_method() == "forkserver":
        from multiprocessing import forkserver

        with undisturbed():
            forkserver.ensure_running()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C has to wait; a process that begins now does not know it at all, not even while it imports."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # which lets Ctrl-C through when it begins
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
