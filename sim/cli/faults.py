"""`fenxiao faults`: seeded worlds in which everything goes wrong that can, and what must hold all the same."""

from __future__ import annotations

from collections.abc import Mapping

import click
from rich.table import Table
from rich.text import Text

from rules.errors import InputError
from sim.cli.common import announce, console, json_option, lang_option, print_json
from sim.experiments.metric_names import Lang
from sim.report.progress import Progress
from sim.stress.faults.audit import INVARIANTS
from sim.stress.faults.planted import PLANTED
from sim.stress.faults.survey import Survey, Told, survey, told
from sim.stress.faults.world import Kit

_TRACE = 60
"""Lines of a trace that are shown, the last ones."""
_WORDS: dict[str, dict[Lang, str]] = {
    "bar": {"en": "worlds", "zh": "个世界"},
    "ran": {
        "en": "{seeds:,} worlds in {seconds:.0f} s ({rate:.0f} a second): {steps:,} steps, {commits:,} commits",
        "zh": "{seeds:,} 个世界，用时 {seconds:.0f} 秒（每秒 {rate:.0f} 个）：{steps:,} 步，{commits:,} 次提交",
    },
    "faults": {"en": "faults: {told}; stale caches {stale}", "zh": "故障：{told}；缓存过期 {stale}"},
    "replies": {"en": "replies: {told}", "zh": "答复：{told}"},
    "planted": {"en": "planted bug: {told}", "zh": "植入的错误：{told}"},
    "held": {"en": "every invariant held ({count} of them)", "zh": "全部不变量成立（共 {count} 条）"},
    "broke": {"en": "{failed} worlds broke an invariant", "zh": "{failed} 个世界违反不变量"},
    "heads": {"en": "invariant|worlds|what must hold", "zh": "不变量|世界数|应当成立"},
    "seed": {"en": "seed {seed}: {invariant}: {told}", "zh": "种子 {seed}：{invariant}：{told}"},
    "left": {
        "en": "made smaller, {deliveries} deliveries and {mishaps} faults are left: {told}",
        "zh": "缩减后剩 {deliveries} 次投递、{mishaps} 个故障：{told}",
    },
    "again": {
        "en": "see it again: fenxiao faults --seed {seed}{plant}",
        "zh": "重现：fenxiao faults --seed {seed}{plant}",
    },
}
_FAULTS_ZH = {
    "kill": "进程被杀",
    "cut": "断连",
    "crash": "库崩溃",
    "pause": "停顿",
    "full": "磁盘满",
    "torn": "提交未刷盘即崩溃",
}
_REPLIES_ZH = {
    "done": "完成",
    "again": "重复",
    "refused": "拒绝",
    "early": "过早",
    "short": "缺货",
    "conflict": "同键异文",
}


@click.command(
    help="Seeded worlds of clients at one store in which everything goes wrong; what must hold all the same."
)
@click.option("--seeds", type=click.IntRange(1, 100_000_000), default=1_000, show_default=True, help="worlds")
@click.option("--seed", type=click.IntRange(0, 2**62), help="this world alone, with its trace if it fails")
@click.option("--plant", metavar="NAME", help="with a planted bug, which has to be found; `list` shows all")
@lang_option
@json_option
def faults(seeds: int, seed: int | None, plant: str | None, lang: Lang, as_json: bool) -> int:
    """Run worlds, and tell of the first that fails."""
    if plant == "list":
        _list(lang, as_json)
        return 0
    if plant is not None and plant not in PLANTED:
        raise InputError(f"--plant {plant}: there is no such bug", allowed=", ".join(PLANTED))
    if not as_json:
        announce({}, lang)
    kit = PLANTED[plant].kit if plant else Kit()
    chosen = range(seeds) if seed is None else [seed]
    with Progress(_WORDS["bar"][lang], len(chosen), wanted=not as_json) as bar:
        found = survey(chosen, kit, bar.advance, until=1 if plant else 0)
    first = told(found.failed[0].seed, kit) if found.failed else None
    if as_json:
        print_json(_record(found, first, plant))
    else:
        _show(found, first, plant, lang)
    return 1 if found.failed else 0


