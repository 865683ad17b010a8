"""Cheats: each kind does what it says, from the day on which it begins, and nothing beside."""

from __future__ import annotations

import re

import numpy as np
import pytest
import worlds

from rules.errors import InputError
from rules.events import DAY, Kind, Records
from sim.actors.casting import KINDS
from sim.actors.cheats import Cheats
from sim.people import seeds_of
from sim.risk.rules import RiskRules

BEGIN, DAYS = 2, 14
BUSY = {"organic": 0.01, "seeds": 20, "zeal_a": 2, "click": 0.8, "impulse": 0.3, "r": 1, "alpha": 2}
CHEAPEST = 9_90


def gangs_of(kind: str, accounts: int = 1, care: int = 0, gangs: int = 1, begin: tuple[int, int] = (BEGIN, BEGIN)):
    given = {"kind": kind, "accounts": accounts, "gangs": gangs, "careful": (f"{care}%",) * 2, "begin": begin}
    return Cheats.model_validate(given)


class Recorder:
    """A risk service that trusts everybody, and remembers logins and refused texts."""

    def __init__(self) -> None:
        self.logins: list[tuple[int, np.void]] = []
        self.forbidden: list[tuple[int, int]] = []

    def assess(self, seen):
        self.logins += [(seen.day, one) for one in seen.logins]
        self.forbidden += [(seen.day, int(one)) for one in seen.forbidden]
        return {}


class Played:
    """A small world with one gang, run while a desk watches; days are those of the gang."""

    def __init__(self, kind: str, accounts: int = 1, care: int = 0, days: int = DAYS, **options) -> None:
        self.recorder, log = Recorder(), worlds.Log()
        market = {"actors": [gangs_of(kind, accounts, care)], "risk": RiskRules(act=False)}
        self.model = worlds.model(400, days, sink=log, market=market, services=[self.recorder], **options)
        (self.gang,) = self.model.gangs
        self.model.run()
        self.events = log.events
        self.place = {int(one): place for place, one in enumerate(self.gang.accounts)}

    def rows(self, kind: Kind) -> Records:
        """Events of a kind by the gang's accounts."""
        rows = self.events[self.events["kind"] == kind]
        return rows[np.isin(rows["member"], self.gang.accounts)]

    def days(self, kind: Kind) -> list[tuple[int, int]]:
        """Day and place of the account, of every event of a kind."""
        rows = self.rows(kind)
        days = rows["time"] // DAY - self.model.world.start - BEGIN
        return sorted(zip(days.tolist(), [self.place[one] for one in rows["member"].tolist()], strict=True))

    def invited(self) -> dict[int, int]:
        """By place, the place of who invited the account; -1 = nobody."""
        rows = self.rows(Kind.register)
        return {self.place[int(one["member"])]: self.place.get(int(one["other"]), -1) for one in rows}

    def orders(self) -> dict[int, tuple[int, int, int]]:
        """By number: day, place, fen."""
        rows = self.rows(Kind.order)
        days = rows["time"] // DAY - self.model.world.start - BEGIN
        fen = rows["price"] * rows["quantity"]
        return {
            int(one["order"]): (int(day), self.place[int(one["member"])], int(many))
            for one, day, many in zip(rows, days, fen, strict=True)
        }

    def after(self, order: int) -> list[tuple[Kind, float]]:
        """What became of an order, and how many days after it was placed."""
        rows = self.events[(self.events["order"] == order) & (self.events["kind"] >= Kind.order)]
        rows = rows[rows["kind"] <= Kind.refund_refused]
        return [(Kind(int(one["kind"])), (int(one["time"]) - int(rows["time"][0])) / DAY) for one in rows]


def weekly(accounts: int, last: int) -> list[tuple[int, int]]:
    """Day and place of purchases: the account at place p buys where (day + p) is a multiple of seven."""
    return [(day, place) for day in range(2, last) for place in range(1, accounts) if (day + place) % 7 == 0]


LAST = DAYS - BEGIN
BOUGHT = [(Kind.order, 0.0), (Kind.pay, 60 / DAY), (Kind.ship, 1.0), (Kind.receive, 3.0)]


def test_a_ring_joins_and_buys_for_its_leader():
    ring = Played("ring", 4)
    assert ring.days(Kind.register) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert ring.invited() == {0: -1, 1: 0, 2: 0, 3: 0}
    orders = ring.orders()
    # place 3 buys on days 4 and 11, place 2 on 5, place 1 on 6; the leader's own on day 0 is the cheapest
    assert sorted((day, place) for day, place, _ in orders.values()) == [(0, 0), (4, 3), (5, 2), (6, 1), (11, 3)]
    assert {fen for day, _, fen in orders.values() if day == 0} == {CHEAPEST}
    assert all(60_00 < fen <= 420_00 for day, _, fen in orders.values() if day)
    assert all(ring.after(number) == BOUGHT for number, order in orders.items() if order[0] < 8)
    assert ring.days(Kind.share) == []
    assert ring.days(Kind.click) == [(1, 1), (2, 2), (3, 3)]


