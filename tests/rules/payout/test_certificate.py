"""Certificates show how a payout's tax was worked out; their signature has one table of states."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from random_payouts import PEOPLE, engines, payouts, plan_of

from rules.book import Book
from rules.errors import InputError
from rules.events import DAY, Kind, Names, blank
from rules.payout.certificate import SIGNATURE_FLOW, SIGNATURE_TITLES, Certificate, Signature, certificate, certificates
from rules.payout.tax import PLATFORM_2025, VAT_2026

DAY_0 = 20_458  # 2026-01-05
NAMES = Names(members=["m-3f9a", "m-77c1"])


def book_of(tax: str, *amounts: int, answer: Kind = Kind.paid, fee: str = "0%") -> Book:
    """A book in which member 0 was paid so many fen, one payout a day, answered the next day."""
    engine, _ = engines([plan_of(tax, fee=fee)], DAY_0, 1_000_000_00)
    events = blank(2 * len(amounts))
    for number, amount in enumerate(amounts):
        ask, paid = events[2 * number], events[2 * number + 1]
        ask["kind"], ask["time"], ask["member"], ask["amount"] = Kind.withdraw, (DAY_0 + number) * DAY, 0, amount
        paid["kind"], paid["time"] = answer, (DAY_0 + number + 1) * DAY - 1
        ask["order"] = paid["order"] = number
    engine.apply(events)
    return engine.book


def test_a_certificate_can_be_worked_out_again():
    # 60,000, then 60,000 with a fee of 0.6 % = 360: gathered 120,000, less 20 % = 96,000, less 5,000 = 91,000 taxable;
    # × 10 % - 2,520 = 6,580 due, 1,780 before (43,000 × 10 % - 2,520), 4,800 now. VAT: 120,000 × 1 % = 1,200.
    # Net: 60,000 - 360 - 4,800 - 1,200 = 53,640.
    second = certificate(book_of("cn_platform_2025_vat", 60_000_00, 60_000_00, fee="0.6%"), 1, NAMES)
    assert (second.member, second.sent, second.paid) == ("m-3f9a", dt.date(2026, 1, 6), dt.date(2026, 1, 6))
    assert (second.gross, second.fee, second.tax, second.net) == (60_000_00, 360_00, 6_000_00, 53_640_00)
    income, sales = second.income, second.sales
    assert income.table is PLATFORM_2025
    assert (income.gathered, income.months, income.taxable) == (120_000_00, 1, 91_000_00)
    assert (income.due, income.before, income.tax) == (6_580_00, 1_780_00, 4_800_00)
    assert (sales.table, sales.gathered, sales.tax) == (VAT_2026, 120_000_00, 1_200_00)
    told = {label.en: value for label, value in second.lines()}
    assert told["taxable of it"].zh == "91,000.00"
    assert told["reaches the member"].en == "53,640.00"
    assert told["verified"].en == "not compared with the official text"
    assert told["signature"].zh == "待发出"


def test_without_vat_and_without_names():
    (only,) = certificates(book_of("cn_labour", 6_000_00))
    assert (only.member, only.sales, only.tax) == ("0", None, 960_00)


def test_certificates_are_of_paid_payouts_only():
    engine, _ = engines([plan_of("cn_platform_2025", fee="0.6%")] * 2, DAY_0, 3_000_000_00)
    engine.apply(payouts(random.Random(1), DAY_0, 40))
    made = certificates(engine.book)
    assert len(made) > 5
    rows = engine.book.rows("withdrawals")
    assert sum(one.tax for one in made) == engine.book.clock[0]["taxes"] > 0
    assert sum(one.gross for one in made) == engine.book.members["withdrawn"].sum()
    assert all(one.net == rows[one.withdrawal]["amount"] - one.fee - one.tax for one in made)
    assert {one.member for one in made} == {str(number) for number in range(PEOPLE)}


@pytest.mark.parametrize(
    ("tax", "answer", "number", "said"),
    [
        ("cn_labour", Kind.paid, 1, "there is no withdrawal 1"),
        ("cn_labour", Kind.paid, -1, "there is no withdrawal -1"),
        ("cn_labour", Kind.unknown, 0, "withdrawal 0 is unknown"),
        ("none", Kind.paid, 0, "withholds no tax"),
    ],
)
def test_what_has_no_certificate_is_refused(tax, answer, number, said):
    with pytest.raises(InputError, match=said):
        certificate(book_of(tax, 1_00, answer=answer), number)


def drafted() -> Certificate:
    return certificate(book_of("cn_labour", 6_000_00), 0)


@pytest.mark.parametrize("end", [Signature.signed, Signature.refused, Signature.expired])
def test_a_certificate_is_drafted_sent_and_answered_once(end):
    sent = drafted().move(Signature.sent)
    answered = sent.move(end)
    assert (sent.signature, answered.signature) == (Signature.sent, end)
    assert answered.tax == 960_00
    for further in Signature:
        with pytest.raises(InputError, match=r"cannot become .*allowed: nothing any more"):
            answered.move(further)


def test_nobody_signs_what_was_not_sent():
    with pytest.raises(InputError, match=r"certificate of withdrawal 0 is drafted, .* signed; allowed: sent"):
        drafted().move(Signature.signed)


def test_the_table_of_states_is_complete():
    assert set(SIGNATURE_FLOW) == set(SIGNATURE_TITLES) == set(Signature)
