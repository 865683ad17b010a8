"""Labour saved against the baseline, in the terminal and for `--json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text as Styled

from sim.experiments.effects import Effect
from sim.experiments.metric_names import Lang, Text
from sim.report.figures import NONE, money
from sim.report.tables import head, table_of
from sim.report.words import VERDICTS

_TITLE = Text("人工成本（负数为节省）", "Labour (below 0 is saved)")
_HEADS = Text("方案|项目|基准|本方案|差异|区间|结论", "plan|kind|baseline|plan|difference|interval|verdict")
_KINDS = {
    "labour": Text("合计", "all"),
    "reviews": Text("提现人工审核", "withdrawals reviewed"),
    "returns": Text("退货处理", "returns"),
    "reconciling": Text("打款失败对账", "payouts reconciled"),
    "cases": Text("投诉与换货", "complaints, exchanges"),
}


def print_labour(console: Console, effects: Sequence[Effect], names: Mapping[str, str], lang: Lang) -> None:
    """A row for each arm and kind of case."""
    head(console, _TITLE.say(lang))
    table = table_of(_HEADS.say(lang))
    for one in effects:
        figures = (_money(one.mean_baseline), _money(one.mean), _money(one.difference, "+"))
        sure = NONE if one.low is None or one.high is None else f"[{_money(one.low, '+')}, {_money(one.high, '+')}]"
        shown = VERDICTS[one.verdict].say(lang)
        table.add_row(Styled(names.get(one.arm, one.arm)), _KINDS[one.name].say(lang), *figures, sure, shown)
    console.print(table)


def labour_told(effects: Sequence[Effect]) -> dict[str, object]:
    """The same for `--json`, in yuan; `saved` is the baseline's less the plan's."""
    return {"labour": [_told(one) for one in effects]}


def _told(one: Effect) -> dict[str, object]:
    yuan = {name: _in_yuan(getattr(one, name)) for name in ("mean", "mean_baseline", "difference", "low", "high")}
    saved = None if one.difference is None else -one.difference / 100
    return {"arm": one.arm, "kind": one.name, **yuan, "saved": saved, "verdict": one.verdict}


def _in_yuan(fen: float | None) -> float | None:
    return None if fen is None else fen / 100


def _money(fen: float | None, sign: str = "-") -> str:
    return NONE if fen is None else money(fen, sign=sign)
