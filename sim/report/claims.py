"""Claims put to the test, as people read them: a table in the terminal, a self-contained page, plain data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from markupsafe import Markup
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from sim.claims.figures import FIGURES
from sim.claims.judging import Held
from sim.claims.model import Claim, Family
from sim.claims.testing import Case, Examined, Finding, Verdicts
from sim.experiments.metric_names import Lang, Text, Unit, spoken
from sim.report.claims_chart import picture
from sim.report.figures import NONE, money, number, percentage
from sim.report.files import replace_file
from sim.report.html import environment, policy_of, template

PAGE, TABLE = "claims.html", "claims.md"
TITLE = Text("说法检验：在哪些假设下成立", "Claims put to the test, and the assumptions under which they hold")
VERDICTS: dict[Held, Text] = {
    "held": Text("成立", "held"),
    "not held": Text("不成立", "not held"),
    "undecided": Text("未定", "undecided"),
}
TONES: dict[Held, str] = {"held": "good", "not held": "bad", "undecided": ""}
_COLOURS: dict[Held, str] = {"held": "green", "not held": "bold red", "undecided": "yellow"}
_UNDER: dict[Held, Text] = {
    "held": Text("成立于：", "holds under: "),
    "not held": Text("不成立于：", "does not hold under: "),
    "undecided": Text("未定于：", "undecided under: "),
}
_ALL: dict[Held, Text] = {
    "held": Text("在检验过的全部假设下成立", "holds under every assumption that was tested"),
    "not held": Text("在检验过的任何假设下都不成立", "does not hold under any assumption that was tested"),
    "undecided": Text("在检验过的全部假设下都未定", "undecided under every assumption that was tested"),
}
AS_IT_IS = Text("市场原样", "the market as it is")
_HEADS = Text("说法|所称|实测|95% 区间|结论", "claim|claimed|measured|95 % interval|verdict")
_HANGS = Text("取决于", "what it hangs on")
_SIZE = Text(
    "{market} · {people:,} 人 · {days} 天 · 每种情形 {n} 次重复 · {source}",
    "{market} · {people:,} people · {days} days · {n} replications of each case · {source}",
)
_UNTESTABLE = Text("此处无法检验：", "cannot be tested here: ")
_INTERRUPTED = Text("已中断：结论只据已完成的重复。", "Interrupted: the verdicts rest on what was done by then.")
SAID = Text(
    "{all} 项说法：市场原样下 {held} 项成立，{missed} 项不成立，{open} 项未定；"
    "{always} 项在全部假设下成立，{never} 项在任何假设下都不成立",
    "{all} claims: with the markets as they are {held} hold, {missed} do not, {open} are undecided; "
    "{always} hold under every assumption, {never} under none",
)


def summary(verdicts: Sequence[Verdicts], lang: Lang) -> str:
    """What all claims come to, in a sentence."""
    tested = [one for family in verdicts for one in family.tested]
    first = [one.findings[0].judged.verdict for one in tested]
    return SAID.say(lang).format(
        all=len(tested),
        held=first.count("held"),
        missed=first.count("not held"),
        open=first.count("undecided"),
        always=sum(len(one.cases("held")) == len(one.findings) for one in tested),
        never=sum(len(one.cases("not held")) == len(one.findings) for one in tested),
    )


def sentence(tested: Examined, lang: Lang) -> str:
    """Under which assumptions a claim holds, and under which it does not."""
    parts = []
    for verdict, words in _UNDER.items():
        cases = tested.cases(verdict)
        if len(cases) == len(tested.findings):
            return _ALL[verdict].say(lang) + ("。" if lang == "zh" else ".")
        if cases:
            parts.append(words.say(lang) + _listed(cases, lang))
    return ("；" if lang == "zh" else "; ").join(parts) + ("。" if lang == "zh" else ".")


def _listed(cases: Sequence[Case], lang: Lang) -> str:
    """`the market as it is, fun of a share 0.5 / 2, cost of a share 3.6`."""
    groups = [list(some) for _, some in groupby(cases, lambda case: case.vary)]
    named = [
        f"{some[0].title.say(lang)} {' / '.join(plain(one.value) for one in some)}"
        if some[0].vary
        else AS_IT_IS.say(lang)
        for some in groups
    ]
    return ("、" if lang == "zh" else ", ").join(named)


def plain(value: float) -> str:
    """A value of a parameter: 0.5, 142, 10,000,000."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.6g}"


