from __future__ import annotations

import hashlib
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sim.draws import Purpose, bits_array, field, key
from sim.history.purchases import Purchases, recency_frequency
from sim.history.tree import (
    DAY,
    HOUR,
    NOBODY,
    TreeRule,
    clock_of,
    depths,
    inviters,
    money,
    ordinals,
    referral_history,
)

ORDERS = [
    "order_id",
    "line",
    "member_id",
    "placed_at",
    "paid_at",
    "received_at",
    "sku",
    "category",
    "quantity",
    "price",
    "member_price",
    "discount",
    "freight",
    "refunded_at",
    "refund_amount",
    "channel",
]
RULE = TreeRule()


@pytest.fixture(scope="module")
def history(cohort):
    return referral_history(cohort)


@pytest.fixture(scope="module")
def orders(history):
    return history.orders


@pytest.fixture(scope="module")
def clock(cohort):
    return clock_of(cohort, ordinals(cohort.customer), RULE)


@pytest.fixture(scope="module")
def inviter(clock):
    return inviters(clock, RULE)


def cents(column: pa.ChunkedArray) -> np.ndarray:
    return pc.multiply(pc.fill_null(column, Decimal(0)), pa.scalar(100)).cast(pa.int64()).to_numpy()


def test_columns_of_the_contract(history, cohort):
    assert history.orders.column_names == ORDERS
    assert history.members.column_names == ["member_id", "inviter_id", "rank", "joined_at"]
    assert len(history.orders) == len(cohort)
    assert len(history.members) == len(cohort.ids)
    assert len(pc.unique(history.orders["order_id"])) == len(cohort)


def test_every_cent_of_the_log_is_paid(orders, cohort):
    quantity = orders["quantity"].to_numpy()
    discount = cents(orders["discount"])
    assert (cents(orders["price"]) * quantity - discount == cohort.cents).all()
    assert ((discount >= 0) & (discount < quantity)).all()
    assert (quantity == cohort.items).all()
    assert (cents(orders["freight"]) == 0).all()


