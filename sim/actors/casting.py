"""Casting 选角: which people of a market cheat or play another part, and how. The `actors:` of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from rules.errors import InputError
from rules.money import PPM
from rules.plan.model import Plan
from rules.plan.read import read_plan
from rules.plan.write import write_plan
from scenarios.find import Kind, find
from sim.actors.boaster import Boaster
from sim.actors.character import Character, Stage, leave_the_crowd
from sim.actors.cheats import Cheats
from sim.actors.community_leader import CommunityLeader
from sim.actors.coupon_hunter import CouponHunter
from sim.actors.device_farm import DeviceFarm
from sim.actors.fake_orders import FakeOrders
from sim.actors.gang import Gang
from sim.actors.grey_release import GreyRelease
from sim.actors.influencer import Influencer
from sim.actors.learner import Learner
from sim.actors.operator import Operator
from sim.actors.parts import Begins, Hunters, Influencers, Leaders, Learners, Operators, Part, PlanCalendars, Releases
from sim.actors.plan_calendar import PlanCalendar
from sim.actors.ring import Ring
from sim.actors.scraper import Scraper
from sim.actors.streak_farm import StreakFarm
from sim.actors.thief import Thief
from sim.behaviour.purposes import Decision
from sim.behaviour.world import Ids
from sim.draws import chance, draw_array, key
from sim.rulebooks import load_rulebook, proved

KINDS: dict[str, type[Gang]] = {
    one.kind: one for one in (Ring, DeviceFarm, FakeOrders, StreakFarm, Scraper, Thief, Boaster)
}
"""Every way to cheat, by name."""


def named_plans(wanted: Sequence[Cheats | Part]) -> dict[str, Plan]:
    """The plans that actors name, by what they call them.

    Raises:
        InputError: there is no such plan, or it cannot be read.
    """
    names = [name for folder, name in _named(wanted) if folder == "plans"]
    return {name: read_plan(*find("plans", name)) for name in names}


def named_texts(wanted: Sequence[Cheats | Part]) -> list[str]:
    """What stands in the files that actors name: plans and rulebooks.

    Raises:
        InputError: there is no such file.
    """
    return [find(folder, name)[0] for folder, name in _named(wanted)]


def _named(wanted: Sequence[Cheats | Part]) -> list[tuple[Kind, str]]:
    """Folder and name of each file that actors name, once."""
    ladders = [one.plans for one in wanted if isinstance(one, Operators | Learners)]
    named: list[tuple[Kind, str]] = [("plans", name) for ladder in ladders for name in ladder]
    named += [("plans", one.plan) for one in wanted if isinstance(one, Releases)]
    named += [("plans", name) for one in wanted if isinstance(one, PlanCalendars) for _, name in one.plans]
    named += [("rulebooks", one.rulebook) for one in wanted if isinstance(one, Learners) and one.rulebook]
    return list(dict.fromkeys(named))


def cast(model: Stage, wanted: Sequence[Cheats | Part], seed: int, plans: dict[str, Plan]) -> list[Gang]:
    """Give the parts, and return those who cheat: the people with the smallest draw do, staff never does.

    Args:
        model: that they live in. wanted: who is wanted. seed: of all luck. plans: that they name, among the model's.

    Raises:
        InputError: the market is too small for them.
    """
    people = model.world.people
    seeds = np.concatenate(list(model.world.seeds.values()))
    order = np.argsort(draw_array(key(seed, Decision.cheat), np.arange(people)), kind="stable")
    free = order[~np.isin(order, seeds)].astype(np.int32)
    cheats = [one for one in wanted if isinstance(one, Cheats)]
    needed = sum(one.gangs * one.accounts for one in cheats)
    _refuse_too_many(model, needed, len(free), 0, "accounts of cheats")
    gangs = _gangs(model, cheats, free[:needed], seed)
    numbers = {name: model.plans.index(plan) for name, plan in plans.items()}
    for one in wanted:
        if isinstance(one, Operators):
            Operator(model, _ladder([numbers[name] for name in one.plans]), one.payout, one.every)
        elif isinstance(one, Learners):
            known = allowed_plans(model, _ladder([numbers[name] for name in one.plans]), one.rulebook)
            Learner(model, known, one.every, one.learn, one.forget, one.explore, one.ahead)
        elif isinstance(one, Releases):
            GreyRelease(model, numbers[one.plan], one.stages)
        elif isinstance(one, PlanCalendars):
            PlanCalendar(model, {day: numbers[name] for day, name in one.plans})
    others = [one for one in wanted if isinstance(one, Begins)]
    _refuse_too_many(model, sum(one.count for one in others), len(free) - needed, needed, "people with a part")
    _cast_people(model, others, free[needed:], seed)
    return gangs


def _refuse_too_many(model: Stage, needed: int, free: int, taken: int, what: str) -> None:
    """At most half of the people who are free play a part: `taken` are not."""
    if needed > free // 2:
        raise InputError(
            f"{needed} {what} do not fit into a market of {model.world.people} people",
            allowed=f"at least {2 * needed + taken + model.world.given.seeds} people, or fewer `actors:`",
        )


def _gangs(model: Stage, wanted: Sequence[Cheats], free: Ids, seed: int) -> list[Gang]:
    """The gangs, of the people given."""
    leave_the_crowd(model.world, free)
    gangs: list[Gang] = []
    for one in wanted:
        for place in range(one.gangs):
            accounts, free = free[: one.accounts], free[one.accounts :]
            gangs.append(_gang(model, one, place, accounts, key(seed, Decision.gang)))
            model.truth.gang[accounts], model.truth.care[accounts] = len(gangs) - 1, gangs[-1].care
            model.truth.kind[accounts] = 1 + list(KINDS).index(one.kind)
    model.truth.kinds = list(KINDS)
    return gangs


def _gang(model: Stage, given: Cheats, place: int, accounts: Ids, luck: np.uint64) -> Gang:
    """The gang at a place among those of its kind, which are spread evenly from careless to careful."""
    low, high = given.careful
    care = (low + (high - low) * (2 * place + 1) / (2 * given.gangs)) / PPM
    return KINDS[given.kind](model, accounts, care, _begin(given.begin, int(accounts[0]), luck))


def _begin(days: tuple[int, int], person: int, luck: np.uint64) -> int:
    """The day on which somebody begins, drawn from a range of days."""
    first, last = days
    return first + int((last - first + 1) * chance(luck, person, 0))


def allowed_plans(model: Stage, numbers: list[int], rulebook: str | None) -> list[int]:
    """Of some plans, by number, those that a rulebook does not find violated; all of them without one.

    Raises:
        InputError: there is no such rulebook, or no plan is left.
    """
    if rulebook is None:
        return numbers
    kept = [number for number in numbers if not _breaks(write_plan(model.plans[number]), rulebook)]
    if not kept:
        named = ", ".join(model.plans[number].plan for number in numbers)
        raise InputError(f"the rulebook {rulebook} is violated by every plan of the learner: {named}", allowed="others")
    return kept


@cache
def _breaks(plan: str, rulebook: str) -> bool:
    """Whether a plan, as text, breaks a rulebook for something that it lets happen; looked at once a process."""
    return proved(read_plan(plan, "plan"), load_rulebook(rulebook)) == "violated"


def _ladder(numbers: list[int]) -> list[int]:
    """Plans in the order given, such as the leanest first; the run's own, 0, before them where it is not among them."""
    return numbers if 0 in numbers else [0, *numbers]


