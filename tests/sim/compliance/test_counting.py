"""Every measure, worked by hand on one story, and against plain Python on random logs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from random_logs import NAMES, START_DAY, days_of, random_log
from random_logs import PLAN as RANDOM_PLAN
from stories import PLAN, Story, date

from rules.calendar import date_of, day_of
from rules.compliance.evidence import UNBOUNDED, Evidence, Seen
from rules.engine import Engine
from rules.events import DAY, EventLog, Kind, Names
from rules.plan.model import Plan
from rules.plan.versions import PlanBook, Version
from rules.records import Component
from sim.compliance.past import evidence_of
from sim.compliance.watch import Watch


@pytest.fixture(scope="module")
def seen() -> Evidence:
    """0 invited 1, who invited 2, who invited 3: each inviter gets 3.00.

    January: order 0, 3 pays 100.00: 10.00 for 2, 5.00 for 1. Order 1, 2 pays 50.00: 5.00 for 1, 2.50 for 0.
    At its end the team of 1 has sold 100.00, that of 0 has sold 50.00: 2.00 and 1.00.
    February: 40.00 of order 0 come back: 4.00 from 2, 2.00 from 1, and 0.80 of the team pay of 1 for January.
    Order 2, 3 pays 200.00: 20.00 for 2, 10.00 for 1, and 4.00 of team pay for 1.
    """
    story = Story().joins("01-05", 0).joins("01-05", 1, 0).joins("01-05", 2, 1).joins("01-05", 3, 2)
    story.buys("01-06", 3, 10_000).buys("01-20", 2, 5_000)
    story.on("02-10", kind=Kind.refund, order=0, amount=4_000)
    story.buys("02-11", 3, 20_000).ends("03-01")
    return evidence_of(story.log, PLAN)


def test_how_much_was_looked_at(seen: Evidence):
    assert (seen.orders, seen.last_day) == (3, date("02-28"))


def test_levels_and_persons_of_an_order(seen: Evidence):
    levels, persons = seen.measures["levels"], seen.measures["paid_persons"]
    assert (levels.value, levels.member, levels.order) == (2, "1", "0")
    assert levels.rises == ((date("01-06"), 2),)
    assert levels.by_person == (1, 2, 2)  # 2 was paid at level 1 only
    assert (persons.value, persons.order) == (2, "0")
    assert persons.by_person == (2, 2, 2)  # who was paid first on an order of two is concerned as well


def test_the_ratio_of_an_order(seen: Evidence):
    ratio = seen.measures["order_ratio"]
    assert (ratio.value, ratio.part, ratio.whole, ratio.order) == (150_000, 1_500, 10_000, "0")
    assert ratio.first_day(149_999) == date("01-06")
    assert ratio.first_day(150_000) is None
    assert (ratio.people(149_999), ratio.people(150_000)) == (3, 0)


def test_what_one_person_gets_of_an_order(seen: Evidence):
    """Order 0 pays 10.00 of 100.00 to 2 and 5.00 to 1; 0 never got more than the 2.50 of order 1's 50.00."""
    ratio = seen.measures["person_ratio"]
    assert (ratio.value, ratio.part, ratio.whole) == (100_000, 1_000, 10_000)
    assert (ratio.member, ratio.order) == ("2", "0")
    assert ratio.by_person == (50_000, 100_000, 100_000)  # 1 had 5.00 of 50.00, too


def test_team_pay_is_that_of_a_month(seen: Evidence):
    """Person 1: 2.00 for January (0.80 taken back later), 4.00 for February, each booked at the end of the month."""
    pay = seen.measures["team_pay"]
    assert (pay.value, pay.member, pay.month) == (400, "1", "2026-02")
    assert pay.rises == ((date("01-31"), 200), (date("02-28"), 400))
    assert pay.by_person == (100, 400)


def test_team_share_is_that_of_the_worst_month(seen: Evidence):
    """January: 2.00 - 0.80 + 1.00 of 9.00 + 9.00 + 7.50 + 2.20; February: 4.00 of 30.00 + 4.00."""
    share = seen.measures["team_share"]
    assert (share.part, share.whole, share.member, share.month) == (400, 3_400, "1", "2026-02")
    assert share.rises == ((date("01-31"), ceil(1_000_000 * 220 / 2_770)), (date("02-28"), 117_648))
    assert share.by_person == (79_423, 117_648)


