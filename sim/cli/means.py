"""What commands share that run many cases: where, and where what came of them is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.cli.common import fresh_folder, tell

if TYPE_CHECKING:
    from sim.experiments.failure import Failure
    from sim.experiments.keeping import Keeping
    from sim.experiments.runs import Runs

Kept = TypeVar("Kept", bound="Keeping[Any, Any]")

workers_option = click.option("--workers", type=click.IntRange(1, 256), default=2, show_default=True, help="processes")
dask_option = click.option("--dask", help="run on a Dask cluster: tcp://HOST:8786, or local")


@contextmanager
def kept_in(folder: Path | None) -> Iterator[Runs | None]:
    """The runs that are kept in a folder of results: what is there is not run again."""
    from sim.experiments.runs import Runs

    with opened_in(folder, Runs) as runs:
        yield runs


@contextmanager
def opened_in(folder: Path | None, kind: Callable[[Path], Kept]) -> Iterator[Kept | None]:
    """What is kept of a kind in a folder of results; nothing without a folder."""
    if folder is None:
        yield None
        return
    from sim.experiments.keeping import NAME

    with kind(fresh_folder(folder) / NAME) as kept:
        if len(kept):
            tell(f"{folder / NAME}: going on from {len(kept)} runs that are kept")
        yield kept


@contextmanager
def study_folder(kind: str, market: str, key: str, out: Path | None) -> Iterator[tuple[Path, Runs]]:
    """The folder of a study and the runs it keeps: the same question again goes on in the same folder.

    Args:
        kind: of study. market: its name. key: the digest of what is asked. out: the folder, if one was given.
    """
    folder = out or Path("results") / f"{kind}-{market}-{key[:8]}"
    with kept_in(folder) as runs:
        assert runs is not None
        tell(f"kept in {folder}; the same command goes on from there")
        yield folder, runs


def tell_failures(failures: Sequence[Failure]) -> None:
    """Say what broke: each reason once, with the first case."""
    by_reason: dict[str, list[Failure]] = {}
    for one in failures:
        by_reason.setdefault(one.reason, []).append(one)
    for reason, found in by_reason.items():
        tell(f"{len(found)} runs failed: {reason}; the first: {found[0].case}")