def test_the_log_is_kept(orders, cohort):
    paid = orders["paid_at"].cast(pa.int64()).to_numpy()
    assert (paid // DAY == cohort.day).all()
    assert orders["member_id"].to_pylist() == [cohort.ids[c] for c in cohort.customer]
    assert (cents(orders["price"]) == 0).sum() == 80


def test_an_order_runs_in_order(clock, cohort):
    assert ((clock.paid - clock.placed >= 10) & (clock.paid - clock.placed < 600)).all()
    waited = clock.received // DAY - cohort.day
    assert (np.unique(waited) == [2, 3, 4, 5, 6]).all()
    assert ((clock.placed % DAY >= 8 * HOUR) & (clock.placed % DAY < 23 * HOUR)).all()
    assert ((clock.received % DAY >= 9 * HOUR) & (clock.received % DAY < 21 * HOUR)).all()
    same = (cohort.customer[1:] == cohort.customer[:-1]) & (cohort.day[1:] == cohort.day[:-1])
    assert (np.diff(clock.placed)[same] >= 0).all()


def test_an_inviter_had_bought_before_his_invitee_joined(clock, inviter):
    has = inviter != NOBODY
    assert (clock.first_paid[inviter[has]] <= clock.joined[has]).all()
    assert (clock.joined < clock.first_paid).all()
    assert (clock.joined // DAY == clock.first_paid // DAY).all()


def test_the_forest_is_deep_and_heavy_tailed(inviter):
    assert (inviter == NOBODY).mean() == pytest.approx(0.30, abs=0.01)
    depth = depths(inviter)
    assert depth.max() >= 6
    assert (depth >= 3).mean() > 0.1
    team = np.sort(np.bincount(inviter[inviter != NOBODY], minlength=len(inviter)))[::-1]
    assert (team == 0).mean() > 0.65
    assert team[0] > 80
    assert team[: len(team) // 100].sum() > 0.2 * team.sum()
    tail = team[team >= 5]
    exponent = 1 + len(tail) / np.log(tail / 4.5).sum()
    assert exponent == pytest.approx(1 + 1_000_000 / RULE.pass_on, abs=0.25)


def test_members_name_their_inviters(history, inviter, cohort):
    named = history.members["inviter_id"].to_pylist()
    assert named[:200] == [None if i == NOBODY else cohort.ids[i] for i in inviter[:200]]
    assert history.members["rank"].null_count == len(named)


def test_goods(orders):
    share = {row["values"]: row["counts"] / len(orders) for row in pc.value_counts(orders["category"]).to_pylist()}
    assert share == pytest.approx({"fmcg": 0.5, "digital": 0.2, "home": 0.3}, abs=0.01)
    assert pc.all(pc.starts_with(orders["sku"], "fmcg-").filter(pc.equal(orders["category"], "fmcg"))).as_py()
    assert len(pc.unique(orders["sku"])) == 3 * RULE.products
    sold = {row["values"]: row["counts"] for row in pc.value_counts(orders["sku"]).to_pylist()}
    assert sold["fmcg-001"] > 20 * sold["fmcg-060"]


def test_refunds(orders, cohort):
    refund = cents(orders["refund_amount"])
    back = refund > 0
    assert (orders["refunded_at"].is_null().to_numpy() == ~back).all()
    assert back.mean() == pytest.approx(0.06, abs=0.003)
    assert (refund[back] == cohort.cents[back]).mean() == pytest.approx(0.7, abs=0.03)
    assert (refund <= cohort.cents).all()
    waited = pc.subtract(orders["refunded_at"], orders["received_at"]).cast(pa.int64()).drop_null().to_numpy()
    assert HOUR <= waited.min() < waited.max() < 15 * DAY
    part = back & (refund < cohort.cents)
    pieces = refund[part] * cohort.items[part] / cohort.cents[part]
    many = cohort.items[part] > 1
    assert (np.abs(pieces[many] - np.round(pieces[many])) < 0.05).mean() > 0.99


def test_the_same_rows_for_ever(clock, inviter, orders):
    """Whole numbers only: these fingerprints must not change, on any machine."""
    digest = hashlib.sha256()
    for column in (
        clock.placed,
        clock.paid,
        clock.received,
        clock.joined,
        inviter,
        cents(orders["refund_amount"]),
    ):
        digest.update(column.astype("<i8").tobytes())
    digest.update("".join(orders["sku"].to_pylist() + orders["channel"].to_pylist()).encode())
    assert digest.hexdigest()[:16] == "bd897bef2784f45f"


def test_a_row_can_be_recomputed_alone(clock, cohort):
    """Payment delay of the second order of customer 00002, from the rule's text."""
    word = bits_array(key(RULE.seed, Purpose.HISTORY_PAY), np.array([1]), 1)[0]
    assert clock.paid[2] - clock.placed[2] == 10 + ((int(word) >> 32) * 590 >> 32)


def test_new_customers_at_the_end_change_nobody(sample):
    more = Purchases.of(
        [*(sample.ids[c] for c in sample.customer), "new"],
        [*sample.day, 10_500],
        [*sample.items, 1],
        [*sample.cents, 9],
    )
    before, after = referral_history(sample), referral_history(more)
    assert after.orders.slice(0, len(sample)).equals(before.orders)
    assert after.members.slice(0, len(sample.ids)).equals(before.members)


def test_another_seed_is_another_store(sample):
    one, two = referral_history(sample).members, referral_history(sample, TreeRule(seed=1)).members
    assert not one["inviter_id"].equals(two["inviter_id"])


def test_the_summary_does_not_notice(orders, sample):
    """Reading the history back gives the same repeat purchases."""
    history = referral_history(sample).orders
    days = history["paid_at"].cast(pa.int64()).to_numpy() // DAY
    log = Purchases.of(history["member_id"].to_pylist(), days, history["quantity"].to_numpy(), sample.cents)
    assert recency_frequency(log, 10_134).x.sum() == 2_457


def test_ordinals_and_depths():
    assert ordinals(np.array([5, 3, 5, 5, 3])).tolist() == [0, 0, 1, 2, 1]
    assert depths(np.array([-1, 0, 1, -1, 2])).tolist() == [0, 1, 2, 0, 3]


def test_money_is_exact():
    assert money(np.array([0, 1, 1177, 9_000_000_000_000, -5])).to_pylist() == [
        Decimal(text) for text in ("0.00", "0.01", "11.77", "90000000000.00", "-0.05")
    ]


def test_weights_must_add_up():
    with pytest.raises(ValueError, match="weights of channels must add up to 1000000, but got 5"):
        TreeRule(channels=(("app", 5),))
    assert field(0b1011 << 3, 3, 4) == 0b1011
