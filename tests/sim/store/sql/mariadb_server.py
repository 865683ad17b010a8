"""A MariaDB of the tests' own, where Debian's `mariadb-server` is installed."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pymysql

SETTINGS = (
    "--skip-networking",
    "--innodb-flush-log-at-trx-commit=0",  # tests do not pull the plug
    "--innodb-doublewrite=0",
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=32M",
    "--max-connections=120",
)
_ATTEMPTS = 3
_PLAIN_IO = "--innodb-use-native-aio=0"  # what the kernel offers of it is shared by all servers of a machine


def mariadbd() -> str | None:
    """The server's program, if it is installed."""
    return shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class MariaDB:
    """A server in a temporary folder, reached through a socket, run by a user without rights."""

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="fenxiao-maria-"))
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        self._install()
        self.process = self._start(
            str(mariadbd()), f"--socket={self.folder}/socket", f"--log-error={self.folder}/log", *SETTINGS
        )
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """Where SQLAlchemy finds a database, {} for its name."""
        return f"mariadb://root@localhost/{{}}?unix_socket={self.folder}/socket"

    def _install(self) -> None:
        """Make the system tables: one process of tests after the other, for two at once get in each other's way."""
        with (Path(tempfile.gettempdir()) / "fenxiao-mariadb.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for _ in range(_ATTEMPTS):
                install = self._start("mariadb-install-db", "--auth-root-authentication-method=normal")
                if install.wait(120) == 0:
                    return
                shutil.rmtree(self.folder / "data", ignore_errors=True)
        raise AssertionError(f"mariadb-install-db failed in {self.folder}")

    def _start(self, program: str, *options: str) -> subprocess.Popen[bytes]:
        command = [program, "--no-defaults", f"--datadir={self.folder}/data", _PLAIN_IO, *options]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(
            command, user=self._user, cwd=self.folder, stdout=quiet, stderr=quiet, start_new_session=True
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                pymysql.connect(unix_socket=f"{self.folder}/socket", user="root").close()
            except pymysql.OperationalError:
                assert time.monotonic() < deadline, (self.folder / "log").read_text()
                time.sleep(0.05)
            else:
                return
