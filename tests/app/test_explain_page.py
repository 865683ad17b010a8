from __future__ import annotations

import html
import time

import pytest
from streamlit.testing.v1 import AppTest
from visiting import ONE_A_DAY

from app.choosing import OWN
from app.pages.explain import Asked, live_it
from app.pages.explain_month import months_of, statement_view
from app.pages.explain_order import journeys, sums, timeline
from app.pages.explain_path import hops
from app.pages.explain_person import centre_view
from app.words import common
from app.words import explain as words
from rules.cases.result import explained
from rules.events import Period
from rules.money import yuan
from rules.payout.statement import statement_of
from rules.readable import Step
from sim.cli.common import load_plan, load_scenario
from sim.history.explain import entries_of
from sim.report.figures import money
from sim.report.member_centre import centre_of, promoters
from sim.report.order_life import is_told, order_life, traits
from sim.report.referral_path import Person, ReferralPath, referral_path


@pytest.fixture(scope="module")
def lived():
    asked = Asked(load_scenario("three_tier"), load_plan("three_tier"), 2_000, 90, 1)
    return live_it(lambda said: None, asked)[1]


@pytest.fixture(scope="module")
def three_levels():
    asked = Asked(load_scenario("distribution_mall"), load_plan("mall_three_level"), 3_000, 90, 1)
    return live_it(lambda said: None, asked)[1]


def opened(lang: str = "zh") -> AppTest:
    script = f"""
if __name__ == "__main__":  # a job begins with the same file, and shows nothing
    from app.pages.explain import show

    show({lang!r})
"""
    return settled(AppTest.from_string(script, default_timeout=120).run())


def settled(app: AppTest) -> AppTest:
    for _ in range(3_000):
        if app.session_state["explain.job"].look() not in ("waiting", "running"):
            break
        time.sleep(0.1)
    return app.run()


def shown(app: AppTest) -> str:
    return html.unescape("\n".join(one.body for one in app.main.get("html")))


def told_orders(lived) -> list[int]:
    return [number for number, one in enumerate(lived.state.orders) if is_told(one)]


@pytest.mark.parametrize("world", ["lived", "three_levels"])
def test_every_order_closes_to_the_cent(world, request):
    lived = request.getfixturevalue(world)
    for number in told_orders(lived):
        life = order_life(lived, number)
        of_order = [one for one in lived.state.entries if one.order == number]
        assert life.commission == sum(one.amount for one in of_order)
        assert life.goods == life.refunded + life.commission + life.kept
        booked = [one.amount for one in life.moments if one.sort in ("commission", "clawback")]
        assert sum(booked) == life.commission
        assert [one.amount for one in life.moments if one.sort == "pay"] == [life.paid]
        times = [one.time for one in life.moments]
        assert times == sorted(times)


def test_a_life_is_told_in_the_order_in_which_it_is_lived(lived):
    number = next(one for one in told_orders(lived) if "withdrawn" in traits(lived, one))
    sorts = [one.sort for one in order_life(lived, number).moments]
    wanted = ["click", "order", "pay", "commission", "ship", "receive", "settle", "withdraw", "paid"]
    places = [sorts.index(one) for one in wanted]
    assert places == sorted(places)
    assert sorts.index("share") < sorts.index("click")
    assert "join" in sorts


def test_three_levels_are_found_and_paid(three_levels):
    number = next(one for one in told_orders(three_levels) if "three" in traits(three_levels, one))
    life = order_life(three_levels, number)
    assert len(life.shares) >= 3
    assert sum("3 级" in one.title.zh for one in life.moments if one.sort == "commission") >= 1


def test_what_is_paid_out_is_what_was_asked_for_less_fee_and_tax(lived):
    for number in told_orders(lived):
        if "withdrawn" not in traits(lived, number):
            continue
        life = order_life(lived, number)
        paid = [one for one in life.moments if one.sort == "paid"]
        assert paid
        nets = [one.amount - one.fee - one.tax for one in lived.state.withdrawals.values()]
        assert all(one.amount in nets for one in paid)


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_a_payout_is_told_with_the_number_by_which_the_channel_knows_it(lived, lang):
    number = next(one for one in told_orders(lived) if "withdrawn" in traits(lived, one))
    moments = [one for one in timeline(order_life(lived, number), lang) if one["sort"] in ("withdraw", "paid")]
    (asked, *_), (*_, paid) = moments, moments
    payout = next(one for one, row in lived.state.withdrawals.items() if f" {one}" in paid["title"])
    said = {"zh": f"渠道单号 FX{payout:012d}", "en": f"channel order number FX{payout:012d}"}[lang]
    assert said in asked["lines"]
    assert said in paid["lines"]


