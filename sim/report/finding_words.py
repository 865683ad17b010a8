"""What a comparison finds beyond its metrics, in sentences: looks, selection, guardrails, chances, tipping points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.behaviour.parameters import Behaviour
from sim.experiments.guards import STATES
from sim.experiments.metric_names import Lang, Text, metric
from sim.report.figures import money, part
from sim.report.parameter_words import PARAMETERS

if TYPE_CHECKING:
    from sim.experiments.choosing import Choice
    from sim.experiments.findings import Findings
    from sim.experiments.statistics import Comparison
    from sim.experiments.stopping import Stopped
    from sim.experiments.tipping import Line, Point, Tipping

_SAID: Mapping[str, Text] = {
    "selected": Text(
        "从 {arms} 个方案中选出{best}：有 {confidence} 的把握，它最好，或与最好者相差不到 {zone}（基准的 {part}）",
        "{best} is selected of {arms} plans: with {confidence} confidence it is the best, or less than {zone} "
        "({part} of the baseline's contribution) below the best",
    ),
    "undecided": Text(
        "预算用完，尚未选定：目前最好的是{best}（共 {arms} 个方案），但不足以承诺 {confidence} 的把握",
        "Not decided within the budget: {best} leads {arms} plans, but not with the {confidence} asked for",
    ),
    "none": Text(
        "没有选出方案：全部违反规则手册，或中断过早",
        "No plan is selected: all break the rulebook, or it was interrupted too early",
    ),
    "saved": Text(
        "共运行 {used} 次；若每个方案都与最久者同样多，需 {equal} 次，若不淘汰而要同样的把握，需 {two_stage} 次。"
        "下面的表格只用各方案共有的前 {common} 次重复。",
        "It took {used} runs; all plans as often as the longest would have taken {equal}, the same promise without "
        "elimination {two_stage}. The tables below use the first {common} replications, which all plans have.",
    ),
    "reached": Text(
        "在第 {number} 次查看、{used} 次重复后停止（上限 {most}，省 {saved} 次）：{goal}。区间与 p 值已计入各次查看。",
        "Stopped at look {number}, after {used} replications ({most} at most, {saved} saved): {goal}. Intervals and "
        "p values allow for all looks.",
    ),
    "missed": Text(
        "{used} 次重复后预算用完或中断，目标未达到：{goal}。区间与 p 值已计入多次查看。",
        "The goal was not reached in {used} replications: {goal}. Intervals and p values allow for all looks.",
    ),
    "narrow": Text(
        "{metric}相对差异的区间在 ±{half} 以内（目标 ±{part}）",
        "the relative difference of {metric} is known to ±{half} (±{part} asked)",
    ),
    "wide": Text("{metric}相对差异的区间须在 ±{part} 以内", "the relative difference of {metric} to ±{part}"),
    "decided": Text("胜者已证实", "a winner is shown"),
    "undecided_goal": Text("证实胜者", "a winner that is shown"),
    "luck": Text(
        "若各方案各有各的运气，达到同样的精度约需 {independent} 次。",
        "With luck of its own for each plan the same would have taken about {independent}.",
    ),
    "chance": Text("最好的概率（后验）：{chances}。", "Chance of being the best (posterior): {chances}."),
    "guard": Text("{arm}：护栏“{guard}”{state}。", "{arm}: guardrail “{guard}” is {state}."),
    "ranges": Text(
        "行为不确定：每次重复都从 {count} 个区间抽取参数；{best}在 {ahead}/{all} 次中多于{against}。",
        "Behaviour is not known exactly: every replication draws {count} parameters from their ranges; {best} earned "
        "more than {against} in {ahead} of {all}.",
    ),
    "everywhere": Text(
        "在每个参数的整个区间内（其余取中间值），{best}都多于{against}。",
        "Over the whole range of each parameter, the others in the middle, {best} earns more than {against}.",
    ),
    "unless": Text(
        "翻转点：{best}多于{against}，除非{where}。", "Tipping point: {best} earns more than {against} unless {where}."
    ),
    "below": Text("{name}低于 {value}{sure}", "{name} is under {value}{sure}"),
    "above": Text("{name}高于 {value}{sure}", "{name} is over {value}{sure}"),
    "sure": Text("（区间 {low}–{high}）", " (interval {low} to {high})"),
    "open": Text(
        "在{names}的部分区间内看不出谁多：更多重复会说明。",
        "In part of the range of {names} it cannot be said which earns more: more replications would tell.",
    ),
    "few": Text(
        "要说出翻转点，这么多区间需要更多重复（例如 --replications {needed}）。",
        "To name tipping points of so many ranges takes more replications (for example --replications {needed}).",
    ),
    "or": Text("，或", ", or "),
    "comma": Text("、", ", "),
}


def headline_of(findings: Findings | None, comparison: Comparison, names: Mapping[str, str], lang: Lang) -> str | None:
    """The headline of a selection; None where nothing was selected from."""
    if findings is None or findings.choice is None:
        return None
    choice = findings.choice
    key = "none" if choice.arm is None else "selected" if choice.decided else "undecided"
    return _say(
        key, lang, arms=str(len(comparison.arms)), best=_quoted(choice.arm, names), zone=money(choice.zone),
        confidence=_percent(choice.confidence), part=_percent(choice.part),
    )  # fmt: skip


def finding_sentences(
    findings: Findings | None, comparison: Comparison, names: Mapping[str, str], lang: Lang
) -> list[str]:
    """Sentences that a verdict adds for them."""
    if findings is None:
        return []
    said = [*_stopping(findings.stopped, lang), *_saving(findings.choice, comparison, lang)]
    said += [
        _say("guard", lang, arm=_quoted(kept.arm, names), guard=kept.guard.text, state=STATES[kept.state].say(lang))
        for kept in comparison.guards
        if kept.state != "held"
    ]
    said += _tipping(findings, names, lang)
    if len(findings.chances) > 1:
        ranked = sorted(findings.chances.items(), key=lambda pair: -pair[1])[:4]
        listed = _SAID["comma"].say(lang).join(f"{_quoted(arm, names)} {chance_shown(one)}" for arm, one in ranked)
        said.append(_say("chance", lang, chances=listed))
    return said


def value_of(name: str, value: float) -> str:
    """A value of a parameter of behaviour as it is written in a scenario."""
    parts = any(getattr(rule, "le", None) == 1 for rule in Behaviour.model_fields[name].metadata)
    return f"{value * 100:.3g}%" if parts else f"{value:.3g}"


def named(name: str, lang: Lang) -> str:
    """A parameter of behaviour in words, with its name in a scenario."""
    return f"{PARAMETERS[name].say(lang)} `{name}`"


def chance_shown(chance: float) -> str:
    """A probability; one that draws cannot tell from 0 or 1 is not called so."""
    return "> 99.9%" if chance > 0.999 else "< 0.1%" if chance < 0.001 else part(chance)


def _saving(choice: Choice | None, comparison: Comparison, lang: Lang) -> list[str]:
    if choice is None or choice.arm is None:
        return []
    two_stage = f"{choice.two_stage * len(choice.runs):,}"
    counts = {"used": f"{choice.used:,}", "equal": f"{choice.equal:,}", "two_stage": two_stage}
    return [_say("saved", lang, common=str(comparison.replications), **counts)]


def _stopping(stopped: Stopped | None, lang: Lang) -> Iterator[str]:
    if stopped is None or not stopped.used:
        return
    goal = stopped.goal
    if goal.part is None:
        words = _SAID["decided" if stopped.reached else "undecided_goal"].say(lang)
    else:
        half = "" if stopped.half is None else f"{stopped.half * 100:.2g}%"
        key = "narrow" if stopped.reached else "wide"
        words = _say(key, lang, metric=metric(goal.metric).title.say(lang), half=half, part=_percent(goal.part))
    counts = {"used": stopped.used, "most": stopped.most, "saved": stopped.most - stopped.used}
    shown = {name: str(count) for name, count in counts.items()}
    yield _say("reached" if stopped.reached else "missed", lang, number=str(len(stopped.looks)), goal=words, **shown)
    if stopped.independent is not None and stopped.independent > stopped.used:
        yield _say("luck", lang, independent=f"{stopped.independent:,}")


def _tipping(findings: Findings, names: Mapping[str, str], lang: Lang) -> Iterator[str]:
    """What the lead depends on."""
    if not findings.tipping:
        return
    lead = findings.tipping[0]
    both = {"best": _quoted(lead.arm, names), "against": _quoted(lead.against, names)}
    counts = {"count": len(findings.ranges), "ahead": lead.ahead, "all": lead.replications}
    yield _say("ranges", lang, **both, **{name: str(count) for name, count in counts.items()})
    if not lead.lines:
        yield _say("few", lang, needed=str(max(40, 10 * len(findings.ranges))))
    if lead.everywhere:
        yield _say("everywhere", lang, **both)
        return
    if where := _where(lead, lang):
        yield _say("unless", lang, **both, where=where)
    if unsure := [line.name for line in lead.lines if line.answer == "open"]:
        yield _say("open", lang, names=_SAID["comma"].say(lang).join(named(name, lang) for name in unsure))


def _where(lead: Tipping, lang: Lang) -> str:
    """Where the lead is lost, parameter by parameter."""
    tips = [(line, point) for line in lead.lines for point in line.points]
    return _SAID["or"].say(lang).join(_tip_said(line, point, lang) for line, point in tips)


def _tip_said(line: Line, point: Point, lang: Lang) -> str:
    """One tipping point: on which side of which value the difference is below 0."""
    sure = _say("sure", lang, low=value_of(line.name, point.low), high=value_of(line.name, point.high))
    key = "below" if point.above else "above"
    return _say(key, lang, name=named(line.name, lang), value=value_of(line.name, point.value), sure=sure)


def _say(key: str, lang: Lang, **facts: str) -> str:
    return _SAID[key].say(lang).format(**facts)


def _percent(value: float) -> str:
    return f"{value * 100:g}%"


def _quoted(arm: str | None, names: Mapping[str, str]) -> str:
    return f"“{names.get(arm or '', arm or '')}”"
