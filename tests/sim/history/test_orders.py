"""History columns become events: exactly, in order of time, and nothing bad gets through unnamed."""

from __future__ import annotations

import csv
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rules.errors import InputError
from rules.events import DAY, Kind
from sim.history.cells import ABSENT, Sheet, table_sheet
from sim.history.members import depths
from sim.history.orders import History, history_of, read_history
from sim.history.purchases import shipped
from sim.history.tree import referral_history

MIDNIGHT = dt.datetime(1970, 1, 1)


def seconds(text: str) -> int:
    return int((dt.datetime.fromisoformat(text) - MIDNIGHT).total_seconds())


def table(*rows: dict[str, object]) -> pa.Table:
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})


def row(**fields: object) -> dict[str, object]:
    return {"member_id": "a", "paid_at": "2026-01-05 10:00", "price": "9.90"} | fields


def told(history: History) -> list[tuple]:
    """What happened, in words."""
    names, events = history.log.names, history.log.events
    rows = []
    for event in events:
        kind = Kind(int(event["kind"])).name
        if kind in ("register", "rebind"):
            rows.append((kind, names.member(event["member"]), names.member(event["other"])))
        elif kind == "promote":
            rows.append((kind, names.member(event["member"]), names.ranks[event["rank"]]))
        elif kind != "tick":
            rows.append((kind, names.order(event["order"]), int(event["line"])))
    return rows


def column(cells: list[object], type: pa.DataType | None = None) -> Sheet:
    return table_sheet(pa.table({"x": pa.array(cells, type)}), "t")


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("12", 1200),
        ("12.5", 1250),
        (" 12.50 ", 1250),
        ("0.01", 1),
        ("¥1,234.50", 123_450),
        ("1.500", 150),
        ("0.29", 29),
        ("90000000000", 9_000_000_000_000),
        ("-1", None),
        ("1.005", None),
        ("1e3", None),
        ("12,3", None),
        ("90000000000.01", None),
        ("十", None),
        (".5", None),
        ("NaN", None),
    ],
)
def test_money_is_read_exactly_or_not_at_all(text: str, fen: int | None):
    sheet = column([text])
    assert sheet.money("x").tolist() == [ABSENT if fen is None else fen]
    assert len(sheet.problems) == (fen is None)
    if fen is not None:
        exact = Decimal(text.strip().replace(",", "").lstrip("¥"))
        for type in (pa.decimal128(20, 2), pa.decimal128(30, 9), pa.decimal256(40, 3), pa.float64()):
            value = float(exact) if type == pa.float64() else exact
            assert column([value, None], type).money("x").tolist() == [fen, ABSENT]


def test_typed_amounts_that_are_no_amounts_are_bad():
    for cells in ([Decimal("1.001")], [0.1 + 0.2], [float("nan")], [1e30], [-0.5], [Decimal("-1.00")]):
        sheet = column(cells)
        assert sheet.money("x").tolist() == [ABSENT]
        assert len(sheet.problems) == 1


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2026-01-05", "2026-01-05 00:00:00"),
        ("20260105", "2026-01-05 00:00:00"),
        ("2026/1/5 9:03", "2026-01-05 09:03:00"),
        ("2026年1月5日 09:03:07", "2026-01-05 09:03:07"),
        ("2026-01-05T10:00:59.999", "2026-01-05 10:00:59"),
        ("2026-01-05 10:00:00+08:00", "2026-01-05 10:00:00"),
        ("2026-01-05T10:00:00Z", "2026-01-05 18:00:00"),
        ("2026-01-05 20:00:00-0500", "2026-01-06 09:00:00"),
        ("2024-02-29 23:59:59", "2024-02-29 23:59:59"),
        ("2026-02-29", None),
        ("2026-13-01", None),
        ("2026-00-10", None),
        ("2026-01-32", None),
        ("2026-01-05 24:00", None),
        ("2026-01-05 10:60", None),
        ("1969-12-31", None),
        ("05.01.2026", None),
        ("tomorrow", None),
    ],
)
def test_times(text: str, local: str | None):
    sheet = column([text, None])
    assert sheet.time("x").tolist() == [ABSENT if local is None else seconds(local), ABSENT]
    assert len(sheet.problems) == (local is None)


def test_typed_times():
    noon = dt.datetime(2026, 1, 5, 12, 0, 0, 999_999)
    for type in (pa.timestamp("us"), pa.timestamp("ns")):
        assert column([noon, None], type).time("x").tolist() == [seconds("2026-01-05 12:00:00"), ABSENT]
    utc = column([noon.replace(tzinfo=dt.UTC)], pa.timestamp("us", "UTC"))
    assert utc.time("x").tolist() == [seconds("2026-01-05 20:00:00")]
    assert column([dt.date(2026, 1, 5)]).time("x").tolist() == [seconds("2026-01-05")]
    assert column([20260105]).time("x").tolist() == [seconds("2026-01-05")]


