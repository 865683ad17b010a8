"""The witness: holds what clients were told against what the database has, by SQL alone.

It imports nothing of this project on purpose, and can be read, copied and run by somebody who trusts none of it:

    python witness.py postgresql "host=/tmp/store/socket user=postgres dbname=postgres" FOLDER
    python witness.py sqlite store.db FOLDER

FOLDER has the diaries of the clients (`client-*.csv`) and the books of the payout channel (`channel-*.csv`). It prints
one JSON object, and ends with 1 if anything is lost, doubled or unbalanced.
"""

from __future__ import annotations

import csv
import glob
import json
import os
import sys
from collections.abc import Iterator
from typing import Any

PAY, WITHDRAW = 5, 16
PAID, FAILED = 2, 3
WALLET = 16

DUPLICATES = {
    "entries": "SELECT COUNT(*) FROM (SELECT order_id FROM entries WHERE reverses < 0 AND order_id >= 0 "
    "GROUP BY order_id, line, member, component, level, source HAVING COUNT(*) > 1) AS twice",
    "payments": "SELECT COUNT(*) FROM (SELECT id / 4096 FROM journal WHERE part = 0 AND (id / 64) % 64 = 5 "
    "GROUP BY id / 4096 HAVING COUNT(*) > 1) AS twice",
    "commissions": "SELECT COUNT(*) FROM (SELECT id / 4096 FROM journal WHERE part = 0 AND (id / 64) % 64 = 41 "
    "GROUP BY id / 4096 HAVING COUNT(*) > 1) AS twice",
}
UNBALANCED = {
    "journals": "SELECT COUNT(*) FROM journal WHERE x0 + x1 + x2 + x3 <> 0",
    "ledger": "SELECT ABS(COALESCE(SUM(x0 + x1 + x2 + x3), 0)) FROM journal",
    "wallets_against_ledger": "SELECT COUNT(*) FROM wallets w LEFT JOIN (SELECT account, SUM(amount) AS amount FROM ("
    + " UNION ALL ".join(
        f"SELECT a{leg} AS account, x{leg} AS amount FROM journal WHERE x{leg} <> 0" for leg in range(4)
    )
    + f") AS legs GROUP BY account) AS b ON b.account = w.member + {WALLET} "
    "WHERE w.pending + w.held + w.available + COALESCE(b.amount, 0) <> 0",
    "wallets_against_entries": "SELECT COUNT(*) FROM wallets w LEFT JOIN (SELECT member, SUM(amount) AS amount "
    "FROM entries GROUP BY member) AS e ON e.member = w.member "
    "WHERE w.pending + w.held + w.available + w.withdrawing + w.withdrawn <> COALESCE(e.amount, 0)",
    "paid_orders_against_ledger": "SELECT ABS("
    "COALESCE((SELECT SUM(goods + freight) FROM orders WHERE paid_at >= 0), 0) - "
    "COALESCE((SELECT SUM(CASE WHEN a0 = 0 THEN x0 WHEN a1 = 0 THEN x1 ELSE 0 END) FROM journal "
    "WHERE (id / 64) % 64 = 5), 0))",
    "stock": "SELECT COUNT(*) FROM stock WHERE pieces < 0",
}


def connect(kind: str, where: str) -> Any:  # noqa: ANN401 - a driver's cursor
    """A cursor."""
    if kind == "postgresql":
        import psycopg

        return psycopg.connect(where, autocommit=True).cursor()
    if kind == "sqlite":
        import sqlite3

        return sqlite3.connect(where).cursor()
    import pymysql

    return pymysql.connect(**json.loads(where), autocommit=True).cursor()


def one(cursor: Any, statement: str) -> int:  # noqa: ANN401
    """A single number."""
    cursor.execute(statement)
    return int(cursor.fetchone()[0] or 0)


def column(cursor: Any, statement: str) -> set[int]:  # noqa: ANN401
    """A column of numbers."""
    cursor.execute(statement)
    return {int(row[0]) for row in cursor.fetchall()}


def lines_of(folder: str, name: str, columns: int) -> Iterator[list[str]]:
    """The whole lines of all files of a kind; what a kill has cut short was told to nobody."""
    for path in sorted(glob.glob(os.path.join(folder, name))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        whole = text[: text.rfind("\n") + 1]
        yield from (row for row in csv.reader(whole.splitlines()) if len(row) == columns)


def division(kind: str, statement: str) -> str:
    """A statement in which / divides whole numbers."""
    return statement.replace("id / ", "id DIV ") if kind in ("mysql", "mariadb") else statement


def main() -> int:
    """See above."""
    kind, where, folder = sys.argv[1:4]
    cursor = connect(kind, where)
    taken = column(cursor, "SELECT source FROM inbox")
    paid = column(cursor, "SELECT id FROM orders WHERE paid_at >= 0")
    asked = column(cursor, "SELECT id FROM withdrawals")
    acknowledged, lost = set(), []
    for source, told, subject, _, result, *_ in lines_of(folder, "client-*.csv", 9):
        if result not in ("done", "again") or source == "source":
            continue
        acknowledged.add(int(source))
        gone = result == "done" and int(source) not in taken  # what came again may have happened by itself
        gone = gone or (int(told) == PAY and int(subject) not in paid)
        gone = gone or (int(told) == WITHDRAW and int(subject) not in asked)
        if gone:
            lost.append(int(source))
    duplicated = {name: one(cursor, division(kind, text)) for name, text in DUPLICATES.items()}
    unbalanced = {name: one(cursor, division(kind, text)) for name, text in UNBALANCED.items()}
    cursor.execute("SELECT channel_order_no, status FROM withdrawals")
    status = {str(number): int(state) for number, state in cursor.fetchall()}
    payments = [(row[0], row[2]) for row in lines_of(folder, "channel-*.csv", 3)]
    duplicated["payouts"] = len(payments) - len({number for number, _ in payments})
    said = dict(payments)
    wrong = [number for number, state in status.items() if state == PAID and said.get(number) != "paid"]
    wrong += [number for number, state in status.items() if state == FAILED and said.get(number) != "failed"]
    unbalanced["payouts_against_channel"] = len(wrong)
    found = {
        "orders": one(cursor, "SELECT COUNT(*) FROM orders"),
        "events": len(taken),
        "acknowledged": len(acknowledged),
        "lost": len(lost),
        "duplicated": sum(duplicated.values()),
        "unbalanced": sum(unbalanced.values()),
        "in_doubt": len(taken - acknowledged),
        "lost_sources": sorted(lost)[:20],
        "checks": {**{f"duplicated {k}": v for k, v in duplicated.items()}, **unbalanced},
    }
    print(json.dumps(found))
    return 1 if found["lost"] or found["duplicated"] or found["unbalanced"] else 0


if __name__ == "__main__":
    sys.exit(main())
