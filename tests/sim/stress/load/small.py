"""A small market whose events the tests of a load bring."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Engine

from sim.cli.common import given
from sim.pipeline import Desk
from sim.store.sql.facts import StoreFacts, next_client
from sim.store.sql.opening import open_store
from sim.store.sql.shop import SqlShop
from sim.stress.load.diary import Diary, Line
from sim.stress.load.stream import Stream, stream_of


@cache
def small(people: int = 220, days: int = 75) -> Stream:
    market, plan, people, days = given("three_tier", None, people, days)
    return stream_of(market, plan, people, days, 3)


def brought(engine: Engine, stream: Stream, folder) -> None:
    """Bring everything, one after the other, and write down what was said."""
    opened = (list(stream.plans), stream.names, stream.people, stream.start_day, stream.market)
    open_store(engine, stream.scenario, *opened)
    slices = StoreFacts.load(engine).slices(next_client(engine))
    desk, shop = Desk(slices), SqlShop(engine, slices.meters, slices.titles)
    with Diary(folder / "client-0.csv") as diary:
        for task in stream.tasks:
            reply = shop.serve(lambda task=task: desk.handle(task.events, task.number, task.source))
            event = task.events[0]
            subject = int(event["order"] if event["order"] >= 0 else event["member"])
            diary.add(Line(task.source, int(task.kind), subject, task.number, reply.result.value, 1, 1, 1, 1))
    shop.close()
