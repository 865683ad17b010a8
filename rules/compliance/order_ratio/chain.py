"""The dearest chain above a buyer, for many amounts at once: a walk up the chain, place by place.

At each place stands somebody of some rank, or nobody who may be paid. What is paid further up depends on what stands
below only through a few things (the state): whether the chain is stopped, how much of a differential is used up, what
level 1 earned. Of all chains that leave the same state, only the dearest is kept for each amount, so the walk looks at
every chain without listing them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from rules.commission.bonus import Bonus
from rules.compliance.order_ratio.sales import Terms
from rules.money import PPM, Rounding
from rules.people.rank import mask
from rules.plan.limits import MAX_LEVELS
from rules.plan.model import Plan

Fen = NDArray[np.int64]
"""Amounts in fen; an array of Python's own integers where they may be larger than 64 bits."""

MOST_STATES = 4_000
"""More states than these are not walked."""


class TooManyChainsError(Exception):
    """The chains of a plan differ in too many ways to look at all of them."""


@dataclass(frozen=True)
class Goods:
    """Many single lines at once: what commission is on, and the pieces of each."""

    base: Fen
    pieces: Fen


@dataclass(frozen=True)
class Chain:
    """Ranks by place, None = somebody who may not be paid; `own`: the first is the buyer."""

    ranks: tuple[int | None, ...] = ()
    own: bool = False


@dataclass(frozen=True)
class State:
    """What is paid up to a place, and what that leaves for the people further up; `for_peers`: to a peer, by rank."""

    total: Fen
    base: Fen
    first: Fen
    reached: Fen
    below: int = 0
    found: bool = False
    alive: bool = True
    given: int = 0
    history: tuple[int, ...] = ()
    chain: Chain = Chain()
    for_peers: Mapping[int, Fen] = field(default_factory=dict)

    @property
    def key(self) -> tuple[object, ...]:
        """What all that matters further up depends on; of one amount also what is there for peers."""
        for_peers = [(rank, int(amount[0])) for rank, amount in self.for_peers.items() if len(amount) == 1]
        return self.below, self.found, self.alive, self.given, self.history, tuple(for_peers)


def share(amount: Fen, rate: int, mode: Rounding) -> Fen:
    """A rate of amounts, rounded."""
    product: Fen = amount * rate
    quotient: Fen = product // PPM
    if mode is Rounding.floor:
        return quotient
    rest = product - quotient * PPM
    if mode is Rounding.ceil:
        away: Fen = quotient + (rest > 0)
        return away
    up, tie = 2 * rest > PPM, 2 * rest == PPM
    rounded: Fen = quotient + (up | (tie if mode is Rounding.half_up else tie & (quotient % 2 == 1)))
    return rounded


