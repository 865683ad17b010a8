"""Abuse of sales: own orders below own accounts, kept or sent back, and honest sales lifted by them."""

from __future__ import annotations

from collections.abc import Mapping

from rules.commission.ladder import Ladder
from sim.redteam.farming import SHIPPING, STAR, finish_sales, longest_period, qualify
from sim.redteam.moves import Order, Play
from sim.redteam.space import Space, amounts, counts, entries, goods
from sim.redteam.world import World

HONEST = 10_000_00
"""Fen of honest sales on which a better rank is judged."""


def alone_space(world: World) -> Space:
    """Orders of one account."""
    orders = {"times": counts(10), "amount": amounts(world), "good": goods(world), "entry": entries(world)}
    return {"levels": [0]} | orders


def chain_space(world: World) -> Space:
    """Orders of the last account of a chain."""
    return alone_space(world) | {"levels": _levels(world)}


def _levels(world: World) -> list[int]:
    """Accounts above the buyer: as far up as anybody can be paid, and one more."""
    return list(range(1, max(2, min(world.means.accounts, world.plan.reach + 2))))


def buy_and_keep(play: Play, numbers: Mapping[str, int]) -> None:
    """The last account of a chain buys some times, and the goods are kept."""
    _chain(play, numbers)
    for _ in range(numbers["times"]):
        play.buy(numbers["levels"], play.world.goods[numbers["good"]], numbers["amount"])
    finish_sales(play)


def _chain(play: Play, numbers: Mapping[str, int]) -> None:
    """Accounts above each other, those above the buyer let in."""
    play.team(numbers["levels"] + 1)
    qualify(play, range(max(1, numbers["levels"])), numbers["entry"])


def cheap_space(world: World) -> Space:
    """Accounts, and on how many days each but the first buys."""
    most = world.means.accounts
    shape: Space = {"accounts": counts(most, 2) or [most], "branch": [1, 2, 3, STAR], "days": [1, 7, 30]}
    return shape | {"amount": amounts(world), "good": goods(world), "entry": entries(world)}


def buy_cheaply(play: Play, numbers: Mapping[str, int]) -> None:
    """Each account but the first buys something on each day, and keeps it."""
    play.team(numbers["accounts"], numbers["branch"])
    qualify(play, range(play.accounts), numbers["entry"])
    for _ in range(numbers["days"]):
        for who in range(1, play.accounts):
            play.buy(who, play.world.goods[numbers["good"]], numbers["amount"])
        play.wait(1)
    finish_sales(play)


def refund_space(world: World) -> Space:
    """How orders are placed, received and sent back: `late` on a period's last day, `ask` before it is too late."""
    receipt = sorted({SHIPPING, max(SHIPPING, world.plan.settlement.auto_receive_days - 1)})
    when: Space = {"receipt": receipt, "ask": [0, 1], "late": [0, 1] if longest_period(world.plan) else [0]}
    levels = sorted({*_levels(world), *counts(max(1, world.means.accounts - 1))})
    who: Space = {"levels": levels, "all_buy": [0, 1], "cycles": [1, 2, 3, 5, 10]}
    return who | when | {"amount": amounts(world), "good": goods(world), "entry": entries(world)}


def pay_out_then_refund(play: Play, numbers: Mapping[str, int]) -> None:
    """Buy, wait until commission is paid out, and send the goods back as late as that goes; some times over."""
    _chain(play, numbers)
    good, period = play.world.goods[numbers["good"]], longest_period(play.world.plan)
    for _ in range(numbers["cycles"]):
        if numbers["late"] and period:
            play.wait_for_last_day(period)
        buyers = range(1 if numbers["all_buy"] else numbers["levels"], numbers["levels"] + 1)
        orders = [play.buy(who, good, numbers["amount"]) for who in buyers]
        play.wait(numbers["receipt"])
        _pay_out_before_refund(play, orders, numbers["ask"])
    play.settle()
    play.cash_out()


