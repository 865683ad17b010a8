"""A whole book written to a database is the book in memory: entries in order, wallets, bindings; and clients go on."""

from __future__ import annotations

import random
import signal

import numpy as np
import pytest
from random_worlds import MEMBERS, NAMES, START_DAY, random_arms, random_log, random_plan
from sqlalchemy import Engine, text
from whole_worlds import MONEY, assert_even, entries_in, rows, told, wallets_in, written

from rules.engine import Engine as Rules
from rules.errors import InputError
from rules.events import DAY, Kind, Names, Records
from rules.plan.model import Plan
from rules.plan.read import read_plan
from scenarios.find import find
from sim.model import StoreModel, open_engine
from sim.pipeline import Desk
from sim.rows import events_of
from sim.scenario import read_scenario
from sim.store.asks import Result
from sim.store.sql.connect import engine_for
from sim.store.sql.create import create
from sim.store.sql.facts import StoreFacts, next_client
from sim.store.sql.lease import lease
from sim.store.sql.schema import metadata, store_facts
from sim.store.sql.shop import SqlShop
from sim.store.sql.whole import kept_in

WORLDS = [
    ("three_tier", "three_tier", 1_500, 40),
    ("tuike", "tuike_last_click", 2_000, 20),
    ("distribution_mall", "mall_three_level", 2_000, 30),
    ("direct_selling", "direct_team", 1_000, 40),
    ("risk_drill", "three_tier_guarded", 1_000, 25),
    ("three_tier_life", "three_tier_care", 1_000, 30),
]


def world(scenario: str, plan: str, people: int, days: int, seed: int = 3) -> StoreModel:
    return StoreModel(
        scenario=read_scenario(*find("markets", scenario)),
        plan=read_plan(*find("plans", plan)),
        people=people,
        days=days,
        seed=seed,
    )


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def assert_same_as(engine: Engine, model: StoreModel) -> None:
    book = model.store.book
    assert entries_in(engine) == told(book.rows("entries"))
    assert wallets_in(engine) == book.members[list(MONEY)].tolist()
    assert_even(engine)
    sold = book.rows("orders")
    kept = sold["lines"] > 0
    columns = (
        "buyer",
        "status",
        "placed_at",
        "paid_at",
        "received_at",
        "goods",
        "freight",
        "refunded",
        "channel",
        "plan",
    )
    assert rows(engine, f"SELECT {', '.join(columns)} FROM orders ORDER BY id") == sold[kept][list(columns)].tolist()
    drawn = book.rows("withdrawals")
    drawn = drawn[drawn["known"]]
    columns = ("member", "status", "amount", "fee", "tax", "time", "sent_at", "done_at")
    asked = "SELECT member, status, amount, fee, tax, asked_at, sent_at, done_at FROM withdrawals ORDER BY id"
    assert rows(engine, asked) == drawn[list(columns)].tolist()
    members = ("upline", "joined_at", "rank", "frozen")
    assert rows(engine, f"SELECT {', '.join(members)} FROM members ORDER BY id") == book.members[list(members)].tolist()
    # money in less money back is what sales say, whatever was posted one by one
    paid = sold[sold["paid_at"] >= 0]
    sales = int((paid["goods"] + paid["freight"] - paid["refunded"]).sum())
    assert rows(engine, "SELECT amount FROM balances WHERE account = 1") == [(-sales,)]
    assert rows(engine, "SELECT pieces FROM stock ORDER BY sku") == [(one,) for one in model.store.stock.tolist()]


@pytest.mark.parametrize(("scenario", "plan", "people", "days"), WORLDS)
def test_a_run_leaves_the_book_that_it_held(scenario, plan, people, days, tmp_path) -> None:
    plain, model = world(scenario, plan, people, days).run(), world(scenario, plan, people, days)
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with kept_in(url, model) as kept:
        model.run()
    np.testing.assert_array_equal(model.store.book.rows("entries"), plain.store.book.rows("entries"))
    assert kept.entries > 0
    assert kept.batches == days + 1  # and the midnight after the last
    assert_same_as(engine_for(url), model)


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_so_it_does_on_a_server(kind, request) -> None:
    engine = request.getfixturevalue(kind).bare()
    model = world(*WORLDS[0])
    with kept_in(url_of(engine), model):
        model.run()
    assert_same_as(engine, model)


@pytest.fixture(scope="module")
def emptied(tmp_path_factory):
    """A store on SQLite, and what empties it."""
    engine = engine_for(f"sqlite:///{tmp_path_factory.mktemp('random') / 'store.db'}")
    create(engine)

    def empty() -> Engine:
        with engine.begin() as connection:
            for table in metadata.tables:
                connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(text("INSERT INTO batches (id) VALUES (1)"))
        return engine

    return empty


