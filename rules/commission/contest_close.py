"""The close of a contest's round 竞赛结算: who has which place, which team won its pair, and what they are booked.

At the midnight that ends a round, the members of an arm who are registered, not frozen, of the contest's ranks and have
its minimum are put in order: the higher figure first, of equals who reached it first, then the lower number. What was
counted and given back leaves no trace in the time: reached is when a figure last rose. This order is final: a refund
after the close changes no place and takes nothing back, and an operator's early close does not touch contests. A round
in which nobody has a place leaves none.

With `pk` the members are paired by their places of the round before (1 and 2, 3 and 4, …), so the first round pairs
only; who is ahead of the other and has the minimum wins the prize.

Money is an entry of component `contest`, held like other pay of a period and outside the caps on a member. Goods are an
entry of component `prize`: its amount is 0, so that no wallet holds what nobody can pay out, and its `base` is the
value, which is where statement, tax (`rules.payout.tax`) and compliance look.
"""

from __future__ import annotations

from rules.book import Rows
from rules.commission.campaign import plan_start
from rules.commission.contest import VOLUMES, Contest, Race, race_of, round_of, round_on
from rules.commission.contest import Prize as PrizeTerms
from rules.commission.entry import append, credit, credit_to
from rules.jit import kernel
from rules.money import yuan
from rules.payout.hold import hold_entry, start_entry_hold
from rules.plan.compiled import NONE, Tables
from rules.readable import Entry, Placing, Round, Standing, State, Step
from rules.records import Component, EntryStatus

_CONTEST, _PRIZE, _HELD = int(Component.contest), int(Component.prize), int(EntryStatus.held)
_ONCE = 3


@kernel
def _ends(plan: Tables, number: int, contest: int, day: int) -> bool:
    """Whether a round of a contest of plan `number` ends with a day."""
    race = plan.races[plan.contests[number, contest].race]
    running = round_of(race, day)
    return running != NONE and round_of(race, day + 1) != running


@kernel
def _figure(book: Rows, plan: Tables, arm: int, contest: int, member: int, day: int) -> int:
    """The figure with which a member has a place in the round that ends with a day; 0 = has none."""
    number, person = book.arms[arm].plan, book.members[member]
    rule = plan.contests[number, contest]
    standing = book.standings[rule.race, member]
    if standing.figure < rule.least or standing.round != round_of(plan.races[rule.race], day):
        return 0
    if person.arm != arm or person.joined_at < 0 or person.frozen or (rule.ranks >> person.rank) & 1 == 0:
        return 0
    return standing.figure


@kernel
def rows_of_contests(book: Rows, plan: Tables, day: int) -> int:
    """How many rows the contests whose round ends with a day can add to any array, at the most."""
    wanted = 0
    if len(plan.races) == 0:
        return wanted
    for arm in range(len(book.arms)):
        number = book.arms[arm].plan
        for contest in range(plan.plans[number].contests):
            if _ends(plan, number, contest, day):
                wanted += 1
                for member in range(len(book.members)):
                    if _figure(book, plan, arm, contest, member, day) > 0:
                        wanted += 1
    return wanted


@kernel
def close_contests(book: Rows, plan: Tables, day: int, time: int) -> None:
    """Close, at the midnight `time`, every round that ends with a day, arm by arm."""
    if len(plan.races) == 0:
        return
    for arm in range(len(book.arms)):
        number = book.arms[arm].plan
        for contest in range(plan.plans[number].contests):
            if _ends(plan, number, contest, day):
                _close(book, plan, arm, contest, day, time)


@kernel
def _close(book: Rows, plan: Tables, arm: int, contest: int, day: int, time: int) -> None:
    clock, number = book.clock[0], book.arms[arm].plan
    rule = plan.contests[number, contest]
    row = book.rounds[clock.rounds]
    row.plan, row.arm, row.contest, row.day = number, arm, contest, day
    row.number, row.first = round_of(plan.races[rule.race], day), clock.placings
    _gather(book, plan, arm, contest, day)
    _sort(book, row.first, clock.placings)
    for place in range(row.first, clock.placings):
        prize = (
            _won(book, plan, arm, contest, place, day)
            if rule.pk == 1
            else _prize_of(plan, number, contest, place - row.first + 1)
        )
        if prize >= 0:
            _book(book, plan, clock.rounds, place, prize, time)
    if rule.pk == 1:
        _pair(book, rule.race, arm, row.first)
    else:
        clock.placings = min(clock.placings, row.first + rule.places)
    row.places = clock.placings - row.first
    if row.places > 0:
        clock.rounds += 1


