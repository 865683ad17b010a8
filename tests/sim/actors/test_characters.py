"""Characters: each does what it says, on the days it says, and nothing beside; who plays a part is drawn."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import worlds

from rules.errors import InputError
from rules.events import DAY, Kind, Records
from rules.plan.read import read_plan
from scenarios.find import find
from sim.actors.character import Character
from sim.actors.cheats import Cheats
from sim.actors.community_leader import CommunityLeader
from sim.actors.coupon_hunter import CouponHunter
from sim.actors.grey_release import GreyRelease
from sim.actors.influencer import Influencer
from sim.actors.operator import Operator
from sim.behaviour import chunks, earning
from sim.people import seeds_of
from sim.rows import together
from sim.scenario import read_scenario

BUSY = {"organic": 0.01, "seeds": 20, "zeal_a": 2, "click": 0.8, "impulse": 0.3, "r": 1, "alpha": 2}
LAUNCH, FESTIVAL = 13, 44
"""Days of `worlds.MARKET` with a discount, of 10 % and 20 %."""


def rates(default: str):
    """The plan three_tier with another rate at level 1."""
    text, name = find("plans", "three_tier")
    assert "default: 5%" in text
    return read_plan(text.replace("default: 5%", f"default: {default}"), name)


LEAN, RICH = rates("1%"), rates("20%")


class Sink:
    """Keeps events and entries."""

    def __init__(self) -> None:
        self.groups: list[Records] = []
        self.entries: list[Records] = []

    def __call__(self, events: Records, entries: Records) -> None:
        self.groups.append(events)
        self.entries.append(entries.copy())


class Played:
    """A world run to its end, or until some day, with what happened in it."""

    def __init__(self, make, people: int = 2000, days: int = 30, until: int | None = None, **options) -> None:
        sink = Sink()
        options.setdefault("behaviour", BUSY)
        self.model = worlds.model(people, days, sink=sink, **options)
        self.character = make(self.model)
        if until is None:
            self.model.run()
        else:
            for _ in range(until):
                self.model.step()
        self.events, self.entries = together(sink.groups), np.concatenate(sink.entries)
        assert not len(self.model.store.book.rows("refusals")) or not self.refused()

    def refused(self) -> bool:
        """Whether the rules refused anything but a request for money."""
        return bool((self.model.store.book.rows("refusals")["code"] < 12).any())

    def rows(self, kind: Kind, member: int | None = None) -> Records:
        rows = self.events[self.events["kind"] == kind]
        return rows if member is None else rows[rows["member"] == member]

    def days(self, rows: Records) -> list[int]:
        return (rows["time"] // DAY - self.model.world.start).tolist()

    def terms(self) -> list[tuple[int, int]]:
        """Of every entry for an order: the day on which that was paid, and the number of the entry's plan."""
        paid = dict(zip(self.rows(Kind.pay)["order"].tolist(), self.days(self.rows(Kind.pay)), strict=True))
        rows = self.entries[self.entries["order"] >= 0]
        return [(paid[int(one["order"])], int(one["plan"])) for one in rows]


def test_a_world_without_characters_is_what_it_was_before_there_were_any():
    """The digest is that of the version in which promoters began to learn from the day before."""
    _, events = worlds.logged(300, 30, seed=7, behaviour={"seeds": 20, "organic": 0.01, "click": 0.8})
    assert len(events) == 1076
    assert hashlib.sha256(events.tobytes()).hexdigest().startswith("6dd11dbf28fa30aa72bc9dd18adc3a28")


def test_further_plans_that_nobody_puts_in_force_change_nothing():
    one, other = Played(lambda model: None), Played(lambda model: None, plans=[LEAN, RICH])
    assert one.events.tobytes() == other.events.tobytes()
    assert (one.entries == other.entries).all()
    assert len(one.entries) > 50


# ---- operator


def test_an_operator_pays_less_above_her_limit_and_more_when_sales_fall():
    model = worlds.model(100, 5, plans=[LEAN, RICH])
    operator = Operator(model, [1, 0, 2], 100_000)  # 10 %
    assert operator.step_for(gmv=1_000, gmv_before=500, commission=101) == -1
    assert operator.step_for(gmv=1_000, gmv_before=1_001, commission=101) == -1
    assert operator.step_for(gmv=1_000, gmv_before=1_001, commission=100) == 1
    assert operator.step_for(gmv=1_000, gmv_before=1_000, commission=100) == 0
    assert operator.step_for(gmv=0, gmv_before=0, commission=0) == 0


