"""A disk that fills up under a real server: nothing acknowledged is lost, and the shop goes on when there is room.

The server's files lie in a small file system of their own, which only root can make; others skip this with a word.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from postings import commission, facts, together
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from sim.store.sql.connect import engine_for
from sim.store.sql.create import create
from sim.store.sql.ledger import post_batch
from sim.store.sql.server import LocalServer, _unprivileged
from sim.store.sql.transact import LostConnectionError, in_transaction

MEGABYTES, BATCH = 192, 200
TIGHT = {"shared_buffers": "16MB", "min_wal_size": "32MB", "max_wal_size": "48MB", "checkpoint_timeout": "1h"}


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A folder for a server whose data have little room."""
    if os.geteuid() != 0:
        pytest.skip("a small file system is mounted by root alone")
    with tempfile.TemporaryDirectory(prefix="fenxiao-") as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "pg" / "data"
        data.mkdir(parents=True)
        options = f"size={MEGABYTES}m,uid={pwd.getpwnam(_unprivileged()).pw_uid}"
        mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(data)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("this machine lets nobody mount a file system")
        try:
            yield data.parent
        finally:
            subprocess.run(["umount", "-l", data], check=True)


def book(engine: Engine, first: int) -> None:
    """A batch of orders, each of a fen to three members of a hundred."""
    batch = together(*(commission(first + at, {at % 97: 1, 97: 1, 98 + at % 2: 1}) for at in range(BATCH)))
    in_transaction(engine, lambda connection: post_batch(connection, *batch))


@pytest.mark.parametrize("room", [4, 12])
def test_a_full_disk_loses_nothing_and_the_shop_goes_on(small_disk: Path, room: int) -> None:
    """With little room a table cannot grow, which the server survives; with more its log, and then it stops itself."""
    with LocalServer(small_disk, TIGHT) as server:
        engine = engine_for(server.url)
        create(engine)
        ballast = small_disk / "data" / "ballast"
        with ballast.open("wb") as file:
            file.write(bytes(shutil.disk_usage(ballast.parent).free - room * 2**20))
        acknowledged, refused = 0, None
        while refused is None and acknowledged < 1_000_000:
            try:
                book(engine, 1 + acknowledged)
            except (DBAPIError, psycopg.Error, LostConnectionError) as error:
                refused = error
            else:
                acknowledged += BATCH
        assert refused is not None
        assert acknowledged > 0
        ballast.unlink()
        engine.dispose()
        server.kill()  # it lives on, has stopped itself, or is about to
        server.start()
        engine = engine_for(server.url)
        with engine.connect() as connection:
            before = facts(connection)
        assert {row[0] >> 12 for row in before["postings"]} == set(range(1, acknowledged + 1))
        book(engine, 1)  # sent again, as by a client who was told nothing
        book(engine, 1 + acknowledged)
        with engine.connect() as connection:
            after = facts(connection)
        assert after["sum"] == 0
        assert after["uneven"] == []
        assert sum(wallet[1] for wallet in after["wallets"]) == 3 * (acknowledged + BATCH)
        engine.dispose()
