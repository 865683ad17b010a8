"""What an import knows of a shop: kinds of tables, their columns, and what each column holds.

A table of kind `orders` has a row an order line; where a table of kind `lines` is given, too, it has a row an order,
and the lines name theirs; without numbers of orders every row is one. `receipts` adds when an order was received,
`refunds` what was given back.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, get_args

Kind = Literal["orders", "lines", "receipts", "refunds", "members", "products", "clicks", "commissions"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Holds(StrEnum):
    """What a column holds: how its cells are read, and whether they may leave the operator's hands as they are."""

    member = "member"
    """A person: an id, a phone, an openid. Only its pseudonym is kept."""
    order = "order"
    """An order's number. Only its pseudonym is kept."""
    line = "line"
    """The number of an order line or of a record, the same in two tables. Only its pseudonym is kept."""
    time = "time"
    money = "money"
    whole = "whole"
    text = "text"


_O, _M, _L, _T, _F, _N, _S = (
    Holds.order, Holds.member, Holds.line, Holds.time, Holds.money, Holds.whole, Holds.text,
)  # fmt: skip

_OF_LINES = {
    "line_id": _L, "line": _N, "sku": _S, "product_id": _S, "category": _S, "quantity": _N, "price": _F,
    "member_price": _F, "discount": _F, "amount": _F, "freight": _F, "refunded_at": _T, "refund_amount": _F,
}  # fmt: skip

COLUMNS: dict[Kind, dict[str, Holds]] = {
    "orders": {"order_id": _O, "member_id": _M, "placed_at": _T, "paid_at": _T, "received_at": _T, "channel": _S}
    | _OF_LINES,
    "lines": {"order_id": _O} | _OF_LINES,
    "receipts": {"order_id": _O, "received_at": _T},
    "refunds": {"record_id": _L, "order_id": _O, "line_id": _L, "line": _N, "amount": _F, "refunded_at": _T},
    "members": {
        "member_id": _M, "inviter_id": _M, "rank": _S, "region": _S, "joined_at": _T, "bound_at": _T,
    },
    "products": {"sku": _S, "product_id": _S, "category": _S, "name": _S, "price": _F, "cost": _F},
    "clicks": {"record_id": _L, "clicked_at": _T, "member_id": _M, "visitor_id": _M, "sku": _S, "channel": _S},
    "commissions": {
        "record_id": _L, "order_id": _O, "line_id": _L, "line": _N, "member_id": _M, "level": _N, "amount": _F,
        "status": _S, "component": _S, "created_at": _T, "settled_at": _T,
    },
}  # fmt: skip
"""Every column by kind of table, in the order in which files have them."""

REQUIRED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "orders": (("member_id",), ("paid_at", "placed_at")),
    "lines": (("order_id",), ("amount", "price", "member_price")),
    "receipts": (("order_id",), ("received_at",)),
    "refunds": (("order_id", "line_id"), ("amount",), ("refunded_at",)),
    "members": (("member_id",),),
    "products": (("sku", "product_id"),),
    "clicks": (("clicked_at",), ("member_id", "visitor_id")),
    "commissions": (("member_id",), ("amount",)),
}
"""What a table cannot do without: of each group one column, in the table and in every row."""

LINE_COLUMNS = ("line_id", "line", "sku", "product_id", "quantity", "price", "member_price")
"""With any of these a table of orders has a row a line; without them a row an order."""

SIGNED = {("commissions", "amount")}
"""Money that may be below 0: what was taken back."""

MOST: dict[str, int] = {"line": 32_767, "quantity": 1_000_000, "level": 100}
"""The largest whole number of each column; the least is 1."""
