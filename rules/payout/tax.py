"""Tax withheld 代扣 from payouts: dated tables, and what they take from the next payout of a member.

What is taxed is the commission itself, before the payout fee: the law grants a flat share for expenses, and the fee is
the price of the payout. Payouts of one member add up: over a calendar month, or over months in a row of a year. From
what the table says of the sum, what was withheld before is taken off; a rest below 0 is not given back here (that is
for the yearly settlement 汇算清缴). Nothing can be withheld beyond what is left of the payment; what is missing is
caught up with the next one. Payouts that failed do not count: the next one is worked out as if they had never been.

Goods and trips that somebody won are income too (财税〔2004〕11号: 营销业绩奖励, 包括实物; of who is no employee, as
labour remuneration). Their value is added to the income of the payout that is sent next, and stays there.

Readings, which nobody has confirmed (`verified` is false):

- 2025年第16号 grants 5,000 yuan times the months "in a row with income from this platform, of this year up to this
  month" and does not say what becomes of earlier income after a month without. Here a gap starts everything anew:
  months, income and tax withheld, so that income never stands without the deduction that was granted for it.
- Prizes in kind are taken into the income tax as above, and left out of the sales that VAT is of.
- VAT is of the commission as it is booked, read as an amount without VAT; surcharges on the VAT are not worked out.
- Whole fen, half up, at each column of the withholding form: expenses, then tax.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rules.book import Rows
from rules.calendar import date_of, day_of, month_of
from rules.events import DAY, Records
from rules.jit import kernel
from rules.money import PPM, Rounding, divide, rounded, yuan
from rules.plan.compiled import NONE, TAX, TAX_BRACKETS, Tables
from rules.plan.values import Title
from rules.readable import Request, State, Step
from rules.records import WithdrawalStatus

TaxName = Literal["none", "cn_labour", "cn_platform_2025", "cn_platform_2025_vat"]
"""Tax rules whose dated tables are shipped, in `rules.payout.tax`."""


Levy = Literal["income", "vat"]
FAR = 1 << 62
"""A day, or an amount in fen, that never comes."""

_FAILED, _HALF_UP = int(WithdrawalStatus.failed), int(Rounding.half_up)


@dataclass(frozen=True)
class Bracket:
    """From `start` fen on, `rate` parts per million of all of it, less `quick` fen 速算扣除数."""

    start: int
    rate: int
    quick: int = 0


@dataclass(frozen=True)
class TaxTable:
    """What is to be withheld of a sum of payouts, in force from a day to a day (None = until further notice).

    Attributes:
        of: income tax of income, or VAT of sales.
        span: what adds up: a calendar month, or months in a row of one year.
        flat: fen off a sum of at most `flat_up_to`; `expenses`: parts per million off any other.
        monthly: fen off for each month of the span.
        verified: whether somebody has compared it with the official text.
    """

    id: str
    title: Title
    of: Levy
    span: Literal["month", "run"]
    from_: dt.date
    to: dt.date | None
    brackets: tuple[Bracket, ...]
    source: str
    verified: bool = False
    flat: int = 0
    flat_up_to: int = 0
    expenses: int = 0
    monthly: int = 0

    def taxable(self, gathered: int, months: int = 1) -> int:
        """What is left of a sum of payouts after expenses and deductions, in fen; not negative."""
        off = self.flat if gathered <= self.flat_up_to else rounded(gathered * self.expenses, PPM, Rounding.half_up)
        return max(0, gathered - off - self.monthly * months)

    def due(self, gathered: int, months: int = 1) -> int:
        """The tax on a sum of payouts in fen, before what was withheld already."""
        taxable = self.taxable(gathered, months)
        bracket = next(one for one in reversed(self.brackets) if one.start <= taxable)
        return max(0, rounded(taxable * bracket.rate, PPM, Rounding.half_up) - bracket.quick)


def _brackets(*steps: tuple[int, int, int]) -> tuple[Bracket, ...]:
    """Brackets from yuan, percent and yuan."""
    return tuple(Bracket(start * 100, rate * 10_000, quick * 100) for start, rate, quick in steps)


LABOUR_2019 = TaxTable(
    id="labour_2019",
    title=Title(zh="劳务报酬预扣（同一项目一个月为一次）", en="labour remuneration, a month of one project at a time"),
    of="income",
    span="month",
    from_=dt.date(2019, 1, 1),
    to=None,
    flat=800_00,
    flat_up_to=4_000_00,
    expenses=200_000,
    brackets=_brackets((0, 20, 0), (20_000, 30, 2_000), (50_000, 40, 7_000)),
    source="国家税务总局公告2018年第61号; 个人所得税法实施条例 第14条",
)
PLATFORM_2025 = TaxTable(
    id="platform_2025",
    title=Title(zh="平台内从业人员累计预扣", en="platform workers, cumulative withholding"),
    of="income",
    span="run",
    from_=dt.date(2025, 10, 1),
    to=None,
    expenses=200_000,
    monthly=5_000_00,
    brackets=_brackets(
        (0, 3, 0),
        (36_000, 10, 2_520),
        (144_000, 20, 16_920),
        (300_000, 25, 31_920),
        (420_000, 30, 52_920),
        (660_000, 35, 85_920),
        (960_000, 45, 181_920),
    ),
    source="国务院令第810号; 国家税务总局公告2025年第16号; 国家税务总局公告2018年第61号",
)
VAT_2025 = TaxTable(
    id="vat_2025",
    title=Title(zh="增值税：月销售额超过10万元全额按1%", en="VAT: 1 % of the whole month above 100,000 yuan"),
    of="vat",
    span="month",
    from_=dt.date(2025, 10, 1),
    to=dt.date(2025, 12, 31),
    brackets=(Bracket(0, 0), Bracket(100_000_01, 10_000)),
    source="国家税务总局公告2025年第16号; 财政部 税务总局公告2023年第19号 (10万元以下，含本数)",
)
VAT_2026 = TaxTable(
    id="vat_2026",
    title=Title(zh="增值税：月销售额达到10万元全额按1%", en="VAT: 1 % of the whole month from 100,000 yuan on"),
    of="vat",
    span="month",
    from_=dt.date(2026, 1, 1),
    to=dt.date(2027, 12, 31),
    brackets=(Bracket(0, 0), Bracket(100_000_00, 10_000)),
    source="增值税法 第23条; 财政部 税务总局公告2026年第10号",
)
TABLES = (LABOUR_2019, PLATFORM_2025, VAT_2025, VAT_2026)
"""All tables by the day they begin; a withdrawal names its tables by their place here."""

RULES: dict[TaxName, tuple[TaxTable, ...]] = {
    "none": (),
    "cn_labour": (LABOUR_2019,),
    "cn_platform_2025": (LABOUR_2019, PLATFORM_2025),
    "cn_platform_2025_vat": (LABOUR_2019, PLATFORM_2025, VAT_2025, VAT_2026),
}
"""What a plan can ask for; of the tables in force on a day the latest begun applies."""


def table_on(rule: TaxName, levy: Levy, day: dt.date) -> TaxTable | None:
    """The table that applies on a day, if any."""
    begun = [table for table in RULES[rule] if table.of == levy and table.from_ <= day <= (table.to or dt.date.max)]
    return max(begun, key=lambda table: table.from_, default=None)


def mask_of(rule: TaxName) -> int:
    """The tables of a rule as bits."""
    return sum(1 << TABLES.index(table) for table in RULES[rule])


def covered(rule: TaxName) -> tuple[int, int]:
    """First and last day, since 1970-01-01, on which a rule can say what is to be withheld."""
    first, last = -FAR, FAR
    for levy in ("income", "vat"):
        tables = [table for table in RULES[rule] if table.of == levy]
        if tables and levy == "income":
            first = min(day_of(table.from_) for table in tables)
        last = min(last, max((_last_day(table) for table in tables), default=FAR))
    return first, last


def _last_day(table: TaxTable) -> int:
    return FAR if table.to is None else day_of(table.to)


def compiled_tables() -> Records:
    """`TABLES` as kernels read them."""
    rows = np.zeros(len(TABLES), TAX)
    rows["tax_starts"] = FAR
    for row, table in zip(rows, TABLES, strict=True):
        row["first_day"], row["last_day"] = day_of(table.from_), _last_day(table)
        row["vat"], row["run"] = table.of == "vat", table.span == "run"
        for name in ("flat", "flat_up_to", "expenses", "monthly"):
            row[name] = getattr(table, name)
        for place, bracket in enumerate(table.brackets):
            row["tax_starts"][place] = bracket.start
            row["tax_rates"][place], row["tax_quicks"][place] = bracket.rate, bracket.quick
    return rows


@kernel
def table_in_force(plan: Tables, mask: int, vat: int, day: int) -> int:
    """The row of the table that applies on a day, or NONE."""
    found = NONE
    for place in range(len(plan.taxes)):
        table = plan.taxes[place]
        if (mask >> place) & 1 == 1 and table.vat == vat and table.first_day <= day and day <= table.last_day:
            found = place
    return found


@kernel
def tax_due(plan: Tables, place: int, gathered: int, months: int) -> int:
    """The tax on a sum of payouts in fen, before what was withheld already."""
    table = plan.taxes[place]
    off = table.flat
    if gathered > table.flat_up_to:
        off = divide(gathered * table.expenses, PPM, _HALF_UP)
    taxable = max(0, gathered - off - table.monthly * months)
    bracket = 0
    while bracket + 1 < TAX_BRACKETS and table.tax_starts[bracket + 1] <= taxable:
        bracket += 1
    return max(0, divide(taxable * table.tax_rates[bracket], PPM, _HALF_UP) - table.tax_quicks[bracket])


@kernel
def withhold(
    book: Rows, plan: Tables, place: int, member: int, amount: int, left: int, time: int
) -> tuple[int, int, int, int]:
    """What a table (NONE: no table) takes from a payout of `amount` of which `left` can still be taken.

    Returns fen to withhold, fen gathered with this payout, months in a row, and fen withheld before.
    """
    if place == NONE:
        return 0, 0, 0, 0
    table = plan.taxes[place]
    month = month_of(time // DAY)
    first, gathered, withheld = month, amount, 0
    if table.vat == 0:
        gathered += book.member_extras[member].in_kind
    number = book.members[member].payout
    while number >= 0:
        row = book.withdrawals[number]
        number = row.previous
        there = month_of(row.sent_at // DAY)
        if there < first - table.run or there // 12 < month // 12:
            break
        if row.status != _FAILED and place == (row.vat_table if table.vat == 1 else row.income_table):
            first = there
            gathered += row.amount + (0 if table.vat == 1 else row.in_kind)
            withheld += row.vat if table.vat == 1 else row.tax - row.vat
    months = month - first + 1
    owed = tax_due(plan, place, gathered, months) - withheld
    return max(0, min(left, owed)), gathered, months, withheld


@dataclass(frozen=True)
class Withheld:
    """What a table takes from one payout, and from what it was worked out; the readable result."""

    table: TaxTable | None = None
    tax: int = 0
    gathered: int = 0
    months: int = 0
    before: int = 0

    @property
    def id(self) -> str | None:
        """The table's id."""
        return self.table.id if self.table else None

    def steps(self) -> list[Step]:
        """The sentence that explains the amount."""
        if self.table is None:
            return []
        table, months = self.table, self.months
        due, taxable = table.due(self.gathered, months), table.taxable(self.gathered, months)
        zh = f"{table.title.zh}：连续 {months} 个月累计 {yuan(self.gathered)}，应税 {yuan(taxable)}，应扣 {yuan(due)}"
        en = f"{table.title.en}: {yuan(self.gathered)} in {months} month(s), {yuan(taxable)} taxable, {yuan(due)} due"
        return [
            Step(
                f"{zh}，已扣 {yuan(self.before)}，本次代扣 {yuan(self.tax)}",
                f"{en}, {yuan(self.before)} withheld before, {yuan(self.tax)} now",
            )
        ]