def test_the_least_that_makes_a_history():
    later, least = row(member_id="b", paid_at="2026-01-06"), row(price=None, amount="10.00", quantity="3")
    history = history_of(table(later, least))
    assert told(history) == [
        ("register", "a", "-1"),
        ("order", "2", 1),
        ("pay", "2", 0),
        ("register", "b", "-1"),
        ("order", "1", 1),
        ("pay", "1", 0),
    ]
    order = history.log.events[1]
    assert (order["price"] * order["quantity"] - order["discount"], order["member_price"]) == (1000, -1)
    assert history.log.names.members == ["a", "b"]
    assert history.log.names.skus == history.log.names.categories == history.log.names.channels == []
    end = history.log.events[-1]
    assert (end["kind"], end["time"]) == (Kind.tick, seconds("2026-02-01"))


def test_time_goes_on_to_the_end_of_the_month_and_of_the_week():
    for day, end in [("2026-01-30", "2026-02-02"), ("2026-02-01", "2026-03-01"), ("2026-05-31", "2026-06-01")]:
        assert history_of(table(row(paid_at=day))).log.events[-1]["time"] == seconds(end)


def test_everything_an_order_can_say():
    history = history_of(
        table(
            row(order_id="X", line="2", sku="tea", category="food", price="5", quantity="2", discount="1.50",
                freight="3", placed_at="2026-01-05 09:00", received_at="2026-01-08", refunded_at="2026-01-09",
                refund_amount="8.50", channel="app", note="second"),
            row(order_id="X", line="1", sku="pen", price="9.00", member_price="8.00", placed_at="2026-01-05 09:00",
                received_at="2026-01-07", refunded_at="2026-01-10", refund_amount="2.00", note="first"),
        )
    )  # fmt: skip
    assert told(history) == [
        ("register", "a", "-1"),
        ("order", "X", 1),
        ("order", "X", 2),
        ("pay", "X", 0),
        ("receive", "X", 0),
        ("refund", "X", 2),
        ("refund", "X", 1),
    ]
    events, names = history.log.events, history.log.names
    first, second = events[1], events[2]
    assert (first["price"], first["member_price"], first["discount"], first["quantity"]) == (900, 800, 0, 1)
    assert (second["price"], second["member_price"], second["discount"], second["freight"]) == (500, -1, 150, 300)
    assert names.skus == ["pen", "tea"]
    assert names.categories == ["food"]
    assert (first["sku"], first["category"], second["sku"], second["category"]) == (0, -1, 1, 0)
    assert [names.channels[event["channel"]] for event in (first, second)] == ["", "app"]
    assert events[4]["time"] == seconds("2026-01-08")
    assert (events[5]["amount"], events[6]["amount"]) == (0, 200)
    assert history.unknown == ("note",)
    assert history.extra.to_pylist() == [
        {"order": 0, "line": 1, "note": "first"},
        {"order": 0, "line": 2, "note": "second"},
    ]


def test_orders_of_one_second_keep_together_and_in_their_order():
    history = history_of(table(*(row(order_id=name, line="1", quantity="1") for name in ("B", "A", "C"))))
    assert told(history)[1:] == [(kind, name, kind == "order") for name in "BAC" for kind in ("order", "pay")]


