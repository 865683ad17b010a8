"""Patterns of weeks: at their thresholds by hand, and against plain Python on random data."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest
from evidence import START, Ledger, act, seen, told

from rules.events import DAY, Kind
from sim.risk.patterns import WINDOW, Circles, SilentShares, barren, linked, returned
from sim.risk.rules import Sign, Thresholds
from sim.risk.traces import Traces

LATE = 40
"""A day on which the first five are more than five weeks ago."""


def traces(device: list[int], card: list[int], home: list[int]) -> Traces:
    columns = [np.array(column, np.int32) for column in (device, card, home)]
    return Traces(*columns, np.zeros(len(device), np.int32))


def groups_of(*things: list[int]) -> list[int]:
    """The smallest member of everybody's group: whoever shares a thing joins, until nothing changes."""
    first = list(range(len(things[0])))
    changed = True
    while changed:
        changed = False
        for kind in things:
            for one, thing in enumerate(kind):
                for other, same in enumerate(kind):
                    if thing == same and first[other] > first[one]:
                        first[other], changed = first[one], True
    return first


CHAIN = traces([0, 0, 2, 3, 4, 5], [0, 1, 1, 3, 4, 5], [0, 1, 2, 2, 4, 5])
"""0 and 1 have one device, 1 and 2 one card, 2 and 3 one home; 4 and 5 share nothing."""


def test_people_are_linked_through_a_chain_of_different_things():
    circles = Circles(CHAIN)
    assert len(set(circles.of[:4])) == 1
    assert len(set(circles.of)) == 3
    assert len(set(circles.close[:3])) == 1  # addresses do not count here
    assert len(set(circles.close)) == 4


def test_numbers_of_different_things_do_not_mix():
    assert len(set(linked([np.array([7, 8], np.int32), np.array([8, 7], np.int32)]))) == 2


@pytest.mark.parametrize("seed", range(25))
def test_circles_are_those_of_plain_python(seed):
    rng = np.random.default_rng(seed)
    things = [rng.integers(0, many, 14).tolist() for many in (25, 30, 20)]
    circles, expected = Circles(traces(*things)), groups_of(*things)
    for one in range(14):
        for other in range(14):
            assert (circles.of[one] == circles.of[other]) == (expected[one] == expected[other])


def test_beside_the_fallen_are_those_who_use_their_device_or_card():
    circles = Circles(CHAIN)
    found = circles.beside(np.array([0]), seen(Ledger(6, [0, 1, 2, 3, 4])))
    assert told(found) == {1: 1, 2: 1}  # not 3, who only lives there
    assert set(found["sign"]) == {Sign.linked}
    assert told(circles.beside(np.array([0, 1]), seen(Ledger(6, [0, 1, 3])))) == {}  # 2 has not registered


def circle_book(within: int, without: int, people: int = 6) -> Ledger:
    """Member 0 is paid `within` for an order of 3, linked through three things, and `without` for one of 4."""
    book = Ledger(people)
    for buyer, amount in ((3, within), (4, without)):
        book.entry(book.order(buyer, 100_00, above=0, day=LATE - WINDOW), 0, amount, LATE - WINDOW)
    return book


@pytest.mark.parametrize(
    ("within", "without", "found"),
    [
        (20_00, 0, 20_00),
        (19_99, 0, None),  # too little
        (60_00, 40_00, 60_00),  # 60 %
        (60_00, 40_01, None),
    ],
)
def test_commission_from_linked_accounts(within, without, found):
    rows = Circles(CHAIN).paid_within(seen(circle_book(within, without), day=LATE), Thresholds())
    assert told(rows) == ({} if found is None else dict.fromkeys(range(4), found))


def test_circle_old_commission_and_small_circles_are_let_be():
    circles, given = Circles(CHAIN), Thresholds()
    assert told(circles.paid_within(seen(circle_book(60_00, 0), day=LATE + 1), given)) == {}
    bonus = Ledger(6)
    bonus.entry(-1, 0, 99_00, LATE)
    assert told(circles.paid_within(seen(bonus, day=LATE), given)) == {}  # of no order
    book = circle_book(60_00, 0)
    book.members["joined_at"][[1, 2]] = -1
    assert told(circles.paid_within(seen(book, day=LATE), given)) == {}  # two accounts are a couple
    assert told(circles.paid_within(seen(book, day=LATE), Thresholds(circle=2))) == {0: 60_00, 3: 60_00}