def written(claim: Claim, value: float) -> str:
    """A value of a claim, in the unit of its bound."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "-∞"
    if claim.as_ == "change":
        return percentage(value)
    unit = FIGURES[claim.figure].unit
    if claim.over:
        return f"{number(value, 1)}×" if claim.bound > 1 else percentage(value).removeprefix("+")
    if claim.times or unit is Unit.count:
        return number(value, 0)
    if unit.is_money:
        return money(value * 100)
    return percentage(value).removeprefix("+") if unit is Unit.ratio else number(value, 3)


def claimed(claim: Claim) -> str:
    """What is claimed: `≥ +50.0%`."""
    return f"{'≥' if claim.upward else '≤'} {written(claim, claim.bound)}"


def measured(claim: Claim, finding: Finding) -> tuple[str, str]:
    """The estimate and its interval, as shown."""
    found = finding.judged.estimate
    if found is None:
        return NONE, ""
    return written(claim, found.mean), f"[{written(claim, found.low)}, {written(claim, found.high)}]"


def size(one: Verdicts, lang: Lang) -> str:
    """In which market, how large, how long, how often, and who claims it."""
    family = one.family
    given = {"market": family.market, "people": family.people, "days": family.days, "n": one.replications}
    return _SIZE.say(lang).format(**given, source=spoken(family.source, lang))


def print_claims(console: Console, verdicts: Sequence[Verdicts], lang: Lang) -> None:
    """A table a family with the markets as they are, and below it what each claim hangs on."""
    for one in verdicts:
        console.print(Styled(f"{one.family.family} · {spoken(one.family.title, lang)}", style="bold"))
        console.print(Styled(size(one, lang), style="dim"))
        console.print(_table(one, lang), "")
        for tested in one.tested:
            title = spoken(tested.claim.title, lang)
            console.print(Styled(f"• {title}{'：' if lang == 'zh' else ': '}{sentence(tested, lang)}"))
        for hidden in one.family.untestable:
            words = f"{spoken(hidden.title, lang)}{'：' if lang == 'zh' else ': '}{spoken(hidden.why, lang)}"
            console.print(Styled(f"• {_UNTESTABLE.say(lang)}{words}"))
        console.print()
    if any(one.interrupted for one in verdicts):
        console.print(_INTERRUPTED.say(lang))
    console.print(Styled(summary(verdicts, lang), style="bold"))


def _table(one: Verdicts, lang: Lang) -> Table:
    name, *figures, verdict = _HEADS.say(lang).split("|")
    table = Table(name, box=None, header_style="bold cyan", pad_edge=False)
    for head in figures:
        table.add_column(head, justify="right")
    table.add_column(verdict)
    for tested in one.tested:
        first = tested.findings[0]
        word = Styled(VERDICTS[first.judged.verdict].say(lang), style=_COLOURS[first.judged.verdict])
        shown = (claimed(tested.claim), *measured(tested.claim, first))
        table.add_row(Styled(spoken(tested.claim.title, lang)), *shown, word)
    return table


def print_list(console: Console, families: Sequence[Family], lang: Lang) -> None:
    """What can be tested: families, their claims, and who claims them."""
    for family in families:
        heading = f"{family.family} · {spoken(family.title, lang)} · {spoken(family.source, lang)}"
        console.print(Styled(heading, style="bold"))
        for claim in family.claims:
            words = f"{spoken(claim.title, lang)} ({spoken(claim.reading, lang)})"
            console.print(Styled(f"  {claimed(claim):>12}  {words}"))


def record_of(verdicts: Sequence[Verdicts], seed: int) -> dict[str, object]:
    """What `--json` prints: money in yuan, changes and ratios as parts of one; no end of an interval is null."""
    return {"seed": seed, "families": {one.family.family: _family(one) for one in verdicts}}


def _family(one: Verdicts) -> dict[str, object]:
    family = one.family
    return {
        "title": family.title.model_dump(),
        "source": family.source.model_dump(),
        "market": family.market,
        "people": family.people,
        "days": family.days,
        "replications": one.replications,
        "interrupted": one.interrupted,
        "usual": dict(one.usual),
        "references": [each.model_dump() for each in family.references],
        "claims": {tested.claim.id: _claim(tested) for tested in one.tested},
        "untestable": [each.model_dump() for each in family.untestable],
    }


def _claim(tested: Examined) -> dict[str, object]:
    claim = tested.claim
    return {
        "title": claim.title.model_dump(),
        "reading": claim.reading.model_dump(),
        "figure": claim.figure,
        "as": claim.as_,
        "at_least": claim.at_least,
        "at_most": claim.at_most,
        "verdict": tested.findings[0].judged.verdict,
        "said": {lang: sentence(tested, lang) for lang in ("zh", "en")},
        "cases": [_finding(one) for one in tested.findings],
    }


def _finding(one: Finding) -> dict[str, object]:
    found = asdict(one.judged.estimate) if one.judged.estimate else {"mean": None, "low": None, "high": None}
    ends = {name: value if value is not None and math.isfinite(value) else None for name, value in found.items()}
    case = {"vary": one.case.vary or None, "value": one.case.value if one.case.vary else None}
    return case | ends | {"pairs": one.judged.pairs, "verdict": one.judged.verdict}


def write_claims(folder: Path, verdicts: Sequence[Verdicts], command: str, lang: Lang) -> Path:
    """Write the page, which opens in `lang`, and the table as Markdown to a folder; each whole or not at all."""
    for name, text in ((TABLE, markdown(verdicts, lang)), (PAGE, render(verdicts, command, lang))):
        replace_file(folder / name, lambda path, text=text: path.write_text(text, encoding="utf-8"))  # type: ignore[misc]
    return folder / PAGE


def markdown(verdicts: Sequence[Verdicts], lang: Lang) -> str:
    """A row a claim, with what it hangs on, as a table of Markdown."""
    heads = f"{_HEADS.say(lang)}|{_HANGS.say(lang)}".split("|")
    rows = [heads, ["---"] * len(heads)]
    for one in verdicts:
        for tested in one.tested:
            name = f"`{one.family.family}` {spoken(tested.claim.title, lang)}"
            first = tested.findings[0]
            word = VERDICTS[first.judged.verdict].say(lang)
            rows.append([name, claimed(tested.claim), *measured(tested.claim, first), word, sentence(tested, lang)])
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |\n" for row in rows)


def render(verdicts: Sequence[Verdicts], command: str, lang: Lang) -> str:
    """The verdicts as one page that carries both languages and loads nothing."""
    script = template("report.js")
    return (
        environment()
        .get_template("claims.html.j2")
        .render(
            families=verdicts,
            lang=lang,
            title=TITLE,
            said=Text(summary(verdicts, "zh"), summary(verdicts, "en")),
            size=lambda one: Text(size(one, "zh"), size(one, "en")),
            sentence=lambda tested: Text(sentence(tested, "zh"), sentence(tested, "en")),
            claimed=claimed,
            measured=measured,
            picture=lambda tested: picture(tested, lambda value: written(tested.claim, value), plain, AS_IT_IS),
            plain=plain,
            verdicts=VERDICTS,
            tones=TONES,
            command=command,
            style=Markup(template("report.css")),
            script=Markup(script),
            policy=policy_of(script),
        )
    )
