"""The path from whoever came alone down to a buyer, as the order has it; and that nothing later changes it."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import MEMBERS, NAMES, START_DAY, random_log, random_plan

from rules.cases.history import as_history, engines
from rules.cases.read import parse_case
from rules.cases.run import no_names
from rules.events import DAY, Kind, Names, blank
from rules.journey.words import Told, clock
from rules.trace import ReadableEngine
from sim.report.referral_path import MOST, ReferralPath, referral_path

RANKS = [{"id": "member"}, {"id": "promoter"}]
LINES = [{"sku": "milk", "price": 100, "quantity": 1}]


def plan_of(**sections):
    rates = ("8%", "2%")
    levels = [{"level": place, "rates": {"default": rate}} for place, rate in enumerate(rates, 1)]
    return {"plan": "plan", "ranks": RANKS, "commission": {"base": {"levels": levels}}} | sections


def told(plan, members, events) -> Told:
    """What both engines remember; here only the readable one is asked."""
    case = parse_case({"name": "path", "plan": plan, "members": members, "events": events})
    history = as_history(case, no_names)
    _, readable = engines(case, history)
    readable.apply(history.events)
    assert not readable.state.refusals
    return Told(readable.state, history.names)


def ordered(buyer: str, at: str = "2026-01-05 10:00"):
    return [{"at": at, "order": "O1", "buyer": buyer, "lines": LINES}, {"at": f"{at}:30", "pay": "O1"}]


def lines_of(path: ReferralPath, lang: str) -> list[tuple[str, str, str | None, int | None]]:
    return [
        (one.name.zh, getattr(one.how, lang), None if one.time is None else clock(one.time), one.earned)
        for one in path.people
    ]


ABOVE = [
    {"id": "A", "rank": "promoter", "joined": "2025-12-01 08:00"},
    {"id": "B", "rank": "promoter", "joined": "2025-12-03 08:00", "inviter": "A"},
]


def test_a_path_is_told_from_the_seed_to_the_buyer():
    """100.00 at 8 % and 2 %: 8.00 for C, who named B on a code, and 2.00 for B; A, two further up, gets nothing."""
    events = [
        {"at": "2026-01-05 08:00", "register": "C", "inviter": "B", "via": "code"},
        {"at": "2026-01-05 08:00:01", "promote": "C", "rank": "promoter"},
        {"at": "2026-01-05 09:00", "click": "C", "visitor": "D"},
        {"at": "2026-01-05 09:30", "register": "D"},
        *ordered("D"),
    ]
    found = referral_path(told(plan_of(), ABOVE, events), 0)
    assert lines_of(found, "en") == [
        ("A", "seed: there from the opening", "2025-12-01 08:00", None),
        ("B", "bound at the opening", "2025-12-03 08:00", 200),
        ("C", "named the inviter at registration (code)", "2026-01-05 08:00", 800),
        ("D", "registered after a click", "2026-01-05 09:30", None),
    ]
    assert [one[1] for one in lines_of(found, "zh")] == [
        "种子：开业时已在",
        "期初绑定",
        "注册时填写邀请人（邀请码）",
        "点击分享后注册",
    ]
    assert found.fixed.en == "as bound at payment (2026-01-05 10:00:30)"
    assert found.fixed.zh == "按付款时（2026-01-05 10:00:30）的绑定"
    assert found.elsewhere == 0


def test_binding_anew_later_changes_nothing():
    """After the payment D and B are bound to E: the order's path stays; one of a second order goes by way of E."""
    events = [
        {"at": "2026-01-05 09:30", "register": "D", "inviter": "B"},
        {"at": "2026-01-05 09:40", "register": "E"},
        *ordered("D"),
        {"at": "2026-01-05 10:00:30", "rebind": "D", "inviter": "E"},
        {"at": "2026-01-06 08:00", "rebind": "B", "inviter": "E"},
        {"at": "2026-01-07 08:00", "order": "O2", "buyer": "D", "lines": LINES},
        {"at": "2026-01-07 08:01", "pay": "O2"},
    ]
    both = told(plan_of(), ABOVE, events)
    assert [one.name.en for one in referral_path(both, 0).people] == ["A", "B", "D"]
    assert referral_path(both, 0).people[-1].how.en == "named the inviter at registration"
    second = referral_path(both, 1)
    assert lines_of(second, "en") == [
        ("E", "came alone, invited by nobody", "2026-01-05 09:40", 800),
        ("D", "bound by an operator", "2026-01-05 10:00:30", None),
    ]


def test_a_binding_that_has_run_out_ends_the_path():
    plan = plan_of(attribution={"keep": "days:30"})
    found = referral_path(
        told(plan, ABOVE, [{"at": "2026-01-05 09:30", "register": "D", "inviter": "B"}, *ordered("D")]), 0
    )
    assert lines_of(found, "zh")[0] == ("B", "与 A 的绑定已到期", "2025-12-03 08:00", 800)
    assert found.people[0].how.en == "the binding to A has run out"
    assert len(found.people) == 2


