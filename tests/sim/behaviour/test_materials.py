"""The share kit: what shares carry, whom it moves, and that the best scripts survive."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.events import DAY, Kind
from rules.plan.read import read_plan
from rules.records import Component
from scenarios.find import find
from sim.behaviour import basket, clicking, joining
from sim.behaviour.materials import FORMATS, STYLES, Formats, Kit, Materials, Posts, Style, Styles, scatter
from sim.behaviour.purposes import IMPULSE, Decision
from sim.behaviour.sharing import Shares
from sim.behaviour.shopping import Orders
from sim.draws import draw_array, key, pick_array
from sim.people import PRESSURE
from sim.rows import together

EVEN = {
    "styles": Styles(rational=Style(), emotional=Style(), urgency=Style()),
    "formats": Formats(copy=1, poster=1, video=1),
    "spread": 0.0,
    "products": 0.0,
    "fit": 0.0,
}
"""A kit in which all scripts are alike."""
LIVELY = {"organic": 0.02, "zeal_a": 3, "cost": 0.1, "degree_most": 60, "impulse": 0.3}


def kit_of(model, **rules) -> Kit:
    return Kit(Materials(**rules), 1, model.world.market)


def with_kit(people=1500, days=40, **options):
    rules = Materials(**options.pop("rules", {}))
    return worlds.logged(people, days, behaviour=LIVELY, market={"materials": rules}, **options)


@pytest.fixture(scope="module")
def alike():
    """A world in which everybody clicks alike."""
    model = worlds.model(3000, 30, behaviour={"click": 0.2, "distant": 1.0, "fatigue": 0.0}, market={"channels": []})
    model.world.crowd["attention"] = 0.5
    return model


@pytest.fixture(scope="module")
def lived():
    return with_kit()


def test_factors_have_mean_one_and_the_spread_asked_for():
    found = scatter(1, Decision.appeal, np.arange(20_000), 0.4)
    assert found.mean() == pytest.approx(1, abs=0.01)
    assert found.std() == pytest.approx(0.4, abs=0.01)
    assert scatter(1, Decision.appeal, np.arange(3), 0.0).tolist() == [1, 1, 1]


def test_styles_and_formats_take_turns():
    """Script 1 is rational copy, 2 emotional, 3 urgent; 4 begins the posters: 0.85 x 1.0 = 0.85."""
    hidden = kit_of(worlds.model(300, 5), scripts=9, spread=0.0).scripts
    assert [STYLES[style] for style in hidden.style[:4]] == ["rational", "emotional", "urgency", "rational"]
    assert [FORMATS[form] for form in hidden.format[:9:3]] == ["copy", "poster", "video"]
    assert hidden.appeal[:4] == pytest.approx([0.85 * 0.9, 1.05 * 0.9, 1.1 * 0.9, 0.85])
    assert hidden.pull[9:12] == pytest.approx([1.2, 1.0, 0.8])


def test_what_is_shared_follows_taste_and_the_market(alike):
    world, kit = alike.world, kit_of(alike, scripts=4)
    persons = np.arange(3000, dtype=np.int32)
    posts = kit.post(world, persons)
    category = world.market.category[posts.sku]
    assert (posts.script // 4 == category).all()
    assert np.bincount(posts.script % 4) / 3000 == pytest.approx([0.25] * 4, abs=0.03)
    loyalty, weights = world.given.loyalty, world.market.weights
    own = (category == world.crowd["taste"][:3000]).mean()
    assert own == pytest.approx(loyalty + (1 - loyalty) * (weights**2).sum(), abs=0.03)
    first = np.bincount(posts.sku[category == 0], minlength=40)  # the first category has 40 products
    assert first.max() < 3 * first.mean()
    few = kit.post(world, np.array([2000, 7], np.int32))
    for name in ("sku", "script", "appeal", "pull"):
        assert (getattr(posts, name)[[2000, 7]] == getattr(few, name)).all(), name


def clicked(model, kit, reach=30):
    world, persons = model.world, np.arange(3000, dtype=np.int32)
    shares = Shares(persons, np.full(3000, 1000), np.full(3000, reach), kit.post(world, persons))
    return shares, clicking.click(world, shares, kit)


def test_an_appeal_of_two_doubles_the_clicks(alike):
    """0.2 x 0.5 x 2 of 90,000 contacts."""
    twice = Styles(rational=Style(appeal=2), emotional=Style(appeal=2), urgency=Style(appeal=2))
    _, clicks = clicked(alike, kit_of(alike, **EVEN | {"styles": twice}))
    assert len(clicks.visitor) == pytest.approx(18_000, rel=0.03)
    _, clicks = clicked(alike, kit_of(alike, **EVEN))
    assert len(clicks.visitor) == pytest.approx(9_000, rel=0.03)


def test_a_style_that_speaks_to_somebody_is_clicked_more_and_the_mean_stays(alike):
    """With fit 0.5 it is (1 + 1) times as often by a third, (1 - 0.5) times by the others: 2/3 + 1/3 = 1."""
    kit = kit_of(alike, **EVEN | {"fit": 0.5})
    shares, clicks = clicked(alike, kit)
    likes = pick_array(draw_array(key(1, Decision.style), clicks.visitor), 3)
    matched = likes == kit.scripts.style[shares.posts.script[clicks.share]]
    assert len(clicks.visitor) == pytest.approx(9_000, rel=0.04)
    assert matched.mean() == pytest.approx((1 / 3 * 2) / (1 / 3 * 2 + 2 / 3 * 0.5), abs=0.02)


def posts_of(count, pull, sku=-1) -> Posts:
    return Posts(np.full(count, sku, np.int32), np.zeros(count, np.int64), np.ones(count), np.full(count, pull))


@pytest.mark.parametrize("pull", [0.5, 1.0, 2.0])
def test_pull_moves_pressure_and_impulse(pull):
    world = worlds.model(1000, 30, behaviour={"join": 0.25, "impulse": 0.3}, market={"channels": []}).world
    world.crowd["trust"], world.crowd["resistance"] = 1.0, 10 * PRESSURE
    world.crowd["joined"][:500] = 0
    world.day = 3
    visitor = np.concatenate([np.full(1000, 7), [900]]).astype(np.int32)
    count = len(visitor)
    clicks = clicking.Clicks(
        visitor, np.full(count, 999, np.int32), np.arange(count), np.arange(count), np.ones(count), np.arange(count)
    )
    answers = joining.respond(world, clicks, posts_of(count, pull, sku=4))
    assert world.crowd["pressure"][900] == pull * 250_000
    assert len(answers.impulses.person) == pytest.approx(1000 * 0.3 * pull, abs=50)
    assert (answers.impulses.wanted == 4).all()
    assert (answers.outcome == 1).sum() == len(answers.impulses.person)


def test_what_was_wanted_is_the_first_line_and_the_mean_amount_stays():
    world = worlds.model(20_000, 30, behaviour={"v": 90}, market={"channels": []}).world
    market = world.market
    persons, ordinals = np.repeat(np.arange(20_000, dtype=np.int32), 4), np.tile(np.arange(4), 20_000) + IMPULSE
    plain = basket.fill_baskets(world, Orders(persons, ordinals, np.zeros(80_000, int)))
    wanted = (np.arange(80_000) % len(market.skus)).astype(np.int32)
    asked = basket.fill_baskets(world, Orders(persons, ordinals, np.zeros(80_000, int), wanted))
    before, after = ((one.quantity * market.price[one.sku]).sum(axis=1) for one in (plain, asked))
    got = asked.sku[:, 0] == wanted
    cheap, dear = market.price[wanted] < 30_00, market.price[wanted] > 1500_00
    assert got[cheap].mean() > 0.95  # hardly any amount is below 30 yuan, hardly any above 1,500
    assert got[dear].mean() < 0.1
    assert (asked.sku[~got] == plain.sku[~got]).all()
    assert after.mean() == pytest.approx(before.mean(), rel=0.01)
    assert after[cheap].mean() == pytest.approx(before[cheap].mean(), rel=0.02)
    assert (asked.quantity[got, 0] <= basket.NEAREST).all()
    assert ((asked.quantity > 0).sum(axis=1) <= basket.LINES).all()


def test_shares_and_clicks_say_what_is_shared(lived):
    model, log = lived
    shares, clicks = log[log["kind"] == Kind.share], log[log["kind"] == Kind.click]
    shared = {(int(row["member"]), int(row["time"]) // 86_400): int(row["sku"]) for row in shares}
    assert len(clicks) > 1000
    assert [shared[int(row["other"]), int(row["time"]) // 86_400] for row in clicks] == clicks["sku"].tolist()
    assert set(np.unique(shares["sku"])) <= set(range(len(model.world.market.skus)))


def test_without_a_kit_nothing_says_so():
    _, log = worlds.logged(600, 20, behaviour=LIVELY)
    assert (log["sku"][np.isin(log["kind"], [Kind.share, Kind.click])] == -1).all()


def test_counts_are_those_of_the_log(lived):
    model, log = lived
    kit, skus = model.kit, len(model.world.market.skus)
    of = {kind: log[log["kind"] == kind] for kind in (Kind.share, Kind.click, Kind.register)}
    assert kit.sold[:, 0].tolist() == np.bincount(of[Kind.share]["sku"], minlength=skus).tolist()
    assert kit.sold[:, 2].tolist() == np.bincount(of[Kind.click]["sku"], minlength=skus).tolist()
    assert kit.sold[:, 3].sum() == (of[Kind.register]["other"] >= 0).sum()
    assert kit.sold[:, 4].sum() == model.world.crowd["impulses"].sum()
    assert kit.counts.sum(axis=0).tolist() == kit.sold.sum(axis=0).tolist()
    assert (kit.counts.dtype, kit.sold.dtype) == (np.int64, np.int64)


def test_impulse_orders_are_for_what_was_clicked_and_others_for_nothing(monkeypatch):
    kept, fill = [], basket.fill_baskets

    def watched(world, orders):
        events, found = together(world.today), fill(world, orders)
        kept.append((orders, events[events["kind"] == Kind.click], found))
        return found

    monkeypatch.setattr(basket, "fill_baskets", watched)
    with_kit(900, 30)
    begun = 0
    for orders, clicks, found in kept:
        seen = set(zip(clicks["member"].tolist(), clicks["sku"].tolist(), strict=True))
        impulse = orders.ordinal >= IMPULSE
        assert set(zip(orders.person[impulse].tolist(), orders.wanted[impulse].tolist(), strict=True)) <= seen
        assert (orders.wanted[~impulse] == -1).all()
        begun += (found.sku[:, 0] == orders.wanted).sum()
    assert begun > 30


def test_the_best_scripts_survive_under_the_bandit_only():
    """Mean hidden appeal of the scripts of the last two weeks, against the best of each category."""
    rules = {"scripts": 12, "spread": 0.5, "fit": 0.0, "products": 0.0}
    found = {}
    for choose in ("bandit", "any", "fixed"):
        kit = with_kit(4000, 84, rules=rules | {"choose": choose})[0].kit
        used = kit.weekly.sum(axis=0).reshape(3, 12)
        appeal = kit.scripts.appeal.reshape(3, 12)
        found[choose] = (used * appeal).sum(axis=1) / used.sum(axis=1)
        if choose == "fixed":
            assert (used[:, 1:] == 0).all()
    assert (found["bandit"] > 0.9 * appeal.max(axis=1)).all()
    assert found["any"] == pytest.approx(appeal.mean(axis=1), rel=0.1)
    assert found["fixed"] == pytest.approx(appeal[:, 0])


def test_all_scripts_are_published_alike_in_the_first_week():
    model = worlds.model(1500, 30, behaviour=LIVELY, market={"materials": Materials(scripts=5)})
    for _ in range(8):
        model.step()
    assert (model.kit.weights != 0.2).any()
    before = worlds.model(1500, 30, behaviour=LIVELY, market={"materials": Materials(scripts=5)})
    for _ in range(7):
        before.step()
    assert (before.kit.weights == 0.2).all()


def test_threads_change_nothing(monkeypatch):
    monkeypatch.setattr("sim.behaviour.chunks.ALONE", 0)
    one, two = (with_kit(900, 25, workers=workers) for workers in (1, 3))
    assert one[1].tobytes() == two[1].tobytes()
    assert (one[0].kit.counts == two[0].kit.counts).all()


def test_dynamic_rates_move_by_what_is_shared():
    """Products that people buy when they see them shared are raised: for the next week they pay 16 % instead of 8 %."""
    text, file = find("plans", "three_tier")
    moving = "commission:\n  dynamic: {period: week, above: 50%, clicks: 20, multiply: 2}\n"
    plan = read_plan(text.replace("\ncommission:\n", f"\n{moving}", 1), file)
    model, log = with_kit(2500, 50, plan=plan, rules={"products": 0.8})
    book = model.store.book
    assert (book.skus[0]["raised_by"] >= 0).any()
    entries = book.rows("entries")
    base = entries[(entries["component"] == Component.base) & (entries["level"] == 1) & (entries["reverses"] < 0)]
    week = (base["time"] // DAY + 3) // 7
    lines = base["line"].astype(int) - 1 + book.rows("orders")["first_line"][base["order"]]
    double = base["rate"] == 160_000
    assert double.sum() > 5
    clicks = log[log["kind"] == Kind.click]
    seen = set(zip(clicks["sku"].tolist(), ((clicks["time"] // DAY + 3) // 7).tolist(), strict=True))
    raised = zip(book.rows("lines")["sku"][lines[double]].tolist(), week[double].tolist(), strict=True)
    assert {(sku, before - 1) for sku, before in raised} <= seen
