"""Every kernel against its plain twin: on every call of a small, busy world, the same bits in every array."""

from __future__ import annotations

from collections import Counter

import numpy as np
import plain
import pytest
import worlds

from rules.plan.read import read_plan
from rules.plan.recommend import Recommend
from scenarios.find import find
from sim.behaviour import (
    basket,
    clicking,
    complaining,
    coupons,
    earning,
    fulfilment,
    hurrying,
    joining,
    materials,
    messages,
    sharing,
    shopping,
    visiting,
)
from sim.behaviour.materials import Materials
from sim.conditions import AfterSales, AfterSalesOf, Supplier, Warehouse

KERNELS = [
    (sharing, "scan"),
    (clicking, "expose"),
    (clicking, "tire"),
    (materials, "carry"),
    (materials, "turn_away"),
    (joining, "answer"),
    (shopping, "begin"),
    (shopping, "buy"),
    (basket, "fill"),
    (fulfilment, "follow"),
    (complaining, "settle"),
    (earning, "learn"),
    (earning, "weigh"),
    (hurrying, "hurry"),
    (hurrying, "restart"),
    (coupons, "pick_coupon"),
    (visiting, "visit"),
    (visiting, "feel"),
    (visiting, "temper"),
    (messages, "deliver"),
]
BUSY = {
    "organic": 0.02, "seeds": 3, "r": 2.0, "alpha": 2.0, "zeal_a": 4, "degree_most": 40, "click": 0.6, "impulse": 0.4,
    "payment_failure": 0.1, "return_factor": 4.0, "return_refused": 0.2, "v": 30, "third_line": 0.7, "first_delay": 3,
    "visits": 0.05, "coupon_draw": 0.9, "coupon_wins": 0.7, "recall": 0.6, "message_order": 0.5, "open_rate": 0.3,
}  # fmt: skip
GOODS = {
    "after_sales": AfterSales(late="60%", default=AfterSalesOf(exchange="40%", complaint="15%", refunded="60%")),
    "suppliers": [
        Supplier(id="near", categories=["fmcg", "digital", "cosmetics"], quality="80%"),
        Supplier(id="far", categories=["fmcg"], quality="95%", late="50%"),
    ],
    "warehouses": [Warehouse(id="north"), Warehouse(id="south", share=2, deliver=(3, 6))],
}


def recommending():
    return worlds.plan().model_copy(update={"recommend": Recommend(lift="1.8")})


@pytest.fixture(scope="module")
def calls() -> Counter[str]:
    """Calls of each kernel in a world in which twins looked over every shoulder."""
    counted: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        for module, name in KERNELS:
            patch.setattr(module, name, shadowed(getattr(module, name), getattr(plain, name), counted))
        worlds.model(300, 40, behaviour=BUSY, market=GOODS, plan=recommending()).run()
        worlds.model(300, 40, behaviour=BUSY, market={"materials": Materials(products=1.0)}).run()
        worlds.model(300, 90, behaviour=BUSY, plan=busy_plan()).run()
    return counted


def busy_plan():
    """The plan that looks after members, with coupons that anybody can use."""
    text, file = find("plans", "three_tier_care")
    return read_plan(text.replace("BACK: {amount: 10, over: 80, days: 21}", "BACK: {amount: 10}"), file)


def shadowed(kernel, twin, counted):
    def both(*arguments):
        copies = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
        result, expected = kernel(*arguments), twin(*copies)
        assert result == expected
        for position, (ours, theirs) in enumerate(zip(arguments, copies, strict=True)):
            if isinstance(ours, np.ndarray):
                np.testing.assert_array_equal(ours, theirs, f"{twin.__name__}, argument {position}")
        counted[twin.__name__] += sum(len(a) for a in arguments[:5] if isinstance(a, np.ndarray))
        return result

    return both


@pytest.mark.parametrize("name", [name for _, name in KERNELS])
def test_kernel_agrees_with_its_twin(calls, name):
    assert calls[name] > 300
