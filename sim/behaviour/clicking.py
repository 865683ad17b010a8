"""Clicking: which of those who see a share follow it.

The click probability is the base rate times the viewer's trust, the closeness of the tie and her patience, which falls
with the shares she has lately seen: repeated sends to the same person lose effect (Leskovec, Adamic & Huberman 2007).
Where the store has a share kit, the post that a share carries multiplies it, and the style that speaks to the viewer.
Every draw belongs to (sharer, day, k-th contact reached), never to a place in a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rules.events import Kind
from rules.jit import kernel
from sim.behaviour.chunks import CHUNKS
from sim.behaviour.purposes import Decision
from sim.behaviour.sharing import Shares
from sim.behaviour.world import Ids, World
from sim.draws import bits, bits_array, field, pick, uniform_array
from sim.network import BAR, contact
from sim.people import Floats

if TYPE_CHECKING:
    from sim.behaviour.materials import Kit

SOONEST, LATEST = 5, 900
"""Seconds after the share at which it is clicked: quadratic in a uniform, so mostly soon."""
_WORD_BITS = 64 - 17
"""Bits of a word of luck that go with a second of the day, which takes 17, into 64."""
_TIRED = 255
_CHANCE = 2.0**-32


@dataclass(frozen=True)
class Clicks:
    """The clicks of a day in the order of time; ties in the order of a hash.

    Attributes:
        visitor: who clicks. sharer: on whose share. k: which of the contacts it reached. second: of the day.
        tie: strength of the tie, 0 to 1. share: on which of the day's shares.
    """

    visitor: Ids
    sharer: Ids
    k: NDArray[np.int64]
    second: NDArray[np.int64]
    tie: Floats
    share: NDArray[np.int64]


@kernel
def expose(
    first: int, last: int, key: int, contacts: int, sharer: Ids, begins: NDArray[np.int64],
    degree: NDArray[np.uint16], attention: NDArray[np.float32], fatigue: NDArray[np.uint8], patience: Floats,
    appeal: Floats, click: float, most: float, distant: float, people: int, community: int, local: int,
    seen: Ids, answer: NDArray[np.uint8],
) -> None:  # fmt: skip
    """Show shares to contacts: writes who saw it (`seen`) and the `answer`: 0 none, 1 a near click, 2 a distant one.

    Reads the state as it was when the day began, so that no share depends on another of the same day.

    Args:
        first, last: chunks of the shares.
        key: of the day. contacts: key of the network.
        sharer: by share. begins: where its contacts stand in `seen`, and the end, (shares + 1,).
        patience: by number of shares seen lately. appeal: factor on the click probability, by share.
        click, distant: see `Behaviour`.
        most: attention of whoever has most: whose luck is too bad even for that need not be looked up, and hardly
            anybody is in a cache.
        people, community, local: see `sim.network.contact`.
    """
    count = len(sharer)
    for share in range(first * count // CHUNKS, last * count // CHUNKS):
        person, base = np.int64(sharer[share]), click * appeal[share]
        for place in range(begins[share], begins[share + 1]):
            word = bits(key, person, place - begins[share])
            other, near = contact(contacts, person, pick(word, degree[person]), people, community, local)
            seen[place] = other
            answer[place] = 0
            luck = field(word, 0, 32) * _CHANCE
            if luck < base * most:
                chance = base * attention[other] * patience[fatigue[other]]
                if not near:
                    chance *= distant
                if luck < chance:
                    answer[place] = 1 if near else 2


@kernel
def tire(seen: Ids, fatigue: NDArray[np.uint8]) -> None:
    """Count the shares that people saw."""
    for person in seen:
        if fatigue[person] < _TIRED:
            fatigue[person] += 1


def click(world: World, shares: Shares, kit: Kit | None = None) -> Clicks:
    """Show today's shares, and collect the clicks."""
    begins = np.append(0, np.cumsum(shares.reach))
    seen, answer = np.empty(begins[-1], np.int32), np.empty(begins[-1], np.uint8)
    crowd, given, key = world.crowd, world.given, world.key(Decision.audience, daily=True)
    network = (world.people, given.community, round(given.local * BAR))
    columns = [crowd[name] for name in ("degree", "attention", "fatigue")]
    patience = 1 / (1 + given.fatigue * np.arange(_TIRED + 1))
    contacts, posts = world.key(Decision.contact), shares.posts
    appeal = posts.appeal if posts else np.ones(len(shares.sharer))
    most = float(crowd["attention"].max())
    world.crew.share(
        lambda first, last: expose(
            first, last, key, contacts, shares.sharer, begins, *columns, patience, appeal, given.click, most,
            given.distant, *network, seen, answer,
        ),
        len(seen),
    )  # fmt: skip
    tire(seen if world.walls is None else within(world.walls, shares, seen, answer), crowd["fatigue"])
    if kit:
        kit.suit(world, shares, begins, seen, answer)
    clicks = timed(world, shares, begins, seen, answer)
    shared = posts.sku[clicks.share] if posts else -1
    world.emit(Kind.click, clicks.second, member=clicks.visitor, other=clicks.sharer, sku=shared)
    return clicks


def within(walls: NDArray[np.int8], shares: Shares, seen: Ids, answer: NDArray[np.uint8]) -> Ids:
    """Whose look is not kept off by a wall between her and the sharer; all others answer nothing."""
    open_to = walls[seen] == walls[np.repeat(shares.sharer, shares.reach)]
    answer[~open_to] = 0
    return seen[open_to]


def timed(world: World, shares: Shares, begins: NDArray[np.int64], seen: Ids, answer: NDArray[np.uint8]) -> Clicks:
    """The clicks among the answers, at their times and in their order."""
    place = np.flatnonzero(answer)
    share = np.searchsorted(begins, place, side="right") - 1
    sharer, k = shares.sharer[share], place - begins[share]
    words = bits_array(world.key(Decision.click_time, daily=True), sharer, k)
    delay = SOONEST + (LATEST - SOONEST) * uniform_array(words) ** 2
    second = shares.second[share] + delay.astype(np.int64)
    order = by_second_and_word(second, words)
    tie = np.where(answer[place] == 1, 1.0, world.given.distant)
    return Clicks(seen[place][order], sharer[order], k[order], second[order], tie[order], share[order])


def by_second_and_word(second: NDArray[np.int64], words: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The rows of a day in the order of their second, then of a word of luck.

    Both fit into one number that is sorted several times faster, as far as the first bits of the word tell rows apart.
    """
    key = (second.astype(np.uint64) << np.uint64(_WORD_BITS)) | (words >> np.uint64(64 - _WORD_BITS))
    order = np.argsort(key)
    key = key[order]
    return np.lexsort((words, second)) if (key[1:] == key[:-1]).any() else order
