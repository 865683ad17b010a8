"""`fenxiao statement`: a wallet adds up from opening to closing, and payouts clear."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_commands import answer, fenxiao


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("statement") / "run"
    answer("run", "three_tier", "--people", 3000, "--days", 90, "--out", folder)
    return folder


def test_a_statement_adds_up_and_goes_on_where_the_last_one_ended(run: Path) -> None:
    april = answer("statement", run)["statement"]
    told = answer("statement", run, "--member", april["member"], "--date", "2026-03-15")["statement"]
    assert (told["first"], told["last"], april["first"]) == ("2026-03-01", "2026-03-31", "2026-04-01")
    assert told["closing"] == april["opening"]
    for one in (told, april):
        cents = [round(100 * one[name]) for name in ("opening", "earned", "reversed", "paid_out", "closing")]
        assert cents[0] + cents[1] - cents[2] - cents[3] == cents[4]
        assert round(100 * one["opening"]) + sum(round(100 * line["amount"]) for line in one["lines"]) == cents[4]
    assert april["lines"]


def test_the_accounts_of_payouts_sum_to_nothing(run: Path) -> None:
    told = answer("statement", run)
    assert round(sum(told["accounts"].values()), 2) == 0
    assert told["accounts"]["wallet"] == -told["accounts"]["bank"] - sum(
        told["accounts"][name] for name in ("payable", "company", "transit", "fee_income", "tax_payable")
    )
    under_way = sum(told["accounts"][name] for name in ("payable", "company", "transit"))
    assert bool(told["uncleared"]) == (under_way != 0)


def test_it_is_told_in_chinese(run: Path) -> None:
    said = fenxiao("statement", run, "--lang", "zh").stdout
    assert said.startswith("月结算单")
    assert "期初余额" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--member", "99999"], "there is no member '99999'; allowed: a number from 0 to 2999"),
        (["--date", "yesterday"], "--date 'yesterday' is not a date; allowed: a date such as 2026-03-01"),
        (["--date", "2020-01-01"], "no wallet moved in this period"),
        (["--plan", "three_tier"], "a run has its own plan, and --plan is given"),
    ],
)
def test_bad_input_is_refused_with_one_message(run: Path, arguments: list[str], message: str) -> None:
    done = fenxiao("statement", run, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
