import io

import pytest
from report_synthetic import report_data
from rich.cells import cell_len
from rich.console import Console

from sim.experiments.metric_names import NAMES, Text, metric
from sim.report.terminal import WIDTH, print_comparison, print_run


def printed(show, width=WIDTH):
    out = io.StringIO()
    show(Console(file=out, width=width, force_terminal=False))
    return out.getvalue()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_comparison_fits_in_100_columns(data, lang):
    text = printed(lambda c: print_comparison(c, data.comparison, data.names(lang), lang, data.rulebooks, data.results))
    assert max(cell_len(line) for line in text.splitlines()) <= WIDTH
    for name in NAMES:
        assert text.count(metric(name).title.say(lang)) >= 2
    effect = data.comparison.effect("contribution", "three_tier")
    assert f"+¥{effect.difference / 100:,.0f}" in text
    assert f"[+¥{effect.low / 100:,.0f}, +¥{effect.high / 100:,.0f}]" in text
    assert "results/mall-1" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_run_shows_every_metric_to_the_fen(run_data, lang):
    means = run_data.comparison.means["one_level"]
    text = printed(lambda c: print_run(c, "mall", means, lang, "results/x"))
    assert max(cell_len(line) for line in text.splitlines()) <= WIDTH
    whole, part = divmod(means["gmv"], 100)
    assert f"¥{whole:,}.{part:02d}" in text
    for name in NAMES:
        assert metric(name).title.say(lang) in text
    assert "results/x" in text


def test_names_are_not_read_as_markup():
    names = {
        "one_level": Text("[red]甲[/red]", "[red]A[/red]"),
        "steep": Text("[/]", "[bold]"),
    }
    found = report_data(titles=names, arms=("one_level", "steep"))
    text = printed(lambda c: print_comparison(c, found.comparison, found.names("en"), "en", found.rulebooks))
    assert "[red]A[/red]" in text
    assert "[bold]" in text


def test_missing_values_leave_a_dash():
    text = printed(lambda c: print_run(c, "x", {"gmv": None, "fission_k": float("nan")}, "en"))
    assert text.count("–") == 2
