"""Funnel, fission by penetration and forecasts: worked by hand; nothing of the second half leaks into the first."""

from dataclasses import replace

import numpy as np
import pytest
from small_histories import day, past

from rules.errors import InputError
from sim.report.spread import record_of, sentences
from sim.spread.cascades import cascades_of
from sim.spread.forecast import backtest_recruiting, backtest_shares, forecast_seeds, middle, share_process
from sim.spread.funnel import Band, fall, fission_by_penetration, funnel_of, rates_of
from sim.spread.recruiting import fading, recruit
from sim.spread.study import study
from sim.spread.trail import trail_of, until


def test_the_funnel():
    trail = trail_of(
        past(
            (0, "join", 0, -1), (1, "join", 9, -1), (10, "share", 0), (20, "click", 1, 0), (21, "click", 2, 0),
            (22, "click", 9, 0), (30, "join", 1, 0), (31, "join", 2, 0), (40, "click", 1, 0), (50, "buy", 1, 100),
            (60, "buy", 1, 100), (70, "buy", 2, 100), (80, "buy", 9, 100), (81, "buy", 9, 100),
        )
    )  # fmt: skip
    funnel = funnel_of(trail)
    assert list(funnel.values()) == [1, 4, 2, 2, 2, 1]
    assert list(rates_of(funnel).values()) == [4, 0.5, 1, 1, 0.5]


def test_fission_by_penetration():
    """20 people. 0 to 3 come alone on day 1 (the first two are below 10 %), 0 brings 4 on day 2 and 5 after 28 days."""
    story = [(day(1) + k, "join", k, -1) for k in range(4)]
    story += [(day(2), "join", 4, 0), (day(1) + day(28), "join", 5, 0), (day(80), "share", 5)]
    bands = fission_by_penetration(trail_of(past(*story, people=20)))
    assert [(band.members, band.k) for band in bands] == [(2, 0.5), (2, 0), (2, 0)]
    assert bands[0].per_share is None


def test_the_fall_of_k():
    bands = [Band(0.1 * k, 0.1 * k + 0.1, 10, k_of, None) for k, k_of in enumerate([0.5, 0.4, 0.3, 0.3, 0.2, 0.2, 0.1])]
    assert fall(bands) == pytest.approx(0.75)  # 0.4 → 0.1
    assert fall(bands[:6]) is None


STORY = [
    (0, "join", 0, -1), (10, "share", 0), (20, "click", 1, 0), (30, "join", 1, 0), (day(2), "share", 1),
    (day(2) + 5, "click", 2, 1), (day(2) + 6, "join", 2, 1), (day(21), "share", 2), (day(21) + 1, "click", 3, 2),
    (day(21) + 2, "join", 3, 2), (day(40), "share", 3),
]  # fmt: skip


def test_the_process_of_shares_counts_who_had_time():
    # Roots: 0, 2's share, 3's share (too late to count). Others: 1 (had 2), 2 (none), 3 (none).
    trail = trail_of(past(*STORY))
    process, seen = share_process(cascades_of(trail), trail.end)
    assert seen == 5
    assert process.first.tolist() == [0, 1]
    assert process.later == pytest.approx([2 / 3, 1 / 3])


def test_the_first_half_knows_nothing_of_the_second():
    whole, half = trail_of(past(*STORY)), trail_of(past(*STORY[:7], (day(20) - 1, "share", 0)))
    cut = middle(whole)
    assert cut == day(20)
    known = until(whole, cut)
    assert known.members.tolist() == [0, 1, 2]
    assert known.shared.sum() == 2
    assert recruit(known, 5) == pytest.approx(recruit(until(half, cut), 5))


def test_seeds_and_those_they_brought():
    # Horizon 20 days. Ripe: 0, 1, 2. The seed brought 1; 1 brought 2; 2 brought 3 on day 21, 19 days after joining.
    process = forecast_seeds(trail_of(past(*STORY))).process
    assert process.first.tolist() == [0, 1]
    assert process.later.tolist() == [0, 1]


def test_who_comes_alone_goes_on_coming():
    """One a day in an endless market; in a finite one fewer and fewer."""
    story = [(day(k) + 100, "join", k, -1) for k in range(10)]
    trail = trail_of(past(*story, (day(10), "share", 0), people=100))
    assert recruit(trail, 10, finite=False)[1] == pytest.approx(np.ones(10))
    # 10 people in 10 days with 100, 99 ... 91 % strangers: 10 / 9.55 a day; 90 % are left at first.
    found = recruit(trail, 10)
    assert found[1, 0] == pytest.approx(10 / 9.55 * 0.9)
    assert found[1, 1] == pytest.approx(10 / 9.55 * (0.9 - found[1, 0] / 100))
    assert found[0].tolist() == [0] * 10


