"""Tax tables, what they take from a payout, and that both engines take the same."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from engines_agree import assert_same
from hypothesis import given, settings
from hypothesis import strategies as st
from random_payouts import engines, payouts, plan_of

from rules.calendar import day_of
from rules.events import DAY, Kind, Names, Records, blank
from rules.lifecycle import Refusal
from rules.payout.tax import (
    LABOUR_2019,
    PLATFORM_2025,
    RULES,
    TABLES,
    VAT_2025,
    VAT_2026,
    TaxName,
    covered,
    mask_of,
    table_on,
    tax_due,
)
from rules.plan.compile import compile_plans
from rules.plan.model import Plan

# Worked by hand, in yuan. Labour remuneration: up to 4,000 less 800, else less 20 %; 20 %, 30 % - 2,000, 40 % - 7,000.
#   500 - 800 < 0 · 3,800 - 800 = 3,000 × 20 % = 600 · 4,000: 3,200 × 20 % = 640 · 6,000: 4,800 × 20 % = 960
#   25,000: 20,000 × 20 % = 4,000 · 30,000: 24,000 × 30 % - 2,000 = 5,200 · 62,500: 50,000 × 30 % - 2,000 = 13,000
#   100,000: 80,000 × 40 % - 7,000 = 25,000 · 4,000.01: 800.00 off, 3,200.01 × 20 % = 640.002
LABOUR = [
    ("0.01", "0"),
    ("500", "0"),
    ("800", "0"),
    ("3800", "600"),
    ("4000", "640"),
    ("4000.01", "640"),
    ("6000", "960"),
    ("10000", "1600"),
    ("25000", "4000"),
    ("30000", "5200"),
    ("62500", "13000"),
    ("100000", "25000"),
]
# Cumulative: less 20 %, less 5,000 a month. 6,250 × 0.8 = 5,000 · 10,000: 3,000 × 3 % = 90 · 20,000 in 2 months:
#   6,000 × 3 % = 180 · 51,250: 36,000 × 3 % = 1,080 · 60,000: 43,000 × 10 % - 2,520 = 1,780
#   1,000,000 in 12 months: 740,000 × 35 % - 85,920 = 173,080 · 2,000,000 in 1: 1,595,000 × 45 % - 181,920 = 535,830
#   6,250.21 × 20 % = 1,250.042 → 1,250.04; 5,000.17 - 5,000 = 0.17 × 3 % = 0.0051 → 0.01 (0.16 × 3 % = 0.0048 → 0)
PLATFORM = [
    ("6250", 1, "0"),
    ("6250.20", 1, "0"),
    ("6250.21", 1, "0.01"),
    ("10000", 1, "90"),
    ("20000", 2, "180"),
    ("51250", 1, "1080"),
    ("60000", 1, "1780"),
    ("1000000", 12, "173080"),
    ("2000000", 1, "535830"),
]
# VAT: nothing, and from the threshold on 1 % of everything: 100,000 × 1 % = 1,000. In 2025 the threshold is free.
VAT = [
    (VAT_2026, "99999.99", "0"),
    (VAT_2026, "100000", "1000"),
    (VAT_2026, "123456.50", "1234.57"),  # 1,234.565, half up
    (VAT_2025, "100000", "0"),
    (VAT_2025, "100000.01", "1000"),
]


def fen(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


def kernel_due(table, gathered: int, months: int) -> int:
    tables = compile_plans([Plan.model_validate({"ranks": [{"id": "a"}]})], Names(), 0).tables()
    return tax_due(tables, TABLES.index(table), gathered, months)


CASES = [
    *((LABOUR_2019, gathered, 1, due) for gathered, due in LABOUR),
    *((PLATFORM_2025, *case) for case in PLATFORM),
    *((table, gathered, 1, due) for table, gathered, due in VAT),
]


@pytest.mark.parametrize(("table", "gathered", "months", "due"), CASES, ids=lambda one: getattr(one, "id", str(one)))
def test_what_a_table_says_of_a_sum(table, gathered, months, due):
    assert table.due(fen(gathered), months) == fen(due)
    assert kernel_due(table, fen(gathered), months) == fen(due)


@settings(max_examples=300)
@given(st.sampled_from(TABLES), st.integers(1, 9_000_000_000_000), st.integers(1, 12))
def test_kernel_and_table_agree_on_any_sum(table, gathered, months):
    assert kernel_due(table, gathered, months) == table.due(gathered, months)


@pytest.mark.parametrize("table", [LABOUR_2019, PLATFORM_2025], ids=lambda table: table.id)
def test_quick_deductions_make_brackets_meet(table):
    """Where a bracket begins, it and the one below say the same: the deduction is the sum of the steps below."""
    for below, above in pairwise(table.brackets):
        at = above.start
        assert at * below.rate - below.quick * 1_000_000 == at * above.rate - above.quick * 1_000_000


def test_the_threshold_is_a_cliff_and_not_an_allowance():
    """The trap: an implementation that taxes only what is above the threshold takes 0.01 here."""
    assert VAT_2026.due(100_001_00) == 1_000_01


def test_tables_are_dated_sourced_and_in_order():
    assert [table.from_ for table in TABLES] == sorted(table.from_ for table in TABLES)
    assert set(RULES) == set(get_args(TaxName))
    assert all(table.source and not table.verified and table.brackets[0].start == 0 for table in TABLES)
    assert {table for tables in RULES.values() for table in tables} == set(TABLES)


@pytest.mark.parametrize(
    ("rule", "levy", "day", "table"),
    [
        ("none", "income", "2026-01-01", None),
        ("cn_labour", "income", "2026-01-01", LABOUR_2019),
        ("cn_platform_2025", "income", "2025-09-30", LABOUR_2019),
        ("cn_platform_2025", "income", "2025-10-01", PLATFORM_2025),
        ("cn_platform_2025", "vat", "2026-01-01", None),
        ("cn_platform_2025_vat", "vat", "2025-09-30", None),
        ("cn_platform_2025_vat", "vat", "2025-12-31", VAT_2025),
        ("cn_platform_2025_vat", "vat", "2026-01-01", VAT_2026),
        ("cn_platform_2025_vat", "vat", "2028-01-01", None),
    ],
)
def test_which_table_applies_on_a_day(rule, levy, day, table):
    assert table_on(rule, levy, dt.date.fromisoformat(day)) is table


def test_a_rule_knows_the_days_it_covers():
    assert mask_of("cn_platform_2025") == 0b0011
    first, last = covered("cn_platform_2025_vat")
    assert (first, last) == (day_of(dt.date(2019, 1, 1)), day_of(dt.date(2027, 12, 31)))
    assert covered("none")[0] < 0 < 10**6 < covered("none")[1]


@st.composite
def worlds(draw):
    limits = st.fixed_dictionaries(
        {
            "tax": st.sampled_from(get_args(TaxName)),
            "fee": st.sampled_from(["0%", "0.6%", "99.5%"]),
            "review_over": st.sampled_from([None, 0, 20_000]),
            "per_month": st.sampled_from([None, None, 2]),
            "channel": st.sampled_from(
                [None, None, "wechat_2024", {"per_payment": 90_000, "per_day": 95_000, "shop_per_day": 120_000}]
            ),
        }
    )
    start = draw(st.integers(day_of(dt.date(2025, 6, 1)), day_of(dt.date(2027, 10, 1))))
    return [plan_of(**draw(limits)), plan_of(**draw(limits))], start, random.Random(draw(st.integers(0, 2**32)))


@settings(max_examples=300)
@given(worlds(), st.integers(1, 40))
def test_both_engines_withhold_the_same_from_any_payouts(world, count):
    plans, day, luck = world
    compiled, readable = engines(plans, day, 3_000_000_00)
    log = payouts(luck, day, count)
    compiled.apply(log)
    readable.apply(log)
    assert_same(compiled, readable)


def withheld(tax: str, *asked: tuple[str, str], **given: object) -> list[tuple[int, int]]:
    """Income tax and VAT of payouts of one member, each asked for and paid on its day."""
    rows = [(day_of(dt.date.fromisoformat(day)) * DAY, fen(amount)) for day, amount in asked]
    compiled, readable = engines([plan_of(tax, **given)], rows[0][0] // DAY, 100_000_000_00)
    log = blank(2 * len(rows))
    for number, (time, amount) in enumerate(rows):
        log["time"][2 * number : 2 * number + 2], log["order"][2 * number : 2 * number + 2] = time, number
        log["kind"][2 * number : 2 * number + 2] = Kind.withdraw, Kind.paid
        log["member"][2 * number], log["amount"][2 * number] = 0, amount
    compiled.apply(log)
    readable.apply(log)
    assert_same(compiled, readable)
    paid = compiled.book.rows("withdrawals")
    return [(int(row["tax"] - row["vat"]), int(row["vat"])) for row in paid]


def test_the_year_begins_anew():
    # December: 10,000 → 90. January is month 1 of another year: 90 again, not the 90 of a second month's 20,000.
    # 2026: two payouts of 40,000 in January: 32,000 - 5,000 = 27,000 × 3 % = 810; 59,000 × 10 % - 2,520 = 3,380 - 810.
    assert withheld("cn_platform_2025", ("2025-12-01", "10000"), ("2026-01-01", "10000")) == [(90_00, 0)] * 2
    taken = withheld("cn_platform_2025", ("2025-12-01", "40000"), ("2026-01-01", "40000"), ("2026-01-31", "40000"))
    assert taken == [(810_00, 0), (810_00, 0), (2_570_00, 0)]


def test_what_the_old_table_took_does_not_count_for_the_new_one():
    # September: 10,000 by the labour table: 1,600. October is month 1 of the cumulative one: 90.
    assert withheld("cn_platform_2025", ("2025-09-30", "10000"), ("2025-10-01", "10000")) == [(1_600_00, 0), (90_00, 0)]


def test_tax_beyond_the_payment_is_caught_up_with_the_next():
    # 99,999 in January 2026, then 10.00: the month's 100,009 owe 1,000.09 of VAT. 79,999.20 - 5,000 = 74,999.20
    # taxable: 4,979.92; with the 10.00 more 75,007.20: 4,980.72, so 0.80 of income tax; the other 9.20 go to VAT.
    # Then 2,000: income 76,607.20 → 5,140.72 - 4,980.72 = 160.00; VAT 1,020.09 - 9.20 = 1,010.89.
    taken = withheld(
        "cn_platform_2025_vat", ("2026-01-05", "99999"), ("2026-01-06", "10"), ("2026-01-07", "2000"), fee="0%"
    )
    assert taken == [(4_979_92, 0), (80, 9_20), (160_00, 1_010_89)]


def test_a_payout_that_no_table_covers_is_refused():
    day = day_of(dt.date(2028, 1, 1))
    compiled, readable = engines([plan_of("cn_platform_2025_vat")], day, 1_000_00)
    log = blank(1)
    log["kind"], log["time"], log["order"], log["member"], log["amount"] = Kind.withdraw, day * DAY, 0, 0, 100_00
    for engine in (compiled, readable):
        engine.apply(log)
    assert_same(compiled, readable)
    assert compiled.book.rows("refusals")["code"].tolist() == [Refusal.no_tax_table]
    assert int(compiled.book.members["available"][0]) == 1_000_00


@pytest.mark.many
def test_the_random_payouts_reach_everything_that_is_compared_above():
    seen: dict[str, int] = {}
    for seed in range(60):
        luck = random.Random(seed)
        plans = [plan_of("cn_platform_2025_vat", fee="0.6%"), plan_of("cn_labour", channel="wechat_2024")]
        day = day_of(dt.date(2025, 8, 1))
        compiled, _ = engines(plans, day, 3_000_000_00)
        compiled.apply(payouts(luck, day, 30))
        rows = compiled.book.rows("withdrawals")
        for name in ("tax", "vat", "withheld"):
            seen[name] = seen.get(name, 0) + int((rows[name] > 0).sum())
        seen["months"] = max(seen.get("months", 0), int(rows["months"].max()))
        seen["none left"] = seen.get("none left", 0) + int(((rows["tax"] > 0) & _spent(rows)).sum())
    assert seen["months"] >= 4
    assert min(seen[name] for name in ("tax", "vat", "withheld")) > 50
    assert seen["none left"] > 0


def _spent(rows: Records) -> np.ndarray:
    return rows["amount"] - rows["fee"] == rows["tax"]
