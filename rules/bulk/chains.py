"""Who is above the buyers of a block of orders, and who of them is paid as which level.

The people of all orders come first, by themselves: a step up a chain waits for memory, and while one order waits the
processor climbs for the next.
"""

from __future__ import annotations

from rules.bulk.columns import Lines
from rules.bulk.members import Changes
from rules.bulk.state import People, Work
from rules.commission.campaign import regime_of
from rules.events import DAY
from rules.jit import kernel
from rules.people.rank import ORDERS, SPEND
from rules.plan.compiled import Tables


@kernel
def find_chains(people: People, work: Work, lines: Lines, changes: Changes, plan: Tables, begin: int, end: int) -> None:
    """Say who is above the buyers of orders `begin` to `end`, and how they stand."""
    task, rule = work.task[0], plan.plans[0]
    next_change = changes.before[task.change] if task.change < len(changes.before) else end
    if next_change < end or (task.joins == 1 and rule.self_purchase == 1):
        _one_by_one(people, work, lines, changes, plan, begin, end)
        return
    _climb(people, work, lines, plan, begin, end - begin)
    if task.joins == 0:
        _stand(people, work, end - begin)
    else:
        for place in range(end - begin):
            _stand_one(people, work, place)
            _count_order(people, work, lines, plan, begin, place)


@kernel
def _climb(people: People, work: Work, lines: Lines, plan: Tables, begin: int, count: int) -> None:
    """Climb from the buyers of a block, one step for all of them, then the next."""
    rule, persons, chain, buyer = plan.plans[0], people.persons, work.chain, lines.buyer
    if rule.self_purchase == 0:
        for place in range(count):
            chain[0, place] = persons[buyer[begin + place]].upline
    else:
        levels = work.levels
        for place in range(count):
            person = persons[buyer[begin + place]]
            own = (levels[person.standing] >> 1) & 1 == 1
            chain[0, place] = buyer[begin + place] if own else person.upline
    for step in range(1, work.task[0].reach):
        for place in range(count):
            chain[step, place] = persons[chain[step - 1, place]].upline


@kernel
def _stand(people: People, work: Work, count: int) -> None:
    """How everybody in the chains of a block stands."""
    persons, chain, stood = people.persons, work.chain, work.stood
    for step in range(work.task[0].reach):
        for place in range(count):
            stood[step, place] = persons[chain[step, place]].standing


@kernel
def _one_by_one(people: People, work: Work, lines: Lines, changes: Changes, plan: Tables, begin: int, end: int) -> None:
    """The same, order by order, where one changes something for the next, or something happens to members between."""
    task, rule, chain = work.task[0], plan.plans[0], work.chain
    for order in range(begin, end):
        place, buyer = order - begin, lines.buyer[order]
        _make_changes_before(people, work, changes, plan, order)
        person = people.persons[buyer]
        own = rule.self_purchase == 1 and (work.levels[person.standing] >> 1) & 1 == 1
        chain[0, place] = buyer if own else person.upline
        for step in range(1, task.reach):
            chain[step, place] = people.persons[chain[step - 1, place]].upline
        _stand_one(people, work, place)
        if task.joins == 1:
            _count_order(people, work, lines, plan, begin, place)


@kernel
def _stand_one(people: People, work: Work, place: int) -> None:
    for step in range(work.task[0].reach):
        work.stood[step, place] = people.persons[work.chain[step, place]].standing


@kernel
def _make_changes_before(people: People, work: Work, changes: Changes, plan: Tables, order: int) -> None:
    """Let happen to members what comes before an order."""
    end = work.task[0].change
    while end < len(changes.before) and changes.before[end] <= order:
        end += 1
    make_changes(people, work, changes, plan, end)


@kernel
def make_changes(people: People, work: Work, changes: Changes, plan: Tables, end: int) -> None:
    """Let happen to members what has not happened yet, up to change `end`."""
    task = work.task[0]
    for change in range(task.change, end):
        _change_member(people, work, changes, plan, change)
    task.change = max(task.change, end)


@kernel
def _change_member(people: People, work: Work, changes: Changes, plan: Tables, change: int) -> None:
    """Let one thing happen to a member."""
    nobody, none = work.task[0].nobody, work.task[0].none
    member, kind, value = changes.member[change], changes.kind[change], changes.value[change]
    if kind == 0:
        people.persons[member].upline = value if value >= 0 else nobody
    elif kind == 1:
        give_rank(people, member, value, none)
    elif kind == 2:
        people.persons[member].frozen = value
        _give_standing(people, member, none)
    else:
        people.persons[member].joined = 1
        _join_by_orders(people, plan, member, none)


