"""The simulated payout channel: it pays a number once, and knows nothing of numbers that it has not seen."""

from __future__ import annotations

from sim.stress.faults.channel import LATE, Answer, Channel, Manner

SEEDS = range(200)


def first(manner: Manner) -> tuple[Channel, Answer]:
    """A channel that deals so with withdrawal 1, and what it said first."""
    for seed in SEEDS:
        channel = Channel(seed, lambda withdrawal, times: None)
        answer = channel.pay("FX1", 1, 500, 0)
        if channel.payments["FX1"].manner is manner:
            return channel, answer
    raise AssertionError(f"none of {len(SEEDS)} seeds: {manner}")


def test_asked_again_under_the_same_number_it_pays_once():
    channel, answer = first(Manner.pays)
    assert answer is Answer.paid
    assert channel.pay("FX1", 1, 500, 10) is Answer.paid
    assert [one.paid for one in channel.payments.values()] == [True]


def test_under_another_number_it_pays_again():
    channel, _ = first(Manner.pays)
    channel.pay("FX1-2", 1, 500, 10)
    assert [one.paid for one in channel.payments.values()] == [True, True]


def test_silence_is_not_a_no():
    channel, answer = first(Manner.pays_in_silence)
    assert answer is Answer.silence
    assert channel.payments["FX1"].paid
    answers = [channel.pay("FX1", 1, 500, 10) for _ in range(3)]
    assert answers[-1] is Answer.paid


def test_late_is_late():
    channel, answer = first(Manner.pays_late)
    assert answer is Answer.later
    assert channel.pay("FX1", 1, 500, LATE - 1) is Answer.later
    assert channel.pay("FX1", 1, 500, LATE) is Answer.paid


def test_a_payment_that_failed_was_not_paid():
    channel, answer = first(Manner.fails)
    assert answer is Answer.failed
    assert not channel.payments["FX1"].paid
