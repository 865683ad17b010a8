"""What stands around the path: batches, scaling out and in, reviewers, payout channel; worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from queues import PLAIN, arrived, ended, of, shop, taking
from simpy import Environment

from sim.stress.capacity.arrivals import at_times
from sim.stress.capacity.kinds import Kind
from sim.stress.capacity.payouts import Desk, Payouts
from sim.stress.capacity.pricing import Pricing
from sim.stress.capacity.shop import Channel, Review, Staff
from sim.stress.capacity.store import Store

PAY = taking(pay=of(1, 0), settle=of(1, 2), batch=of(10, 20, 5))
"""A batch of n orders: 10 + n, 20 + 2 n, and a flush of 5."""


def test_a_batch_goes_when_it_is_full():
    """Paid at 1 and 2: a batch of two begins at 2: 12 + 24 + 5."""
    assert ended(arrived(shop(batch=2, batch_seconds=9), PAY, [0, 1], Kind.pay), Kind.book) == [43, 43]


def test_a_batch_that_is_not_full_goes_after_a_while():
    """Paid at 1: at 1 + 100 a batch of one begins: 11 + 22 + 5. The next order has a while of its own."""
    store = arrived(shop(batch=3, batch_seconds=0.1), PAY, [0, 300], Kind.pay)
    assert ended(store, Kind.book) == [139, 439]


def test_the_while_of_a_batch_that_went_does_not_cut_the_next_one():
    """A full batch goes at 2; the third order, paid at 51, waits until 151 and not until 101."""
    store = arrived(shop(batch=2, batch_seconds=0.1), PAY, [0, 1, 50], Kind.pay)
    assert ended(store, Kind.book)[2] == 189


def test_what_becomes_available_is_settled_in_batches():
    """5 orders in batches of 2, 2, 1 by one worker: (10 + 2) + (20 + 4) + 5 = 41, twice; then 11 + 22 + 5 = 38."""
    store = Store(Pricing(shop(batch=2, settlement=Staff(1)), PAY, 1))
    store.settle_at(0.0, 5)
    store.env.run(until=0.001)
    store.run_out()
    assert ended(store, Kind.settle) == [41, 41, 82, 82, 120]
    assert store.batching.most_open == 5


def test_workers_are_scaled_out_when_the_queue_is_long_and_in_when_they_are_idle():
    """One worker, 10 s each; 6 at once: 5 wait > 2 x 1, so one more is begun at the third that waits, and one at the
    fifth (5 > 2 x 2). Both work from 4 s on: ends are 10, 14, 14, 20, 24, 24. Then they are stopped, one a look."""
    staff = Staff(1, most=3, out_at=2, start_seconds=4, spare_seconds=30)
    store = Store(Pricing(shop(orders=staff, worker_cores=9), taking(place=of(10_000, 0)), 1))
    store.feed(at_times(store.pricing, np.zeros(6), np.full(6, int(Kind.place))))
    store.env.run(until=25)
    group = store.groups["orders"]
    assert ended(store) == [10_000, 14_000, 14_000, 20_000, 24_000, 24_000]
    assert (group.workers, group.idle) == (3, 3)
    store.env.run(until=61)  # looked at 30 and 60
    assert (group.workers, group.most_workers) == (1, 3)
    store.env.run(until=1000)
    assert group.workers == 1
    assert group.count() == pytest.approx(1000 + 2 * 26 + 30)  # two more from 4 to 30, one of them until 60


def test_a_fixed_group_stays():
    store = arrived(shop(orders=Staff(1)), taking(place=of(10, 0)), [0] * 50)
    assert store.groups["orders"].workers == 1
    assert store.groups["orders"].most_waiting == 49


HOUR = 3600.0


def reviewed(asked: list[float], review: Review) -> list[float]:
    env, passed = Environment(), []
    desk = Desk(env, review, 1, lambda at: passed.append((env.now, at)))
    for at in asked:
        env.run(until=at) if at > env.now else None
        desk.ask(at)
    env.run(until=96 * HOUR)
    return [when for when, _ in sorted(passed, key=lambda pair: pair[1])]


def test_reviewers_come_in_the_morning():
    """Asked at 20:00 and at noon the next day: the first is looked at from 9:00 on, the second at once."""
    first, second = reviewed([20 * HOUR, 36 * HOUR], Review(people=1, opens=9, closes=18))
    assert 33 * HOUR < first < 34 * HOUR
    assert 36 * HOUR < second < 37 * HOUR


def test_nothing_new_is_begun_after_closing():
    ends = reviewed([17.9 * HOUR] * 40, Review(people=2, minutes=30, opens=9, closes=18))
    begun_today = sum(end < 24 * HOUR for end in ends)
    assert 2 <= begun_today <= 4  # six minutes are left: two begin at once, hardly anybody after them
    assert all(end > 33 * HOUR for end in ends[begun_today:])
    assert len(ends) == 40


def paid(channel: Channel, count: int, until: float) -> tuple[Payouts, list[float]]:
    env, seen = Environment(), []
    payouts = Payouts(env, channel, 1, lambda asked: seen.append(env.now))
    for _ in range(count):
        payouts.send(0.0)
    env.run(until=until)
    return payouts, seen


SURE = Channel(calls_per_second=1.0, items=1_000, every_minutes=10, answer_seconds=1e-9, late=0, never=0, unknown=0)


def test_a_call_holds_a_thousand_and_calls_keep_their_distance():
    """2,500: full calls at 0 s and 1 s, the rest at the next ten minutes."""
    payouts, seen = paid(SURE, 2_500, 2_000)
    assert payouts.calls == 3
    assert np.round(np.unique(np.round(seen, 3)), 2).tolist() == [0.0, 1.0, 600.0]
    assert [sum(abs(at - when) < 0.01 for at in seen) for when in (0, 1, 600)] == [1_000, 1_000, 500]


def test_late_answers_come_late_and_silence_is_asked_about_until_it_is_known():
    late, seen = paid(replace(SURE, late=0.9, late_hours=2), 1_000, 10 * HOUR)
    assert sum(at > 2 * HOUR - 1 for at in seen) == pytest.approx(900, abs=40)  # sd 9.5
    assert late.asked_again == 0
    silent, seen = paid(replace(SURE, never=0.4, unknown=0.5, ask_minutes=30), 1_000, 1_000 * HOUR)
    assert len(seen) == 1_000  # everybody is paid in the end, once
    # 900 are asked about, each question is answered by "unknown" again half of the time: 1,800 questions, sd 42
    assert silent.asked_again == pytest.approx(1_800, abs=170)
    assert {round(at / (0.5 * HOUR)) for at in seen} >= {0, 1, 2, 3}


def test_a_notice_is_repeated_until_it_is_acknowledged():
    """A payment that takes 70 s: notices were repeated after 15, 30 and 60 s, each a look of 2 s."""
    times = taking(pay=of(70_000, 0), notice=of(2_000, 0))
    store = arrived(PLAIN, times, [0], Kind.pay)
    assert store.repeated == 3
    assert ended(store, Kind.notice) == [72_000] * 3
    assert arrived(PLAIN, taking(pay=of(14_000, 0)), [0], Kind.pay).repeated == 0
