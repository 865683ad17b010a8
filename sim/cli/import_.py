"""`fenxiao import`: an operator's own exports as a folder that replay reads."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from rules.errors import InputError
from rules.money import yuan
from sim.cli.common import console, json_option, lang_option, print_json, tell
from sim.experiments.metric_names import Lang, Text

if TYPE_CHECKING:
    from sim.imports.mapping import Mapping
    from sim.imports.pseudonyms import Pseudonyms
    from sim.imports.run import Imported
    from sim.imports.tables import SourceTable

_EXPORT = "yudao_small"
_HELP = (
    "Turn exports (CSV, Excel, Parquet, a folder of them, or the URL of a database) into a folder for replay: "
    "every row is kept or set aside with its reason, ids become pseudonyms. A shipped export if none is given."
)


@click.command(name="import", help=_HELP)
@click.argument("sources", nargs=-1)
@click.option("--database-url", envvar="FENXIAO_DATABASE_URL", metavar="URL", help="a database to read, never written")
@click.option("--mapping", "mapping_name", help="a file, or yudao, crmeb_php, crmeb_java, likeshop; else guessed")
@click.option("--yes", is_flag=True, help="take the guessed mapping without asking")
@click.option("--write-mapping", type=click.Path(path_type=Path, dir_okay=False), help="write it here, and stop")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="the folder to write; none: only look")
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="FENXIAO_IMPORT_KEY",
    help="the file of your key for pseudonyms; made if it is not there; keep it to yourself",
)
@click.option("--find", "asked", metavar="ID", help="the pseudonyms of an id or phone under your key, and stop")
@click.option("--strict", is_flag=True, help="exit 1 if a row was set aside")
@lang_option
@json_option
def import_(
    sources: tuple[str, ...],
    database_url: str | None,
    mapping_name: str | None,
    yes: bool,
    write_mapping: Path | None,
    out: Path | None,
    key_file: Path | None,
    asked: str | None,
    strict: bool,
    lang: Lang,
    as_json: bool,
) -> int:
    """Import an operator's exports."""
    from sim.imports.run import import_tables
    from sim.imports.sources import tables_of

    if asked is not None:
        return _find(asked, key_file, as_json, lang)
    if database_url:
        sources = (*sources, database_url)
    if not sources:
        sources = (str(files("scenarios") / "exports" / _EXPORT),)
    tables, empty = tables_of(sources)
    mapping = _mapping(tables, mapping_name, yes or bool(write_mapping), lang, as_json)
    if write_mapping:
        return _written(mapping, write_mapping, as_json, lang)
    names = _pseudonyms(key_file, out, lang)
    reading = {"en": "reading", "zh": "读取"}[lang]
    result = import_tables(tables, mapping, names, out, lambda label: tell(f"{reading} {label}"))
    result.empty = empty
    if as_json:
        print_json(result.to_dict() | {"out": out})
    else:
        _show(result, out, lang)
    return 1 if strict and result.quarantined else 0


def _mapping(tables: list[SourceTable], name: str | None, agreed: bool, lang: Lang, as_json: bool) -> Mapping:
    """The mapping that was given; else one that fits, which a person confirms unless it is a shipped one."""
    from sim.imports.guess import guess_mapping, ready_mapping
    from sim.imports.mapping import load_mapping, written

    if name:
        return load_mapping(name)
    if ready := ready_mapping(tables):
        words = Text(
            f"这是 {ready.mapping} 的表：用现成的对照表", f"these are tables of {ready.mapping}: its mapping is used"
        )
        tell(words.say(lang))
        return ready
    guessed, unused = guess_mapping(tables)
    if guessed is None:
        listed = ", ".join(table.label for table in tables[:10])
        message = f"nothing here looks like orders or members: {listed}"
        raise InputError(message, allowed="tables with a header, or --mapping FILE (docs/IMPORT.md shows one)")
    print(written(guessed), end="", file=sys.stderr if as_json else sys.stdout)
    for table in unused:
        tell(Text(f"不用：{table.label}", f"not used: {table.label}").say(lang))
    if not agreed:
        _confirm(lang)
    return guessed


def _confirm(lang: Lang) -> None:
    if not sys.stdin.isatty():
        message = "the mapping above is a guess that nobody has confirmed"
        raise InputError(message, allowed="--yes, or --write-mapping FILE and then --mapping FILE")
    words = Text("就用这个对照表吗？", "Is this mapping right?")
    click.confirm(words.say(lang), abort=True, err=True)


def _written(mapping: Mapping, path: Path, as_json: bool, lang: Lang) -> int:
    from sim.imports.mapping import written

    path.write_text(written(mapping), encoding="utf-8")
    if as_json:
        print_json({"mapping": mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True), "file": path})
    else:
        tell(
            Text(f"对照表写在 {path}：改好后用 --mapping {path}", f"wrote {path}: edit it, then --mapping {path}").say(
                lang
            )
        )
    return 0


