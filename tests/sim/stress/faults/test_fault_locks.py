"""Row locks of the simulated store: one owner, a queue, and no circles."""

from __future__ import annotations

import pytest

from sim.stress.faults.locks import DeadlockError, Locks


def test_first_come_first_served():
    locks = Locks()
    assert locks.take(1, ("order", 7))
    assert locks.take(1, ("order", 7)), "it has it already"
    assert not locks.take(3, ("order", 7))
    assert not locks.take(2, ("order", 7))
    locks.release(1)
    assert locks.waiting(3) is None
    assert locks.waiting(2) == ("order", 7)


def test_who_gives_up_leaves_the_queue():
    locks = Locks()
    locks.take(1, ("order", 7))
    locks.take(2, ("order", 7))
    locks.take(3, ("order", 7))
    locks.release(2)
    locks.release(1)
    assert locks.waiting(3) is None
    assert not locks.take(4, ("order", 7))


def test_a_row_is_free_again():
    locks = Locks()
    locks.take(1, ("shelf", 0, 0))
    locks.release_one(1, ("shelf", 0, 0))
    assert locks.take(2, ("shelf", 0, 0))


def test_a_circle_of_three_is_told_at_once():
    locks = Locks()
    for owner in (1, 2, 3):
        locks.take(owner, ("member", owner))
    assert not locks.take(1, ("member", 2))
    assert not locks.take(2, ("member", 3))
    with pytest.raises(DeadlockError):
        locks.take(3, ("member", 1))
    locks.release(3)
    assert locks.waiting(2) is None, "the victim's row goes on"
