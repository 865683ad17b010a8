"""The payout channel pays a number once, whoever asks how often, and remembers what it said."""

from __future__ import annotations

import pytest

from sim.stress.load.channel import Answer, Manners, PayoutChannel

ALWAYS = Manners(failed=0, unknown=0, silent=0)


def test_a_number_is_paid_once_and_remembered(tmp_path):
    book = tmp_path / "channel.csv"
    channel = PayoutChannel(book, 1, ALWAYS)
    assert channel.pay("FX1", 500) is Answer.paid
    assert channel.pay("FX1", 500) is Answer.paid
    assert PayoutChannel(book, 1, ALWAYS).pay("FX1", 500) is Answer.paid
    assert book.read_text("utf-8") == "FX1,500,paid\n"


def test_another_amount_under_the_same_number_is_refused(tmp_path):
    channel = PayoutChannel(tmp_path / "channel.csv", 1, ALWAYS)
    channel.pay("FX1", 500)
    with pytest.raises(ValueError, match="was 500 fen before, and is 501 now"):
        channel.pay("FX1", 501)


def test_no_answer_is_not_no_payment(tmp_path):
    """It is silent at first, but what it has done it has done: later answers tell the same thing."""
    manners = Manners(failed=0.3, unknown=0.3, silent=0.3)
    channel = PayoutChannel(tmp_path / "channel.csv", 7, manners)
    said = {number: [channel.pay(f"FX{number}", 100) for _ in range(40)] for number in range(60)}
    first = [answers[0] for answers in said.values()]
    assert {Answer.unknown, Answer.nothing} <= set(first)
    final = [{answer for answer in answers if answer in (Answer.paid, Answer.failed)} for answers in said.values()]
    assert all(len(answers) == 1 for answers in final)
    assert {Answer.paid, Answer.failed} == set().union(*final)
    again = PayoutChannel(tmp_path / "again.csv", 7, manners)
    assert first == [again.pay(f"FX{number}", 100) for number in range(60)]
