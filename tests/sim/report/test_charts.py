import math

import numpy as np
import plotly.graph_objects as go
import pytest
from report_synthetic import report_data

from sim.experiments.metric_names import Text
from sim.experiments.statistics import compare
from sim.report import charts
from sim.report.html import report_figures

EVIL = "</script><img src=x onerror=alert(1)>"


def test_every_chart_is_made_in_both_languages(data):
    figures = report_figures(data)
    assert set(figures) == {
        "effects",
        "daily_gmv",
        "daily_commission",
        "funnel",
        "commission",
        "histogram",
        "lorenz",
    }
    for per_language in figures.values():
        assert all(isinstance(f, go.Figure) for f in per_language.values())
        assert per_language["zh"].layout.title.text != per_language["en"].layout.title.text


def test_a_run_has_no_forest_plot(run_data):
    assert "effects" not in report_figures(run_data)


def test_the_daily_line_is_the_mean_and_the_band_holds_most():
    daily = {"a": [{"gmv": [100, 200]}, {"gmv": [300, 400]}, {"gmv": [500, 600]}]}
    figure = charts.daily_chart(daily, "gmv", {"a": "A"}, "en")
    high, low, mean = figure.data
    assert list(mean.y) == [3.0, 4.0]
    assert list(low.y) < list(mean.y) < list(high.y)


def test_one_replication_has_no_band_and_days_can_be_dates():
    figure = charts.daily_chart({"a": [{"orders": [1, None, 3]}]}, "orders", {"a": "A"}, "zh", start="2026-02-27")
    assert len(figure.data) == 1
    assert list(figure.data[0].x) == ["2026-02-27", "2026-02-28", "2026-03-01"]
    assert math.isnan(figure.data[0].y[1])


def test_chinese_money_counts_in_tens_of_thousands():
    daily = {"a": [{"gmv": [200_000_00]}]}
    zh = charts.daily_chart(daily, "gmv", {"a": "A"}, "zh")
    assert (zh.data[0].y[0], zh.layout.yaxis.title.text) == (20.0, "万元")
    en = charts.daily_chart(daily, "gmv", {"a": "A"}, "en")
    assert (en.data[0].y[0], en.layout.yaxis.tickprefix) == (200_000.0, "¥")


def test_the_forest_plot_fills_what_is_shown_and_stops_at_its_edge():
    a = [{"gmv": 100 + r, "shares": 50 + r, "clicks": 1 + r / 1000, "fraud_loss": 0} for r in range(6)]
    b = [{"gmv": 150 + r, "shares": 50 + (-1) ** r * r, "clicks": 900.0 + r / 1000, "fraud_loss": 5} for r in range(6)]
    comparison = compare({"a": a, "b": b})
    figure = charts.effects_chart(comparison, {"a": "A", "b": "B"}, "en")
    assert list(figure.layout.yaxis.ticktext) == ["GMV", "Shares", "Clicks"]
    trace = figure.data[0]
    assert list(trace.marker.color) == [charts.COLOURS[0], "#ffffff", charts.COLOURS[0]]
    assert trace.x[0] == pytest.approx(comparison.effect("gmv", "b").relative)
    assert trace.x[2] == 3.0
    assert all(x >= 0 for x in (*trace.error_x.array, *trace.error_x.arrayminus))


def test_histogram_shares_add_up_and_set_those_without_income_apart():
    incomes = {"a": [[0, 0, 50, 1_00, 999_99], [12_345_67]]}
    figure = charts.histogram_chart(incomes, {"a": "A"}, "en")
    bars = dict(zip(figure.data[0].x, figure.data[0].y, strict=True))
    assert sum(bars.values()) == pytest.approx(1)
    assert (bars["none"], bars["under ¥1"]) == pytest.approx((2 / 6, 1 / 6))
    assert bars["¥10k–18k"] == pytest.approx(1 / 6)


@pytest.mark.parametrize("top", [1, 99, 100, 10_000, 31_623, 100_000, 10**9])
def test_no_income_falls_off_the_histogram(top):
    figure = charts.histogram_chart({"a": [[top]]}, {"a": "A"}, "zh")
    assert sum(figure.data[0].y) == pytest.approx(1)
    assert len(set(figure.data[0].x)) == len(figure.data[0].x)


def test_lorenz_of_equal_incomes_is_the_diagonal():
    figure = charts.lorenz_chart({"a": [[100] * 50]}, {"a": "A"}, "en")
    assert np.allclose(figure.data[1].x, figure.data[1].y)


def test_lorenz_of_one_earner_is_flat():
    figure = charts.lorenz_chart({"a": [[0] * 99 + [100]], "b": [[0, 0]]}, {"a": "A", "b": "B"}, "en")
    assert len(figure.data) == 2
    assert figure.data[1].y[100] == 0
    assert figure.data[1].y[-1] == 1


def test_funnel_names_the_part_of_the_step_before():
    figure = charts.funnel_chart({"a": (1000, 250, 50, 0)}, {"a": "A"}, "en")
    assert list(figure.data[0].text) == ["1,000", "250 · 25.0%", "50 · 20.0%", "0 · 0.0%"]
    charts.funnel_chart({"a": (0, 0, 0, 0)}, {"a": "A"}, "zh")


def test_commission_is_stacked_in_the_order_of_the_vocabulary():
    parts = {
        "a": {("team", 0): 100, ("base", 2): 200, ("base", 1): 300, ("own", 0): 1},
        "b": {("base", 1): 5},
    }
    figure = charts.commission_chart(parts, {"a": "A", "b": "A"}, "zh")
    assert [t.name for t in figure.data] == ["基础佣金 1 级", "基础佣金 2 级", "团队绩效", "own"]
    assert list(figure.data[0].x) == [3.0, 0.05]
    assert list(figure.layout.yaxis.tickvals) == [0, 1]


def test_colours_are_the_same_in_every_chart_and_grey_for_the_baseline():
    paint = charts.colours(("a", "b", "c"), "b")
    assert paint == {"b": charts.BASELINE, "a": charts.COLOURS[0], "c": charts.COLOURS[1]}


def test_names_are_text_to_plotly():
    evil = report_data(
        titles={"one_level": Text(EVIL, EVIL), "steep": Text("<b>", "<a href=x>")},
        arms=("one_level", "steep"),
    )
    for per_language in report_figures(evil).values():
        for figure in per_language.values():
            text = figure.to_json()
            assert "<img" not in text
            assert "\\u003cimg" not in text
            assert "\\u003ca href" not in text


def test_charts_never_offer_an_upload():
    assert charts.CONFIG["showSendToCloud"] is False
    assert charts.CONFIG["plotlyServerURL"] == ""