@kernel
def _gather(book: Rows, plan: Tables, arm: int, contest: int, day: int) -> None:
    """Write down everybody who has a place, in order of members."""
    race = plan.contests[book.arms[arm].plan, contest].race
    for member in range(len(book.members)):
        figure = _figure(book, plan, arm, contest, member, day)
        if figure > 0:
            row, standing = book.placings[book.clock[0].placings], book.standings[race, member]
            row.member, row.figure, row.reached = member, figure, standing.reached
            row.rival, row.prize, row.entry = standing.rival, NONE, NONE
            book.clock[0].placings += 1


@kernel
def _ahead(book: Rows, left: int, right: int) -> bool:
    """Whether one row of `placings` has a better place than another."""
    a, b = book.placings[left], book.placings[right]
    if a.figure != b.figure:
        return a.figure > b.figure
    if a.reached != b.reached:
        return a.reached < b.reached
    return a.member < b.member


@kernel
def _swap(book: Rows, left: int, right: int) -> None:
    a, b = book.placings[left], book.placings[right]
    member, figure, reached, rival = a.member, a.figure, a.reached, a.rival
    a.member, a.figure, a.reached, a.rival = b.member, b.figure, b.reached, b.rival
    b.member, b.figure, b.reached, b.rival = member, figure, reached, rival


@kernel
def _sink(book: Rows, first: int, place: int, end: int) -> None:
    """Let a row sink in the heap of the rows from `first` up to `end`, whose root has the worst place."""
    while True:
        child = 2 * place + 1
        if first + child >= end:
            return
        if first + child + 1 < end and _ahead(book, first + child, first + child + 1):
            child += 1
        if not _ahead(book, first + place, first + child):
            return
        _swap(book, first + place, first + child)
        place = child


