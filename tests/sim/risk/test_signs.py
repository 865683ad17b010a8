"""Signs of a day: just below what is suspicious, and just there."""

from __future__ import annotations

import numpy as np
import pytest
from evidence import Ledger, act, login, seen, told

from rules.events import Kind
from sim.risk import signs
from sim.risk.rules import Sign, Thresholds
from sim.risk.traces import Traces


def on_devices(*devices: int) -> Traces:
    traces = Traces.apart(len(devices))
    traces.device = np.array(devices, np.int32)
    return traces


def test_two_accounts_on_a_device_are_a_household_three_are_not():
    traces = on_devices(0, 0, 0, 3, 0)
    counts, given = signs.DeviceCounts(traces), Thresholds()
    first = seen(Ledger(5, [0, 1, 3]), *(act(Kind.register, member) for member in (0, 1, 3)))
    assert told(counts.crowded(first, given)) == {}
    third = counts.crowded(seen(Ledger(5, [0, 1, 2, 3]), act(Kind.register, 2, 1), day=1), given)
    assert told(third) == {0: 3, 1: 3, 2: 3}  # all accounts there are, not the one that has not registered
    assert set(third["sign"]) == {Sign.device}
    assert set(third["limit"]) == {2}
    nobody = counts.crowded(seen(Ledger(5, [0, 1, 2, 3]), act(Kind.share, 0, 2), day=2), given)
    assert len(nobody) == 0  # it is a sign on the day on which another one comes
    assert told(counts.crowded(seen(Ledger(5), act(Kind.register, 4, 3), day=3), given)) == {0: 4, 1: 4, 2: 4, 4: 4}


@pytest.mark.parametrize(("invited", "found"), [(7, {}), (8, {0: 8}), (9, {0: 9})])
def test_eight_on_one_invitation_in_a_day_are_a_burst(invited, found):
    people = Ledger(30)
    events = [act(Kind.register, 1 + one, other=0) for one in range(invited)]
    alone = [act(Kind.register, 20 + one) for one in range(9)]  # nobody's invitation
    assert told(signs.bursts(seen(people, *events, *alone), Thresholds())) == found


@pytest.mark.parametrize(
    ("views", "found"), [((399,), {}), ((400,), {1: 400}), ((250, 149), {}), ((250, 150), {1: 400})]
)
def test_pages_of_a_day_add_up(views, found):
    logins = [login(1, 1, views=one) for one in views] + [login(2, 2, views=399)]
    assert told(signs.scraping(seen(Ledger(3), logins=logins), Thresholds())) == found


@pytest.mark.parametrize(
    ("device", "place", "found"), [(9, 7, {2: 1}), (2, 7, {}), (9, 0, {}), (2, 0, {})],
    ids=["both new", "a trip", "a new phone", "as ever"],
)  # fmt: skip
@pytest.mark.parametrize("stopped", [False, True])
def test_a_new_device_in_a_new_place_and_then_a_withdrawal(device, place, found, stopped):
    risky, people = signs.RiskyLogins(Traces.apart(10)), Ledger(10)
    risky.note(0, login(2, device, place))
    asked = act(Kind.withdraw, 2, order=0), act(Kind.withdraw, 3, order=1)
    day = seen(people, refused=asked) if stopped else seen(people, *asked)
    assert told(risky.used(day)) == found


def test_a_risky_login_matters_on_its_day_and_the_next():
    risky, people = signs.RiskyLogins(Traces.apart(10)), Ledger(10)
    risky.note(4, login(2, 9, 7))
    days = {day: told(risky.used(seen(people, act(Kind.withdraw, 2, day, order=day), day=day))) for day in (4, 5, 6)}
    assert days == {4: {2: 1}, 5: {2: 1}, 6: {}}
    assert told(risky.used(seen(people, act(Kind.share, 2, 4), day=4))) == {}  # not a sensitive act


def test_caps_and_texts_are_found_once_a_member_and_counted():
    day = seen(Ledger(9), capped=[4, 4, 1], forbidden=[8, 8, 8])
    caps, texts = signs.met_caps(day), signs.forbidden_texts(day)
    assert (told(caps), set(caps["sign"])) == ({1: 1, 4: 2}, {Sign.capped})
    assert (told(texts), set(texts["sign"])) == ({8: 3}, {Sign.text})


def test_a_service_is_believed_from_fifty_on():
    found = signs.told({5: 49, 7: 100, 3: 50, 1: 0}, 8)
    assert told(found) == {3: 50, 7: 100}
    assert set(found["sign"]) == {Sign.outside}
    assert len(signs.told({}, 8)) == 0


@pytest.mark.parametrize("member", [-1, 8])
def test_a_service_that_speaks_of_a_stranger_is_refused(member):
    with pytest.raises(ValueError, match=f"spoke of member {member}; members are 0 to 7"):
        signs.told({3: 90, member: 0}, 8)
