"""Scenarios: what they can say, and what they cannot."""

import datetime as dt
from decimal import Decimal

import pytest

from rules.errors import InputError
from scenarios.find import find, names
from sim.scenario import parse_scenario, read_scenario

MARKET = """\
scenario: small
title: {zh: 小市场, en: A small market}
plans: [three_tier, one_level]
people: 1000
days: 30
start: 2026-01-05
catalogue:
  categories:
    - {id: fmcg, weight: 3, margin: 40%, return_rate: 2%, prices: [9.90, 199], skus: 40}
    - {id: digital, weight: 1, margin: 0.15, return_rate: 0.05, prices: [99, 999], skus: 10, stock: 500}
channels: [{id: mini, weight: 0.7}, {id: h5, weight: 0.3, open: 0.8, conversion: 0.6, steps: 4}]
calendar: [{day: 10, name: {zh: 大促, en: Sale}, traffic: 3, discount: 10%}]
behaviour: {r: 0.3, click: 5%, organic: [0.0005, 0.001], seeds: 20}
returns: {days: [1, 10]}
logistics: {deliver: [1, 3]}
rulebook: house_strict
"""


def test_a_scenario_says_what_it_holds():
    market = read_scenario(MARKET, "m.yaml")
    assert (market.scenario, market.plans, market.people, market.days) == (
        "small",
        ["three_tier", "one_level"],
        1000,
        30,
    )
    assert market.start == dt.date(2026, 1, 5)
    fmcg, digital = market.catalogue.categories
    assert (fmcg.weight, fmcg.margin, fmcg.return_rate, fmcg.prices, fmcg.skus) == (
        3.0,
        0.4,
        0.02,
        (9_90, 199_00),
        40,
    )
    assert (fmcg.stock, digital.stock, digital.margin) == (None, 500, 0.15)
    assert (market.channels[0].steps, market.channels[1].conversion) == (3, 0.6)
    assert (market.calendar[0].traffic, market.calendar[0].discount) == (3.0, 0.1)
    assert market.behaviour == {
        "r": Decimal("0.3"),
        "click": Decimal("0.05"),
        "organic": [Decimal("0.0005"), Decimal("0.001")],
        "seeds": 20,
    }
    assert (market.returns.days, market.logistics.ship, market.logistics.deliver) == ((1, 10), (0, 2), (1, 3))
    assert market.rulebook == "house_strict"


def test_what_is_left_out_has_a_default():
    market = read_scenario(
        "scenario: s\nplans: [a]\ncatalogue: {categories: [{id: x, margin: 0.5, prices: [1, 1]}]}", "m"
    )
    assert (market.people, market.days, market.rulebook, market.hourly) == (10_000, 180, "house", None)
    assert market.catalogue.categories[0].weight == 1.0


def test_a_scenario_can_be_made_by_a_program():
    category = {"id": "3C数码", "margin": "50%", "prices": [1, 2]}
    market = parse_scenario({"scenario": "s", "plans": ["a"], "catalogue": {"categories": [category]}})
    assert market.catalogue.categories[0].id == "3C数码"
    with pytest.raises(InputError, match=r"^catalogue: this key is missing; allowed: the key categories$"):
        parse_scenario({"scenario": "s", "plans": ["a"]})


@pytest.mark.parametrize("name", names("markets"))
def test_every_shipped_market_loads_under_its_own_name(name):
    assert read_scenario(*find("markets", name)).scenario == name


