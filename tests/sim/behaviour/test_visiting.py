"""Visits, warning signs, stages, win-back, by hand; and that care keeps members."""

from __future__ import annotations

import numpy as np
import pytest
import worlds

from rules.errors import InputError
from rules.events import DAY, Kind
from rules.plan.model import Plan
from rules.plan.read import read_plan
from scenarios.find import find
from sim.behaviour.lifecycle import STAGES, stages
from sim.behaviour.visiting import Visits, feel, temper
from sim.behaviour.world import FULL, NEVER
from sim.experiments.replication import outcome_of
from sim.members import churn

VISITS = {"visits": 0.3, "organic": 0.01}


def care_plan(*changes: tuple[str, str]) -> Plan:
    text, file = find("plans", "three_tier_care")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return read_plan(text, file)


def quiet(plan: Plan | None = None, **behaviour):
    """A small world with 20 members after its first week, in which nobody visits, shares or buys unprompted."""
    plan = plan or care_plan()
    given = VISITS | {"sharing": 0.0, "first_purchase": 0.0, "open_rate": 0.0} | behaviour
    model = worlds.model(600, 120, plan=plan, behaviour=given)
    while model.day < 7:
        model.step()
    model.programmes.lives.visits._bar[:] = 0
    model.programmes.lives.visits._base[:] = 0
    return model


def test_interest_fades_and_comes_back():
    """Boredom 10 %, delight 30 %: 0.5 becomes 0.45 after an idle week, 0.5 + 0.3 x 0.5 = 0.65 after an order or an
    income; visits are the base of 0.4 times that, 95 % of days at most; who is gone visits on none."""
    interest = np.full(4, 0.5, np.float32)
    earned, known = np.array([0, 100, 0, 0]), np.array([0, 40, 0, 0])
    bought = np.array([-28, -28, 20, -28], np.int32)
    base, gone = np.array([0.4, 0.4, 4.0, 0.4], np.float32), np.array([False, False, False, True])
    bar = np.zeros(4, np.uint32)
    feel(np.arange(4, dtype=np.int32), 20, 0.1, 0.3, earned, known, bought, base, gone, interest, bar)
    assert interest.tolist() == pytest.approx([0.45, 0.65, 0.65, 0.45])
    assert (bar / FULL).tolist() == pytest.approx([0.18, 0.26, 0.95, 0])
    assert known.tolist() == [0, 100, 0, 0]