def test_a_change_of_plan_holds_from_midnight_on():
    """She wants to pay nothing: at the first look, on day 10, she goes down to the leanest, and stays there."""
    played = Played(lambda model: Operator(model, [1, 0], 0, every=5, begin=5), plans=[LEAN])
    changes = played.rows(Kind.plan)
    assert changes[["rank", "other"]].tolist() == [(1, 0)]
    assert (changes["time"][0] - played.model.world.start * DAY) == 10 * DAY
    terms = played.terms()
    assert {plan for day, plan in terms if day < 10} == {0}
    assert {plan for day, plan in terms if day >= 10} == {1}


def test_all_promoters_hear_of_a_change_that_evening():
    """Day 9 is no end of a week (7 and 14 are): but for the change only those who moved would weigh anew."""
    played = Played(lambda model: Operator(model, [1, 0], 0, every=9), plans=[LEAN], until=10)
    world, book = played.model.world, played.model.store.book
    world.day = 9
    assert world.plan == LEAN
    efforts = []
    for plan in (LEAN, worlds.plan()):
        world.plan = plan
        efforts.append(world.crowd["effort"][world.members])
        earning.reconsider(world, book, world.members.copy())
        efforts.append(world.crowd["effort"][world.members])
    today = played.events[played.events["time"] // DAY == world.start + 9]
    orders = book.orders[np.unique(today["order"][today["order"] >= 0])]
    moved = np.concatenate([today["member"], orders["buyer"], orders["chain"][:, 0]])
    booked = ~np.isin(world.members, moved)  # what others did on day 9 they learn of on day 10
    assert booked.sum() > 100
    assert (efforts[0] == efforts[1])[booked].all()
    assert np.count_nonzero(efforts[1] < efforts[3]) > 50


def test_an_operator_stops_at_the_ends_of_her_ladder():
    played = Played(lambda model: Operator(model, [0, 1], 0, every=5), plans=[RICH])
    assert not len(played.rows(Kind.plan))


# ---- grey release


STAGES = [(5, 100_000), (12, 400_000), (20, 1_000_000)]


def test_a_grey_release_grows_by_its_stages_and_never_shrinks():
    played = Played(lambda model: GreyRelease(model, 1, STAGES), plans=[RICH])
    assigned = played.rows(Kind.assign)
    assert set(assigned["other"].tolist()) == {1}
    assert len(set(assigned["member"].tolist())) == len(assigned)
    assert min(played.days(assigned)) >= 5
    joined = played.rows(Kind.register)
    for day, least, most in ((11, 0.03, 0.2), (19, 0.3, 0.5), (29, 1, 1)):
        members = sum(one <= day for one in played.days(joined))
        share = sum(one <= day for one in played.days(assigned)) / members
        assert members > 100
        assert least <= share <= most


def test_members_of_a_release_are_the_same_whatever_happens_before():
    """Among members of both worlds on the last day, who is in the arm is the same; a smaller share is part of it."""
    small = Played(lambda model: GreyRelease(model, 1, [(3, 100_000)]), plans=[RICH])
    large = Played(lambda model: GreyRelease(model, 1, [(9, 300_000)]), plans=[LEAN])
    arms = [one.model.store.book.members["arm"] for one in (small, large)]
    both = np.intersect1d(small.model.world.members, large.model.world.members)
    assert len(both) > 100
    assert (arms[0][both] <= arms[1][both]).all()
    assert 0 < arms[0][both].sum() < arms[1][both].sum()


def test_new_members_are_assigned_as_they_register():
    played = Played(lambda model: GreyRelease(model, 1, [(0, 1_000_000)]), plans=[RICH])
    joined, assigned = played.rows(Kind.register), played.rows(Kind.assign)
    assert (joined[["time", "member"]] == assigned[["time", "member"]]).all()
    assert {plan for _, plan in played.terms()} == {1}


def test_orders_go_by_the_arm_of_the_promoter():
    played = Played(lambda model: GreyRelease(model, 1, STAGES), plans=[RICH])
    book = played.model.store.book
    terms = played.terms()
    assert {plan for day, plan in terms if day < 5} == {0}
    assert {plan for day, plan in terms if 12 <= day < 20} == {0, 1}
    assert {plan for day, plan in terms if day >= 20} == {1}
    assert (book.members["arm"][played.model.world.members] == 1).all()


def test_promoters_read_the_plan_of_their_arm():
    """Before she has shared, a share is worth 0.03 orders of what the plan announces, and what a first order brings."""
    played = Played(lambda model: GreyRelease(model, 1, [(2, 500_000)]), plans=[RICH], until=10)
    world, book = played.model.world, played.model.store.book
    world.day = 9
    arm = book.members["arm"][world.members]
    assert 50 < arm.sum() < len(arm) - 50
    before = world.crowd["effort"][world.members]
    other = {}
    for plan in (worlds.plan(), RICH):
        world.plan, world.arms = plan, []
        earning.reconsider(world, book, world.members.copy())
        other[plan.model_dump_json()] = world.crowd["effort"][world.members]
    poor, rich = other.values()
    joined = world.crowd["joined"][world.members]
    fresh = (joined >= 7 * DAY) & ~np.isin(world.members, played.model._moved)  # weighed under the arm she is in
    assert fresh.sum() > 20
    assert (before[fresh & (arm == 0)] == poor[fresh & (arm == 0)]).all()
    assert (before[fresh & (arm == 1)] == rich[fresh & (arm == 1)]).all()
    assert (poor < rich)[fresh & (arm == 0)].any()
    assert (poor < rich)[fresh & (arm == 1)].any()


# ---- influencer, community leader, coupon hunter


def test_an_influencer_shares_by_her_calendar_and_reaches_many():
    played = Played(lambda model: Influencer(model, 77, 3000, every=4, begin=3))
    assert played.days(played.rows(Kind.register, 77)) == [3]
    assert played.days(played.rows(Kind.share, 77)) == [7, 11, 15, 19, 23, 27]
    clicks = played.rows(Kind.click)
    hers = np.count_nonzero(clicks["other"] == 77)
    others = np.bincount(clicks["other"][clicks["other"] != 77])
    assert hers > 3 * others.max()


def test_a_community_shares_in_step_on_the_days_of_its_leader():
    played = Played(lambda model: CommunityLeader(model, 310, 1_000_000, days=[9, 20]), behaviour=BUSY | {"sharing": 0})
    shares, joined = played.rows(Kind.share), played.rows(Kind.register)
    assert set(played.days(shares)) == {9, 20}
    community = (joined["member"] >= 300) & (joined["member"] < 450)  # 150 people by number
    joined_on = np.array(played.days(joined))
    for day in (9, 20):
        members = set(joined["member"][community & (joined_on < day)].tolist())
        assert len(members) > 5
        assert 310 in members
        assert set(shares["member"][np.array(played.days(shares)) == day].tolist()) == members


def test_without_days_a_leader_asks_when_prices_are_down():
    leader = CommunityLeader(worlds.model(100, 60), 5, 1_000_000)
    assert leader.days == [LAUNCH, FESTIVAL]


@pytest.mark.parametrize("returns", [0, 1_000_000])
def test_a_coupon_hunter_orders_only_at_a_discount(returns):
    played = Played(lambda model: CouponHunter(model, 77, returns), days=60)
    assert played.days(played.rows(Kind.register, 77)) == [LAUNCH]
    orders = played.rows(Kind.order, 77)
    assert played.days(orders) == [LAUNCH, FESTIVAL]
    price = orders["price"] * orders["quantity"]
    assert (orders["discount"] == price * [10, 20] // 100).all()
    assert not len(played.rows(Kind.share, 77))
    back = [order for order in played.rows(Kind.refund)["order"] if order in orders["order"]]
    assert back == (orders["order"].tolist() if returns else [])


# ---- characters of one's own, and casting


class Caller(Character):
    """Says when it is called."""

    def __init__(self, model, begin=0):
        super().__init__(model, begin)
        self.calls = []

    def prepare(self, day):
        self.calls.append(("prepare", day, len(self.model.world.today)))

    def act(self, day):
        self.calls.append(("act", day, len(self.model.world.today) > 0))


def test_a_character_prepares_before_the_crowd_wakes_and_acts_after_it_has_decided():
    played = Played(lambda model: Caller(model, 2), days=4)
    assert played.character.calls == [("prepare", 0, 0), ("act", 0, True), ("prepare", 1, 0), ("act", 1, True)]


def test_luck_belongs_to_the_character_and_the_day():
    model = worlds.model(100, 5)
    one, other = Character(model), Character(model)
    drawn = [one.luck(0), one.luck(1), other.luck(0)]
    assert len({*drawn, Character(worlds.model(100, 5)).luck(0)}) == 3  # the first of another such world draws the same
    assert all(0 <= value < 1 for value in drawn)
    assert 9 * 3600 <= one.second(0) < 21 * 3600
    model.step()
    model.world.day = 1
    assert one.luck(0) != drawn[0]


def test_those_who_were_roused_are_calm_the_next_day():
    world = worlds.model(100, 5).world
    world.crowd["bar"][:] = 1000
    world.rouse(np.array([3, 4]), 0.5)
    world.rouse(np.array([4]), 0.25)  # the largest holds
    world.rouse(np.array([5]), 0.0)  # nobody is made to share less
    bars = world.bars()
    assert bars[[2, 3, 4, 5]].tolist() == [1000, 2**31, 2**31, 1000]
    assert (world.bars() == 1000).all()


MARKET = (
    worlds.MARKET
    + """
behaviour: {organic: 0.01, seeds: 20, zeal_a: 2, click: 80%, impulse: 30%, r: 1, alpha: 2}
actors:
  - {kind: ring, gangs: 2, accounts: 4, begin: [2, 5]}
  - {kind: operator, plans: [mini_one_level, three_tier_more], payout: 8%, every: 3}
  - {kind: grey_release, plan: three_tier_more, stages: [[10, 10%], [20, 50%]]}
  - {kind: influencer, count: 2, contacts: 900, begin: [2, 9]}
  - {kind: community_leader, count: 4, share: 60%, begin: [0, 3]}
  - {kind: coupon_hunter, count: 9, returns: 50%}
"""
)
COUNTS = {Operator: 1, GreyRelease: 1, Influencer: 2, CommunityLeader: 4, CouponHunter: 9}


def cast_of(model) -> list[Character]:
    return [one for one in model.agents.characters if type(one) in COUNTS]


def market(text: str = MARKET) -> dict:
    given = read_scenario(text, "characters")
    return {"behaviour": dict(given.behaviour), "market": {"actors": given.actors}}


def test_a_scenario_casts_its_characters():
    model = worlds.model(1000, 30, **market())
    cast = cast_of(model)
    assert {kind: sum(type(one) is kind for one in cast) for kind in COUNTS} == COUNTS
    assert [plan.plan for plan in model.plans] == ["three_tier", "mini_one_level", "three_tier_more"]
    operator, release = (next(one for one in cast if type(one) is kind) for kind in (Operator, GreyRelease))
    assert (operator.ladder, operator.payout, operator.every) == ([0, 1, 2], 80_000, 3)
    assert (release.arm, release.stages) == (2, [(10, 100_000), (20, 500_000)])
    people = [one.person for one in cast if hasattr(one, "person")]
    taken = {int(account) for gang in model.gangs for account in gang.accounts}
    assert len(set(people)) == 15
    assert not set(people) & (taken | set(seeds_of(1, 1000, 20).tolist()))
    assert not model.truth.cheats[people].any()
    assert len({one.person // 150 for one in cast if type(one) is CommunityLeader}) == 4
    assert all(2 <= one.begin <= 9 for one in cast if type(one) is Influencer)


def test_the_same_bits_for_any_number_of_threads(monkeypatch):
    monkeypatch.setattr(chunks, "ALONE", 0)
    runs = [Played(lambda model: None, 2000, 50, workers=workers, **market()) for workers in (1, 2)]
    assert runs[0].events.tobytes() == runs[1].events.tobytes()
    assert (runs[0].entries == runs[1].entries).all()
    for kind in (Kind.plan, Kind.assign):
        assert len(runs[0].rows(kind))


def test_gangs_are_the_same_people_with_and_without_other_characters():
    with_others = worlds.model(1000, 1, **market())
    given = market()
    given["market"]["actors"] = [one for one in given["market"]["actors"] if isinstance(one, Cheats)]
    alone = worlds.model(1000, 1, **given)
    assert [gang.accounts.tolist() for gang in with_others.gangs] == [gang.accounts.tolist() for gang in alone.gangs]


@pytest.mark.parametrize(
    ("actor", "message"),
    [
        ("{kind: coupon_hunter, count: 50}", "50 people with a part do not fit into a market of 100 people"),
        ("{kind: community_leader, count: 2}", "more leaders than the 1 communities of a market of 100 people"),
        ("{kind: grey_release, plan: nowhere, stages: [[1, 5%]]}", "nowhere"),
    ],
)
def test_a_cast_that_cannot_be_is_refused(actor, message):
    given = market(worlds.MARKET + f"actors: [{actor}]\n")
    with pytest.raises(InputError, match=message):
        worlds.model(100, 5, **given)
