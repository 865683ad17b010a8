"""Cases on a Dask cluster: the same function as in processes here, so the same bits.

A worker that dies takes nothing with it: the scheduler gives what it had to another one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from rules.errors import InputError
from sim.experiments.case import version
from sim.processes import context, get_ready

if TYPE_CHECKING:
    from distributed import Client

Job = TypeVar("Job")
Result = TypeVar("Result")
LOCAL = "local"
_AHEAD = 3
"""Jobs a worker has at hand besides the one it is at."""
_SECONDS = 10
"""To wait for a scheduler."""


def on_dask(
    work: Callable[[Job], Result], jobs: Iterable[Job], address: str, workers: int
) -> Iterator[tuple[Job, Result]]:
    """What comes of each job, as it comes; when nobody listens any more, what is left is cancelled.

    Args:
        work: a function that the workers can import. address: of a scheduler, or `local`. workers: if local.

    Raises:
        InputError: nobody answers there, or its workers have other sources.
    """
    from distributed import as_completed

    with ExitStack() as stack:
        client = connected(address, workers, stack)
        left = iter(jobs)
        room = (_AHEAD + 1) * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        at = {client.submit(work, job, pure=False, retries=2): job for job in islice(left, room)}
        coming = as_completed(list(at), loop=client.loop)
        for future in coming:
            yield at.pop(future), future.result()
            for following in islice(left, 1):
                new = client.submit(work, following, pure=False, retries=2)
                at[new] = following
                coming.add(new)


def connected(address: str, workers: int, stack: ExitStack) -> Client:
    """A client of a cluster whose workers have our sources.

    Args:
        stack: closes it, and a cluster of our own.

    Raises:
        InputError: see `on_dask`.
    """
    try:
        from dask import config as dask_config
        from distributed import Client, LocalCluster
    except ImportError as missing:
        raise InputError("Dask is not installed", allowed="pip install 'fenxiao[cluster]'") from missing
    logging.getLogger("distributed").setLevel(logging.ERROR)
    if address == LOCAL:
        get_ready()
        stack.enter_context(dask_config.set(_own()))
        own = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0")
        return stack.enter_context(Client(stack.enter_context(own), set_as_default=False))
    try:
        client = stack.enter_context(Client(address, timeout=_SECONDS, set_as_default=False))
    except (OSError, ValueError) as error:
        message = f"no Dask scheduler answers at {address}: {error}"
        raise InputError(message, allowed="--dask tcp://HOST:8786, or --dask local") from error
    here = version()
    there: dict[str, str] = client.run(version)
    strangers = [worker for worker, sources in there.items() if sources != here]
    if strangers or not there:
        message = f"workers with other sources than here: {', '.join(strangers)}" if strangers else "it has no workers"
        raise InputError(f"{address}: {message}", allowed="workers with the same version of fenxiao")
    return client


def _own() -> dict[str, object]:
    """Of a cluster of our own: nobody looks at its profile, which takes a tenth of a worker's time; its workers begin
    as our own processes do."""
    return {
        "distributed.worker.profile.enabled": False,
        "distributed.worker.multiprocessing-method": context().get_start_method(),
    }