@kernel
def _give_standing(people: People, member: int, none: int) -> None:
    """Let a member stand as their rank, or as nobody while they are frozen."""
    person = people.persons[member]
    person.standing = none if person.frozen == 1 else person.rank


@kernel
def give_rank(people: People, member: int, rank: int, none: int) -> None:
    """Give a member a rank; months in a row start again."""
    people.persons[member].rank = rank
    if len(people.counts) > 0:
        months = people.counts[member]
        months.on_target, months.under = 0, 0
    _give_standing(people, member, none)


@kernel
def _join_by_orders(people: People, plan: Tables, member: int, none: int) -> None:
    """Give a member the rank that their own orders give, if it is above theirs."""
    if len(people.counts) > 0:
        own = people.counts[member]
        for rank in range(people.persons[member].rank + 1, plan.plans[0].ranks):
            rule = plan.ranks[0, rank]
            by_orders, by_spend = rule.join[ORDERS], rule.join[SPEND]
            if by_orders < 0 or by_spend < 0:
                met = (by_orders >= 0 and own.orders >= by_orders) or (by_spend >= 0 and own.spent >= by_spend)
            elif rule.join_any == 1:
                met = own.orders >= by_orders or own.spent >= by_spend
            else:
                met = own.orders >= by_orders and own.spent >= by_spend
            if met:
                give_rank(people, member, rank, none)


@kernel
def _count_order(people: People, work: Work, lines: Lines, plan: Tables, begin: int, place: int) -> None:
    """Count an order for its buyer, who may join a rank by it: it counts from the next order on."""
    buyer, first, last = lines.buyer[begin + place], work.begins[place], work.begins[place + 1]
    own = people.counts[buyer]
    own.orders += 1
    own.spent += work.paid_before[last] - work.paid_before[first]
    if len(lines.freight) > 0:
        for line in range(lines.first_line[begin] + first, lines.first_line[begin] + last):
            own.spent += lines.freight[line]
    _join_by_orders(people, plan, buyer, work.task[0].none)


@kernel
def find_payees(work: Work, lines: Lines, plan: Tables, begin: int, end: int) -> None:
    """Say who is paid as which level, where their rates are, and on which day."""
    rule, day, paid_at = plan.plans[0], work.day, lines.paid_at
    for order in range(begin, end):
        day[order - begin] = paid_at[order] // DAY
    if rule.ineligible == 0:
        _by_place(work, end - begin)
    else:
        _by_rank(work, plan, end - begin)
    if rule.stretches > 1:
        _add_regimes(work, plan, end - begin)


@kernel
def _by_place(work: Work, count: int) -> None:
    """Skip: the level is the place; whoever it does not pay has no rates."""
    task = work.task[0]
    chain, stood, payee, cell = work.chain, work.stood, work.payee, work.cell
    width = task.none + 1
    for level in range(task.depth):
        for place in range(count):
            payee[level, place] = chain[level, place]
            cell[level, place] = level * width + stood[level, place]


@kernel
def _by_rank(work: Work, plan: Tables, count: int) -> None:
    """Stop: nobody above somebody who may not be paid. Compress: the level goes on to the next who may."""
    task, rule = work.task[0], plan.plans[0]
    chain, stood, payee, cell = work.chain, work.stood, work.payee, work.cell
    width, levels, stops = task.none + 1, work.levels, rule.ineligible == 1
    for place in range(count):
        level = 0
        for step in range(task.reach):
            if level == task.depth:
                break
            if (levels[stood[step, place]] >> (level + 1)) & 1 == 1:
                payee[level, place] = chain[step, place]
                cell[level, place] = level * width + stood[step, place]
                level += 1
            elif stops:
                break
        for above in range(level, task.depth):
            payee[above, place] = task.nobody
            cell[above, place] = above * width + task.none


@kernel
def _add_regimes(work: Work, plan: Tables, count: int) -> None:
    """Move on to the rates of the campaigns that are on."""
    task, day, cell = work.task[0], work.day, work.cell
    known, offset = -1, 0
    for place in range(count):
        if day[place] != known:
            known = day[place]
            offset = regime_of(plan, 0, known, 0) * task.regime
        for level in range(task.depth):
            cell[level, place] += offset
