"""What an order pays beyond its base entries to the people above the buyer and around: one call for each engine.

Written in this order: differential, peer bonus, area agents, margin. Each has a file of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.book import Rows
from rules.commission.area import area_entries, fill_areas, pay_areas
from rules.commission.differential import differential_entries, pay_differential
from rules.commission.margin import fill_prices, margin_entries, pay_margin
from rules.commission.peer import pay_peers, peer_entries
from rules.events import Names
from rules.jit import kernel
from rules.plan.compiled import NONE, Compiled, Tables
from rules.plan.limits import MAX_LEVELS
from rules.readable import Entry, Order, State

if TYPE_CHECKING:
    from rules.plan.model import Plan

_DIFFERENCES = ("rates", "amounts", "clamped_rates")


def fill_chain(tables: Compiled, number: int, plan: Plan, names: Names, own: list[str]) -> None:
    """Write differential, peer bonus, area agents and margin of a plan into its tables.

    `own` are the skus with settings of their own, as in `Compiled.sku_block`.
    """
    row, rule, peer = tables.plans[number], plan.commission.differential, plan.commission.peer
    row["peer_rate"] = NONE
    if rule:
        row["differential"] = 1 + _DIFFERENCES.index(rule.difference)
        row["counts_base"], row["exclusive"] = rule.counts_base, rule.exclusive
        for rank, name in enumerate(one.id for one in plan.ranks):
            tables.ranks[number, rank]["differential"] = rule.rates.get(name, NONE)
            tables.ranks[number, rank]["differential_depth"] = rule.depth_of(name)
    if peer:
        row["peer_rate"], row["peer_of_sale"] = peer.rate, peer.of == "sale"
        row["peer_ranks"] = sum(
            1 << rank for rank, one in enumerate(plan.ranks) if peer.ranks is None or one.id in peer.ranks
        )
        row["peer_generations"] = peer.generations
    fill_areas(tables, number, plan, names)
    categories: list[str | None] = [None, *names.categories]
    skus: list[str | None] = [None, *own]
    goods = [(category, sku) for sku in skus for category in categories]
    fill_prices(tables, number, plan, [(place, *one) for place, one in enumerate(goods)])


@kernel
def pay_chain(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the entries of an order, whose base entries are written, for the people above and the agents around."""
    rule = plan.plans[book.orders[order].plan]
    if rule.differential > 0:
        pay_differential(book, plan, order, time)
        if rule.peer_rate > 0:
            pay_peers(book, plan, order, time)
    if rule.area == 1:
        pay_areas(book, plan, order, time)
    if rule.margin == 1:
        pay_margin(book, plan, order, time)


@kernel
def chain_rows(book: Rows, plan: Tables, order: int) -> int:
    """How many entries `pay_chain` can write at the most, under the order's plan or one in force."""
    row = book.orders[order]
    most = _a_line(book, plan, row.plan)
    for arm in range(len(book.arms)):
        most = max(most, _a_line(book, plan, book.arms[arm].plan))
    return row.lines * most


@kernel
def _a_line(book: Rows, plan: Tables, number: int) -> int:
    rule = plan.plans[number]
    rows = 0
    if rule.differential > 0:
        rows += MAX_LEVELS
        if rule.peer_rate > 0:
            rows += MAX_LEVELS * (MAX_LEVELS - 1) // 2  # a payee, and a peer further up
    if rule.area == 1:
        rows += book.clock[0].agents
    if rule.margin == 1:
        rows += MAX_LEVELS
    return rows


def chain_entries(
    state: State, number: int, order: Order, base: list[Entry], areas: list[str], time: int
) -> list[Entry]:
    """The entries of an order beyond its `base` entries, for the people above and around: the readable rule."""
    differential = differential_entries(state, number, order, base, time)
    return [
        *differential,
        *peer_entries(state, number, order, differential, time),
        *area_entries(state, number, order, areas, time),
        *margin_entries(state, number, order, time),
    ]
