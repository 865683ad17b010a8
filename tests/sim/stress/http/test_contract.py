"""Events over the wire: both ways exact, read strictly, refused in words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.errors import InputError
from rules.events import Activity, Kind, Mark, Names, Records, blank
from rules.lifecycle import Refusal
from rules.money import MAX_AMOUNT
from sim.store.asks import Reply, Result
from sim.stress.http.contract import KINDS, Answer, Contract
from sim.stress.http.models import LAST, LINES

NAMES = Names(
    skus=["tea-1", "tea-2", "pan"],
    categories=["food", "home"],
    channels=["direct", "live"],
    ranks=["member", "partner"],
    coupons=["ten-off"],
    gifts=["cup", "bag"],
)
CONTRACT = Contract(NAMES, 50)

member, number = st.integers(0, 49), st.integers(0, 2**31 - 1)
member_or_nobody, sku_or_none = st.integers(-1, 49), st.integers(-1, 2)
fen, pieces = st.integers(0, MAX_AMOUNT), st.integers(0, 2**31 - 1)
via = st.sampled_from([int(mark) for mark in Mark])

FIELDS: dict[str, dict[str, st.SearchStrategy[int]]] = {
    "register": {"member": member, "other": member_or_nobody, "via": via, "channel": st.integers(0, 1)},
    "share": {"member": member, "sku": sku_or_none},
    "click": {"member": member, "other": member, "via": via, "sku": sku_or_none},
    **{kind: {"order": number} for kind in ("pay", "cancel", "ship", "receive", "refund_open", "refund_refused")},
    "refund": {"order": number, "line": st.integers(0, LINES), "quantity": pieces, "amount": fen},
    "dispute": {"order": number, "member": member, "line": st.integers(0, LINES)},
    "settle_dispute": {
        "order": number, "rank": st.integers(0, 1), "member": member_or_nobody,
        "amount": st.integers(-MAX_AMOUNT, MAX_AMOUNT),
    },
    "rebind": {"member": member, "other": member_or_nobody},
    "promote": {"member": member, "rank": st.integers(0, 1)},
    **{kind: {"member": member} for kind in ("freeze", "unfreeze", "sign", "sign_in")},
    "appoint": {"member": member, "area": st.integers(-1, 32_767)},
    "redeem": {"member": member, "rank": st.integers(0, 1)},
    "grant": {"member": member, "rank": st.just(0)},
    "credit": {"member": member, "rank": st.integers(0, 100)},
    "withdraw": {"order": number, "member": member, "amount": fen},
    **{kind: {"order": number} for kind in ("approve", "reject", "paid", "failed", "unknown")},
}  # fmt: skip
"""The columns that each kind fills, as the comments of `rules.events.Kind` say."""
OF_ORDER = {
    "order": number, "member": member, "channel": st.integers(0, 1), "area": st.integers(-1, 32_767),
    "activity": st.sampled_from([int(one) for one in Activity]), "rank": st.integers(-1, 0), "amount": fen,
    "other": st.integers(-1, 2**31 - 1),
}  # fmt: skip
OF_LINE = {
    "sku": st.integers(0, 2), "category": st.integers(0, 1), "quantity": st.integers(1, 2**31 - 1), "price": fen,
    "member_price": st.integers(-1, MAX_AMOUNT), "discount": fen, "freight": fen, "cost": st.integers(-1, MAX_AMOUNT),
    "fee": fen, "unit_cut": st.integers(-128, 127),
}  # fmt: skip
moments = st.integers(0, 230 * 365 * 86_400)
"""From 1970 to 2199."""


@st.composite
def happenings(draw: st.DrawFn) -> Records:
    kind = draw(st.sampled_from(["order", *FIELDS]))
    rows = blank(draw(st.integers(1, 4)) if kind == "order" else 1)
    rows["kind"], rows["time"] = Kind[kind], draw(moments)
    for column, values in (OF_ORDER if kind == "order" else FIELDS[kind]).items():
        rows[column] = draw(values)
    if kind == "order":
        for place in range(len(rows)):
            rows["line"][place] = place + 1
            for column, values in OF_LINE.items():
                rows[column][place] = draw(values)
    return rows


def test_every_kind_of_the_contract_is_tried():
    assert {"order", *FIELDS} == set(KINDS)


@settings(max_examples=400)
@given(happenings(), st.integers(0, 32_767), st.integers(0, LAST))
def test_rows_become_json_and_the_same_rows_again(rows: Records, refund: int, source: int):
    refund = refund if rows["kind"][0] == Kind.refund else 0
    text = CONTRACT.tell(rows, refund, source)
    asked = CONTRACT.read(text.encode())
    assert (asked.events == rows).all()
    assert (asked.refund, asked.source, asked.kind) == (refund, source, rows["kind"][0])
    assert CONTRACT.tell(asked.events, asked.refund, asked.source) == text


def test_an_order_reads_as_the_page_says():
    rows = blank(2)
    rows["kind"], rows["time"], rows["order"], rows["member"], rows["channel"] = Kind.order, 1_767_601_800, 9, 7, 1
    rows["line"], rows["sku"], rows["category"], rows["quantity"] = [1, 2], [2, 0], [1, 0], [1, 3]
    rows["price"], rows["cost"] = [9900, 250], [6000, -1]
    # 1 767 571 200 is the midnight of 2026-01-05; 30 600 s later it is 08:30
    assert json.loads(CONTRACT.tell(rows, 0, 12)) == {
        "number": 12, "time": "2026-01-05T08:30:00", "kind": "order", "order": 9, "member": 7, "channel": "live",
        "lines": [
            {"sku": "pan", "category": "home", "quantity": 1, "price": 9900, "cost": 6000},
            {"sku": "tea-1", "category": "food", "quantity": 3, "price": 250},
        ],
    }  # fmt: skip


def test_what_the_contract_has_no_place_for_is_not_sent():
    rows = blank(1)
    rows["kind"], rows["order"], rows["member"] = Kind.pay, 3, 4  # of a payment nobody says who paid
    with pytest.raises(InputError, match="no place"):
        CONTRACT.tell(rows, 0, 1)
    rows["kind"] = Kind.tick
    with pytest.raises(InputError, match="kind tick"):
        CONTRACT.tell(rows, 0, 1)


@pytest.mark.parametrize(
    "time",
    ["2026-01-05T08:30:00", "2026-01-05T08:30:00+08:00", "2026-01-05T00:30:00Z", "2026-01-05 08:30:00", 1_767_573_000],
)
def test_a_time_is_the_same_however_it_is_said(time):
    # 00:30 in Greenwich is 08:30 in Shanghai; 1 767 573 000 s after 1970 it is 00:30 in Greenwich
    body = json.dumps({"number": 1, "kind": "pay", "order": 1, "time": time}).encode()
    assert CONTRACT.read(body).events["time"][0] == 1_767_601_800


GOOD = {"number": 1, "kind": "pay", "order": 1, "time": "2026-01-05T08:30:00"}
LINE = {"sku": "pan", "category": "home", "quantity": 1, "price": 100}
ORDER = GOOD | {"kind": "order", "member": 1, "lines": [LINE]}
WRONG = [
    (GOOD | {"order": "1"}, "order is '1'", "integer"),
    (GOOD | {"order": True}, "order is true", "integer"),
    (GOOD | {"order": 1.0}, "order is 1.0", "integer"),
    (GOOD | {"order": -1}, "order is -1", "greater than or equal to 0"),
    (GOOD | {"order": 2**31}, f"order is {2**31}", str(2**31 - 1)),
    (GOOD | {"number": 2**53}, f"number is {2**53}", str(LAST)),
    (GOOD | {"kind": "tick"}, "kind is 'tick'", "withdraw"),
    (GOOD | {"kind": None}, "kind is nothing", "withdraw"),
    ({"kind": "pay"}, "number is missing", "no default"),
    (GOOD | {"member": 3}, "member is not a field", ""),
    (GOOD | {"time": "yesterday"}, "time is 'yesterday'", "2026-01-05T08:30:00"),
    (GOOD | {"time": "2026-01-05T08:30:00.5"}, "time is", "whole seconds"),
    (GOOD | {"time": 10**30}, "time is", "Asia/Shanghai"),
    (GOOD | {"time": True}, "time is true", "Asia/Shanghai"),
    (GOOD | {"time": -1_000_000}, "time is", "1970"),
    (ORDER | {"member": 50}, "member is 50", "0 to 49"),
    (ORDER | {"lines": []}, "lines is []", "at least 1"),
    (ORDER | {"lines": [LINE] * (LINES + 1)}, "lines is", f"at most {LINES}"),
    (ORDER | {"lines": [LINE, LINE | {"price": "1.00"}]}, "lines.1.price is '1.00'", "integer"),
    (ORDER | {"lines": [LINE | {"price": MAX_AMOUNT + 1}]}, "lines.0.price", str(MAX_AMOUNT)),
    (ORDER | {"lines": [LINE | {"quantity": 0}]}, "lines.0.quantity is 0", "greater than or equal to 1"),
    (ORDER | {"lines": [LINE | {"sku": "'; DROP TABLE orders; --"}]}, "lines.0.sku is", "tea-1, tea-2, pan"),
    (ORDER | {"lines": [LINE | {"sku": "0"}]}, "lines.0.sku is '0'", "tea-1"),
    (ORDER | {"channel": "x"}, "channel is 'x'", "direct, live"),
    (ORDER | {"area": "-1"}, "area is '-1'", "0 to 32767"),
    (ORDER | {"activity": "raffle"}, "activity is 'raffle'", "seckill"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "given", "allowed"), WRONG)
def test_what_is_malformed_is_refused_with_what_was_given_and_what_is_allowed(told, given, allowed):
    with pytest.raises(InputError) as refused:
        CONTRACT.read(json.dumps(told).encode())
    assert given in refused.value.message
    assert allowed in refused.value.allowed


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"7", b"{", b"\xff\xfe", b'{"number": NaN}', b"NaN", b"[" * 100_000, b'{"a":' * 100_000,
        json.dumps(GOOD).replace('"order": 1', '"order": NaN').encode(),
        json.dumps(GOOD).replace('"order": 1', '"order": 1e400').encode(),
        json.dumps(GOOD).replace('"order": 1', '"order": ' + "9" * 100_000).encode(),
        json.dumps(GOOD | {"kind": ["pay"]}).encode(),
        json.dumps(GOOD | {"time": "٢٠٢٦-01-05T08:30:00"}).encode(),
        json.dumps([GOOD]).encode(),
    ],
)  # fmt: skip
def test_whatever_comes_is_refused_in_words(body):
    with pytest.raises(InputError):
        CONTRACT.read(body)


@settings(max_examples=200)
@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(
        st.sampled_from(["number", "kind", "time", "order", "member", "lines", "sku"]), one, max_size=6
    ),
    max_leaves=8,
).map(lambda told: json.dumps(told).encode()))  # fmt: skip
def test_nothing_but_a_refusal_comes_of_noise(body):
    with pytest.raises(InputError):
        CONTRACT.read(body)


@pytest.mark.parametrize(
    "reply",
    [Reply(Result.done), Reply(Result.again), Reply(Result.refused, int(Refusal.balance)), Reply(Result.conflict)],
)
def test_a_reply_is_the_same_at_the_other_end(reply):
    told = Answer.model_validate_json(Answer.of(reply, 7).model_dump_json())
    assert told.reply() == reply
    assert told.number == 7
