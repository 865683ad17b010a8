from __future__ import annotations

import pytest

from sim.experiments.gains import Gains, Turn
from sim.report.charts import colours
from sim.report.gains_chart import gains_chart

TURN = Turn(more=1, less=3, same=0, before=10, after=5)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_up_is_who_earns_more_and_down_who_earns_less(lang):
    gains = [Gains("b", TURN, (TURN,) * 5, 1.0, 2.0), Gains("c", TURN, (TURN,) * 5, 1.0, 2.0)]
    drawn = gains_chart(gains, {"b": "<b>B</b>", "c": "C"}, lang, arms=["a", "b", "c"], baseline="a")
    assert [tuple(bar.y) for bar in drawn.data] == [(0.25,) * 5, (-0.75,) * 5] * 2
    assert [bar.offsetgroup for bar in drawn.data] == ["b", "b", "c", "c"]
    assert [bar.marker.color for bar in drawn.data[::2]] == [colours(["a", "b", "c"], "a")[arm] for arm in "bc"]
    assert all("<b>" not in bar.name for bar in drawn.data)
