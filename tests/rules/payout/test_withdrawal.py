"""Withdrawals at the edge of every limit, and where the money is after every answer: both engines, worked by hand."""

from __future__ import annotations

import pytest
from engines_agree import assert_same
from random_worlds import NAMES, START_DAY

from rules.engine import Engine
from rules.events import DAY, Kind, blank
from rules.lifecycle import Refusal
from rules.opening import Opening
from rules.payout.channel import largest_request
from rules.payout.withdrawal import Withdrawal
from rules.plan.model import Plan
from rules.trace import ReadableEngine

# START_DAY is 2026-01-05; day 26 is the 31st, day 27 the 1st of February.


class Desk:
    """Members 0 and 1 have 1000.00 each; what they ask for and what is answered is told by the test."""

    def __init__(self, *rules: dict, **person: bool) -> None:
        plans = [Plan.model_validate({"ranks": [{"id": "member"}], "withdrawal": rule}) for rule in rules]
        self.engine = Engine.open(plans, NAMES, 2, START_DAY)
        self.readable = ReadableEngine(plans, NAMES, 2, START_DAY)
        for member in range(2):
            for engine in (self.engine, self.readable):
                engine.enrol(member, Opening(joined_at=1, balance=100_000, **person), START_DAY)

    def tell(self, day: int, kind: Kind, **fields: int) -> int | None:
        """Both engines take an event and must agree; what it is refused for, if it is."""
        event = blank(1)
        event["time"], event["kind"] = (START_DAY + day) * DAY, kind
        for name, value in fields.items():
            event[name] = value
        before = len(self.engine.book.rows("refusals"))
        for engine in (self.engine, self.readable):
            engine.apply(event)
        assert_same(self.engine, self.readable)
        after = self.engine.book.rows("refusals")["code"].tolist()[before:]
        return Refusal(after[0]) if after else None

    def ask(self, number: int, amount: int, day: int = 0, member: int = 0) -> int | None:
        return self.tell(day, Kind.withdraw, order=number, member=member, amount=amount)

    def answer(self, number: int, kind: Kind, day: int = 0) -> int | None:
        return self.tell(day, kind, order=number)

    def wallet(self) -> tuple[int, int, int]:
        """Member 0's available, withdrawing and withdrawn."""
        row = self.engine.book.members[0]
        return int(row["available"]), int(row["withdrawing"]), int(row["withdrawn"])


@pytest.mark.parametrize(
    ("key", "fact", "refusal"),
    [
        ("real_name", "real_name", Refusal.real_name),
        ("tax_registered", "tax_registered", Refusal.tax_registered),
        ("e_signature", "e_signed", Refusal.not_signed),
    ],
)
def test_what_a_plan_asks_of_a_person_is_asked(key, fact, refusal):
    assert Desk({key: True}).ask(0, 1) is refusal
    assert Desk({key: True}, **{fact: True}).ask(0, 1) is None
    assert Desk({}).ask(0, 1) is None
    verified = Desk({key: True})
    verified.engine.verify_everybody()
    verified.readable.verify_everybody()
    assert verified.ask(0, 1) is None


def test_a_signature_can_be_given_later_and_a_frozen_member_waits():
    desk = Desk({"e_signature": True})
    assert desk.ask(0, 1) is Refusal.not_signed
    desk.tell(0, Kind.sign, member=0)
    assert desk.ask(0, 1) is None
    assert desk.ask(1, 1, member=1) is Refusal.not_signed
    desk.tell(0, Kind.freeze, member=0)
    assert desk.ask(2, 1) is Refusal.frozen
    desk.tell(0, Kind.unfreeze, member=0)
    assert desk.ask(3, 1) is None


def test_an_amount_stays_within_its_limits_and_the_balance():
    desk = Desk({"minimum": 10, "maximum": 600})
    assert desk.ask(0, 999) is Refusal.below_minimum
    assert desk.ask(1, 60_001) is Refusal.above_maximum
    assert desk.ask(2, 1_000) is None
    assert desk.ask(3, 60_000) is None
    assert desk.wallet() == (39_000, 61_000, 0)
    assert desk.ask(4, 39_001) is Refusal.balance
    assert desk.ask(5, 39_000) is None
    assert desk.wallet() == (0, 100_000, 0)
    assert Desk({}).ask(0, 0) is Refusal.below_minimum


def test_requests_are_counted_by_day_and_by_month_and_refused_ones_are_not():
    desk = Desk({"per_day": 2, "per_month": 3, "minimum": 1})
    assert desk.ask(0, 99) is Refusal.below_minimum
    assert [desk.ask(number, 100) for number in (1, 2, 3)] == [None, None, Refusal.too_many_today]
    assert desk.ask(4, 100, day=26) is None
    assert desk.ask(5, 100, day=26) is Refusal.too_many_this_month
    assert [desk.ask(number, 100, day=27) for number in (6, 7, 8)] == [None, None, Refusal.too_many_today]
    assert desk.ask(9, 100, day=28) is None
    assert desk.ask(10, 100, day=29) is Refusal.too_many_this_month
    assert desk.ask(11, 100, day=29, member=1) is None


