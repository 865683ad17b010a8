"""A prize in kind on a statement and on a certificate: its value is shown and taxed, and is in no balance."""

from __future__ import annotations

import datetime as dt

from rules.calendar import day_of, period_of
from rules.cases.history import as_history
from rules.cases.read import parse_case
from rules.cases.run import run_case
from rules.engine import Engine
from rules.events import Period
from rules.payout.certificate import certificate
from rules.payout.statement import statement_of

TRIP = {"places": 1, "goods": {"zh": "旅游", "en": "a trip"}, "value": 3000}
CASE = {
    "name": "x",
    "plan": {
        "ranks": [{"id": "member"}],
        "start": "2026-01-05",
        "contests": [{"id": "trip", "days": [0, 6], "measure": "promoted_orders", "prizes": [TRIP]}],
        "withdrawal": {"tax": "cn_labour"},
        "commission": {"base": {"levels": [{"level": 1, "rates": {"default": "10%"}}]}},
        "settlement": {"hold_days": 0, "cycle": {"every": "day"}},
    },
    "members": [{"id": "A"}, {"id": "a", "inviter": "A"}],
    "events": [
        {"at": "2026-01-05 10:00", "order": "O1", "buyer": "a", "lines": [{"sku": "x", "price": 10000}]},
        {"at": "2026-01-05 10:01", "pay": "O1"},
        {"at": "2026-01-05 10:02", "receive": "O1"},
        {"at": "2026-01-20 12:00", "withdraw": "A", "amount": 1000, "id": "W1"},
        {"at": "2026-01-20 13:00", "paid": "W1"},
    ],
}


def engine() -> Engine:
    case = parse_case(CASE)
    assert run_case(case).passed
    history = as_history(case, lambda name: case.plan)
    made = Engine.open(history.plans, history.names, 2, history.first // 86_400)
    made.book.members["joined_at"] = 0
    made.book.members["upline"][1] = 0
    made.book.members["team"][0] = 1
    made.apply(history.events)
    return made


def test_a_statement_shows_the_value_and_the_wallet_does_not_hold_it() -> None:
    month = period_of(day_of(dt.date(2026, 1, 31)), Period.month)
    january = statement_of(engine().book, 0, Period.month, month)
    # 10 % of 10,000 earned, 1,000 paid out: nothing is left, and the trip of 3,000 stands beside
    assert (january.earned, january.paid_out, january.closing, january.in_kind) == (1_000_00, 1_000_00, 0, 3_000_00)
    assert dict(january.figures())["in_kind"] == 3_000_00
    (line,) = [one for one in january.lines if one.amount == 0]
    assert line.reason.zh == "实物奖品，价值 3,000.00，不可提现"
    assert line.reason.en == "prize, worth 3,000.00, not to be withdrawn"


def test_a_certificate_shows_what_of_the_income_were_prizes() -> None:
    # 1,000 + 3,000 = 4,000, less 800 = 3,200, of which 20 % = 640
    one = certificate(engine().book, 0)
    assert (one.income.gathered, one.income.in_kind, one.income.tax, one.net) == (4_000_00, 3_000_00, 640_00, 360_00)
    assert {label.en: value.en for label, value in one.lines()}["of it prizes"] == "3,000.00"
