"""The store as a Mesa model: one step is one day.

The crowd lives in columns, characters (a fraud ring, an influencer, an operator) are Mesa agents of the same model.
Behaviour writes events; the store sells what it can and lets the rules book what they cause; nobody here touches money.
What a day's events cause is known the day after: whoever looks at the store sees it as it stood the evening before.
Whatever the number of threads, the same seed gives the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rules.calendar import day_of
from rules.commission.contest import races
from rules.engine import Engine
from rules.events import DAY, Kind, Names, Records
from rules.people.coupons import coupon_ids
from rules.plan.model import Plan
from sim.actors.casting import cast, named_plans
from sim.actors.character import Character
from sim.allocation import keep_memory
from sim.behaviour import basket, clicking, competing, earning, fulfilment, joining, sharing, shopping
from sim.behaviour.arriving import Arrivals
from sim.behaviour.channelling import doors_of
from sim.behaviour.chunks import Crew
from sim.behaviour.communities import Headquarters
from sim.behaviour.goods import goods_of
from sim.behaviour.materials import Kit
from sim.behaviour.nodes import make_fans, staffed
from sim.behaviour.parameters import settled
from sim.behaviour.points import gift_names
from sim.behaviour.programmes import Programmes
from sim.behaviour.seeding import Invitation, choose_seeds
from sim.behaviour.supplying import priced
from sim.behaviour.withdrawing import Withdrawals
from sim.behaviour.world import Times, World, new_crowd
from sim.books import Books, Sink
from sim.columns import Everyone, Host
from sim.compliance.watch import Watch
from sim.market import Market, compile_channels, compile_market
from sim.mesa_bridge import mesa, number_characters_from
from sim.metrics import Meter
from sim.people import traits
from sim.retention import Activity
from sim.risk.desk import Desk
from sim.risk.lookout import Lookout
from sim.risk.service import RiskService
from sim.risk.traces import Traces, traces_of
from sim.risk.truth import Truth
from sim.rows import events_of
from sim.scenario import Scenario
from sim.store import Store
from sim.store.memory import MemoryStore
from sim.store.warning import StockWatch

if TYPE_CHECKING:
    from mesa.agent import AgentSet

WEEK = 7
Progress = Callable[[int, int], None]
"""What is told days done and days in all."""


class StoreModel(mesa.Model):  # type: ignore[misc]
    """A referral-commission store and its market.

    Args:
        scenario: what the operator does not control.
        plan: the commission plan, what she does control.
        people: size of the market, at least 10.
        days: length of the run.
        seed: of all luck.
        plans: further versions that characters, or who branches the world, may put in force, beside those that the
            scenario's actors name; the rules count from the beginning what these need, too. Each has an arm of its
            own, which is empty until somebody is assigned to it: plan and arm have the same number.
        workers: threads; changes nothing in the result.
        rng: for characters that use Mesa's generators; the seed if left out.
        sink: gets every day's accepted events and new entries.
        store: what sells; a store in memory if left out.
        services: risk services that are asked beside the desk's own signs, where the scenario has a desk.

    Attributes:
        day: the day that comes next, from 0. store, metrics, watch, world: see there.
        traces, truth: what accounts leave behind, and who cheats. gangs: they who do. parts: all characters that the
            scenario names, gangs among them.
        desk: what stands against them; None where the scenario has no risk rules.
        activity: who of each week's newcomers is active in each week.
        invitation: who was invited to promote; None where the scenario has none.
        kit: the share kit. headquarters: who calls on the communities. None where the scenario has none.
    """

    def __init__(
        self,
        *,
        scenario: Scenario,
        plan: Plan,
        people: int,
        days: int,
        seed: int,
        plans: Sequence[Plan] = (),
        workers: int = 1,
        rng: int | np.random.Generator | None = None,
        sink: Sink | None = None,
        store: Store | None = None,
        services: Sequence[RiskService] = (),
    ) -> None:
        if people < 10 or days < 1:
            raise ValueError(f"`people >= 10` and `days >= 1` must hold, but got people={people}, days={days}.")
        super().__init__(rng=seed if rng is None else rng)
        number_characters_from(self, people)
        self.day, self.days, self.sink = 0, days, sink
        named = named_plans(scenario.actors)
        self.conditions, self._first_plan = scenario, plan
        self.world = make_world(self, scenario, plan, people, days, seed, workers)
        self.world.arms = distinct([plan, *plans, *named.values()])[1:]
        start, market = self.world.start, self.world.market
        self.names = Names(
            skus=market.skus,
            categories=market.categories,
            channels=self.world.channels.names,
            ranks=[rank.id for rank in plan.ranks],
            coupons=coupon_ids(self.plans, Names()),
            gifts=gift_names(self.plans),
        )
        self.programmes = Programmes(self.world, self.plans, self.names)
        self.store = store or open_store(self.plans, self.names, people, start, market)
        self.watch = Watch(self.store.book)
        self.stock_watch = StockWatch(scenario.stock, len(market.skus)) if scenario.stock else None
        watched = scenario.actors or scenario.risk
        self.truth, self.traces = Truth.honest(people), traces_of(seed, people) if watched else Traces.apart(people)
        self.metrics = Meter(people, market.cost, start, days, self.truth.took)
        self.activity = Activity(people, days)
        self.gangs = cast(self, scenario.actors, seed, named) if scenario.actors else []
        self.parts = list(self.characters)
        self.desk = Desk(scenario.risk, self.traces, self.truth, seed, start, services) if scenario.risk else None
        self.lookout = Lookout(self.world, self.desk) if self.desk else None
        self.kit = Kit(scenario.materials, seed, market) if scenario.materials else None
        self.headquarters = Headquarters(scenario.communities, self.world) if scenario.communities else None
        rank = earning.first_paid_rank(plan, market, self.world.given)
        invite = scenario.cold_start.invite if scenario.cold_start else None
        self.invitation = Invitation(invite, rank) if invite else None
        self._arrivals = Arrivals(self.world, rank)
        self._withdrawals = Withdrawals(people, self.desk.may_be_paid if self.desk else None)
        self._books = Books(self.store, self.metrics, self.watch, workers)
        self._moved = self._arrivals.seeds[:0]
        self._ahead = False
        earning.weigh_all(self.world, self._arrivals.seeds, np.full(len(self._arrivals.seeds), rank), 0)

    @property
    def agents(self) -> Everyone:
        """Everybody: the characters, then the crowd."""
        return Everyone(self.characters, self.world.crowd.everyone())

    @property
    def characters(self) -> AgentSet:
        """The characters alone."""
        return super().agents

    @property
    def plans(self) -> list[Plan]:
        """The plan it began with, then the further versions: by number of plan, and of arm."""
        return [self._first_plan, *self.world.arms]

    @property
    def plan(self) -> Plan:
        """The plan that is in force for the first arm."""
        return self.world.plan

    @property
    def lived_under(self) -> list[Plan]:
        """The plans by number; for one that is not in force and under which nobody ever ordered stands the first."""
        known = {0, self.plans.index(self.plan), *np.unique(self.store.book.rows("orders")["plan"]).tolist()}
        return [plan if number in known else self.plans[0] for number, plan in enumerate(self.plans)]

    def step(self) -> None:
        """One day of the store."""
        world = self.world
        world.day = self.day
        if self.characters:
            self._finish()
        self._wake()
        arrived = self._arrivals.arrive(world)
        if self.headquarters:
            self.headquarters.call(world)
        self.programmes.morning(world)
        shares = self.programmes.reach(world, sharing.share(world, self.kit))
        clicks = clicking.click(world, shares, self.kit)
        answers = joining.respond(world, clicks, shares.posts)
        for one in (self.kit, self.headquarters):
            if one:
                one.count(world, shares, clicks, answers)
        orders = shopping.shop(world, answers.impulses)
        self.activity.note_orders(orders.person)
        baskets = basket.fill_baskets(world, orders)
        off = self.programmes.take_off(world, orders, baskets)
        lines, numbers = basket.place(world, orders, baskets, off)
        fulfilment.fulfil(world, orders, lines, numbers)
        self._settle()
        self._look_back()
        newcomers = np.concatenate([arrived, answers.joined])
        self.programmes.evening(world, self.store.book, newcomers, shares, orders)
        self.metrics.spend(world.start + self.day, self.programmes.cost)
        if self.invitation:
            self.invitation.send(world, self.store.book)
        self._withdrawals.answer(world, self.store.book)
        self._withdrawals.ask(world, self.store.book)
        self._act()
        if world.goods:
            world.goods.close_day(world, self.store)
        self._learn(np.concatenate([newcomers, orders.person, *world.told]))
        self._trade(world.day_events())
        self.day += 1
        self.running = self.day < self.days

    def run(self, progress: Progress | None = None, until: int | None = None) -> StoreModel:
        """All days that are left, and what becomes due by the end of the last.

        Args:
            progress: told days done and days in all.
            until: stop on the morning of this day.
        """
        self._ahead = True
        keep_memory()
        while self.day < (self.days if until is None else until):
            self.step()
            if progress:
                progress(self.day, self.days)
        self._ahead = False
        self._finish()
        if until is None:
            self._look_back()
            end = np.array([(self.world.start + self.days) * DAY])
            self._book(events_of(Kind.tick, end), self.days - 1)
            self._finish()
            self.close()
        return self

    def close(self) -> None:
        """Let the threads go."""
        self.world.crew.close()
        self._books.close()

    def log_in(self, logins: Records) -> None:
        """Add a character's logins of today."""
        if self.lookout:
            self.lookout.log_in(logins)

    def boast(self, account: int) -> None:
        """Let a character's share of today say what it must not."""
        if self.lookout:
            self.lookout.boast(account)

    def expect(self, withdrawal: int) -> None:
        """Have a character's request for money answered like everybody's."""
        self._withdrawals.expect(np.array([withdrawal]))

    def submit(self, events: Records) -> None:
        """Add a character's events of today or later to the log."""
        self.world.agenda.put(events)

    def put_in_force(self, number: int) -> None:
        """Let another of the plans be in force from this morning on; promoters read it at once."""
        world = self.world
        world.day = self.day
        world.plan = self.plans[number]
        self._settle()
        self._book(events_of(Kind.plan, np.array([world.midnight]), rank=number))
        self._finish()
        self._reconsider(world.members)

    def _wake(self) -> None:
        """The characters prepare for the day, in the order in which they came to be."""
        self.world.told = []
        for one in list(self.characters):
            if isinstance(one, Character):
                one.morning()

    def _act(self) -> None:
        """The characters take their turn, in random order by `model.random`."""
        self.characters.shuffle_do("step")

    def _trade(self, events: Records) -> None:
        """Let the store and the rules take today's events, past the risk desk where there is one."""
        if self.lookout:
            self._book(self.lookout.screen(events, self.store.book))
            self._finish()
            self.lookout.close_day()
            return
        self._book(events)
        if not self._ahead:
            self._finish()

    def _book(self, events: Records, day: int | None = None) -> None:
        """Begin to book events of today."""
        self._books.take(self.world.start + (self.day if day is None else day), events, self.sink)

    def _settle(self) -> None:
        """Wait until all events up to now are booked."""
        self._withdrawals.note(self._books.settle())

    def _finish(self) -> None:
        """Wait until all events up to now are booked and counted."""
        self._settle()
        self._books.count()

    def _look_back(self) -> None:
        """Look at the shelves as the day before has left them."""
        if self.day and self.stock_watch and isinstance(self.store, MemoryStore):
            self.stock_watch.observe(self.day - 1, self.store)

    def _learn(self, moved: NDArray[np.integer]) -> None:
        """Promoters draw their lessons: all at the end of a week, else who hears of new terms or moved yesterday.

        Args:
            moved: whose standing or terms move today: what that comes to will be booked by tomorrow.
        """
        if (self.day + 1) % WEEK == 0:
            self.activity.end_week(self.world)
            if competing.has_contests(self.world):
                competing.look(self.world, self.store.book, races(self.plans, self.world.start))
            earning.weekly_lesson(self.world, self.store.book)
            self.programmes.end_day(self.world, self.world.members)
            self.world.end_week()
        else:
            hearing = np.concatenate([self._moved, *self.world.told])
            self._reconsider(np.unique(hearing).astype(np.int32))
        self._moved = moved.astype(np.int32)

    def _reconsider(self, persons: NDArray[np.int32]) -> None:
        """Some promoters weigh their effort anew."""
        earning.reconsider(self.world, self.store.book, persons)
        self.programmes.end_day(self.world, persons)