def test_members_follow_from_the_orders():
    history = history_of(
        table(row(member_id="c"), row(member_id="z", paid_at="2026-01-01")),
        table(
            {"member_id": "c", "inviter_id": "b", "rank": None, "joined_at": None},
            {"member_id": "b", "inviter_id": "a", "rank": "promoter", "joined_at": None},
            {"member_id": "d", "inviter_id": "e", "joined_at": "2026-01-02"},
            {"member_id": "e", "inviter_id": "a", "joined_at": "2026-01-09"},
            {"member_id": "idle", "inviter_id": None, "joined_at": None},
        ),
    )
    assert [event for event in told(history) if event[0] not in ("order", "pay")] == [
        ("register", "idle", "-1"),
        ("register", "z", "-1"),
        ("register", "d", "-1"),
        ("register", "a", "-1"),
        ("register", "b", "a"),
        ("register", "c", "b"),
        ("promote", "b", "promoter"),
        ("register", "e", "a"),
        ("rebind", "d", "e"),
    ]
    assert history.late_bindings == 1
    assert history.unknown == ()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(), row(price="1.234")], "t:2: price '1.234'; allowed: yuan with at most two decimals"),
        ([row(paid_at="2026-02-30")], "t:1: paid_at '2026-02-30'; allowed: a date such as"),
        ([row(paid_at=None)], "t:1: paid_at is empty; allowed: when the order was paid"),
        ([row(member_id=" ")], "t:1: member_id is empty; allowed: who bought"),
        ([row(quantity="0")], "t:1: quantity '0'; allowed: a whole number from 1 to 1000000"),
        ([row(quantity="2.5")], "t:1: quantity '2.5'"),
        ([row(price=None)], "t:1: price is empty; allowed: a price, or an amount"),
        ([row(discount="9.91")], "t:1: discount '9.91'; allowed: at most price × quantity"),
        ([row(amount="10.00")], "t:1: amount '10.00'; allowed: at most price × quantity"),
        ([row(amount="9.00", discount="0.50")], "t:1: amount '9.00'; allowed: price × quantity - discount"),
        ([row(order_id="X"), row(order_id="X", member_id="b")], "t:2: member_id 'b'; allowed: the same in all"),
        ([row(order_id="X"), row(order_id="X", paid_at="2026-01-06")], "t:2: paid_at '2026-01-06'; allowed: the"),
        ([row(order_id="X", line="1"), row(order_id="X", line="1")], "t:2: line '1'; allowed: each line of an"),
        ([row(order_id="X"), row(order_id=None)], "t:2: order_id is empty; allowed: a name for every order"),
        ([row(placed_at="2026-01-06")], "t:1: paid_at '2026-01-05 10:00'; allowed: not before placed_at"),
        ([row(received_at="2026-01-05")], "t:1: received_at '2026-01-05'; allowed: not before paid_at"),
        ([row(refunded_at="2026-01-05")], "t:1: refunded_at '2026-01-05'; allowed: not before paid_at"),
        ([row(refund_amount="1")], "t:1: refunded_at is empty; allowed: when the money was given back"),
        ([row(refunded_at="2026-01-06", refund_amount="9.91")], "t:1: refund_amount '9.91'; allowed: at most"),
        ([row(price="90000000000", quantity="2")], "t:1: price '90000000000'; allowed: at most 90000000000"),
        ([row(price="x"), row(price="y")], r"t:1: price 'x'.*\nand 1 more:\n  orders:2:3: price 'y'"),
        ([{"member_id": "a", "paid_at": "2026-01-05"}], "there is no column price"),
        ([{"price": "1"}], "there is no column member_id and no column paid_at"),
    ],
)
def test_a_bad_value_is_named_with_its_line(rows: list[dict], message: str):
    with pytest.raises(InputError, match=re.sub(r"^t:(\d+)", r"orders:\1:\\d+", message)):
        history_of(table(*rows))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("a", "b"), ("b", "c"), ("c", "a")], r"members:1:2: inviter_id 'a → b → c → a'; allowed: inv.*\nand 2 more"),
        ([("x", None), ("a", "a")], r"members:2:2: inviter_id 'a → a'"),
        ([("a", None), ("a", "b")], r"members:2:1: member_id 'a'; allowed: one row a member"),
        ([(None, "b")], r"members:1:1: member_id is empty"),
    ],
)
def test_bad_members_are_named(rows: list[tuple], message: str):
    members = table(*({"member_id": member, "inviter_id": inviter} for member, inviter in rows))
    with pytest.raises(InputError, match=message):
        history_of(table(row()), members)


def test_quarantine_keeps_what_is_good():
    orders = table(
        row(order_id="X", line="1"),
        row(order_id="X", line="2", price="bad"),
        row(order_id="Y", line="1", member_id="gone", quantity="-1"),
        row(order_id="Z", line="1", member_id="c"),
    )
    members = table(
        {"member_id": "a", "inviter_id": "b"},
        {"member_id": "b", "inviter_id": "a"},
        {"member_id": "c", "inviter_id": "a"},
    )
    history = history_of(orders, members, quarantine=True)
    assert (history.rows, history.kept, len(history.refused)) == (4, 1, 4)
    assert told(history) == [
        ("register", "a", "-1"),
        ("register", "b", "-1"),
        ("register", "c", "a"),
        ("order", "Z", 1),
        ("pay", "Z", 0),
    ]
    places = [str(error.place) for error in history.refused]
    assert places == ["orders:2:3", "orders:3:6", "members:1:2", "members:2:2"]


def test_an_unpaid_order_stays_unpaid_and_an_empty_table_is_empty():
    assert told(history_of(table(row(paid_at=None, placed_at="2026-01-05"))))[1:] == [("order", "1", 1)]
    nothing = history_of(table(row()).slice(0, 0))
    assert (len(nothing.log.events), nothing.rows, nothing.kept) == (0, 0, 0)


def test_depths_of_random_forests():
    rng = np.random.default_rng(1)
    for _ in range(50):
        inviter = rng.integers(-1, 12, 12)
        depth, circles = depths(inviter)
        in_circle = {person for circle in circles for person in circle}
        for person in range(12):
            above, seen = person, [person]
            while inviter[above] >= 0 and inviter[above] not in seen:
                above = inviter[above]
                seen.append(above)
            assert (person in in_circle) == (inviter[above] == person)
            chain = next((n for n, other in enumerate(seen) if other in in_circle), len(seen) - 1)
            assert depth[person] == chain


