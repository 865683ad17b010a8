"""What commands share that look at orders that happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rules.errors import InputError

if TYPE_CHECKING:
    from sim.history.shipped import Past


def past_given(orders: Path | None, members: Path | None, data: Path | None, sample: bool = False) -> Past:
    """The history that was named: files, or a folder; else CDNOW, or its sample.

    Raises:
        InputError: both were, or members alone; or a file cannot be read.
    """
    from sim.history import shipped

    if data and orders:
        raise InputError("--data and --orders are both given", allowed="one of them")
    if members and not orders:
        raise InputError("--members is given without --orders", allowed="both, or --data")
    if data:
        return shipped.past_of_folder(data)
    return shipped.past_of_files(orders, members) if orders else shipped.cdnow(sample)
