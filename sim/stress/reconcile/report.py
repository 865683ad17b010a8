"""A reconciliation as people read it: tables in the terminal, data, and one self-contained page in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from markupsafe import Markup
from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs
from rich.console import Console
from rich.table import Table

from rules.calendar import date_of
from rules.events import DAY
from rules.money import yuan
from sim.experiments.metric_names import Lang, Text
from sim.report import charts
from sim.report.files import replace_file
from sim.report.html import environment, figures_json, policy_of, template
from sim.stress.reconcile.flows_chart import flows_chart
from sim.stress.reconcile.kinds import KINDS, SIDES, Difference
from sim.stress.reconcile.study import Reconciliation

PAGE = "reconcile.html"
TITLE = Text("对账与资金流", "Reconciliation and money flow")
_HEADS = Text("差异|对象|金额|各方所见|原因|更正", "difference|about|amount|seen|cause|correction")
_CLEAN = Text(
    "没有差异：{orders} 笔订单、{entries} 条明细、{wallets} 个钱包",
    "No difference: {orders} orders, {entries} entries, {wallets} wallets",
)
_FOUND = Text("{count} 处差异：{kinds}", "{count} differences: {kinds}")
_DAYS = Text(
    "日期|收款|退款|佣金|追回|申请提现|到账|欠会员|在途|现金|覆盖率",
    "day|in|refunds|earned|taken back|asked for|paid out|owed|under way|cash|cover",
)
_ALARMS = Text("资金流告警", "Money-flow alarms")
_LAST = 14
"""Days that the terminal shows."""


def verdict(found: Reconciliation, lang: Lang) -> str:
    """What it comes to, in a sentence."""
    if not found.differences:
        return _CLEAN.say(lang).format(**{name: f"{count:,}" for name, count in found.checked.items()})
    kinds = Counter(one.kind for one in found.differences)
    told = (f"{KINDS[kind].title.say(lang)} × {count}" for kind, count in kinds.items())
    return _FOUND.say(lang).format(count=len(found.differences), kinds=("；" if lang == "zh" else "; ").join(told))


def seen(one: Difference, lang: Lang) -> str:
    """What each side says."""
    told = (
        f"{SIDES[side].say(lang)} {yuan(said) if isinstance(said, int) else said}" for side, said in one.seen.items()
    )
    return ("，" if lang == "zh" else ", ").join(told)


def print_reconciliation(console: Console, found: Reconciliation, lang: Lang) -> None:
    """Differences, the last days of the money, alarms."""
    heads = _HEADS.say(lang).split("|")
    for one in found.differences:
        kind = KINDS[one.kind]
        console.print(f"{kind.title.say(lang)} · {one.subject} · {yuan(one.amount)}", style="bold red", markup=False)
        for head, words in zip(
            heads[3:], (seen(one, lang), one.cause.say(lang), kind.correction.say(lang)), strict=True
        ):
            console.print(f"  {head}: {words}", markup=False)
    console.print(verdict(found, lang), style="bold", markup=False)
    if found.flows.days:
        table = Table(*_DAYS.say(lang).split("|"), box=None, header_style="bold cyan", pad_edge=False)
        for row in day_rows(found)[-_LAST:]:
            table.add_row(*row)
        console.print()
        console.print(table)
    for alarm in found.flows.alarms:
        console.print(f"! {_ALARMS.say(lang)}: {alarm.said.say(lang)}", style="yellow", markup=False)


def day_rows(found: Reconciliation) -> list[tuple[str, ...]]:
    """Money by day, as shown."""
    return [
        (
            str(date_of(one.day * DAY)),
            *(yuan(fen) for fen in (one.came_in, one.went_back, one.earned, one.clawed, one.asked, one.paid_out)),
            *(yuan(fen) for fen in (one.owed, one.under_way, one.cash)),
            "" if one.cover is None else f"{one.cover:.2f}",
        )
        for one in found.flows.days
    ]


def record_of(found: Reconciliation, planted: Sequence[str] = ()) -> dict[str, object]:
    """What `--json` prints; money in yuan."""
    return {
        "differences": [_told(one) for one in found.differences],
        "checked": found.checked,
        "planted": list(planted),
        "flows": {
            "days": [
                {"day": str(date_of(one.day * DAY)), "cover": one.cover, "must_hold": one.must_hold / 100}
                | {name: fen / 100 for name, fen in asdict(one).items() if name != "day"}
                for one in found.flows.days
            ],
            "alarms": [{"kind": one.kind, **vars(one.said)} for one in found.flows.alarms],
        },
    }


def _told(one: Difference) -> dict[str, object]:
    kind = KINDS[one.kind]
    return {
        "kind": one.kind,
        "subject": one.subject,
        "amount": one.amount / 100,
        "day": str(date_of(one.at // DAY * DAY)) if one.at >= 0 else None,
        "seen": {side: said / 100 if isinstance(said, int) else said for side, said in one.seen.items()},
        "title": vars(kind.title),
        "cause": vars(one.cause),
        "correction": vars(kind.correction),
    }


def write_page(folder: Path, found: Reconciliation, command: str, lang: Lang) -> Path:
    """Write the page to a folder, whole or not at all; it opens in `lang`."""
    page = render(found, command, lang)
    replace_file(folder / PAGE, lambda path: path.write_text(page, encoding="utf-8"))
    return folder / PAGE


def render(found: Reconciliation, command: str, lang: Lang) -> str:
    """The page, which carries both languages and loads nothing."""
    langs: tuple[Lang, Lang] = ("zh", "en")
    figures = {"flows": {each: flows_chart(found.flows, each) for each in langs}} if found.flows.days else {}
    library, script = get_plotlyjs(), template("report.js")
    return (
        environment()
        .get_template("reconcile.html.j2")
        .render(
            found=found,
            kinds=KINDS,
            rows=[(one, Text(*(seen(one, each) for each in langs)), yuan(one.amount)) for one in found.differences],
            days=day_rows(found)[::-1],
            heads=[Text(*pair) for pair in zip(_DAYS.zh.split("|"), _DAYS.en.split("|"), strict=True)],
            columns=[Text(*pair) for pair in zip(_HEADS.zh.split("|"), _HEADS.en.split("|"), strict=True)],
            lang=lang,
            title=TITLE,
            alarms_title=_ALARMS,
            said=Text(*(verdict(found, each) for each in langs)),
            reason="breach" if found.differences else "won",
            command=command,
            heights={key: drawn["en"].layout.height for key, drawn in figures.items()},
            figures=Markup(figures_json(figures, own_legend=frozenset(figures))),
            config=Markup(to_json_plotly(charts.CONFIG)),
            style=Markup(template("report.css")),
            library=Markup(library),
            script=Markup(script),
            policy=policy_of(library, script),
        )
    )
