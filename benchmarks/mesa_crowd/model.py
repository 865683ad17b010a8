"""The store as an ordinary Mesa model: one agent a person, one step a day, events as plain dicts.

It is the day of `sim.model` for markets that have no optional section but the share kit, and plans without contests,
coupons or mentors: the peer of the benchmark, and a second opinion on everything that the crowd in columns does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from heapq import nsmallest
from operator import itemgetter

from benchmarks.mesa_crowd.events import Books, Diary, Event
from benchmarks.mesa_crowd.kit import PlainKit
from benchmarks.mesa_crowd.luck import FreeLuck, SameLuck, uniform
from benchmarks.mesa_crowd.orders import Purchase
from benchmarks.mesa_crowd.person import Click, Person
from benchmarks.mesa_crowd.town import Town
from rules.events import DAY, Kind, Names
from rules.payout.channel import largest_request
from rules.plan.model import Plan
from rules.records import WithdrawalStatus
from sim.behaviour.earning import announce, first_paid_rank, regime_on
from sim.behaviour.purposes import Decision
from sim.behaviour.withdrawing import ANSWERING, APPROVE_AT, ASK_FROM, ASK_UNTIL, PAY_AT
from sim.behaviour.world import NEVER
from sim.mesa_bridge import mesa, number_characters_from
from sim.scenario import Scenario

WEEK = 7
TIRED = 255
DAILY = (
    *(Decision.share, Decision.audience, Decision.click_time, Decision.impulse, Decision.withdraw),
    *(Decision.product, Decision.script, Decision.suits, Decision.bandit),
)
_MOMENT = itemgetter(0, 1)


class MesaStore(mesa.Model):  # type: ignore[misc]
    """A referral-commission store and its market, a Python object a person.

    Args:
        scenario: without optional sections but the share kit. plan: of commissions.
        people, days, seed: as of `StoreModel`.
        books: opens those who keep the books, for a plan, names, a number of people and a first day.
        same: whether luck is that of `StoreModel`, to the bit, or Python's own, which is faster.
        sink: gets the events of every day.
    """

    def __init__(
        self,
        *,
        scenario: Scenario,
        plan: Plan,
        people: int,
        days: int,
        seed: int,
        books: Callable[[Plan, Names, int, int], Books],
        same: bool = False,
        sink: Callable[[Sequence[Event]], object] | None = None,
    ) -> None:
        super().__init__(rng=seed)
        number_characters_from(self, 0)
        luck = SameLuck(seed) if same else FreeLuck(self.random)
        self.draw, self.single, self._key = luck.draw, luck.single, luck.key
        self.keys = {decision: luck.key(decision) for decision in Decision}
        self.town, self.plan, self.day, self.days, self.sink = Town(scenario, people, days), plan, 0, days, sink
        start = self.town.start
        self.books, self.diary = books(plan, self.town.names(plan), people, start), Diary(start)
        self.kit = PlainKit(self, scenario.materials, seed) if scenario.materials else None
        self.members: list[Person] = []
        self.seen: list[Person] = []
        self._tired: list[Person] = []
        self._buyers: defaultdict[int, list[Person]] = defaultdict(list)
        self._earners: defaultdict[int, set[int]] = defaultdict(set)
        self._known_earners: set[int] = set()
        self._moved: set[Person] = set()
        self._asked: list[int] = []
        self._next_order = self._next_withdrawal = 0
        self.people = [Person(self) for _ in range(people)]
        self.keenest = max(person.attention for person in self.people)
        self._arrivals = self._expected()
        self._seeds = self._appointed()

    @property
    def midnight(self) -> int:
        """Second at which today began."""
        return (self.town.start + self.day) * DAY

    def step(self) -> None:
        """One day of the store."""
        self.keys.update({decision: self._key(decision, self.day) for decision in DAILY})
        moved = self._welcome()
        before = len(self.members)
        orders = self._impulses(self._links())
        moved.update(self.members[before:])
        orders += self._visits()
        orders.sort(key=lambda order: (order.second, order.buyer.unique_id, order.ordinal))
        for order in orders:
            order.place(self._next_order)
            self._next_order += 1
        moved.update(order.buyer for order in orders)
        self._answer_requests()
        self._take_requests()
        self._teach()
        self._moved = moved
        self._book(self.diary.close(self.day))
        self.day += 1
        self.running = self.day < self.days

    def run(self) -> MesaStore:
        """All days that are left, and what becomes due by the end of the last."""
        while self.day < self.days:
            self.step()
        self._book([Event(kind=int(Kind.tick), time=self.midnight)])
        return self

    def expect(self, person: Person) -> None:
        """Note when somebody comes to buy."""
        if person.buy_day < NEVER:
            self._buyers[person.buy_day].append(person)

    def _expected(self) -> dict[int, list[tuple[int, Person]]]:
        """Who finds the store without being told, by day, in order, with the second."""
        coming: defaultdict[int, list[tuple[int, Person]]] = defaultdict(list)
        for person in sorted(self.people, key=lambda person: person.aloofness):
            if arrival := self.town.arrival(person.aloofness):
                day, second = arrival
                coming[day].append((second, person))
        return coming

    def _appointed(self) -> list[Person]:
        """Staff and first promoters: eager to share before they have earned anything."""
        given, draw, key = self.town.given, self.draw, self.keys[Decision.seed]
        count = min(given.seeds, len(self.people) // 100)
        seeds = nsmallest(count, self.people, key=lambda person: draw(key, person.unique_id))
        seeds.sort(key=lambda person: person.unique_id)
        promise = self._promises()
        self._seed_rank = first_paid_rank(self.plan, self.town.market, given)
        for person in seeds:
            person.zeal = max(person.zeal, self.single(given.seed_zeal))
            person.weigh(given.believed_orders * promise(self._seed_rank, 0))
        return seeds

    def _welcome(self) -> set[Person]:
        """Register the seeds when the store opens, and who comes by herself today."""
        before, chance = len(self.members), self.town.given.first_purchase
        if self.day == 0:
            for person in self._seeds:
                person.register(0, None, chance)
            for person in self._seeds if self._seed_rank else []:
                self.diary.note(Kind.promote, self.midnight, member=person.unique_id, rank=self._seed_rank)
        for second, person in self._arrivals.get(self.day, []):
            if person.joined == NEVER:
                person.register(second, None, chance)
        return set(self.members[before:])

    def _links(self) -> list[Click]:
        """Members share; those who see it may click."""
        draw, key, clicks = self.draw, self.keys[Decision.share], []
        if self.kit:
            self.kit.publish(self.day)
        for member in self.members:
            word = draw(key, member.unique_id)
            if word >> 32 < member.bar:
                clicks += member.share(word)
        for person in self.seen:
            if not person.fatigue:
                self._tired.append(person)
            if person.fatigue < TIRED:
                person.fatigue += 1
        self.seen.clear()
        clicks.sort(key=_MOMENT)
        for click in clicks:
            self.diary.note(
                Kind.click,
                self.midnight + click.second,
                member=click.visitor.unique_id,
                other=click.sharer.unique_id,
                sku=click.post.sku,
            )
        return clicks

    def _impulses(self, clicks: list[Click]) -> list[Purchase]:
        """What clicks lead to: people register, members buy on impulse."""
        orders = []
        for click in clicks:
            if click.visitor.respond(click):
                second, ordinal = click.visitor.give_in(click.second)
                orders.append(Purchase(click.visitor, ordinal, second, click.post.sku))
                if self.kit:
                    self.kit.count(click.post, "orders")
        return orders

    def _visits(self) -> list[Purchase]:
        """The orders of those whose day it is."""
        return [
            Purchase(person, ordinal, second)
            for person in self._buyers.pop(self.day, [])
            for second, ordinal in person.buy()
        ]

    def _answer_requests(self) -> None:
        """Review and pay what was asked for yesterday."""
        asked = [(number, request) for number in self._asked if (request := self.books.request(number))]
        self._asked, draw, key = [], self.draw, self.keys[Decision.payout]
        for number, (_, status) in asked:
            if status is WithdrawalStatus.reviewing:
                self.diary.note(Kind.approve, self.midnight + APPROVE_AT, order=number)
        failed = []
        for number, (member, _) in asked:
            word = draw(draw(key, member), self.people[member].payouts)
            time = self.midnight + PAY_AT + word % ANSWERING
            if uniform(word) >= self.town.given.payout_failure:
                self.diary.note(Kind.paid, time, order=number)
            else:
                failed.append((time, number))
        for time, number in failed:
            self.diary.note(Kind.failed, time, order=number)

    def _take_requests(self) -> None:
        """Whose weekday it is asks for what is available, where that is enough."""
        rule, draw, key, asking = self.plan.withdrawal, self.draw, self.keys[Decision.withdraw], []
        most = largest_request(rule)
        for member in sorted(self._earners[(self.town.start + self.day) % 7]):
            available = self.books.available(member)
            if available < max(1, rule.minimum):
                continue
            part = uniform(draw(key, member))
            if part < self.town.given.withdraw_weekly:
                second = ASK_FROM + int(part * (ASK_UNTIL - ASK_FROM))
                asking.append((second, member, available if most is None else min(available, most)))
        for second, member, amount in sorted(asking):
            number, self._next_withdrawal = self._next_withdrawal, self._next_withdrawal + 1
            self.people[member].payouts += 1
            self.diary.note(Kind.withdraw, self.midnight + second, member=member, order=number, amount=amount)
            self._asked.append(number)

    def _teach(self) -> None:
        """Members draw their lessons: all at the end of a week, else those for whom something changed yesterday."""
        promise, believed = self._promises(), self.town.given.believed_orders
        weekly = (self.day + 1) % WEEK == 0
        for person in self.members if weekly else self._moved:
            earned, rank, promoted = self.books.standing(person.unique_id)
            if weekly:
                person.learn(earned)
            person.weigh(believed * promise(rank, promoted))
        if weekly:
            self.members.sort(key=lambda person: person.unique_id)
            self._rest()

    def _rest(self) -> None:
        """Let fatigue halve."""
        for person in self._tired:
            person.fatigue >>= 1
        self._tired = [person for person in self._tired if person.fatigue]

    def _promises(self) -> Callable[[int, int], float]:
        """What the plan promises for an order today, in fen, by rank and promoted orders."""
        town = self.town
        announced = announce(self.plan, town.market, town.given, regime_on(self.plan, town.start, self.day))
        order, first = announced.order.tolist(), announced.first.tolist()
        return lambda rank, promoted: order[rank] + (0.0 if promoted else first[rank])

    def _book(self, events: list[Event]) -> None:
        """Let the rules take today's events; remember who has earned."""
        for member in self.books.take(events) - self._known_earners:
            self._known_earners.add(member)
            self._earners[self.draw(self.keys[Decision.payday], member) % 7].add(member)
        if self.sink:
            self.sink(events)
