"""Dividend 分红: a share of the company's volume, divided among the heads of some ranks by weight at a period's close.

The pool is a rate of all orders paid in the period, net of refunds, plus what earlier pools carried into it. A head's
share is pool × weight ÷ sum of weights, rounded down (股东分红: pool × level % ÷ Σ(level % × heads)). What the division
leaves stays with the company or goes into the next pool, so that at any moment pool = paid + residue. What a refund
after the close changes of a residue that was carried on goes the same way, pool after pool: with everything refunded,
every pool, whatever it was made of, is worth nothing.

A pool has a list of its heads. Heads of one weight have one share, so a refund after the close looks at the weights
first, and walks the list only if some share changes by a fen: the work is in proportion to the entries it writes.
Closing again works the pool out anew from the volume and the heads of now, and books the differences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from rules.book import Rows
from rules.calendar import calendar_numbers, period_of
from rules.commission.entry import append, credit, credit_to
from rules.events import DAY
from rules.events import Period as Kinds
from rules.jit import kernel
from rules.money import PPM, Rounding, divide, percent, proportion, rounded, yuan
from rules.payout.clawback import reverse, take_back
from rules.payout.hold import hold_entry, start_entry_hold
from rules.plan.compiled import Compiled, Tables
from rules.plan.limits import Period
from rules.plan.values import Rate, Section, Whole
from rules.readable import Entry, Order, Pool, Share, State, Step
from rules.records import Component, EntryStatus

if TYPE_CHECKING:
    from rules.plan.model import Plan

Weight = Annotated[Whole, Field(ge=1, le=1_000_000)]


class Dividend(Section):
    """Dividend 分红: a pool of the company's volume, and the weights of the ranks that divide it."""

    period: Period = "month"
    pool: Rate
    of: Literal["company_volume"] = "company_volume"
    shares: Annotated[dict[str, Weight], Field(min_length=1)]
    residue: Literal["keep", "carry"] = "keep"


_DIVIDEND, _HELD, _FLOOR = int(Component.dividend), int(EntryStatus.held), int(Rounding.floor)


def fill_dividend(tables: Compiled, number: int, plan: Plan) -> None:
    """Write pool and weights into the tables of plan `number`."""
    rule = plan.commission.dividend
    if rule is None:
        return
    row = tables.dividends[number : number + 1]
    row["period"], row["rate"], row["carry"] = Kinds[rule.period], rule.pool, rule.residue == "carry"
    row["weights"] = 0
    for place, rank in enumerate(plan.ranks):
        row["weights"][0, place] = rule.shares.get(rank.id, 0)


@kernel
def add_sale(book: Rows, order: int) -> None:
    """Add a paid order to the company's running volumes in its arm."""
    row = book.orders[order]
    for period in range(3):
        book.arms[row.arm].company[period] += row.goods


@kernel
def heads_wanted(book: Rows, plan: Tables, arm: int, period: int) -> int:
    """How many entries a close of this kind of period can make for an arm's pool at the most."""
    number = book.arms[arm].plan
    if plan.dividends[number].period != period:
        return 0
    wanted = 1
    for place in range(max(0, _latest_pool(book, arm, number)), book.clock[0].pools):
        wanted += book.pools[place].heads
    for member in range(len(book.members)):
        if _weight_now(book, plan, arm, number, member) > 0:
            wanted += 1
    return wanted


@kernel
def _weight_now(book: Rows, plan: Tables, arm: int, number: int, member: int) -> int:
    """The weight that a member has in an arm's pool that is closed now; 0 = no head."""
    person = book.members[member]
    if person.frozen or person.joined_at < 0 or person.arm != arm:
        return 0
    return plan.dividends[number].weights[person.rank]


@kernel
def _latest_pool(book: Rows, arm: int, number: int) -> int:
    place = book.clock[0].pools - 1
    while place >= 0 and (book.pools[place].plan != number or book.pools[place].arm != arm):
        place -= 1
    return place


@kernel
def close_pool(book: Rows, plan: Tables, arm: int, period: int, number_of_period: int, time: int) -> None:
    """Divide the pool of the period that ends, or is closed early or again, at `time`."""
    row = book.arms[arm]
    if plan.dividends[row.plan].period != period:
        return
    place = _latest_pool(book, arm, row.plan)
    if place < 0 or book.pools[place].period != number_of_period:
        if row.company[period] <= 0 and row.carried == 0:
            return
        place = _new_pool(book, plan, arm, number_of_period)
    pool = book.pools[place]
    pool.volume = row.company[period]
    pool.pool = _worth(book, plan, place)
    pool.closed = pool.pool
    _gather_heads(book, plan, place)
    _book_shares(book, plan, place, 0, time)
    _account(book, plan, place, time)