@pytest.mark.parametrize("lang", ONE_A_DAY)
@pytest.mark.parametrize("world", ["lived", "three_levels"])
def test_the_path_leads_to_the_buyer_by_way_of_whom_the_order_belongs_to(world, lang, request):
    lived = request.getfixturevalue(world)
    for number in told_orders(lived):
        order, path = lived.state.orders[number], referral_path(lived.told, number)
        above = [one for one in [*order.people, *order.beyond] if one != order.buyer]
        assert [one.member for one in path.people] == [*reversed(above), order.buyer]
        shares = {one.member: one.left for one in order_life(lived, number).shares if one.booked}
        assert {one.member: one.earned for one in path.people if one.earned is not None} == shares
        shown = hops(path, lang)
        assert [one["buyer"] for one in shown if not one["more"]][-1] == words.BUYER.say(lang)
        assert sum(one.get("paid", False) for one in shown) == sum(fen > 0 for fen in shares.values())


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_a_long_path_says_how_many_are_left_out_and_paid(lang):
    def person(member: int, earned: int | None) -> Person:
        return Person(member, Step(f"会员 {member}", f"member {member}"), Step("点击分享", "clicked"), 0, earned)

    paid = {4: 100, 6: 0, 12: 800}
    path = ReferralPath(tuple(person(one, paid.get(one)) for one in range(14)), Step("", ""), 0)
    shown = hops(path, lang)
    assert shown[3] == {"more": words.PATH_MORE_PAID.say(lang).format(count=6, paid=1)}
    assert [one["name"].split()[1] for one in shown if not one["more"]] == ["0", "1", "2", "9", "10", "11", "12", "13"]
    assert shown[-2]["earned"] == words.PATH_EARNED.say(lang).format(earned="¥8.00")


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_entries_are_told_as_the_command_tells_them(lived, lang):
    number = next(one for one in told_orders(lived) if "clawback" in traits(lived, one))
    places = [place for place, one in enumerate(lived.state.entries) if one.order == number]
    shown_ones = journeys(lived, number, lang)
    for place, one in zip(places, shown_ones, strict=True):
        steps = explained(place, lived.journeys).steps
        assert [step for part in one["parts"].values() for step in part] == [step[lang] for step in steps]
    member = lived.state.entries[places[0]].member
    assert explained(places[0], lived.journeys) in entries_of(lived.state, lived.journeys, member)


def test_the_two_engines_agree_on_every_wallet(lived):
    for number, person in enumerate(lived.state.members):
        row = lived.book.members[number]
        for pocket in ("pending", "held", "available", "withdrawing", "withdrawn"):
            assert getattr(person, pocket) == int(row[pocket])


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_the_member_centre_shows_the_wallet(lived, lang):
    member = promoters(lived)[0]
    view = centre_view(lived, centre_of(lived, member), lang)
    row = lived.book.members[member]
    assert view["available"] == money(int(row["available"]), exact=True)
    assert dict(view["pockets"])[words.POCKETS["withdrawn"].say(lang)] == money(int(row["withdrawn"]), exact=True)
    assert int(row["earned"]) == max(int(one["earned"]) for one in lived.book.members)
    team = sum(one.upline == member and one.joined_at is not None for one in lived.state.members)
    assert centre_of(lived, member).team[0].people == team


@pytest.mark.parametrize("lang", ONE_A_DAY)
def test_the_month_is_the_statement_of_the_command(lived, lang):
    member = promoters(lived)[0]
    for month in months_of(lived):
        one = statement_of(lived.book, member, Period.month, month)
        assert one.opening + one.earned - one.reversed - one.paid_out == one.closing
        view = statement_view(one, lang)
        assert [line["amount"].replace("¥", "").lstrip("+") for line in view["lines"]] == [
            yuan(line.amount) for line in one.lines
        ]


def test_sums_are_said_with_two_decimals(lived):
    number = next(one for one in told_orders(lived) if "clawback" in traits(lived, one))
    life = order_life(lived, number)
    said = sums(lived, life, "en")
    paid, goods, freight = (money(fen, exact=True) for fen in (life.paid, life.goods, life.freight))
    assert said[0] == f"Buyer paid {paid} = goods {goods} + freight {freight}"
    assert all("¥" in one for one in said)
    assert timeline(life, "zh")[0]["time"][:4] == "2026"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_at_first_sight_a_market_has_lived_and_an_order_is_told(lang):
    app = opened(lang)
    assert not app.exception
    text = shown(app)
    assert words.SUMS.say(lang) in text
    assert words.STEPS["commission"].say(lang) in text
    assert words.STEPS["paid"].say(lang) in text
    asked, lived = app.session_state["explain.result"]
    assert (asked.people, asked.days, asked.seed) == (2_000, 90, 1)
    number = app.selectbox(key=next(one.key for one in app.selectbox if "explain.order" in one.key)).value
    for line in sums(lived, order_life(lived, number), lang):
        assert line in text
    assert words.PATH.say(lang) in text
    for person in hops(referral_path(lived.told, number), lang):
        assert person["how"] in text
    for view, word in (("person", words.LATEST), ("month", words.BALANCED)):
        app.segmented_control(key="explain.view").set_value(view).run()
        assert not app.exception
        assert word.say(lang).partition("{")[0].strip() in shown(app)


def test_what_is_no_plan_is_refused_and_the_result_stays():
    app = opened("en")
    app.selectbox(key="explain.plan-three_tier").select(OWN).run()
    app.file_uploader[0].set_value(("mine.yaml", b"plan: [", "application/yaml")).run()
    assert not app.exception
    assert common.FAILED.en in shown(app)
    assert app.button(key="explain.run").disabled
    assert words.SUMS.en in shown(app)


def test_another_market_takes_its_place():
    app = opened("en")
    app.selectbox(key="explain.people").select(600)
    app.slider(key="explain.days").set_value(30)
    app.button(key="explain.run").click().run()
    settled(app)
    assert not app.exception
    assert app.session_state["explain.result"][0].people == 600
