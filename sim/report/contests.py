"""The leaderboards of a run, in the terminal and for `--json`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from rules.commission.contest import VOLUMES, Contest, Prize
from rules.money import yuan
from sim.experiments.metric_names import Lang, Text
from sim.leaderboard import Board
from sim.report.figures import NONE

_HEADING = Text(
    "竞赛 {name}：截至 {day} 的一轮（共 {rounds} 轮，累计奖金 {paid}，实物 {goods}）",
    "contest {name}: the round that ended {day} ({rounds} in all, {paid} paid, {goods} in kind)",
)
_COLUMNS = (Text("名次", "place"), Text("会员", "member"), Text("成绩", "figure"), Text("奖品", "prize"))
_RIVAL = Text("对手", "rival")
_MEASURES = {
    "promoted_volume": Text("推广额", "promoted volume"),
    "promoted_orders": Text("推广订单数", "promoted orders"),
    "new_members": Text("新会员数", "new members"),
    "direct_team_volume": Text("直属团队推广额", "volume of the direct team"),
}
_TEAM = Text("（团队）", " (team)")


def print_contests(console: Console, found: Sequence[Board], lang: Lang) -> None:
    """The last round of every contest."""
    for board in found:
        console.print()
        console.print(_table(board, lang))


def _table(board: Board, lang: Lang) -> Table:
    contest = board.contest
    heading = _HEADING.say(lang).format(
        name=_name(contest, lang), day=board.day, rounds=board.rounds, paid=yuan(board.paid), goods=yuan(board.in_kind)
    )
    table = Table(title=Styled(heading, style="bold"), title_justify="left", box=None)
    measured = _MEASURES[contest.measure].say(lang) + (_TEAM.say(lang) if contest.of == "team" else "")
    for column in (_COLUMNS[0].say(lang), _COLUMNS[1].say(lang), measured):
        table.add_column(Styled(column), justify="right")
    if contest.pk:
        table.add_column(Styled(_RIVAL.say(lang)), justify="right")
    table.add_column(Styled(_COLUMNS[3].say(lang)))
    for one in board.places:
        cells = [str(one.place), one.member, _figure(contest, one.figure)]
        cells += [one.rival or NONE] if contest.pk else []
        table.add_row(*(Styled(cell) for cell in [*cells, _prize(one.prize, lang)]))
    return table


def _name(contest: Contest, lang: Lang) -> str:
    return getattr(contest.title, lang) if contest.title else contest.id


def _figure(contest: Contest, figure: int) -> str:
    return yuan(figure) if contest.measure in VOLUMES else str(figure)


def _prize(prize: Prize | None, lang: Lang) -> str:
    if prize is None:
        return NONE
    return yuan(prize.pay or 0) if prize.goods is None else f"{getattr(prize.goods, lang)} ({yuan(prize.value or 0)})"


def contests_told(found: Sequence[Board]) -> dict[str, object]:
    """The same for `--json`; money in yuan, `figure` in yuan or a number."""
    return {"contests": [_told(board) for board in found]}


def _told(board: Board) -> dict[str, object]:
    contest = board.contest
    return {
        "contest": contest.id,
        "arm": board.arm,
        "measure": contest.measure,
        "of": contest.of,
        "pk": contest.pk,
        "rounds": board.rounds,
        "paid": board.paid / 100,
        "in_kind": board.in_kind / 100,
        "last": {
            "day": board.day.isoformat(),
            "places": [
                {
                    "place": one.place,
                    "member": one.member,
                    "figure": one.figure / 100 if contest.measure in VOLUMES else one.figure,
                    "rival": one.rival,
                    "pay": (one.prize.pay or 0) / 100 if one.prize else 0,
                    "goods": one.prize.goods.model_dump() if one.prize and one.prize.goods else None,
                    "value": (one.prize.value or 0) / 100 if one.prize else 0,
                }
                for one in board.places
            ],
        },
    }