def _cast_people(model: Stage, wanted: Sequence[Begins], free: Ids, seed: int) -> None:
    """Give people to the parts: those with the smallest draw for it; each leader leads another community."""
    luck = key(seed, Decision.part)
    order = free[np.argsort(draw_array(luck, free), kind="stable")].tolist()
    led: set[int] = set()
    for one in wanted:
        leads = isinstance(one, Leaders)
        for _ in range(one.count):
            place = _first_leader(model, order, led) if leads else 0
            person = order.pop(place)
            _PARTS[type(one)](model, one, person, _begin(one.begin, person, luck))


def _first_leader(model: Stage, order: list[int], led: set[int]) -> int:
    """The place of the first person whose community has no leader yet, who then leads it."""
    size = model.world.given.community
    for place, person in enumerate(order):
        if person // size not in led:
            led.add(person // size)
            return place
    raise InputError(
        f"more leaders than the {len(led)} communities of a market of {model.world.people} people",
        allowed="one leader a community",
    )


def _influencer(model: Stage, given: Influencers, person: int, begin: int) -> Character:
    return Influencer(model, person, given.contacts, given.every, begin)


def _leader(model: Stage, given: Leaders, person: int, begin: int) -> Character:
    return CommunityLeader(model, person, given.share, given.days, begin)


def _hunter(model: Stage, given: Hunters, person: int, begin: int) -> Character:
    return CouponHunter(model, person, given.returns, begin)


_PARTS: dict[type[Begins], Callable[..., Character]] = {
    Influencers: _influencer,
    Leaders: _leader,
    Hunters: _hunter,
}
