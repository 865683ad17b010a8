"""Where stores break and what is enough, for stores whose answer is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from queues import of, shop, taking

from sim.stress.capacity.kinds import Kind
from sim.stress.capacity.search import Question, breaks, computable, multiple_borne, recommend, release_seconds
from sim.stress.capacity.service import ASSUMED
from sim.stress.capacity.shop import Shop, Staff
from sim.stress.capacity.steady import Target, run_steady
from sim.stress.capacity.worth import worths

ORDERS = {Kind.place: 10.0}


def question(times, rates=ORDERS, **more):
    return Question(rates, more.pop("release", 0.0), Target(200), times, 1, transactions=6_000, **more)


def test_one_worker_of_ten_milliseconds_bears_a_hundred_a_second():
    asked = question(taking(place=of(10, 0)))
    borne = multiple_borne(asked, shop(orders=Staff(1)), 3.0)
    assert borne == pytest.approx(10, rel=0.08)


def test_a_store_that_cannot_bear_anything_is_told_so():
    assert multiple_borne(question(taking(place=of(300, 0))), shop(), 1.0) == 0.0


def test_where_to_look_first():
    """10 a second x 20 ms on 4 cores: 20 times as much keeps them busy."""
    assert computable(question(taking(place=of(5, 15))), shop(cores=4)) == pytest.approx(20)


@pytest.mark.parametrize(
    ("works", "changes", "bottleneck"),
    [
        ({"place": of(10, 0)}, {"orders": Staff(2)}, "order_workers"),
        ({"place": of(0.1, 10)}, {"pool": 2}, "connections"),
        ({"place": of(1, 9)}, {"cores": 2}, "database_cpu"),
        ({"place": of(9, 1)}, {"worker_cores": 2}, "worker_cpu"),
        (
            {"place": of(0.1, 1, 9, locks=("stock",), locked_part=0.5)},
            {"hot_product": 1.0, "stock_buckets": 1},
            "stock_row",
        ),
        (
            {"place": of(0.1, 1, 9, locks=("platform",), locked_part=0.5)},
            {"platform_rows": 1},
            "platform_row",
        ),
    ],
)
def test_the_first_bottleneck_is_named(works, changes, bottleneck):
    found = breaks(question(taking(**works)), shop(**changes))
    assert found.bottleneck == bottleneck
    assert found.orders_per_second == pytest.approx(10 * found.multiple)


def test_settlement_that_falls_behind_breaks_the_store_though_buyers_notice_nothing():
    """Batches of one take 20 ms: 50 orders a second for one worker."""
    times = taking(pay=of(0.1, 0.1), batch=of(10, 10))
    found = breaks(question(times, {Kind.place: 10.0, Kind.pay: 10.0}), shop(batch=1, settlement=Staff(1)))
    assert found.multiple == pytest.approx(5, rel=0.1)
    assert found.bottleneck == "settlement_workers"
    assert found.at.by_side["orders"]["p95"] < 1


def test_fewest_workers():
    """350 a second of 10 ms need four workers at least; 30 payments a second, one settlement worker."""
    times = taking(place=of(10, 0), pay=of(1, 1), settle=of(0.1, 0.1), batch=of(1, 1))
    asked = question(times, {Kind.place: 350.0, Kind.pay: 30.0})
    found = recommend(asked, shop(cores=8))
    assert found is not None
    assert found.order_workers == 4
    assert (found.member_workers, found.settlement_workers) == (1, 1)
    assert found.cores == 8
    assert 1 <= found.pool <= 6
    enough = shop(cores=8, orders=Staff(4), members=Staff(1), settlement=Staff(1), pool=found.pool, batch=found.batch)
    assert asked.kept(enough)
    assert not asked.kept(enough.with_workers("orders", 3))


def test_more_cores_where_the_shop_has_too_few():
    """100 a second of 50 ms are five cores' work."""
    found = recommend(question(taking(place=of(0, 50)), {Kind.place: 100.0}), shop(cores=2))
    assert found is not None
    assert found.cores == 8


def test_nothing_helps_against_a_row_that_is_too_hot():
    times = taking(place=of(0, 1, 50, locks=("stock",)))
    assert recommend(question(times), replace(shop(), hot_product=1.0, stock_buckets=1)) is not None  # 20 a second
    assert recommend(question(times, {Kind.place: 40.0}), replace(shop(), hot_product=1.0, stock_buckets=1)) is None


def test_how_long_a_release_takes():
    """1,000 orders in 10 batches of 100: each 10 + 10 computing and 5 of flush, by one worker, then by two."""
    asked = question(taking(batch=of(2, 8, 5), settle=of(0.04, 0.06)), release=1_000.0)
    assert release_seconds(shop(batch=100, settlement=Staff(1)), asked) == pytest.approx(0.25)
    assert release_seconds(shop(batch=100, settlement=Staff(2), cores=1), asked) == pytest.approx(0.20)


def test_each_switch_is_worth_something_where_it_is_needed():
    """A store whose hot product is all it sells, without a queue, with one platform row: each makes it worse."""
    rates = {Kind.place: 10.0, Kind.pay: 9.0, Kind.click: 20.0}
    store = Shop(orders=Staff(16), members=Staff(4), pool=20, cores=8, hot_product=1.0)
    asked = Question(rates, 0.0, Target(200), ASSUMED, 1, transactions=6_000)
    found = {one.name: one for one in worths(asked, store, multiple_borne(asked, store, 60.0))}
    assert found["as_it_is"].part == 1
    assert found["one_stock_row"].part < 0.7
    assert found["no_queue_one_platform_row"].part < 0.6
    assert found["no_batches"].part < 0.2
    assert found["no_cache"].part < 1


def test_more_traffic_is_never_faster():
    runs = [
        run_steady(Shop(), ASSUMED, {Kind.place: 100.0, Kind.pay: 90.0}, seed=2, multiple=multiple, transactions=4_000)
        for multiple in (0.5, 1, 2, 4, 8, 16)
    ]
    means = [run.mean_ms for run in runs]
    assert means == sorted(means)
    assert runs[0].keeps(Target(200))
    assert not runs[-1].keeps(Target(200))