def test_pay_for_recruiting(seen: Evidence):
    pay = seen.measures["recruit_pay"]
    assert (pay.value, pay.month, pay.rises) == (300, "", ((date("01-05"), 300),))
    assert pay.by_person == (300, 300, 300)


def test_a_gift_to_the_newcomer_is_no_pay_for_recruiting():
    plan = PLAN.model_copy(update={"bonuses": [PLAN.bonuses[0].model_copy(update={"to": "newcomer"})]})
    story = Story().joins("01-05", 0).joins("01-05", 1, 0).ends("01-06")
    assert evidence_of(story.log, plan).measures["recruit_pay"] == Seen()


def test_pay_of_a_month_against_own_sales(seen: Evidence):
    """January: 0 has 6.50 and no own sales; 1 has 12.20 on the 50.00 of 2; 2 has 9.00 on the 60.00 left of 3.

    February: 1 has 14.00 and no own sales, the worst; 2 has 20.00 on 200.00.
    """
    ratio = seen.measures["own_sales_ratio"]
    assert (ratio.value, ratio.part, ratio.whole) == (UNBOUNDED, 1_400, 0)
    assert (ratio.member, ratio.month) == ("1", "2026-02")
    assert ratio.rises == ((date("01-31"), UNBOUNDED),)
    assert ratio.by_person == (150_000, UNBOUNDED, UNBOUNDED)


def test_what_participants_bought(seen: Evidence):
    """3 neither earned nor recruited: of January's 60.00 + 50.00 only the 50.00 of 2 were bought inside."""
    share = seen.measures["inside_share"]
    assert (share.part, share.whole, share.member, share.month) == (5_000, 11_000, "2", "2026-01")
    assert share.rises == ((date("01-31"), 454_546),)
    assert share.by_person == (454_546,)


def test_months_are_apart():
    """15.00 in each of two months is never 30.00 in one."""
    story = Story().joins("01-05", 0).joins("01-05", 1, 0).joins("01-05", 2, 1)
    story.buys("01-30", 2, 75_000).buys("02-02", 2, 75_000).ends("03-01")
    pay = evidence_of(story.log, PLAN).measures["team_pay"]
    assert (pay.value, pay.month, pay.rises) == (1_500, "2026-01", ((date("01-31"), 1_500),))


def test_a_week_belongs_to_the_month_it_ends_in():
    """The week of Monday 2026-01-26 ends on February 1, and so does the ladder's pay for it."""
    ladder = {"period": "week", "measure": "team_volume", "brackets": [{"from": 0, "rate": "1%"}]}
    plan = Plan.model_validate({"plan": "p", "ranks": [{"id": "m"}], "commission": {"ladder": ladder}})
    story = Story().joins("01-05", 0).joins("01-05", 1, 0).buys("01-28", 1, 10_000).ends("02-03")
    pay = evidence_of(story.log, plan).measures["team_pay"]
    assert (pay.value, pay.month, pay.rises) == (100, "2026-02", ((date("02-01"), 100),))


def test_a_ladder_on_ones_own_promotion_is_no_team_pay():
    ladder = {"period": "week", "brackets": [{"from": 0, "rate": "1%"}]}
    plan = Plan.model_validate({"plan": "p", "ranks": [{"id": "m"}], "commission": {"ladder": ladder}})
    story = Story().joins("01-05", 0).joins("01-05", 1, 0).buys("01-28", 1, 10_000).ends("02-03")
    found = evidence_of(story.log, plan).measures
    assert found["team_pay"] == found["team_share"] == Seen()


def test_each_version_of_a_plan_says_what_is_team_pay():
    """The ladder is on one's own promotion in January, on the whole team's from February 1 on: 1.00 and 2.00."""

    def plan(name: str, measure: str) -> Plan:
        ladder = {"period": "month", "measure": measure, "brackets": [{"from": 0, "rate": "1%"}]}
        return Plan.model_validate({"plan": name, "ranks": [{"id": "m"}], "commission": {"ladder": ladder}})

    february = day_of(date("02-01")) * DAY
    plans = PlanBook([Version(plan("one", "promoted_volume")), Version(plan("two", "team_volume"), february)])
    story = Story().joins("01-05", 0).joins("01-05", 1, 0)
    story.buys("01-10", 1, 10_000).ends("02-01").buys("02-10", 1, 20_000).ends("03-01")
    pay = evidence_of(story.log, plans).measures["team_pay"]
    assert (pay.value, pay.month, pay.rises) == (200, "2026-02", ((date("02-28"), 200),))