@kernel
def _new_pool(book: Rows, plan: Tables, arm: int, number_of_period: int) -> int:
    """An empty pool that takes over what earlier ones of its arm carried on."""
    clock = book.clock[0]
    for place in range(clock.pools):
        if (
            book.pools[place].arm == arm
            and book.pools[place].into < 0
            and plan.dividends[book.pools[place].plan].carry == 1
        ):
            book.pools[place].into = clock.pools
    pool = book.pools[clock.pools]
    pool.plan, pool.arm, pool.period = book.arms[arm].plan, arm, number_of_period
    pool.first, pool.heads, pool.into = -1, 0, -1
    pool.volume, pool.closed, pool.pool, pool.paid, pool.residue, pool.weight = 0, 0, 0, 0, 0, 0
    pool.carried = book.arms[arm].carried
    book.arms[arm].carried = 0
    clock.pools += 1
    return clock.pools - 1


@kernel
def _worth(book: Rows, plan: Tables, place: int) -> int:
    """What there is to divide: the rate of the volume, and what was carried in."""
    pool = book.pools[place]
    rule = plan.plans[pool.plan]
    return pool.carried + divide(max(0, pool.volume) * plan.dividends[pool.plan].rate, PPM, rule.rounding[0])


@kernel
def _gather_heads(book: Rows, plan: Tables, place: int) -> None:
    """Weigh everybody: new heads come into the pool's list, which is in order of members; nobody leaves it."""
    pool = book.pools[place]
    pool.weight = 0
    before, ahead = -1, pool.first
    for member in range(len(book.members)):
        weight = _weight_now(book, plan, pool.arm, pool.plan, member)
        if ahead >= 0 and book.shares[ahead].member == member:
            share = ahead
            ahead = book.shares[ahead].next
        elif weight > 0:
            share = _new_share(book, place, member, before, ahead)
        else:
            continue
        book.shares[share].weight = weight
        pool.weight += weight
        before = share


@kernel
def _new_share(book: Rows, place: int, member: int, before: int, ahead: int) -> int:
    """A head's share, put into the pool's list between two others."""
    share = book.clock[0].shares
    row = book.shares[share]
    row.member, row.booked, row.entry, row.next = member, 0, -1, ahead
    if before >= 0:
        book.shares[before].next = share
    else:
        book.pools[place].first = share
    book.pools[place].heads += 1
    book.clock[0].shares += 1
    return share


@kernel
def _share_of(amount: int, weight: int, weights: int) -> int:
    return proportion(amount, weight, weights, _FLOOR) if amount > 0 and 0 < weight <= weights else 0


@kernel
def _owed(book: Rows, plan: Tables, place: int, late: int, amount: int, weight: int) -> int:
    """The share of a weight in a pool of some amount; `late` 1: the share at the close, cut as the pool was since."""
    pool = book.pools[place]
    if late != 1:
        return _share_of(amount, weight, pool.weight)
    closed = _share_of(pool.closed, weight, pool.weight)
    if closed == 0:
        return 0
    lost = min(max(0, pool.closed - amount), pool.closed)
    return closed - proportion(closed, lost, pool.closed, plan.plans[pool.plan].clawback_rounding)


@kernel
def _book_shares(book: Rows, plan: Tables, place: int, late: int, time: int) -> None:
    """Bring what is booked for every head in line with what is owed: new entries, or reversals of the latest ones."""
    pool = book.pools[place]
    share = pool.first
    while share >= 0:
        row = book.shares[share]
        owed = _owed(book, plan, place, late, pool.pool, row.weight)
        if owed < row.booked:
            taken = take_back(book, plan, row.entry, row.booked - owed, time)
            row.booked -= taken
            pool.paid -= taken
        elif owed > row.booked:
            _pay_share(book, plan, place, share, owed - row.booked, time)
        share = row.next


@kernel
def _pay_share(book: Rows, plan: Tables, place: int, share: int, amount: int, time: int) -> None:
    pool, row = book.pools[place], book.shares[share]
    new = append(book, time, row.member, _DIVIDEND, amount)
    entry = book.entries[new]
    entry.period, entry.base, entry.plan = pool.period, pool.pool, pool.plan
    credit(book, new, _HELD)
    hold_entry(book, plan, pool.plan, new, time)
    row.entry = new
    row.booked += amount
    pool.paid += amount


