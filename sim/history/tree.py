"""A plain purchase log turned into a referral store's history, by a rule that anyone can recompute.

No public log of a commission store exists, so we take real purchases (who, which day, how many, how much) and
add what the log does not say: who invited whom, times of day, categories, refunds. Everything added is a hash
of (seed, purpose, customer, ordinal of the purchase) in integer arithmetic (`sim.draws`): no random state,
the same rows on every machine. What the log says is kept: row order, day of payment, number of items, amount
to the cent, also the orders of amount 0. Amounts are read one to one: a dollar of CDNOW is a yuan, a cent
a fen.

The rule, in the order in which it is applied:

1. **Times.** An order is placed between 08:00 and 23:00 (triangular, most in mid-afternoon), paid 10 to 599
   seconds later on the same day, received 2 to 6 days later between 09:00 and 21:00. Of several orders of one
   customer on one day, the earlier row is the earlier order. A customer joins 1 to 60 minutes before placing
   her first order.
2. **Inviters.** A share `invited` of the customers has an inviter. She draws one of those who had paid their
   first order before she joined, each equally likely; a share `pass_on` of them names his own inviter
   instead, if he has one. This redirection is preferential attachment (Krapivsky & Redner 2001, "Organization
   of growing random networks", Phys. Rev. E 63, 066123): the number of direct invitees has a power tail with
   exponent 1 + 1 / pass_on.
3. **Goods.** Category by weight; product number as the smaller of two equal draws, so low numbers sell more;
   channel by weight. Quantity is the number of items; the unit price is paid / quantity rounded up to a fen
   and the discount takes the difference, so price x quantity - discount is exactly what was paid. No freight.
4. **Refunds.** A share `refunded` of the orders that cost something comes back 1 hour to 15 days after
   receipt: a share `whole` of them entirely, the others 1 to quantity - 1 pieces at their part of the amount,
   rounded down (a single piece: half the amount).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rules.money import PPM
from sim.draws import Purpose, bits_array, draw_array, field_array, key, pick_array
from sim.history.purchases import Purchases

Integers = NDArray[np.int64]

DAY, HOUR, MINUTE = 86_400, 3_600, 60
NOBODY = -1
MONEY = pa.decimal128(18, 2)
"""Yuan with two decimals, exact."""
TIME = pa.timestamp("s")
"""Local time (Asia/Shanghai), without a zone, to the second."""


@dataclass(frozen=True)
class TreeRule:
    """The numbers of the rule; shares and weights in parts per million, weights add up to a million."""

    seed: int = 19970101
    invited: int = 700_000
    pass_on: int = 600_000
    refunded: int = 60_000
    whole: int = 700_000
    products: int = 60
    categories: tuple[tuple[str, int], ...] = (("fmcg", 500_000), ("digital", 200_000), ("home", 300_000))
    channels: tuple[tuple[str, int], ...] = (("wechat", 600_000), ("app", 300_000), ("web", 100_000))

    def __post_init__(self) -> None:
        for name in ("categories", "channels"):
            total = sum(weight for _, weight in getattr(self, name))
            if total != PPM:
                raise ValueError(f"weights of {name} must add up to {PPM}, but got {total}.")


@dataclass(frozen=True)
class StoreHistory:
    """Orders and members in the contract's history columns; one order of one line per row of the log."""

    orders: pa.Table
    members: pa.Table


@dataclass(frozen=True)
class Clock:
    """Seconds since 1970-01-01, local time: one per order; `joined` and `first_paid` one per customer."""

    placed: Integers
    paid: Integers
    received: Integers
    joined: Integers
    first_paid: Integers


def referral_history(purchases: Purchases, rule: TreeRule | None = None) -> StoreHistory:
    """The history of a referral store in which exactly these purchases happened."""
    rule = rule or TreeRule()
    ordinal = ordinals(purchases.customer)
    clock = clock_of(purchases, ordinal, rule)
    return StoreHistory(_orders(purchases, ordinal, clock, rule), _members(purchases, clock, inviters(clock, rule)))