@pytest.mark.parametrize("seed", range(25))
def test_paid_within_is_that_of_plain_python(seed):
    rng = np.random.default_rng(seed)
    people, given = 16, Thresholds(circle=int(rng.integers(1, 5)), circle_commission="5", circle_share="50%")
    things = [rng.integers(0, many, people).tolist() for many in (20, 30, 25)]
    book = Ledger(people, np.flatnonzero(rng.random(people) < 0.8).tolist())
    groups, within, whole = groups_of(*things), Counter(), Counter()
    for _ in range(40):
        buyer, payee, day = (int(n) for n in rng.integers(0, [people, people, 60]))
        amount, bonus = int(rng.integers(-300, 1500)), rng.random() < 0.1
        book.entry(-1 if bonus else book.order(buyer, 9_900, day=day), payee, amount, day)
        if not bonus and buyer != payee and day >= LATE - WINDOW:
            whole[payee] += amount
            within[payee] += amount * (groups[buyer] == groups[payee])
    joined = book.members["joined_at"] >= 0
    size = Counter(groups[one] for one in range(people) if joined[one])
    caught = {
        groups[one]
        for one in range(people)
        if within[one] >= 500 and 2 * within[one] >= whole[one] and size[groups[one]] >= given.circle
    }
    sums = {group: sum(within[one] for one in range(people) if groups[one] == group) for group in caught}
    expected = {one: sums[groups[one]] for one in range(people) if groups[one] in caught and joined[one]}
    assert told(Circles(traces(*things)).paid_within(seen(book, day=LATE), given)) == expected


@pytest.mark.parametrize(
    ("orders", "back", "found"),
    [(4, 200_00, 500_000), (4, 199_99, None), (3, 300_00, None), (5, 400_00, 800_000)],
    ids=["just half", "nearly half", "too few", "most"],
)
def test_what_mostly_goes_back(orders, back, found):
    """Orders of 100.00 each, of buyer 1, for promoter 2; `back` is taken off the first ones."""
    book = Ledger(4)
    for number in range(orders):
        book.order(1, 100_00, above=2, refunded=min(100_00, max(0, back - number * 100_00)), day=LATE - WINDOW)
    book.order(1, 100_00, above=2, refunded=100_00, day=LATE - WINDOW - 1)  # too long ago
    book.order(3, 100_00, refunded=100_00, day=None)  # never paid
    expected = {} if found is None else {1: found, 2: found}
    assert told(returned(seen(book, day=LATE), Thresholds())) == expected


def test_a_promoter_answers_for_what_others_send_back():
    book = Ledger(6)
    for buyer in (1, 2, 3, 4):
        book.order(buyer, 50_00, above=0, refunded=50_00)
    assert told(returned(seen(book), Thresholds())) == {0: 1_000_000}  # each buyer has one order only


@pytest.mark.parametrize("seed", range(25))
def test_returned_is_that_of_plain_python(seed):
    rng = np.random.default_rng(seed)
    book, rows = Ledger(6), []
    for _ in range(60):
        buyer, above, goods, day = (int(n) for n in rng.integers([0, -1, 0, 0], [6, 6, 20_000, LATE]))
        back = goods if rng.random() < 0.4 else int(rng.integers(0, goods + 1))
        paid = day if rng.random() < 0.9 else None
        book.order(buyer, goods, above=above, refunded=back, day=paid)
        if paid is not None and paid >= LATE - WINDOW:
            rows.append((buyer, above, goods, back))
    expected = {}
    for side in (1, 0):  # a member's purchases count before their sales
        for member in range(6):
            mine = [row for row in rows if row[side] == member]
            goods, back = sum(row[2] for row in mine), sum(row[3] for row in mine)
            if len(mine) >= 4 and goods and 1_000_000 * back // goods >= 500_000:
                expected[member] = 1_000_000 * back // goods
    assert told(returned(seen(book, day=LATE), Thresholds())) == expected


