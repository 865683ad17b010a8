"""What an operator who learns believes of her plans, in the terminal and for `--json`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text as Styled

from sim.experiments.metric_names import Lang, Text
from sim.learned import Learned
from sim.report.figures import NONE, money
from sim.report.tables import head, table_of

_TITLE = Text(
    "运营者学到了什么（每千名会员每期贡献毛利）", "What the operator learned (contribution a look, per 1,000 members)"
)
_HEADS = Text("方案|试过几期|当时平均|下一期预计", "plan|looks under it|mean of these|expected next")
_HINT = Text(
    "她只看到各期的数字：± 为一个标准差，含共同趋势，越早的越不算数。方案后来才带来的好处记在当时生效的方案上。"
    "`fenxiao adapt` 用同样的人与运气和各固定方案比较。",
    "She sees the figures of each look only: ± is one standard deviation, a common trend is allowed for, older looks "
    "count less. What a plan brings later is put down to the plan in force then. `fenxiao adapt` holds her against "
    "each plan by itself, with the same people and luck.",
)


def print_learned(console: Console, found: Sequence[Learned], lang: Lang) -> None:
    """A row for each plan; nothing where nobody learned."""
    if not found:
        return
    head(console, _TITLE.say(lang))
    table = table_of(_HEADS.say(lang))
    for one in found:
        mean = NONE if one.reward is None else money(one.reward)
        table.add_row(Styled(one.plan), str(one.looks), mean, f"{money(one.belief)} ± {money(one.deviation)}")
    console.print(table)
    console.print(Styled(_HINT.say(lang), style="dim"))


def learned_told(found: Sequence[Learned]) -> dict[str, object]:
    """The same for `--json`, in yuan; nothing where nobody learned."""
    return {"learned": [_told(one) for one in found]} if found else {}


def _told(one: Learned) -> dict[str, object]:
    reward = None if one.reward is None else one.reward / 100
    beliefs = {"belief": one.belief / 100, "deviation": one.deviation / 100}
    return {"plan": one.plan, "looks": one.looks, "reward": reward} | beliefs
