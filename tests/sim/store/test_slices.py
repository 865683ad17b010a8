"""A desk that sees a slice at a time comes to what the engine comes to that sees the whole book."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator

import numpy as np
import pytest
from daily import some
from desks import Lived, feed, lived, told
from plain_shop import PlainShop

from rules.calendar import day_of
from rules.errors import InputError
from rules.events import DAY, Kind, Names, blank
from rules.plan.read import read_plan
from rules.records import Component
from sim.cli.common import load_plan
from sim.pipeline import Desk
from sim.rows import events_of
from sim.store.asks import Result
from sim.store.pages import MemberPage, OrderPage, blank_pages, layout
from sim.store.slices import Slices, whole_book

OWN_ROWS = ("statement", "payout")
"""Pointers to rows, which are numbered by page in a store."""


class _Agenda:
    """What is due in a plain shop, as it writes."""

    def __init__(self, shop: PlainShop) -> None:
        self._shop, self._seen, self._due = shop, 0, []

    def __call__(self, until: int) -> Iterator[tuple[int, bool, int]]:
        for change in self._shop.changes[self._seen :]:
            order = change.made.order
            if order is not None and order.due_at >= 0:
                heapq.heappush(self._due, (order.due_at, False, order.id))
            for page in change.made.members:
                if page.due_at >= 0:
                    heapq.heappush(self._due, (page.due_at, True, page.id))
        self._seen = len(self._shop.changes)
        while self._due and self._due[0][0] <= until:
            yield heapq.heappop(self._due)
            return


def _run(world: Lived) -> tuple[PlainShop, Slices]:
    slices = world.slices()
    shop = PlainShop(blank_pages(world.people, slices.meters, slices.titles))
    desk = Desk(slices)
    replies = feed(desk, world, lambda begin: shop.serve(begin()), _Agenda(shop))
    assert {reply.result for reply in replies} <= {Result.done, Result.refused}
    for number in range(world.people):
        page = shop.member(number)
        if page.next_midnight:
            done = slices.run([page], None, [], blank(0), slices.stamp(world.end, page))
            shop.members[number] = done.members[0].to_bytes()
    return shop, slices


@pytest.mark.parametrize(
    ("plan", "people", "days", "scenario"),
    [
        ("three_tier", 900, 110, "three_tier"),  # months close, holds end, money is withdrawn
        ("mall_three_level", 500, 60, "three_tier"),
        ("direct_team_weekly", 900, 60, "three_tier"),
        ("tuike_invited", 500, 60, "tuike"),
        ("tuike_last_click", 400, 50, "tuike"),
    ],
)
def test_entries_and_members_are_those_of_the_whole_book(plan, people, days, scenario):
    world = lived(plan, people, days, scenario)
    shop, _ = _run(world)
    assert len(world.entries)
    assert told(np.concatenate([change.made.entries for change in shop.changes])) == told(world.entries)
    for number in range(people):
        row, expected = shop.member(number).row[0], world.book.members[number]
        wrong = [name for name in expected.dtype.names if name not in OWN_ROWS and row[name] != expected[name]]
        assert not wrong, (number, wrong)


@pytest.mark.parametrize("every", some([37, 400, 100_000], 1))
def test_a_worker_that_comes_late_changes_no_entry(every):
    """Receipts, settlements and closes that wait for a worker happen as of when they were due, month by month."""
    world = lived("three_tier", 900, 110)
    shop = PlainShop(blank_pages(world.people, *(len(one) for one in (world.book.volumes, world.book.titles))))
    agenda, asked = _Agenda(shop), 0

    def seldom(until: int) -> Iterator[tuple[int, bool, int]]:
        nonlocal asked
        asked += 1
        return agenda(until) if asked % every == 0 or until == world.end else iter(())

    feed(Desk(world.slices()), world, lambda begin: shop.serve(begin()), seldom)
    assert told(np.concatenate([change.made.entries for change in shop.changes])) == told(world.entries)


def test_a_receipt_that_comes_late_closes_the_month_of_everybody_it_concerns():
    """A receipt due in January waits for its worker until the promoter's own upline is in February already."""
    world = lived("three_tier", 220, 75)
    slices = world.slices()
    shop, desk = PlainShop(blank_pages(3, slices.meters, slices.titles)), Desk(slices)
    top, promoter, buyer = 0, 1, 2
    january = day_of(dt.date(2026, 1, 10)) * DAY

    def bring(time: int, kind: Kind, **told: int) -> None:
        reply = shop.serve(desk.handle(events_of(kind, np.array([time]), **told)))
        assert reply.result is Result.done

    def order(number: int, member: int, time: int) -> None:
        bring(time, Kind.order, order=number, member=member, line=1, quantity=1, price=100_000, sku=0, category=0)
        bring(time, Kind.pay, order=number)

    bring(january, Kind.register, member=top)
    bring(january, Kind.register, member=promoter, other=top)
    bring(january, Kind.register, member=buyer, other=promoter)
    order(0, promoter, january + DAY)  # makes her a promoter
    order(1, buyer, january + 2 * DAY)  # 1,000 yuan promoted in January; received by itself on the 22nd
    bring(january + 24 * DAY, Kind.share, member=top)  # the 3rd of February
    shop.serve(desk.settle_order(1, january + 25 * DAY))
    shop.serve(desk.settle_member(promoter, january + 25 * DAY))
    made = np.concatenate([change.made.entries for change in shop.changes])
    ladder = made[made["component"] == int(Component.ladder)]
    both = [(top, 5_000, 100_000), (promoter, 5_000, 100_000)]  # 5 % of what each promoted: order 0, order 1
    assert ladder[["member", "amount", "base"]].tolist() == both


