"""Spend is found as it was wanted, where lines say which goods were taken for it; else as it was paid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from benchmarks.recovery import TRUTHS, held, truths
from rules.events import DAY
from sim.behaviour.basket import choose
from sim.calibration.buying import SPENDING, buying
from sim.calibration.crowds import Crowd, tables_of
from sim.calibration.folder import shipped_shop, shop_of_tables
from sim.calibration.pieces import shelf_of
from sim.calibration.shop import Shop
from sim.history import gammagamma
from sim.history.bgnbd import BgNbd
from sim.history.gammagamma import GammaGamma
from sim.history.purchases import recency_frequency
from sim.market import price_ladder

PRICES = price_ladder((1_00, 300_00), 24)


def orders_of(spending: GammaGamma, seed: int, customers: int = 700) -> pa.Table:
    """A crowd's orders, of the amounts that were wanted."""
    return tables_of(Crowd(BgNbd(0.8, 5.0, 0.6, 3.0), spending, customers), seed)["orders"]


def in_pieces(wanted: pa.Table, seed: int) -> Shop:
    """The orders, each as pieces of one good."""
    words = np.random.default_rng(seed).integers(0, 2**64 - 1, len(wanted), np.uint64)
    fen = wanted["amount"].to_numpy() * 100
    chosen = [choose(PRICES, 0, len(PRICES), *one) for one in zip(fen.tolist(), words, strict=True)]
    sku, quantity = np.array(chosen).T
    columns = {name: wanted[name] for name in ("order_id", "member_id", "paid_at")}
    columns |= {"sku": pa.array([f"s{one}" for one in sku]), "quantity": quantity, "price": PRICES[sku] / 100}
    return shop_of_tables("pieces", pa.table(columns))


def as_paid(shop: Shop) -> GammaGamma:
    """The fit on what was paid."""
    tick = 60 if shop.clocked else DAY
    end = ((shop.last_day + 1) * DAY - 1) // tick
    summary = recency_frequency(shop.purchases(tick, unpaid=True), end, 7 * DAY // tick)
    return gammagamma.fit(summary.x[summary.paying], summary.spend[summary.paying]).model


def test_half_a_dozen_crowds_whose_spend_became_pieces() -> None:
    """Of 18 intervals that hold with 90 %, nearly all; and p is what a fit on the amounts that were wanted gives."""
    worlds, off = [], []
    for seed in range(6):
        truth = truths({name: TRUTHS[name] for name in SPENDING}, seed)
        wanted = orders_of(GammaGamma(**truth), seed)
        shop = in_pieces(wanted, seed)
        found = buying(shop)
        assert [found.ways[name] for name in SPENDING] == ["indirect"] * 3
        assert not found.cautions
        worlds.append(held(found, truth))
        best = as_paid(shop_of_tables("wanted", wanted)).p
        off.append([as_paid(shop).p / best - 1, found.values["p"] / best - 1])
    inside = [one for world in worlds for one, _ in world.values()]
    assert len(inside) == 18
    assert sum(inside) >= 13
    before, after = np.mean(off, axis=0)
    assert before < -0.15
    assert abs(after) < 0.06
    again = buying(shop)
    assert (again.values, again.blocks) == (found.values, found.blocks)


def test_without_goods_spend_is_what_was_paid() -> None:
    shop = shipped_shop("cdnow_sample")
    assert shelf_of(shop) is None
    found = buying(shop)
    assert {name: found.values[name] for name in SPENDING} == vars(as_paid(shop))
    assert set(found.cautions) == {"p", "v"}
    assert "pieces" in found.cautions["p"].en


def test_a_shelf_has_the_prices_of_the_shop() -> None:
    shop = in_pieces(orders_of(GammaGamma(5.0, 4.0, 40.0), 4), 4)
    shelf = shelf_of(shop)
    assert shelf is not None
    assert (shelf.second_line, shelf.third_line, shelf.weights.tolist()) == (0.0, 0.0, [1.0])
    assert PRICES[0] < shelf.price[0] < shelf.price[-1] <= PRICES[-1]
    few = shop.lines.sku.copy()
    few[: len(few) // 5] = -1
    assert shelf_of(replace(shop, lines=replace(shop.lines, sku=few))) is None


def test_spend_that_is_steadier_than_pieces_stays_as_paid() -> None:
    """Whoever wants more takes a dearer good, one piece: that scatters by less than a number of pieces."""
    orders = orders_of(GammaGamma(40.0, 4.0, 4.0), 1, 1_500)
    goods = pa.array([f"s{yuan // 5:.0f}" for yuan in orders["amount"].to_numpy()])
    shop = shop_of_tables("steady", orders.append_column("sku", goods))
    found = buying(shop)
    assert {name: found.values[name] for name in SPENDING} == vars(as_paid(shop))
    assert "scatters less" in found.cautions["v"].en
