"""Where the two engines must agree, to the fen and in order: used by every test that runs both."""

import numpy as np

from rules.payout.tax import TABLES
from rules.records import NEVER
from rules.trace import as_records

BALANCES = ("pending", "held", "available", "withdrawing", "withdrawn", "earned")
POOL = ("plan", "arm", "period", "carried", "volume", "closed", "pool", "paid", "residue")
ROUND = ("plan", "arm", "contest", "number", "day")
PLACING = ("member", "figure", "reached", "rival", "prize", "entry")
PAYOUT = ("time", "member", "amount", "fee", "tax", "vat", "income", "in_kind", "withheld", "sales", "months", "status")


def assert_same(compiled, readable) -> None:
    entries = compiled.book.rows("entries")
    expected = as_records(readable.state.entries)
    assert len(entries) == len(expected)
    for name in entries.dtype.names:
        np.testing.assert_array_equal(entries[name], expected[name], err_msg=name)
    for number, person in enumerate(readable.state.members):
        row = compiled.book.members[number]
        assert {name: int(row[name]) for name in BALANCES} == {name: getattr(person, name) for name in BALANCES}
        assert int(row["rank"]) == person.rank
        assert int(row["upline"]) == (-1 if person.upline is None else person.upline)
        assert int(row["streak"]) == person.streak
        assert int(row["arm"]) == person.arm
        assert int(row["credit"]) == person.credit
        for name in ("spent", "largest_order", "promoted", "promoted_orders", "bound_via", "appointed", "qualified"):
            assert int(row[name]) == getattr(person, name), name
        assert int(row["next_rank"]) == (-1 if person.next_rank is None else person.next_rank)
        assert int(row["deferred"]) == sum(deferral.waiting for deferral in person.deferrals)
    refusals = [(int(row["event"]), int(row["code"])) for row in compiled.book.rows("refusals")]
    assert refusals == [(event, int(code)) for event, code in readable.state.refusals]
    for name in ("fees", "taxes"):
        assert int(compiled.book.clock[0][name]) == getattr(readable.state, name)
    pools = [[int(row[name]) for name in POOL] for row in compiled.book.rows("pools")]
    assert pools == [[getattr(pool, name) for name in POOL] for pool in readable.state.pools]
    assert int(compiled.book.clock[0]["kept"]) == readable.state.kept
    arms = [(int(row["plan"]), int(row["carried"]), *row["company"].tolist()) for row in compiled.book.arms]
    if any(plan.commission.dividend for plan in readable.state.plans):
        assert arms == [(one.plan, one.carried, *one.company.values()) for one in readable.state.arms]
    assert [arm[0] for arm in arms] == [one.plan for one in readable.state.arms]
    assert compiled.budgets_used() == readable.state.budgets
    for order, row in zip(readable.state.orders, compiled.book.rows("orders"), strict=True):
        above = [one for one in row["chain"].tolist() if one >= 0]
        assert above == (order.people if row["paid_at"] >= 0 or len(above) > 1 else order.people[:1])
        assert int(row["disputed_by"]) == (-1 if order.disputed_by is None else order.disputed_by)
        assert int(row["via"]) == order.via
        assert (int(row["arm"]), int(row["plan"])) == (order.arm, order.plan)
        for name in ("held_from", "settle_at"):
            assert int(row[name]) == (NEVER if getattr(order, name) is None else getattr(order, name)), name
    assert_same_contests(compiled, readable)
    assert_same_payouts(compiled, readable)
    assert_same_parts(compiled, readable)
    assert_same_rewards(compiled, readable)


def assert_same_contests(compiled, readable) -> None:
    """The closed rounds with their places and prizes, and the value of prizes that no payout has taken in."""
    rows = compiled.book.rows("rounds")
    assert [[int(row[name]) for name in ROUND] for row in rows] == [
        [getattr(one, name) for name in ROUND] for one in readable.state.rounds
    ]
    for row, one in zip(rows, readable.state.rounds, strict=True):
        placings = compiled.book.placings[int(row["first"]) : int(row["first"] + row["places"])]
        assert [[int(place[name]) for name in PLACING] for place in placings] == [
            [-1 if getattr(place, name) is None else getattr(place, name) for name in PLACING] for place in one.placings
        ]
    assert compiled.book.member_extras["in_kind"].tolist() == [one.in_kind for one in readable.state.members]


def assert_same_payouts(compiled, readable) -> None:
    rows = compiled.book.rows("withdrawals")
    assert np.flatnonzero(rows["known"]).tolist() == sorted(readable.state.withdrawals)
    for number, payout in readable.state.withdrawals.items():
        row = rows[number]
        assert {name: int(row[name]) for name in PAYOUT} == {name: int(getattr(payout, name)) for name in PAYOUT}
        for name in ("sent_at", "done_at"):
            assert int(row[name]) == (NEVER if getattr(payout, name) is None else getattr(payout, name))
        for name in ("income_table", "vat_table"):
            place = int(row[name])
            assert (None if place < 0 else TABLES[place].id) == getattr(payout, name)


def assert_same_parts(compiled, readable) -> None:
    """What each line put into an entry and what of it is to be taken back; when customers first paid."""
    found = [
        tuple(int(row[name]) for name in ("entry", "line", "amount", "taken", "pieces"))
        for row in compiled.book.rows("parts")
        if row["entry"] >= 0
    ]
    assert sorted(found) == [
        (number, part.line, part.amount, part.taken, part.pieces)
        for number, entry in enumerate(readable.state.entries)
        for part in sorted(entry.parts, key=lambda one: (one.line, one.amount, one.taken, one.pieces))
    ]
    first = [-1 if one.first_paid_at is None else one.first_paid_at for one in readable.state.members]
    assert compiled.book.members["first_paid_at"].tolist() == first


def assert_same_rewards(compiled, readable) -> None:
    """Points, coupons, teams and titles, and what they are counted by."""
    for number, person in enumerate(readable.state.members):
        row = compiled.book.members[number]
        for name in ("points", "clicks", "invited", "invited_buyers"):
            assert int(row[name]) == getattr(person, name), name
        assert int(row["team"]) == len(person.team)
        assert int(row["promoter_since"]) == (-1 if person.promoter_since is None else person.promoter_since)
        assert person.points == sum(move.points for move in readable.state.movements if move.member == number)
    coupons = [
        (int(row["member"]), readable.coupons[row["coupon"]], int(row["expires"]), int(row["order"]))
        for row in compiled.book.rows("coupons")
    ]
    assert coupons == [
        (one.member, one.coupon, one.expires, -1 if one.order is None else one.order) for one in readable.state.coupons
    ]
    held = [len(person.titles) for person in readable.state.members]
    assert (compiled.book.titles >= 0).sum(axis=0).tolist() == held
