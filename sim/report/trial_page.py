"""A trial as a self-contained page, with its record and every reading beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.experiments.metric_names import Lang, Text
from sim.report.results import versions
from sim.report.study_page import RESULT, PageChart, StudyPage
from sim.report.tables import LANGS, PageTable
from sim.report.trial import (
    HEADS,
    HINT,
    SPILLOVER,
    crossed_line,
    rows,
    title_of,
    trial_told,
    truth_line,
    write_readings,
)
from sim.report.trial_charts import ESTIMATES, POWERS, estimates_chart, powers_chart
from sim.trials.advice import Advice
from sim.trials.figures import METRICS
from sim.trials.study import Tried
from sim.trials.summary import Scored

TITLE = Text("线上 A/B 试验会说什么", "What a live A/B test would have said")
_REPEAT = Text(
    "同一种子给出同样的结果，与进程数无关；做法与公式见 docs/TRIALS.md。",
    "The same seed gives the same answer, whatever the number of processes; designs and formulas: docs/TRIALS.md.",
)


def write_trial(
    folder: Path, tried: Tried, scored: Sequence[Scored], advice: Advice, metric: str, command: str, lang: Lang
) -> Path:
    """Write report.html, run.json and trials.parquet to a folder, each whole or not at all; gives the page."""
    write_readings(folder, tried)
    record = trial_told(tried, scored, advice, metric) | {"versions": versions()}
    return trial_page(tried, scored, advice, metric, command).write(folder, RESULT, record, lang)


def trial_page(tried: Tried, scored: Sequence[Scored], advice: Advice, metric: str, command: str) -> StudyPage:
    """The page, judged on one metric."""
    trial = tried.trial
    titled = next(one.title for one in METRICS if one.name == metric)
    said = {
        lang: [
            one
            for one in (advice.words.say(lang), truth_line(scored[0].score(metric), lang), crossed_line(scored, lang))
            if one
        ]
        for lang in LANGS
    }
    estimates = {lang: estimates_chart(scored, metric, lang) for lang in LANGS}
    powers = {lang: powers_chart(scored, metric, trial.horizons, lang) for lang in LANGS}
    return StudyPage(
        title=TITLE,
        name=f"{trial.scenario.scenario} · {trial.plans[0].plan} / {trial.plans[1].plan}",
        good=advice.take is not None,
        said=said,
        charts=[
            PageChart("estimates", _of(ESTIMATES, titled), estimates, wide=True),
            PageChart("powers", _of(POWERS, titled), powers, wide=True),
        ],
        tables=[_table(scored, one.name) for one in METRICS],
        hint=HINT,
        notes={lang: [title_of(tried, lang)] for lang in LANGS},
        settings={
            "people": f"{trial.people:,}",
            "days": f"{trial.before} + {trial.days}",
            "block, washout": f"{trial.block}, {trial.washout}",
            "seed": str(trial.seed),
            "replications": str(len(tried.done)),
            "spillover": SPILLOVER[trial.spillover].en,
        },
        command=command,
        repeat=_REPEAT,
    )


def _of(title: Text, metric: Text) -> Text:
    return Text(f"{title.zh}：{metric.zh}", f"{title.en}: {metric.en}")


def _table(scored: Sequence[Scored], name: str) -> PageTable:
    title = Text(*(truth_line(scored[0].score(name), lang) for lang in LANGS))
    return PageTable(title, HEADS, {lang: rows(scored, name, lang) for lang in LANGS})