@pytest.mark.parametrize("seed", range(15))
def test_any_plan_and_log_however_it_is_cut(seed, emptied) -> None:
    luck = random.Random(seed)
    plans = [random_plan(luck, number) for number in range(2)]
    made = (plans, NAMES, MEMBERS, START_DAY, random_arms(luck))
    log, whole, one_by_one = random_log(luck, 150), Rules.open(*made), Rules.open(*made)
    cuts = sorted(luck.randint(0, len(log)) for _ in range(6))
    engine = emptied()
    written(engine, whole, plans, NAMES, START_DAY, [piece for piece in np.split(log, cuts) if len(piece)])
    bound, above = [], one_by_one.book.members["upline"].copy()
    for place in range(len(log)):
        one_by_one.apply(log[place : place + 1])
        now = one_by_one.book.members["upline"]
        bound += [(int(who), int(now[who]), int(log["time"][place])) for who in np.flatnonzero(now != above)]
        above = now.copy()
    assert entries_in(engine) == told(one_by_one.book.rows("entries"))
    assert wallets_in(engine) == one_by_one.book.members[list(MONEY)].tolist()
    assert sorted(rows(engine, "SELECT member, inviter, at FROM bindings")) == sorted(bound)
    assert_even(engine)


def log_of(model: StoreModel) -> Records:
    batches: list[Records] = []
    model.sink = lambda events, _: batches.append(events.copy())
    model.run()
    return np.concatenate(batches)


def bring(engine: Engine, events: Records, refunds: dict[int, int]) -> list[Result]:
    """Bring events to a desk over a store one by one, and before each what is due by then."""
    slices = StoreFacts.load(engine).slices(next_client(engine))
    desk, shop_ = Desk(slices), SqlShop(engine, slices.meters, slices.titles)
    said, row = [], 0
    while row < len(events):
        event, last = events[row], row + 1
        while last < len(events) and event["kind"] == Kind.order == events[last]["kind"]:
            if events[last]["order"] != event["order"]:
                break
            last += 1
        settle(engine, desk, shop_, int(event["time"]))
        if event["kind"] != Kind.tick:
            number = refunds.get(int(event["order"]), 0)
            if event["kind"] == Kind.refund:
                refunds[int(event["order"])] = number + 1
            some = events[row:last]
            said.append(shop_.serve(lambda some=some, number=number: desk.handle(some, number)).result)
        row = last
    shop_.close()
    return said


def settle(engine: Engine, desk: Desk, shop_: SqlShop, time: int) -> None:
    first = "SELECT due_at, {kind}, id FROM {table} WHERE due_at BETWEEN 0 AND {time} ORDER BY due_at, id LIMIT 1"
    tables = (first.format(kind=kind, table=table, time=time) for kind, table in enumerate(("orders", "members")))
    questions = list(tables)
    while due := sorted(one for question in questions for one in rows(engine, question)):
        at, kind, number = due[0]
        settles = desk.settle_member if kind else desk.settle_order
        shop_.serve(lambda settles=settles, number=number, at=at: settles(number, at))


@pytest.mark.parametrize(
    ("scenario", "plan", "people", "days", "until"),
    [("three_tier", "three_tier", 2_500, 46, 43), ("tuike", "tuike_last_click", 4_000, 17, 15)],
)
@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_clients_go_on_where_the_run_ended(scenario, plan, people, days, until, kind, request, tmp_path) -> None:
    model = world(scenario, plan, people, days)
    log = log_of(model)
    expected = open_engine(model.plans, model.names, people, model.world.start)
    expected.apply(log)
    engine = engine_for(f"sqlite:///{tmp_path / 'on.db'}") if kind == "sqlite" else request.getfixturevalue(kind).bare()
    create(engine)
    rules = open_engine(model.plans, model.names, people, model.world.start)
    days_of = log["time"] // DAY - model.world.start
    batches = [log[days_of == day] for day in range(until)]
    written(engine, rules, model.plans, model.names, model.world.start, batches)
    made, left = rules.book.count("entries"), log[days_of >= until]
    counts = {int(one): int(n) for one, n in zip(*np.unique(refunded(batches), return_counts=True), strict=True)}
    said = bring(engine, left, counts)
    everything = told(expected.book.rows("entries"))
    assert 0 < made < len(everything)  # some were made by the run, others by the client
    assert said.count(Result.done) > 0.9 * len(said)
    assert entries_in(engine)[:made] == everything[:made]
    assert sorted(one[:6] + one[7:] for one in entries_in(engine)) == sorted(one[:6] + one[7:] for one in everything)
    assert wallets_in(engine) == expected.book.members[list(MONEY)].tolist()
    assert_even(engine)


def refunded(batches: list[Records]) -> Records:
    events = np.concatenate(batches)
    return events["order"][events["kind"] == Kind.refund]


