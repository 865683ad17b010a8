"""What a client has to know of a store before it begins: plans, names, first day, and under which layout pages are."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from sqlalchemy import Connection, Engine, select, update

from rules.errors import InputError
from rules.events import Names
from rules.plan.compile import compile_plans
from rules.plan.model import Plan
from rules.plan.read import read_plan
from rules.plan.write import write_plan
from sim.store.pages import layout
from sim.store.slices import MOST_CLIENTS, Slices
from sim.store.sql.create import check_version
from sim.store.sql.schema import store_facts


@dataclass(frozen=True)
class StoreFacts:
    """Facts of a store.

    Attributes:
        scenario: what it sells to whom. plans: the first is in force. names: behind the numbers of events.
        start_day: the first day, since 1970-01-01. people: how many members it has room for.
    """

    scenario: str
    plans: tuple[Plan, ...]
    names: Names
    start_day: int
    people: int

    def save(self, connection: Connection) -> None:
        """Write them into an empty store."""
        told = {
            "layout": layout(),
            "scenario": self.scenario,
            "plans": json.dumps([write_plan(plan) for plan in self.plans], ensure_ascii=False),
            "names": json.dumps(asdict(self.names), ensure_ascii=False),
            "start_day": str(self.start_day),
            "people": str(self.people),
            "clients": "0",
        }
        connection.execute(store_facts.insert(), [{"name": name, "value": value} for name, value in told.items()])

    @classmethod
    def load(cls, engine: Engine) -> StoreFacts:
        """Read them.

        Raises:
            InputError: there is no store, none of this version, or its pages are laid out otherwise.
        """
        check_version(engine)
        with engine.connect() as connection:
            told = {name: value or "" for name, value in connection.execute(select(store_facts))}
        if "layout" not in told:
            raise InputError("the store has tables, but nothing is in it", allowed="a store that was filled")
        if told["layout"] != layout():
            raise InputError(
                f"the store's pages are laid out as {told['layout']}, this program's as {layout()}",
                allowed="the program that wrote it, or a new store",
            )
        known = {one.name for one in fields(Names)}
        names = Names(**{name: list(given) for name, given in json.loads(told["names"]).items() if name in known})
        plans = tuple(read_plan(text, "the store's plan") for text in json.loads(told["plans"]))
        return cls(told["scenario"], plans, names, int(told["start_day"]), int(told["people"]))

    @property
    def sizes(self) -> tuple[int, int]:
        """How many meters and titles a member's page has."""
        compiled = compile_plans(self.plans, self.names, self.start_day)
        return len(compiled.meters), compiled.titles

    def slices(self, client: int) -> Slices:
        """The rules, for one client."""
        return Slices(self.plans, self.names, self.start_day, client)


def next_client(engine: Engine) -> int:
    """A number for a client that no client of the store has had before.

    Raises:
        InputError: there were as many as there are numbers, or the store takes no clients.
    """
    mine = store_facts.c.name == "clients"
    with engine.begin() as connection:
        if why := connection.execute(select(store_facts.c.value).where(store_facts.c.name == _CLOSED)).scalar():
            raise InputError(f"the store takes no clients: {why}", allowed="a store that was opened for clients")
        count = int(connection.execute(select(store_facts.c.value).where(mine).with_for_update()).scalar_one() or 0)
        connection.execute(update(store_facts).where(mine).values(value=str(count + 1)))
    if count >= MOST_CLIENTS:
        raise InputError(f"the store has had {count} clients, and numbers no more", allowed="a new store")
    return count


_CLOSED = "closed"


def close_to_clients(connection: Connection, why: str) -> None:
    """Let the store take no clients from now on, and say why; "" = let it take them again."""
    mine = store_facts.c.name == _CLOSED
    if not connection.execute(update(store_facts).where(mine).values(value=why)).rowcount:
        connection.execute(store_facts.insert(), {"name": _CLOSED, "value": why})
