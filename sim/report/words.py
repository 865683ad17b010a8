"""The verdict of a comparison in plain words, Chinese and English: who won, by how much, how sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiments.metric_names import Better, Lang, Text, metric
from sim.experiments.statistics import Comparison, replications_needed
from sim.report.figures import change, figure, p_value, percentage
from sim.report.finding_words import finding_sentences, headline_of

if TYPE_CHECKING:
    from sim.experiments.effects import Effect
    from sim.experiments.findings import Findings
    from sim.report.data import RulebookVerdict

VERDICTS: Mapping[str, Text] = {
    "higher": Text("更高", "higher"),
    "lower": Text("更低", "lower"),
    "no difference": Text("完全相同", "no difference"),
    "not shown": Text("未能证实", "not shown"),
    "pass": Text("通过", "pass"),
    "fail": Text("违反", "fail"),
    "lawyer": Text("需律师判断", "needs a lawyer"),
    "unknown": Text("未证明", "not proved"),
    "proved": Text("已证明", "proved"),
    "violated": Text("违反", "violated"),
}
"""The verdicts of effects, rules and plans as shown."""

_HEADLINES: Mapping[str, Text] = {
    "won": Text(
        "{best}胜出：贡献毛利比{other}多 {by}（{relative}）",
        "{best} wins: {by} more contribution than {other} ({relative})",
    ),
    "breach": Text(
        "没有胜者：{best}贡献毛利最高（比{other}多 {by}，{relative}），但违反规则手册",
        "No winner: {best} earns most ({by} more than {other}, {relative}) but breaks the rulebook",
    ),
    "guard": Text(
        "没有胜者：{best}贡献毛利最高（比{other}多 {by}，{relative}），但没有证实守住护栏",
        "No winner: {best} earns most ({by} more than {other}, {relative}) but is not shown to keep a guardrail",
    ),
    "not_shown": Text(
        "尚无胜者：{best}比{other}多赚 {by}（{relative}），但这可能只是运气",
        "No winner is shown: {best} earned {by} more than {other} ({relative}), but that may be luck",
    ),
    "no_difference": Text(
        "没有差别：各方案的贡献毛利在全部 {replications} 次重复中完全相同",
        "No difference: all plans earned exactly the same in every one of {replications} replications",
    ),
    "one_replication": Text(
        "尚无胜者：{best}比{other}多赚 {by}（{relative}），但可比的重复不足两次，无法与运气区分",
        "No winner is shown: {best} earned {by} more than {other} ({relative}), but with fewer than two "
        "replications that cannot be told from luck",
    ),
    "no_data": Text("没有胜者：有方案缺少贡献毛利", "No winner: at least one plan has no contribution"),
    "one_arm": Text("{best}：贡献毛利 {contribution}", "{best}: contribution {contribution}"),
}

_DETAILS: Mapping[str, Text] = {
    "interval": Text(
        "可信程度：差额的 {confidence} 置信区间为 {low} 至 {high}（校正 {tests} 项检验后 {p}），"
        "来自 {pairs} 次重复，{luck}。",
        "How sure: the {confidence} interval of the difference runs from {low} to {high} ({p} after "
        "correction for {tests} tests), from {pairs} replications in which {luck}.",
    ),
    "exact": Text(
        "可信程度：{pairs} 次重复中差额每次都恰为 {by}（校正 {tests} 项检验后 {p}）。",
        "How sure: the difference was exactly {by} in each of {pairs} replications ({p} after correction "
        "for {tests} tests).",
    ),
    "luck": Text(
        "共同运气使这些重复相当于约 {ratio} 倍数量的独立重复。",
        "Common luck makes these replications worth about {ratio} times as many independent ones.",
    ),
    "above_all": Text("它也高于其余每个方案。", "It is also above each of the other plans."),
    "needed": Text(
        "怎样更确定：若差异真实存在，约需 {needed} 次重复（--replications {needed}）才能证实；目前为 {pairs} 次。",
        "What would help: if the difference is real, about {needed} replications "
        "(--replications {needed}) would show it; now there are {pairs}.",
    ),
    "tiny": Text(
        "这样小的差异需要 {needed} 次以上的重复才能证实：实际上可视为相同。",
        "A difference this small would take more than {needed} replications to show: in practice, a tie.",
    ),
    "more": Text(
        "怎样更确定：增加重复次数（例如 --replications {needed}）。",
        "What would help: more replications (for example --replications {needed}).",
    ),
    "same": Text(
        "两个方案的不同之处在本场景中没有起作用；换一个会触及它们的场景，或增加人数与天数。",
        "What the plans differ in is not touched by this scenario: take one that touches it, or more people or days.",
    ),
    "allowed": Text(
        "在守住规则手册与护栏的方案中，{allowed}贡献毛利最高。",
        "Among the plans that keep to rulebook and guardrails, {allowed} earns most.",
    ),
    "none_allowed": Text(
        "在守住规则手册与护栏的方案中，尚无一个被证实最好。",
        "Among the plans that keep to rulebook and guardrails, none is shown to be best.",
    ),
    "others": Text("另外已证实：{effects}。", "Also shown: {effects}."),
    "cost": Text(
        "代价：佣金 {commission}（占成交额 {payout}）。",
        "At what cost: commission {commission} ({payout} of GMV).",
    ),
    "results": Text("完整结果：{results}", "Full results: {results}"),
}

_LUCK: Mapping[str, Text] = {
    "common": Text("各方案面对同样的人和同样的运气", "every plan meets the same people and the same luck"),
    "independent": Text("各方案面对同样的人、各自的运气", "every plan meets the same people with its own luck"),
}

_RULEBOOKS: Mapping[str, Text] = {
    "proved": Text(
        "{arm}：规则手册《{book}》的每一条都已由完整搜索证明成立。",
        "{arm}: every rule of rulebook “{book}” is proved by a complete search.",
    ),
    "observed": Text(
        "{arm}：在这些运行中没有观察到违反规则手册《{book}》。这是观察结果，并未证明；"
        "只看了模拟出现的订单，未搜索所有可能的订单。",
        "{arm}: no breach of rulebook “{book}” was observed in these runs. That is an observation, "
        "not proved: only the orders that occurred were looked at, not every possible one.",
    ),
    "violated": Text("{arm}违反规则手册《{book}》：{rules}。", "{arm} breaks rulebook “{book}”: {rules}."),
    "lawyer": Text(
        "{arm}：规则手册《{book}》有需要律师判断的问题：{rules}。",
        "{arm}: rulebook “{book}” raises questions for a lawyer: {rules}.",
    ),
    "unknown": Text(
        "{arm}：规则手册《{book}》未能判定，未证明。",
        "{arm}: rulebook “{book}” could not be decided; not proved.",
    ),
    "none": Text(
        "没有查阅规则手册：这里不说明方案是否合乎规则。",
        "No rulebook was consulted: nothing here says whether a plan keeps to one.",
    ),
}

_AT_MOST = 100_000
"""Replications beyond which a difference is called a tie."""


@dataclass(frozen=True)
class Said:
    """A verdict in words: one headline and the sentences that carry it."""

    headline: str
    sentences: tuple[str, ...]


def verdict(
    comparison: Comparison,
    names: Mapping[str, str],
    lang: Lang,
    rulebooks: Sequence[RulebookVerdict] = (),
    results: str = "",
    findings: Findings | None = None,
) -> Said:
    """The whole verdict in `lang`.

    Args:
        comparison: from `statistics.compare`; of a single arm it says what the arm came to.
        names: the arms' names in `lang` by id (`ReportData.names`).
        lang: language of the text.
        rulebooks: what the rulebooks say; of arms other than the best only breaches are mentioned.
        results: where the full tables lie.
        findings: what was found beyond the metrics.
    """
    facts = _facts(comparison, names, lang)
    reason = comparison.winner.reason
    said = [*_certainty(comparison, facts, lang), *_breach(comparison, names, lang)]
    said += [*_others(comparison, lang), *finding_sentences(findings, comparison, names, lang)]
    said += [_cost(comparison, lang), *rulebook_sentences(comparison, names, lang, rulebooks)]
    if results:
        said.append(_DETAILS["results"].say(lang).format(results=results))
    headline = headline_of(findings, comparison, names, lang) or _HEADLINES[reason].say(lang).format(**facts)
    return Said(headline, tuple(line for line in said if line))


def tone(effect: Effect) -> str:
    """`good`, `bad` or `changed` where a difference is shown, else empty."""
    if effect.verdict not in {"higher", "lower"}:
        return ""
    better = metric(effect.name).better
    if better is Better.neutral:
        return "changed"
    return "good" if better.value == effect.verdict else "bad"


def rulebook_sentences(
    comparison: Comparison, names: Mapping[str, str], lang: Lang, rulebooks: Sequence[RulebookVerdict]
) -> list[str]:
    """What each rulebook says of the best arm, and which other arms break one."""
    if not rulebooks:
        return [_RULEBOOKS["none"].say(lang)]
    best = comparison.winner.best or comparison.baseline
    told = [r for r in rulebooks if r.arm == best or r.verdict == "violated"]
    return [_rulebook(r, _quoted(names.get(r.arm, r.arm)), lang) for r in told]


def _rulebook(found: RulebookVerdict, arm: str, lang: Lang) -> str:
    key: str = found.verdict
    if key == "unknown" and found.procedure == "observed":
        key = "observed"
    worst = {"violated": "fail", "lawyer": "lawyer"}.get(key)
    rules = [rule.title.say(lang) or rule.id for rule in found.rules if rule.verdict == worst]
    book = found.title.say(lang) or found.rulebook
    listed = ("；" if lang == "zh" else "; ").join(rules) or VERDICTS[found.verdict].say(lang)
    return _RULEBOOKS[key].say(lang).format(arm=arm, book=book, rules=listed)


def _facts(comparison: Comparison, names: Mapping[str, str], lang: Lang) -> dict[str, str]:
    """What the headlines speak of."""
    winner, lead = comparison.winner, comparison.winner.lead
    best = winner.best or comparison.baseline
    difference = lead.difference if lead else None
    return {
        "best": _quoted(names.get(best, best)),
        "other": _quoted(names.get(winner.against or "", winner.against or "")),
        "by": change("contribution", difference, lang).lstrip("+"),
        "relative": percentage(lead.relative if lead else None),
        "replications": str(comparison.replications),
        "contribution": figure("contribution", comparison.means[best].get("contribution")),
    }


def _certainty(comparison: Comparison, facts: Mapping[str, str], lang: Lang) -> list[str]:
    """How sure the lead is, and what would make it surer."""
    winner, lead = comparison.winner, comparison.winner.lead
    if winner.reason == "no_difference":
        return [_DETAILS["same"].say(lang)]
    if lead is None:
        return []
    tests = _tests(comparison)
    words = {
        "confidence": f"{comparison.confidence * 100:g}%",
        "low": change("contribution", lead.low, lang).lstrip("+"),
        "high": change("contribution", lead.high, lang).lstrip("+"),
        "p": p_value(lead.p_adjusted),
        "tests": str(tests),
        "pairs": str(lead.pairs),
        "by": facts["by"],
        "luck": _LUCK[comparison.luck].say(lang),
    }
    said: list[str] = []
    if lead.low is not None:
        said.append(_DETAILS["exact" if lead.low == lead.high else "interval"].say(lang).format(**words))
    if comparison.luck == "common" and (lead.variance_ratio or 0.0) >= 1.5:
        said.append(_DETAILS["luck"].say(lang).format(ratio=f"{lead.variance_ratio:,.3g}"))
    if winner.reason == "won" and len(comparison.arms) > 2:
        said.append(_DETAILS["above_all"].say(lang))
    if winner.reason in {"not_shown", "one_replication"}:
        said.append(_help(lead, tests, lang))
    return said


def _tests(comparison: Comparison) -> int:
    """In how large a family the lead was tested; two arms that are not the baseline join a larger one."""
    tests = sum(effect.p is not None for effect in comparison.effects)
    others = len(comparison.arms) - 1
    if comparison.baseline not in {comparison.winner.best, comparison.winner.against}:
        tests += others * (others - 1) // 2
    return max(tests, 1)


def _help(lead: Effect, tests: int, lang: Lang) -> str:
    needed = replications_needed(lead, tests)
    if needed is not None and needed > _AT_MOST:
        return _DETAILS["tiny"].say(lang).format(needed=f"{_AT_MOST:,}")
    if needed is None or needed <= lead.pairs:
        return _DETAILS["more"].say(lang).format(needed=max(20, 4 * lead.pairs))
    return _DETAILS["needed"].say(lang).format(needed=needed, pairs=lead.pairs)


def _breach(comparison: Comparison, names: Mapping[str, str], lang: Lang) -> list[str]:
    winner = comparison.winner
    if winner.reason not in {"breach", "guard"} or len(comparison.breaches) == len(comparison.arms):
        return []
    if winner.best_allowed is None:
        return [_DETAILS["none_allowed"].say(lang)]
    allowed = _quoted(names.get(winner.best_allowed, winner.best_allowed))
    return [_DETAILS["allowed"].say(lang).format(allowed=allowed)]


def _others(comparison: Comparison, lang: Lang) -> list[str]:
    """The largest shown effects besides contribution, where the best arm is set against the baseline."""
    winner = comparison.winner
    if winner.against != comparison.baseline:
        return []
    shown = [
        e
        for e in comparison.effects
        if e.arm == winner.best and e.name != "contribution" and e.verdict in {"higher", "lower"}
    ]
    largest = sorted(shown, key=lambda e: -abs(e.relative or 0.0))[:4]
    parts = [f"{metric(e.name).title.say(lang)} {percentage(e.relative)}" for e in largest]
    listed = ("，" if lang == "zh" else ", ").join(parts)
    return [_DETAILS["others"].say(lang).format(effects=listed)] if parts else []


def _cost(comparison: Comparison, lang: Lang) -> str:
    """Commission of the best arm."""
    means = comparison.means[comparison.winner.best or comparison.baseline]
    if means.get("commission") is None or means.get("payout_ratio") is None:
        return ""
    commission = figure("commission", means["commission"])
    payout = figure("payout_ratio", means["payout_ratio"])
    return _DETAILS["cost"].say(lang).format(commission=commission, payout=payout)


def _quoted(name: str) -> str:
    """Names are quoted: in Chinese words are not spaced, and an English title may hold commas."""
    return f"“{name}”"
