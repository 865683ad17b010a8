"""The chart of a search: every plan tried, the front of compromises, and the plan as it stands."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from sim.experiments.metric_names import Lang, Text, Unit, metric
from sim.report.charts import COLOURS, faded, figure_of, money_scale
from sim.report.figures import figure
from sim.report.studies import short
from sim.studies.optimise import Found, Search, is_allowed
from sim.studies.study import Answer

TITLE = Text("试过的方案与前沿", "Plans tried, and the front")
_FRONT, _TRIED = Text("前沿", "on the front"), Text("被别的方案全面超越", "beaten by another plan")
_OUT = Text("不合规或超预算", "against rulebook or budget")
_BASELINE, _CHOSEN = Text("现行方案", "the plan as it stands"), Text("选中", "chosen")
_PLAN, _NUMBER = Text("方案 {number}", "Plan {number}"), Text("第几个试的", "number of the try")
_BEST = Text("目前最好", "best so far")
_LINE = "rgba(37,99,235,0.45)"
_MOST_LEVERS = 8
"""Of a plan that are told where one points at it."""


def plan_title(number: int, lang: Lang) -> str:
    """What a plan of a search is called."""
    return _PLAN.say(lang).format(number=number) if number else _BASELINE.say(lang)


def front_chart(search: Search, found: Found, lang: Lang, chosen: int | None = None) -> go.Figure:
    """The first objective upwards and the second, or the number of the try where there is none, to the right.

    Every point carries its plan's number as `customdata`.
    """
    figure_ = figure_of(TITLE.say(lang))
    first, *others = [one.metric for one in search.objectives]
    across = others[0] if others else None
    places = _Places(search, found, across, first, lang)
    front = [number for number in found.front if number]
    rest = [number for number in range(1, len(found.tried)) if number not in set(front)]
    allowed = [number for number in rest if is_allowed(found.tried[number], search)]
    out = [number for number in rest if number not in set(allowed)]
    places.add(
        figure_, out, _OUT.say(lang), {"symbol": "x-thin", "size": 7, "line": {"width": 1.5, "color": "#94a3b8"}}
    )
    places.add(
        figure_,
        allowed,
        _TRIED.say(lang),
        {"size": 7, "color": faded(COLOURS[0]), "line": {"width": 1, "color": _LINE}},
    )
    if across:
        line = sorted(found.front, key=lambda number: places.at(number)[0])
        places.add(
            figure_,
            line,
            "",
            {},
            mode="lines",
            line={"color": _LINE, "width": 1.5, "dash": "dot"},
            hoverinfo="skip",
            showlegend=False,
        )
    elif len(found.tried) > 1:
        _add_best(figure_, places, search, found, lang)
    places.add(
        figure_, front, _FRONT.say(lang), {"size": 11, "color": COLOURS[0], "line": {"width": 1.5, "color": "#ffffff"}}
    )
    places.add(
        figure_,
        [0],
        _BASELINE.say(lang),
        {"symbol": "diamond", "size": 14, "color": COLOURS[1], "line": {"width": 1.5, "color": "#ffffff"}},
    )
    if chosen is not None and chosen < len(found.tried):
        ring = {"symbol": "circle-open", "size": 22, "color": COLOURS[3], "line": {"width": 3}}
        places.add(figure_, [chosen], _CHOSEN.say(lang), ring, hoverinfo="skip")
    figure_.update_xaxes(
        title_text=_axis(across, search, lang) if across else _NUMBER.say(lang), **_ticks(across, places.scales[0])
    )
    figure_.update_yaxes(title_text=_axis(first, search, lang), **_ticks(first, places.scales[1]))
    return figure_.update_layout(height=460, hovermode="closest", clickmode="event+select")


class _Places:
    """Where each plan stands, in the units of the axes."""

    def __init__(self, search: Search, found: Found, across: str | None, upwards: str, lang: Lang) -> None:
        self._search, self._found, self._names, self._lang = search, found, (across, upwards), lang
        self.scales = tuple(_scale(name, found.tried, lang) for name in self._names)

    def at(self, number: int) -> tuple[float, float]:
        """Across and upwards; nan where there is no figure."""
        answer = self._found.tried[number]
        found = []
        for name, scale in zip(self._names, self.scales, strict=True):
            mean = answer.mean(name) if name else float(number)
            found.append(float("nan") if mean is None else mean / scale)
        return found[0], found[1]

    def add(
        self, figure_: go.Figure, numbers: Sequence[int], name: str, marker: dict[str, object], **more: object
    ) -> None:
        """Points of some plans, none if there are none."""
        points = [(number, *self.at(number)) for number in numbers]
        if not points:
            return
        known, across, upwards = zip(*points, strict=True)
        texts = [self._told(number) for number in known]
        given: dict[str, object] = {
            "mode": "markers",
            "hoverinfo": "text",
            "unselected": {"marker": {"opacity": 1}},
        } | more
        if given["mode"] == "lines":
            given.pop("unselected")
        figure_.add_trace(
            go.Scatter(x=across, y=upwards, name=name, customdata=known, text=texts, marker=marker, **given)
        )

    def _told(self, number: int) -> str:
        """What stands beside a point."""
        answer, levers = self._found.tried[number], self._search.study.levers
        said = [f"<b>{plan_title(number, self._lang)}</b>"]
        for objective in self._search.objectives:
            title = metric(objective.metric).title.say(self._lang)
            said.append(f"{title} {figure(objective.metric, answer.mean(objective.metric))}")
        for lever in levers[:_MOST_LEVERS] if answer.setting else []:
            said.append(f"{short(lever, levers)} {lever.written(answer.setting[lever.name])}")
        return "<br>".join(said)


def _add_best(figure_: go.Figure, places: _Places, search: Search, found: Found, lang: Lang) -> None:
    """The best allowed plan after each try, as a stair."""
    sign, best, across, upwards = search.objectives[0].sign, float("nan"), [], []
    for number, answer in enumerate(found.tried):
        value = places.at(number)[1]
        if is_allowed(answer, search) and not sign * value <= sign * best:
            best = value
        across.append(number)
        upwards.append(best)
    line = {"color": _LINE, "width": 2, "shape": "hv"}
    figure_.add_trace(go.Scatter(x=across, y=upwards, mode="lines", name=_BEST.say(lang), line=line, hoverinfo="skip"))


def _scale(name: str | None, tried: Sequence[Answer], lang: Lang) -> float:
    if name is None or not metric(name).unit.is_money:
        return 1.0
    return money_scale(max((abs(answer.mean(name) or 0.0) for answer in tried), default=0.0) / 100, lang)[0]


def _axis(name: str | None, search: Search, lang: Lang) -> str:
    """A metric with an arrow to where it is better, and the unit where figures are large."""
    assert name
    sign = next(one.sign for one in search.objectives if one.metric == name)
    return f"{metric(name).title.say(lang)} {'↑' if sign > 0 else '↓'}"


def _ticks(name: str | None, scale: float) -> dict[str, object]:
    if name is None:
        return {"tickformat": "d", "nticks": 8}
    unit = metric(name).unit
    if unit is Unit.ratio:
        return {"tickformat": ".1%", "nticks": 8}
    if unit.is_money:
        return {
            "tickprefix": "¥",
            "ticksuffix": "万" if scale > 100 else "",
            "tickformat": "," if scale > 100 else "~s",
            "nticks": 8,
        }
    return {"tickformat": ",", "nticks": 8}
