"""Names of people as numbers, for tables that are read piece by piece: a hash table that lies in files all can map.

Arrow's own look-ups build their table anew for every piece. A name that is found has been compared byte by byte, so two
names with one hash stay two.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rules.events import Numbers
from rules.jit import kernel

Integers = NDArray[np.int64]
_PRIME, _START = 1_099_511_628_211, -3_750_763_034_362_895_579
"""Of FNV-1a with 64 bits (Fowler, Noll & Vo), the start as a signed number."""


@dataclass(frozen=True, eq=False)
class NameTable:
    """Different names, each with its number: its place.

    Attributes:
        offsets: int64, (names + 1,): where each name begins in `data`, uint8. hashes: int64, (names,).
        slots: int32, a power of 2 of them, at least twice as many as names; -1 is free.
    """

    offsets: Numbers
    data: Numbers
    hashes: Numbers
    slots: Numbers

    @classmethod
    def of(cls, names: pa.ChunkedArray) -> tuple[Self, int]:
        """The table of some names without nulls, and the place of the first name that came before; -1 if none did."""
        offsets, data = _bytes_of(names)
        hashes = np.empty(len(offsets) - 1, np.int64)
        hash_names(offsets, data, hashes)
        slots = np.full(1 << max(4, int(2 * len(hashes)).bit_length()), -1, np.int32)
        again = fill_slots(offsets, data, hashes, slots)
        return cls(offsets, data, hashes, slots), int(again)

    def find(self, names: pa.ChunkedArray) -> Integers:
        """The number of each name; -1 where it is null or not there."""
        offsets, data = _bytes_of(names)
        hashes, found = np.empty(len(names), np.int64), np.empty(len(names), np.int64)
        hash_names(offsets, data, hashes)
        find_names(offsets, data, hashes, self.offsets, self.data, self.hashes, self.slots, found)
        if names.null_count:
            found[pc.is_null(names).to_numpy(zero_copy_only=False)] = -1
        return found

    def name(self, number: int) -> str:
        """The name with a number."""
        return bytes(self.data[self.offsets[number] : self.offsets[number + 1]]).decode()

    def save(self, folder: Path) -> None:
        """Write it for other processes."""
        for one in fields(self):
            np.save(folder / f"names-{one.name}.npy", getattr(self, one.name))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What was written, mapped: processes share one copy."""
        return cls(*(np.load(folder / f"names-{one.name}.npy", mmap_mode="r") for one in fields(cls)))


def hashes_of(names: pa.ChunkedArray) -> Integers:
    """A number of 64 bits for each name."""
    hashes = np.empty(len(names), np.int64)
    hash_names(*_bytes_of(names), hashes)
    return hashes


def _bytes_of(names: pa.ChunkedArray) -> tuple[Numbers, Numbers]:
    """Where each name begins, and all bytes."""
    one = names.cast(pa.large_string()).combine_chunks()
    if isinstance(one, pa.ChunkedArray):  # of no chunk at all
        one = pa.concat_arrays(one.chunks) if one.num_chunks else pa.array([], pa.large_string())
    _, where, data = one.buffers()
    offsets = np.frombuffer(where, np.int64)[one.offset : one.offset + len(one) + 1] if where else np.zeros(1, np.int64)
    return offsets, np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)


@kernel
def hash_names(offsets: Numbers, data: Numbers, hashes: Numbers) -> None:
    """FNV-1a of every name, with a last mixing, since its low bits choose the slot."""
    for place in range(len(hashes)):
        mixed = _START
        for at in range(offsets[place], offsets[place + 1]):
            mixed = (mixed ^ data[at]) * _PRIME
        hashes[place] = mixed ^ ((mixed >> 29) & 0x7FFFFFFFF)


@kernel
def fill_slots(offsets: Numbers, data: Numbers, hashes: Numbers, slots: Numbers) -> int:
    """Give every name a slot; the first that came before ends it and is returned, else -1."""
    mask = len(slots) - 1
    for place in range(len(hashes)):
        slot = hashes[place] & mask
        while slots[slot] >= 0:
            other = slots[slot]
            if hashes[other] == hashes[place] and _same(offsets, data, place, offsets, data, other):
                return place
            slot = (slot + 1) & mask
        slots[slot] = place
    return -1


@kernel
def find_names(
    offsets: Numbers,
    data: Numbers,
    hashes: Numbers,
    known_offsets: Numbers,
    known_data: Numbers,
    known_hashes: Numbers,
    slots: Numbers,
    found: Numbers,
) -> None:
    """The number of every name in `found`; -1 where it has none."""
    mask = len(slots) - 1
    for place in range(len(hashes)):
        found[place] = -1
        slot = hashes[place] & mask
        while slots[slot] >= 0:
            other = slots[slot]
            if known_hashes[other] == hashes[place] and _same(offsets, data, place, known_offsets, known_data, other):
                found[place] = other
                break
            slot = (slot + 1) & mask


@kernel
def _same(offsets: Numbers, data: Numbers, one: int, others: Numbers, theirs: Numbers, other: int) -> bool:
    begin, length = offsets[one], offsets[one + 1] - offsets[one]
    start = others[other]
    if others[other + 1] - start != length:
        return False
    for at in range(length):  # noqa: SIM110 - a kernel knows no generators
        if data[begin + at] != theirs[start + at]:
            return False
    return True
