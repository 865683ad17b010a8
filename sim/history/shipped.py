"""Histories that come with the product, and those that an operator gives: one way to get either."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rules.errors import InputError
from rules.events import EventLog, Records
from rules.plan.model import Plan
from rules.plan.read import read_plan
from sim.history.groups import Grouping, ranks_given
from sim.history.log import EVENTS, read_log, read_members, read_run
from sim.history.orders import history_of, read_history
from sim.history.purchases import shipped
from sim.history.tree import TreeRule, referral_history


@dataclass(frozen=True)
class Past:
    """Events that happened, and what they began with.

    Attributes:
        name: what to call it.
        log: the events.
        start_day: business day that campaigns count from; None = the first event's.
        opening: `MEMBER`, the people before the first event; None = nobody.
        folder: the run directory it is from, if it is one of ours.
        regions: of its members, where a members table could say them.
    """

    name: str
    log: EventLog
    start_day: int | None = None
    opening: Records | None = None
    folder: Path | None = None
    regions: Grouping | None = None

    def groups(self, people: int) -> dict[str, Grouping]:
        """The groups that the data put members into, by what they are: ranks, regions.

        Args:
            people: how many members there are.
        """
        return {
            "ranks": ranks_given(self.log, people),
            "regions": self.regions or Grouping(np.full(people, -1), []),
        }

    def plans(self) -> list[Plan]:
        """The plan that a run was made under, and the further versions of its world; none of any other history."""
        if self.folder is None:
            return []
        record, where = read_run(self.folder), f"{self.folder}/run.json"
        further = [read_plan(text, f"{where}, further_plan_files") for text in record.get("further_plan_files", [])]
        return [read_plan(record["plan_file"], f"{where}, plan_file"), *further]

    def member(self, name: str) -> int:
        """The number of the member of a name; of a number, where members have no names.

        Raises:
            InputError: there is no such member.
        """
        names = self.log.names.members
        people = len(names) if self.opening is None else len(self.opening)
        if name in names:
            return names.index(name)
        if name.isdigit() and int(name) < people and not names:
            return int(name)
        allowed = "the name of a member of this run" if names else f"a number from 0 to {people - 1}"
        raise InputError(f"there is no member {name!r}", allowed=allowed)


def cdnow(sample: bool = False) -> Past:
    """The real orders of CDNOW, with inviters, categories and refunds by the rule of `sim.history.tree`."""
    name = "cdnow_sample" if sample else "cdnow"
    store = referral_history(shipped(name), TreeRule())
    return Past(name, history_of(store.orders, store.members).log)


def past_of_folder(folder: Path) -> Past:
    """A run directory, or a folder with an orders file and perhaps a members file (CSV or Parquet).

    Raises:
        InputError: neither; or a file in it that cannot be read.
    """
    if (folder / EVENTS).exists():
        return past_of_run(folder)
    return past_of_files(_file(folder, "orders"), _file(folder, "members", wanted=False))


def past_of_run(folder: Path) -> Past:
    """A run directory.

    Raises:
        InputError: it is none; or a file in it cannot be read.
    """
    start = int(read_run(folder)["log"]["start_day"])
    return Past(str(folder), read_log(folder), start, read_members(folder), folder)


def past_of_files(orders: Path | None, members: Path | None) -> Past:
    """An orders file and perhaps a members file."""
    assert orders is not None
    history = read_history(orders, members)
    return Past(str(orders), history.log, regions=history.regions)


def _file(folder: Path, name: str, wanted: bool = True) -> Path | None:
    found = [folder / f"{name}{ending}" for ending in (".parquet", ".csv") if (folder / f"{name}{ending}").exists()]
    if found or not wanted:
        return found[0] if found else None
    raise InputError(
        f"there is no run and no orders file in {folder}", allowed="events.parquet, orders.parquet or orders.csv"
    )