def test_recruiting_at_a_constant_rate_is_forecast():
    """A seed brings one person a day who bring nobody: seen for 28 days, forecast for 28 more."""
    story = [(0, "join", 0, -1), *[(day(k) + 9, "join", k + 1, 0) for k in range(56)]]
    trail = trail_of(past(*story, (day(56), "share", 0), people=1_000_000))
    found = {one.name: one for one in backtest_recruiting(trail)}
    assert (found["invited"].actual, found["joined"].actual) == (28, 28)
    assert found["invited"].forecast == pytest.approx(28, rel=0.01)
    assert found["invited"].error == pytest.approx(0, abs=0.01)
    assert found["alone"].forecast == 0
    assert found["alone"].error is None


def test_shares_that_never_change_are_forecast_without_error():
    """On each of 60 days somebody new shares, and every second of those shares is clicked on once."""
    story = [
        act for k in range(60) for act in [(day(k) + 1, "share", k), (day(k) + 2, "click", 100 + k, k)][: 1 + k % 2]
    ]
    trail = trail_of(past(*story, (day(60), "join", 99, -1), people=200))
    found = {one.name: one for one in backtest_shares(trail, cascades_of(trail))}
    # The first half: days 0 to 29, of which the last 7 are not ripe; the second: days 30 to 52, 23 of them.
    assert found["mean_size"].forecast == pytest.approx(1 + 11 / 23)
    assert found["mean_size"].actual == pytest.approx(1 + 11 / 23)
    assert found["one_step"].forecast == found["one_step"].actual == 1
    assert found["clicked"].error == pytest.approx(0, abs=0.05)
    assert found["size_99"].forecast == found["size_99"].actual == 2


def test_a_rate_that_fades_is_found_again():
    """Rates of 0.5, 0.25, 0.125 a day in weeks 0 to 2, whatever the exposure; and on it goes."""
    exposed = np.array([100.0, 40, 8])
    found = fading(exposed * [0.5, 0.25, 0.125], exposed, 27)
    assert found == pytest.approx(np.repeat([0.5, 0.25, 0.125, 0.0625], 7))


def test_a_rate_that_grows_is_held_at_its_mean():
    assert fading(np.array([1.0, 4]), np.array([10.0, 10]), 20) == pytest.approx(np.full(21, 0.25))
    assert fading(np.zeros(3), np.ones(3), 5).tolist() == [0] * 6


def test_a_market_whose_size_nobody_knows():
    """Who ever did anything is no market: no penetration, no saturation; without seeds, who came alone begins trees."""
    known = past(*STORY)
    unknown = replace(known, opening=None)
    trail = trail_of(replace(unknown, start_day=-1))
    assert not trail.bounded
    assert fission_by_penetration(trail) == []
    assert forecast_seeds(trail).reach is None
    assert np.flatnonzero(trail.starters).tolist() == [0]
    assert [one.name for one in backtest_recruiting(trail)] == ["invited", "alone", "joined"]
    assert forecast_seeds(trail_of(known)).reach is not None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "story", [[(5, "join", 0, -1)], [(5, "share", 0)], [(day(1), "share", 0), (day(3), "join", 1, -1)]]
)
def test_histories_in_which_next_to_nothing_happens(story):
    found = study(past(*story))
    assert record_of(found)["paths"]["orders"] == 0
    assert found.of_share.process.dying_out() == 1
    assert all(sentences(found, lang) for lang in ("zh", "en"))
    if len(story) == 1:
        assert found.of_share.backtest == found.of_seed.backtest == []
    with pytest.raises(InputError, match="no order '0' was paid"):
        found.order_of("0")


def test_what_happens_at_the_cut_belongs_to_the_second_half():
    story = [
        (5, "share", 0),
        (6, "join", 0, -1),
        (7, "buy", 0, 1),
        (8, "share", 0),
        (8, "join", 1, 0),
        (8, "buy", 1, 1),
    ]
    known = until(trail_of(past(*story)), 8)
    assert known.time.tolist() == [5]
    assert known.members.tolist() == [0]
    assert known.orders.buyer.tolist() == [0]


def test_seeds_do_not_count_in_k():
    """0 is a seed and brings 2; 1 comes alone and brings 3: K of the first band is 1 by one member, not 2 by two."""
    story = [(0, "join", 0, -1), (5, "join", 1, -1), (9, "join", 2, 0), (9, "join", 3, 1), (day(80), "share", 0)]
    first = fission_by_penetration(trail_of(past(*story, people=20)))[0]
    assert (first.members, first.k) == (1, 1)
    story[3] = (9, "join", 3, 0)
    assert fission_by_penetration(trail_of(past(*story, people=20)))[0].k == 0


def test_nobody_is_invited_into_a_full_market():
    story = [(0, "join", 0, -1), *[(day(k) + 9, "join", k + 1, 0) for k in range(11)]]
    trail = trail_of(past(*story, (day(12), "share", 0)))
    assert len(trail.members) == trail.people == 12
    assert recruit(trail, 3).sum() == 0
    assert recruit(trail, 3, finite=False)[0].sum() > 2
