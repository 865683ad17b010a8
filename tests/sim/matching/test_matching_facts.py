"""What is missing, double, late or about somebody else is told by its own cause, and nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest
from recorded_worlds import Row, history, plan, records, rows_of

from rules.events import EventLog
from sim.matching.match import match
from sim.matching.records import Records
from sim.matching.result import UNEXPLAINED, Matched
from sim.matching.trees import trees_of
from sim.matching.trying import World

PLAN = plan()


@pytest.fixture(scope="module")
def log() -> EventLog:
    return history()


@pytest.fixture
def rows(log: EventLog) -> list[Row]:
    return rows_of(log, PLAN)


def held(log: EventLog, given: Records | list[Row]) -> Matched:
    found = match(World(log, PLAN), given if isinstance(given, Records) else records(log, given))
    assert found.adds_up()
    return found


def causes(found: Matched) -> dict[str, int]:
    return {group.key: group.count for group in found.groups}


def first(rows: list[Row], wanted: Callable[[Row], bool]) -> int:
    """The first entry of its order, line, payee and level, of those without a reversal."""
    seen = [(row["order_id"], row["line"], row["member_id"], row["level"]) for row in rows]
    return next(number for number, row in enumerate(rows) if wanted(row) and seen.count(seen[number]) == 1)


def level(number: int) -> Callable[[Row], bool]:
    return lambda row: row["level"] == number and row["amount"] > 1


def test_recorded_twice(log: EventLog, rows: list[Row]):
    at = first(rows, level(1))
    found = held(log, [*rows, dict(rows[at]), dict(rows[at])])
    assert causes(found) == {"twice": 1}
    assert found.difference == 2 * int(rows[at]["amount"] * 100)


def test_taken_back_twice(log: EventLog, rows: list[Row]):
    back = next(row for row in rows if row["amount"] < 0)
    assert causes(held(log, [*rows, dict(back)])) == {"taken_twice": 1}


def test_a_payee_without_a_record(log: EventLog, rows: list[Row]):
    at = first(rows, level(2))
    assert causes(held(log, rows[:at] + rows[at + 1 :])) == {"missing": 1}


def test_an_order_without_a_record(log: EventLog, rows: list[Row]):
    order = rows[first(rows, level(1))]["order_id"]
    kept = [row for row in rows if row["order_id"] != order]
    assert set(causes(held(log, kept))) == {"order_missing"}


def test_an_order_that_the_data_do_not_have(log: EventLog, rows: list[Row]):
    strange = rows[0] | {"order_id": "o-elsewhere", "amount": Decimal("3.21")}
    found = held(log, [*rows, strange])
    assert causes(found) == {"unknown_order": 1}
    assert found.difference == 321


def test_an_order_that_the_import_set_aside(log: EventLog, rows: list[Row]):
    given = records(log, [*rows, rows[0] | {"order_id": "o-aside"}])
    given.aside["o-aside"] = "order_incomplete"
    assert causes(held(log, given)) == {"quarantined": 1}


def test_somebody_whom_the_data_do_not_have(log: EventLog, rows: list[Row]):
    assert causes(held(log, [*rows, rows[0] | {"member_id": "stranger"}])) == {"unknown_member": 1}


def test_a_record_without_an_order(log: EventLog, rows: list[Row]):
    assert causes(held(log, [*rows, rows[0] | {"order_id": None}])) == {"no_order": 1}


def test_another_inviter_was_paid(log: EventLog, rows: list[Row]):
    at = first(rows, level(1))
    own = {row["member_id"] for row in rows if row["order_id"] == rows[at]["order_id"]}
    other = next(name for name in log.names.members if name not in own)
    found = held(log, [*rows[:at], rows[at] | {"member_id": other}, *rows[at + 1 :]])
    assert causes(found) == {"binding": 2}
    assert found.difference == 0


def test_somebody_who_is_not_above_the_buyer(log: EventLog, rows: list[Row]):
    at = first(rows, level(1))
    own = {row["member_id"] for row in rows if row["order_id"] == rows[at]["order_id"]}
    top = World(log, PLAN).book().members["upline"]
    other = next(name for n, name in enumerate(log.names.members) if name not in own and top[n] < 0)
    extra = rows[at] | {"member_id": other, "level": 2, "line": 3, "amount": Decimal("1.11")}
    found = held(log, [*rows, extra])
    assert set(causes(found)) <= {"not_above", "unexplained"}
    assert len(found.differences) == 1


def test_a_cancelled_record_without_a_refund(log: EventLog, rows: list[Row]):
    at = first(rows, level(1))
    rows[at]["status"] = "cancelled"
    assert causes(held(log, rows)) == {"cancelled": 1}


def test_a_refund_that_took_nothing_back(log: EventLog, rows: list[Row]):
    at = next(number for number, row in enumerate(rows) if row["amount"] < 0)
    assert causes(held(log, rows[:at] + rows[at + 1 :])) == {"no_take_back": 1}


def test_bound_later_than_the_members_table_says(log: EventLog, rows: list[Row]):
    """Nothing of a pair is recorded before its third order."""
    book = World(log, PLAN).book()
    buyer = {log.names.order(n): int(one["buyer"]) for n, one in enumerate(book.rows("orders"))}
    pairs: dict[tuple[int, str], list[str]] = {}
    for row in rows:
        orders = pairs.setdefault((buyer[row["order_id"]], row["member_id"]), [])
        orders += [row["order_id"]] if row["order_id"] not in orders else []
    refunded = {row["order_id"] for row in rows if row["amount"] < 0}
    (_, payee), orders = next(
        (pair, sorted(orders, key=lambda name: int(name[1:])))
        for pair, orders in pairs.items()
        if len(orders) >= 5 and not refunded & set(orders)
    )
    early = set(orders[:2])
    kept = [row for row in rows if not (row["order_id"] in early and row["member_id"] == payee)]
    found = held(log, kept)
    assert set(causes(found)) == {"bound_later"}
    assert {one.member for one in found.differences} == {payee}


def test_components_of_which_the_platform_keeps_no_record(log: EventLog):
    bonus = plan(bonuses=[{"id": "newcomer", "event": "first_promoted_order", "pay": 5}])
    rows = rows_of(log, bonus)
    kept = [row for row in rows if row["component"] != "bonus"]
    found = match(World(log, bonus), records(log, kept))
    assert found.adds_up()
    assert set(causes(found)) == {"not_in_records:bonus"}
    assert causes(match(World(log, bonus), records(log, rows))) == {}


def test_an_amount_out_of_nowhere_is_unexplained_and_stands_first(log: EventLog, rows: list[Row]):
    at = first(rows, level(1))
    rows[at]["amount"] += Decimal("17.31")
    rows.append(rows[0] | {"order_id": "o-elsewhere", "amount": Decimal("900.00")})
    found = held(log, rows)
    assert found.groups[0].key == UNEXPLAINED
    assert found.unexplained == 1
    example = found.groups[0].examples[0]
    assert "recorded" in example.said.en
    assert "记录" in example.said.zh
    assert "%" in example.said.en


def test_a_setting_and_facts_beside_it(log: EventLog):
    rows = rows_of(log, plan(semantics={"freight": "include"}))
    at = first(rows, level(1))
    found = held(log, [*rows, dict(rows[at]), rows[at] | {"order_id": "o-elsewhere"}])
    counts = causes(found)
    assert counts.pop("unknown_order") == 1
    assert counts.pop("semantics.freight=include") > 200
    assert set(counts) <= {"twice", "semantics.freight=include + twice"}
    assert sum(counts.values()) == 1


def test_causes_tried_on_a_part_of_the_log_first_are_the_same():
    """Most people have no inviter: nobody earns on their orders, and they need not be replayed to find the cause."""
    log = history(7, people=60, orders=400, roots=45)
    world, given = World(log, PLAN), records(log, rows_of(log, plan(semantics={"freight": "include"})))
    orders = np.unique(world.entries()["order"])
    trees = trees_of(log, orders)
    assert 100 < len(trees.events) < len(log.events) / 2
    part = World(trees, PLAN, world.first_day).entries()
    assert part["amount"].tolist() == world.entries()["amount"].tolist()
    whole, first_a_part = match(world, given), match(world, given, many=0)
    assert whole.to_dict() == first_a_part.to_dict()
    assert [group.key for group in whole.groups] == ["semantics.freight=include"]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_done_to_the_records_it_adds_up(log: EventLog, rows: list[Row], seed: int):
    luck = np.random.default_rng(seed)
    names = [*log.names.members, "stranger"]
    orders = [*log.names.orders, "o-elsewhere", None]
    for _ in range(int(luck.integers(1, 30))):
        at = int(luck.integers(0, len(rows)))
        row = rows[at]
        match int(luck.integers(0, 7)):
            case 0:
                rows.append(dict(row))
            case 1:
                rows.pop(at)
            case 2:
                row["amount"] += Decimal(int(luck.integers(-300, 300))) / 100
            case 3:
                row["member_id"] = names[luck.integers(0, len(names))]
            case 4:
                row["order_id"] = orders[luck.integers(0, len(orders))]
            case 5:
                row["level"] = None if luck.random() < 0.5 else int(luck.integers(1, 4))
            case _:
                row["status"], row["line"] = "cancelled", None
    found = held(log, rows)
    assert found.recorded == sum(int(row["amount"] * 100) for row in rows if row["status"] != "cancelled")
    assert found.replayed == int(World(log, PLAN).entries()["amount"].sum())
    assert len(found.differences) == sum(group.count for group in found.groups)
