"""What a report is made from: plain data, gathered by the command that ran the experiment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.experiments.findings import Findings
from sim.experiments.metric_names import NO_TEXT, Lang, Text
from sim.experiments.verdicts import Rule, RulebookVerdict

if TYPE_CHECKING:
    from sim.experiments.statistics import Comparison

Daily = Mapping[str, Sequence[Mapping[str, Sequence[float | int | None]]]]
"""`daily[arm][replication][metric][day]`."""
Incomes = Mapping[str, Sequence[Sequence[int]]]
"""`incomes[arm][replication]`: net income in fen of every promoter, in any order."""
Funnel = Mapping[str, Sequence[float]]
"""`funnel[arm]`: shares, clicks, registrations, first orders; means over replications."""
Components = Mapping[str, Mapping[tuple[str, int], float]]
"""`components[arm][component, level]`: net commission in fen, mean over replications; level 0 where none."""


__all__ = ["Arm", "Assumption", "Components", "Daily", "Funnel", "Incomes", "ReportData", "Rule", "RulebookVerdict"]


@dataclass(frozen=True)
class Arm:
    """One plan of the experiment."""

    id: str
    title: Text
    summary: Text = NO_TEXT
    """One line on what the plan pays."""

    def name(self, lang: Lang) -> str:
        """The title in `lang`, or the id where the plan has none."""
        return self.title.say(lang) or self.id


@dataclass(frozen=True)
class Assumption:
    """One thing the result rests on: a setting of the scenario or of behaviour."""

    name: Text
    value: str
    source: Text = NO_TEXT


@dataclass(frozen=True)
class ReportData:
    """Everything a report shows. Parts left empty are left out of the page.

    Attributes:
        scenario: its id.
        title: its title.
        arms: in the order of the experiment; `comparison.baseline` is one of them. One arm is a plain run.
        comparison: from `statistics.compare`, also for a single arm (it carries the means).
        people, days: size of the simulated world.
        start: date of day 0 as `2026-01-01`, or empty: the charts then count days.
        seeds: one per replication.
        command: the command line that repeats the experiment.
        versions: program and library versions by name.
        daily, incomes, funnel, components: what the charts draw; see their types.
        findings: what was found beyond the metrics.
        rulebooks: one per arm and rulebook.
        assumptions: what the result rests on.
        notes: further findings in words, such as a tipping point.
        results: where the full tables lie, as the reader should type it.
        created: when the report was made, as shown.
        seconds: how long the experiment took.
    """

    scenario: str
    title: Text
    arms: tuple[Arm, ...]
    comparison: Comparison
    people: int
    days: int
    start: str = ""
    seeds: tuple[int, ...] = ()
    command: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    daily: Daily = field(default_factory=dict)
    incomes: Incomes = field(default_factory=dict)
    funnel: Funnel = field(default_factory=dict)
    components: Components = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    rulebooks: tuple[RulebookVerdict, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[Text, ...] = ()
    results: str = ""
    created: str = ""
    seconds: float | None = None

    def names(self, lang: Lang) -> dict[str, str]:
        """The arms' names in `lang` by id; ids are added where two arms would share a name."""
        plain = {arm.id: arm.name(lang) for arm in self.arms}
        shown = list(plain.values())
        return {key: name if shown.count(name) == 1 else f"{name} ({key})" for key, name in plain.items()}
