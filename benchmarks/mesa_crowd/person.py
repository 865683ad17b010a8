"""A person of the market as a Mesa agent: who she is, and what she does.

Sources of the behaviour are named in the files of `sim.behaviour` that have it in columns.
"""

from __future__ import annotations

from bisect import bisect_right
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.mesa_crowd.kit import NOTHING, Post
from benchmarks.mesa_crowd.luck import LOW, cut, lookup, pick, uniform
from rules.events import DAY, Kind
from sim.behaviour.clicking import LATEST, SOONEST
from sim.behaviour.joining import JOIN_LATEST, JOIN_SOONEST
from sim.behaviour.materials import STYLES
from sim.behaviour.purposes import IMPULSE, Decision
from sim.behaviour.sharing import EVENING_ENDS
from sim.behaviour.shopping import IMPULSE_LATEST, LAST_SECOND, SAME_VISIT
from sim.behaviour.world import FULL, NEVER
from sim.mesa_bridge import mesa
from sim.network import BAR, BAR_BITS
from sim.people import LEAST_RATE, PRESSURE, WEEK

if TYPE_CHECKING:
    from benchmarks.mesa_crowd.model import MesaStore


class Click(NamedTuple):
    """Somebody follows a link: at a second of the day, which of the contacts reached she is, and what was shared."""

    second: int
    word: int
    visitor: Person
    sharer: Person
    k: int
    tie: float
    post: Post


