"""Messages 消息推送: the operator writes to members so many times a week.

Who opens one looks in, and some order sooner. The more somebody got lately, the fewer she opens, and the likelier she
is to refuse them for good: there is a best number of messages, and beyond it more of them lose customers (Zhang, Kumar
& Cosguner 2017, "Dynamically managing a profitable email marketing program"; that intensity bears on opting out:
Kumar, Zhang & Luo 2014). Rates are assumed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.jit import kernel
from rules.people.care import Messages
from sim.behaviour.chunks import CHUNKS
from sim.behaviour.hurrying import bring_forward
from sim.behaviour.purposes import Decision
from sim.behaviour.visiting import Visits
from sim.behaviour.world import NEVER, Ids, World
from sim.draws import bits_array, draw, field, uniform_array
from sim.people import Floats

WEEK = 7
_MOST = 255
_CHANCE = 2.0**-32


@kernel
def deliver(
    first: int, last: int, key: int, members: Ids, gone: NDArray[np.bool_], shares: NDArray[np.uint32],
    shared: NDArray[np.uint16], promoters: bool, opens: Floats, quits: Floats, heard: NDArray[np.uint8],
    refuses: NDArray[np.bool_], out: Ids, counts: NDArray[np.int64], sent: NDArray[np.int64],
) -> None:  # fmt: skip
    """Send a message to members of chunks `first` to `last`; finds who opens it.

    Args:
        key: of the day. members: person numbers. gone, shares, shared: by person. promoters: only who has shared.
        opens, quits: probabilities of opening, and of refusing further ones, by number of messages lately.
        heard: messages lately; refuses: wants none; by person, written.
        out: who opens it, in chunks. counts: how many, sent: how many were sent, by chunk.
    """
    count = len(members)
    for chunk in range(first, last):
        begin = chunk * count // CHUNKS
        found, number = begin, 0
        for place in range(begin, (chunk + 1) * count // CHUNKS):
            person = members[place]
            if refuses[person] or gone[person] or (promoters and shares[person] == 0 and shared[person] == 0):
                continue
            word, lately = draw(key, person), heard[person]
            out[found] = person
            found += field(word, 0, 32) * _CHANCE < opens[lately]
            refuses[person] = field(word, 32, 32) * _CHANCE < quits[lately]
            heard[person] = min(lately + 1, _MOST)
            number += 1
        counts[chunk], sent[chunk] = found - begin, number


class Mailing:
    """The messages of a world.

    Args:
        people: size of the market.

    Attributes:
        refuses: by person, has opted out. sent, opened, hurried: how many so far. cost: fen so far.
    """

    def __init__(self, people: int) -> None:
        self._heard = np.zeros(people, np.uint8)
        self.refuses = np.zeros(people, np.bool_)
        self.sent = self.opened = self.hurried = self.cost = 0

    def send(self, world: World, visits: Visits, rule: Messages) -> int:
        """Send today's message, if one is due, in the morning. Gives what it cost, in fen."""
        if not due(world.day, rule.per_week):
            return 0
        given, members, crowd = world.given, world.members, world.crowd
        lately = np.arange(_MOST + 1)
        opens, quits = given.open_rate / (1 + given.weariness * lately), np.minimum(given.opt_out * (1 + lately), 1.0)
        sent = np.zeros(CHUNKS, np.int64)
        key = world.key(Decision.message, daily=True)
        columns = visits.gone, crowd["shares"], crowd["shared"], rule.to == "promoters", opens, quits
        opened = world.crew.gather(
            lambda first, last, *found: deliver(
                first, last, key, members, *columns, self._heard, self.refuses, *found, sent
            ),
            len(members),
        )
        visits.seen[opened] = world.day
        self._hurry(world, opened)
        cost = int(sent.sum()) * rule.cost
        self.sent, self.opened, self.cost = self.sent + int(sent.sum()), self.opened + len(opened), self.cost + cost
        return cost

    def end_week(self) -> None:
        """What was got lately halves."""
        self._heard >>= 1

    def _hurry(self, world: World, opened: Ids) -> None:
        """Some of those who opened it order sooner, if they would order at all."""
        key = world.key(Decision.message, daily=True)
        moved = uniform_array(bits_array(key, opened, 0)) < world.given.message_order
        moved &= world.crowd["resistance"][opened] < NEVER
        persons = opened[moved]
        bring_forward(world, persons, uniform_array(bits_array(key, persons, 1)))
        self.hurried += len(persons)


def due(day: int, per_week: int) -> bool:
    """Whether a day has a message, if so many are spread evenly over every seven days."""
    return (day % WEEK + 1) * per_week // WEEK > day % WEEK * per_week // WEEK