def ordinals(customer: NDArray[Any]) -> Integers:
    """Which purchase of her customer each row is, from 0, in row order."""
    order = np.argsort(customer, kind="stable")
    ranked = customer[order]
    start = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))
    counts = np.diff(np.append(start, len(ranked)))
    result = np.empty(len(customer), np.int64)
    result[order] = np.arange(len(customer)) - np.repeat(start, counts)
    return result


def clock_of(purchases: Purchases, ordinal: Integers, rule: TreeRule) -> Clock:
    """Step 1 of the rule."""
    customer, midnight = purchases.customer, purchases.day.astype(np.int64) * DAY
    words = _words(rule, Purpose.HISTORY_HOUR, customer, ordinal)
    second = 8 * HOUR + ((field_array(words, 0, 24) + field_array(words, 24, 24)) * (15 * HOUR) >> 25)
    placed = midnight + _rising(customer, purchases.day, second)
    paid = placed + 10 + pick_array(_words(rule, Purpose.HISTORY_PAY, customer, ordinal), 590)
    words = _words(rule, Purpose.HISTORY_RECEIPT, customer, ordinal)
    days = 2 + (field_array(words, 0, 24) * 5 >> 24)
    received = midnight + days * DAY + 9 * HOUR + pick_array(words, 12 * HOUR)
    people = np.arange(len(purchases.ids))
    delay = MINUTE + pick_array(draw_array(key(rule.seed, Purpose.HISTORY_JOIN), people), 59 * MINUTE)
    joined = _first(placed, customer, len(people)) - delay
    return Clock(placed, paid, received, joined, _first(paid, customer, len(people)))


def inviters(clock: Clock, rule: TreeRule) -> Integers:
    """Step 2 of the rule: the index of every customer's inviter, or `NOBODY`.

    An inviter had paid before his invitee joined, so there are no circles and his first purchase is never
    later.
    """
    people = np.arange(len(clock.joined))
    by_payment = np.lexsort((people, clock.first_paid))
    candidates = np.searchsorted(clock.first_paid[by_payment], clock.joined, side="right")
    invited = _chance(draw_array(key(rule.seed, Purpose.HISTORY_INVITED), people), rule.invited)
    words = draw_array(key(rule.seed, Purpose.HISTORY_INVITER), people)
    drawn = by_payment[pick_array(words, candidates)]
    passes = field_array(words, 0, 24) * PPM < rule.pass_on << 24
    named = np.where(invited & (candidates > 0), drawn, NOBODY).tolist()
    result = [NOBODY] * len(named)
    for person in np.lexsort((people, clock.joined)).tolist():
        inviter = named[person]
        if inviter != NOBODY and passes[person] and result[inviter] != NOBODY:
            inviter = result[inviter]
        result[person] = inviter
    return np.array(result, np.int64)


def depths(inviter: NDArray[Any]) -> Integers:
    """How many inviters stand above each customer: 0 without one."""
    depth, above = np.zeros(len(inviter), np.int64), np.asarray(inviter)
    while (above != NOBODY).any():
        depth += above != NOBODY
        above = np.where(above == NOBODY, NOBODY, inviter[above])
    return depth