# Files


def test_csv_lines_are_counted_as_an_editor_does(tmp_path: Path):
    path = tmp_path / "o.csv"
    path.write_text('\ufeffmember_id,paid_at,price,note\na,2026-01-05,1,"two\nlines"\n\nb,2026-01-05,x,\n', "utf-8")
    with pytest.raises(InputError, match=r"o\.csv:5:3: price 'x'"):
        read_history(path)
    path.write_text("member_id,paid_at,price\na,2026-01-05,1\nb,2026-01-05\n")
    with pytest.raises(InputError, match=r"o\.csv:3:1: 2 cells; allowed: 3 cells"):
        read_history(path)
    path.write_text("member_id,paid_at,member_id\n")
    with pytest.raises(InputError, match=r"o\.csv:1:1: the first line is"):
        read_history(path)
    with pytest.raises(InputError, match=r"none\.csv: cannot be read"):
        read_history(tmp_path / "none.csv")


def test_semicolons_and_gb18030(tmp_path: Path):
    path = tmp_path / "o.csv"
    path.write_bytes("member_id;paid_at;price;category\r\n张三;2026年1月5日;1,000.00;快消\r\n".encode("gb18030"))
    log = read_history(path).log
    assert log.names.members == ["张三"]
    assert log.names.categories == ["快消"]
    assert log.events[1]["price"] == 100_000


def test_cdnow_as_tables_csv_and_parquet_is_one_history(tmp_path: Path):
    store = referral_history(shipped("cdnow_sample"))
    history = history_of(store.orders, store.members)
    for name, data in (("orders", store.orders), ("members", store.members)):
        pq.write_table(data, tmp_path / f"{name}.parquet")
        with (tmp_path / f"{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(data.column_names)
            writer.writerows([["" if cell is None else cell for cell in line.values()] for line in data.to_pylist()])
    for suffix in ("parquet", "csv"):
        again = read_history(tmp_path / f"orders.{suffix}", tmp_path / f"members.{suffix}")
        np.testing.assert_array_equal(again.log.events, history.log.events)
        assert again.log.names == history.log.names

    events, names = history.log.events, history.log.names
    assert (np.diff(events["time"]) >= 0).all()
    assert history.kept == history.rows == len(store.orders)
    lines = events[events["kind"] == Kind.order]
    assert (lines["order"] == np.arange(len(lines))).all()
    paid = lines["price"] * lines["quantity"] - lines["discount"]
    wanted = {
        line["order_id"]: 100 * (line["price"] * line["quantity"] - line["discount"])
        for line in store.orders.to_pylist()
    }
    assert {names.order(number): fen for number, fen in zip(lines["order"], paid, strict=True)} == wanted
    inviter = {line["member_id"]: line["inviter_id"] for line in store.members.to_pylist()}
    registered = events[events["kind"] == Kind.register]
    told = {names.member(e["member"]): names.member(e["other"]) for e in registered}
    assert told == {member: above or "-1" for member, above in inviter.items()}
    assert names.members == [names.member(e["member"]) for e in registered]


def test_the_cdnow_text_is_an_orders_file(tmp_path: Path):
    path = tmp_path / "cdnow.txt"
    path.write_text(" 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n")
    events = read_history(path).log.events
    lines = events[events["kind"] == Kind.order]
    assert (lines["price"] * lines["quantity"] - lines["discount"]).tolist() == [2933, 2973]
    assert (lines["time"] // DAY).tolist() == [9862, 9879]


def test_a_member_is_bound_when_the_table_says_and_not_before_both_have_joined():
    orders = table(row(member_id="b", order_id="1"), row(member_id="c", order_id="2", paid_at="2026-01-06 10:00"))
    members = table(
        {"member_id": "a", "joined_at": "2026-01-01", "inviter_id": "", "bound_at": ""},
        {"member_id": "b", "joined_at": "2026-01-02", "inviter_id": "a", "bound_at": "2026-01-05 12:00"},
        {"member_id": "c", "joined_at": "2026-01-03", "inviter_id": "a", "bound_at": "2026-01-02"},
    )
    history = history_of(orders, members)
    assert history.late_bindings == 1
    people = [one for one in told(history) if one[0] in ("register", "rebind")]
    assert people == [
        ("register", "a", "-1"),
        ("register", "b", "-1"),
        ("register", "c", "a"),
        ("rebind", "b", "a"),
    ]
    bound = history.log.events[history.log.events["kind"] == Kind.rebind]
    assert bound["time"].tolist() == [seconds("2026-01-05 12:00")]