@pytest.mark.parametrize(
    ("old", "new", "place", "given", "allowed"),
    [
        ("margin: 40%", "margin: 400%", "9:37", "'400%' is more than 100%", "a rate from 0% to 100%"),
        ("weight: 3,", "weight: 0,", "9:26", "0 is too small", "a multiplier from 0 to 99.999999"),
        ("[9.90, 199]", "[199, 9.90]", "9:7", "prices must be [low, high] with 0 < low <= high", ""),
        ("[9.90, 199]", "[9.905, 199]", "9:68", "'9.905' is not an amount", "an amount in yuan"),
        ("[9.90, 199]", "9.90", "9:67", "9.90 is not a list", "a list of 2"),
        ("skus: 40", "skus: 0", "9:86", "0 is too small", "a whole number from 1 to 10000"),
        ("id: digital", "id: fmcg", "10:12", "'fmcg' is given twice", "each id once"),
        (
            "people: 1000",
            "people: 1e4",
            "4:9",
            "1E+4 is not a whole number",
            "a whole number from 10 to 50000000",
        ),
        ("people: 1000", f"people: {'9' * 40}", "4:9", "too large or too fine a number", "at most 30 digits"),
        (
            "people: 1000",
            "people: 99999999999",
            "4:9",
            "99999999999 is too large",
            "a whole number from 10 to 50000000",
        ),
        ("days: 30", "days: 0", "5:7", "0 is too small", "a whole number from 1 to 3660"),
        ("day: 10,", "day: 30,", "12:18", "day 30 is after the last day", "days 0 to 29"),
        ("traffic: 3", "traffic: lots", "12:57", "'lots' is not a multiplier", "a multiplier from 0"),
        ("click: 5%", "clack: 5%", "13:21", "'clack' is not known here (did you mean click?)", "alpha, a, b"),
        ("click: 5%", "click: 500%", "13:28", "is too large", ""),
        (
            "click: 5%",
            "click: often",
            "13:28",
            "'often' is not a number",
            "a number, a percentage, or a range",
        ),
        (
            "click: 5%",
            "click: {low: 1}",
            "13:28",
            "{low: 1} is not a number",
            "a number, a percentage, or a range",
        ),
        ("[0.0005, 0.001]", "[0.001, 0.0005]", "13:41", "[0.001, 0.0005] runs backwards", "[low, high]"),
        ("[0.0005, 0.001]", "[0.0005, -0.001]", "13:41", "runs backwards", "[low, high]"),
        ("[0.0005, 0.001]", "[0.0005, 9e9]", "13:41", "is too large", ""),
        ("days: [1, 10]", "days: [10, 1]", "14:17", "[10, 1] runs backwards", "[low, high]"),
        (
            "rulebook:",
            "actors: [{kind: pirate}]\nrulebook:",
            "16:17",
            "'pirate' is not known here",
            "ring, device_farm",
        ),
        (
            "rulebook:",
            "actors: [{kind: ring, begin: [9, 3]}]\nrulebook:",
            "16:10",
            "begin must be [low, high], got 9 and 3",
            "",
        ),
        (
            "rulebook:",
            "risk: {review_below: 20, freeze_below: 30}\nrulebook:",
            "16:7",
            "freeze_below <= review_below must hold, got 30 and 20",
            "",
        ),
        ("rulebook:", "actors: {kind: ring}\nrulebook:", "16:9", "is not a list", "a list"),
        ("rulebook:", "actors: [{kind: operater}]\nrulebook:", "16:17", "(did you mean operator?)", "grey_release"),
        (
            "rulebook:",
            "actors: [{kind: operator, payout: 5%}]\nrulebook:",
            "16:10",
            "plans: this key is missing",
            "a list",
        ),
        (
            "rulebook:",
            "actors: [{kind: influencer, contact: 5}]\nrulebook:",
            "16:29",
            "'contact' is not known here (did you mean contacts?)",
            "contacts, every",
        ),
        (
            "rulebook:",
            "actors: [{kind: coupon_hunter, begin: [9, 3]}]\nrulebook:",
            "16:10",
            "begin must be [low, high], got 9 and 3",
            "",
        ),
        (
            "rulebook:",
            "actors: [{kind: grey_release, plan: p, stages: [[5, 20%], [9, 5%]]}]\nrulebook:",
            "16:10",
            "stages must come in order of days, with shares that do not fall, got [5, 20%] and [9, 5%]",
            "",
        ),
        ("rulebook:", "actors: [{gangs: 2}]\nrulebook:", "16:10", "kind: this key is missing", "ring, device_farm"),
        (
            "rulebook:",
            "actors: [{kind: ring, gangs: 0}]\nrulebook:",
            "16:30",
            "0 is too small",
            "a whole number from 1 to 1000",
        ),
        (
            "rulebook:",
            "actors: [{kind: ring, accounts: 65}]\nrulebook:",
            "16:33",
            "65 is too large",
            "a whole number from 1 to 64",
        ),
        (
            "rulebook:",
            "actors: [{kind: ring, careful: [80%, 20%]}]\nrulebook:",
            "16:10",
            "careful must be [low, high], got 80% and 20%",
            "",
        ),
        (
            "rulebook:",
            "actors: [{kind: ring, careful: [0%, 120%]}]\nrulebook:",
            "16:37",
            "'120%' is more than 100%",
            "a rate from 0% to 100%",
        ),
        (
            "rulebook:",
            "actors: [{kind: ring, beginn: [1, 3]}]\nrulebook:",
            "16:23",
            "'beginn' is not known here (did you mean begin?)",
            "begin",
        ),
        ("rulebook:", "risk: {act: maybe}\nrulebook:", "16:13", "'maybe' is not", "true"),
        (
            "rulebook:",
            "risk: {freeze_below: 101}\nrulebook:",
            "16:22",
            "101 is too large",
            "a whole number from 0 to 100",
        ),
        (
            "rulebook:",
            "risk: {points: {circle: -1}}\nrulebook:",
            "16:25",
            "-1 is too small",
            "a whole number from 0 to 100",
        ),
        (
            "rulebook:",
            "risk: {points: {circles: 1}}\nrulebook:",
            "16:17",
            "'circles' is not known here (did you mean circle?)",
            "device, burst",
        ),
        (
            "rulebook:",
            "risk: {limits: {shares_a_day: 0}}\nrulebook:",
            "16:31",
            "0 is too small",
            "a whole number from 1 to 1000000",
        ),
        (
            "rulebook:",
            "risk: {thresholds: {circle_share: 2}}\nrulebook:",
            "16:35",
            "'2' is more than 100%",
            "a rate from 0% to 100%",
        ),
        (
            "rulebook:",
            "risk: {thresholds: {barren_income: 1.005}}\nrulebook:",
            "16:36",
            "'1.005' is not an amount",
            "an amount in yuan",
        ),
        (
            "rulebook:",
            "risk: {reviewers: {finds: often}}\nrulebook:",
            "16:27",
            "'often' is not a rate",
            "a rate from 0% to 100%",
        ),
        ("rulebook:", "risk: {second_check: {over: -1}}\nrulebook:", "16:29", "-1", "an amount in yuan"),
        ("rulebook:", 'risk: {content: ""}\nrulebook:', "16:17", "'' is too short", "text"),
        (
            "rulebook:",
            "rulbook:",
            "16:1",
            "'rulbook' is not known here (did you mean rulebook?)",
            "scenario, title",
        ),
        (
            "plans: [three_tier, one_level]",
            "plans: three_tier",
            "3:8",
            "'three_tier' is not a list",
            "a list of at least 1",
        ),
        ("scenario: small\n", "", "1:1", "scenario: this key is missing", "a name"),
    ],
)
def test_a_mistake_in_a_scenario_is_refused_at_its_place(old, new, place, given, allowed):
    assert old in MARKET
    with pytest.raises(InputError) as caught:
        read_scenario(MARKET.replace(old, new, 1), "m.yaml")
    message = str(caught.value)
    assert message.startswith(f"m.yaml:{place}: ")
    assert given in message
    assert allowed in message


