"""A reconciliation from the store and the channels' files to the list of differences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from sim.store.sql.facts import StoreFacts
from sim.stress.flows import Flows, flows_of
from sim.stress.reconcile import ledger, payments, queries
from sim.stress.reconcile.channels import honest_payments, honest_payouts
from sim.stress.reconcile.files import Payment, Payout
from sim.stress.reconcile.kinds import KINDS, Difference
from sim.stress.reconcile.planting import PLANTS, Scene

_CHECKED = ("orders", "entries", "journal", "wallets", "withdrawals")


@dataclass(frozen=True)
class Reconciliation:
    """What a reconciliation has found.

    Attributes:
        differences: in the order of `KINDS`. checked: rows of each table and file that were held against the others.
        flows: of the money.
    """

    differences: tuple[Difference, ...]
    checked: dict[str, int]
    flows: Flows


def reconcile(
    engine: Engine, paid: Sequence[Payment] | None = None, paid_out: Sequence[Payout] | None = None
) -> Reconciliation:
    """Hold a store against the channels' files and against itself.

    Args:
        engine: where the store is. paid, paid_out: the lines of the channels; None = there is no such file.
    """
    facts = StoreFacts.load(engine)
    with queries.snapshot(engine) as connection:
        found: list[Difference] = []
        if paid is not None:
            queries.put_payments(connection, paid)
            found += payments.payment_differences(connection, paid)
        if paid_out is not None:
            queries.put_payouts(connection, paid_out)
            found += payments.payout_differences(connection, paid_out)
        found += ledger.money_differences(connection)
        found += ledger.entry_differences(connection, facts)
        found += ledger.withdrawal_differences(connection)
        found += ledger.wallet_differences(connection)
        checked = {name: queries.ask(connection, f"SELECT COUNT(*) FROM {name}")[0][0] for name in _CHECKED}
        checked |= {"payment_lines": len(paid or ()), "payout_lines": len(paid_out or ())}
        flows = flows_of(connection)
    order = list(KINDS)
    found.sort(key=lambda one: order.index(one.kind))
    return Reconciliation(tuple(found), checked, flows)


def planted(engine: Engine, kinds: Iterable[str]) -> tuple[list[Payment], list[Payout]]:
    """The lines of honest channels of a store that was simulated, with faults planted in them, or in the store.

    Raises:
        InputError: the store has nothing on which one of these could be planted.
    """
    with engine.begin() as connection:
        scene = Scene(connection, honest_payments(connection), honest_payouts(connection))
        for kind in kinds:
            PLANTS[kind](scene)
    return scene.payments, scene.payouts
