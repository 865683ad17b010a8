"""The money of a run, and advice, in the terminal and for `--json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from rules.money import yuan
from sim.advice import Advice
from sim.experiments.metric_names import Lang, Text
from sim.money import Money
from sim.report.figures import NONE

_HEADING = Text("资金", "Money")
_ADVICE = Text("建议", "Advice")
_ROWS: dict[str, Text] = {
    "goods": Text("商品实付", "paid for goods"),
    "discounts": Text("优惠（券、减、积分）", "taken off list prices"),
    "refunds": Text("退款", "refunds"),
    "cost": Text("商品成本", "cost of goods kept"),
    "commission": Text("计提佣金", "commission booked"),
    "payouts": Text("会员实收提现", "reached members"),
    "tax": Text("代扣税", "tax withheld"),
    "fees": Text("提现手续费", "fees kept"),
    "labour": Text("人工（审核、退货、对账）", "labour: reviews, returns, reconciling"),
    "prizes": Text("实物奖品", "prizes in kind"),
    "programmes": Text("会员运营（关怀、消息、礼品）", "programmes: care, messages, gifts"),
    "cash": Text("现金结余", "cash left"),
    "owed": Text("期末待付会员", "owed to members in the end"),
}
_WORST = Text("现金最少的一周：第 {week} 周 {cash}", "the week with least cash: week {week}, {cash}")
_RETURN = Text("每 1 元佣金带来毛利 {value} 元", "a yuan of commission brings {value} of margin")


def print_money(
    console: Console, weeks: Sequence[Money], roi: float | None, advice: Sequence[Advice], lang: Lang
) -> None:
    """What came in and went out, and what the figures suggest."""
    table = Table(title=Styled(_HEADING.say(lang), style="bold"), title_justify="left", box=None, show_header=False)
    told = _told(sum(weeks, Money()))
    for name, title in _ROWS.items():
        if name == "prizes" and not told[name]:
            continue
        table.add_row(title.say(lang), Styled(yuan(told[name]), justify="right"))
    console.print()
    console.print(table)
    cash = [week.cash for week in weeks]
    if cash:
        console.print(_WORST.say(lang).format(week=cash.index(min(cash)) + 1, cash=yuan(min(cash))))
    console.print(_RETURN.say(lang).format(value=NONE if roi is None else f"{roi:.2f}"))
    for one in advice:
        console.print(Styled(f"{_ADVICE.say(lang)}: {getattr(one.said, lang)}"))


def money_told(weeks: Sequence[Money], roi: float | None, advice: Sequence[Advice]) -> dict[str, object]:
    """The same for `--json`, in yuan; weeks from 0."""
    return {
        "money": _in_yuan(sum(weeks, Money())) | {"return_on_commission": roi},
        "weeks": [{"week": number} | _in_yuan(week) for number, week in enumerate(weeks)],
        "advice": [{"name": one.name, **one.said.model_dump()} for one in advice],
    }


def _told(money: Money) -> dict[str, int]:
    return asdict(money) | {"cash": money.cash}


def _in_yuan(money: Money) -> dict[str, object]:
    return {name: fen / 100 for name, fen in _told(money).items()}