def test_share_kit_and_communities_are_off_unless_they_are_stated():
    market = read_scenario(MARKET, "m.yaml")
    assert (market.materials, market.communities) == (None, None)
    market = read_scenario(MARKET + "materials: {}\ncommunities: {calls: [{day: 29}]}\n", "m.yaml")
    assert (market.materials.scripts, market.materials.choose) == (50, "bandit")
    assert market.communities.calls[0].lift == 0.3


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("materials: {choose: best}", "bandit"),
        ("materials: {scripts: 0}", "scripts"),
        ("materials: {fit: 120%}", "fit"),
        ("materials: {styles: {rational: {appeal: 0}}}", "appeal"),
        ("materials: {styles: {loud: {appeal: 2}}}", "loud"),
        ("materials: {formats: {copy: -1}}", "copy"),
        ("communities: {provinces: 0}", "provinces"),
        ("communities: {calls: [{day: 30}]}", "day 30 is after the last day"),
        ("communities: {calls: [{day: 3, reach: 101%}]}", "reach"),
        ("communities: {calls: [{day: 3, delay_days: [1, 2]}]}", "delay_days"),
    ],
)
def test_a_kit_or_a_call_that_cannot_be_is_refused(section, message):
    with pytest.raises(InputError, match=message):
        read_scenario(MARKET + section + "\n", "m.yaml")