def _pseudonyms(key_file: Path | None, out: Path | None, lang: Lang) -> Pseudonyms:
    """The operator's key; a passing one where nothing is written."""
    from sim.imports.pseudonyms import Pseudonyms, read_or_make_key, some_key

    if out is None:
        return Pseudonyms(some_key())
    path = key_file or _own_key()
    if path.resolve().is_relative_to(out.resolve()):
        raise InputError(
            f"the key {path} would lie in the folder that is handed on", allowed="a place outside of --out"
        )
    key, made = read_or_make_key(path)
    if made:
        zh = f"新的假名密钥在 {path}：只有你能读，请保管好，不要与数据放在一起"
        tell(
            Text(zh, f"a new key for pseudonyms is in {path}: yours alone; keep it, and apart from the data").say(lang)
        )
    return Pseudonyms(key)


def _own_key() -> Path:
    return Path(click.get_app_dir("fenxiao")) / "import.key"


def _find(asked: str, key_file: Path | None, as_json: bool, lang: Lang) -> int:
    """What an id is called in folders under a key."""
    from sim.imports.amounts import plain
    from sim.imports.kinds import Holds
    from sim.imports.pseudonyms import Pseudonyms, read_or_make_key

    path = key_file or _own_key()
    if not path.exists():
        raise InputError(f"there is no key in {path}", allowed="--key FILE, the one of the import")
    names = Pseudonyms(read_or_make_key(path)[0])
    found = {name: names.of(plain(asked), holds) for name, holds in (("member", Holds.member), ("order", Holds.order))}
    if as_json:
        print_json(found)
    else:
        words = {"member": Text("会员", "as a member"), "order": Text("订单", "as an order")}
        for name, pseudonym in found.items():
            print(f"{words[name].say(lang)}: {pseudonym}")
    return 0


def _show(result: Imported, out: Path | None, lang: Lang) -> None:
    screen = console()
    screen.print(_counts(result, lang))
    screen.print(_money(result, lang))
    if result.aside:
        screen.print(_reasons(result, lang))
    for line in result.said(lang):
        screen.print(line, markup=False)
    for table, columns in result.unmapped.items():
        words = Text("不取的列", "columns that stay where they are")
        screen.print(f"{table}: {words.say(lang)}: {', '.join(columns)}", markup=False)
    for label, why in (
        *((one, Text("未使用", "not used")) for one in result.unused),
        *((one, Text("空文件", "empty")) for one in result.empty),
    ):
        screen.print(f"{label}: {why.say(lang)}", markup=False)
    screen.print(_verdict(result, out).say(lang), markup=False)


def _verdict(result: Imported, out: Path | None) -> Text:
    rows = f"{result.rows:,} = {result.kept:,} + {result.quarantined:,}"
    place = (
        (f"写在 {out}", f"written to {out}") if out else ("没有写任何文件（加 --out）", "nothing written (add --out)")
    )
    zh = f"对上了：行数 = 保留 + 隔离：{rows}；金额同样。{place[0]}"
    return Text(zh, f"it adds up: rows = kept + quarantined: {rows}; money, too. {place[1]}")


def _counts(result: Imported, lang: Lang) -> Table:
    heads = {
        "en": ("table", "as", "rows", "kept", "quarantined", "left out"),
        "zh": ("表", "作为", "行数", "保留", "隔离", "不取"),
    }[lang]
    table = Table(*heads, box=None, header_style="bold cyan")
    for one in result.counts:
        label = f"{one.file}:{one.sheet}" if one.sheet else one.file
        table.add_row(label, one.kind, *(f"{n:,}" for n in (one.rows, one.kept, one.quarantined, one.left_out)))
    return table


def _money(result: Imported, lang: Lang) -> Table:
    heads = {
        "en": ("money, yuan", "column", "read", "kept", "quarantined", "unreadable"),
        "zh": ("金额（元）", "列", "读到", "保留", "隔离", "读不出"),
    }[lang]
    table = Table(*heads, box=None, header_style="bold cyan")
    for one in result.counts:
        for name, of in one.money.items():
            sums = (yuan(fen) for fen in (of.read, of.kept, of.quarantined))
            table.add_row(one.file, name, *sums, f"{of.unreadable:,}")
    return table


def _reasons(result: Imported, lang: Lang) -> Table:
    from sim.imports.reasons import REASONS

    heads = {"en": ("set aside", "rows", "because"), "zh": ("隔离", "行数", "原因")}[lang]
    table = Table(*heads, box=None, header_style="bold cyan")
    for code, count in sorted(result.aside.items(), key=lambda one: -one[1]):
        table.add_row(code, f"{count:,}", REASONS[code].say(lang))
    return table