def _list(lang: Lang, as_json: bool) -> None:
    """The bugs that can be planted."""
    if as_json:
        print_json({name: {"en": one.en, "zh": one.zh, "breaks": one.breaks} for name, one in PLANTED.items()})
        return
    table = Table("", "", box=None, show_header=False)
    for name, one in PLANTED.items():
        table.add_row(Text(name, "bold"), Text(one.zh if lang == "zh" else one.en))
    console().print(table)


def _record(found: Survey, first: Told | None, plant: str | None) -> dict[str, object]:
    return {
        "seeds": found.seeds,
        "plant": plant,
        "seconds": round(found.seconds, 3),
        "steps": found.steps,
        "commits": found.commits,
        "stale_caches": found.stale,
        "faults": dict(found.faults),
        "replies": dict(found.replies),
        "failed": len(found.failed),
        "broken": dict(found.broken),
        "failed_seeds": [
            {"seed": one.seed, "invariant": one.broken[0].invariant, "told": one.broken[0].told} for one in found.failed
        ],
        "smallest": None
        if first is None
        else {
            "seed": first.outcome.seed,
            "deliveries": first.deliveries,
            "faults": first.mishaps,
            "trace": first.trace,
        },
    }


def _show(found: Survey, first: Told | None, plant: str | None, lang: Lang) -> None:
    screen, words = console(), {name: one[lang] for name, one in _WORDS.items()}
    if plant:
        screen.print(words["planted"].format(told=PLANTED[plant].zh if lang == "zh" else PLANTED[plant].en))
    rate = found.seeds / found.seconds if found.seconds else 0.0
    sizes = {"seeds": found.seeds, "seconds": found.seconds, "steps": found.steps, "commits": found.commits}
    screen.print(words["ran"].format(rate=rate, **sizes))
    screen.print(words["faults"].format(told=_counted(found.faults, _FAULTS_ZH, lang), stale=found.stale))
    screen.print(words["replies"].format(told=_counted(found.replies, _REPLIES_ZH, lang)))
    if first is None:
        screen.print(Text(words["held"].format(count=len(INVARIANTS)), "green"))
        return
    screen.print(Text(words["broke"].format(failed=len(found.failed)), "bold red"))
    table = Table(*words["heads"].split("|"), box=None, header_style="bold cyan")
    for invariant, worlds in found.broken.most_common():
        table.add_row(invariant, str(worlds), Text(INVARIANTS[invariant][lang == "zh"]))
    screen.print(table)
    _show_world(first, plant, words)


def _show_world(first: Told, plant: str | None, words: Mapping[str, str]) -> None:
    """A failing world, made smaller: what is left of it, and who did what."""
    screen, outcome = console(), first.outcome
    broken = outcome.broken[0]
    named = words["seed"].format(seed=outcome.seed, invariant=broken.invariant, told=broken.told)
    screen.print(Text(named, "bold"))
    left = "; ".join([*first.deliveries, *first.mishaps])
    sizes = {"deliveries": len(first.deliveries), "mishaps": len(first.mishaps)}
    screen.print(Text(words["left"].format(told=left, **sizes)))
    for line in first.trace[-_TRACE:]:
        screen.print(Text(line, "red" if "BROKEN" in line or "  fault " in line else ""), soft_wrap=True)
    screen.print(Text(words["again"].format(seed=outcome.seed, plant=f" --plant {plant}" if plant else "")))


def _counted(counts: Mapping[str, int], zh: Mapping[str, str], lang: Lang) -> str:
    """How many of each, the most frequent first."""
    rows = sorted(counts.items(), key=lambda one: -one[1])
    return ", ".join(f"{zh[name] if lang == 'zh' else name} {count:,}" for name, count in rows) or "0"
