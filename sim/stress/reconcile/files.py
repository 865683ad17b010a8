"""Files of channels: CSV or Parquet, with headers of WeChat Pay, Alipay or our own; and ours, written as such a file.

What is not a line of money is left out: comments, totals at the end, lines of payments that were closed unpaid. Amounts
are yuan with at most two decimals, read exactly; WeChat Pay puts a ` before each value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from rules.calendar import moment_of
from rules.errors import InputError
from rules.money import in_yuan

NO_ORDER = -1
"""The order of a line whose number is not one of the shop's."""
_HEADERS: Mapping[str, tuple[str, ...]] = {
    "order": ("order", "order_id", "out_trade_no", "merchant_order_no", "商户订单号", "订单号"),
    "amount": (
        "amount",
        "total",
        "paid",
        "订单金额",
        "总金额",
        "应结订单金额",
        "订单金额(元)",
        "收入(+元)",
        "收入金额",
    ),
    "refunded": ("refunded", "refund", "refund_amount", "退款金额", "申请退款金额", "支出(-元)"),
    "time": ("paid_at", "time", "success_time", "trade_time", "交易时间", "完成时间", "付款时间", "入账时间"),
    "kind": ("kind", "type", "trade_state", "交易状态", "业务类型"),
    "refund_no": ("refund_no", "out_refund_no", "商户退款单号", "退款批次号/请求号", "退款单号"),
    "number": ("channel_order_no", "out_batch_no", "out_detail_no", "partner_trade_no", "商家明细单号", "商户单号"),
    "paid": ("amount", "transfer_amount", "转账金额", "转账金额(元)", "付款金额", "打款金额"),
    "status": ("status", "detail_status", "明细状态", "转账状态", "打款状态"),
    "done": ("done_at", "time", "update_time", "success_time", "完成时间", "到账时间", "更新时间"),
}
_REFUNDS = ("refund", "退款")
_CLOSED = ("closed", "revoked", "notpay", "payerror", "交易关闭", "已撤销")
_SUCCESS = ("success", "paid", "成功", "转账成功", "已到账")
_FAILED = ("fail", "failed", "失败", "转账失败", "已退回")


@dataclass(frozen=True)
class Payment:
    """A line of a payment channel: money that came in for an order, or, with `refund`, went back; fen."""

    order: int
    time: int
    amount: int = 0
    refund: int = 0
    refund_no: str = ""
    label: str = ""


@dataclass(frozen=True)
class Payout:
    """A line of a payout channel, under the number that the shop gave it; fen net of fee and tax."""

    number: str
    amount: int
    success: bool
    time: int


def read_payments(path: Path) -> list[Payment]:
    """The lines of a payment channel's file.

    Raises:
        InputError: it is none, or a line cannot be read.
    """
    rows = _rows(path, "order", "time")
    found = []
    for place, row in rows:
        kind = row.get("kind", "").lower()
        amount, back = (abs(_fen(path, place, row.get(name, ""))) for name in ("amount", "refunded"))
        if any(word in kind for word in _CLOSED):
            continue
        refund = back or (amount if any(word in kind for word in _REFUNDS) else 0)
        order, time = row["order"], _moment(path, place, row["time"])
        number = int(order) if order.isascii() and order.isdigit() and len(order) < 16 else NO_ORDER
        refund_no = (row.get("refund_no", "") or f"line {place}") if refund else ""
        found.append(Payment(number, time, 0 if refund else amount, refund, refund_no, order))
    return found


def read_payouts(path: Path) -> list[Payout]:
    """The lines of a payout channel's file; what is neither paid nor failed yet is left out.

    Raises:
        InputError: it is none, or a line cannot be read.
    """
    found = []
    for place, row in _rows(path, "number", "paid", "status", "done"):
        status = row["status"].lower()
        success = any(word in status for word in _SUCCESS)
        if success or any(word in status for word in _FAILED):
            time = _moment(path, place, row["done"])
            found.append(Payout(row["number"], _fen(path, place, row["paid"]), success, time))
    return found