def test_no_client_goes_on_where_a_plan_looks_at_the_whole_book(tmp_path) -> None:
    plan = Plan.model_validate(
        {
            "plan": "pool",
            "ranks": [{"id": "member"}],
            "commission": {"dividend": {"pool": "5%", "shares": {"member": 1}}},
        }
    )
    engine = engine_for(f"sqlite:///{tmp_path / 'pool.db'}")
    create(engine)
    rules = Rules.open([plan], Names(skus=["s0"]), 3, START_DAY)
    whole = written(engine, rules, [plan], Names(skus=["s0"]), START_DAY, [])
    assert "commission.dividend" in whole.kept.closed
    with pytest.raises(InputError, match=r"takes no clients: commission\.dividend"):
        next_client(engine)


def test_a_second_run_is_refused_while_one_holds_the_book(any_engine) -> None:
    other = engine_for(url_of(any_engine))
    with any_engine.connect() as first, other.connect() as second:
        with lease(first), pytest.raises(InputError, match="another run holds the whole book"), lease(second):
            pass
        with lease(second):
            pass
    other.dispose()


def test_a_store_that_is_there_is_not_written_over(any_engine) -> None:
    with any_engine.begin() as connection:
        connection.execute(store_facts.insert(), {"name": "layout", "value": "somebody's"})
    with pytest.raises(InputError, match="there is a store already"), kept_in(url_of(any_engine), world(*WORLDS[1])):
        pass


def test_while_a_run_goes_on_no_client_begins_and_after_ctrl_c_whole_days_are_left(tmp_path) -> None:
    model, url = world("three_tier", "three_tier", 300, 30), f"sqlite:///{tmp_path / 'cut.db'}"
    engine = engine_for(url)

    def interrupt(done: int, _: int) -> None:
        if done == 12:
            with pytest.raises(InputError, match="a run writes into it"):
                next_client(engine)
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt), kept_in(url, model) as kept:
        model.run(interrupt)
    assert kept.batches == 12
    assert_same_as(engine, model)
    assert next_client(engine) == 0


def test_ctrl_c_within_a_day_waits_for_its_end(tmp_path) -> None:
    model, url = world("three_tier", "three_tier", 300, 30), f"sqlite:///{tmp_path / 'cut.db'}"
    rules = model.store.engine
    apply, batches = rules.apply, []

    def interrupted(events: Records) -> Records:
        batches.append(len(events))
        if len(batches) == 9:
            signal.raise_signal(signal.SIGINT)
        return apply(events)

    rules.apply = interrupted
    with pytest.raises(KeyboardInterrupt), kept_in(url, model) as kept:
        model.run()
    assert kept.batches == 9
    assert_same_as(engine_for(url), model)


def test_a_lost_database_ends_the_run_and_leaves_whole_days(request) -> None:
    engine = request.getfixturevalue("postgresql").bare()
    model = world("three_tier", "three_tier", 300, 30)

    def cut(done: int, _: int) -> None:
        if done == 7:
            with engine.connect() as connection:
                others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))

    with pytest.raises(InputError, match="the database was lost"), kept_in(url_of(engine), model) as kept:
        model.run(cut)
    assert 7 <= kept.batches < 30
    assert_even(engine)
    last = (model.world.start + kept.batches) * DAY
    assert all(moment < last for (moment,) in rows(engine, "SELECT event_at FROM journal"))
    with pytest.raises(InputError, match="was killed before its end"):
        next_client(engine)


def test_several_refunds_of_a_day_are_one_journal(tmp_path) -> None:
    # two pieces of 10.00 given back one after the other: 20.00 in one journal, numbered by the first of them
    engine = engine_for(f"sqlite:///{tmp_path / 'refunds.db'}")
    create(engine)
    plan = Plan.model_validate({"plan": "none", "ranks": [{"id": "member"}]})
    rules = Rules.open([plan], Names(skus=["s0"]), 2, START_DAY)
    noon = np.array([START_DAY * DAY + 43_200])
    placed = events_of(Kind.order, noon, order=0, member=1, sku=0, quantity=3, price=1_000, line=1, category=0)
    back = [events_of(Kind.refund, noon + 100 * n, order=0, line=1, quantity=1) for n in (2, 3)]
    batch = np.concatenate([placed, events_of(Kind.pay, noon + 60, order=0), *back])
    late = events_of(Kind.refund, noon + DAY, order=0, line=1, quantity=1)
    written(engine, rules, [plan], Names(skus=["s0"]), START_DAY, [batch, late])
    paid, refund = 5, 9
    assert rows(engine, "SELECT id / 64 % 64, id % 64, x0, event_at FROM journal ORDER BY id") == [
        (paid, 0, 3_000, int(noon[0]) + 60),
        (refund, 0, 2_000, int(noon[0]) + 300),
        (refund, 2, 1_000, int(noon[0]) + DAY),
    ]