@pytest.mark.parametrize(
    ("earned", "own", "sold", "found"),
    [(80_00, 0, 0, True), (79_99, 0, 0, False), (80_00, 30_00, 49_99, True), (80_00, 30_00, 50_00, False)],
)
def test_income_without_sales(earned, own, sold, found):
    book = Ledger(4)
    book.members["earned"][0] = earned
    book.order(0, own + 7_00, refunded=7_00)  # what was sent back was not bought
    book.order(1, sold, above=0)
    book.order(1, 999_00, above=0, day=None)
    book.order(1, 999_00, above=2)
    assert told(barren(seen(book), Thresholds())) == ({0: earned} if found else {})


def share(member: int, day: int = 0):
    return act(Kind.share, member, day)


def click(visitor: int, sharer: int, day: int = 0):
    return act(Kind.click, visitor, day, other=sharer)


def shares_after(book: Ledger, *clicks, circles: Circles | None = None) -> int:
    """Shares of member 0 that nobody opened, after 13 shares, some clicks, and one share on the next day."""
    silent = SilentShares(circles or Circles(Traces.apart(len(book.members))))
    silent.observe(seen(book, *[share(0)] * 13, *clicks))
    silent.observe(seen(book, share(0, 1), day=1))
    (found,) = silent.silent(Thresholds(silent_shares=1))["value"].tolist() or [0]
    assert bool(told(silent.silent(Thresholds()))) == (found >= 14)
    return found


def family() -> Ledger:
    """1 and 2 were invited by 0, who was invited by 3, as was 4. 5 is a member of another branch, 6 no member."""
    book = Ledger(8, range(6))
    book.members["upline"][[0, 1, 2, 4, 6]] = [3, 0, 0, 3, 0]
    return book


@pytest.mark.parametrize(
    ("visitor", "left"), [(None, 14), (1, 14), (3, 14), (4, 14), (5, 1), (6, 1), (7, 1)],
    ids=["nobody", "invited", "inviter", "of one inviter", "another branch", "no member though bound", "a passer-by"],
)  # fmt: skip
def test_shares_that_only_the_family_opens_are_silent(visitor, left):
    clicks = [] if visitor is None else [click(visitor, 0)]
    assert shares_after(family(), *clicks) == left


def test_who_joins_by_the_link_today_was_a_stranger():
    book = family()
    book.members["joined_at"][1] = START * DAY + 43_200
    assert shares_after(book, click(1, 0)) == 1


def test_members_without_an_inviter_are_no_family():
    book = Ledger(3)
    assert shares_after(book, click(1, 0)) == 1


def test_linked_accounts_are_no_strangers_though_they_are_no_members():
    home = list(range(8))
    home[7] = 0
    circles = Circles(traces(list(range(8)), list(range(8)), home))
    assert shares_after(family(), click(7, 0), circles=circles) == 14
    assert shares_after(family(), click(7, 0), click(5, 0), circles=circles) == 1
    assert shares_after(family(), click(5, 1), circles=circles) == 14  # opened somebody else's share


@pytest.mark.parametrize("seed", range(25))
def test_silent_shares_are_those_of_plain_python(seed):
    rng = np.random.default_rng(seed)
    people = 8
    home = rng.integers(0, 12, people).tolist()
    silent = SilentShares(Circles(traces(list(range(people)), list(range(people)), home)))
    book = Ledger(people, np.flatnonzero(rng.random(people) < 0.7).tolist())
    upline = [int(rng.integers(-1, one)) if one else -1 for one in range(people)]
    book.members["upline"] = upline
    counts: defaultdict[int, int] = defaultdict(int)
    for day in range(10):
        sharers = rng.integers(0, people, 6).tolist()
        clicks = [tuple(rng.integers(0, people, 2).tolist()) for _ in range(2)]
        silent.observe(seen(book, *map(share, sharers), *(click(*pair) for pair in clicks), day=day))
        for one in sharers:
            counts[one] += 1
        for visitor, sharer in clicks:
            near = upline[visitor] == sharer or upline[sharer] == visitor
            near |= upline[visitor] == upline[sharer] != -1
            if home[visitor] != home[sharer] and not (near and book.members["joined_at"][visitor] >= 0):
                counts[sharer] = 0
    expected = {one: many for one, many in counts.items() if many >= 5}
    assert told(silent.silent(Thresholds(silent_shares=5))) == expected
