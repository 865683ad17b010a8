"""Clients who ask again at once: throughput by hand, and the bottleneck by its name."""

from __future__ import annotations

import pytest
from queues import NOTHING, of, shop, taking

from rules.errors import InputError
from sim.stress.capacity.closed import predict
from sim.stress.capacity.service import ASSUMED
from sim.stress.capacity.shop import Shop


def per_second(clients, given_shop=None, mix=None, **works):
    return predict(taking(**works), clients, mix or {"place": 1}, given_shop or shop(cores=2), transactions=4_000)


def test_one_client_does_one_after_another():
    found = per_second(1, place=of(1, 2, 2))
    assert found.per_second == pytest.approx(200)  # 5 ms each
    assert found.latency_ms["place"] == pytest.approx({"p50": 5, "p95": 5, "p99": 5})
    assert found.usage["database_cpu"] == pytest.approx(0.3)  # 3 ms of 5, two cores
    assert found.usage["flush"] == pytest.approx(0.4)
    assert found.bottleneck == "flush"


def test_without_anything_shared_each_client_waits_for_itself():
    found = per_second(1, place=of(1, 2))
    assert found.bottleneck == "clients"


def test_many_clients_keep_the_cores_busy():
    found = per_second(16, place=of(1, 2, 0.1))
    assert found.per_second == pytest.approx(2 / 0.003, rel=0.01)
    assert found.bottleneck == "database_cpu"
    assert found.usage["database_cpu"] == pytest.approx(1, abs=0.01)


def test_clients_share_a_flush():
    """The flush dwarfs the rest: half of the clients are flushed while the other half get ready, so that n clients
    do n transactions in two flushes."""
    for clients in (4, 16):
        found = per_second(clients, place=of(0.01, 0.01, 10))
        assert found.per_second == pytest.approx(clients / 0.020, rel=0.02)
        assert found.bottleneck == "flush"


def test_a_hot_row_admits_one_flush_after_another():
    """Held for 0.5 and a flush of 4: 222 a second, however many want it; in buckets they share flushes."""
    work = of(0.1, 1, 4, locks=("stock",), locked_part=0.5)
    row = shop(cores=2, hot_product=1.0, stock_buckets=1)
    found = per_second(8, row, place=work)
    assert found.per_second == pytest.approx(1 / 0.0045, rel=0.01)
    assert found.bottleneck == "stock_row"
    assert found.usage["stock_row"] == pytest.approx(1, abs=0.01)
    buckets = per_second(8, shop(cores=2, hot_product=1.0, stock_buckets=8), place=work)
    assert buckets.per_second > 2.5 * found.per_second


def test_a_batch_counts_all_its_orders():
    """(2 + 100 x 0.01) + (10 + 100 x 0.04) + 3 = 20 ms for 100 orders."""
    works = {"settle": of(0.01, 0.04), "batch": of(2, 10, 3)}
    found = per_second(1, shop(cores=2, batch=100), {"settle": 1}, **works)
    assert found.per_second == pytest.approx(50)
    assert found.orders_per_second == pytest.approx(5_000)


def test_a_mix_is_drawn_by_weight():
    """Three of 1 ms for each of 5 ms: 8 ms for four."""
    found = per_second(1, None, {"place": 3, "pay": 1}, place=of(1, 0), pay=of(5, 0))
    assert found.per_second == pytest.approx(500, rel=0.04)
    assert set(found.latency_ms) == {"place", "pay"}


def test_service_times_of_the_ledger_meet_other_measurements_of_it():
    """Batches of 500, 2,000 and 10,000 were measured at 15,000, 21,000 and 27,000 orders a second."""
    for batch, measured in ((500, 15_000), (2_000, 21_000), (10_000, 27_000)):
        found = predict(ASSUMED, 1, {"settle": 1}, Shop(batch=batch), transactions=100)
        assert found.orders_per_second == pytest.approx(measured, rel=0.12)


def test_the_same_seed_predicts_the_same():
    once, again = (predict(ASSUMED, 8, {"place": 2, "pay": 1}, seed=4, transactions=1_000) for _ in range(2))
    assert once == again


@pytest.mark.parametrize(
    ("mix", "said"), [({}, "mix"), ({"place": 0}, "mix"), ({"dance": 1}, "dance"), ({"place": 1}, "0 clients")]
)
def test_what_makes_no_sense_is_refused(mix, said):
    with pytest.raises(InputError, match=said):
        predict(taking(place=NOTHING), 0, mix)
