"""Who begins, who is invited, and what they bring."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
import worlds
from rich.console import Console

from rules.book import open_book
from rules.errors import InputError
from rules.events import DAY, Kind
from rules.plan.read import read_plan
from scenarios.find import find
from sim.actors.cheats import Cheats
from sim.behaviour.seeding import ColdStart, Invite, Seeds, worthy
from sim.checkpoint import resume, save
from sim.people import seeds_of
from sim.report.seeds import print_seeds, seeds_told
from sim.scenario import read_scenario
from sim.seeds import nearest_seed, seeds_brought

PEOPLE = 2000


def start(*kinds: tuple[str, int], **invite) -> ColdStart:
    seeds = [Seeds(by=by, count=count) for by, count in kinds]
    return ColdStart(seeds=seeds, invite=Invite(**invite) if invite else None)


def world(cold_start: ColdStart | None, days: int = 1, **options):
    options.setdefault("people", PEOPLE)
    market = {"cold_start": cold_start} | options.pop("market", {})
    return worlds.model(days=days, market=market, **options)


def test_any_are_those_who_begin_without_a_word():
    assert world(None).world.seeds["any"].tolist() == seeds_of(1, PEOPLE, 20).tolist()
    assert world(start(("any", 20))).world.seeds["any"].tolist() == seeds_of(1, PEOPLE, 20).tolist()
    assert world(start(day=9)).world.seeds["any"].tolist() == seeds_of(1, PEOPLE, 20).tolist()


def test_any_change_no_bit():
    one, other = (
        worlds.logged(people=PEOPLE, days=20, market={"cold_start": cold})[1] for cold in (None, start(("any", 20)))
    )
    assert one.tobytes() == other.tobytes()


def test_leaders_have_the_most_contacts():
    made = world(start(("leaders", 10))).world
    degree = made.crowd["degree"]
    chosen = made.seeds["leaders"]
    assert len(set(chosen.tolist())) == 10
    assert degree[chosen].min() >= np.delete(degree, chosen).max()


def test_koc_have_the_most_contacts_trust_and_purchases():
    made = world(start(("koc", 10))).world
    crowd, chosen = made.crowd, made.seeds["koc"]
    product = crowd["degree"].astype(float) * crowd["trust"] * crowd["rate"]
    assert product[chosen].min() >= np.delete(product, chosen).max()
    assert set(chosen.tolist()) != set(world(start(("leaders", 10))).world.seeds["leaders"].tolist())


def test_kinds_share_nobody_and_each_gets_its_part_of_one_in_a_hundred():
    """20 of 2,000 may be seeds; 30, 20 and 10 are wanted, so each gets a third."""
    made = world(start(("leaders", 30), ("koc", 20), ("staff", 10)))
    seeds = made.world.seeds
    assert [len(one) for one in seeds.values()] == [10, 6, 3]
    everybody = np.concatenate(list(seeds.values()))
    assert len(set(everybody.tolist())) == 19
    assert (made.world.crowd["zeal"][everybody] >= np.float32(made.world.given.seed_zeal)).all()
    made.step()
    assert (made.world.crowd["joined"][everybody] == 0).all()


def test_a_share_costs_staff_nothing():
    made = world(start(("staff", 10))).world
    cost = made.crowd["cost"]
    assert not cost[made.seeds["staff"]].any()
    assert (np.delete(cost, made.seeds["staff"]) > 0).all()


def test_who_begins_never_cheats():
    cheats = [Cheats(kind="ring", gangs=40, accounts=20)]
    made = world(start(("leaders", 20)), market={"actors": cheats})
    assert made.truth.cheats.sum() == 800
    assert not made.truth.cheats[made.world.seeds["leaders"]].any()


def orders_of(*rows: tuple[int, int, int, int]):
    """A book of paid orders: buyer, day paid, yuan, yuan refunded. Everybody joined on day 0."""
    book = open_book(6, 0)
    book.members["joined_at"] = 0
    for number, (buyer, day, goods, refunded) in enumerate(rows):
        order, member = book.orders[number], book.members[buyer]
        order["buyer"], order["paid_at"] = buyer, day * DAY
        order["goods"], order["refunded"] = goods * 100, refunded * 100
        if member["first_paid_at"] < 0:
            member["first_paid_at"] = day * DAY
    book.clock["orders"] = len(rows)
    return book


def test_who_is_worthy_by_hand():
    """Day 40, so since day 10. 0: first order too early to count, then 301 x 3. 1: three orders, but one is her first.
    2: 300 x 3 is not above 300. 3: 900, 200, 100 are 400 on average. 4: as 3, but one order came back whole.
    5: four of 350."""
    book = orders_of(
        (0, 1, 500, 0), (0, 10, 301, 0), (0, 20, 301, 0), (0, 39, 301, 0),
        (1, 12, 400, 0), (1, 13, 400, 0), (1, 14, 400, 0),
        (2, 1, 1, 0), (2, 12, 300, 0), (2, 13, 300, 0), (2, 14, 300, 0),
        (3, 1, 1, 0), (3, 12, 900, 0), (3, 13, 200, 0), (3, 14, 100, 0),
        (4, 1, 1, 0), (4, 12, 900, 0), (4, 13, 200, 0), (4, 14, 100, 100),
        (5, 1, 1, 0), (5, 12, 350, 0), (5, 13, 350, 0), (5, 14, 350, 0), (5, 15, 350, 0),
    )  # fmt: skip
    bounds, nobody = Invite(day=40), np.zeros(0, np.int32)
    assert worthy(book, bounds, 40 * DAY, nobody).tolist() == [0, 3, 5]
    assert worthy(book, bounds.model_copy(update={"most": 2}), 40 * DAY, nobody).tolist() == [3, 5]
    assert worthy(book, bounds.model_copy(update={"most": 1}), 40 * DAY, nobody).tolist() == [5]
    assert worthy(book, bounds, 40 * DAY, np.array([5])).tolist() == [0, 3]
    assert worthy(book, bounds, 41 * DAY, nobody).tolist() == [3, 5]
    book.members["frozen"][3] = True
    assert worthy(book, bounds, 40 * DAY, nobody).tolist() == [0, 5]


def appointed():
    """The plan in which a promoter is only who was made one, and newcomers earn a fifth more for three months."""
    text, file = find("plans", "three_tier")
    text = text.replace("    join: {orders: 1}\n", "")
    bonus = "bonuses:\n  - {id: invited, event: new_promoter, rate: 20%, months: 3}\n"
    return read_plan(text.replace("bonuses:\n", bonus), file)


INVITED = {"day": 25, "orders": 1, "average_order": 20, "most": 15}
BUYERS = {"organic": 0.02, "r": 2.0, "seed_zeal": 0.9}


@pytest.fixture(scope="module")
def inviting():
    options = {"plan": appointed(), "behaviour": BUYERS, "market": {"cold_start": start(("leaders", 20), **INVITED)}}
    return worlds.logged(people=PEOPLE, days=60, **options)


def test_invitations_are_events_of_their_day(inviting):
    model, events = inviting
    promoted = events[(events["kind"] == Kind.promote) & (events["time"] >= (model.world.start + 1) * DAY)]
    assert sorted(promoted["member"].tolist()) == model.invitation.members.tolist()
    assert len(promoted) == 15
    assert set(promoted["time"].tolist()) == {(model.world.start + 25) * DAY + 9 * 3600}
    assert not set(model.invitation.members.tolist()) & set(model.world.seeds["leaders"].tolist())


def test_who_was_invited_is_a_promoter_from_then_on_and_earns_the_bonus(inviting):
    model, _ = inviting
    rows = model.store.book.members[model.invitation.members]
    assert (rows["promoter_since"] == (model.world.start + 25) * DAY + 9 * 3600).all()
    entries = model.store.book.rows("entries")
    extra = entries[(entries["source"] == 0) & np.isin(entries["member"], model.invitation.members)]
    assert len(extra) > 0


def test_figures_of_seeds_are_those_of_the_members(inviting):
    """Under this plan a binding is for good: whoever was bound when she registered was brought by that promoter."""
    model, _ = inviting
    leaders, invited = seeds_brought(model)
    members, seeds = model.store.book.members, model.world.seeds["leaders"]
    brought = (members["joined_at"] >= 0) & (members["bound_at"] <= members["joined_at"])
    late = members["joined_at"] >= (model.world.start + 25) * DAY
    assert (leaders.by, leaders.seeds, invited.by, invited.seeds) == ("leaders", 20, "invited", 15)
    assert leaders.brought == (brought & np.isin(members["upline"], seeds)).sum()
    assert invited.brought == (brought & late & np.isin(members["upline"], model.invitation.members)).sum() > 0
    assert leaders.k == leaders.brought / 20
    assert leaders.branch >= leaders.brought > invited.brought
    assert leaders.contacts == model.world.crowd["degree"][seeds].mean()
    assert leaders.commission == members["earned"][seeds].sum()
    assert invited.orders <= members["promoted_orders"][model.invitation.members].sum()


def test_nearest_seed_by_hand():
    """0 brought 1, 1 brought 2, 2 brought 3; 4 came alone and brought 5. Seeds are 0 and 2."""
    upline = np.array([-1, 0, 1, 2, -1, 4])
    assert nearest_seed(upline, np.array([0, 2])).tolist() == [-1, 0, 0, 2, -1, -1]
    assert nearest_seed(upline, np.zeros(0, int)).tolist() == [-1] * 6


def test_an_invitation_survives_a_checkpoint(tmp_path, inviting):
    """On the morning of day 35, a Monday's evening after: what they had brought on day 25 is still known."""
    straight, _ = inviting
    model = worlds.model(
        people=PEOPLE, days=60, plan=appointed(), behaviour=BUYERS,
        market={"cold_start": start(("leaders", 20), **INVITED)},
    )  # fmt: skip
    while model.day < 35:
        model.step()
    save(model, tmp_path / "world.npz")
    again = resume(tmp_path / "world.npz").run()
    assert again.invitation.members.tolist() == straight.invitation.members.tolist()
    assert seeds_brought(again) == seeds_brought(straight)
    assert (again.activity.active == straight.activity.active).all()
    one, other = (model.store.book.rows("entries") for model in (again, straight))
    assert all((one[name] == other[name]).all() for name in one.dtype.names)


