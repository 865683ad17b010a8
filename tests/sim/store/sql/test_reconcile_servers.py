"""Reconciliation asks every database the same: on MariaDB, too, clean is clean, and every fault is found.

On PostgreSQL that is shown by the command (`test_reconcile_command`), on SQLite fault by fault (`test_reconcile`).
"""

from __future__ import annotations

from collections import Counter

from sim.cli.common import given
from sim.model import StoreModel
from sim.store.sql.whole import kept_in
from sim.stress.reconcile.planting import PLANTS
from sim.stress.reconcile.study import planted, reconcile


def test_a_clean_store_is_clean_and_every_fault_is_found(mariadb) -> None:
    engine = mariadb.bare()
    market, plan, people, days = given("three_tier", None, 6_000, 75)
    model = StoreModel(scenario=market, plan=plan, people=people, days=days, seed=20260105)
    with kept_in(engine.url.render_as_string(hide_password=False), model):
        model.run()
    study = reconcile(engine, *planted(engine, []))
    assert study.differences == ()
    assert len(study.flows.days) == 75
    found = reconcile(engine, *planted(engine, PLANTS)).differences
    assert Counter(one.kind for one in found) == Counter(
        "wallet_changed" if kind == "wallet_state" else kind for kind in PLANTS
    )