def test_nothing_is_seen_of_nothing():
    found = evidence_of(EventLog(Story().events, Names()), PLAN)
    assert (found.orders, found.last_day) == (0, None)
    assert set(found.measures.values()) == {Seen()}


def test_what_promoters_had_bought():
    """A promoter has spent 99.00 in one order. 0 buys 99.00 at once; 1 buys 20.00, then 120.00; 2 never gets there."""
    ranks = [{"id": "member"}, {"id": "promoter", "join": {"single_order": 99}}]
    plan = Plan.model_validate({"plan": "p", "ranks": ranks, "commission": {}})
    story = Story().joins("01-05", 0).joins("01-05", 1).joins("01-05", 2)
    story.buys("01-06", 0, 9_900).buys("01-07", 1, 2_000).buys("01-08", 1, 12_000).buys("01-09", 2, 9_800)
    story.buys("01-10", 0, 50_000)
    found = evidence_of(story.log, plan).entry_purchase
    assert (found.promoters, found.buyers, found.median, found.exact) == (2, 2, 9_900, 1)


def test_payouts_next_to_a_threshold():
    """A reviewer looks above 50.00: 50.00 itself is below the threshold. Far ones, 47.49 and 52.51, do not count."""
    plan = PLAN.model_copy(update={"withdrawal": PLAN.withdrawal.model_copy(update={"review_over": 5_000})})
    story = Story().joins("01-05", 0).joins("01-05", 1, 0).buys("01-06", 1, 9_000_000)
    story.on("01-06", kind=Kind.receive, order=0).ends("02-20")
    for number, amount in enumerate((4_749, 4_750, 4_999, 5_000, 5_001, 5_251, 190_000, 199_999, 200_000)):
        story.on("02-21", kind=Kind.withdraw, member=0, order=number, amount=amount)
    found = {one.threshold: one for one in evidence_of(story.log, plan).payouts}
    assert (found["review"].amount, found["review"].below, found["review"].above) == (5_000, 3, 1)
    assert (found["name_check"].below, found["name_check"].above) == (2, 1)
    assert (found["large_transfer"].below, found["large_transfer"].above) == (0, 0)


def ppm(part: int, whole: int) -> int:
    if part <= 0:
        return 0
    return ceil(Fraction(part, whole) * 1_000_000) if whole > 0 else UNBOUNDED