@kernel
def _account(book: Rows, plan: Tables, place: int, time: int) -> None:
    """Keep, or carry into the next pool, what this one leaves: less than 0 where people may keep what is not there.

    If the next pool is closed already, it is worth more or less by it now, and so on, up to the one not yet closed.
    """
    while place >= 0:
        pool = book.pools[place]
        moved = pool.pool - pool.paid - pool.residue
        pool.residue += moved
        place = -1
        if plan.dividends[pool.plan].carry == 0:
            book.clock[0].kept += moved
        elif pool.into < 0 or plan.plans[book.pools[pool.into].plan].late_refund == 2:
            book.arms[pool.arm].carried += moved
        elif moved != 0:
            place = pool.into
            book.pools[place].carried += moved
            _revalue(book, plan, place, time)


@kernel
def _is_late(book: Rows, plan: Tables, place: int, paid_day: int, day: int) -> bool:
    """Whether a refund on a day of an order paid on another is one after the close of a pool."""
    pool = book.pools[place]
    period = plan.dividends[pool.plan].period
    return pool.period == period_of(paid_day, period) and pool.period < period_of(day, period)


@kernel
def take_off_pools(book: Rows, plan: Tables, order: int, amount: int, time: int) -> None:
    """Take a refund off the company's running volumes, or off the closed pools of the order's period."""
    arm, paid_day, day = book.orders[order].arm, book.orders[order].paid_at // DAY, time // DAY
    for period in range(3):
        if period_of(paid_day, period) == period_of(day, period):
            book.arms[arm].company[period] -= amount
    for place in range(book.clock[0].pools):
        late = plan.plans[book.pools[place].plan].late_refund
        if late != 2 and book.pools[place].arm == arm and _is_late(book, plan, place, paid_day, day):
            book.pools[place].volume -= amount
            _revalue(book, plan, place, time)
            _account(book, plan, place, time)


@kernel
def _revalue(book: Rows, plan: Tables, place: int, time: int) -> None:
    """Work a closed pool out again; its heads are walked only if a share moves."""
    pool = book.pools[place]
    late, before = plan.plans[pool.plan].late_refund, pool.pool
    pool.pool = _worth(book, plan, place)
    moved = False
    for rank in range(plan.plans[pool.plan].ranks):
        weight = plan.dividends[pool.plan].weights[rank]
        was, now = _owed(book, plan, place, late, before, weight), _owed(book, plan, place, late, pool.pool, weight)
        moved = moved or was != now
    if moved:
        _book_shares(book, plan, place, late, time)


@kernel
def heads_of_refund(book: Rows, plan: Tables, order: int, day: int) -> int:
    """How many entries a refund on a day, after the close of pools, can make at the most."""
    heads, paid_day = 0, book.orders[order].paid_at // DAY
    for place in range(book.clock[0].pools):
        if _is_late(book, plan, place, paid_day, day):
            for touched in range(place, book.clock[0].pools):
                heads += book.pools[touched].heads
    return heads


def divide_pool(state: State, number: int, period: str, period_number: int, time: int) -> None:
    """Divide an arm's pool of a period that ends, or is closed early or again, at `time`: the readable rule."""
    arm = state.arms[number]
    plan = state.plans[arm.plan]
    rule = plan.commission.dividend
    if rule is None or rule.period != period:
        return
    pools = [one for one in state.pools if one.arm == number]
    volume = arm.company[period]
    pool = next((one for one in pools if (one.plan, one.period) == (arm.plan, period_number)), None)
    if pool is None:
        if volume <= 0 and arm.carried == 0:
            return
        pool = Pool(arm.plan, number, period_number, arm.carried)
        arm.carried = 0
        for earlier in pools:
            earlier.into = earlier.into or pool
        state.pools.append(pool)
    pool.volume = volume
    pool.pool = pool.closed = _to_divide(state, pool)
    for member, person in enumerate(state.members):
        head = person.joined_at is not None and not person.frozen and person.arm == number
        weight = rule.shares.get(plan.ranks[person.rank].id, 0) if head else 0
        if weight or member in pool.heads:
            pool.heads.setdefault(member, Share()).weight = weight
    _book_heads(state, pool, "recompute", time)
    _settle_residue(state, pool, time)


def _to_divide(state: State, pool: Pool) -> int:
    plan = state.plans[pool.plan]
    assert plan.commission.dividend
    mode = Rounding[plan.semantics.rounding_of(0)]
    return pool.carried + rounded(max(0, pool.volume) * plan.commission.dividend.pool, PPM, mode)


