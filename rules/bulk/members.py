"""Members, and what happens to them, as columns for the bulk engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numba.experimental.structref import StructRefProxy

from rules.bulk.columns import Column, Kinds, cast_column, cast_columns, fill_column, no_column
from rules.errors import InputError
from rules.events import Numbers
from rules.jit import by_reference, kernel


@dataclass(frozen=True, eq=False)
class MemberColumns:
    """Members as they are before the first order.

    Attributes:
        upline: int32, whom each is bound to, -1 = nobody. Nobody is above themselves.
        rank: uint8, by number, lowest first.
        frozen: uint8, 1 = earns nothing; no column: nobody is.
        joined: uint8, 1 = registered, so that months are judged; no column: everybody is.
        orders, spent, promoted: int32, int64 fen, int32: own paid orders and what they cost, and orders promoted.
    """

    upline: Column
    rank: Column
    frozen: Column = field(default_factory=no_column)
    joined: Column = field(default_factory=no_column)
    orders: Column = field(default_factory=no_column)
    spent: Column = field(default_factory=no_column)
    promoted: Column = field(default_factory=no_column)

    def __post_init__(self) -> None:
        kinds: Kinds = {"upline": np.int32, "rank": np.uint8, "frozen": np.uint8, "joined": np.uint8}
        kinds |= {"orders": np.int32, "spent": np.int64, "promoted": np.int32}
        fill_column(self, ("joined",), 1, len(self.upline))
        fill_column(self, ("frozen", "orders", "spent", "promoted"), 0, len(self.upline))
        cast_columns(self, kinds, len(self.upline))
        if len(self) and not -1 <= int(self.upline.min()) <= int(self.upline.max()) < len(self):
            raise InputError("an upline is no member", allowed=f"-1 to {len(self) - 1}")
        if (self.upline >= np.arange(len(self))).any() and has_cycle(self.upline, np.zeros(len(self), np.int32)):
            raise InputError("somebody is in their own downline")

    def __len__(self) -> int:
        return len(self.upline)


@kernel
def has_cycle(upline: Column, seen: Column) -> bool:
    """Whether anybody is above themselves; `seen` is a row of zeros, one a member."""
    for member in range(len(upline)):
        person = member
        while person >= 0 and seen[person] == 0:
            seen[person] = member + 1
            person = upline[person]
        if person >= 0 and seen[person] == member + 1:
            return True
    return False


class ChangeKind(IntEnum):
    """What happened to a member, and what `value` is."""

    upline = 0  # whom they are bound to from now on, -1 = nobody
    rank = 1  # their rank, by number
    frozen = 2  # 1 = earns nothing from now on, 0 = earns again
    joined = 3  # registered


class Changes(StructRefProxy):
    """What happens to members, as kernels take it."""

    time: Numbers
    member: Numbers
    kind: Numbers
    value: Numbers
    before: Numbers


by_reference(Changes, list(Changes.__annotations__))


@kernel
def make_changes(*columns: Column) -> Changes:
    """The columns as one thing that kernels take."""
    return Changes(*columns)  # type: ignore[no-untyped-call]


@dataclass(frozen=True, eq=False)
class ChangeColumns:
    """What happens to members between orders, earliest first. It is taken as it stands: no policy is asked.

    Attributes:
        time: int64 seconds.
        member: int32.
        kind: uint8, a `ChangeKind`. value: int32, see there.
        before: int32, the first order that comes after it; no column: that of the same second or later.
    """

    time: Column
    member: Column
    kind: Column
    value: Column
    before: Column = field(default_factory=no_column)

    def __post_init__(self) -> None:
        kinds: Kinds = {"time": np.int64, "member": np.int32, "kind": np.uint8, "value": np.int32}
        cast_columns(self, kinds, len(self.time))
        if len(self) and (np.diff(self.time) < 0).any():
            raise InputError("changes of members are not in order of time")

    def __len__(self) -> int:
        return len(self.time)

    @classmethod
    def none(cls) -> ChangeColumns:
        """No changes."""
        return cls(no_column(), no_column(), no_column(), no_column())

    def arrays(self, paid_at: Column) -> Changes:
        """The columns, to hand to kernels beside orders that were paid then."""
        before = self.before if len(self.before) else np.searchsorted(paid_at, self.time)
        before = cast_column("before", before, np.int32, len(self))
        if len(self) and (np.diff(before) < 0).any():
            raise InputError("changes of members are not in the order of `before`")
        return make_changes(self.time, self.member, self.kind, self.value, before)