class Plain:
    """The same measures by plain Python, entry by entry."""

    def __init__(self, engine: Engine) -> None:
        book = engine.book
        self.members, self.orders = book.members, book.rows("orders")
        self.entries = [{name: int(row[name]) for name in row.dtype.names} for row in book.rows("entries")]
        for entry in self.entries:
            entry["month"] = self._month(entry)
            late = entry["period"] >= 0 and entry["reverses"] < 0
            entry["day"] = date_of(entry["time"] - (1 if late else 0))

    def _month(self, entry: dict[str, int]) -> str:
        while entry["reverses"] >= 0:
            entry = self.entries[entry["reverses"]]
        if entry["order"] >= 0:
            return str(date_of(int(self.orders[entry["order"]]["paid_at"])))[:7]
        if entry["component"] == Component.ladder:  # by the week: 7 days from Monday
            return str(dt.date(1970, 1, 1) + dt.timedelta(days=7 * entry["period"] + 3))[:7]
        if entry["component"] == Component.team:
            return f"{entry['period'] // 12:04d}-{entry['period'] % 12 + 1:02d}"
        return str(date_of(entry["time"]))[:7]

    def order_ratio(self) -> tuple[int, dt.date | None]:
        net, worst, day = defaultdict(int), 0, None
        for entry in self.entries:
            if entry["order"] >= 0:
                net[entry["order"]] += entry["amount"]
                rate = ppm(net[entry["order"]], int(self.orders[entry["order"]]["goods"]))
                if entry["amount"] > 0 and rate > worst:
                    worst, day = rate, entry["day"]
        return worst, day

    def person_ratio(self) -> dict[int, int]:
        net, worst = defaultdict(int), defaultdict(int)
        for entry in self.entries:
            if entry["order"] >= 0:
                key = entry["order"], entry["member"]
                net[key] += entry["amount"]
                if entry["amount"] > 0:
                    rate = ppm(net[key], int(self.orders[entry["order"]]["goods"]))
                    worst[entry["member"]] = max(worst[entry["member"]], rate)
        return worst

    def persons(self) -> tuple[int, int]:
        by_order, deepest = defaultdict(set), 0
        for entry in self.entries:
            if entry["order"] >= 0 and entry["amount"] > 0:
                by_order[entry["order"]].add(entry["member"])
                deepest = max(deepest, entry["level"])
        return max(map(len, by_order.values()), default=0), deepest

    def team_pay(self) -> dict[int, int]:
        sums, worst = defaultdict(int), defaultdict(int)
        for entry in self.entries:
            if entry["component"] == Component.team:
                key = entry["member"], entry["month"]
                sums[key] += entry["amount"]
                worst[entry["member"]] = max(worst[entry["member"]], sums[key])
        return worst

    def team_share(self) -> dict[str, int]:
        team, whole = defaultdict(int), defaultdict(int)
        for entry in self.entries:
            whole[entry["month"]] += entry["amount"]
            team[entry["month"]] += entry["amount"] * (entry["component"] == Component.team)
        return {month: ppm(team[month], whole[month]) for month in whole}

    def own_sales_ratio(self) -> dict[int, int]:
        pay, goods, worst = defaultdict(int), defaultdict(int), defaultdict(int)
        for entry in self.entries:
            pay[entry["member"], entry["month"]] += entry["amount"]
        for order in self.orders:
            if order["paid_at"] >= 0:
                month = str(date_of(int(order["paid_at"])))[:7]
                goods[int(order["chain"][0]), month] += int(order["goods"]) - int(order["refunded"])
        for (member, month), fen in pay.items():
            worst[member] = max(worst[member], ppm(fen, goods[member, month]))
        return worst

    def inside_share(self) -> dict[str, int]:
        inside = {m for m, row in enumerate(self.members) if row["rank"] or row["promoter_since"] >= 0 or row["team"]}
        inside |= {m for m, row in enumerate(self.members) if row["invited"]}
        inside |= {entry["member"] for entry in self.entries if entry["amount"] > 0}
        part, whole = defaultdict(int), defaultdict(int)
        for number in {entry["order"] for entry in self.entries if entry["order"] >= 0 and entry["amount"] > 0}:
            order = self.orders[number]
            month, fen = str(date_of(int(order["paid_at"])))[:7], int(order["goods"]) - int(order["refunded"])
            whole[month] += fen
            part[month] += fen * (int(order["buyer"]) in inside)
        return {month: ppm(part[month], whole[month]) for month in whole}


@pytest.mark.parametrize("seed", range(8))
def test_random_logs_against_plain_python(seed: int):
    members = 4 + 8 * seed
    engine = Engine.open([RANDOM_PLAN], NAMES, members, START_DAY)
    watch = Watch(engine.book)
    for day, batch in days_of(random_log(np.random.default_rng(seed), members=members, a_day=20)):
        engine.apply(batch)
        watch.observe(day, batch, engine.book)
    found, plain = watch.evidence(engine.book, [RANDOM_PLAN], Names()).measures, Plain(engine)
    assert len(plain.entries) > 20

    def people(worst: dict[int, int]) -> tuple[int, ...]:
        return tuple(sorted(value for value in worst.values() if value > 0))

    assert (found["order_ratio"].value, found["order_ratio"].rises[-1][0]) == plain.order_ratio()
    assert (found["paid_persons"].value, found["levels"].value) == plain.persons()
    assert found["person_ratio"].by_person == people(plain.person_ratio())
    assert found["team_pay"].by_person == people(plain.team_pay())
    assert found["own_sales_ratio"].by_person == people(plain.own_sales_ratio())
    for name, months in (("team_share", plain.team_share()), ("inside_share", plain.inside_share())):
        assert found[name].value == max(months.values())
        if found[name].value:
            assert months[found[name].month] == found[name].value


def test_a_day_may_come_in_several_batches():
    log = EventLog(random_log(np.random.default_rng(4), members=20), NAMES)
    engine = Engine.open([RANDOM_PLAN], NAMES, 20, START_DAY)
    watch = Watch(engine.book)
    for batch in np.array_split(log.events, 97):
        for part in np.split(batch, np.flatnonzero(np.diff(batch["time"] // DAY)) + 1):
            engine.apply(part)
            watch.observe(int(part["time"][0]) // DAY, part, engine.book)
    assert watch.evidence(engine.book, [RANDOM_PLAN], NAMES) == evidence_of(log, RANDOM_PLAN, START_DAY)