def test_a_careful_ring_takes_its_time():
    ring = Played("ring", 3, care=100, days=20)
    assert ring.days(Kind.register) == [(0, 0), (7, 1), (14, 2)]  # one every 1 + 6 days
    assert sorted((day, place) for day, place, _ in ring.orders().values()) == [(0, 0), (13, 1)]


def test_fake_orders_go_back_once_the_commission_is_paid():
    fake = Played("fake_orders", 4, days=24)
    assert fake.days(Kind.register) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert fake.invited() == {0: -1, 1: 0, 2: 0, 3: 0}
    orders = fake.orders()
    assert sorted((day, place) for day, place, _ in orders.values()) == [(0, 0), *weekly(4, 22)]
    back = [*BOUGHT, (Kind.refund_open, 8.5), (Kind.refund, 10.5)]  # 5.5 days after receipt, and 2 more
    for number, (day, place, fen) in orders.items():
        if place:
            assert 200_00 < fen <= 1_600_00
            assert day > 10 or fake.after(number) == back
    (own,) = (number for number, order in orders.items() if order[1] == 0)
    assert fake.after(own) == BOUGHT


def test_careful_fakers_keep_some_of_it():
    fake = Played("fake_orders", 12, care=100, days=60)
    kept = [len(fake.after(number)) == 4 for number, (day, place, _) in fake.orders().items() if place and day < 40]
    assert 40 < len(kept) < 60  # 11 buyers, five weeks
    assert 0.4 < np.mean(kept) < 0.8  # 60 %, standard deviation 7 %


def test_a_device_farm_is_a_chain_of_newcomers_who_share_for_a_week():
    farm = Played("device_farm", 13)
    assert farm.days(Kind.register) == [*((0, n) for n in range(6)), *((1, n) for n in range(6, 12)), (2, 12)]
    assert farm.invited() == {place: place - 1 for place in range(13)}
    assert sorted((day, place) for day, place, _ in farm.orders().values()) == farm.days(Kind.register)
    assert {fen for *_, fen in farm.orders().values()} == {CHEAPEST}
    shares = farm.days(Kind.share)
    assert [day for day, place in shares if place == 0] == list(range(1, 9))
    assert [day for day, place in shares if place == 12] == list(range(3, 11))
    members = farm.model.store.book.members
    chain = farm.gang.accounts
    assert members["upline"][chain].tolist() == [-1, *chain[:-1].tolist()]


def test_a_careful_farm_takes_one_phone_a_day():
    farm = Played("device_farm", 4, care=100)
    assert farm.days(Kind.register) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_a_streak_farm_shares_to_nobody():
    farm = Played("streak_farm", 3)
    assert farm.days(Kind.register) == [(0, 0), (1, 1), (2, 2)]
    assert farm.invited() == {0: -1, 1: 0, 2: 0}
    assert {order[:2] for order in farm.orders().values()} == {(0, 0), (1, 1), (2, 2)}
    assert farm.days(Kind.share) == sorted((day, place) for place in range(3) for day in range(place + 1, LAST))
    assert farm.days(Kind.click) == [(1, 1), (2, 2)]  # those of their registrations


def test_a_careful_streak_farm_opens_its_own_links_and_skips_days():
    farm = Played("streak_farm", 6, care=100, days=62)
    shares, clicks = len(farm.days(Kind.share)), len(farm.days(Kind.click)) - 5
    assert 318 < shares < 339  # 59 + 58 + ... + 54 days, less 2 %: 332, standard deviation 3
    assert 70 < clicks < 130  # 30 % of them, standard deviation 8
    opened = farm.rows(Kind.click)
    assert set(opened["other"].tolist()) <= set(farm.gang.accounts.tolist())


@pytest.mark.parametrize(("care", "least", "most"), [(0, 3_000, 9_000), (100, 150, 450)])
def test_scrapers_read_every_day(care, least, most):
    scraper = Played("scraper", 2, care)
    assert scraper.days(Kind.register) == [(0, 0), (1, 1)]
    assert scraper.invited() == {0: -1, 1: -1}
    read = [(day - BEGIN, one) for day, one in scraper.recorder.logins if int(one["member"]) in scraper.place]
    days = sorted((day, scraper.place[int(one["member"])]) for day, one in read)
    assert days == sorted((day, place) for place in (0, 1) for day in range(place + 1, LAST))
    views = [int(one["views"]) for _, one in read]
    assert least <= min(views) < (least + most) / 2 < max(views) < most
    traces = scraper.model.traces
    assert all(one["device"] == traces.device[one["member"]] for _, one in read)
    assert all(one["place"] == traces.place[one["member"]] for _, one in read)


