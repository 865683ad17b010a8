"""The way of a transaction, worked by hand: every time below is in milliseconds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from queues import PLAIN, arrived, ended, of, shop, taking

from sim.stress.capacity.arrivals import steady
from sim.stress.capacity.chores import Running
from sim.stress.capacity.kinds import Kind
from sim.stress.capacity.pricing import Pricing
from sim.stress.capacity.service import ASSUMED
from sim.stress.capacity.shop import Shop, Staff
from sim.stress.capacity.store import Store

TIMES = taking(place=of(1, 2, 4))


def test_alone_it_takes_what_it_takes():
    assert ended(arrived(PLAIN, TIMES, [0])) == [7]  # 1 + 2 + 4


def test_one_worker_takes_one_after_another():
    assert ended(arrived(shop(orders=Staff(1)), TIMES, [0, 0, 20])) == [7, 14, 27]


def test_one_connection_is_held_until_the_flush():
    """Both compute until 1; the second has the connection from 7 on: 7 + 2 + 4."""
    assert ended(arrived(shop(pool=1), TIMES, [0, 0])) == [7, 13]


def test_one_core_serves_clients_and_server_in_the_order_of_asking():
    """Client of A 0-1, of B 1-2, server for A 2-4, for B 4-6; flush of A 4-8, of B from 8 on."""
    assert ended(arrived(shop(cores=1), TIMES, [0, 0])) == [8, 12]


def test_workers_with_cores_of_their_own_leave_the_server_alone():
    """Client of A 0-1 and of B 0-1, server for A 1-3, for B 3-5; flush of A 3-7, of B 7-11."""
    assert ended(arrived(shop(cores=1, worker_cores=2), TIMES, [0, 0])) == [7, 11]


def test_a_flush_takes_all_who_are_ready_when_it_begins():
    """Ready at 3, 4, 5: the first is flushed 3-7, the others together 7-11; one that is ready at 11.5 alone."""
    store = arrived(PLAIN, TIMES, [0, 1, 2, 8.5])
    assert ended(store) == [7, 11, 11, 15.5]
    assert store.path.flush.flushes == 3
    assert store.path.flush.busy == pytest.approx(0.012)


def test_a_round_trip_of_each_statement_holds_the_connection():
    """1 + 2 + 3 statements x 5 + 4."""
    times = taking(place=of(1, 2, 4, statements=3))
    assert ended(arrived(shop(network_ms=5, pool=1), times, [0, 0])) == [22, 43]


STOCK = taking(place=of(1, 2, 4, locks=("stock",), locked_part=0.25))
"""1.5 before the lock, 0.5 with it."""


def test_a_hot_row_is_held_until_its_commit_is_flushed():
    """Both want it at 2.5; A has it until its flush ends at 7, then B 0.5 and its own flush of 4."""
    store = arrived(shop(hot_product=1.0, stock_buckets=1), STOCK, [0, 0])
    assert ended(store) == [7, 11.5]
    assert store.path.rows.busy == [pytest.approx(0.009)]  # 2.5 to 7 and 7 to 11.5


def test_buckets_part_a_hot_row():
    """With a bucket each, both are ready at 3: A's flush 3-7, B's 7-11."""
    both = [ended(arrived(shop(hot_product=1.0, stock_buckets=64), STOCK, [0, 0], seed=seed)) for seed in range(9)]
    assert [7, 11] in both


def test_a_cold_product_locks_nothing():
    assert ended(arrived(shop(hot_product=0.0, stock_buckets=1), STOCK, [0, 0])) == [7, 11]


def test_what_is_read_stale_is_done_again():
    """Once more through the server: 1 + 2 + 2 + 4."""
    store = arrived(shop(stale=1.0), TIMES, [0])
    assert ended(store) == [9]
    assert store.path.retries == 1


def test_without_a_cache_the_member_is_read_from_the_database():
    times = taking(place=of(1, 2, 4), read=of(0.5, 3))
    assert ended(arrived(shop(cache=False), times, [0])) == [10.5]
    assert ended(arrived(PLAIN, times, [0])) == [7]
    assert ended(arrived(shop(cache=False), taking(ship=of(1, 2), read=of(1, 1)), [0], Kind.ship), Kind.ship) == [3]


def test_a_payment_books_its_commission_itself_without_a_queue():
    """Pay 1 + 2, book 0.5 + 1, one flush."""
    times = taking(pay=of(1, 2, 4), book=of(0.5, 1, 4))
    store = arrived(shop(queue=False), times, [0], Kind.pay)
    assert ended(store, Kind.pay) == ended(store, Kind.book) == [8.5]


def test_one_platform_row_makes_payments_wait_for_each_other():
    """Without a row: flush 7-11 of A, then of B and C. With it each has its own flush after the one before."""
    times = taking(pay=of(1, 2), book=of(0, 1, 4, locks=("platform",), locked_part=1.0))
    derived = arrived(shop(queue=False), times, [0, 0, 0], Kind.pay)
    one_row = arrived(shop(queue=False, platform_rows=1), times, [0, 0, 0], Kind.pay)
    assert ended(derived, Kind.pay) == [8, 12, 12]
    assert ended(one_row, Kind.pay) == [8, 13, 18]  # 3 + 1 + 4, and twice 1 + 4


def test_a_failed_worker_loses_its_work_and_is_gone_for_a_while():
    """The worker fails at 2: what it did is found lost at 3; it works again at 13 and does it anew."""
    store = Store(Pricing(shop(orders=Staff(1), restart_seconds=0.010), TIMES, 1))
    store.feed(iter(store.pricing.rows(*_at_zero())))
    store.env.run(until=0.002)
    store.groups["orders"].fail(0.010)
    store.run_out()
    assert ended(store) == [20]
    assert store.path.retries == 1


def test_an_idle_worker_that_fails_loses_nothing():
    store = Store(Pricing(shop(orders=Staff(1)), TIMES, 1))
    store.groups["orders"].fail(0.010)
    store.feed(iter(store.pricing.rows(*_at_zero())))
    store.run_out()
    assert ended(store) == [17]


def _at_zero():
    import numpy as np

    return np.zeros(1), np.array([int(Kind.place)])


def test_a_chore_leaves_the_core_to_others_every_ten_milliseconds():
    """The chore has the core 0-10; the client then 10-11, the chore 11-21, the server 21-23, then the flush."""
    store = Store(Pricing(shop(cores=1), TIMES, 1))
    Running(store.env, store.path.database, 0.0, 0.030)
    store.feed(iter(store.pricing.rows(*_at_zero())))
    store.run_out()
    assert ended(store) == [27]


RATES = {Kind.place: 60.0, Kind.pay: 50.0, Kind.click: 300.0, Kind.refund: 10.0, Kind.withdraw: 5.0}


@settings(max_examples=25, deadline=None)
@given(
    workers=st.tuples(*[st.integers(1, 5)] * 3),
    pool=st.integers(1, 8),
    cores=st.integers(1, 3),
    queue=st.booleans(),
    cache=st.booleans(),
    buckets=st.integers(1, 4),
    platform=st.integers(0, 2),
    batch=st.integers(1, 60),
    multiple=st.floats(0.5, 20),
    fails=st.sampled_from([0.0, 0.0005]),
    seed=st.integers(0, 99),
)
def test_everything_is_done_once_and_everything_is_given_back(
    workers, pool, cores, queue, cache, buckets, platform, batch, multiple, fails, seed
):
    given_shop = Shop(
        *(Staff(number) for number in workers),
        pool=pool,
        cores=cores,
        queue=queue,
        cache=cache,
        stock_buckets=buckets,
        platform_rows=platform,
        batch=batch,
        fails_every_hours=fails,
        restart_seconds=0.05,
    )
    store = Store(Pricing(given_shop, ASSUMED, seed))
    rates = {kind: rate * multiple for kind, rate in RATES.items()}
    store.feed(steady(store.pricing, rates, 600))
    store.run_out()
    counts = {kind: len(store.latency[kind]) for kind in Kind}
    assert sum(counts[kind] for kind in RATES) == 600
    assert counts[Kind.book] == counts[Kind.pay]
    assert min(min(latency, default=0.0) for latency in store.latency) >= 0
    path = store.path
    assert (path.pool.free, path.database.free) == (pool, cores)
    assert not any(path.rows.taken)
    assert not path.flush.waiting
    store.env.run(until=store.env.now + 1.0)  # workers who had failed are back
    if not fails:
        assert [group.idle for group in store.groups.values()] == list(workers)


def test_the_same_seed_gives_the_same_and_another_seed_does_not():
    def lived(seed):
        store = Store(Pricing(Shop(), ASSUMED, seed))
        store.feed(steady(store.pricing, RATES, 500))
        store.run_out()
        return store.latency

    assert lived(3) == lived(3)
    assert lived(3) != lived(4)


def test_two_shops_meet_the_same_luck():
    """What a transaction takes of its client does not depend on the shop: neither on its rows nor on its queue."""

    def clients(given_shop):
        rows = steady(Pricing(given_shop, ASSUMED, 7), {Kind.place: 1.0, Kind.ship: 1.0}, 200)
        return [(row[0], row[1], row[2]) for row in rows]

    assert clients(Shop()) == clients(Shop(queue=False, stock_buckets=1, platform_rows=4, cores=9))
