"""The money-flow monitor on a ledger booked by hand: every day's figures, and every alarm."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import Engine, text

from rules.events import DAY
from sim.store.sql.accounts import FIRST_WALLET, JournalKind, ShopAccount, journal_id
from sim.store.sql.connect import engine_for
from sim.store.sql.create import create
from sim.store.sql.digest import JOURNAL, MOVE, NO_JOURNAL
from sim.store.sql.ledger import post_batch
from sim.stress.flows import Flows, flows_of

FIRST = 20_458  # 2026-01-05
A = ShopAccount


@pytest.fixture
def engine(tmp_path) -> Engine:
    engine = engine_for(f"sqlite:///{tmp_path / 'flows.db'}")
    create(engine)
    return engine


def book(engine: Engine, day: int, kind: JournalKind, subject: int, *legs: tuple[int, int]) -> None:
    """A journal on a day from 0, and what it moves in members' available money."""
    row = np.zeros(1, JOURNAL)
    row["id"], row["event_at"], row["business_date"] = journal_id(subject, kind), (FIRST + day) * DAY, FIRST + day
    for leg, (account, amount) in enumerate(legs):
        row[f"a{leg}"], row[f"x{leg}"] = account, amount
    gained = [(account - FIRST_WALLET, -amount) for account, amount in legs if account >= FIRST_WALLET]
    moves = np.array([(NO_JOURNAL, member, 0, 0, amount, 0, 0) for member, amount in gained], MOVE)
    with engine.begin() as connection:
        post_batch(connection, row, moves)


def flows(engine: Engine) -> Flows:
    with engine.connect() as connection:
        return flows_of(connection)


def ask_for(engine: Engine, number: int, day: int, member: int, amount: int, status: int = 1) -> None:
    told = {"id": number, "member": member, "status": status, "at": (FIRST + day) * DAY, "amount": amount}
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO withdrawals (id, member, status, asked_at, sent_at, done_at, amount, fee, tax, "
                "channel_order_no, book) VALUES (:id, :member, :status, :at, :at, -1, :amount, 0, 0, :id, '')"
            ),
            told,
        )


def test_the_money_of_every_day(engine) -> None:
    wallet = FIRST_WALLET + 3
    book(engine, 0, JournalKind.pay, 1, (A.channel, 10_000), (A.sales, -10_000))
    book(engine, 0, JournalKind.commission, 1, (A.commission, 800), (wallet, -800))
    book(engine, 2, JournalKind.refund, 1, (A.sales, 2_000), (A.channel, -2_000))
    book(engine, 2, JournalKind.clawback, 1, (A.commission, -160), (wallet, 160))
    book(engine, 2, JournalKind.withdraw, 9, (wallet, 500), (A.payable, -500))
    book(engine, 2, JournalKind.sent, 9, (A.payable, 500), (A.company, -50), (A.transit, -450))
    book(engine, 3, JournalKind.paid, 9, (A.transit, 450), (A.bank, -450), (A.company, 50), (A.tax_payable, -50))
    days = flows(engine).days
    assert [one.day - FIRST for one in days] == [0, 1, 2, 3]  # a day without money stands there, too
    first, quiet, third, last = days
    assert (first.came_in, first.earned, first.owed, first.cash) == (10_000, 800, 800, 10_000)
    assert (quiet.came_in, quiet.earned, quiet.owed, quiet.cash) == (0, 0, 800, 10_000)
    assert (third.went_back, third.clawed, third.asked, third.paid_out) == (2_000, 160, 500, 0)
    # 800 - 160 - 500 in the wallet, 500 under way
    assert (third.owed, third.under_way, third.tax, third.cash) == (140, 500, 0, 8_000)
    assert third.must_hold == 640
    assert third.cover == 12.5  # 8,000 / 640
    assert (last.paid_out, last.owed, last.under_way, last.tax, last.cash) == (450, 140, 0, 50, 7_550)


def test_an_empty_ledger_has_no_days_and_no_alarms(engine) -> None:
    assert flows(engine) == Flows()


def kinds(engine: Engine) -> list[str]:
    return [one.kind for one in flows(engine).alarms]


def test_a_payout_that_does_not_clear(engine) -> None:
    book(engine, 10, JournalKind.pay, 1, (A.channel, 10_000), (A.sales, -10_000))
    ask_for(engine, 1, 8, 3, 500)  # in transit for less than 3 days at the end of day 10
    assert kinds(engine) == []
    ask_for(engine, 2, 7, 3, 700)
    (alarm,) = flows(engine).alarms
    assert alarm.kind == "stuck"
    assert "7.00" in alarm.said.en
    assert "2026-01-12" in alarm.said.en
    ask_for(engine, 3, 1, 3, 900, status=2)  # paid long ago
    assert "7.00" in flows(engine).alarms[0].said.zh


def test_payouts_far_above_the_usual(engine) -> None:
    book(engine, 0, JournalKind.pay, 1, (A.channel, 90_000_000), (A.sales, -90_000_000))
    book(engine, 0, JournalKind.commission, 1, (A.commission, 10_000_000), (FIRST_WALLET + 1, -10_000_000))
    for day in range(1, 16):  # 500 yuan a day is usual
        book(engine, day, JournalKind.withdraw, day, (FIRST_WALLET + 1, 50_000), (A.payable, -50_000))
    assert kinds(engine) == []
    book(engine, 16, JournalKind.withdraw, 16, (FIRST_WALLET + 1, 150_000), (A.payable, -150_000))
    assert kinds(engine) == []  # three times as much is not more than three times
    book(engine, 17, JournalKind.withdraw, 17, (FIRST_WALLET + 1, 150_001), (A.payable, -150_001))
    assert kinds(engine) == ["surge"]


def test_cash_that_does_not_cover_what_is_owed(engine) -> None:
    book(engine, 0, JournalKind.pay, 1, (A.channel, 1_000), (A.sales, -1_000))
    book(engine, 0, JournalKind.commission, 1, (A.commission, 1_600), (FIRST_WALLET + 1, -1_600))
    (alarm,) = flows(engine).alarms
    assert alarm.kind == "cover"
    assert alarm.said.en.endswith("0.62")  # 1,000 / 1,600 = 0.625, half to even


def test_wallets_below_zero(engine) -> None:
    book(engine, 0, JournalKind.pay, 1, (A.channel, 90_000), (A.sales, -90_000))
    book(engine, 0, JournalKind.clawback, 1, (A.commission, -300), (FIRST_WALLET + 1, 300))
    assert kinds(engine) == ["negative"]


def test_withdrawals_soon_after_a_change_of_inviter(engine) -> None:
    def bind(number: int, member: int, day: int) -> None:
        told = {"id": number, "member": member, "at": (FIRST + day) * DAY}
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO bindings VALUES (:id, :member, 1, :at, 0)"), told)

    book(engine, 20, JournalKind.pay, 1, (A.channel, 90_000), (A.sales, -90_000))
    bind(1, 4, 12)
    ask_for(engine, 1, 14, 4, 800, status=2)  # bound for the first time: a newcomer, no change
    assert kinds(engine) == []
    bind(2, 5, 1)
    bind(3, 5, 10)
    ask_for(engine, 2, 18, 5, 800, status=2)  # 8 days after the change
    assert kinds(engine) == []
    ask_for(engine, 3, 16, 5, 800, status=2)
    assert kinds(engine) == ["rebound"]