def _pay_out_before_refund(play: Play, orders: list[Order], ask: int) -> None:
    """Receive orders; take out what has settled when their refund can wait no longer; get the refund."""
    for order in orders:
        play.receive(order)
    if ask:
        play.wait(play.world.means.returns)
        for order in orders:
            play.ask(order)
    until = play.last_moment(orders[0])
    play.settle(until)
    play.cash_out(until)
    for order in orders:
        play.refund(order)


def pieces_space(world: World) -> Space:
    """Small prices and how many pieces of them."""
    low = min(good.low for good in world.goods)
    prices = [low + step for step in (0, 1, 2, 3, 4, 5, 7, 9, 13, 19, 49, 99)]
    pieces = [2, 3, 5, 10, 20, 50]
    return {"levels": _levels(world), "price": prices, "pieces": pieces, "kept": [0, 1], "entry": entries(world)}


def refund_by_piece(play: Play, numbers: Mapping[str, int]) -> None:
    """An order of many pieces that come back one by one, all or all but one."""
    _chain(play, numbers)
    good = min(play.world.goods, key=lambda one: one.low)
    price = min(numbers["price"], good.high)
    if numbers["pieces"]:
        order = play.buy_pieces(numbers["levels"], good, price, numbers["pieces"])
        play.wait(SHIPPING)
        play.receive(order)
        for _ in range(numbers["pieces"] - numbers["kept"]):
            play.refund(order, pieces=1)
    finish_sales(play)


def cliff_space(world: World) -> Space:
    """Which bracket honest sales fall short of, by how much, and whether the order that crosses it goes back."""
    ladder = _ladder(world)
    gaps = sorted({max(one, min(good.low for good in world.goods)) for one in (1_00, 10_00, 100_00, 1_000_00)})
    brackets = [number for number, one in enumerate(ladder.brackets) if one.from_ > gaps[0]]
    space: Space = {"trick": [1], "bracket": brackets or [0], "gap": gaps, "back": [0, 1]}
    return space | {"good": goods(world), "entry": entries(world)}


def cross_the_bracket(play: Play, numbers: Mapping[str, int]) -> None:
    """Honest sales end a little below a bracket; an own order crosses it, and perhaps goes back after the close."""
    ladder, good = _ladder(play.world), play.world.goods[numbers["good"]]
    depth = {"direct_team_volume": 1, "team_volume": 1}.get(ladder.measure, 0)
    play.team(depth + 2)
    qualify(play, range(play.accounts), numbers["entry"])
    customer = 0 if ladder.measure == "personal_volume" else play.customer(depth)
    play.wait_for_last_day(ladder.period)
    gap = max(numbers["gap"], good.low)
    honest = play.buy(customer, good, max(good.low, ladder.brackets[numbers["bracket"]].from_ - gap), ours=False)
    own = play.buy(0 if customer == 0 else depth + 1, good, gap) if numbers["trick"] else None
    play.wait_for_close(ladder.period)
    play.wait(SHIPPING)
    for order in (honest, own):
        if order is not None:
            play.receive(order)
    if own is not None and numbers["back"]:
        play.wait(play.world.means.returns)
        play.refund(own)
    play.settle()
    play.cash_out()


def _ladder(world: World) -> Ladder:
    ladder = world.plan.commission.ladder
    assert ladder is not None
    return ladder


def rank_space(world: World) -> Space:
    """What is bought for a rank and sent back, and what honest customers then buy."""
    return {"entry": entries(world)[1:] or [0], "good": goods(world)}


def sell_with_rank(play: Play, numbers: Mapping[str, int]) -> None:
    """Buy what brings a rank, get the money back, and sell to an honest customer."""
    play.share(0)
    qualify(play, range(1), numbers["entry"])
    customer = play.customer(0)
    play.buy(customer, play.world.goods[numbers["good"]], HONEST, ours=False)
    finish_sales(play)
