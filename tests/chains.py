"""One order sold under a chain of people, through both engines: for the tests of components along the chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rules.engine import Engine
from rules.events import DAY, Kind, Names, blank
from rules.opening import Opening
from rules.plan.read import parse_plan
from rules.records import Component
from rules.trace import ReadableEngine, as_records

START = 20_458 * DAY

Paid = tuple[str, int, int]
"""A component, the place in the chain (1 is the person above the buyer, 0 somebody else), and fen."""


def sell(
    plan: Mapping[str, object],
    ranks: Sequence[str],
    price: int = 100_00,
    quantity: int = 1,
    agents: Sequence[str] = (),
    sku: int = -1,
) -> list[Paid]:
    """What one order pays, in the order of writing; both engines must say the same.

    Args:
        plan: as in a file.
        ranks: of the people above the buyer, nearest first.
        price: fen a piece.
        agents: ranks of members appointed to the order's area.
        sku: 0 = milk.
    """
    read = parse_plan(dict(plan))  # type: ignore[arg-type]
    names = Names(skus=["milk"], areas=["jinan"])
    people = 1 + len(ranks) + len(agents)
    engines = [Engine.open([read], names, people, START // DAY), ReadableEngine([read], names, people, START // DAY)]
    rows = blank(2)
    rows["kind"], rows["time"], rows["order"], rows["member"] = [Kind.order, Kind.pay], START, 0, 0
    rows["line"], rows["price"], rows["quantity"], rows["sku"], rows["area"] = 1, price, quantity, sku, 0
    for engine in engines:
        for place, rank in enumerate([*ranks, *agents], 1):
            inviter = place + 1 if place < len(ranks) else None
            opening = Opening(rank, inviter, START, area=0 if place > len(ranks) else -1)
            engine.enrol(place, opening, START // DAY)
        engine.enrol(0, Opening(inviter=1 if ranks else None, joined_at=START), START // DAY)
        engine.apply(rows)
    compiled, readable = engines
    entries = compiled.book.rows("entries")
    np.testing.assert_array_equal(entries, as_records(readable.state.entries))
    places = [member if member <= len(ranks) else 0 for member in entries["member"]]
    return [
        (Component(entry["component"]).name, int(place), int(entry["amount"]))
        for place, entry in zip(places, entries, strict=True)
    ]
