"""The validation as people read it: a table in the terminal, a self-contained page with a chart a claim, plain data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup
from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs
from rich.console import Console
from rich.table import Table

from sim.experiments.metric_names import Lang, Text
from sim.report import charts
from sim.report.files import replace_file
from sim.report.html import environment, figures_json, policy_of, template
from sim.report.validation_charts import chart
from sim.validation.claim import Claim

PAGE = "validation.html"
TITLE = Text("验证：模拟与数据、文献对照", "Validation: the simulation against data and literature")
_HEADS = Text("说法|实测|目标|结论|来源", "claim|measured|target|verdict|source")
_HOLDS, _MISSED = Text("达到", "ok"), Text("未达到", "not ok")
_ALL_HOLD = Text("{all} 项说法全部达到目标", "All {all} claims meet their targets")
_SOME_MISSED = Text(
    "{all} 项说法中有 {missed} 项未达到目标：{names}", "{missed} of {all} claims miss their targets: {names}"
)
_QUICK = Text(
    "快速运行：规模小，运气影响大；公开的数字以完整运行为准。",
    "A quick run: small worlds, in which luck weighs more; the published figures are those of a whole run.",
)


def verdict(claims: Sequence[Claim], lang: Lang) -> str:
    """What all claims come to, in a sentence."""
    missed = [claim.title.say(lang) for claim in claims if not claim.holds]
    said = _SOME_MISSED if missed else _ALL_HOLD
    return said.say(lang).format(
        all=len(claims), missed=len(missed), names=("；" if lang == "zh" else "; ").join(missed)
    )


def holds(claim: Claim) -> Text:
    """Whether a claim meets its target, in a word."""
    return _HOLDS if claim.holds else _MISSED


def print_validation(console: Console, claims: Sequence[Claim], quick: bool, lang: Lang) -> None:
    """A row a claim, and what they come to."""
    table = Table(*_HEADS.say(lang).split("|"), box=None, header_style="bold cyan", pad_edge=False)
    for claim in claims:
        word = f"[{'green' if claim.holds else 'bold red'}]{holds(claim).say(lang)}[/]"
        table.add_row(claim.title.say(lang), claim.measured.say(lang), claim.target.say(lang), word, claim.source)
        table.add_row()
    console.print(table)
    console.print(verdict(claims, lang), style="bold")
    if quick:
        console.print(_QUICK.say(lang))


def record_of(claims: Sequence[Claim], quick: bool) -> dict[str, object]:
    """What `--json` prints."""
    return {
        "quick": quick,
        "holds": all(claim.holds for claim in claims),
        "claims": {
            claim.key: {
                "title": vars(claim.title),
                "measured": vars(claim.measured),
                "target": vars(claim.target),
                "how": vars(claim.how),
                "source": claim.source,
                "holds": claim.holds,
                "figures": dict(claim.figures),
            }
            for claim in claims
        },
    }


def write_page(folder: Path, claims: Sequence[Claim], quick: bool, command: str, lang: Lang) -> Path:
    """Write the page to a folder, whole or not at all; it opens in `lang`."""
    page = render(claims, quick, command, lang)
    replace_file(folder / PAGE, lambda path: path.write_text(page, encoding="utf-8"))
    return folder / PAGE


def render(claims: Sequence[Claim], quick: bool, command: str, lang: Lang) -> str:
    """The validation as one page that carries both languages and loads nothing."""
    langs: tuple[Lang, Lang] = ("zh", "en")
    figures = {claim.key: {each: chart(claim, each) for each in langs} for claim in claims}
    library, script = get_plotlyjs(), template("report.js")
    return (
        environment()
        .get_template("validation.html.j2")
        .render(
            claims=claims,
            lang=lang,
            title=TITLE,
            said=Text(*(verdict(claims, each) for each in langs)),
            reason="won" if all(claim.holds for claim in claims) else "breach",
            quick=_QUICK if quick else None,
            holds=holds,
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
