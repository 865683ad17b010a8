"""The simulated store is a transactional one: what is committed is seen and kept, what is not is neither."""

from __future__ import annotations

from typing import Any

import pytest

from rules.events import Kind
from sim.pipeline import Desk
from sim.store.asks import Commit, LockMembers, Result, Write
from sim.stress.faults.houses import BEGIN, blank_tables, house, one_event, order_events, served
from sim.stress.faults.shop import ClashError, FullError, LostError, Session, Shop


class Talking:
    """A desk at work, step by step, with nobody in the way."""

    def __init__(self, shop: Shop, desk: Desk, events) -> None:
        self.shop, self.session, self.talk, self.answer = shop, shop.connect(9), desk.handle(events), None

    def until(self, kind: type) -> Any:
        """Everything before the first ask of a kind, and that ask, not answered yet."""
        while True:
            ask = self.talk.send(self.answer)
            if isinstance(ask, kind):
                return ask
            self.answer = done(self.shop, self.session, ask)


def done(shop: Shop, session: Session, ask):
    work = shop.answer(session, ask)
    while True:
        try:
            key = next(work)
        except StopIteration as end:
            return end.value
        assert shop.locks.take(session.transaction, key)


@pytest.fixture
def shop() -> Shop:
    of = house("three_level")
    return Shop(blank_tables(of, 4), of.sizes)


@pytest.fixture
def desk() -> Desk:
    return Desk(house("three_level").slices(1))


def ordered(desk: Desk, shop: Shop, quantity: int = 1) -> Result:
    served(shop, desk.handle(one_event(Kind.register, BEGIN, member=0)), None)
    return served(shop, desk.handle(order_events(BEGIN, 0, 0, [(1, quantity)])), None)


def test_what_is_not_committed_is_seen_by_nobody(shop, desk):
    ordered(desk, shop)
    talking = Talking(shop, desk, one_event(Kind.pay, BEGIN + 1, order=0))
    done(shop, talking.session, talking.until(Write))
    assert shop.tables["journal"] == {}
    done(shop, talking.session, talking.talk.send(None))
    assert len(shop.tables["journal"]) == 1


def test_a_crash_takes_what_was_not_committed_and_no_more(shop, desk):
    ordered(desk, shop)
    before = {name: dict(rows) for name, rows in shop.tables.items()}
    talking = Talking(shop, desk, one_event(Kind.pay, BEGIN + 1, order=0))
    done(shop, talking.session, talking.until(Write))
    shop.crash()
    assert shop.tables == before
    assert not talking.session.alive
    assert served(shop, desk.handle(one_event(Kind.pay, BEGIN + 1, order=0)), None) is Result.done


def test_a_server_that_dies_before_the_flush_has_forgotten_the_commit(shop, desk):
    ordered(desk, shop)
    shop.at_flush = lambda number: True
    with pytest.raises(LostError):
        served(shop, desk.handle(one_event(Kind.pay, BEGIN + 1, order=0)), None)
    assert shop.tables["journal"] == {}


def test_a_full_disk_refuses_the_commit_until_there_is_space(shop, desk):
    ordered(desk, shop)
    shop.full = 1
    pay = one_event(Kind.pay, BEGIN + 1, order=0)
    with pytest.raises(FullError):
        served(shop, desk.handle(pay), None)
    assert served(shop, desk.handle(pay), None) is Result.done
    assert len(shop.tables["journal"]) == 1


def test_the_same_new_order_twice_at_once_clashes(shop, desk):
    served(shop, desk.handle(one_event(Kind.register, BEGIN, member=0)), None)
    placing = order_events(BEGIN, 0, 0, [(1, 1)])
    first = Talking(shop, desk, placing)
    ask = first.until(LockMembers)
    second = Desk(house("three_level").slices(2))
    assert served(shop, second.handle(placing), None) is Result.done
    first.answer = done(shop, first.session, ask)
    with pytest.raises(ClashError):
        done(shop, first.session, first.until(Write))


def test_pieces_are_taken_from_a_bucket_that_has_them(shop, desk):
    shop.tables["shelf"] = {(1, 0): 1, (1, 1): 2}
    assert ordered(desk, shop, quantity=2) is Result.done
    assert shop.tables["shelf"] == {(1, 0): 1, (1, 1): 0}
    assert served(shop, desk.handle(order_events(BEGIN, 1, 0, [(1, 2)])), None) is Result.short
    assert shop.tables["shelf"] == {(1, 0): 1, (1, 1): 0}


def test_a_talk_holds_its_locks_to_the_end(shop, desk):
    ordered(desk, shop)
    talking = Talking(shop, desk, one_event(Kind.pay, BEGIN + 1, order=0))
    commit = talking.until(Commit)
    other = shop.connect(2)
    other.transaction = 99
    assert not shop.locks.take(99, ("order", 0))
    done(shop, talking.session, commit)
    assert shop.locks.waiting(99) is None
