"""How often people buy and how much they spend: BG/NBD and Gamma-Gamma over the whole span, with a joint posterior.

Where orders say which goods they are of, spend is what was wanted, before it became whole pieces; else what was paid.

The posterior is Laplace's: normal in the logarithms of the parameters, at the maximum of likelihood, with the inverse
of the observed information as covariance. How often its intervals hold the truth is measured (docs/CALIBRATION.md).
"""

from __future__ import annotations

from rules.events import DAY
from sim.behaviour.posterior import Joint, can_be
from sim.calibration.found import Found, Way
from sim.calibration.pieces import before_pieces, shelf_of
from sim.calibration.shop import Shop
from sim.experiments.metric_names import Text
from sim.history import bgnbd, gammagamma
from sim.history.fit import FEWEST_REPEATERS
from sim.history.likelihood import Estimate
from sim.history.purchases import recency_frequency

BUYING, SPENDING = ("r", "alpha", "a", "b"), ("p", "q", "v")
MINUTE = 60
_PIECES = Text(
    "假定每单金额可以是任意数：商品按件卖时 p 约偏低一成、v 约偏高一成，两者之积不受影响",
    "as if an order could be of any amount: where goods are sold in pieces p comes out about a tenth low, v as much "
    "high, their product hardly",
)
_STEADY = Text(
    "未扣除按件取整：实付金额的起伏小于按件取整本身带来的起伏，模拟中的客单价会更分散",
    "not freed of whole pieces: what was paid scatters less than whole pieces alone would; simulated orders scatter "
    "more",
)


def buying(shop: Shop) -> Found:
    """Both models over the whole span; time in weeks, money in yuan.

    Where orders have a time of day, every order is a purchase, as in the simulation. By date alone those of one day are
    one, as in the papers; buyers who come several times a week then seem to come less often. Orders that were not paid
    count: people wanted them, and `payment_failure` says how many fail.
    """
    found, tick = Found(), MINUTE if shop.clocked else DAY
    summary = recency_frequency(
        shop.purchases(tick, unpaid=True), ((shop.last_day + 1) * DAY - 1) // tick, 7 * DAY // tick
    )
    paying = summary.paying
    if (count := int(paying.sum())) < FEWEST_REPEATERS:
        zh, en = f"只有 {count} 位顾客复购", f"only {count} customers came back"
        found.lacks([*BUYING, *SPENDING], Text(zh, en))
        return found
    rate = bgnbd.fit(summary.x, summary.t_x, summary.T)
    spend = gammagamma.fit(summary.x[paying], summary.spend[paying])
    _add(found, rate, BUYING, len(summary.x))
    shelf = shelf_of(shop) if spend.is_clear else None
    wanted = before_pieces(spend, summary.x[paying], summary.spend[paying], shelf) if shelf else None
    if wanted:
        _add(found, wanted, SPENDING, count, "indirect")
        return found
    _add(found, spend, SPENDING, count)
    found.cautions |= {name: _STEADY if shelf else _PIECES for name in ("p", "v") if name in found.values}
    return found


def _add(
    found: Found,
    estimate: Estimate[bgnbd.BgNbd] | Estimate[gammagamma.GammaGamma],
    names: tuple[str, ...],
    cases: int,
    way: Way = "likelihood",
) -> None:
    """Take over an estimate, if the data determine it and a scenario can have it."""
    values = vars(estimate.model)
    impossible = [name for name in names if not can_be(name, values[name])]
    if impossible:
        name = impossible[0]
        zh, en = (
            f"拟合得 {name} = {values[name]:.4g}，超出模型允许的范围",
            f"the fit gives {name} = {values[name]:.4g}, which the model cannot have",
        )
        found.lacks(names, Text(zh, en))
    elif not estimate.is_clear:
        found.lacks(
            names,
            Text(
                "买过不止一次的人太少，拟合定不下来（似然函数没有确定的最大值）",
                "too few came back to settle a fit: the likelihood has no clear maximum",
            ),
        )
    else:
        at = [values[name] for name in names]
        found.add(Joint(normal=list(names), at=at, covariance=estimate.covariance.tolist()), way, cases)