def test_interest_and_care_bear_on_sharing():
    """A bar of a half: at interest 0.8 it is 0.4; lifted by a half until today 0.6, until yesterday 0.4; gone 0."""
    bar = np.full(4, FULL // 2, np.uint32)
    lift, until = np.array([0, 0.5, 0.5, 0.5], np.float32), np.array([-1, 9, 8, 9], np.int32)
    gone, interest = np.array([False, False, False, True]), np.full(4, 0.8, np.float32)
    temper(np.arange(4, dtype=np.int32), 9, gone, interest, lift, until, bar)
    assert (bar / FULL).tolist() == pytest.approx([0.4, 0.6, 0.4, 0])


def test_who_is_silent_for_60_days_is_gone_unless_her_income_holds():
    model = quiet(worlds.plan())
    visits, world = model.programmes.lives.visits, model.world
    bored, earns, less = world.members[:3].tolist()
    world.crowd["buy_day"][world.members] = NEVER
    visits.seen[world.members] = 20
    visits.seen[[bored, earns, less]] = 7
    while model.day < 67:
        visits.income[[earns, less]], visits.before[[earns, less]] = 500, [500, 600]
        model.step()
    assert not visits.gone[[bored, earns, less]].any()  # on day 66 they have been silent for 59 days
    visits.income[[earns, less]], visits.before[[earns, less]] = 500, [500, 600]
    model.step()
    assert visits.gone[[bored, earns, less]].tolist() == [True, False, True]
    assert visits.left == visits.gone.sum()
    assert world.crowd["bar"][bored] == 0


def test_who_is_gone_and_orders_is_back_and_waits_anew_for_the_next_order():
    model = quiet(worlds.plan())
    visits, world = model.programmes.lives.visits, model.world
    person = int(world.members[0])
    visits.gone[person], world.crowd["due"][person], world.crowd["repeats"][person] = True, 3.0, 2
    visits.note(world, world.members[:0], world.members[:0], np.array([person], np.int32))
    assert not visits.gone[person]
    assert visits.seen[person] == world.day
    assert visits.returned == 1
    # a new wait from today on, in operational time; today's shopping is over
    assert world.crowd["due"][person] > world.market.clock[world.day + 1]
    assert world.crowd["buy_day"][person] > world.day


def test_warning_signs_make_cases_and_who_earns_gets_an_adviser():
    """Three promoters and a buyer fall silent on day 7: on day 14 it is 7 days. One earned 40 yuan (30 are asked for):
    an adviser at 8 yuan; the two others a push at 0.20; the buyer, who never shared, is nobody's case."""
    model = quiet(push_works=1.0, adviser_works=0.0)
    visits, rescue, crowd = model.programmes.lives.visits, model.programmes.lives.rescue, model.world.crowd
    rich, one, other, buyer = model.world.members[:4].tolist()
    rescue.tally[:] = 0
    rescue._case_day[:] = -1000
    crowd["shares"][model.world.members] = 0
    crowd["shared"][model.world.members] = 0
    crowd["shares"][[rich, one, other]] = 3
    visits.seen[model.world.members], visits.seen[[rich, one, other, buyer]] = 10, 7
    visits.income[rich] = 40_00
    while model.day <= 14:
        model.step()
    assert rescue.tally.tolist() == [[2, 2, 40, 0], [1, 0, 800, 0]]
    assert visits.seen[[rich, one, other, buyer]].tolist() == [7, 14, 14, 7]
    assert model.metrics.flows()["programme_cost"][14] >= 840


def test_nobody_is_a_case_twice_within_the_days_of_rest():
    model = quiet(push_works=1.0)
    visits, rescue = model.programmes.lives.visits, model.programmes.lives.rescue
    one = int(model.world.members[0])
    rescue.tally[:] = 0
    rescue._case_day[:] = 1000
    rescue._case_day[one] = -1000
    model.world.crowd["shares"][one] = 3
    visits.seen[one] = 7
    while model.day < 60:
        model.step()
    # silent from 7 on: a case on day 14, helped; on day 21 too early, so no visit; no other silence of 7 days comes
    assert rescue.tally[0].tolist()[:2] == [1, 1]


def test_stages_are_what_members_do():
    """On day 99: registered on day 80 = newcomer; three orders = mature, as is an income in both months; last seen on
    day 69 (31 days with tonight) = dormant, on day 70 not yet; gone = lost."""
    model = quiet(worlds.plan())
    world, visits = model.world, model.programmes.lives.visits
    world.day = 99
    world.crowd["joined"][world.members] = 3 * DAY
    visits.seen[world.members] = 99
    new, buyer, earner, half, asleep, nearly, lost = world.members[:7].tolist()
    world.crowd["joined"][new] = 80 * DAY
    world.crowd["repeats"][world.members] = 0
    world.crowd["impulses"][world.members] = 0
    world.crowd["repeats"][buyer], world.crowd["impulses"][buyer] = 2, 1
    visits.income[[earner, half]], visits.before[earner] = 100, 1
    visits.seen[[asleep, nearly]] = [69, 70]
    visits.gone[lost] = True
    found = [STAGES[number] for number in stages(world, visits)[:8]]
    assert found == ["newcomer", "mature", "mature", "growing", "dormant", "growing", "lost", "growing"]


def test_churn_is_of_those_who_were_there():
    """A month that begins with 90 + 0 + 0 + 10 members who are not gone, and 5 leave: 5 %; then 4 of 80."""
    months = np.array([[90, 0, 0, 10, 3, 0, 0], [60, 10, 5, 5, 8, 5, 0], [70, 0, 0, 0, 12, 4, 0]])
    assert churn(months) == [0.05, 0.05]


def test_newcomers_are_welcomed_and_first_shares_rewarded_once():
    model, events = worlds.logged(900, 40, plan=care_plan(), behaviour=VISITS)
    grants, joined = events[events["kind"] == Kind.grant], model.world.crowd["joined"]
    hello, task = (model.names.coupons.index(name) for name in ("HELLO", "TASK"))
    welcomed = grants[grants["rank"] == hello]
    assert sorted(welcomed["member"]) == sorted(model.world.members)
    shares = events[events["kind"] == Kind.share]
    _, first = np.unique(shares["member"], return_index=True)
    opened = model.world.start * DAY
    early = [
        int(row["member"]) for row in shares[first] if row["time"] // DAY - (joined[row["member"]] + opened) // DAY < 7
    ]
    rewarded = grants[grants["rank"] == task]["member"].tolist()
    assert sorted(rewarded) == sorted(early)
    assert len(early) > 20
    assert len(model.store.book.rows("refusals")) == 0


def test_trained_promoters_reach_a_part_more_contacts_but_never_more_than_they_have():
    from sim.behaviour.sharing import Shares

    model = quiet(training_lift=0.5)
    sharers = model.world.members[:3]
    model.world.crowd["degree"][sharers] = [40, 40, 12]
    model.programmes.lives.life._trained[:] = False
    model.programmes.lives.life._trained[sharers[1:]] = True
    shares = Shares(sharers, np.zeros(3, np.int64), np.array([10, 10, 10]))
    assert model.programmes.lives.life.reach(model.world, shares).reach.tolist() == [10, 15, 12]


def test_the_dormant_are_written_to_and_those_who_answer_are_back_two_days_later():
    model = quiet(recall=1.0, coupon_draw=0.0, coupon_wins=0.0)
    visits, world = model.programmes.lives.visits, model.world
    one = int(world.members[0])
    visits.seen[world.members], visits.seen[one] = 9, 8
    while model.day < 40:
        model.step()
    assert visits.seen[one] == 8
    model.step()  # written to on day 38, 30 days after her last visit
    assert visits.seen[one] == 40


def test_care_needs_members_who_visit():
    with pytest.raises(InputError, match="nobody's visits are simulated"):
        worlds.model(100, 10, plan=care_plan())


def test_without_visits_there_is_nobody_who_leaves():
    model = worlds.model(200, 20).run()
    assert model.programmes.lives is None
    assert outcome_of(model, 1, 0.0).members is None


def test_care_lowers_churn_and_its_cost_is_counted():
    """The same people with the same luck, with and without care: fewer leave, and contribution has the cost off."""
    behaviour = VISITS | {"boredom": 0.15, "visit_shape": 0.4}
    without, cared = (
        worlds.model(2500, 112, plan=plan, behaviour=behaviour).run() for plan in (worlds.plan(), care_plan())
    )
    lost = [model.programmes.lives.visits.left / len(model.world.members) for model in (without, cared)]
    assert lost[0] > 0.08
    assert lost[1] < 0.6 * lost[0]
    found = outcome_of(cared, 1, 0.0)
    life = found.members.life
    assert found.members.cost == sum(week.programmes for week in found.weeks) > 0
    spent = sum(case.cost for case in life.cases) + found.members.messages["cost"]
    assert found.members.cost == spent + 200 * life.acts["trained"] + 10 * life.acts["written_to"]
    flows = {name: int(column.sum()) for name, column in cared.metrics.flows().items()}
    kept = flows["gmv"] - flows["refunds"] - flows["goods_cost"] - flows["commission"] + flows["fees"]
    assert found.metrics["contribution"] == kept - found.members.cost
    assert sum(found.daily["contribution"]) == found.metrics["contribution"]


def test_rates_of_visits_are_gamma_around_the_mean():
    """Mean 0.3 a day; with shape 0.5 the variance is 0.3 squared over 0.5 = 0.18; 4 standard errors."""
    given = worlds.model(100, 10, behaviour={"visits": 0.3, "visit_shape": 0.5}).world.given
    base = Visits(3, 40_000, given)._base
    assert base.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.18 / 40_000))
    assert base.var() == pytest.approx(0.18, rel=0.1)
