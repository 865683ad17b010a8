"""A match as people read it: a table by cause, examples, one page in both languages, all differences as Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
from rich.console import Console

from rules.money import yuan
from sim.experiments.metric_names import Lang, Text
from sim.history.shipped import Past
from sim.matching.match import match
from sim.matching.records import has_records, read_records
from sim.matching.result import UNEXPLAINED, Group, Matched
from sim.matching.trying import Plans, World
from sim.report.parquet import write_table
from sim.report.study_page import StudyPage
from sim.report.tables import LANGS, PageTable, head, table_of

TITLE = Text("与平台记录核对", "Held against what the platform recorded")
HEADS = Text("原因|处|多记|少记|差额|从|到", "cause|places|over|under|net|from|to")
_EXAMPLES = Text("原因|订单|会员|层级|算式", "cause|order|member|level|arithmetic")
_EQUAL = Text(
    "{plan}：{rows} 条记录，共 {recorded}；按方案回放 {replayed}；每一处都一致，差额 0.00",
    "{plan}: {rows} records, {recorded} in all; the replay says {replayed}; every place agrees, the difference is 0.00",
)
_DIFFERENT = Text(
    "{plan}：{rows} 条记录，共 {recorded}；按方案回放 {replayed}；"
    "差额 {difference} ＝ {count} 处不同，{agreed} 处一致（{same}）",
    "{plan}: {rows} records, {recorded} in all; the replay says {replayed}; the difference of {difference} is that of "
    "{count} places; {agreed} agree ({same})",
)
_ALL_EXPLAINED = Text("每一处差异都有原因", "Every difference has its cause")
_UNEXPLAINED = Text("{count} 处差异原因不明", "{count} differences are unexplained")
HINT = Text(
    "原因是这样找到的：只改一项设置再回放一遍，差异随之消失的，就是它；不行再同时改两项。数据分不清的几个原因写作“或”。",
    "A cause is found by replaying with one setting turned: the one under which the difference vanishes, else two at "
    "once. Causes that these data cannot tell apart are told as one or the other.",
)
_AGAINST = Text("与此原因不符的一致之处：{count}", "places that agree, and would not under this cause: {count}")


def held_against(folder: Path | None, past: Past, worlds: Sequence[Plans]) -> list[Matched]:
    """Each plan held against the records of an imported folder; none where the folder has no records."""
    if folder is None or not has_records(folder):
        return []
    records = read_records(folder, past.log.names)
    return [match(World(past.log, plans, past.start_day, past.opening), records) for plans in worlds]


def record_of(found: Sequence[Matched]) -> dict[str, object]:
    """What `--json` prints, by plan; money in yuan."""
    return {one.plan: one.to_dict() for one in found}


def verdict(found: Matched, lang: Lang) -> str:
    """What it comes to, in a sentence."""
    said = _DIFFERENT if found.differences else _EQUAL
    amounts = {name: yuan(getattr(found, name)) for name in ("recorded", "replayed", "difference")}
    counts = {"rows": f"{found.rows:,}", "count": f"{len(found.differences):,}", "agreed": f"{found.agreed:,}"}
    return said.say(lang).format(plan=found.plan, same=yuan(found.agreed_amount), **amounts, **counts)


def explained(found: Matched, lang: Lang) -> str:
    """Whether every difference has a cause."""
    return (_UNEXPLAINED if found.unexplained else _ALL_EXPLAINED).say(lang).format(count=f"{found.unexplained:,}")


def print_matched(console: Console, found: Matched, lang: Lang) -> None:
    """The verdict, the table by cause, and under each cause its examples."""
    head(console, TITLE.say(lang))
    console.print(verdict(found, lang), markup=False)
    if not found.differences:
        return
    console.print(table_of(HEADS.say(lang), causes(found, lang)))
    for group in found.groups:
        console.print()
        console.print(group.title.say(lang), style="bold red" if group.key == UNEXPLAINED else "bold", markup=False)
        for line in lines(group, lang):
            console.print(f"  {line}", markup=False)
    console.print()
    console.print(explained(found, lang), style="bold", markup=False)
    for note in found.notes:
        console.print(note.say(lang), markup=False)


def write_matched(folder: Path, found: Sequence[Matched], command: str, lang: Lang) -> None:
    """For each plan a page, its figures, and every difference as Parquet."""
    for one in found:
        write_table(folder / f"differences-{one.plan}.parquet", differences_table(one))
        names = (f"recorded-{one.plan}.html", f"recorded-{one.plan}.json")
        page(one, command).write(folder, names, one.to_dict(), lang)


def differences_table(found: Matched) -> pa.Table:
    """A row a place that differs; amounts in fen."""
    rows, titles = found.differences, {group.key: group.title for group in found.groups}
    columns = {
        name: pa.array([getattr(one, name) for one in rows], type_)
        for name, type_ in (
            ("order", pa.string()), ("line", pa.int32()), ("member", pa.string()), ("level", pa.int32()),
            ("part", pa.string()), ("recorded", pa.int64()), ("replayed", pa.int64()), ("difference", pa.int64()),
            ("cause", pa.string()),
        )
    }  # fmt: skip
    words = {lang: pa.array([titles[one.cause].say(lang) for one in rows], pa.string()) for lang in LANGS}
    return pa.table(columns | words)


def page(found: Matched, command: str) -> StudyPage:
    """One page in both languages, that loads nothing."""
    by_cause: Mapping[Lang, list[tuple[str, ...]]] = {lang: causes(found, lang) for lang in LANGS}
    examples: Mapping[Lang, list[tuple[str, ...]]] = {
        lang: [row for group in found.groups for row in _examples(group, lang)] for lang in LANGS
    }
    tables = [PageTable(TITLE, HEADS, by_cause), PageTable(Text("例子", "Examples"), _EXAMPLES, examples)]
    return StudyPage(
        title=TITLE,
        name=found.plan,
        good=not found.unexplained,
        said={lang: [explained(found, lang), verdict(found, lang)] for lang in LANGS},
        tables=tables if found.differences else [],
        hint=HINT,
        notes={lang: [note.say(lang) for note in found.notes] for lang in LANGS},
        command=command,
    )


def causes(found: Matched, lang: Lang) -> list[tuple[str, ...]]:
    """A row a cause, under `HEADS`."""
    return [_row(group, lang) for group in found.groups]


def _row(group: Group, lang: Lang) -> tuple[str, ...]:
    amounts = (yuan(fen) for fen in (group.over, group.under, group.over - group.under))
    return (group.title.say(lang), f"{group.count:,}", *amounts, group.first or "–", group.last or "–")


def lines(group: Group, lang: Lang) -> list[str]:
    """What a cause means, what speaks against it, and its examples with their arithmetic."""
    told = [said.say(lang) for said in group.said]
    if group.against:
        told.append(_AGAINST.say(lang).format(count=f"{group.against:,}"))
    return told + [" · ".join(cell for cell in row[1:] if cell) for row in _examples(group, lang)]


def _examples(group: Group, lang: Lang) -> list[tuple[str, ...]]:
    return [
        (group.title.say(lang), _place(one.about.order, one.about.line), one.about.member, str(one.about.level or ""),
         one.said.say(lang))
        for one in group.examples
    ]  # fmt: skip


def _place(order: str, line: int) -> str:
    return f"{order}/{line}" if line else order