def test_what_is_told(inviting):
    model, _ = inviting
    found = seeds_brought(model)
    told = json.loads(json.dumps(seeds_told(found)))
    assert [one["by"] for one in told["seeds"]] == ["leaders", "invited"]
    assert told["seeds"][0]["commission"] == found[0].commission / 100
    for lang, words in (("zh", ["种子用户", "团长", "RFM"]), ("en", ["Seeds", "leaders: contacts", "invited by RFM"])):
        said = io.StringIO()
        print_seeds(Console(file=said, width=140), found, lang)
        assert all(word in said.getvalue() for word in words)
    assert (seeds_brought(world(None)), seeds_told(())) == ((), {})


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("{seeds: [{by: friends, count: 3}]}", "friends"),
        ("{seeds: [{by: koc, count: 0}]}", "count"),
        ("{seeds: [{by: koc, count: 3}, {by: koc, count: 4}]}", "each kind of seeds stands once"),
        ("{invite: {day: 60}}", "day 60 is after the last day; allowed: days 1 to 59"),
        ("{invite: {day: 0}}", "day"),
        ("{seeds: [{by: koc, count: 3}]}\nnodes: {staff: 5}", "`nodes` says who the first promoters are"),
    ],
)
def test_what_does_not_fit_is_refused(section, message):
    with pytest.raises(InputError, match=message):
        read_scenario(f"{worlds.MARKET}cold_start: {section}\n", "m.yaml")
