"""Buying: BG/NBD foretells the second half of CDNOW's orders, and the simulated crowd buys as the model says."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from rules.events import DAY, Kind, Records
from sim.experiments.metric_names import Text
from sim.history.bgnbd import BgNbd
from sim.history.fit import Fit, calibrate_purchases
from sim.history.purchases import shipped
from sim.validation.claim import Claim
from sim.validation.lives import logged, world
from sim.validation.sizes import Size, Worlds

MOST_ERROR, MOST_APART = 0.04, 0.03
"""Largest mean absolute error of the forecast, and largest distance of the crowd from the closed form."""
WEEKS = (13, 26, 39, 52, 65, 78)
"""Weeks after the first order at which the crowd is looked at."""
_ALONE = {
    "sharing": 0, "seeds": 0, "organic": 0.5, "first_purchase": 1, "same_visit": 1, "payment_failure": 0,
    "price_response": 0, "weekday_traffic": [1] * 7,
}  # fmt: skip
"""Everybody comes in the first days, buys at once and then as often as she likes: no shares, seasons, discounts."""
_BARE: dict[str, object] = {"channels": [], "calendar": [], "materials": None}


@cache
def fitted() -> Fit:
    """Both models fitted to weeks 1 to 39 of the CDNOW sample."""
    return calibrate_purchases(shipped("cdnow_sample"))


@cache
def crowd_lines(size: Worlds) -> Records:
    """All order lines of a crowd that buys as often as the fit to CDNOW says, in the order of time."""
    buying = {name: round(value, 4) for name, value in vars(fitted().buying.model).items()}
    _, events = logged(world(size.people, size.days, size.seeds[0], _ALONE | buying, **_BARE))
    return events[events["kind"] == Kind.order]


def repeats(lines: Records) -> NDArray[np.float64]:
    """Repeat orders per buyer within each of `WEEKS` after her first."""
    orders = lines[lines["line"] == 1]
    orders = orders[np.lexsort((orders["time"], orders["member"]))]
    new = np.append(True, np.diff(orders["member"]) != 0)
    first = orders["time"][new][np.cumsum(new) - 1]
    age = (orders["time"] - first) / (7 * DAY)
    return np.array([np.count_nonzero((age > 0) & (age <= week)) for week in WEEKS]) / np.count_nonzero(new)


def measure(size: Size) -> Claim:
    """Hold the forecast against the orders, and the crowd against the closed form."""
    curve, model = fitted().statistics["cumulative"], fitted().buying.model
    bought = repeats(crowd_lines(size.crowd))
    expected = BgNbd(*(round(value, 4) for value in vars(model).values())).expected(np.array(WEEKS, float))
    apart = float(np.abs(bought / expected - 1).max())
    error = curve["mape"]
    return Claim(
        key="buying",
        title=Text("复购：CDNOW 第 40–78 周", "Buying: weeks 40 to 78 of CDNOW"),
        measured=Text(
            f"预测平均误差 {error:.2%}；模拟人群偏离闭式解至多 {apart:.1%}",
            f"forecast off by {error:.2%} on average; the crowd off the closed form by {apart:.1%} at most",
        ),
        target=Text(f"≤ {MOST_ERROR:.0%}；≤ {MOST_APART:.0%}", f"≤ {MOST_ERROR:.0%}; ≤ {MOST_APART:.0%}"),
        how=Text(
            f"BG/NBD 用前 39 周拟合，逐周累计复购与第 40–78 周实际相比；再以拟合参数模拟 {size.crowd.people:,} 人"
            "（无分享、无季节），与公式 (9) 相比",
            "BG/NBD fitted to weeks 1 to 39, cumulative repeat orders week by week against what was bought; then "
            f"{size.crowd.people:,} people simulated with what was fitted (no shares, no seasons) against equation 9",
        ),
        source="Fader, Hardie & Lee 2005, Marketing Science 24(2)",
        holds=error <= MOST_ERROR and apart <= MOST_APART,
        figures={
            "mape": error, "crowd_apart": apart, "weeks": curve["weeks"], "actual": curve["actual"],
            "model": curve["model"], "crowd_weeks": list(WEEKS), "crowd": bought.tolist(),
            "closed_form": expected.tolist(),
        },
    )  # fmt: skip
