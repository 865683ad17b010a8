"""`fenxiao content`: share texts against wording that is forbidden."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text as Styled

from rules.errors import InputError
from scenarios.find import decoded, find
from sim.cli.common import console, json_option, lang_option, print_json, tell
from sim.experiments.metric_names import Lang
from sim.risk.content import (
    MAX_BYTES,
    ContentRule,
    ContentRules,
    Finding,
    TextVerdict,
    read_content_rules,
    read_share_texts,
    review,
    verdict_of,
)

EXAMPLES = "examples"
"""The shipped share texts that are checked if none are given."""
_STYLES: dict[TextVerdict, str] = {"clean": "green", "lawyer": "yellow", "refused": "bold red"}
_WORDS: dict[TextVerdict, dict[Lang, str]] = {
    "clean": {"en": "clean", "zh": "未发现"},
    "lawyer": {"en": "ask a lawyer", "zh": "请问律师"},
    "refused": {"en": "refused", "zh": "不予发布"},
}
_VERDICTS: dict[TextVerdict, dict[Lang, str]] = {
    "clean": {
        "en": "clean: none of the listed words is in these texts. That is not to say that they are lawful.",
        "zh": "未发现：文案中没有词表所列用语。这并不等于合法。",
    },
    "lawyer": {"en": "questions for a lawyer", "zh": "有问题须由律师回答"},
    "refused": {"en": "refused: these texts must not be shared as they are", "zh": "不予发布：上述文案不得照此分享"},
}


@dataclass(frozen=True)
class _Reviewed:
    """A text by the name it is called in the answer, and what was found in it."""

    name: str
    category: str | None
    findings: list[Finding]


@click.command(help="Check share texts for forbidden wording; without texts, the shipped examples in three styles.")
@click.argument("texts", metavar="[TEXT]...", nargs=-1)
@click.option("--file", "file_name", metavar="FILE", help="a text in a file; - is standard input")
@click.option("--rules", "rules_name", default="cn", show_default=True, help="shipped name or file")
@click.option("--category", help="what the goods are, such as health_food: rules for these alone count too")
@lang_option
@json_option
def content(
    texts: tuple[str, ...], file_name: str | None, rules_name: str, category: str | None, lang: Lang, as_json: bool
) -> int:
    """Check share texts; 0 only if nothing was found."""
    rules = read_content_rules(*find("content", rules_name))
    if category is not None and category not in rules.categories():
        tell(_no_rule_for(category, rules, lang))
    done = [
        _Reviewed(name, goods, review(text, rules, goods)) for name, goods, text in _given(texts, file_name, category)
    ]
    if as_json:
        print_json(_record(rules, done))
    else:
        _show(rules, done, lang)
    return 0 if _verdict(done) == "clean" else 1


def _no_rule_for(category: str, rules: ContentRules, lang: Lang) -> str:
    known = ", ".join(rules.categories()) or "–"
    return {
        "en": f"no rule is for {category!r} alone, only those for all goods count; rules are for: {known}",
        "zh": f"没有专门针对 {category!r} 的规则，只按通用规则检查；有专门规则的类目：{known}",
    }[lang]


def _given(texts: Sequence[str], file_name: str | None, category: str | None) -> Iterator[tuple[str, str | None, str]]:
    """Name, category and text of what is to be checked."""
    if not texts and file_name is None:
        for one in read_share_texts(*find("texts", EXAMPLES)).examples:
            yield one.id, category or one.category, one.text
    for number, text in enumerate(texts, 1):
        yield str(number), category, _not_empty(text, f"text {number}")
    if file_name is not None:
        yield file_name, category, _not_empty(_read(file_name), f"{file_name!r}")


def _not_empty(text: str, name: str) -> str:
    if not text.strip():
        raise InputError(f"{name} is empty", allowed="a text to check")
    return text


def _read(name: str) -> str:
    if name == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    elif Path(name).is_dir():
        raise InputError(f"{name!r} is a folder", allowed="a text file")
    else:
        with Path(name).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(f"{name!r} is too large", allowed=f"at most {MAX_BYTES} bytes")
    return decoded(data, name)


def _verdict(done: Sequence[_Reviewed]) -> TextVerdict:
    return verdict_of(finding for one in done for finding in one.findings)


def _record(rules: ContentRules, done: Sequence[_Reviewed]) -> dict[str, object]:
    return {
        "rules": rules.content,
        "checked": rules.checked.isoformat(),
        "verdict": _verdict(done),
        "texts": [{"text": one.name, "category": one.category, "verdict": verdict_of(one.findings)} for one in done],
        "findings": [_told(one.name, finding) for one in done for finding in one.findings],
    }


def _told(name: str, finding: Finding) -> dict[str, object]:
    rule = finding.rule
    return {
        "text": name,
        "rule": rule.id,
        "title": rule.title.model_dump(),
        "on_breach": rule.on_breach,
        "word": finding.word,
        "start": finding.start,
        "end": finding.end,
        "sentence": finding.sentence,
        "source": rule.source,
        "verified": rule.verified,
    }


def _show(rules: ContentRules, done: Sequence[_Reviewed], lang: Lang) -> None:
    heads = {"en": ("text", "verdict", "rule", "where"), "zh": ("文案", "结论", "规则", "所在")}[lang]
    title = Styled(f"{getattr(rules.title, lang)} · {rules.content} · {rules.checked}")
    table = Table(title=title, title_justify="left", box=None, header_style="bold cyan")
    for head in heads:
        table.add_column(head, overflow="fold")
    for one in done:
        verdict = verdict_of(one.findings)
        table.add_row(Styled(_plain(one.name)), Styled(_WORDS[verdict][lang], style=_STYLES[verdict]))
        for finding in one.findings:
            table.add_row("", _breach(finding.rule, lang), Styled(getattr(finding.rule.title, lang)), _quoted(finding))
    screen = console()
    screen.print(table)
    for rule in {finding.rule.id: finding.rule for one in done for finding in one.findings}.values():
        screen.print(Styled(f"{getattr(rule.title, lang)}: {_source(rule, lang)}", style="dim"))
    screen.print(_VERDICTS[_verdict(done)][lang], markup=False)


def _breach(rule: ContentRule, lang: Lang) -> Styled:
    verdict: TextVerdict = "refused" if rule.on_breach == "refuse" else "lawyer"
    return Styled(_WORDS[verdict][lang], style=_STYLES[verdict])


def _source(rule: ContentRule, lang: Lang) -> str:
    if rule.verified:
        return rule.source
    return rule.source + {"en": " (not verified)", "zh": "（未核对原文）"}[lang]


def _quoted(finding: Finding) -> Styled:
    """The sentence with the words in it marked: by colour, and by brackets where there is none."""
    start, end = finding.start - finding.sentence_start, finding.end - finding.sentence_start
    said = _plain(finding.sentence)
    return Styled.assemble(said[:start], ("【" + said[start:end] + "】", "bold reverse red"), said[end:])


def _plain(text: str) -> str:
    """Without what a terminal would obey or hide."""
    return "".join(char if char.isprintable() else "·" for char in text)