def _due(state: State, pool: Pool, late: str, amount: int, weight: int) -> int:
    """The share of a weight in a pool of some amount."""
    weights = sum(head.weight for head in pool.heads.values())
    if weights == 0:
        return 0
    if late == "recompute":
        return max(0, amount) * weight // weights if weights >= weight else 0
    closed = max(0, pool.closed) * weight // weights if weights >= weight else 0
    lost = min(max(0, pool.closed - amount), pool.closed)
    mode = Rounding[state.plans[pool.plan].semantics.clawback_rounding]
    return closed - rounded(closed * lost, pool.closed, mode) if closed else 0


def _book_heads(state: State, pool: Pool, late: str, time: int) -> None:
    for member, head in sorted(pool.heads.items()):
        due = _due(state, pool, late, pool.pool, head.weight)
        if due < head.booked:
            assert head.entry is not None
            reason = Step(
                f"分红池现为 {yuan(pool.pool)}，应得 {yuan(due)}，已计 {yuan(head.booked)}",
                f"the pool is now {yuan(pool.pool)}: {yuan(due)} owed, {yuan(head.booked)} booked",
            )
            head.booked -= reverse(state, head.entry, head.booked - due, time, reason)
        elif due > head.booked:
            entry = Entry(
                time, member, Component.dividend, due - head.booked, pool.plan, _steps(state, pool, head, due)
            )
            entry.base, entry.period = pool.pool, pool.period
            head.entry, head.booked = credit_to(state, entry, EntryStatus.held), due
            start_entry_hold(state, head.entry, time)


def _steps(state: State, pool: Pool, head: Share, due: int) -> list[Step]:
    rule = state.plans[pool.plan].commission.dividend
    assert rule
    weights = sum(one.weight for one in pool.heads.values())
    volume, rate, worth = yuan(pool.volume), percent(rule.pool), yuan(pool.pool)
    plus = (f" + 上期结转 {yuan(pool.carried)}", f" + {yuan(pool.carried)} carried in") if pool.carried else ("", "")
    steps = [
        Step(f"分红池：公司销售额 {volume} × {rate}{plus[0]} = {worth}", f"pool: {volume} × {rate}{plus[1]} = {worth}"),
        Step(
            f"{worth} × 权重 {head.weight} ÷ 权重合计 {weights} = {yuan(due)}（向下取整）",
            f"{worth} × weight {head.weight} ÷ {weights} in all = {yuan(due)} (rounded: floor)",
        ),
    ]
    if head.booked:
        steps.append(Step(f"减去已计 {yuan(head.booked)}", f"less {yuan(head.booked)} booked before"))
    return steps


def _settle_residue(state: State, pool: Pool, time: int) -> None:
    """Keep, or carry into the next pool, closed or not, what this one leaves: the readable rule."""
    rule = state.plans[pool.plan].commission.dividend
    assert rule
    moved = pool.pool - pool.paid - pool.residue
    pool.residue += moved
    if rule.residue == "keep":
        state.kept += moved
    elif pool.into is None or state.plans[pool.into.plan].semantics.late_refund == "keep":
        state.arms[pool.arm].carried += moved
    elif moved:
        pool.into.carried += moved
        _work_out_again(state, pool.into, time)


def _work_out_again(state: State, pool: Pool, time: int) -> None:
    """Work a closed pool out again, and then whatever took over what it left: the readable rule."""
    rule, late = state.plans[pool.plan].commission.dividend, state.plans[pool.plan].semantics.late_refund
    assert rule
    before, pool.pool = pool.pool, _to_divide(state, pool)
    weights = rule.shares.values()
    if any(_due(state, pool, late, before, w) != _due(state, pool, late, pool.pool, w) for w in weights):
        _book_heads(state, pool, late, time)
    _settle_residue(state, pool, time)


def shrink_pools(state: State, order: Order, amount: int, time: int) -> None:
    """Take a refund off the company's running volumes, or off the closed pools of the order's period."""
    assert order.paid_at is not None
    paid, now = calendar_numbers(order.paid_at // DAY), calendar_numbers(time // DAY)
    for period in paid:
        if paid[period] == now[period]:
            state.arms[order.arm].company[period] -= amount
    for pool in [one for one in state.pools if one.arm == order.arm]:
        plan = state.plans[pool.plan]
        rule, late = plan.commission.dividend, plan.semantics.late_refund
        assert rule
        if late != "keep" and pool.period == paid[rule.period] < now[rule.period]:
            pool.volume -= amount
            _work_out_again(state, pool, time)
