"""A gang 团伙: some accounts with one will, a character that cheats.

Its accounts are people of the market who never shop or share of their own accord. What a gang decides by chance is a
function of (seed, day, its first account), so the same gangs do the same under every plan and every set of risk rules.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from rules.plan.values import Title
from sim.actors.character import Character, Stage
from sim.behaviour.purposes import Decision
from sim.behaviour.world import Ids
from sim.draws import chance


class Gang(Character):
    """Some accounts with one will.

    Args:
        model: that they live in. accounts: their numbers, the leader's first.
        care: 0 = careless to 1 = careful: what they share, and how fast they go.
        begin: day of the run on which they begin.
    """

    kind: ClassVar[str]
    title: ClassVar[Title]

    def __init__(self, model: Stage, accounts: Ids, care: float, begin: int) -> None:
        super().__init__(model, begin)
        self.accounts, self.care = accounts, care
        self.leave_traces()

    def leave_traces(self) -> None:
        """Spread the accounts over devices, cards and addresses: the more careful, the more of each.

        Phones are easily had; cards in a real name, and doors that goods can be sent to, are not.
        """
        traces, accounts = self.model.traces, self.accounts
        for things, part in ((traces.device, 1.0), (traces.card, 0.4), (traces.home, 0.5)):
            count = 1 + round(part * self.care * (len(accounts) - 1))
            which = np.arange(len(accounts)) * count // len(accounts)
            things[accounts] = self.model.world.people + accounts[which]  # numbers that no honest person has

    def luck(self, k: int) -> float:
        """A number in [0, 1) for the k-th question of today. Questions about accounts, of which a gang has at most 64,
        begin a hundred apart."""
        return chance(self.model.world.key(Decision.gang_day, daily=True), int(self.accounts[0]), k)