@kernel
def _sort(book: Rows, first: int, end: int) -> None:
    """Put the rows from `first` up to `end` in order of places (heapsort)."""
    for place in range((end - first) // 2 - 1, -1, -1):
        _sink(book, first, place, end)
    for last in range(end - 1, first, -1):
        _swap(book, first, last)
        _sink(book, first, 0, last)


@kernel
def _prize_of(plan: Tables, number: int, contest: int, place: int) -> int:
    """The prize of a place, counted from 1, or NONE."""
    for prize in range(plan.contests[number, contest].prizes):
        rule = plan.prizes[number, contest, prize]
        if rule.first <= place and place <= rule.last:
            return prize
    return NONE


@kernel
def _won(book: Rows, plan: Tables, arm: int, contest: int, place: int, day: int) -> int:
    """The prize of whoever is ahead of their rival, or NONE."""
    row = book.placings[place]
    if row.rival < 0 or book.members[row.rival].arm != arm:
        return NONE
    theirs = _figure(book, plan, arm, contest, row.rival, day)
    if row.figure != theirs:
        return 0 if row.figure > theirs else NONE
    reached = book.standings[plan.contests[book.arms[arm].plan, contest].race, row.rival].reached
    if row.reached != reached:
        return 0 if row.reached < reached else NONE
    return 0 if row.member < row.rival else NONE


@kernel
def _pair(book: Rows, race: int, arm: int, first: int) -> None:
    """Pair the members of an arm for the next round by the places they have now; an odd one out has no rival."""
    for member in range(len(book.members)):
        if book.members[member].arm == arm:
            book.standings[race, member].rival = NONE
    for place in range(first, book.clock[0].placings - 1, 2):
        one, other = book.placings[place].member, book.placings[place + 1].member
        book.standings[race, one].rival, book.standings[race, other].rival = other, one


@kernel
def _book(book: Rows, plan: Tables, of: int, place: int, prize: int, time: int) -> None:
    """Book a prize of round `of` for whom row `place` of `placings` is about."""
    row, placing = book.rounds[of], book.placings[place]
    rule = plan.prizes[row.plan, row.contest, prize]
    new = append(book, time, placing.member, _CONTEST if rule.pay > 0 else _PRIZE, rule.pay)
    entry = book.entries[new]
    entry.base, entry.plan, entry.source = rule.value, row.plan, row.contest
    once = plan.races[plan.contests[row.plan, row.contest].race].every == _ONCE
    entry.period = row.day if once else row.number
    book.member_extras[placing.member].in_kind += rule.value
    credit(book, new, _HELD)
    hold_entry(book, plan, row.plan, new, time)
    placing.prize, placing.entry = prize, new


def close_rounds(state: State, day: int, time: int) -> None:
    """Close, at the midnight `time`, every round that ends with a day, arm by arm: the readable rule."""
    for arm, terms in enumerate(state.arms):
        plan = state.plans[terms.plan]
        for source, contest in enumerate(plan.contests):
            race = race_of(contest, plan_start(plan, state.start_day))
            number = round_on(race, day)
            if number is not None and round_on(race, day + 1) != number:
                _close_round(state, Round(terms.plan, arm, source, number, day), contest, race, time)


def _close_round(state: State, ended: Round, contest: Contest, race: Race, time: int) -> None:
    ranks = [rank.id for rank in state.plans[ended.plan].ranks]
    placed: list[tuple[int, int, int]] = []
    for member, standing in state.standings.get(race, {}).items():
        person = state.members[member]
        there = person.arm == ended.arm and person.joined_at is not None and not person.frozen
        named = contest.ranks is None or ranks[person.rank] in contest.ranks
        if there and named and standing.round == ended.number and standing.figure >= contest.least:
            placed.append((-standing.figure, standing.reached, member))
    placed.sort()
    rivals = state.rivals.setdefault(race, {})
    order = [member for _, _, member in placed]
    for place, (figure, reached, member) in enumerate(placed, 1):
        placing = Placing(member, -figure, reached, rivals.get(member))
        prize = _prize_in_pair(state, contest, placing, ended.arm, order) if contest.pk else _prize_for(contest, place)
        if prize is not None:
            steps = _steps(state, ended, contest, placing, place, contest.prizes[prize], len(placed))
            _book_prize(state, ended, contest, placing, prize, steps, time)
        ended.placings.append(placing)
    if contest.pk:
        _pair_up(state, race, ended.arm, order)
    else:
        ended.placings = ended.placings[: contest.places]
    if ended.placings:
        state.rounds.append(ended)


def _prize_for(contest: Contest, place: int) -> int | None:
    found = [number for number, prize in enumerate(contest.prizes) if prize.first <= place <= prize.last]
    return found[0] if found else None


def _prize_in_pair(state: State, contest: Contest, placing: Placing, arm: int, order: list[int]) -> int | None:
    """The prize of who stands before their rival in the order of places; a rival without a place stands behind."""
    if placing.rival is None or state.members[placing.rival].arm != arm:
        return None
    behind = placing.rival not in order or order.index(placing.rival) > order.index(placing.member)
    return 0 if behind else None


def _pair_up(state: State, race: Race, arm: int, order: list[int]) -> None:
    kept = {one: other for one, other in state.rivals[race].items() if state.members[one].arm != arm}
    for one, other in zip(order[::2], order[1::2], strict=False):
        kept |= {one: other, other: one}
    state.rivals[race] = kept


def _book_prize(
    state: State, ended: Round, contest: Contest, placing: Placing, prize: int, steps: list[Step], time: int
) -> None:
    won = contest.prizes[prize]
    component = Component.contest if won.pay else Component.prize
    entry = Entry(time, placing.member, component, won.pay or 0, ended.plan, steps, source=ended.contest)
    entry.base, entry.period = won.value or 0, ended.day if contest.every == "once" else ended.number
    state.members[placing.member].in_kind += won.value or 0
    placing.prize, placing.entry = prize, credit_to(state, entry, EntryStatus.held)
    start_entry_hold(state, placing.entry, time)


def _steps(
    state: State, ended: Round, contest: Contest, placing: Placing, place: int, prize: PrizeTerms, many: int
) -> list[Step]:
    name = Step(contest.title.zh, contest.title.en) if contest.title else Step(contest.id, contest.id)
    figure = yuan(placing.figure) if contest.measure in VOLUMES else str(placing.figure)
    said = CONTEST_MEASURES[contest.measure]
    whose = Step("团队", "the team's ") if contest.of_team and contest.measure != "direct_team_volume" else Step("", "")
    steps = [
        Step(
            f"竞赛 {name.zh}：本轮{whose.zh}{said.zh} {figure}，{many} 人上榜，第 {place} 名",
            f"contest {name.en}: {whose.en}{said.en} {figure} in the round, place {place} of {many}",
        )
    ]
    if contest.pk and placing.rival is not None:
        theirs = state.standings[race_of(contest, plan_start(state.plans[ended.plan], state.start_day))]
        other = theirs.get(placing.rival, Standing(ended.number))
        have = other.figure if other.round == ended.number else 0
        shown = yuan(have) if contest.measure in VOLUMES else str(have)
        steps.append(Step(f"PK 对手 {placing.rival} 为 {shown}：胜", f"the rival {placing.rival} has {shown}: won"))
    if prize.goods is None:
        steps.append(Step(f"奖金 {yuan(prize.pay or 0)}", f"prize {yuan(prize.pay or 0)}"))
    else:
        worth = yuan(prize.value or 0)
        steps.append(
            Step(
                f"奖品 {prize.goods.zh}，价值 {worth}：不可提现，计入应税收入",
                f"prize {prize.goods.en}, worth {worth}: not to be withdrawn, taxed as income",
            )
        )
    return steps


CONTEST_MEASURES = {
    "promoted_volume": Step("推广额", "promoted volume"),
    "promoted_orders": Step("推广订单数", "promoted orders"),
    "new_members": Step("新注册会员数", "new members"),
    "direct_team_volume": Step("直属团队推广额", "volume of the direct team"),
}
"""What is compared, in words."""