def test_boasters_share_every_day_and_boast_on_most():
    boaster = Played("boaster", days=62)
    assert boaster.days(Kind.register) == [(0, 0)]
    assert [order[:2] for order in boaster.orders().values()] == [(0, 0)]
    assert boaster.days(Kind.share) == [(day, 0) for day in range(1, 60)]
    said = [one for _, one in boaster.recorder.forbidden if one in boaster.place]
    assert 44 <= len(said) <= 59  # 90 % of 59, standard deviation 2.3
    careful = Played("boaster", care=100, days=62)
    said = [one for _, one in careful.recorder.forbidden if one in careful.place]
    assert 6 <= len(said) <= 30  # 30 %, standard deviation 3.5


@pytest.fixture(scope="module", params=[0, 100], ids=["careless", "careful"])
def thief(request) -> Played:
    plan = worlds.plan().model_copy(
        update={"withdrawal": worlds.plan().withdrawal.model_copy(update={"minimum": 5_00})}
    )
    return Played("thief", care=request.param, days=90, behaviour=BUSY, plan=plan)


def test_thieves_take_all_that_an_account_has(thief):
    truth, start = thief.model.truth, thief.model.world.start
    assert len(truth.stolen) > 5
    asked = {int(one["order"]): one for one in thief.events[thief.events["kind"] == Kind.withdraw]}
    own = int(thief.model.traces.device[thief.gang.accounts[0]])
    logins = {(day, int(one["member"])): one for day, one in thief.recorder.logins if one["device"] == own}
    assert len(logins) == len(truth.stolen)
    places = places_of(thief)
    for number in truth.stolen:
        victim, day = int(asked[number]["member"]), int(asked[number]["time"]) // DAY - start
        login = logins[day, victim]
        assert asked[number]["time"] == (start + day) * DAY + login["second"] + 120
        assert truth.attacked[victim] >= day
        assert not truth.cheats[victim]
        assert asked[number]["amount"] >= 5_00
    assert places == ({"home"} if thief.gang.care == 1 else {"elsewhere"})
    assert set(np.flatnonzero(truth.attacked >= 0).tolist()) == {int(asked[one]["member"]) for one in truth.stolen}


def places_of(thief: Played) -> set[str]:
    own, home = int(thief.model.traces.device[thief.gang.accounts[0]]), thief.model.traces.place
    stolen = [one for _, one in thief.recorder.logins if one["device"] == own]
    return {"home" if one["place"] == home[one["member"]] else "elsewhere" for one in stolen}


