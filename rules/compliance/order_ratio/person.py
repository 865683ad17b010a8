"""The best paid person of a chain 单人上限: the same walk, that keeps what one of its people gets and not what all get.

Everything that one person can be paid on an order counts together: the level of their place, the bonuses of a direct
inviter and of a new promoter, a differential or what they get as a peer of those below, and an area agent's rate.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rules.compliance.order_ratio.chain import Fen, Goods, State, Walk
from rules.money import Rounding


class OnePerson(Walk):
    """The walk up the chain, for the person who is paid most on it."""

    def aside(self, rank: int) -> int:
        """What a rank earns of a sale as an agent of its area, in parts per million."""
        area = self.plan.commission.area
        return area.rate_of(self.plan.ranks[rank].id) if area else 0

    def paid(self, state: State, place: int, rank: int, goods: Goods, own: bool) -> State:
        """The chain with somebody of a rank at the next place; its total is that of the best paid."""
        after = super().paid(replace(state, total=goods.base * 0), place, rank, goods, own)
        mine = self._capped(after.total + self._as_agent(rank, goods))
        return replace(after, total=np.maximum(state.total, mine))

    def _differential(self, after: State, place: int, rank: int, own: int, goods: Goods) -> State:
        """What somebody tops up, or else what they get as a peer of everybody of their rank below."""
        done = super()._differential(after, place, rank, own, goods)
        if not self.has_peers(rank):
            return done
        missing, waiting = done.total - after.total, after.for_peers.get(rank, goods.base * 0)
        more = waiting + self.one_peer(place, rank, missing, goods)
        total = done.total + np.where(missing > 0, 0, waiting)
        return replace(done, total=total, for_peers={**after.for_peers, rank: more})

    def peers(self, place: int, rank: int, missing: Fen, goods: Goods) -> Fen:
        """Nothing: what peers get is theirs, and counts when the walk comes to them."""
        return missing * 0

    def _ends(self, goods: Goods) -> list[State]:
        """The ends of the walk; a peer or an agent can stand beyond it."""
        agent = goods.base * 0
        for rank in range(len(self.plan.ranks)):
            agent = np.maximum(agent, self._as_agent(rank, goods))
        return [self._beyond(state, agent) for state in super()._ends(goods)]

    def _beyond(self, state: State, agent: Fen) -> State:
        total = np.maximum(state.total, self._capped(agent))
        for amount in state.for_peers.values():
            total = np.maximum(total, self._capped(amount + agent))
        return replace(state, total=total)

    def _as_agent(self, rank: int, goods: Goods) -> Fen:
        return self.share(goods.base, self.aside(rank), self.modes[0])

    def _capped(self, amount: Fen) -> Fen:
        return amount if self.member_cap is None else np.minimum(amount, self.scale * self.member_cap)

    @property
    def rounded_often(self) -> int:
        """By how many fen at the most what a chain is paid can be over its exact shares."""
        as_agent = self.plan.commission.area is not None and self.modes[0] is not Rounding.floor
        return super().rounded_often + as_agent
