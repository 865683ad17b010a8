"""What a trial came to: the advice, the truth, every design against it, charts, the page to take away."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.drawing import show_chart
from app.pages.trial_work import Asked
from app.pieces import part
from app.words import trial as words
from app.working import show_command
from sim.experiments.metric_names import Lang
from sim.report.figures import part as share
from sim.report.trial import amount, crossed_line, interval, people_text, truth_line
from sim.report.trial_charts import ESTIMATES, POWERS, estimates_chart, powers_chart
from sim.trials.advice import Advice, advise, is_fair, way_title
from sim.trials.figures import METRICS
from sim.trials.study import Tried
from sim.trials.summary import Score, Scored, summarise

_METRIC, _FIRST = "trial.metric", "contribution"
_TRUSTED = 0.05
"""What a test promises: at most so many false alarms."""


def show_result(asked: Asked, tried: Tried, lang: Lang) -> None:
    """All of it, the advice first; judged on the metric that is chosen now, which takes no new run."""
    metric = str(st.session_state.get(_METRIC) or _FIRST)
    asked = replace(asked, metric=metric)
    scored = summarise(tried)
    advice = advise(scored, metric)
    _show_verdict(asked, tried, scored, advice, lang)
    titles = {one.name: one.title.say(lang) for one in METRICS}
    st.segmented_control(
        words.METRIC.say(lang),
        list(titles),
        default=_FIRST,
        required=True,
        format_func=titles.__getitem__,
        key=_METRIC,
        persist_state="session",
    )
    titled = titles[metric]
    title = words.TABLE.say(lang).format(metric=titled)
    st.html(part("common.section", lang=lang, title=title, hint=words.TABLE_HINT.say(lang)))
    rows = [_row(one, one.score(metric), advice, lang) for one in scored]
    st.html(part("trial.designs", lang=lang, words=words, rows=rows, title=title))
    for chart, name, hint, key in (
        (estimates_chart(scored, metric, lang), ESTIMATES, words.ESTIMATES_HINT, "trial-estimates"),
        (powers_chart(scored, metric, tried.trial.horizons, lang), POWERS, words.POWERS_HINT, "trial-powers"),
    ):
        show_chart(chart, f"{name.say(lang)} · {titled}", lang, key, hint.say(lang))
    _offer(asked, tried, scored, advice, lang)


def _show_verdict(asked: Asked, tried: Tried, scored: list[Scored], advice: Advice, lang: Lang) -> None:
    done, trial = len(tried.done), tried.trial
    lines = [truth_line(scored[0].score(asked.metric), lang), crossed_line(scored, lang)]
    if tried.interrupted:
        lines.append(words.SO_FAR.say(lang).format(done=done, total=trial.replications))
    facts = words.FACTS.say(lang).format(
        market=trial.scenario.scenario,
        a=asked.names[0],
        b=asked.names[1],
        people=trial.people,
        before=trial.before,
        days=trial.days,
        done=done,
    )
    tone = "won" if advice.take and advice.take.score(asked.metric).days is not None else ""
    if advice.take is None and advice.known:
        tone = "breach"
    headline = advice.words.say(lang)
    headline, _, rest = headline.partition("：" if lang == "zh" else ": ")
    lines.insert(0, rest[:1].upper() + rest[1:])
    st.html(
        part(
            "common.verdict",
            lang=lang,
            label=words.RESULT.say(lang),
            headline=headline,
            lines=[line for line in lines if line],
            facts=facts,
            tone=tone,
        )
    )


def _row(one: Scored, score: Score, advice: Advice, lang: Lang) -> dict[str, object]:
    """A design, as shown."""
    metric, fair = score.metric, is_fair(score)
    verdict = words.TAKE if one is advice.take else words.TRUSTED if fair else words.NOT_TRUSTED
    return {
        "title": way_title(one).say(lang),
        "verdict": verdict.say(lang),
        "tone": "good" if one is advice.take else "" if fair else "bad",
        "estimate": amount(metric, score.estimate, "+"),
        "bias": amount(metric, score.bias.mean, "+"),
        "bias_interval": interval(metric, score.bias),
        "crossing": amount(metric, score.crossing.mean, "+"),
        "crossing_interval": interval(metric, score.crossing),
        "crossing_bad": (score.crossing.low or 0.0) > 0 or (score.crossing.high or 0.0) < 0,
        "rmse": amount(metric, score.rmse),
        "coverage": f"{score.coverage.mean:.0%}",
        "coverage_bad": (score.coverage.high or 0) < 0.9,
        "power": f"{score.power.mean:.0%}" if score.power else "–",
        "false": share(score.false.mean),
        "false_bad": score.false.low is not None and score.false.low > _TRUSTED,
        "days": "–" if score.days is None else str(score.days),
        "people": people_text(score.people_needed),
    }


def _offer(asked: Asked, tried: Tried, scored: list[Scored], advice: Advice, lang: Lang) -> None:
    """The report to take away, and the command that repeats it."""
    from sim.report.trial_page import trial_page

    left, right = st.columns([2, 3])
    left.download_button(
        words.DOWNLOAD.say(lang),
        data=lambda: trial_page(tried, scored, advice, asked.metric, asked.command).render(lang),
        file_name=f"trial-{tried.trial.scenario.scenario}.html",
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="trial.download",
    )
    with right:
        show_command(asked.command, lang)