def test_thieves_do_nothing_in_their_own_name_and_their_requests_are_answered(thief):
    assert all(len(thief.rows(kind)) == 0 for kind in (Kind.register, Kind.order, Kind.share, Kind.click))
    days = {day for day, one in thief.recorder.logins if one["device"] >= 400 and one["member"] not in thief.place}
    assert min(days) >= BEGIN
    answered = thief.events[np.isin(thief.events["kind"], [Kind.paid, Kind.failed])]["order"]
    book = thief.model.store.book.rows("withdrawals")
    last = thief.model.world.start + 88
    known = [one for one in thief.model.truth.stolen if one < len(book) and book[one]["known"]]
    assert len(known) > 3
    assert {one for one in known if book[one]["time"] // DAY < last} <= set(answered.tolist())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nobody_acts_before_they_begin_nor_of_their_own_accord(kind):
    market = {"actors": [gangs_of(kind, 6, begin=(30, 30))]}
    model, events = worlds.logged(400, 30, behaviour=BUSY, market=market)
    cheats = np.concatenate([gang.accounts for gang in model.gangs])
    assert not np.isin(events["member"], cheats).any()
    assert not np.isin(events["other"][events["kind"] != Kind.order], cheats).any()
    assert len(events) > 1000


def test_a_crowd_without_the_cheats_goes_on_as_before():
    """Until they act, people who are no cheats do what they do where nobody cheats, but for links to them."""
    quiet = {"behaviour": BUSY | {"sharing": 0}}
    _, alone = worlds.logged(400, 30, **quiet)
    model, among = worlds.logged(400, 30, **quiet, market={"actors": [gangs_of("ring", 6, begin=(30, 30))]})
    cheats = model.gangs[0].accounts
    rows = alone[(alone["kind"] == Kind.register) & ~np.isin(alone["member"], cheats)]
    assert len(rows) > 50
    assert (rows == among[among["kind"] == Kind.register]).all()


EVERYBODY = [gangs_of(kind, 4, care, 2, (3, 9)) for kind in sorted(KINDS) for care in (0, 60)]


def test_cheats_do_nothing_that_the_rules_refuse():
    model, _ = worlds.logged(2000, 60, behaviour=BUSY, market={"actors": EVERYBODY})
    codes = model.store.book.rows("refusals")["code"]
    assert not (codes < 12).any()  # apart from payouts: who may ask for money is the plan's word
    assert model.store.counts.refused_orders == 0


def test_gangs_do_the_same_under_any_plan():
    logs = [worlds.logged(1000, 40, plan=worlds.plan(name), market={"actors": EVERYBODY}) for name in
            ("three_tier", "mini_one_level")]  # fmt: skip
    told = []
    for model, events in logs:
        cheats = np.concatenate([gang.accounts for gang in model.gangs if gang.kind != "thief"])
        rows = events[
            np.isin(events["member"], cheats) & np.isin(events["kind"], [Kind.register, Kind.order, Kind.share])
        ]
        told.append(rows[["time", "kind", "member", "other", "sku", "quantity"]])
    assert len(told[0]) > 500
    assert (told[0] == told[1]).all()


def test_careful_gangs_have_more_devices_than_cards_and_doors():
    model = worlds.model(1000, 1, market={"actors": [gangs_of("ring", 5, care, 2) for care in (0, 50, 100)]})
    traces = model.traces
    counts = {
        round(gang.care, 1): tuple(
            len(set(things[gang.accounts])) for things in (traces.device, traces.card, traces.home)
        )
        for gang in model.gangs
    }
    # of 4 further ones: all of them by half; cards 40 % of that, doors 50 %
    assert counts == {0.0: (1, 1, 1), 0.5: (3, 2, 2), 1.0: (5, 3, 3)}
    shared = np.isin(traces.device, np.concatenate([traces.device[gang.accounts] for gang in model.gangs]))
    assert set(np.flatnonzero(shared)) == {int(one) for gang in model.gangs for one in gang.accounts}


def test_gangs_are_spread_from_careless_to_careful_and_over_the_days():
    wanted = Cheats.model_validate(
        {"kind": "ring", "gangs": 40, "accounts": 2, "careful": ("20%", "60%"), "begin": (5, 9)}
    )
    gangs = worlds.model(1000, 1, market={"actors": [wanted]}).gangs
    assert [gang.care for gang in gangs] == pytest.approx([0.2 + 0.4 * (n + 0.5) / 40 for n in range(40)])
    assert {gang.begin for gang in gangs} == {5, 6, 7, 8, 9}


def test_everybody_who_cheats_is_in_the_truth_and_in_one_gang():
    model = worlds.model(1000, 1, market={"actors": [gangs_of("ring", 3, gangs=2), gangs_of("scraper", 2)]})
    assert [len(gang.accounts) for gang in model.gangs] == [3, 3, 2]
    for number, gang in enumerate(model.gangs):
        assert {model.truth.kinds[kind - 1] for kind in model.truth.kind[gang.accounts]} == {gang.kind}
        assert set(model.truth.gang[gang.accounts]) == {number}
    assert model.truth.cheats.sum() == 8
    other = worlds.model(1000, 1, seed=2, market={"actors": [gangs_of("ring", 3)]})
    assert set(other.gangs[0].accounts) != set(model.gangs[0].accounts)


def test_staff_never_cheats_and_half_of_the_people_are_left_alone():
    # 1,000 people of whom 10 are staff (one in a hundred at most): 495 of the other 990 can be cast
    model = worlds.model(1000, 1, market={"actors": [gangs_of("boaster", gangs=495)]})
    assert not model.truth.cheats[seeds_of(1, 1000, 200)].any()
    assert model.truth.cheats.sum() == 495
    with pytest.raises(InputError, match="496 accounts of cheats do not fit into a market of 1000 people"):
        worlds.model(1000, 1, market={"actors": [gangs_of("boaster", gangs=496)]})


@pytest.mark.parametrize("wanted", [6, 50, 500, 900])
def test_the_size_that_a_message_names_is_enough(wanted):
    market = {"actors": [gangs_of("boaster", gangs=wanted)]}
    with pytest.raises(InputError) as refused:
        worlds.model(wanted + 4, 1, market=market)
    least = int(re.search(r"at least (\d+) people", str(refused.value))[1])
    assert len(worlds.model(least, 1, market=market).gangs) == wanted
