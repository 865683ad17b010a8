"""Posting: once and exactly once, all or nothing, however it is cut, repeated or raced."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postings import at_once, commission, facts, together
from sqlalchemy import Engine, text

from sim.store.sql.accounts import FIRST_WALLET, JournalKind, ShopAccount, journal_id
from sim.store.sql.create import create
from sim.store.sql.digest import JOURNAL, MOVE, NO_JOURNAL, digests, plain_digest
from sim.store.sql.few import post, post_few
from sim.store.sql.ledger import ConflictError, post_batch
from sim.store.sql.transact import in_transaction

NO_MOVES = np.zeros(0, MOVE)
WAYS = [post_batch, post_few]


def posted(engine: Engine, booking, way=post_batch):
    return in_transaction(engine, lambda connection: way(connection, *booking))


def told(engine: Engine) -> dict:
    with engine.connect() as connection:
        return facts(connection)


@pytest.mark.parametrize("way", WAYS)
def test_an_order_pays_three_members(any_engine: Engine, way) -> None:
    result = posted(any_engine, commission(7, {1: 500, 2: 300, 9: 100}), way)
    number = journal_id(7, JournalKind.commission)
    assert (result.new.tolist(), result.again.tolist()) == ([number], [])
    assert told(any_engine) == {
        "postings": [(number, 0, 2, 900), (number, 1, 17, -500), (number, 2, 18, -300), (number, 3, 25, -100)],
        "wallets": [(1, 500, 0, 0, 0, 0), (2, 300, 0, 0, 0, 0), (9, 100, 0, 0, 0, 0)],
        "uneven": [],
        "sum": 0,
    }


@pytest.mark.parametrize("way", WAYS)
def test_asked_again_it_adds_nothing(any_engine: Engine, way) -> None:
    first, second = commission(1, {1: 5, 2: 3}), commission(2, {1: 7})
    posted(any_engine, first, way)
    result = posted(any_engine, together(second, first), way)
    assert (result.new.tolist(), result.again.tolist()) == ([second[0]["id"][0]], [first[0]["id"][0]])
    assert told(any_engine)["wallets"] == [(1, 12, 0, 0, 0, 0), (2, 3, 0, 0, 0, 0)]
    assert told(any_engine)["uneven"] == []


def test_a_server_that_forgets_its_statements_is_told_them_again(postgresql) -> None:
    """As after each rollback of Psycopg's: on a connection that commits by itself, where a statement has a name."""
    engine = postgresql.bare()
    create(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for order in range(1, 7):
            assert len(post_few(connection, *commission(order, {1: 5})).new) == 1
            if order % 2:
                connection.execute(text("DEALLOCATE ALL"))
    assert told(engine)["wallets"] == [(1, 30, 0, 0, 0, 0)]


@pytest.mark.parametrize("way", WAYS)
def test_a_journal_of_several_rows(any_engine: Engine, way) -> None:
    booking = commission(3, {member: 10 + member for member in range(8)})
    for expected in ([3], []):
        result = posted(any_engine, booking, way)
        assert [number >> 12 for number in result.new.tolist()] == expected
    assert [row[1] for row in told(any_engine)["wallets"]] == [10, 11, 12, 13, 14, 15, 16, 17]
    assert [row[1] for row in told(any_engine)["postings"]] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


@pytest.mark.parametrize("way", WAYS)
def test_other_contents_are_refused_and_nothing_is_booked(any_engine: Engine, way) -> None:
    posted(any_engine, commission(1, {1: 5, 2: 3}), way)
    before = told(any_engine)
    for changed in ("event_at", "business_date", "a1", "x"):
        rows, moves = together(commission(1, {1: 5, 2: 3}), commission(2, {7: 1}))
        if changed == "x":  # a fen from one to the other: it still sums to 0
            rows["x1"][0], rows["x2"][0], moves["pending"][:2] = -4, -4, (4, 4)
        elif changed == "a1":
            rows["a1"][0], moves["member"][0] = FIRST_WALLET + 3, 3
        else:
            rows[changed][0] += 1
        with pytest.raises(ConflictError, match="already with other contents") as refused:
            posted(any_engine, (rows, moves), way)
        assert refused.value.journals == (journal_id(1, JournalKind.commission),)
    assert told(any_engine) == before


@pytest.mark.parametrize("way", WAYS)
def test_money_only_moves_between_states_of_a_wallet(any_engine: Engine, way) -> None:
    posted(any_engine, commission(1, {1: 5}), way)
    moved = np.array([(NO_JOURNAL, 1, -5, 5, 0, 0, 0)], MOVE)
    posted(any_engine, (np.zeros(0, JOURNAL), moved), way)
    assert told(any_engine)["wallets"] == [(1, 0, 5, 0, 0, 0)]


@pytest.mark.parametrize("way", WAYS)
def test_a_withdrawal_goes_through_and_the_rules_of_the_wallet_hold(any_engine: Engine, way) -> None:
    posted(any_engine, commission(1, {1: 500}, "available"), way)
    asked = np.zeros(1, JOURNAL)
    asked["id"] = journal_id(1, JournalKind.withdraw)
    asked["a0"], asked["x0"], asked["a1"], asked["x1"] = FIRST_WALLET + 1, 200, ShopAccount.payable, -200
    posted(any_engine, (asked, np.array([(asked["id"][0], 1, 0, 0, -200, 200, 0)], MOVE)), way)
    paid = asked.copy()
    paid["id"] = journal_id(1, JournalKind.paid)
    paid["a0"], paid["a1"] = ShopAccount.payable, ShopAccount.bank
    posted(any_engine, (paid, np.array([(paid["id"][0], 1, 0, 0, 0, -200, 200)], MOVE)), way)
    assert told(any_engine)["wallets"] == [(1, 0, 0, 300, 0, 200)]
    assert told(any_engine)["uneven"] == []
    paid["id"] = journal_id(2, JournalKind.paid)
    with pytest.raises(Exception, match=r"(?i)withdrawing"):
        posted(any_engine, (paid, np.array([(paid["id"][0], 1, 0, 0, 0, -1, 1)], MOVE)), way)


@pytest.mark.parametrize("way", WAYS)
def test_what_does_not_fit_together_is_refused(any_engine: Engine, way) -> None:
    rows, moves = commission(1, {1: 5, 2: 3})
    for wrong, why in (
        ((rows, NO_MOVES), "of member 1 are -5 fen off"),
        ((rows, moves[:1]), "of member 2 are -3 fen off"),
        ((NO_JOURNALS, moves), "names journal 6720, which is not given"),
        ((np.concatenate([rows, rows]), moves), "journal 6720 is given twice"),
        ((_part(rows, 1), moves), "journal 6720 has no part 0"),
    ):
        with pytest.raises(ValueError, match=why):
            posted(any_engine, wrong, way)
    assert told(any_engine)["postings"] == []


NO_JOURNALS = np.zeros(0, JOURNAL)


def _part(rows: np.ndarray, part: int) -> np.ndarray:
    rows = rows.copy()
    rows["part"] = part
    return rows


@pytest.mark.parametrize("way", WAYS)
def test_the_database_itself_refuses_what_does_not_sum_to_nothing(any_engine: Engine, way) -> None:
    rows, moves = commission(1, {1: 5})
    rows["x0"] = 6
    with pytest.raises(Exception, match=r"(?i)balanced"):
        posted(any_engine, (rows, moves), way)
    assert told(any_engine)["postings"] == []


orders = st.lists(
    st.dictionaries(st.integers(0, 6), st.integers(1, 10**12), min_size=1, max_size=7), min_size=1, max_size=12
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders, st.data())
def test_however_it_is_cut_and_repeated_the_ledger_is_the_same(any_engine: Engine, shares, data) -> None:
    """Wallets by hand: each is the sum of its shares."""
    bookings = [commission(order, share) for order, share in enumerate(shares)]
    with any_engine.begin() as connection:
        for table in ("journal", "wallets"):
            connection.execute(text(f"DELETE FROM {table}"))
    missing = set(range(len(bookings)))
    while missing:
        some = data.draw(st.lists(st.sampled_from(range(len(bookings))), min_size=1, unique=True))
        way = data.draw(st.sampled_from([*WAYS, post]))
        result = posted(any_engine, together(*(bookings[one] for one in some)), way)
        assert {number >> 12 for number in result.new.tolist()} == missing & set(some)
        assert {number >> 12 for number in result.again.tolist()} == set(some) - missing
        missing -= set(some)
    found = told(any_engine)
    assert (found["uneven"], found["sum"]) == ([], 0)
    earned = {member: sum(share.get(member, 0) for share in shares) for share in shares for member in share}
    assert [(row[0], row[1]) for row in found["wallets"]] == sorted(earned.items())
    assert len(found["postings"]) == sum(len(share) + -(-len(share) // 3) for share in shares)


@pytest.mark.parametrize("way", WAYS)
def test_many_book_the_same_at_once(any_engine: Engine, way) -> None:
    """Eight clients, each with all of the orders in another order and in other batches: each is booked once."""
    bookings = [commission(order, {order % 5: 7, 5 + order % 3: 2}) for order in range(40)]
    retried: list[str] = []

    def client(number: int) -> None:
        mixed = np.random.default_rng(number).permutation(len(bookings))
        for some in np.array_split(mixed, 4):
            booking = together(*(bookings[one] for one in some))
            in_transaction(any_engine, lambda connection, it=booking: way(connection, *it), retried=retried)

    at_once(client, 8)
    found = told(any_engine)
    assert [row[1] for row in found["wallets"]] == [56] * 5 + [28, 26, 26]  # 8 x 7; orders 0, 3, ... 39 are 14
    assert (len(found["postings"]), found["uneven"], found["sum"]) == (120, [], 0)
    assert "DeadlockDetected" not in retried


def test_a_digest_hangs_on_every_number_and_its_place() -> None:
    row = np.array([tuple(range(100, 112))], JOURNAL)
    found = {int(digests(row, np.array([0]))[0])}
    for name in JOURNAL.names:
        other = row.copy()
        other[name] += 1
        found.add(int(digests(other, np.array([0]))[0]))
    swapped = row.copy()
    swapped["x0"], swapped["x1"] = row["x1"], row["x0"]
    found.add(int(digests(swapped, np.array([0]))[0]))
    assert len(found) == 14
    assert all(0 <= one < 2**63 for one in found)


def test_a_digest_is_the_same_in_ten_years() -> None:
    """By its definition: multiply with the column's number, add up, mix, add rows up, mix, halve."""

    def mix(value: int) -> int:
        value = ((value ^ value >> 30) * 0xBF58476D1CE4E5B9) % 2**64
        value = ((value ^ value >> 27) * 0x94D049BB133111EB) % 2**64
        return value ^ value >> 31

    rows = np.array([(9, part, 7, -2, 2, 16, 17, 0, 30, -10, -20, 0) for part in range(3)], JOURNAL)
    columns = [mix(at * 0x9E3779B97F4A7C15 % 2**64) | 1 for at in range(1, 13)]
    assert columns[0] == 0xE220A8397B1DCDAF  # what SplitMix64 says first from 0
    sums = [mix(sum(a * b for a, b in zip(row.item(), columns, strict=True)) % 2**64) for row in rows]
    assert digests(rows, np.array([0])).tolist() == [mix(sum(sums) % 2**64) >> 1]
    assert digests(rows, np.array([0, 1, 2])).tolist() == [mix(one) >> 1 for one in sums]


@given(st.lists(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=12, max_size=12), min_size=1, max_size=4))
def test_both_ways_to_a_digest_agree(rows) -> None:
    array = np.array([tuple(row) for row in rows], JOURNAL)
    assert digests(array, np.array([0])).tolist() == [plain_digest(rows)]
