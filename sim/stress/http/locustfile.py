"""Users that bring a scenario to a shop over HTTP: for `python -m locust -f`, started by `sim.stress.load.target`.

Locust changes the standard library where it waits, so nothing else imports this file. A user is a client of
`sim.stress.load.client`, at a counter behind HTTP. When all of them have come to their end, each asks again for every
event that the shop has acknowledged to it: one that is not answered `again` has been lost.
"""

from __future__ import annotations

import json
import os
import time
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from locust import FastHttpUser, constant, events, task
from locust.exception import StopUser

from rules.errors import InputError
from rules.events import Kind, Records
from sim.rows import events_of
from sim.stress.http.caller import HttpCounter, NoAnswerError
from sim.stress.http.job import JOB, TOKEN, Job, load_tasks
from sim.stress.load.channel import PayoutChannel
from sim.stress.load.client import PAYOUTS, Client, Pace
from sim.stress.load.diary import Diary, Line, read
from sim.stress.load.stream import Task

FOLDER = Path(os.environ[JOB])
TO_DO = Job.load(FOLDER)
_LOOK_AGAIN = 0.02
_USERS = count()
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


class Party:
    """What all users share: how fast they go, and how many of them are through with what."""

    def __init__(self) -> None:
        users = TO_DO.users
        self.pace = Pace([TO_DO.begins] * users, [TO_DO.rate, float("inf"), 0], TO_DO.window, [0] * users)
        self.through = self.asked = 0


PARTY = Party()


@events.test_start.add_listener  # type: ignore[untyped-decorator]
def begin(**_: Any) -> None:  # noqa: ANN401 - Locust's own
    """The time that there is begins when the load does."""
    PARTY.pace.rates[1] = time.time() + TO_DO.seconds


class Buyers(FastHttpUser):
    """The buyers and promoters of one client."""

    insecure = False
    concurrency = 1
    connection_timeout = 5.0
    network_timeout = 30.0
    wait_time = constant(0)

    def on_start(self) -> None:
        """A number, and a counter."""
        self.place = next(_USERS)
        self.headers = _HEADERS | ({"Authorization": f"Bearer {token}"} if (token := os.environ.get(TOKEN)) else {})

    @task
    def live(self) -> None:
        """Bring everything, wait for the others, and ask again."""
        counter = HttpCounter(self.send, TO_DO.contract)
        tasks = load_tasks(FOLDER, self.place, counter.contract)
        told: dict[str, object] = {"finished": 0}
        try:
            told["finished"] = int(self.bring(counter, tasks))
            PARTY.through += 1
            while PARTY.through < TO_DO.users:
                time.sleep(_LOOK_AGAIN)  # Locust's own: the others go on
            self.ask_again(counter, tasks)
        except (InputError, NoAnswerError, OSError) as error:
            (FOLDER / f"error-{self.place}.txt").write_text(str(error), "utf-8")
            self.environment.runner.quit()
        (FOLDER / f"waits-{self.place}.json").write_text(json.dumps(counter.waits() | told), "utf-8")
        PARTY.asked += 1
        if PARTY.asked == TO_DO.users:
            self.environment.runner.quit()
        raise StopUser

    def bring(self, counter: HttpCounter, tasks: list[Task]) -> bool:
        """Bring all tasks; False if time ran out."""
        channel = PayoutChannel(FOLDER / f"channel-{self.place}.csv", TO_DO.seed)
        with Diary(FOLDER / f"client-{self.place}.csv") as diary:
            shared = (counter, diary, channel, PARTY.pace, TO_DO.notices, TO_DO.seed)
            finished = Client(self.place, TO_DO.users, *shared).work(tasks, frozenset())
        PARTY.pace.reached[self.place] = 1 << 60
        return finished

    def ask_again(self, counter: HttpCounter, tasks: list[Task]) -> None:
        """Ask again for all that was acknowledged, and write down what is said now."""
        by_source = {one.source: one.events for one in tasks}
        with Diary(FOLDER / f"again-{self.place}.csv") as diary:
            for line in list(read(FOLDER / f"client-{self.place}.csv")):
                if line.result in ("done", "again"):
                    begun = time.perf_counter()
                    rows = by_source[line.source] if line.source < PAYOUTS else _answer(line)
                    result = counter.bring(rows, line.number, line.source).result.value
                    us = int(1e6 * (time.perf_counter() - begun))
                    said = (line.source, line.kind, line.subject, line.number, result)
                    diary.add(Line(*said, us, int(1000 * time.time()), 0, 1))

    def send(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        """A request; a conflict is an answer like another."""
        name = path.partition("?")[0] if path.startswith("/withdrawals?") else path.rstrip("0123456789")
        text = body.decode() if body else None
        with self.client.request(
            method, path, name, data=text, headers=self.headers, allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code in (200, 404, 409):
                answer.success()
            return answer.status_code, answer.content or b""


def _answer(line: Line) -> Records:
    """An answer of the payout channel, told again."""
    return events_of(Kind(line.kind), np.array([TO_DO.begins]), order=line.subject)
