"""Members of a case who register later, with what is stated of them."""

import pytest

from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.errors import InputError

PLAN = {
    "ranks": [{"id": "member"}],
    "bonuses": [{"id": "welcome", "event": "register", "to": "newcomer", "pay": 20}],
    "settlement": {"hold_days": 0},
    "withdrawal": {"real_name": True},
}


def test_who_is_not_registered_yet_can_register_and_has_shown_a_real_name():
    case = {
        "name": "later",
        "plan": PLAN,
        "members": [{"id": "A"}, {"id": "B", "registered": False, "real_name": True}],
        "events": [
            {"at": "2026-01-05 10:00", "register": "B", "inviter": "A"},
            {"at": "2026-01-07 10:00", "withdraw": "B", "amount": 20, "id": "W1"},
            {"at": "2026-01-07 11:00", "paid": "W1"},
        ],
        "expect": {"entries": [{"member": "B", "amount": 20}], "balances": {"B": {"withdrawn": 20}}, "refused": []},
    }
    assert run_case(parse_case(case)).problems == []


@pytest.mark.parametrize("stated", [{"rank": "member"}, {"inviter": "A"}, {"joined": "2026-01-01"}])
def test_who_is_not_registered_yet_has_nothing_behind_them(stated):
    case = {"name": "x", "plan": PLAN, "members": [{"id": "A"}, {"id": "B", "registered": False} | stated]}
    with pytest.raises(InputError, match="who is not registered yet has no"):
        parse_case(case)
