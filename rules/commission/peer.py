"""Peer bonus 平级奖: those of the same rank further up, whom the differential leaves with nothing.

Who earns by differential (`rules.commission.differential`) shuts out everybody of the same rank above. The nearest of
them, one or several generations, get a rate of what the payee below got, or of the sale. People of other ranks between
them do not matter; somebody frozen, or paid by differential on the same line, is passed over.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rules.book import Rows
from rules.commission.basis import commissionable, commissionable_amount, percentage, rate_of_line
from rules.commission.entry import append
from rules.jit import kernel
from rules.money import PPM, ROUNDING_ZH, Rounding, divide, percent, rounded, yuan
from rules.plan.compiled import Tables
from rules.plan.limits import MAX_LEVELS
from rules.plan.values import Rate, Section, Whole
from rules.readable import Entry, Order, State, Step
from rules.records import Component


class Peer(Section):
    """Peer bonus 平级奖: a rate for the nearest people of the same rank above who earns by differential."""

    rate: Rate
    of: Literal["differential", "sale"] = "differential"
    ranks: list[str] | None = None
    generations: Annotated[Whole, Field(ge=1, le=MAX_LEVELS)] = 1


_DIFFERENTIAL, _PEER = int(Component.differential), int(Component.peer)


@kernel
def pay_peers(book: Rows, plan: Tables, order: int, time: int) -> None:
    """Write the peer entries of an order, in the order of its differential entries, the nearest peer first."""
    row = book.orders[order]
    rule = plan.plans[row.plan]
    last = book.clock[0].entries
    for at in range(row.first_entry, last):
        payee = book.entries[at]
        if payee.component != _DIFFERENTIAL:
            continue
        rank = row.chain_rank[payee.level - 1]
        if (rule.peer_ranks >> rank) & 1 == 0:
            continue
        given = 0
        for place in range(payee.level, MAX_LEVELS):
            if given == rule.peer_generations:
                break
            same = row.chain_rank[place] == rank
            if same and not _has_differential(book, row.first_entry, last, payee.line, place + 1):
                _pay(book, plan, at, place, time)
                given += 1


@kernel
def _has_differential(book: Rows, first: int, last: int, line: int, level: int) -> bool:
    for at in range(first, last):
        entry = book.entries[at]
        if entry.component == _DIFFERENTIAL and entry.line == line and entry.level == level:
            return True
    return False


@kernel
def _pay(book: Rows, plan: Tables, at: int, place: int, time: int) -> None:
    """Pay the person at a place in the chain for the differential entry in row `at`."""
    payee = book.entries[at]
    row = book.orders[payee.order]
    rule = plan.plans[row.plan]
    mode = rule.rounding[place + 1]
    if rule.peer_of_sale == 1:
        line = book.lines[row.first_line + payee.line - 1]
        base, amount = commissionable(rule, line), percentage(rule, line, rule.peer_rate, mode)
    else:
        base, amount = payee.amount, divide(payee.amount * rule.peer_rate, PPM, mode)
    if amount > 0:
        entry = book.entries[append(book, time, row.chain[place], _PEER, amount)]
        entry.order, entry.line, entry.level, entry.plan = payee.order, payee.line, place + 1, row.plan
        entry.base, entry.rate = base, rule.peer_rate


def peer_entries(state: State, number: int, order: Order, written: list[Entry], time: int) -> list[Entry]:
    """The peer entries of an order whose differential entries are written: the readable rule."""
    plan = state.plans[number]
    rule = plan.commission.peer
    if rule is None:
        return []
    payees = [entry for entry in written if entry.component is Component.differential]
    paid = {(entry.line, entry.member) for entry in payees}
    entries: list[Entry] = []
    for payee in payees:
        rank = order.ranks[payee.level - 1]
        assert rank is not None
        if rule.ranks is not None and plan.ranks[rank].id not in rule.ranks:
            continue
        above = list(enumerate(order.people))[payee.level :]
        peers = [place for place, member in above if order.ranks[place] == rank and (payee.line, member) not in paid]
        for place in peers[: rule.generations]:
            entries.append(_entry(state, number, order, payee, place, time))
    return [entry for entry in entries if entry.amount > 0]


def _entry(state: State, number: int, order: Order, payee: Entry, place: int, time: int) -> Entry:
    plan = state.plans[number]
    rule, line = plan.commission.peer, order.lines[payee.line - 1]
    assert rule is not None
    mode = Rounding[plan.semantics.rounding_of(place + 1)]
    if rule.of == "sale":
        base, zh, en = commissionable_amount(plan.semantics, line), "计佣金额", "commissionable amount"
        amount = rate_of_line(plan.semantics, line, rule.rate, place + 1)
    else:
        base, zh, en = payee.amount, "下方平级所得级差", "differential of the peer below"
        amount = rounded(base * rule.rate, PPM, mode)
    terms = f"{yuan(base)} × {percent(rule.rate)} = {yuan(amount)}"
    steps = [Step(f"平级奖：{zh} {terms}（{ROUNDING_ZH[mode]}）", f"peer bonus: {en} {terms} (rounded: {mode.name})")]
    entry = Entry(time, order.people[place], Component.peer, amount, number, steps)
    entry.line, entry.level, entry.base, entry.rate = payee.line, place + 1, base, rule.rate
    return entry
