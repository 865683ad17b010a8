"""What is made of a comparison: data for the report, the record for `--json`, files. Command line and app share it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from rules.compliance.words import further
from rules.plan.write import write_plan
from sim.behaviour.parameters import settled
from sim.experiments.findings import Findings, findings_of
from sim.experiments.kept import WHOLE
from sim.experiments.metric_names import Lang, Text, metric
from sim.experiments.ranges import ranges_of
from sim.report.data import Arm, Assumption, ReportData, Rule, RulebookVerdict
from sim.report.finding_tables import findings_told
from sim.report.tables import LANGS
from sim.report.words import verdict

if TYPE_CHECKING:
    from rules.compliance.evidence import Evidence
    from rules.plan.model import Plan
    from sim.compliance.alerts import Alert
    from sim.experiments.compare import Results
    from sim.experiments.forking import Fork
    from sim.experiments.replication import Outcome
    from sim.experiments.statistics import Comparison
    from sim.scenario import Scenario

_MONEY = ("mean", "mean_baseline", "difference", "low", "high", "low_unpaired", "high_unpaired")


def in_yuan(metrics: Mapping[str, object]) -> dict[str, object]:
    """Metrics as `--json` gives them: money in yuan, as plans and cases have it; everything else as it is."""
    return {name: yuan_of(name, value) for name, value in metrics.items()}


def yuan_of(name: str, value: object) -> object:
    """One figure of a metric, in yuan if it is money."""
    money = metric(name).unit.is_money
    return value / 100 if money and isinstance(value, int | float) else value


def versions() -> dict[str, str]:
    """Versions that the result may depend on."""
    return {name: version(name) for name in ("fenxiao", "numpy", "numba", "mesa")}


def told(data: ReportData) -> dict[str, object]:
    """A comparison as `--json` gives it, with its conclusion in words: money in yuan.

    Where the best of many was selected, it is the winner.
    """
    record, choice = data.comparison.to_dict(), data.findings.choice
    for row in record["metrics"]:
        row |= {name: yuan_of(row["name"], row[name]) for name in _MONEY if name in row}
    if choice:
        record |= {"winner": choice.arm if choice.decided else None, "best": choice.arm}
        record["winner_reason"] = "selected" if choice.decided else "not_selected"
    said = {lang: verdict(data.comparison, data.names(lang), lang, findings=data.findings).headline for lang in LANGS}
    return record | {"conclusion": said} | findings_told(data.findings)


def rules_told(verdicts: Sequence[RulebookVerdict]) -> list[dict[str, object]]:
    """What rulebooks say, for `--json`: every rule with the worst that was found, since when and whom it concerns."""
    return [
        {
            "arm": found.arm,
            "rulebook": found.rulebook,
            "verdict": found.verdict,
            "procedure": found.procedure,
            "rules": [_rule_told(rule) for rule in found.rules],
        }
        for found in verdicts
    ]


def _rule_told(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "verdict": rule.verdict,
        "worst": rule.worst,
        "limit": rule.limit,
        "evidence": asdict(rule.evidence),
        "first_day": rule.first_day or None,
        "people": rule.people,
        "member": rule.member or None,
        "order": rule.order or None,
        "month": rule.month or None,
        "source": rule.source,
    }


def evidence_told(seen: Evidence) -> dict[str, object]:
    """What was seen that no rule has a limit for, for `--json`: money in yuan."""
    bought = seen.entry_purchase
    return {
        "entry_purchase": asdict(bought) | {"median": bought.median / 100},
        "payouts": [asdict(one) | {"amount": one.amount / 100} for one in seen.payouts],
    }


def alerts_told(alerts: Sequence[Alert]) -> list[dict[str, object]]:
    """Alerts for `--json`: money in yuan."""
    told = []
    for alert in alerts:
        unit = 100 if alert.is_money else 1
        figures = {"value": alert.value / unit, "usual": alert.usual / unit}
        told.append(asdict(alert) | figures | {"day": alert.day.isoformat(), "member": alert.member or None})
    return told


def facts(results: Results) -> dict[str, object]:
    """What was compared, for `--json` and run.json."""
    experiment = results.experiment
    return {
        "scenario": experiment.scenario.scenario,
        "people": experiment.people,
        "days": experiment.days,
        "seed": experiment.seed,
        "replications": results.replications,
        "interrupted": results.interrupted,
    } | ({"from": {"file": str(fork.path), "day": fork.day}} if (fork := experiment.fork) else {})


def report_data(
    results: Results,
    comparison: Comparison,
    verdicts: list[RulebookVerdict],
    seconds: float,
    command: str = "",
    folder: str = "",
    findings: Findings | None = None,
) -> ReportData:
    """Everything the report shows; `findings` are worked out if they are not given."""
    experiment, done = results.experiment, results.whole()
    market = experiment.scenario
    arms = tuple(Arm(name, _title(plan), Text("", "")) for name, plan in experiment.arms)
    return ReportData(
        scenario=market.scenario,
        title=Text(market.title.zh, market.title.en) if market.title else Text(market.scenario, market.scenario),
        arms=arms,
        comparison=comparison,
        people=experiment.people,
        days=experiment.days,
        start=experiment.start.isoformat(),
        seeds=tuple(experiment.seed_of(0, r) for r in range(results.replications)),
        command=command,
        versions=versions(),
        daily={arm: [one.daily for one in found] for arm, found in done.items()},
        incomes={arm: [one.incomes for one in found] for arm, found in done.items()},
        funnel={arm: _mean_funnel([one.funnel for one in found]) for arm, found in done.items()},
        components={arm: _mean_components([one.components for one in found]) for arm, found in done.items()},
        findings=findings or findings_of(results, comparison),
        rulebooks=tuple(verdicts),
        assumptions=_assumptions(market),
        notes=_of_fork(experiment.fork) + _of_many(results) + _notes(arms, done),
        results=folder,
        created=dt.datetime.now().strftime("%Y-%m-%d %H:%M"),
        seconds=seconds,
    )


def _title(plan: Plan) -> Text:
    return Text(plan.title.zh, plan.title.en) if plan.title else Text(plan.plan, plan.plan)


def _mean_funnel(all_found: list[tuple[int, int, int, int]]) -> list[float]:
    return [sum(found[step] for found in all_found) / len(all_found) for step in range(4)]


def _mean_components(all_found: list[dict[tuple[str, int], int]]) -> dict[tuple[str, int], float]:
    keys = sorted({key for found in all_found for key in found})
    return {key: sum(found.get(key, 0) for found in all_found) / len(all_found) for key in keys}


def _of_fork(fork: Fork | None) -> tuple[Text, ...]:
    """What a report of a fork has to say before all else."""
    return (forked_at(fork),) if fork else ()


def _of_many(results: Results) -> tuple[Text, ...]:
    """What a report of many replications is not of."""
    if results.replications <= WHOLE:
        return ()
    return (
        Text(
            f"逐日曲线、推广收入的分布与得失人群取前 {WHOLE} 次重复；指标、区间与规则集核对取全部。",
            f"Daily curves, incomes, and who gains are of the first {WHOLE} replications; metrics, intervals and "
            "rulebooks are of all.",
        ),
    )


def forked_at(fork: Fork) -> Text:
    """From which morning on a comparison counts."""
    return Text(
        f"各方案从 {fork.path.name} 存档的世界分叉：第 {fork.day} 天（{fork.date}）早上起生效，此后才计数；"
        "规则集核对的证据含此前全部经营。",
        f"Every plan goes on from the world in {fork.path.name}, in force from the morning of day {fork.day} "
        f"({fork.date}); figures count from then on. What rulebooks were held against includes all that was before.",
    )


def _notes(arms: tuple[Arm, ...], done: Mapping[str, Sequence[Outcome]]) -> tuple[Text, ...]:
    """What the first replication of each arm showed that no rule has a limit for."""
    return tuple(
        Text(f"{arm.name('zh')}：{said.zh}", f"{arm.name('en')}: {said.en}")
        for arm in arms
        for said in (further(done[arm.id][0].observed) if done[arm.id] else [])
    )


def _assumptions(market: Scenario) -> tuple[Assumption, ...]:
    stated, ranges = settled(market.behaviour), ranges_of(market)
    shown = ("r", "alpha", "a", "b", "click", "join", "organic", "believed_orders", "cost", "swing_aversion")
    values = {name: str(getattr(stated, name)) for name in dict.fromkeys([*shown, *ranges])}
    values |= {name: f"{low:g} – {high:g}" for name, (low, high) in ranges.items()}
    return tuple(Assumption(Text(name, name), value) for name, value in values.items())


def write_results(out: Path, results: Results, data: ReportData, lang: Lang) -> None:
    """Parquet tables, run.json and the report."""
    from sim.report.files import write_run_json
    from sim.report.html import write_report
    from sim.report.parquet import write_daily, write_income, write_runs

    experiment = results.experiment
    write_runs(out, {arm: [one.metrics for one in done] for arm, done in results.outcomes.items()}, data.seeds)
    write_daily(out, data.daily)
    write_income(out, data.incomes)
    plans = {arm: write_plan(plan) for arm, plan in experiment.arms}
    repeat = {"command": data.command, "versions": data.versions, "seeds": data.seeds, "plans": plans}
    write_run_json(out, told(data) | facts(results) | repeat)
    write_report(out / "report.html", data, lang)
