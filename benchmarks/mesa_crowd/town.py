"""What everybody has around them: the catalogue, the calendar, the front doors and the parameters, as plain lists."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from rules.calendar import day_of
from rules.events import DAY, Names
from rules.money import PPM
from rules.plan.model import Plan
from sim.behaviour.arriving import hazard
from sim.behaviour.parameters import settled
from sim.behaviour.shopping import LAST_SECOND
from sim.behaviour.world import NEVER
from sim.market import compile_channels, compile_market, cumulative
from sim.people import degree_table
from sim.quantiles import beta, gamma, inverse_gamma
from sim.scenario import Scenario


class Town:
    """A scenario's market.

    Args:
        scenario: without its optional sections. people: size of the market. days: length of the run.
    """

    def __init__(self, scenario: Scenario, people: int, days: int) -> None:
        self.people, self.days, self.start = people, days, day_of(scenario.start)
        self.given = given = settled(scenario.behaviour)
        self.market = market = compile_market(
            scenario.catalogue.categories, scenario.calendar, days, given.weekday_traffic, self.start, scenario.hourly
        )
        self.channels = channels = compile_channels(scenario.channels, given.step_loss)
        self.ship, self.deliver, self.regret = (
            scenario.logistics.ship,
            scenario.logistics.deliver,
            scenario.returns.days,
        )
        self._tabulate()
        self.clock: list[float] = market.clock.tolist()
        self.promo: list[float] = market.promo.tolist()
        self.hours: list[float] = market.hours.tolist()
        self.discount: list[int] = market.discount.tolist()
        self.arrivals = hazard(market, given).tolist()
        self.price, self.cost, self.category = market.price.tolist(), market.cost.tolist(), market.category.tolist()
        self.first, self.cheapest = market.first.tolist(), market.cheapest
        self.return_rate = market.return_rate.tolist()
        self.tastes, self.demand = (
            cumulative(market.weights)[:-1].tolist(),
            list(accumulate(market.weights.tolist()))[:-1],
        )
        self.doors, self.open = cumulative(channels.weight)[:-1].tolist(), channels.open.tolist()
        self.convert: list[float] = channels.convert.tolist()
        self.patience = [1 / (1 + given.fatigue * seen) for seen in range(256)]

    def names(self, plan: Plan) -> Names:
        """What stands behind the numbers of events."""
        ranks = [rank.id for rank in plan.ranks]
        market = self.market
        return Names(skus=market.skus, categories=market.categories, channels=self.channels.names, ranks=ranks)

    def _tabulate(self) -> None:
        """Quantiles of what people differ in."""
        given = self.given
        self.rates, self.dropouts, self.spends = (
            table.tolist() for table in (gamma(given.r), beta(given.a, given.b), inverse_gamma(given.q))
        )
        self.trusts, self.zeals = (
            table.tolist() for table in (beta(given.trust_a, given.trust_b), beta(given.zeal_a, given.zeal_b))
        )
        self.degrees, self.costs = degree_table(given).tolist(), gamma(2.0).tolist()
        self.exponential, self.baskets = gamma(1.0).tolist(), gamma(given.p).tolist()

    def second_of_day(self, part: float) -> int:
        """The second at which a part of a day's traffic has passed."""
        hours = self.hours
        hour = min(bisect_right(hours, part, 1), 24) - 1
        within = (part - hours[hour]) / (hours[hour + 1] - hours[hour])
        return min(max(int((hour + within) * 3600), 0), LAST_SECOND)

    def time_of_sharing(self, part: float) -> float:
        """The same as a number with a fraction, for shares."""
        hours = self.hours
        hour = bisect_right(hours, part) - 1
        return 3600.0 / (hours[hour + 1] - hours[hour]) * (part - hours[hour]) + hour * 3600.0

    def own_time(self, sensitivity: float, day: int, second: int) -> float:
        """The operational time of a person at a second of a day: traffic and discounts hurry it."""
        hour = second // 3600
        begins, ends = self.hours[hour], self.hours[hour + 1]
        part = begins + (ends - begins) * ((second - hour * 3600 + 0.5) / 3600)
        start = self.clock[day] + sensitivity * self.promo[day]
        return start + part * (self.clock[day + 1] + sensitivity * self.promo[day + 1] - start)

    def day_at(self, sensitivity: float, due: float, today: int) -> int:
        """The day on which a person's operational time reaches `due`, from today on; NEVER after the last."""
        clock, promo = self.clock, self.promo
        if not due < clock[-1] + sensitivity * promo[-1]:
            return NEVER
        low, high = today, self.days
        while low < high:
            middle = (low + high) // 2
            if clock[middle + 1] + sensitivity * promo[middle + 1] > due:
                high = middle
            else:
                low = middle + 1
        return low

    def second_at(self, sensitivity: float, due: float, day: int) -> int:
        """The second of a day at which a person's operational time reaches `due`."""
        start = self.clock[day] + sensitivity * self.promo[day]
        end = self.clock[day + 1] + sensitivity * self.promo[day + 1]
        return self.second_of_day((due - start) / (end - start))

    def arrival(self, threshold: float) -> tuple[int, int] | None:
        """Day and second at which the hazard of arriving reaches somebody's threshold; None if it does not."""
        reached = self.arrivals
        if not threshold < reached[-1]:
            return None
        day = bisect_right(reached, threshold) - 1
        time = day + (threshold - reached[day]) / (reached[day + 1] - reached[day])
        return int(time), min(int((time - int(time)) * DAY), LAST_SECOND)

    def off(self, fen: int, day: int) -> int:
        """The discount of a day on an amount."""
        return fen * self.discount[day] // PPM
