"""A counter behind HTTP: patient with a shop that is away, not with one that breaks the contract."""

from __future__ import annotations

import json

import pytest

from rules.errors import InputError
from rules.events import Kind, Names, blank
from rules.lifecycle import Refusal
from rules.records import WithdrawalStatus
from sim.store.asks import Reply, Result
from sim.stress.http.caller import HttpCounter, NoAnswerError
from sim.stress.http.contract import Contract

PAY = blank(1)
PAY["kind"], PAY["order"] = Kind.pay, 3


class Shop:
    """Answers what it was told to, and notes what it was asked."""

    def __init__(self, *answers: tuple[int, object]) -> None:
        self.answers, self.asked = list(answers), []

    def send(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        self.asked.append((method, path, body and json.loads(body)))
        status, said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return status, said if isinstance(said, bytes) else json.dumps(said).encode()


def _counter(shop: Shop, give_up: float = 5.0) -> HttpCounter:
    return HttpCounter(shop.send, Contract(Names(), 10), give_up)


def _said(result: str, refusal: str | None = None, number: int = 8) -> dict[str, object]:
    return {"result": result, "refusal": refusal, "number": number}


def test_the_same_event_is_sent_until_there_is_an_answer():
    shop = Shop((0, b""), (503, b"later"), (200, _said("done")))
    counter = _counter(shop)
    assert counter.bring(PAY, 0, 8) == Reply(Result.done)
    told = {"number": 8, "kind": "pay", "time": "1970-01-01T00:00:00", "order": 3}
    assert shop.asked == [("POST", "/events", told)] * 3
    assert (counter.sent, counter.waits()) == (3, {"retries": 2, "lost": 1})


def test_a_conflict_and_a_refusal_are_answers():
    assert _counter(Shop((409, _said("conflict")))).bring(PAY, 0, 8) == Reply(Result.conflict)
    refused = Reply(Result.refused, int(Refusal.order_state))
    assert _counter(Shop((200, _said("refused", "order_state")))).bring(PAY, 0, 8) == refused
    assert _counter(Shop((200, _said("refused", "on_holiday")))).bring(PAY, 0, 8) == Reply(Result.refused)


def test_a_shop_that_stays_away_is_given_up():
    with pytest.raises(NoAnswerError, match="did not answer for 0 seconds"):
        _counter(Shop((0, b"")), 0.1).bring(PAY, 0, 8)
    with pytest.raises(NoAnswerError, match="answered 503"):
        _counter(Shop((503, b"")), 0.1).bring(PAY, 0, 8)


@pytest.mark.parametrize(
    ("status", "said", "why"),
    [
        (422, {"error": "order is 3", "allowed": "less"}, "answered 422 .*order is 3"),
        (302, b"", "answered 302"),
        (200, b"<html>", "not that of the contract"),
        (200, {"result": "fine", "number": 8}, "result"),
        (200, _said("done", number=9), "answered 200"),
        (200, _said("conflict"), "answered 200"),
        (409, _said("done"), "answered 409"),
    ],
)
def test_an_answer_outside_of_the_contract_ends_the_load(status, said, why):
    with pytest.raises(InputError, match=why):
        _counter(Shop((status, said))).bring(PAY, 0, 8)


def test_withdrawals_are_read_page_by_page_and_by_member():
    def drawn(number: int, member: int) -> dict[str, object]:
        return {"withdrawal": number, "member": member, "status": "sent", "net": 100 + number}

    pages = [{"withdrawals": [drawn(1, 4), drawn(2, 5)], "next": 2}, {"withdrawals": [drawn(3, 6)], "next": None}]
    shop = Shop(*((200, page) for page in pages))
    assert _counter(shop).payouts(0, 2) == [(1, 4, 101), (3, 6, 103)]  # members 4 and 6 are those of client 0 of 2
    assert [path for _, path, _ in shop.asked] == ["/withdrawals?status=open", "/withdrawals?status=open&after=2"]
    assert _counter(Shop((200, drawn(7, 1)))).payout(7) == (7, WithdrawalStatus.sent, 107)
    assert _counter(Shop((404, {}))).payout(7) is None
    with pytest.raises(InputError, match="status"):
        _counter(Shop((200, drawn(7, 1) | {"status": "gone"}))).payout(7)
