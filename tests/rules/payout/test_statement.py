"""Statements: every movement of a wallet has its line, and opening + lines = closing."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import MEMBERS, NAMES, START_DAY, random_log, random_plan

from rules.book import Book
from rules.calendar import day_of, period_of
from rules.cases.history import as_history
from rules.cases.read import parse_case
from rules.engine import Engine
from rules.errors import InputError
from rules.events import Names, Period
from rules.opening import Opening
from rules.payout.statement import (
    COMPONENTS,
    LABELS,
    PERIODS,
    POCKETS,
    STATUSES,
    EntryLine,
    PayoutLine,
    statement_of,
    statements,
)
from rules.records import Component, EntryStatus

CASE = parse_case(
    {
        "name": "x",
        "plan": {
            "ranks": [{"id": "member"}],
            "commission": {"base": {"levels": [{"level": 1, "rates": {"default": "8%"}}]}},
            "settlement": {"hold_days": 0, "cycle": {"every": "day"}},
            "withdrawal": {"fee": "1%", "tax": "cn_labour"},
        },
        "members": [{"id": "B"}, {"id": "C", "inviter": "B"}],
        "events": [
            {"at": "2026-01-30 10:00", "order": "O1", "buyer": "C", "lines": [{"sku": "a", "price": "30000"}]},
            {"at": "2026-01-30 10:01", "pay": "O1"},
            {"at": "2026-01-30 10:02", "receive": "O1"},
            {"at": "2026-02-02 10:00", "withdraw": "B", "amount": 1000, "id": "W1"},
            {"at": "2026-02-03 10:00", "paid": "W1"},
            {"at": "2026-02-04 10:00", "refund": "O1", "line": 1, "amount": 1000},
            {"at": "2026-02-28 23:00", "withdraw": "B", "amount": 500, "id": "W2"},
            {"at": "2026-03-01 09:00", "failed": "W2"},
        ],
    }
)


def played() -> tuple[Book, Names]:
    """The case, with 50.00 in B's wallet from the beginning."""
    history = as_history(CASE, lambda name: CASE.plan)
    engine = Engine.open(history.plans, history.names, 2, 20_480)
    engine.enrol(0, Opening(balance=50_00), 20_480)
    engine.enrol(1, Opening(inviter=0), 20_480)
    engine.apply(history.events)
    return engine.book, history.names


def month(year: int, number: int) -> int:
    return period_of(day_of(dt.date(year, number, 1)), Period.month)


def test_a_month_line_by_line():
    # 30,000 × 8 % = 2,400 in January; February: 1,000 paid with fee 10 and tax (1,000 - 800) × 20 % = 40, so 950 net;
    # 1,000 of 30,000 refunded takes 80 back. 50 + 2,400 = 2,450; - 1,000 - 80 = 1,370, of it 500 asked for.
    book, names = played()
    january, february = (statement_of(book, 0, Period.month, month(2026, one), names) for one in (1, 2))
    assert (january.opening, january.closing) == (50_00, 2_450_00)
    assert (february.opening, february.closing, february.under_way) == (2_450_00, 1_370_00, 500_00)
    assert (february.first, february.last) == (dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    paid, taken = february.lines
    assert isinstance(paid, PayoutLine)
    assert (paid.amount, paid.fee, paid.tax, paid.net, paid.balance) == (-1_000_00, 10_00, 40_00, 950_00, 1_450_00)
    assert isinstance(taken, EntryLine)
    assert (taken.amount, taken.order, taken.line, taken.level, taken.component) == (-80_00, "O1", 1, 1, Component.base)
    assert (taken.status, taken.reverses, taken.rate) == (EntryStatus.reversal, 0, 80_000)
    assert (february.earned, february.reversed) == (0, 80_00)
    assert (february.paid_out, february.fee, february.tax) == (1_000_00, 10_00, 40_00)
    assert [fen for _, fen in february.figures()] == [
        *(2_450_00, 0, 80_00, 1_000_00, 10_00, 40_00),
        *(1_370_00, 500_00),
    ]
    assert [february.title.en, LABELS[february.figures()[5][0]].zh] == ["statement of the month", "其中代扣税款"]
    (earned,) = january.lines
    assert earned.reason.zh == "基础佣金，订单 O1 第 1 行，1 级，30,000.00 × 8%，可提现"
    assert earned.reason.en == "base commission, order O1 line 1, level 1, 8% of 30,000.00, available"
    assert paid.reason.en == "payout 0: fee 10.00, tax withheld 40.00, 950.00 paid"


def test_days_and_weeks_cut_the_same_lines():
    book, names = played()
    week = period_of(day_of(dt.date(2026, 2, 2)), Period.week)  # a Monday
    one = statement_of(book, 0, Period.week, week, names)
    assert (one.first, one.last) == (dt.date(2026, 2, 2), dt.date(2026, 2, 8))
    days = [statement_of(book, 0, Period.day, day_of(one.first) + offset, names) for offset in range(7)]
    assert [line for day in days for line in day.lines] == list(one.lines)
    assert (days[0].opening, days[6].closing) == (one.opening, one.closing)
    assert days[0].under_way == 1_000_00  # asked for on Monday, paid on Tuesday
    assert days[1].under_way == 0


def test_only_members_with_a_movement_get_one():
    book, names = played()
    assert [one.member for one in statements(book, Period.month, month(2026, 2), names)] == ["B"]
    assert statements(book, Period.month, month(2026, 3), names) == []


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_statements_follow_each_other_from_nothing_to_the_wallet(seed):
    luck = random.Random(seed)
    plans = [random_plan(luck, number) for number in range(2)]
    engine = Engine.open(plans, NAMES, MEMBERS, START_DAY)
    engine.apply(random_log(luck, 60))
    book, first = engine.book, month(2026, 1)
    last = period_of(int(book.clock[0]["now"]) // 86_400, Period.month)
    everybody = [statements(book, Period.month, number, NAMES) for number in range(first, last + 1)]
    for member in range(MEMBERS):
        own = [statement_of(book, member, Period.month, number, NAMES) for number in range(first, last + 1)]
        assert own[0].opening == 0
        for one in own:
            assert one.opening + one.earned - one.reversed - one.paid_out == one.closing
            assert one.fee + one.tax <= one.paid_out
        assert all(before.closing == after.opening for before, after in pairwise(own))
        assert own[-1].closing == sum(int(book.members[member][pocket]) for pocket in POCKETS)
        assert own[-1].under_way == book.members[member]["withdrawing"]
        for made, one in zip(everybody, own, strict=True):
            assert [other for other in made if other.member == one.member] == ([one] if one.lines else [])


def test_a_wallet_that_was_tampered_with_is_found():
    book, names = played()
    book.members[0]["available"] += 1
    with pytest.raises(InputError, match=r"wallet of member B does not add up: 2,450\.00 .* 1,370\.00, .* 1,370\.01"):
        statement_of(book, 0, Period.month, month(2026, 2), names)


def test_a_member_that_is_not_there_is_refused():
    book, names = played()
    with pytest.raises(InputError, match="there is no member 2; allowed: 0 to 1"):
        statement_of(book, 2, Period.month, month(2026, 2), names)


def test_everything_has_a_name_in_both_languages():
    assert set(COMPONENTS) == set(Component)
    assert set(STATUSES) == set(EntryStatus)
    assert set(PERIODS) == set(Period)
