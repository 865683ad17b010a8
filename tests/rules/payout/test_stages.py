"""Money out in three stages: any sequence of answers conserves it, and a stage clears when nothing is under way."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from random_payouts import engines, payouts, plan_of

from rules.book import Book
from rules.payout.stages import HISTORY, STAGES, TITLES, Account, Transition, balances, journal, postings, uncleared
from rules.records import WithdrawalStatus

DAY_0 = 20_362  # 2025-10-01
UNDER_WAY = (WithdrawalStatus.reviewing, WithdrawalStatus.sent, WithdrawalStatus.unknown)


def path(*transitions: Transition) -> dict[str, int]:
    """Balances that are not 0 after a payout of 100.00 with a fee of 1.00 and a tax of 3.00."""
    posted = [one for step in transitions for one in postings(7, step, 100_00, 1_00, 3_00)]
    return {account.name: amount for account, amount in balances(posted).items() if amount}


def test_a_payout_passes_the_stages_one_by_one():
    requested, sent = Transition.requested, Transition.sent
    assert path(requested) == {"wallet": 100_00, "payable": -100_00}
    assert path(requested, sent) == {"wallet": 100_00, "company": -4_00, "transit": -96_00}
    assert path(requested, sent, Transition.unknown) == path(requested, sent)
    paid = {"wallet": 100_00, "bank": -96_00, "fee_income": -1_00, "tax_payable": -3_00}
    assert path(requested, sent, Transition.paid) == paid
    assert path(requested, sent, Transition.failed) == {}
    assert path(requested, Transition.rejected) == {}


@given(st.sampled_from(Transition), st.integers(1, 10**12), st.data())
def test_every_transition_is_balanced(transition, gross, data):
    fee = data.draw(st.integers(0, gross))
    tax = data.draw(st.integers(0, gross - fee))
    assert sum(one.amount for one in postings(0, transition, gross, fee, tax)) == 0
    assert sum(balances(postings(0, transition, gross, fee, tax)).values()) == 0


def check(book: Book) -> None:
    """The ledger of the payouts says what the book says, and clears exactly when nothing is under way."""
    posted = journal(book)
    sums = balances(posted)
    members, clock = book.members, book.clock[0]
    assert sum(sums.values()) == 0
    assert -sum(sums[stage] for stage in STAGES) == members["withdrawing"].sum()
    assert sums[Account.wallet] == members["withdrawing"].sum() + members["withdrawn"].sum()
    assert (-sums[Account.fee_income], -sums[Account.tax_payable]) == (clock["fees"], clock["taxes"])
    assert -sums[Account.bank] == members["withdrawn"].sum() - clock["fees"] - clock["taxes"]
    rows = book.rows("withdrawals")
    waiting = np.flatnonzero(rows["known"] & np.isin(rows["status"], UNDER_WAY)).tolist()
    found = uncleared(posted)
    assert sorted({number for one in found for number in one.withdrawals}) == waiting
    assert sum(one.amount for one in found) == members["withdrawing"].sum()


@settings(max_examples=150)
@given(
    seed=st.integers(0, 2**32),
    count=st.integers(1, 20),
    tax=st.sampled_from(["none", "cn_platform_2025_vat"]),
    fee=st.sampled_from(["0%", "0.6%", "99.5%"]),
    review=st.sampled_from([None, 0]),
)
def test_any_sequence_of_answers_conserves_money(seed, count, tax, fee, review):
    engine, _ = engines([plan_of(tax, fee=fee, review_over=review)] * 2, DAY_0, 3_000_000_00)
    log = payouts(random.Random(seed), DAY_0, count)
    before: Counter[object] = Counter()
    for place in range(len(log)):
        engine.apply(log[place : place + 1])
        check(engine.book)
        now = Counter(journal(engine.book))
        assert before <= now  # postings are added, never changed
        before = now


def test_what_does_not_clear_is_named():
    engine, _ = engines([plan_of("none", fee="1%")], DAY_0, 1_000_000_00)
    log = payouts(random.Random(5), DAY_0, 12)
    engine.apply(log[log["kind"] == 16])  # requests only: all are sent, nobody answers
    sent = np.flatnonzero(engine.book.rows("withdrawals")["known"]).tolist()
    assert len(sent) > 3
    company, transit = uncleared(journal(engine.book))
    assert (company.stage, transit.stage) == (Account.company, Account.transit)
    assert transit.withdrawals == tuple(sent)
    assert company.amount == engine.book.rows("withdrawals")["fee"].sum()


def test_every_state_and_account_is_told():
    assert set(HISTORY) == set(WithdrawalStatus)
    assert set(TITLES) == set(Account)
