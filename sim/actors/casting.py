"""Casting 选角: which people of a market cheat, and how. The `actors:` of a scenario."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rules.errors import InputError
from rules.money import PPM
from sim.actors.boaster import Boaster
from sim.actors.cheats import Cheats
from sim.actors.device_farm import DeviceFarm
from sim.actors.fake_orders import FakeOrders
from sim.actors.gang import Gang, Stage
from sim.actors.ring import Ring
from sim.actors.scraper import Scraper
from sim.actors.streak_farm import StreakFarm
from sim.actors.thief import Thief
from sim.behaviour.purposes import Decision
from sim.behaviour.world import NEVER, Ids
from sim.draws import chance, draw_array, key
from sim.people import seeds_of

KINDS: dict[str, type[Gang]] = {
    one.kind: one for one in (Ring, DeviceFarm, FakeOrders, StreakFarm, Scraper, Thief, Boaster)
}
"""Every way to cheat, by name."""


def cast(model: Stage, wanted: Sequence[Cheats], seed: int) -> list[Gang]:
    """Give the parts: the people with the smallest draw cheat, staff never do.

    Args:
        model: that they live in. wanted: which gangs. seed: of all luck.

    Raises:
        InputError: the market is too small for them.
    """
    seeds = seeds_of(seed, model.world.people, model.world.given.seeds)
    needed = sum(one.gangs * one.accounts for one in wanted)
    people = model.world.people
    order = np.argsort(draw_array(key(seed, Decision.cheat), np.arange(people)), kind="stable")
    free = order[~np.isin(order, seeds)].astype(np.int32)
    if needed > len(free) // 2:
        raise InputError(
            f"{needed} accounts of cheats do not fit into a market of {people} people",
            allowed=f"at least {2 * needed + model.world.given.seeds} people, or fewer `actors:`",
        )
    _withdraw_from_the_crowd(model, free[:needed])
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
    first, last = given.begin
    begin = first + int((last - first + 1) * chance(luck, int(accounts[0]), 0))
    return KINDS[given.kind](model, accounts, care, begin)


def _withdraw_from_the_crowd(model: Stage, accounts: Ids) -> None:
    """They do nothing of their own accord: no link tempts them, and they neither share nor find the store."""
    crowd = model.world.crowd
    for name, value in {"attention": 0, "zeal": 0, "resistance": NEVER}.items():
        crowd[name][accounts] = value