def take(state: State, levy: Levy, member: int, amount: int, left: int, time: int) -> Withheld:
    """What is withheld from a payout of `amount` of which `left` can still be taken: the readable rule."""
    day = date_of(time)
    table = table_on(state.plan_of(member).withdrawal.tax, levy, day)
    if table is None:
        return Withheld()
    earlier: dict[tuple[int, int], list[Request]] = defaultdict(list)
    for row in state.withdrawals.values():
        used = row.income_table if levy == "income" else row.vat_table
        if row.member == member and used == table.id and row.status is not WithdrawalStatus.failed:
            assert row.sent_at is not None
            sent = date_of(row.sent_at)
            earlier[sent.year, sent.month].append(row)
    months = [(day.year, day.month)]
    while table.span == "run" and (day.year, months[-1][1] - 1) in earlier:
        months.append((day.year, months[-1][1] - 1))
    rows = [row for month in months for row in earlier.get(month, [])]
    gathered = amount + sum(row.amount for row in rows)
    if levy == "income":
        gathered += state.members[member].in_kind + sum(row.in_kind for row in rows)
    before = sum(row.tax - row.vat if levy == "income" else row.vat for row in rows)
    tax = max(0, min(left, table.due(gathered, len(months)) - before))
    return Withheld(table, tax, gathered, len(months), before)