def test_journals_sum_to_zero_and_owe_what_the_wallets_have():
    world = lived("three_tier", 900, 110)
    shop, _ = _run(world)
    journals = [journal for change in shop.changes for journal in change.journals]
    assert all(sum(amount for _, amount in row) == 0 for journal in journals for row in journal.rows())
    assert len({journal.id for journal in journals}) == len(journals)
    owed = dict.fromkeys(range(world.people), 0)
    for journal in journals:
        for account, amount in journal.legs:
            if account >= 16:
                owed[account - 16] -= amount
    members = world.book.members
    assert owed == {
        number: int(members["pending"][number] + members["held"][number] + members["available"][number])
        for number in range(world.people)
    }


def test_pages_come_back_from_their_bytes():
    world = lived("three_tier", 900, 110)
    shop, slices = _run(world)
    for number, kept in shop.members.items():
        assert MemberPage.from_bytes(number, kept, slices.meters, slices.titles).to_bytes() == kept
    for number, kept in shop.orders.items():
        assert OrderPage.from_bytes(number, kept).to_bytes() == kept
    assert len(layout()) == 16


def test_stamps_only_grow():
    slices = lived("three_tier", 900, 110).slices()
    page = blank_pages(1, slices.meters, slices.titles)[0]
    first = slices.stamp(slices.start + 100, page)
    page.stamp = first + 7
    second = slices.stamp(slices.start + 50, page)
    assert second == first + 8
    assert slices.time_of(second) == slices.start + 100


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("commission: {dividend: {period: month, pool: 1%, shares: {member: 1}}}", "commission.dividend"),
        ("caps: {member_day: 5, over_cap: defer}", "caps.over_cap: defer"),
        ("campaigns: [{id: a, days: [0, 3], multiply: {base: 2}, budget: 10}]", "campaigns with a budget"),
        ("commission: {team: {period: month, measure: team_volume, rate: 1%}}", "team_volume"),
        ("semantics: {upline_snapshot: settle}", "upline_snapshot after payment"),
    ],
)
def test_what_looks_at_the_whole_book_is_refused_by_name(section, told):
    plan = read_plan(f"plan: p\nranks: [{{id: member}}]\n{section}\n", "a plan")
    assert told in whole_book(plan)
    with pytest.raises(InputError, match=r"looks at the whole book"):
        Slices([plan], Names(categories=["a"], skus=["b"], ranks=["member"]), 20_000)


def test_most_shipped_plans_can_be_sliced():
    assert whole_book(load_plan("three_tier")) == []
    assert "contests" in whole_book(load_plan("tuike_season"))
