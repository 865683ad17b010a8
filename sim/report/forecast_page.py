"""A forecast as a page: fans week by week, of what is to come and of the back-test beside what came."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import plotly.graph_objects as go
from numpy.typing import NDArray

from rules.calendar import date_of
from rules.events import DAY
from sim.experiments.metric_names import Lang, Text
from sim.forecast.customers import WEEK
from sim.forecast.fan import Fan
from sim.forecast.study import BackTest, Outlook
from sim.report.charts import BASELINE, COLOURS, faded, figure_of
from sim.report.forecast import TITLE, day_of, hint, sentences, tables, title_of, told
from sim.report.results import versions
from sim.report.study_page import PageChart, StudyPage
from sim.report.tables import LANGS

_AHEAD = Text("{name}", "{name}")
_BACK = Text("回测 · {name}", "Back-test · {name}")
_MIDDLE, _NINE, _HALF = Text("中位", "median"), Text("九成", "nine tenths"), Text("一半", "half")
_CAME, _BEFORE = Text("实际", "as it came"), Text("此前", "before")
_REPEAT = Text(
    "同一种子给出同样的未来；做法与实测见 docs/FORECAST.md。",
    "The same seed gives the same futures; method and measurements: docs/FORECAST.md.",
)


def write_forecast(folder: Path, name: str, found: Outlook, tested: BackTest | None, command: str, lang: Lang) -> Path:
    """Write forecast.html and forecast.json to a folder, each whole or not at all; gives the page."""
    record = told(found, tested) | {"versions": versions()}
    page = forecast_page(name, found, tested, command)
    return page.write(folder, ("forecast.html", "forecast.json"), record, lang)


def forecast_page(name: str, found: Outlook, tested: BackTest | None, command: str) -> StudyPage:
    """The page, in both languages."""
    return StudyPage(
        title=TITLE,
        name=name,
        good=True,
        said={each: sentences(found, tested, each) for each in LANGS},
        charts=charts(found, tested),
        tables=tables(found, tested),
        hint=Text(*(hint(each) for each in LANGS)),
        settings={"end": day_of(found), "futures": str(len(found.gmv.values)), "weeks": str(found.gmv.values.shape[1])},
        command=command,
        repeat=_REPEAT,
    )


def charts(found: Outlook, tested: BackTest | None) -> list[PageChart]:
    """A fan for each figure ahead, then for each of the back-test."""
    before = dict(zip(("purchases", "gmv"), found.before, strict=True))
    made = [
        _chart(f"ahead-{name}", _AHEAD, found, name, fan, before=before.get(name))
        for name, fan in figures_of(found).items()
    ]
    if tested:
        made += [
            _chart(f"back-{name}", _BACK, tested.outlook, name, fan, actual=tested.actual[name])
            for name, fan in figures_of(tested.outlook).items()
        ]
    return made


def figures_of(found: Outlook) -> dict[str, Fan]:
    """Every fan by name; a plan's name stands for its commission."""
    return {"purchases": found.purchases, "gmv": found.gmv} | found.commission


def _chart(
    key: str,
    words: Text,
    found: Outlook,
    name: str,
    fan: Fan,
    before: NDArray | None = None,
    actual: NDArray | None = None,
) -> PageChart:
    titles = {lang: words.say(lang).format(name=title_of(name, lang)) for lang in LANGS}
    drawn = {lang: fan_chart(titles[lang], found, name, fan, lang, before, actual) for lang in LANGS}
    return PageChart(key, Text(titles["zh"], titles["en"]), drawn)


def fan_chart(
    title: str,
    found: Outlook,
    name: str,
    fan: Fan,
    lang: Lang,
    before: NDArray | None = None,
    actual: NDArray | None = None,
) -> go.Figure:
    """Bands of nine tenths and of half of the futures by week, their median, and what is known."""
    figure, scale = figure_of(title), 1 if name == "purchases" else 100
    end = date_of(found.customers.end * DAY)
    weeks = [end + dt.timedelta(WEEK * (number + 1)) for number in range(fan.values.shape[1])]
    low, lower, middle, upper, high = fan.quantiles / scale
    edge = {"x": weeks, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    for bottom, top, words, strength in ((low, high, _NINE, 0.14), (lower, upper, _HALF, 0.3)):
        figure.add_trace(go.Scatter(y=top, showlegend=False, **edge))
        band = {"fill": "tonexty", "fillcolor": faded(COLOURS[0], strength), "name": words.say(lang)}
        figure.add_trace(go.Scatter(y=bottom, **edge, **band))
    style = {"color": COLOURS[0], "width": 2}
    figure.add_trace(go.Scatter(x=weeks, y=middle, mode="lines", name=_MIDDLE.say(lang), line=style))
    if actual is not None:
        came = {"color": COLOURS[1], "width": 2}
        figure.add_trace(go.Scatter(x=weeks, y=actual / scale, mode="lines", name=_CAME.say(lang), line=came))
    if before is not None and len(before):
        past = [end - dt.timedelta(WEEK * number) for number in reversed(range(len(before)))]
        known = {"color": BASELINE, "width": 2}
        figure.add_trace(go.Scatter(x=past, y=before / scale, mode="lines", name=_BEFORE.say(lang), line=known))
    figure.update_yaxes(tickprefix="¥" if scale == 100 else "", tickformat="~s", rangemode="tozero")
    figure.update_xaxes(tickformat="%Y-%m-%d", nticks=6, tickangle=0)
    return figure.update_layout(height=340, hovermode="x unified")