def test_the_first_of_a_day_and_of_a_month_is_taken_where_one_is_allowed():
    daily, monthly = Desk({"per_day": 1}), Desk({"per_month": 1})
    assert [daily.ask(day, 100, day=day) for day in (0, 1, 2)] == [None] * 3
    assert [monthly.ask(day, 100, day=day) for day in (0, 26, 27)] == [None, Refusal.too_many_this_month, None]


def test_a_number_is_used_once_and_numbers_between_are_unknown():
    desk = Desk({"review_over": 0})
    assert desk.ask(3, 100) is None
    assert desk.ask(3, 100) is Refusal.duplicate_withdrawal
    assert desk.answer(2, Kind.approve) is Refusal.withdrawal_state
    assert desk.answer(4, Kind.approve) is Refusal.withdrawal_state
    assert desk.ask(2, 100) is None
    assert desk.answer(2, Kind.approve) is None
    assert desk.answer(3, Kind.reject) is None
    assert desk.wallet() == (99_900, 100, 0)


def test_money_passes_from_the_wallet_to_the_member_or_back():
    """1.5 % of 100.01 is 1.50015: a fee of 1.50."""
    desk = Desk({"fee": "1.5%", "review_over": 100})
    assert desk.ask(0, 10_000) is None  # exactly the limit of review: sent at once
    assert desk.ask(1, 10_001) is None
    assert desk.ask(2, 10_001) is None
    assert desk.wallet() == (69_998, 30_002, 0)
    assert desk.answer(0, Kind.approve) is Refusal.withdrawal_state
    assert desk.answer(1, Kind.paid) is Refusal.withdrawal_state
    assert desk.answer(2, Kind.reject) is None
    assert desk.wallet() == (79_999, 20_001, 0)
    assert desk.answer(1, Kind.approve) is None
    assert desk.answer(1, Kind.unknown) is None
    assert desk.answer(1, Kind.paid) is None
    assert desk.wallet() == (79_999, 10_000, 10_001)
    assert desk.answer(0, Kind.failed) is None
    assert desk.wallet() == (89_999, 0, 10_001)
    assert int(desk.engine.book.clock[0]["fees"]) == 150
    assert desk.engine.book.rows("withdrawals")["status"].tolist() == [3, 2, 5]
    assert desk.answer(0, Kind.failed) is Refusal.withdrawal_state


def test_the_limits_of_a_channel_are_of_what_arrives():
    """10 % fee: of 50.00 arrive 45.00. At least 9.00, at most 45.00 each, 90.00 and three a day."""
    limits = {"minimum": 9, "per_payment": 45, "per_day": 90, "payments_per_day": 3}
    desk = Desk({"fee": "10%", "channel": limits})
    assert desk.ask(0, 999) is Refusal.channel_minimum  # the fee of 0.999 is 1.00: 8.99 arrive of 9.99
    assert desk.ask(1, 5_001) is Refusal.channel_payment  # 45.01 arrive of 50.01
    assert desk.ask(2, 5_000) is None
    assert desk.ask(3, 4_000) is None  # 81.00 today
    assert desk.ask(4, 1_001) is Refusal.channel_day  # 9.01 more
    assert desk.ask(5, 1_000) is None  # 9.00 more: 90.00
    assert desk.ask(6, 1_000) is Refusal.channel_day
    assert desk.answer(2, Kind.failed) is None  # 45.00 and two payments left
    assert desk.ask(7, 1_000) is None
    assert desk.ask(8, 1_000) is Refusal.channel_count
    assert desk.ask(9, 1_000, day=1) is None
    assert desk.ask(10, 5_000, member=1, day=1) is None


def test_the_shops_day_counts_everybody_and_what_failed_today():
    desk = Desk({"channel": {"shop_per_day": 100}})
    assert desk.ask(0, 6_000) is None
    assert desk.ask(1, 4_001, member=1) is Refusal.channel_shop_day
    assert desk.ask(2, 4_000, member=1) is None
    assert desk.answer(0, Kind.failed) is None
    assert desk.ask(3, 6_001) is Refusal.channel_shop_day
    assert desk.ask(4, 6_000) is None
    assert desk.ask(5, 10_000, day=1) is None
    assert desk.answer(4, Kind.failed, day=1) is None  # yesterday's: today's 100.00 are still used
    assert desk.ask(6, 1, day=1) is Refusal.channel_shop_day


def test_the_plan_of_today_says_what_a_withdrawal_costs():
    desk = Desk({"fee": "1%"}, {"fee": "2%"})
    assert desk.ask(0, 10_000) is None
    assert desk.tell(0, Kind.plan, rank=1) is None
    assert desk.ask(1, 10_000) is None
    assert desk.tell(0, Kind.plan, rank=2) is Refusal.unknown_plan
    assert desk.engine.book.rows("withdrawals")["fee"].tolist() == [100, 200]


@pytest.mark.parametrize(
    ("rule", "largest"),
    [
        ({}, None),
        ({"maximum": 600}, 60_000),
        ({"channel": "wechat_2024"}, 20_000),
        ({"maximum": 600, "channel": {"per_payment": 45, "per_day": 90}}, 4_500),
        ({"maximum": 30, "channel": {"per_payment": 45}}, 3_000),
        ({"channel": {"per_day": 90, "shop_per_day": 80}}, 8_000),
    ],
)
def test_the_largest_request_is_the_smallest_of_the_limits(rule, largest):
    assert largest_request(Withdrawal.model_validate(rule)) == largest
