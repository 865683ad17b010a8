"""The rule sheet 规则说明 of a plan, for members: Markdown, one self-contained HTML page, plain data.

The words are those of `rules.plan.wording`, the figures those of `rules.examples`. Titles come from whoever wrote the
plan: they are escaped wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup

from rules.examples import Amount, Example, examples
from rules.money import yuan
from rules.plan.model import Plan
from rules.plan.wording import Chapter, Glossary, Part, Sentence, Table, Terms, Words, chapters
from sim.experiments.metric_names import Lang, spoken
from sim.report.files import replace_file

_TEMPLATES = Path(__file__).parent / "templates"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_ANYWHERE = re.compile(r"([\\`*_\[\]<|~&])")
_AT_THE_START = re.compile(r"^([#+-]|\d+[.)](?=\s))")
"""What Markdown would take for its own, and a user's title must not bring in."""

HEADING = Words("会员规则说明", "Rules for members")
EXAMPLES = Words("算例", "Worked examples")
NO_PROMISE = Words(
    "算例由计佣程序逐笔算出，只用来说明规则，不是收入承诺。算例中的人和订单是虚构的；除注明外，没有活动，"
    "也不是首次推广成交。",
    "The examples are worked out by the program that computes commission. They explain the rules and promise no "
    "income; people and orders are made up. Unless they say so, no campaign is on and nothing is anybody's first "
    "order.",
)
CALCULATION = (Words("谁", "Who"), Words("项目", "What for"), Words("金额（元）", "Yuan"), Words("怎样算出", "How"))


@dataclass(frozen=True)
class Sheet:
    """A rule sheet before it has a form."""

    plan: str
    title: Words
    chapters: list[Chapter]
    examples: list[Example]


def make_sheet(plan: Plan, glossary: Glossary) -> Sheet:
    """The rule sheet of a plan; the engines work out its examples."""
    terms = Terms(plan, glossary)
    return Sheet(plan.plan, terms.title, chapters(plan, glossary), examples(plan, glossary))


def markdown(sheet: Sheet, langs: tuple[Lang, ...]) -> str:
    """The sheet as Markdown, one language after the other."""
    return "\n---\n\n".join("\n".join(_markdown(sheet, lang)) for lang in langs)


def _markdown(sheet: Sheet, lang: Lang) -> Iterator[str]:
    colon = "：" if lang == "zh" else ": "
    yield f"# {spoken(HEADING, lang)}{colon}{_escaped(spoken(sheet.title, lang))}\n"
    for number, chapter in enumerate(sheet.chapters, 1):
        yield f"## {number}. {spoken(chapter.title, lang)}\n"
        for part in chapter.parts:
            yield from _markdown_part(part, lang)
        yield ""
    if sheet.examples:
        yield f"## {len(sheet.chapters) + 1}. {spoken(EXAMPLES, lang)}\n\n{spoken(NO_PROMISE, lang)}\n"
    for example in sheet.examples:
        yield from _markdown_example(example, lang)


def _markdown_part(part: Part, lang: Lang) -> Iterator[str]:
    if isinstance(part, Sentence):
        yield f"- {_line(spoken(part.words, lang))}"
    else:
        yield ""
        yield from _markdown_table(part.head, part.rows, lang)
        yield ""


def _markdown_table(head: tuple[Words, ...], rows: tuple[tuple[Words, ...], ...], lang: Lang) -> Iterator[str]:
    yield f"| {' | '.join(_escaped(spoken(one, lang)) for one in head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_escaped(spoken(one, lang)) for one in row)} |"


def _markdown_example(example: Example, lang: Lang) -> Iterator[str]:
    yield f"### {_escaped(spoken(example.title, lang))}\n"
    yield "\n".join(_line(spoken(one, lang)) for one in example.story) + "\n"
    if example.amounts:
        rows = tuple(_row(one) for one in example.amounts)
        yield from _markdown_table(CALCULATION, rows, lang)
        yield ""
    for one in example.result:
        yield f"- **{_escaped(spoken(one, lang))}**"
    yield ""


def _row(one: Amount) -> tuple[Words, ...]:
    amount = yuan(one.amount)
    steps = Words("；".join(step.zh for step in one.steps), "; ".join(step.en for step in one.steps))
    return one.who, one.what, Words(amount, amount), steps


def _escaped(text: str) -> str:
    """A text in a line of Markdown that is taken as it stands."""
    return _ANYWHERE.sub(r"\\\1", text)


def _line(text: str) -> str:
    """A text that may begin a line."""
    return _AT_THE_START.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", _escaped(text))


def html(sheet: Sheet, langs: tuple[Lang, ...]) -> str:
    """The sheet as one page without script or network; with two languages the reader chooses, the first is open."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = "".join((_TEMPLATES / name).read_text("utf-8") for name in ("report.css", "rulesheet.css"))
    return environment.get_template("rulesheet.html.j2").render(
        sheet=sheet,
        langs=langs,
        heading=HEADING,
        examples_title=EXAMPLES,
        no_promise=NO_PROMISE,
        is_table=lambda part: isinstance(part, Table),
        yuan=yuan,
        policy=_POLICY,
        style=Markup(style),
    )


def write_sheet(target: Path, text: str) -> None:
    """Write a sheet to `target`, whole or not at all."""
    replace_file(target, lambda path: path.write_text(text, encoding="utf-8"))


def record(sheet: Sheet) -> dict[str, object]:
    """The sheet as plain data for `--json`; amounts in yuan."""
    return {
        "plan": sheet.plan,
        "title": _both(sheet.title),
        "chapters": [
            {"key": one.key, "title": _both(one.title), "parts": [_part(part) for part in one.parts]}
            for one in sheet.chapters
        ],
        "examples": [_example(one) for one in sheet.examples],
    }


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _part(part: Part) -> dict[str, object]:
    if isinstance(part, Sentence):
        return _both(part.words) | {"about": [".".join(path) for path in part.about]}
    return {"head": [_both(one) for one in part.head], "rows": [[_both(one) for one in row] for row in part.rows]}


def _example(example: Example) -> dict[str, object]:
    return {
        "key": example.key,
        "title": _both(example.title),
        "story": [_both(one) for one in example.story],
        "amounts": [
            {
                "who": _both(one.who),
                "what": _both(one.what),
                "amount": one.amount / 100,
                "steps": [_both(step) for step in one.steps],
            }
            for one in example.amounts
        ],
        "result": [_both(one) for one in example.result],
    }