def open_store(plans: Sequence[Plan], names: Names, people: int, start: int, market: Market) -> Store:
    """A store in memory with the market's stock; the first plan is in force."""
    engine = open_engine(plans, names, people, start)
    return MemoryStore(engine, market.stock, market.restock, start_day=start)


def open_engine(plans: Sequence[Plan], names: Names, people: int, start: int) -> Engine:
    """The rules of a market in which everybody may be paid, with an arm for each plan."""
    engine = Engine.open(plans, names, people, start, range(len(plans)))
    engine.verify_everybody()
    return engine


def distinct(plans: Sequence[Plan]) -> list[Plan]:
    """Plans without those that were there before."""
    return [plan for number, plan in enumerate(plans) if plan not in plans[:number]]


def make_world(model: Host, scenario: Scenario, plan: Plan, people: int, days: int, seed: int, workers: int) -> World:
    """The market of a scenario before its first day."""
    given, start = staffed(settled(scenario.behaviour), scenario.nodes), day_of(scenario.start)
    market = compile_market(
        scenario.catalogue.categories, scenario.calendar, days, given.weekday_traffic, start, scenario.hourly
    )
    if scenario.suppliers:
        market = priced(market, scenario)
    channels = compile_channels(scenario.channels, given.step_loss)
    times = Times(scenario.logistics.ship, scenario.logistics.deliver, scenario.returns.days)
    crowd = new_crowd(model, people)
    for name, values in traits(seed, np.arange(people), given, market.weights, channels).items():
        crowd[name] = values
    if scenario.nodes:
        make_fans(crowd, seed, scenario.nodes)
    world = World(seed, people, start, given, market, channels, times, plan, crowd, Crew(workers))
    world.seeds = choose_seeds(world, scenario.cold_start)
    world.goods, world.doors = goods_of(scenario, world), doors_of(scenario, channels)
    return world
