"""A load from beginning to end: a store is opened, clients and workers work on it, are killed, and held to account."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import make_url

from rules.errors import InputError
from rules.events import blank
from sim.store.pages import blank_pages
from sim.store.sql.connect import LOCAL, engine_for
from sim.store.sql.facts import StoreFacts
from sim.store.sql.opening import open_store
from sim.store.sql.server import LocalServer
from sim.store.sql.stock import spread
from sim.stress.load.alone import compare_alone
from sim.stress.load.client import PROCESSOR, Counter, Pace, run_client
from sim.stress.load.counter import SqlCounter
from sim.stress.load.figures import LoadResult, lines_of, traffic_of
from sim.stress.load.killer import Killer, plan_kills
from sim.stress.load.ramp import Ramp
from sim.stress.load.stream import Stream
from sim.stress.load.worker import run_worker

_TICK = 0.05
_DAY = 86_400
_AHEAD = 50
"""Events of each client between the slowest client and the fastest."""
_WAIT = 120.0
"""Seconds that clients and workers have to come to an end when time is up."""


@dataclass(frozen=True)
class Setting:
    """How a load is made.

    Attributes:
        url: of an empty database; `local` for a server of one's own. clients, workers: processes.
        seconds: how long at most. kills: how many. seed: of all luck. notices: of each payment, the first included.
        rate: events a second of all clients, 0 = as fast as they go. window: seconds of the scenario that nobody runs
            ahead of the slowest. cached: whether clients remember who is above whom.
        settings: of a server of one's own, such as an unsafe one, to see whether it is found out.
    """

    url: str = LOCAL
    clients: int = 8
    workers: int = 1
    seconds: float = 60.0
    kills: int = 0
    seed: int = 1
    notices: int = 2
    rate: float = 0.0
    window: int = 0
    cached: bool = True
    buckets: int = 1
    settings: Mapping[str, str] = field(default_factory=dict)


Told = Callable[[int], None]
"""What is told whole seconds gone by, while a load goes on."""


def run_load(
    stream: Stream, setting: Setting, folder: Path, told: Told | None = None, ramp: Ramp | None = None
) -> LoadResult:
    """Bring a stream to a database.

    Args:
        stream: the events. setting: how. folder: for what clients are told; must be empty. told: progress.
        ramp: raises the rate, and ends the load when its target breaks.

    Raises:
        InputError: the database is not empty, or cannot be reached.
    """
    with _server(setting) as (url, server):
        engine = engine_for(url)
        opened = (list(stream.plans), stream.names, stream.people, stream.start_day, stream.market)
        facts = open_store(engine, stream.scenario, *opened)
        hot = stream.hottest()
        if setting.buckets > 1 and hot >= 0:
            with engine.begin() as connection:
                spread(connection, hot, setting.buckets)
        flush = _flush_ms(engine)
        engine.dispose()
        warm(facts)
        party = _Party(stream, setting, folder, url, facts, server)
        begun, used, own = time.monotonic(), server.used_seconds if server else 0.0, time.process_time()
        try:
            finished = party.work(told, ramp)
        finally:
            party.end()
        seconds, own = time.monotonic() - begun, time.process_time() - own
        party.killer.revive()
        used = server.used_seconds - used if server else 0.0
        verdict = ask_witness(url, folder)
        engine = engine_for(url)
        alone = compare_alone(engine, stream, party.settled)
        engine.dispose()
    lines = lines_of(folder)
    if lines:
        seconds = max(0.001, (lines[-1].ms - lines[0].ms + lines[0].us / 1000) / 1000)
    counted: dict[str, int] = {}
    for kill in party.killer.done:
        counted[kill.victim.value] = counted.get(kill.victim.value, 0) + 1
    clients, workers = setting.clients, setting.workers
    restarts = party.killer.restarts
    traffic = traffic_of(folder)
    traffic[PROCESSOR] = traffic.get(PROCESSOR, 0.0) + own
    kills = [kill.at for kill in party.killer.done]
    measured = (seconds, clients, workers, lines, verdict, counted, restarts, traffic, flush)
    return LoadResult(*measured, finished, used, kills, alone)


@contextmanager
def _server(setting: Setting) -> Iterator[tuple[str, LocalServer | None]]:
    """A URL, and the server behind it if it is one's own."""
    if setting.url != LOCAL:
        yield setting.url, None
        return
    with TemporaryDirectory(prefix="fenxiao-", ignore_cleanup_errors=True) as temporary:
        Path(temporary).chmod(0o755)  # where root runs it, the server is somebody else's
        with LocalServer(Path(temporary) / "store", setting.settings) as server:
            yield server.url, server


def _flush_ms(engine: Any) -> float:  # noqa: ANN401 - SQLAlchemy's engine
    """The median of 50 commits of one small row, in milliseconds."""
    taken = []
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE flushes (n INTEGER)"))
        connection.commit()
        for number in range(50):
            connection.execute(text("INSERT INTO flushes VALUES (:n)"), {"n": number})
            begun = time.perf_counter()
            connection.commit()
            taken.append(time.perf_counter() - begun)
        connection.execute(text("DROP TABLE flushes"))
        connection.commit()
    return round(1000 * sorted(taken)[25], 3)


