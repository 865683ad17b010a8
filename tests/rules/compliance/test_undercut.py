"""Undercutting: order lines below the public price are found, and nothing else is."""

import numpy as np

from rules.compliance.undercut import Undercut, undercuts
from rules.events import Kind, blank


def log(*lines: tuple[int, int, int]):
    """Order lines as (sku, price, member price); every second event is a payment."""
    events = blank(2 * len(lines))
    events["kind"] = np.tile([Kind.order, Kind.pay], len(lines))
    events["order"] = np.repeat(np.arange(len(lines)), 2)
    events["member"], events["line"], events["quantity"] = 4, 1, 3
    for place, (sku, price, own) in enumerate(lines):
        events[2 * place]["sku"], events[2 * place]["price"], events[2 * place]["member_price"] = sku, price, own
    return events


def test_a_line_below_the_public_price_is_found():
    found = undercuts(log((0, 10_00, -1), (0, 9_99, -1), (2, 5, -1), (2, 4, -1)), {2: 5, 0: 10_00})
    assert found == [Undercut(1, 1, 4, 0, 9_99, 10_00), Undercut(3, 1, 4, 2, 4, 5)]


def test_the_price_of_a_grade_and_products_without_a_public_price_are_no_undercutting():
    assert undercuts(log((0, 10_00, 6_00), (1, 1, -1), (-1, 1, -1)), {0: 10_00}) == []
    assert undercuts(log((0, 1, -1)), {}) == []
    assert undercuts(blank(0), {0: 10_00}) == []