def _rows(path: Path, *needed: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines by our names for columns, each with its number in the file."""
    table = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    start = next((row for row, cells in enumerate(table) if _is_head(cells, needed)), None)
    if start is None:
        told = "; ".join(f"{name}: {', '.join(_HEADERS[name])}" for name in needed)
        raise InputError(f"{path}: no line has the headers of a channel's file", allowed=told)
    head = [_header(cell) for cell in table[start]]
    columns = {name: head.index(known) for name, given in _HEADERS.items() for known in given[::-1] if known in head}
    for place, cells in enumerate(table[start + 1 :], start + 2):
        if len(cells) < len(head):  # comments and totals
            continue
        row = {name: cells[column] for name, column in columns.items()}
        if all(row[name] for name in needed if name in ("order", "number")) and row[needed[-1]][:1].isalnum():
            yield place, row
        if any("总" in cell for cell in cells[:1]):
            return


def _is_head(cells: Sequence[str], needed: Sequence[str]) -> bool:
    head = {_header(cell) for cell in cells}
    return all(head & set(_HEADERS[name]) for name in needed)


def _header(cell: str) -> str:
    return cell.strip().lower().replace("（", "(").replace("）", ")").lstrip("\ufeff")


def _csv(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        lines = csv.reader(io.StringIO(text))
        return [[cell.strip().lstrip("`").strip() for cell in cells] for cells in lines if not _comment(cells)]
    raise InputError(f"{path}: neither UTF-8 nor GBK", allowed="a CSV or Parquet file")


def _comment(cells: Sequence[str]) -> bool:
    return not cells or cells[0].startswith("#")


def _parquet(path: Path) -> list[list[str]]:
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise InputError(f"{path}: not a Parquet file", allowed="a CSV or Parquet file") from error
    columns = [["" if cell is None else str(cell) for cell in column.to_pylist()] for column in table.columns]
    return [list(table.column_names), *map(list, zip(*columns, strict=True))]


def _fen(path: Path, line: int, text: str) -> int:
    try:
        fen = Decimal(text.replace(",", "").replace("¥", "") or "0") * 100
    except InvalidOperation as error:
        raise InputError(f"{path}, line {line}: {text!r} is no amount", allowed="yuan, such as 12.30") from error
    if fen != fen.to_integral_value():
        raise InputError(f"{path}, line {line}: {text!r} has more than two decimals", allowed="yuan, such as 12.30")
    return int(fen)


def _moment(path: Path, line: int, text: str) -> int:
    """Seconds on the local clock; a time with a zone is brought to it."""
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise InputError(f"{path}, line {line}: {text!r} is no time", allowed="2026-01-05 10:30:00") from error
    if moment.tzinfo:
        moment = moment.astimezone(_SHANGHAI).replace(tzinfo=None)
    return (moment - _EPOCH) // timedelta(seconds=1)


_SHANGHAI = timezone(timedelta(hours=8))
_EPOCH = datetime(1970, 1, 1)


def write_payments(path: Path, lines: Sequence[Payment]) -> None:
    """Write a payment channel's file in our own format."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("order", "kind", "amount", "refunded", "paid_at", "refund_no"))
        for one in lines:
            kind, label = "refund" if one.refund else "payment", one.label or str(one.order)
            writer.writerow((label, kind, in_yuan(one.amount), in_yuan(one.refund), moment_of(one.time), one.refund_no))


def write_payouts(path: Path, lines: Sequence[Payout]) -> None:
    """Write a payout channel's file in our own format."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("channel_order_no", "amount", "status", "done_at"))
        for one in lines:
            writer.writerow(
                (one.number, in_yuan(one.amount), "SUCCESS" if one.success else "FAIL", moment_of(one.time))
            )
