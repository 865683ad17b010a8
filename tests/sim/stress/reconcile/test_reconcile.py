"""Reconciliation finds what was planted, names it right, and finds nothing where nothing is wrong."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, text

from rules.errors import InputError
from rules.events import DAY, Kind
from rules.payout.channel import channel_order_no
from sim.cli.common import given
from sim.model import StoreModel
from sim.pipeline import Desk
from sim.rows import events_of
from sim.store.asks import Result
from sim.store.sql.accounts import JournalKind, journal_id
from sim.store.sql.connect import engine_for
from sim.store.sql.facts import StoreFacts, next_client
from sim.store.sql.shop import SqlShop
from sim.store.sql.whole import kept_in
from sim.stress.reconcile.files import Payout
from sim.stress.reconcile.kinds import CHANGED_AFTER, FROM_UTC, KINDS, STATE_ONLY, Difference
from sim.stress.reconcile.planting import PLANTS
from sim.stress.reconcile.study import planted, reconcile

FEN = {
    "amount_differs": 100,  # the channel's line is 1 yuan short
    "refund_unbooked": 100,  # 1 yuan by hand
    "journal_amount": 1_000,  # 10 yuan more on both legs
    "wallet_changed": 8_800,  # 88 yuan more
    "entry_altered": 500,  # 5 yuan more
    "payout_amount": 10,  # 10 fen more
    "payout_unasked": 66_600,
}
"""What the faults are worth, where they say so themselves (`sim.stress.reconcile.planting`)."""


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """The store that the command simulates."""
    path = tmp_path_factory.mktemp("reconcile") / "store.db"
    market, plan, people, days = given("three_tier", None, 6_000, 75)
    model = StoreModel(scenario=market, plan=plan, people=people, days=days, seed=20260105)
    with kept_in(f"sqlite:///{path}", model):
        model.run()
    return path


@pytest.fixture
def engine(store, tmp_path) -> Iterator[Engine]:
    """A copy of it."""
    for file in store.parent.glob(f"{store.name}*"):
        shutil.copy(file, tmp_path / file.name)
    engine = engine_for(f"sqlite:///{tmp_path / store.name}")
    yield engine
    engine.dispose()


def found(engine: Engine, *kinds: str) -> list[Difference]:
    return list(reconcile(engine, *planted(engine, kinds)).differences)


def change(engine: Engine, statement: str, **values: int) -> None:
    with engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount == 1


def number(engine: Engine, question: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(question)).scalar_one())


def test_a_clean_store_with_honest_channels_has_no_difference(engine) -> None:
    study = reconcile(engine, *planted(engine, []))
    assert study.differences == ()
    assert all(study.checked.values())  # there was something to check on every side
    assert study.flows.days


@pytest.mark.parametrize("kind", PLANTS)
def test_every_fault_is_named_right_and_nothing_else_is_reported(kind, engine) -> None:
    honest, _ = planted(engine, [])
    lines, payouts = planted(engine, [kind])
    (one,) = reconcile(engine, lines, payouts).differences
    assert one.kind == ("wallet_changed" if kind == "wallet_state" else kind)
    assert one.amount > 0
    if kind in FEN:
        assert one.amount == FEN[kind]
    if kind in ("missing_payment", "refund_missing", "double_payment", "refund_twice"):
        (line,) = set(honest) ^ set(lines)
        assert (one.amount, one.subject) == (line.amount or line.refund, f"order {line.order}")


def test_all_faults_at_once_are_all_named(engine) -> None:
    kinds = Counter(one.kind for one in found(engine, *PLANTS))
    assert kinds == Counter("wallet_changed" if kind == "wallet_state" else kind for kind in PLANTS)


def test_there_are_more_than_eight_kinds_and_each_has_words(engine) -> None:
    assert len({kind for kind in PLANTS if kind in KINDS}) >= 8
    assert set(PLANTS) - set(KINDS) == {"wallet_state"}
    for kind in KINDS.values():
        for words in (kind.title, kind.cause, kind.correction):
            assert words.zh
            assert words.en


def test_causes_tell_what_the_witnesses_tell(engine) -> None:
    by_kind = {one.kind: one for one in found(engine, "cut_off", "journal_amount", "wallet_state")}
    assert by_kind["cut_off"].cause == FROM_UTC
    assert by_kind["cut_off"].seen["orders"] > by_kind["cut_off"].seen["channel"]  # dates
    assert by_kind["journal_amount"].cause == CHANGED_AFTER
    assert by_kind["wallet_changed"].cause == STATE_ONLY


def test_a_journal_of_commission_that_is_gone_is_not_blamed_on_the_wallet(engine) -> None:
    gone = number(engine, "SELECT MIN(id) FROM journal WHERE ((id >> 6) & 63) = 41 AND part = 0 AND x0 > 0")
    paid = number(engine, f"SELECT SUM(amount) FROM entries WHERE journal_id = {gone}")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM journal WHERE id = :id"), {"id": gone})
    (one,) = found(engine)
    assert (one.kind, one.amount, one.subject) == ("journal_missing", paid, f"commission of order {gone >> 12}")


def test_journals_of_withdrawals_are_held_against_these(engine) -> None:
    drawn = number(engine, "SELECT MIN(id) FROM withdrawals WHERE status = 2")
    change(engine, "DELETE FROM journal WHERE id = :id", id=journal_id(drawn, JournalKind.sent))
    kinds = {(one.kind, one.subject) for one in found(engine)}
    assert kinds == {("journal_missing", f"sent of withdrawal {drawn}")}


def test_a_withdrawal_whose_amount_was_changed_does_not_fit_its_journals(engine) -> None:
    drawn = number(engine, "SELECT MIN(id) FROM withdrawals WHERE status = 2")
    change(engine, "UPDATE withdrawals SET amount = amount + 100 WHERE id = :id", id=drawn)
    found_there = [one for one in found(engine) if one.kind == "journal_amount"]
    # asked for, sent and paid: three journals that all say 1 yuan less
    assert [one.subject for one in found_there] == [
        f"{step} of withdrawal {drawn}" for step in ("requested", "sent", "paid")
    ]
    assert {one.amount for one in found_there} == {100}


def test_a_journal_put_in_by_hand_has_nothing_behind_it(engine) -> None:
    free = journal_id(number(engine, "SELECT MAX(id) + 5 FROM orders"), JournalKind.pay)
    statement = (
        "INSERT INTO journal SELECT :id, 0, event_at, business_date, batch, digest, a0, a1, a2, a3, x0, x1, x2, x3 "
        "FROM journal WHERE ((id >> 6) & 63) = 5 AND part = 0 LIMIT 1"
    )
    change(engine, statement, id=free)
    assert [one.kind for one in found(engine)] == ["journal_unfounded"]


def test_an_order_set_to_unpaid_by_hand_shows_as_a_lost_order_and_a_journal_without_one(engine) -> None:
    order = number(engine, "SELECT MIN(id) FROM orders WHERE paid_at >= 0 AND refunded = 0")
    honest = planted(engine, [])
    change(engine, "UPDATE orders SET paid_at = -1, status = 0 WHERE id = :id", id=order)
    kinds = {one.kind for one in reconcile(engine, *honest).differences}
    assert kinds == {"payment_without_order", "journal_unfounded"}


def test_a_payout_that_failed_here_and_was_paid_there(engine) -> None:
    drawn = number(engine, "SELECT MIN(id) FROM withdrawals WHERE status = 1")
    net = number(engine, f"SELECT amount - fee - tax FROM withdrawals WHERE id = {drawn}")
    last = number(engine, "SELECT MAX(event_at) FROM journal")
    slices = StoreFacts.load(engine).slices(next_client(engine))
    desk, shop = Desk(slices), SqlShop(engine, slices.meters, slices.titles)
    said = events_of(Kind.failed, np.array([last + 3 * DAY]), order=drawn)
    assert shop.serve(lambda: desk.handle(said)).result is Result.done
    shop.close()
    payments, payouts = planted(engine, [])
    assert reconcile(engine, payments, payouts).differences == ()  # failed on both sides
    payouts = [one for one in payouts if one.number != channel_order_no(drawn)]
    (one,) = reconcile(engine, payments, [*payouts, Payout(channel_order_no(drawn), net, True, last)]).differences
    assert (one.kind, one.amount) == ("payout_failed", net)


def test_without_files_the_store_is_held_against_itself_alone(engine) -> None:
    assert reconcile(engine).differences == ()
    planted(engine, ["wallet_changed", "missing_payment"])
    assert [one.kind for one in reconcile(engine).differences] == ["wallet_changed"]


def test_where_there_is_nothing_to_plant_on_it_says_so(tmp_path) -> None:
    market, plan, people, days = given("three_tier", None, 50, 2)
    model = StoreModel(scenario=market, plan=plan, people=people, days=days, seed=1)
    url = f"sqlite:///{tmp_path / 'tiny.db'}"
    with kept_in(url, model):
        model.run()
    for kind in ("missing_payment", "refund_missing", "payout_twice", "payout_unknown", "entry_deleted"):
        with pytest.raises(InputError, match="the simulated store has"):
            planted(engine_for(url), [kind])