class Person(mesa.Agent):  # type: ignore[misc]
    """Somebody who may come to the store, buy, share and earn.

    Args:
        model: with the town and the luck that are hers.
    """

    model: MesaStore

    def __init__(self, model: MesaStore) -> None:
        super().__init__(model)
        self._be_somebody()
        self.joined = NEVER  # seconds since the store opened
        self.due, self.buy_day, self.repeats, self.impulses = inf, NEVER, 0, 0
        self.pressure, self.fatigue = 0, 0
        self.effort, self.bar, self.per_share, self.income, self.swing = 0.0, 0, 0.0, 0.0, 0.0
        self.shared, self.shares, self.earned, self.payouts = 0, 0, 0, 0
        self.contacts: list[Person] = []
        self.near: list[bool] = []

    def _luck(self, decision: Decision) -> float:
        return uniform(self.model.draw(self.model.keys[decision], self.unique_id))

    def _be_somebody(self) -> None:
        """Draw what is fixed about a person."""
        town, luck, single = self.model.town, self._luck, self.model.single
        given = town.given
        self.rate = single(max(lookup(town.rates, luck(Decision.rate)) / (given.alpha * WEEK), LEAST_RATE))
        self.dropout = single(lookup(town.dropouts, luck(Decision.dropout)))
        self.spend = given.v * 100 * lookup(town.spends, luck(Decision.spend))
        self.taste = bisect_right(town.tastes, luck(Decision.taste))
        self.sensitivity = single(2 * given.price_response * luck(Decision.sensitivity))
        self.degree = int(min(lookup(town.degrees, luck(Decision.degree)), given.degree_most))
        self.channel = bisect_right(town.doors, luck(Decision.channel))
        trust = lookup(town.trusts, luck(Decision.trust))
        self.trust, self.attention = single(trust), single(trust * town.open[self.channel])
        self.zeal = single(lookup(town.zeals, luck(Decision.zeal)))
        self.cost = single(given.cost * 50 * lookup(town.costs, luck(Decision.cost)))
        self.resistance = int(PRESSURE * lookup(town.exponential, luck(Decision.resistance)))
        self.style = pick(self.model.draw(self.model.keys[Decision.style], self.unique_id), len(STYLES))
        self.aloofness = lookup(town.exponential, luck(Decision.arrival))

    def register(self, second: int, inviter: Person | None, chance: float) -> None:
        """Become a member; `chance` is that she buys unprompted."""
        model = self.model
        self.joined = model.day * DAY + second
        model.members.append(self)
        other = -1 if inviter is None else inviter.unique_id
        model.diary.note(
            Kind.register, model.midnight + second, member=self.unique_id, other=other, channel=self.channel
        )
        self._think_of_buying(second, chance)

    def _think_of_buying(self, second: int, chance: float) -> None:
        """Decide whether she ever buys unprompted, and if so when first."""
        model, town, draw, given = self.model, self.model.town, self.model.draw, self.model.town.given
        if self._luck(Decision.first) >= chance * town.convert[self.channel]:
            return
        day, word = model.day, draw(model.keys[Decision.first_delay], self.unique_id)
        wait = uniform(draw(word, 0))
        if uniform(word) < given.same_visit:
            second = min(second + 60 + int(wait * SAME_VISIT), LAST_SECOND)
        else:
            day += 1 + int(given.first_delay * lookup(town.exponential, wait))
            if day >= town.days:
                return
            second = town.second_of_day(uniform(draw(word, 1)))
        self._will_buy(town.own_time(self.sensitivity, day, second), 0)
        model.expect(self)

    def _will_buy(self, due: float, ordinal: int) -> None:
        self.due, self.repeats = due, ordinal
        self.buy_day = self.model.town.day_at(self.sensitivity, due, self.model.day)

    def _gap(self, ordinal: int) -> float:
        """Operational days before order number `ordinal`."""
        word = self.model.draw(self.model.draw(self.model.keys[Decision.gap], self.unique_id), ordinal)
        return lookup(self.model.town.exponential, uniform(word)) / self.rate

    def buy(self) -> list[tuple[int, int]]:
        """Her orders of today: seconds and ordinals; then she knows when she comes back, if she does."""
        model, town, orders = self.model, self.model.town, []
        while self.buy_day == model.day:
            ordinal = self.repeats
            orders.append((town.second_at(self.sensitivity, self.due, model.day), ordinal))
            word = model.draw(model.keys[Decision.quit], self.unique_id)
            quits = ordinal >= 1 and uniform(model.draw(word, ordinal)) < self.dropout
            self._will_buy(inf if quits else self.due + self._gap(ordinal + 1), ordinal + 1)
        model.expect(self)
        return orders

    def share(self, word: int) -> list[Click]:
        """Send a link to some of her contacts; gives who follows it."""
        model = self.model
        part = (word & LOW) * 2.0**-32
        second = int(model.town.time_of_sharing(part) * EVENING_ENDS)
        post = model.kit.post(self) if model.kit else NOTHING
        model.diary.note(Kind.share, model.midnight + second, member=self.unique_id, sku=post.sku)
        self.shared += 1
        if not self.contacts:
            self._look_around()
        reach = 1 + int(uniform(model.draw(word, 0)) * (model.town.given.reach * float(self.effort) * self.degree))
        clicks = self._show(second, reach, post)
        if model.kit:
            model.kit.count(post, "shares")
            model.kit.count(post, "exposures", reach)
            model.kit.count(post, "clicks", len(clicks))
        return clicks

    def _look_around(self) -> None:
        """Find out whom she knows: for life."""
        model, me, given = self.model, self.unique_id, self.model.town.given
        community, local, people = given.community, round(given.local * BAR), model.people
        home = me // community * community
        size, key = min(community, len(people) - home), model.draw(model.keys[Decision.contact], me)
        for slot in range(self.degree):
            word = model.draw(key, slot)
            near = word & ((1 << BAR_BITS) - 1) < local and size > 1
            other = home + pick(word, size - 1) if near else pick(word, len(people) - 1)
            self.contacts.append(people[other + 1 if other >= me else other])
            self.near.append(near)

    def _show(self, second: int, reach: int, post: Post) -> list[Click]:
        """Show a link to contacts. Nobody is tired by a share of the same day."""
        model, given, draw, seen = self.model, self.model.town.given, self.model.draw, self.model.seen
        distant, patience, degree, kit = given.distant, model.town.patience, self.degree, model.kit
        click = given.click * post.appeal
        clicks, possible, key = [], click * model.keenest, draw(model.keys[Decision.audience], self.unique_id)
        for k in range(reach):
            word = draw(key, k)
            slot = ((word >> 32) * degree) >> 32
            other = self.contacts[slot]
            seen.append(other)
            luck = (word & LOW) * 2.0**-32
            if luck >= possible:
                continue
            chance = click * other.attention * patience[other.fatigue]
            tie = 1.0 if self.near[slot] else distant
            if luck < chance * tie and (kit is None or kit.suits(self, other, k, post)):
                clicks.append(self._followed(second, other, k, tie, post))
        return clicks

    def _followed(self, second: int, visitor: Person, k: int, tie: float, post: Post) -> Click:
        word = self.model.draw(self.model.draw(self.model.keys[Decision.click_time], self.unique_id), k)
        haste = uniform(word)
        second += int(SOONEST + (LATEST - SOONEST) * (haste * haste))
        return Click(second, word, visitor, self, k, tie, post)

    def respond(self, click: Click) -> bool:
        """Register on a friend's link, or decide whether to give in to it: True if she orders on impulse."""
        model, given, now = self.model, self.model.town.given, self.model.day * DAY
        if self.joined == NEVER:
            self.pressure = min(
                self.pressure + int(given.join * PRESSURE * click.post.pull * self.trust * click.tie), NEVER
            )
            if self.pressure >= self.resistance:
                wait = JOIN_SOONEST + int(self._luck(Decision.join_delay) * (JOIN_LATEST - JOIN_SOONEST))
                self.register(click.second + wait, click.sharer, given.first_purchase_invited)
                if model.kit:
                    model.kit.count(click.post, "registrations")
        elif self.joined <= now + click.second:
            word = model.draw(model.draw(model.keys[Decision.impulse], click.sharer.unique_id), click.k)
            return uniform(word) < given.impulse * click.post.pull * model.town.convert[self.channel]
        return False

    def give_in(self, second: int) -> tuple[int, int]:
        """An order on impulse: its second and ordinal. It starts the clock of who would not have bought unprompted."""
        model, ordinal = self.model, IMPULSE + self.impulses
        self.impulses += 1
        wait = uniform(model.draw(model.draw(model.keys[Decision.gap], self.unique_id), ordinal))
        second = min(second + 60 + int(wait * IMPULSE_LATEST), LAST_SECOND)
        if self.repeats == 0 and self.buy_day == NEVER:
            self._will_buy(model.town.own_time(self.sensitivity, model.day, second) + self._gap(1), 1)
            model.expect(self)
        return second, ordinal

    def learn(self, earned: int) -> None:
        """Take in the last week: average income per share, average weekly income, and how much that swings."""
        single, weight = self.model.single, self.model.town.given.learning
        week, usual = float(earned - self.earned), self.income
        if self.shared:
            self.per_share = single(self.per_share + weight * (week / self.shared - self.per_share))
        spread = abs(week) + abs(usual)
        distance = abs(week - usual) / spread if spread > 0 else 0.0
        self.swing = single(self.swing + weight * (distance - self.swing))
        self.income = single(usual + weight * (week - usual))
        self.earned = earned
        self.shares += self.shared
        self.shared = 0

    def weigh(self, promise: float) -> None:
        """Weigh what a share is expected to earn, promised or known, against what it costs her."""
        given = self.model.town.given
        belief = given.prior_shares / (given.prior_shares + self.shares)
        expected = belief * promise + (1.0 - belief) * self.per_share
        gain = given.joy * 100 + max(expected, 0.0)
        calm = 1.0 - given.swing_aversion * self.swing
        self.effort = self.model.single(calm * gain / (gain + self.cost)) if gain > 0 else 0.0
        self.bar = int(min(given.sharing * self.zeal * self.effort, 1.0) * FULL)

    def wants(self, word: int) -> int:
        """The category of a line: her favourite, or any by weight."""
        town = self.model.town
        return self.taste if cut(word, 0, 20) < town.given.loyalty else bisect_right(town.demand, cut(word, 20, 20))
