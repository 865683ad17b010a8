"""The golden cases of live platforms: which are shipped, and those that the case format cannot say."""

from __future__ import annotations

import re

import pytest

from rules.cases.model import Case
from rules.cases.read import parse_case, read_cases
from rules.cases.run import run_case
from rules.money import fen
from rules.platforms.dub import payout_fee
from scenarios.find import find, names

GOLDEN = {1, 2, 3, 4, 8, 10, 11, 12, 15, 18, 19, 25, 26, 27, 29, 30, 31, 35, 37, 40, 42, 43, 44, 46, 47, 48, 52, 53}
"""Numbers of the golden cases in the platforms' own files; 22, 23 and 50 are in chain.yaml, 39 is below."""

FILES = [name for name in names("cases") if name.startswith("platform_")]


def shipped() -> list[Case]:
    return [case for file in FILES for case in read_cases(*find("cases", file))]


def test_every_golden_case_is_shipped_with_its_source() -> None:
    cases = shipped()
    assert len(cases) >= 100
    assert all(case.source and "PLATFORMS" in case.source for case in cases)
    named = {int(number) for case in cases for number in re.findall(r"\bG(\d+)", case.source or "")}
    assert named == GOLDEN


@pytest.mark.parametrize("file", FILES)
def test_the_cases_come_out_in_both_engines(file: str) -> None:
    failed = {
        case.name: result.problems for case in read_cases(*find("cases", file)) if (result := run_case(case)).problems
    }
    assert not failed


def commissions(base: str) -> list[int]:
    """What three levels of 10 %, each of what is left after those below, earn on a base."""
    levels = [{"level": level, "rates": {"default": "10%"}} for level in (1, 2, 3)]
    case = parse_case(
        {
            "name": base,
            "plan": {
                "ranks": [{"id": "rep"}],
                "commission": {"base": {"levels": levels}},
                "semantics": {"subtract_lower": True, "rounding": "half_up"},
            },
            "members": [
                {"id": "R3"},
                *({"id": one, "inviter": up} for one, up in (("R2", "R3"), ("R1", "R2"), ("C", "R1"))),
            ],
            "events": [
                {"at": "2026-01-05 10:00", "order": "O", "buyer": "C", "lines": [{"sku": "a", "price": base}]},
                {"at": "2026-01-05 10:00", "pay": "O"},
            ],
        }
    )
    result = run_case(case)
    assert result.passed
    return [sum(one.amount for one in result.entries if one.member == name) for name in ("R1", "R2", "R3")]


def test_facts_of_metasfresh_move_by_deltas() -> None:
    """metasfresh [T], G43: forecast/invoiceable/invoiced 1000/100/10, then 0/0/1110: level 1 by −100, −10, +110."""
    before, after = ("1000", "100", "10"), ("0", "0", "1110")
    deltas = [commissions(new)[0] - commissions(old)[0] for old, new in zip(before, after, strict=True)]
    assert deltas == [-fen("100"), -fen("10"), fen("110")]
    assert commissions("1110") == [fen("111"), fen("99.90"), fen("89.91")]


@pytest.mark.parametrize(("way", "fee"), [("ach", 150), ("ach_fast", 2650), ("card", 450)])
def test_the_fee_of_a_payout_of_dub(way: str, fee: int) -> None:
    """dub [T], G39: 100.00 at 3 %, 500 of which 450 is used is free: (100 − 50) × 3 %; + 25.00; + 100 × 3 %."""
    assert payout_fee(fen("100"), 30_000, fen("500") - fen("450"), way) == fee
