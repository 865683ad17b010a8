"""Row locks as a database has them: one owner, everybody else in a queue, first come first served.

Whoever would wait for somebody who waits for them is told so at once: a deadlock. Locks are held to the end of a
transaction. A waiter waits for one row only, so a circle is found by following owners.
"""

from __future__ import annotations

from collections import deque
from typing import TypeAlias

Key: TypeAlias = tuple[object, ...]
"""A row: its table and its key."""


class DeadlockError(Exception):
    """Somebody waits for who waits for them."""


class Locks:
    """Who holds which row, and who waits for it. Owners are numbers of transactions."""

    def __init__(self) -> None:
        self._owner: dict[Key, int] = {}
        self._queue: dict[Key, deque[int]] = {}
        self._held: dict[int, list[Key]] = {}
        self._waits: dict[int, Key] = {}

    def take(self, owner: int, key: Key) -> bool:
        """Whether a row is the owner's now; if not, the owner is in the queue for it.

        Raises:
            DeadlockError: it never would be. The owner is not in the queue.
        """
        holder = self._owner.setdefault(key, owner)
        if holder == owner:
            held = self._held.setdefault(owner, [])
            if key not in held:
                held.append(key)
            return True
        other: int | None = holder
        while other is not None:
            waits_for = self._waits.get(other)
            other = None if waits_for is None else self._owner.get(waits_for)
            if other == owner:
                raise DeadlockError(f"{key} is held by {holder}, who waits for {self._waits[holder]}")
        self._waits[owner] = key
        self._queue.setdefault(key, deque()).append(owner)
        return False

    def waiting(self, owner: int) -> Key | None:
        """What somebody waits for."""
        return self._waits.get(owner)

    def release(self, owner: int) -> None:
        """Let go of everything; the next in each queue has it."""
        if (key := self._waits.pop(owner, None)) is not None:
            self._queue[key].remove(owner)
        for key in self._held.pop(owner, ()):
            self._pass_on(key)

    def release_one(self, owner: int, key: Key) -> None:
        """Let go of one row before the end, as a database does with a row that turned out not to be the one."""
        self._held[owner].remove(key)
        self._pass_on(key)

    def _pass_on(self, key: Key) -> None:
        queue = self._queue.get(key)
        if not queue:
            del self._owner[key]
            return
        first = queue.popleft()
        self._owner[key] = first
        self._held.setdefault(first, []).append(key)
        del self._waits[first]
