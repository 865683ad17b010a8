"""What the simulation found, each as small as it can be: it must not come back."""

from __future__ import annotations

import pytest

from rules.events import Kind, Records
from sim.pipeline import Desk
from sim.store.asks import GiveBackStock, Result
from sim.stress.faults.houses import BEGIN, blank_tables, house, one_event, order_events, served
from sim.stress.faults.shop import Shop


class Counter:
    """A desk and a store, for one client."""

    def __init__(self) -> None:
        of = house("three_level")
        self.shop, self.desk = Shop(blank_tables(of, 3), of.sizes), Desk(of.slices(1))
        self.bring(one_event(Kind.register, BEGIN, member=0), 0)

    def bring(self, events: Records, source: int) -> Result:
        return served(self.shop, self.desk.handle(events, 0, source), None)


@pytest.fixture
def counter() -> Counter:
    return Counter()


def test_pieces_are_given_back_in_the_order_of_locking(counter, monkeypatch):
    """Two clients that hold one product each and want the other's would wait for ever."""
    given: list[tuple[tuple[int, int, int], ...]] = []
    back = counter.shop._give_back
    counter.shop._answers[GiveBackStock] = lambda session, ask: given.append(ask.pieces) or back(session, ask)
    counter.bring(order_events(BEGIN, 0, 0, [(3, 1), (1, 2), (2, 1)]), 1)
    assert counter.bring(one_event(Kind.cancel, BEGIN + 1, order=0), 2) is Result.done
    assert given == [((2, 1, 2), (3, 2, 1), (1, 3, 1))], "line, product, pieces: by product"


def test_a_payment_that_was_refused_comes_again(counter):
    """It is refused again: to note it twice under one number would clash, and the client would try for ever."""
    counter.bring(order_events(BEGIN, 0, 0, [(1, 1)]), 1)
    counter.bring(one_event(Kind.cancel, BEGIN + 1, order=0), 2)
    pay = one_event(Kind.pay, BEGIN + 2, order=0)
    assert [counter.bring(pay, 3) for _ in range(2)] == [Result.refused, Result.refused]


def test_what_came_too_early_takes_effect_when_it_comes_again(counter):
    counter.bring(order_events(BEGIN, 0, 0, [(1, 1)]), 1)
    ship = one_event(Kind.ship, BEGIN + 1, order=0)
    assert counter.bring(ship, 2) is Result.refused
    counter.bring(one_event(Kind.pay, BEGIN + 2, order=0), 3)
    assert [counter.bring(ship, 2) for _ in range(2)] == [Result.done, Result.again]


def test_a_withdrawal_that_was_refused_stays_refused(counter):
    """Nobody is told that it has happened, and nothing happens later, when there would be money."""
    ask = one_event(Kind.withdraw, BEGIN, member=0, order=0, amount=5_000)
    assert [counter.bring(ask, 1) for _ in range(3)] == [Result.refused] * 3
    assert counter.shop.tables["payout"] == {}