def test_whoever_came_alone_is_a_path_of_one():
    """G only looked at what B shared, where registering binds; that G registers with B later changes nothing."""
    looked = [{"at": "2026-01-05 09:00", "click": "B", "visitor": "G"}, *ordered("G")]
    guest = referral_path(told(plan_of(), ABOVE, looked), 0)
    assert lines_of(guest, "en") == [("G", "came alone, not yet a member", None, None)]
    later = [*looked, {"at": "2026-01-06 09:00", "register": "G", "inviter": "B"}]
    assert lines_of(referral_path(told(plan_of(), ABOVE, later), 0), "en") == lines_of(guest, "en")


def test_whom_an_operator_released_ends_the_path():
    both = told(plan_of(), ABOVE, ordered("B"))
    engine = ReadableEngine(both.state.plans, both.names, 2, both.state.start_day)
    for member, inviter in ((0, -1), (1, 0), (1, -1)):
        event = blank(1)
        event["kind"], event["time"] = (Kind.rebind if member and inviter < 0 else Kind.register), START_DAY * DAY
        event["member"], event["other"] = member, inviter
        engine.apply(event)
    order = blank(1)
    order["kind"], order["time"], order["order"], order["member"] = Kind.order, START_DAY * DAY + 1, 0, 1
    engine.apply(order)
    (alone,) = referral_path(Told(engine.state, both.names), 0).people
    assert (alone.how.en, alone.time) == ("released by an operator", START_DAY * DAY)


def test_own_purchases_are_paid_to_the_buyer_at_the_end_of_the_path():
    plan = plan_of(semantics={"self_purchase": "as_level_1"})
    found = referral_path(told(plan, ABOVE, ordered("B")), 0)
    assert [(one.name.en, one.earned) for one in found.people] == [("A", 200), ("B", 800)]


def test_levels_fixed_at_different_moments_are_said_to_be():
    """Level 1 counts from the placing, those above it from the payment, before which B was bound to E."""
    plan = plan_of(semantics={"upline_snapshot": {1: "create", 2: "pay"}})
    events = [
        {"at": "2026-01-05 09:30", "register": "D", "inviter": "B"},
        {"at": "2026-01-05 09:40", "register": "E"},
        {"at": "2026-01-05 10:00", "order": "O1", "buyer": "D", "lines": LINES},
        {"at": "2026-01-05 10:01", "rebind": "B", "inviter": "E"},
        {"at": "2026-01-05 10:02", "rebind": "D", "inviter": "E"},
        {"at": "2026-01-05 10:03", "pay": "O1"},
    ]
    found = referral_path(told(plan, ABOVE, events), 0)
    assert [one.name.en for one in found.people] == ["E", "B", "D"]
    assert [one.how.en for one in found.people[1:]] == ["bound by an operator", "named the inviter at registration"]
    assert found.fixed.en == (
        "as level 1 was bound when it was placed (2026-01-05 10:00), and those above at payment (2026-01-05 10:03)"
    )


def test_what_was_taken_back_is_taken_off():
    events = [
        {"at": "2026-01-05 09:30", "register": "D", "inviter": "B"},
        *ordered("D"),
        {"at": "2026-01-06 09:00", "refund": "O1", "amount": 50},
    ]
    found = referral_path(told(plan_of(), ABOVE, events), 0)
    assert [(one.name.en, one.earned) for one in found.people] == [("A", 100), ("B", 400), ("D", None)]


@pytest.mark.parametrize(("length", "hidden"), [(1, 0), (MOST, 0), (MOST + 1, 1), (MOST + 5, 5)])
def test_a_long_path_is_shortened_in_the_middle(length, hidden):
    events = [
        {"at": f"2026-01-05 09:{place:02d}", "register": f"P{place}", "inviter": f"P{place - 1}"}
        for place in range(1, length)
    ]
    events = [{"at": "2026-01-05 08:00", "register": "P0"}, *events, *ordered(f"P{length - 1}")]
    found = referral_path(told(plan_of(), [], events), 0)
    assert [one.name.en for one in found.people] == [f"P{place}" for place in range(length)]
    first, left_out, last = found.shortened()
    assert first + left_out + last == found.people
    assert len(left_out) == hidden
    assert len(first) + len(last) == min(length, MOST)
    assert {one.name.en for one in last} >= {f"P{place}" for place in range(max(0, length - 5), length)}


def seen(told: Told, number: int) -> list[tuple[int, str, int | None]]:
    return [(one.member, one.how.en, one.time) for one in referral_path(told, number).people]


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_no_path_ever_changes_once_it_is_fixed(seed):
    """Any plan, any log: at the end a path is what it was when people were looked up, and each is bound to the next."""
    luck = random.Random(seed)
    plan = random_plan(luck)
    engine = ReadableEngine([plan], NAMES, MEMBERS, START_DAY)
    both, looked_up, paths = Told(engine.state, Names()), {}, {}
    log = random_log(luck, 80)
    for event in np.split(log, len(log)):
        engine.apply(event)
        for number, order in enumerate(engine.state.orders):
            if looked_up.get(number) != (order.fixed.first, order.fixed.people):
                looked_up[number] = order.fixed.first, order.fixed.people
                paths[number] = seen(both, number)
    for number, before in paths.items():
        assert seen(both, number) == before
        people = referral_path(both, number).people
        assert people[-1].member == engine.state.orders[number].buyer
        assert len({one.member for one in people}) == len(people)
        for above, below in pairwise(people):
            assert any(
                one.inviter == above.member and one.time == below.time
                for one in engine.state.members[below.member].bindings
            )
