"""What a party of Locust users is to do: written to a folder as JSON by who starts Locust, read by the users."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rules.events import Names
from sim.stress.http.contract import Contract
from sim.stress.load.stream import Task

JOB = "FENXIAO_JOB"
"""The environment variable that names the folder."""
TOKEN = "FENXIAO_TOKEN"
"""The environment variable that holds the token, which is written nowhere."""


@dataclass(frozen=True)
class Job:
    """How users go about their tasks.

    Attributes:
        users: how many there are. seconds: how long at most. rate: events a second of all of them, 0 = as fast as they
            go. window: seconds of the scenario that nobody runs ahead of the slowest. begins: the scenario's first.
        notices: of each payment, the first included. seed: of all luck. people, names: of the catalogue.
    """

    users: int
    seconds: float
    rate: float
    window: int
    begins: int
    notices: int
    seed: int
    people: int
    names: Names

    @property
    def contract(self) -> Contract:
        """How events are written."""
        return Contract(self.names, self.people)

    def save(self, folder: Path) -> None:
        """Write it down."""
        (folder / "job.json").write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Job:
        """Read it."""
        told = json.loads((folder / "job.json").read_text("utf-8"))
        return cls(**told | {"names": Names(**told["names"])})


def save_tasks(folder: Path, user: int, tasks: Iterable[Task], contract: Contract) -> None:
    """Write the tasks of a user, one JSON object a line, each as it will go over the wire."""
    with (folder / f"tasks-{user}.jsonl").open("w", encoding="utf-8") as file:
        for task in tasks:
            file.write(contract.tell(task.events, task.number, task.source) + "\n")


def load_tasks(folder: Path, user: int, contract: Contract) -> list[Task]:
    """Read the tasks of a user."""
    tasks = []
    for line in (folder / f"tasks-{user}.jsonl").read_bytes().splitlines():
        asked = contract.read(line)
        first = asked.events[0]
        told = (int(first["time"]), int(first["kind"]), asked.events, asked.refund, int(first["member"]))
        tasks.append(Task(asked.source, *told))
    return tasks
