"""The front of compromises that a search has found: a table, the plans themselves, a chart with the baseline on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text as Styled

from rules.plan.model import Plan
from rules.plan.write import write_plan
from sim.experiments.effects import Effect
from sim.experiments.metric_names import Lang, Text, metric
from sim.report.figures import change, figure, interval, percentage
from sim.report.files import replace_file, write_json
from sim.report.studies import short
from sim.report.tables import head, table_of
from sim.report.words import VERDICTS
from sim.studies.optimise import Found, Search

FRONT = "front.json"
_SHOWN = 12

_TITLE = Text(
    "{tried} 个方案中，{front} 个在合规与预算内且不被其他方案全面超越",
    "Of {tried} plans, {front} keep to rulebook and budget and are beaten by no other one in everything",
)
_NUMBER, _BASELINE, _RULEBOOK = Text("编号", "no."), Text("现行", "as it stands"), Text("规则库", "rulebook")
_BETTER = Text(
    "方案 {number}：在 {replications} 组没见过的运气下，贡献毛利 {change} {interval}（{relative}），{verdict}。",
    "Plan {number}: on {replications} worlds with new luck, contribution {change} {interval} ({relative}); {verdict}.",
)
_SURE, _UNSURE, _WORSE = (
    Text("优于现行方案", "better than the plan as it stands"),
    Text("尚不能说优于现行方案", "not shown to be better than the plan as it stands"),
    Text("劣于现行方案", "worse than the plan as it stands"),
)
_NOTHING = Text("没有找到合规且在预算内的方案。", "No plan was found that keeps to rulebook and budget.")
_BEST = Text("没有方案胜过现行方案：前沿上只有它。", "No plan beats the plan as it stands: it alone is on the front.")
Checked = Mapping[int, Sequence[Effect]]


def print_front(console: Console, search: Search, found: Found, checked: Checked, lang: Lang) -> None:
    """The front, and what its plans do on luck that the search has not seen."""
    levers = search.study.levers
    console.print(Styled(_TITLE.say(lang).format(tried=len(found.tried), front=len(found.front)), style="bold"))
    names = [objective.metric for objective in search.objectives]
    heads = [_NUMBER.say(lang), *(metric(name).title.say(lang) for name in names), _RULEBOOK.say(lang)]
    table = table_of("|".join([*heads, *(short(lever, levers) for lever in levers)]))
    for number in dict.fromkeys([0, *found.front[:_SHOWN]]):
        answer = found.tried[number]
        cells = [str(number) if number else _BASELINE.say(lang), *(figure(name, answer.mean(name)) for name in names)]
        cells.append(VERDICTS[answer.verdict].say(lang) if answer.verdict else "")
        cells += [lever.written(answer.setting[lever.name]) if answer.setting else "" for lever in levers]
        table.add_row(*map(Styled, cells), style="" if number in found.front else "dim")
    console.print(table)
    if not found.front:
        console.print(Styled(_NOTHING.say(lang), style="yellow"))
    elif found.front == [0]:
        console.print(Styled(_BEST.say(lang)))
    if checked:
        head(console, {"en": "On new luck", "zh": "新的运气下复核"}[lang])
    for number, effects in checked.items():
        console.print(Styled(held_words(number, effects, lang)))


def held_words(number: int, effects: Sequence[Effect], lang: Lang) -> str:
    """What a plan does against the baseline on new luck, in a sentence."""
    one = next(effect for effect in effects if effect.name == "contribution")
    low, high = one.low or 0.0, one.high or 0.0
    verdict = _SURE if low > 0 else _WORSE if high < 0 else _UNSURE
    return _BETTER.say(lang).format(
        number=number,
        replications=one.pairs,
        change=change("contribution", one.difference, lang),
        interval=interval("contribution", one.low, one.high),
        relative=percentage(one.relative),
        verdict=verdict.say(lang),
    )


def front_told(search: Search, found: Found, checked: Checked) -> dict[str, object]:
    """The front as plain data."""
    return {
        "tried": len(found.tried),
        "objectives": {one.metric: one.goal for one in search.objectives},
        "bounds": [f"{one.metric}{one.side}{one.limit}" for one in search.bounds],
        "baseline": _told(search, found, 0),
        "pareto": [_told(search, found, number) for number in found.front],
        "fresh": {
            str(number): {one.name: {"difference": one.difference, "low": one.low, "high": one.high} for one in effects}
            for number, effects in checked.items()
        },
    }


def _told(search: Search, found: Found, number: int) -> dict[str, object]:
    answer, levers = found.tried[number], search.study.levers
    at = answer.at(levers)
    means = {objective.metric: answer.mean(objective.metric) for objective in search.objectives}
    return {"number": number, "at": at, "metrics": means, "verdict": answer.verdict}


def write_front(folder: Path, search: Search, found: Found, checked: Checked) -> None:
    """`front.json`, and each plan of the front as a file that every command takes: `plan-NUMBER.yaml`."""
    write_json(folder / FRONT, front_told(search, found, checked))
    for number in found.front:
        if number:
            written = write_plan(plan_of(search, found, number))
            replace_file(folder / f"plan-{number}.yaml", lambda path, told=written: path.write_text(told, "utf-8"))


def plan_of(search: Search, found: Found, number: int) -> Plan:
    """A plan of a search, under a name and a title of its own."""
    study = search.study
    plan, _ = study.base.at(study.levers, found.tried[number].setting)
    update: dict[str, object] = {"plan": f"{plan.plan}_{number}"}
    if plan.title:
        titles = {"zh": f"{plan.title.zh}（方案 {number}）", "en": f"{plan.title.en} (plan {number})"}
        update["title"] = plan.title.model_copy(update=titles)
    return plan.model_copy(update=update)