def warm(facts: StoreFacts) -> None:
    """Load the compiled rules before processes are forked, so that all of them share it."""
    slices = facts.slices(0)
    page = blank_pages(1, slices.meters, slices.titles)
    page[0].next_midnight = slices.start + 86_400
    slices.run(page, None, [], blank(0), slices.stamp(slices.start + 2 * 86_400))


class _Party:
    """The processes of a load."""

    def __init__(
        self, stream: Stream, setting: Setting, folder: Path, url: str, facts: StoreFacts, server: LocalServer | None
    ) -> None:
        self._context = multiprocessing.get_context("fork")
        count = setting.clients + setting.workers
        stop = time.time() + setting.seconds
        first = facts.start_day * 86_400
        self._setting, self._stream, self._folder, self._url, self._facts = setting, stream, folder, url, facts
        self._pace = Pace(
            self._context.RawArray("q", [first] * count),
            self._context.RawArray("d", [setting.rate, stop, 0]),
            setting.window or window_of(stream, setting.clients),
            self._context.RawArray("q", [0] * count),
        )
        kills = plan_kills(setting.kills, setting.seconds, setting.seed, server is not None)
        self.killer = Killer(server, kills, setting.seed, self._pace.armed)
        self._begun, self._step_since = time.monotonic(), time.time()
        self._clients = [self._client(place) for place in range(setting.clients)]
        self._workers = [self._worker(number) for number in range(setting.workers)]

    def work(self, told: Told | None, ramp: Ramp | None) -> bool:
        """Keep everything going until all have come to an end; False if time ran out first."""
        for process in (*self._clients, *self._workers):
            process.start()
        while any(process.is_alive() or process.exitcode for process in (*self._clients, *self._workers)):
            since = time.monotonic() - self._begun
            if since > self._setting.seconds + _WAIT:
                raise InputError(f"clients did not come to an end {_WAIT:.0f} seconds after their time was up")
            self._pace.rates[2] = not any(one.is_alive() or one.exitcode for one in self._clients)
            self.killer.act(since, self._clients, self._workers)
            self.killer.revive()
            self._replace()
            if ramp and time.time() > self._step_since + ramp.seconds:
                self._climb(ramp)
            if told:
                told(min(int(since), int(self._setting.seconds)))
            time.sleep(_TICK)
        return min(self._pace.reached[: self._setting.clients]) >= 1 << 60

    @property
    def settled(self) -> int:
        """Up to when everything that was due has been settled."""
        return min(self._stream.end, *self._pace.reached[self._setting.clients :])

    def _climb(self, ramp: Ramp) -> None:
        """The next step of a ramp; after the last, time is up."""
        now, rate = time.time(), self._pace.rates[0]
        following = ramp.next(rate, lines_of(self._folder), int(1000 * self._step_since), int(1000 * now))
        self._pace.rates[0] = following or rate
        if not following:
            self._pace.rates[1] = now
        self._step_since = now

    def end(self) -> None:
        """Let nobody live on."""
        for process in (*self._clients, *self._workers):
            if process.is_alive():
                process.kill()
            if process.pid:
                process.join()

    def _replace(self) -> None:
        """A new process for each that was killed."""
        for place, process in enumerate(self._clients):
            if process.exitcode:
                self._clients[place] = self._client(place)
                self._clients[place].start()
        for number, process in enumerate(self._workers):
            if process.exitcode:
                self._workers[number] = self._worker(number)
                self._workers[number].start()

    def _client(self, place: int) -> BaseProcess:
        setting = self._setting
        tasks = self._stream.of_client(place, setting.clients)
        make = partial(_counter, self._url, self._facts, setting.cached)
        told = (setting.clients, tasks, make, self._folder, self._pace, setting.notices, setting.seed)
        return self._context.Process(target=run_client, args=(place, *told))

    def _worker(self, number: int) -> BaseProcess:
        setting = self._setting
        place = setting.clients + number
        make = partial(_counter, self._url, self._facts, setting.cached, None)
        told = (setting.workers, setting.clients, make, self._folder, self._pace, self._stream.end)
        return self._context.Process(target=run_worker, args=(place, number, *told))


def window_of(stream: Stream, clients: int) -> int:
    """Seconds of the scenario in which there is work for every client, a quarter of a day at least, three at most."""
    spread_over = stream.days * _DAY * _AHEAD * clients / max(1, len(stream.tasks))
    return int(min(max(spread_over, _DAY / 4), 3 * _DAY))


def _counter(url: str, facts: StoreFacts, cached: bool, between: Callable[[bool], None] | None) -> Counter:
    return SqlCounter(url, facts, between, cached=cached)


def ask_witness(url: str, folder: Path) -> dict[str, Any]:
    """What somebody finds who knows nothing of us."""
    told = make_url(url)
    kind = told.get_backend_name()
    where = {
        "postgresql": lambda: str(told.set(drivername="postgresql").render_as_string(hide_password=False)),
        "sqlite": lambda: str(told.database),
    }.get(kind, lambda: json.dumps(told.translate_connect_args(username="user")))()
    script = Path(__file__).with_name("witness.py")
    done = subprocess.run(
        [sys.executable, "-I", str(script), kind, where, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1) or not done.stdout:
        raise InputError(f"the witness found nothing to say: {done.stderr.strip().splitlines()[-1:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