def _orders(purchases: Purchases, ordinal: Integers, clock: Clock, rule: TreeRule) -> pa.Table:
    """Steps 3 and 4 of the rule: the orders table."""
    customer, rows = purchases.customer, len(purchases)
    quantity = np.maximum(purchases.items.astype(np.int64), 1)
    price = -(-purchases.cents // quantity)
    names, category = _weighted(_words(rule, Purpose.HISTORY_CATEGORY, customer, ordinal), rule.categories)
    channels, channel = _weighted(_words(rule, Purpose.HISTORY_CHANNEL, customer, ordinal), rule.channels)
    refunded_at, refund = _refunds(purchases, quantity, ordinal, clock, rule)
    words = _words(rule, Purpose.HISTORY_SKU, customer, ordinal)
    product = np.minimum(pick_array(words, rule.products), field_array(words, 0, 24) * rule.products >> 24)
    categories = pa.array(names).take(pa.array(category))
    return pa.table({
        "order_id": pc.binary_join_element_wise("O", _padded(np.arange(1, rows + 1), 7), ""),
        "line": pa.array(np.ones(rows, np.int32)),
        "member_id": pa.array(purchases.ids, pa.string()).take(pa.array(customer)),
        "placed_at": pa.array(clock.placed).cast(TIME),
        "paid_at": pa.array(clock.paid).cast(TIME),
        "received_at": pa.array(clock.received).cast(TIME),
        "sku": pc.binary_join_element_wise(categories, _padded(product + 1, 3), "-"),
        "category": categories,
        "quantity": pa.array(quantity),
        "price": money(price),
        "member_price": pa.nulls(rows, MONEY),
        "discount": money(price * quantity - purchases.cents),
        "freight": money(np.zeros(rows, np.int64)),
        "refunded_at": pa.array(refunded_at, mask=refund == 0).cast(TIME),
        "refund_amount": pc.if_else(pa.array(refund > 0), money(refund), pa.scalar(None, MONEY)),
        "channel": pa.array(channels).take(pa.array(channel)),
    })  # fmt: skip


def _refunds(
    purchases: Purchases, quantity: Integers, ordinal: Integers, clock: Clock, rule: TreeRule
) -> tuple[Integers, Integers]:
    """Time and amount in cents of every order's refund; amount 0 where there is none."""
    words = _words(rule, Purpose.HISTORY_REFUND, purchases.customer, ordinal)
    happens = (field_array(words, 0, 24) * PPM < rule.refunded << 24) & (purchases.cents > 0)
    whole = (field_array(words, 24, 16) * PPM < rule.whole << 16) | (purchases.cents == 1)
    pieces = 1 + (field_array(words, 40, 24) * np.maximum(quantity - 1, 1) >> 24)
    part = np.maximum(purchases.cents * pieces // np.maximum(quantity, 2), 1)
    amount = np.where(happens, np.where(whole, purchases.cents, part), 0)
    later = HOUR + pick_array(_words(rule, Purpose.HISTORY_REFUND_DAY, purchases.customer, ordinal), 15 * DAY - HOUR)
    return clock.received + later, amount


def _members(purchases: Purchases, clock: Clock, inviter: Integers) -> pa.Table:
    """The members table, in the order of the log's customers. Ranks are left to the plan."""
    ids = pa.array(purchases.ids, pa.string())
    return pa.table({
        "member_id": ids,
        "inviter_id": ids.take(pa.array(inviter, mask=inviter == NOBODY)),
        "rank": pa.nulls(len(ids), pa.string()),
        "joined_at": pa.array(clock.joined).cast(TIME),
    })  # fmt: skip


def money(cents: Integers) -> pa.Array:
    """Cents as exact decimals with two places, without going through a float."""
    words = np.stack([cents, cents >> 63], axis=1).astype("<i8")
    return pa.Array.from_buffers(MONEY, len(cents), [None, pa.py_buffer(np.ascontiguousarray(words))])


def _words(rule: TreeRule, purpose: Purpose, customer: NDArray[Any], ordinal: Integers) -> NDArray[np.uint64]:
    return bits_array(key(rule.seed, purpose), customer, ordinal)


def _chance(words: NDArray[np.uint64], ppm: int) -> NDArray[np.bool_]:
    """True for a share of `ppm` millionths, from the lower 24 bits."""
    return field_array(words, 0, 24) * PPM < ppm << 24


def _weighted(words: NDArray[np.uint64], choices: tuple[tuple[str, int], ...]) -> tuple[list[str], Integers]:
    """The names, and for each word the index of one of them, chosen by weight."""
    bounds = np.cumsum([weight for _, weight in choices])
    return [name for name, _ in choices], np.searchsorted(bounds, pick_array(words, PPM), side="right")


def _rising(customer: NDArray[Any], day: NDArray[Any], second: Integers) -> Integers:
    """The same seconds, given to the rows of one customer and day in rising order."""
    rows = np.lexsort((np.arange(len(day)), day, customer))
    values = np.lexsort((second, day, customer))
    result = np.empty_like(second)
    result[rows] = second[values]
    return result


def _first(times: Integers, customer: NDArray[Any], people: int) -> Integers:
    """The earliest time of every customer."""
    first = np.full(people, np.iinfo(np.int64).max)
    np.minimum.at(first, customer, times)
    return first


def _padded(numbers: Integers, width: int) -> pa.Array:
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, padding="0")
