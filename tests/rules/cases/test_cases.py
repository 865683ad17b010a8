"""A case that expects what does not come out says what differs; one that expects what comes out says nothing."""

from __future__ import annotations

import dataclasses

import pytest

from rules.cases import history
from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.errors import InputError

CASE = {
    "name": "an order of 100.00 and 50.00, 10 % each, withdrawn",
    "plan": {
        "ranks": [{"id": "member"}],
        "commission": {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]}},
        "settlement": {"hold_days": 0},
        "withdrawal": {"minimum": 1, "fee": "1%"},
    },
    "stock": {"milk": 5},
    "members": [{"id": "B"}, {"id": "C", "inviter": "B"}],
    "events": [
        {
            "at": "2026-01-05 10:00",
            "order": "O1",
            "buyer": "C",
            "lines": [{"sku": "milk", "price": 100}, {"sku": "tea", "price": 50}],
        },
        {"at": "2026-01-05 10:01", "pay": "O1"},
        {"at": "2026-01-05 10:02", "receive": "O1"},
        {"at": "2026-01-05 10:03", "pay": "O1"},
        {"at": "2026-01-07 10:00", "withdraw": "B", "amount": 12, "id": "W1"},
        {"at": "2026-01-07 12:00", "paid": "W1"},
    ],
}
PAID = {"member": "B", "gross": 12, "fee": "0.12", "tax": 0, "net": "11.88"}
RIGHT = {
    "entries": [
        {"order": "O1", "line": 1, "member": "B", "level": 1, "component": "base", "amount": 10},
        {"order": "O1", "line": 2, "member": "B", "level": 1, "component": "base", "amount": 5},
    ],
    "totals": {"B": 15, "C": 0},
    "balances": {"B": {"pending": 0, "available": 3, "withdrawn": 12}},
    "lines": [{"order": "O1", "line": 2, "paid": 50}],
    "payouts": [PAID],
    "stock": {"milk": 4},
    "refused": [4],
    "error": "the order is not in a state that allows this",
}
"""Line 1 earns 10.00 and line 2 5.00; 1 % of the 12.00 withdrawn is the fee; the second payment is refused."""


def problems(**expect: object) -> list[str]:
    return run_case(parse_case({**CASE, "expect": expect})).problems


def test_what_comes_out_is_as_expected():
    assert problems(**RIGHT) == []


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ({"entries": RIGHT["entries"][:1]}, ["unexpected entry: base O1 B 5.00"]),
        ({"entries": RIGHT["entries"][1:], "partial": True}, []),
        (
            {"entries": [*RIGHT["entries"], {"member": "C", "order": "O1", "component": "base", "amount": 1}]},
            ["expected entry base O1 C 1.00; it did not come out"],
        ),
        (
            {"entries": [{"member": "B", "amount": 10}] * 2, "partial": True},
            ["expected entry B 10.00; it did not come out"],
        ),
        (
            {"entries": [RIGHT["entries"][0] | {"level": 2}], "partial": True},
            ["expected entry base O1 B 10.00; it did not come out"],
        ),
        ({"totals": {"B": "15.01"}}, ["total of B: expected 15.01, got 15.00"]),
        ({"balances": {"B": {"available": 2, "withdrawn": 12}}}, ["available of B: expected 2.00, got 3.00"]),
        ({"lines": [{"order": "O1", "line": 1, "paid": 50}]}, ["O1 line 1: expected 50.00 paid, got 100.00"]),
        ({"stock": {"milk": 5}}, ["stock of milk: expected 5, got 4"]),
        ({"error": "no such error"}, ["expected the error 'no such error', got "]),
        ({"refused": []}, ["expected events [] to be refused, got "]),
        (
            {"payouts": []},
            ["unexpected payout ('B', 1200, 12, 0, 1188) (member, gross, fee, tax, net in fen)", "B W1: "],
        ),
        (
            {"payouts": [PAID, PAID | {"net": 11}]},
            ["expected a payout to B; got {} (member, gross, fee, tax, net in fen)", "B W1: "],
        ),
    ],
)
def test_what_differs_is_told(expect: dict, told: list[str]):
    found = problems(**expect)
    assert len(found) == len(told)
    for problem, begin in zip(found, told, strict=True):
        assert problem.startswith(begin)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda state: setattr(state.entries[0], "amount", 999), "compiled [(0, 1000), (0, 500)], readable [(0, 999)"),
        (lambda state: setattr(state.withdrawals[0], "fee", 13), "compiled [(0, 1200, 12, 0, 1188)], readable [(0"),
        (lambda state: setattr(state.members[0], "available", 1), "on available: compiled [300, 0], readable [1, 0]"),
        (lambda state: setattr(state.members[1], "points", 7), "on points: compiled [0, 0], readable [0, 7]"),
    ],
)
def test_engines_that_disagree_are_told(monkeypatch, change, told):
    class Wrong(history.ReadableEngine):
        def apply(self, events):
            found = super().apply(events)
            if self.state.withdrawals and len(self.state.entries) == 2:
                change(self.state)
            return found

    monkeypatch.setattr(history, "ReadableEngine", Wrong)
    assert any("the two engines disagree" in one and told in one for one in problems())


def test_an_entry_as_json_is_in_yuan():
    entry = run_case(parse_case(CASE)).entries[0]
    assert {name: entry.to_dict()[name] for name in ("order", "line", "member", "level", "component", "amount")} == {
        "order": "O1", "line": 1, "member": "B", "level": 1, "component": "base", "amount": "10.00",
    }  # fmt: skip
    assert len(entry.to_dict()) == len(dataclasses.fields(entry))


def test_plans_by_name_need_files():
    with pytest.raises(InputError, match="no files to look in"):
        run_case(parse_case({**CASE, "plan": "three_tier"}))


def test_an_error_of_the_input_may_be_what_a_case_expects():
    events = [CASE["events"][0], CASE["events"][1] | {"at": "2026-01-04 10:00"}]
    early = {**CASE, "events": events}
    assert run_case(parse_case({**early, "expect": {"error": "earlier than the one before"}})).problems == []
    with pytest.raises(InputError, match="earlier than the one before"):
        run_case(parse_case({**early, "expect": {"error": "something else"}}))