def at_most(amount: Fen, rate: int, mode: Rounding) -> Fen:
    """What parts of amounts can come to together at the most, wherever they are rounded; in units of 1/SCALE fen.

    Of each part: floor takes its exact share, ceil the next fen, half up at most half a fen and at most the next fen.
    No sum of parts is over it: each of these is at most the sum of its like over the parts.
    """
    exact = -(-amount * rate // PPM)
    if mode is Rounding.floor:
        return exact
    whole = -(-exact // SCALE) * SCALE
    return whole if mode is Rounding.ceil else np.minimum(whole, exact + SCALE // 2)


SCALE = 1_000


class Walk:
    """The walk up the chain for one kind of sale.

    `scale`: 1, or SCALE to bound lines that are rounded together or in pieces (`at_most`).
    """

    def __init__(self, plan: Plan, terms: Terms, scale: int = 1) -> None:
        self.plan, self.terms, self.scale = plan, terms, scale
        self.share = share if scale == 1 else at_most
        caps = [cap for cap in (plan.caps.member_day, plan.caps.member_month) if cap is not None]
        self.member_cap = min(caps) if caps and plan.caps.over_cap == "forfeit" else None  # else all is paid in the end
        self.rule = plan.commission.differential
        levels = plan.commission.base.levels if plan.commission.base else []
        self.levels = {one.level: one for one in levels}
        self.modes = [Rounding[plan.semantics.rounding_of(level)] for level in range(MAX_LEVELS + 1)]
        self.more = [bonus for bonus in plan.bonuses if bonus.event == "new_promoter"]
        self.firsts = [one for one in plan.bonuses if one.event in ("first_promoted_order", "first_order_of_day")]
        self.own = plan.semantics.self_purchase == "as_level_1" and self.rule is not None
        topped_up = self.rule is not None and self.rule.counts_base and self.rule.difference != "clamped_rates"
        self.remembers = plan.semantics.subtract_lower or topped_up
        self.horizon = self._horizon()
        self._kinds = self._rank_kinds()
        self.of_level_1 = any(one.of != "sale" for one in levels)

    def _horizon(self) -> int:
        depths = [self.rule.depth_of(name) for name in self.rule.rates] if self.rule else []
        return max([self.plan.depth, *depths, 1 if self.firsts else 0])

    def _rank_kinds(self) -> list[int]:
        """One rank of each kind that is paid alike everywhere."""
        seen: dict[tuple[object, ...], int] = {}
        for rank in range(len(self.plan.ranks)):
            kind = (
                self.terms.rates[:, rank].tobytes(),
                self.terms.fixed[:, rank].tobytes(),
                self.terms.stated[:, rank].tobytes(),
                tuple(self.eligible(rank, level) for level in range(1, MAX_LEVELS + 1)),
                self.differential(rank),
                self.rule.depth_of(self.plan.ranks[rank].id) if self.rule else 0,
                tuple(self.fits(bonus, rank) for bonus in (*self.firsts, *self.more)),
                rank > 0 if self.more else False,
                self.has_peers(rank),
                self.aside(rank),
            )
            seen.setdefault(kind, rank)
        return list(seen.values())

    def eligible(self, rank: int, level: int) -> bool:
        """Whether a rank may be paid at a level."""
        return level in self.levels and (mask(self.plan, self.levels[level].ranks) >> rank) & 1 == 1

    def differential(self, rank: int) -> int:
        """What a rank earns by differential in all; -1 = nothing."""
        return self.rule.rates.get(self.plan.ranks[rank].id, -1) if self.rule else -1

    def pays(self, level: int, rank: int) -> tuple[int, int, int]:
        """What a level states for a rank: fen a piece, else a rate and the least amount; larger pays more."""
        fixed, rate = int(self.terms.fixed[level, rank]), int(self.terms.rates[level, rank])
        if fixed >= 0 or rate < 0:
            return max(0, fixed), 0, 0
        return 0, rate, self.levels[level].minimum

    def aside(self, rank: int) -> int:
        """What a rank earns of a sale beside its place in the chain, in parts per million."""
        return 0

    def fits(self, bonus: Bonus, rank: int) -> bool:
        """Whether a bonus is for a rank."""
        return bonus.ranks is None or self.plan.ranks[rank].id in bonus.ranks

    def has_peers(self, rank: int) -> bool:
        """Whether a rank's peers are paid beside it."""
        peer = self.plan.commission.peer
        return peer is not None and self.rule is not None and (mask(self.plan, peer.ranks) >> rank) & 1 == 1

    def dearest(self, goods: Goods) -> Fen:
        """The most that chains are paid on each of many lines."""
        total = goods.base * 0
        for state in self._ends(goods):
            total = np.maximum(total, state.total)
        return total

    def dearest_chain(self, base: int, pieces: int) -> Chain:
        """The chain that is paid the most on one line."""
        goods = Goods(np.array([base], np.int64), np.array([pieces], np.int64))
        best = max(self._ends(goods), key=lambda state: int(state.total[0]))
        return self._with_peers(best.chain)

    def _ends(self, goods: Goods) -> list[State]:
        zero = goods.base * 0
        states = [State(zero, goods.base, zero, zero)]
        for place in range(self.horizon):
            best: dict[tuple[object, ...], State] = {}
            for state in states:
                for after in self._one_up(state, place, goods):
                    _keep(best, after)
            if len(best) > MOST_STATES:
                raise TooManyChainsError
            states = list(best.values())
        return states

    def _one_up(self, state: State, place: int, goods: Goods) -> Iterator[State]:
        barred = replace(state, chain=replace(state.chain, ranks=(*state.chain.ranks, None)))
        if self.plan.semantics.ineligible_level == "stop":
            barred = replace(barred, alive=False)
        if self._remembered(place):
            barred = replace(barred, history=(*state.history, -1))
        yield barred
        for rank in self._kinds:
            yield self.paid(state, place, rank, goods, False)
            if self.own and place == 0 and self.eligible(rank, 1):
                yield self.paid(state, place, rank, goods, True)

    def _remembered(self, place: int) -> bool:
        """Whether it matters further up who stands at a place."""
        anywhere = self.plan.semantics.ineligible_level == "compress"
        return self.remembers and (place < self.plan.depth or anywhere)

    def _level(self, state: State, place: int, rank: int) -> tuple[int | None, bool, int]:
        """The level that somebody is paid at, whether the chain goes on, and how many levels are given away."""
        way = self.plan.semantics.ineligible_level
        level = state.given + 1 if way == "compress" else place + 1
        eligible = level <= MAX_LEVELS and self.eligible(rank, level)
        if way == "compress":
            return (level if eligible and level <= self.plan.depth else None), True, state.given + eligible
        alive = state.alive and (eligible or way == "skip")
        return (level if eligible and alive and level <= self.plan.depth else None), alive, 0

    def paid(self, state: State, place: int, rank: int, goods: Goods, own: bool) -> State:
        """The chain with somebody of a rank at the next place."""
        level, alive, given = self._level(state, place, rank)
        rule, rate = self.rule, self.differential(rank)
        holds = rule is not None and not own and rate >= 0 and place < rule.depth_of(self.plan.ranks[rank].id)
        if rule is not None and rule.exclusive and holds:
            level = None
        chain = Chain((*state.chain.ranks, rank), state.chain.own or own)
        after = replace(state, alive=alive, given=given, chain=chain)
        if place == 0:
            flat = self.scale * sum(bonus.money for bonus in self.firsts if self.fits(bonus, rank))
            after = replace(after, total=after.total + flat)
        if level is not None:
            after = self._base(after, level, rank, goods)
        if self._remembered(place):
            sold = rank if level is not None or holds else -1
            after = replace(after, history=(*state.history, 2 * sold + own))
        elif level == 1 and self.of_level_1:
            after = replace(after, history=(rank,))
        if rule is not None:
            after = self._differential(after, place, rank, rate if holds else -1, goods)
        if self.member_cap is None or self.plan.commission.peer:
            return after
        return replace(after, total=state.total + np.minimum(after.total - state.total, self.scale * self.member_cap))

    def _base(self, state: State, level: int, rank: int, goods: Goods) -> State:
        """A base entry, the bonus of a new promoter on it, and what of the sale it uses up."""
        amount, counted = self._base_amount(state, level, rank, goods)
        if amount is None:
            return state
        total, mode = state.total + amount, self.modes[level]
        for bonus in self.more:
            if rank > 0 and self.fits(bonus, rank):
                total = total + self.share(amount, bonus.rate or 0, mode)
        after = replace(state, total=total)
        if level == 1:
            after = replace(after, first=amount)
        if self.plan.semantics.subtract_lower:
            after = replace(after, base=np.maximum(state.base - amount, 0))
        if self.rule is not None and self.rule.counts_base and self.rule.difference != "clamped_rates":
            after = replace(after, reached=state.reached + counted * (amount > 0))
        return after

    def _base_amount(self, state: State, level: int, rank: int, goods: Goods) -> tuple[Fen | None, Fen]:
        """What a level earns, and how much of a differential that uses up."""
        fixed, rate = int(self.terms.fixed[level, rank]), int(self.terms.rates[level, rank])
        mode, settings, of = self.modes[level], self.levels[level], goods.base * 0
        if fixed >= 0:
            amount = goods.pieces * fixed
        elif rate < 0:
            return None, of
        elif settings.of == "sale":
            of, amount = state.base, self.share(state.base, rate, mode)
        else:
            of, amount = state.first, self.share(state.first, rate, mode)
        if settings.minimum and rate >= 0 and fixed < 0:
            amount = np.where(of > 0, np.maximum(amount, settings.minimum * self.scale), amount)
        if self.rule is None or self.rule.difference == "amounts":
            return amount, amount
        base = np.maximum(goods.base, 1)
        part = -(-amount * PPM // base) * (goods.base > 0)
        return amount, np.where(of == goods.base, rate, part) if fixed < 0 else part

    def _differential(self, after: State, place: int, rank: int, own: int, goods: Goods) -> State:
        """What somebody tops up to their rank's rate (-1: they earn nothing by differential), and their peers."""
        rule = self.rule
        assert rule is not None
        if rule.difference == "clamped_rates":
            if own < 0:
                if not after.found and rule.counts_base and place < self.plan.depth:
                    return replace(after, below=after.below + self._stated(place, rank))
                return after
            missing = self.share(goods.base, max(0, own - after.below), self.modes[place + 1])
            after = replace(after, below=own, found=True)
        elif own < 0:
            return after
        elif rule.difference == "amounts":
            full = self.share(goods.base, own, self.modes[place + 1])
            missing = np.maximum(full - after.reached, 0)
            after = replace(after, reached=np.maximum(after.reached, full), below=max(after.below, own))
        else:
            missing = self.share(goods.base, np.maximum(own - after.reached, 0), self.modes[place + 1])  # type: ignore[arg-type]
            after = replace(after, reached=np.maximum(after.reached, own), below=max(after.below, own))
        return replace(after, total=after.total + missing + self.peers(place, rank, missing, goods))

    def _stated(self, place: int, rank: int) -> int:
        settings = self.levels.get(place + 1)
        if settings is None or settings.of != "sale":
            return 0
        return max(0, int(self.terms.stated[place + 1, rank]))

    def peers(self, place: int, rank: int, missing: Fen, goods: Goods) -> Fen:
        """The most that people of the same rank further up get beside somebody paid by differential."""
        peer = self.plan.commission.peer
        generations = min(peer.generations, MAX_LEVELS - place - 1) if peer else 0
        return self.one_peer(place, rank, missing, goods) * generations

    def one_peer(self, place: int, rank: int, missing: Fen, goods: Goods) -> Fen:
        """The most that one of them gets."""
        peer, most = self.plan.commission.peer, missing * 0
        if peer is None or not self.has_peers(rank):
            return most
        for mode in set(self.modes[place + 2 : MAX_LEVELS + 1]):
            most = np.maximum(most, self.share(goods.base if peer.of == "sale" else missing, peer.rate, mode))
        if self.member_cap is not None:
            most = np.minimum(most, self.scale * self.member_cap)
        return np.where(missing > 0, most, 0)

    def _with_peers(self, chain: Chain) -> Chain:
        """The chain with as many peers behind it as have a place."""
        ranks = list(chain.ranks)
        while ranks and ranks[-1] is None:
            ranks.pop()
        peer = self.plan.commission.peer
        if peer is not None:
            paid = [rank for rank in dict.fromkeys(ranks) if rank is not None and self.differential(rank) >= 0]
            for rank in reversed(paid):
                ranks += [rank] * (peer.generations if self.has_peers(rank) else 0)
        return Chain(tuple(ranks[:MAX_LEVELS]), chain.own)

    @property
    def rounded_often(self) -> int:
        """By how many fen at the most what a chain is paid can be over its exact shares."""
        depth, peer = self.plan.depth, self.plan.commission.peer
        plain = all(mode is Rounding.floor for mode in self.modes[1:])
        if plain and not self.plan.semantics.subtract_lower:
            return 0
        base = 2**depth if self.plan.semantics.subtract_lower else 2 * depth
        by_differential = MAX_LEVELS * (1 + 2 * (peer.generations if peer else 0)) if self.rule else 0
        return base * (1 + len(self.more)) + by_differential

    @property
    def flat(self) -> int:
        """Fen that do not grow with the sale: bonuses and least amounts."""
        least = sum(one.minimum for one in self.levels.values()) * (1 + len(self.more))
        return least + sum(bonus.money for bonus in self.firsts)

    @property
    def all_rates(self) -> set[int]:
        """Every rate that a share of the sale can be taken at."""
        rates = {int(rate) for rate in np.unique(self.terms.rates) if rate > 0}
        own = {rate for rank in range(len(self.plan.ranks)) for rate in (self.differential(rank), self.aside(rank))}
        peer = self.plan.commission.peer
        return rates | {rate for rate in own if rate > 0} | ({peer.rate} if peer else set())

    @property
    def nested(self) -> list[int]:
        """Rates that are taken of amounts that were rounded already."""
        found = [bonus.rate or 0 for bonus in self.more]
        if self.of_level_1 or self.plan.semantics.subtract_lower:
            found += [int(rate) for rate in np.unique(self.terms.rates) if rate > 0]
        return found + ([self.plan.commission.peer.rate] if self.plan.commission.peer else [])


def _keep(best: dict[tuple[object, ...], State], state: State) -> None:
    """Keep the dearer of two chains that leave the same state, amount by amount."""
    other = best.get(state.key)
    if other is None:
        best[state.key] = state
    else:
        dearer = state if len(state.total) == 1 and state.total[0] > other.total[0] else other
        peers = {
            rank: np.maximum(one.for_peers.get(rank, 0), amount)
            for one, two in ((state, other), (other, state))
            for rank, amount in two.for_peers.items()
        }
        best[state.key] = replace(dearer, total=np.maximum(state.total, other.total), for_peers=peers)
