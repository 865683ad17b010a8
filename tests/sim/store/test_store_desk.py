"""The desk: what comes again, comes with other contents, comes too early, or was prepared for something else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desks import Lived, lived
from plain_shop import PlainShop

from rules.errors import InputError
from rules.events import Kind
from rules.lifecycle import Refusal
from sim.pipeline import ATTEMPTS, Desk, Uplines
from sim.store.asks import Ask, ReadUplines, Result, TakeStock
from sim.store.pages import blank_pages
from sim.stress.load.stream import Task


@pytest.fixture
def world() -> Lived:
    return lived("three_tier", 220, 75)


@pytest.fixture
def shop(world) -> PlainShop:
    slices = world.slices()
    return PlainShop(blank_pages(world.people, slices.meters, slices.titles))


def _desk(world: Lived, kept: bool = True) -> Desk:
    return Desk(world.slices(), Uplines(kept=kept))


def _bring(desk: Desk, shop: PlainShop, task: Task) -> Result:
    return shop.serve(desk.handle(task.events, task.number, task.source)).result


def _until(world: Lived, kind: Kind) -> tuple[list[Task], Task]:
    """All tasks before the first of a kind, and that one."""
    place = next(place for place, task in enumerate(world.tasks) if task.kind == kind)
    return list(world.tasks[:place]), world.tasks[place]


def test_an_order_that_comes_with_other_contents_is_a_conflict(world, shop):
    before, order = _until(world, Kind.order)
    desk = _desk(world)
    for task in before:
        _bring(desk, shop, task)
    assert _bring(desk, shop, order) is Result.done
    assert _bring(desk, shop, order) is Result.again
    other = order.events.copy()
    other["quantity"] += 1
    assert _bring(desk, shop, replace(order, events=other)) is Result.conflict


def test_a_refund_waits_for_the_one_before_it(world, shop):
    before, refund = _until(world, Kind.refund)
    desk = _desk(world)
    for task in before:
        _bring(desk, shop, task)
    assert _bring(desk, shop, replace(refund, number=1)) is Result.early
    assert _bring(desk, shop, refund) is Result.done
    assert _bring(desk, shop, refund) is Result.again
    assert len([change for change in shop.changes if change.kind == Kind.refund]) == 1


def test_an_event_on_an_order_that_is_not_there_is_refused(world, shop):
    _, pay = _until(world, Kind.pay)
    reply = shop.serve(_desk(world).handle(pay.events))
    assert (reply.result, reply.refusal) == (Result.refused, Refusal.unknown_order)
    assert shop.changes == []


def test_what_no_state_tells_is_known_by_its_number(world, shop):
    before, click = _until(world, Kind.click)
    desk = _desk(world)
    for task in before:
        _bring(desk, shop, task)
    assert _bring(desk, shop, click) is Result.done
    sharer = int(click.events["other"][0])
    assert shop.member(sharer).row["clicks"][0] == 1
    assert _bring(desk, shop, click) is Result.again
    assert shop.member(sharer).row["clicks"][0] == 1


def test_a_short_shelf_leaves_nothing_behind(world, shop):
    class Empty(PlainShop):
        def answer(self, ask: Ask) -> object:
            return None if isinstance(ask, TakeStock) else super().answer(ask)

    before, order = _until(world, Kind.order)
    empty, desk = Empty([shop.member(number) for number in range(world.people)]), _desk(world)
    for task in before:
        _bring(desk, empty, task)
    changes = len(empty.changes)
    assert _bring(desk, empty, order) is Result.short
    assert len(empty.changes) == changes
    assert empty.orders == {}


def test_a_stale_cache_is_found_out_under_the_lock(world, shop):
    """What a desk still believes of a buyer's upline is wrong: the order goes to the right promoter all the same."""
    before, pay = _until(world, Kind.pay)
    desk = _desk(world)
    for task in before:
        _bring(desk, shop, task)
    order = shop.order(int(pay.events["order"][0]))
    buyer = int(order.row["buyer"][0])
    above = int(shop.member(buyer).row["upline"][0])
    desk.uplines.above[buyer] = (0 if above < 0 else -1, -1)
    reply = shop.serve(desk.handle(pay.events, pay.number, pay.source))
    assert (reply.result, reply.attempts, desk.uplines.stale) == (Result.done, 2, 1)
    assert shop.order(order.id).row["chain"][0][0] == above


def test_what_changes_every_time_is_given_up_with_a_word(world, shop):
    class Restless(PlainShop):
        def answer(self, ask: Ask) -> object:
            answer = super().answer(ask)
            if isinstance(ask, ReadUplines):
                answer = [(member, upline + 7, clicked) for member, upline, clicked in answer]
            return answer

    before, pay = _until(world, Kind.pay)
    desk = _desk(world)
    for task in before:
        _bring(desk, shop, task)
    restless = Restless([shop.member(number) for number in range(world.people)])
    restless.orders = shop.orders
    desk.uplines.above.clear()
    with pytest.raises(InputError, match=rf"begun {ATTEMPTS} times"):
        restless.serve(desk.handle(pay.events))


def test_nothing_is_remembered_where_nothing_may_be(world, shop):
    before, pay = _until(world, Kind.pay)
    desk = _desk(world, kept=False)
    for task in before:
        _bring(desk, shop, task)
    asked = desk.uplines.asked
    _bring(desk, shop, pay)
    assert desk.uplines.asked > asked
