"""Who knows whom, as a function: contact number `slot` of a person is computed, not stored.

A person has as many contact slots as her degree (a trait with a Pareto tail) and each slot leads to the same contact
for life. Most slots (62 %) lie in the person's own community of 150 neighbours by number, the rest anywhere in the
market. Contacts are directed, as attention is: whom I reach need not reach me. A person never reaches herself.
"""

from __future__ import annotations

from rules.jit import kernel
from sim.draws import bits, field, pick

BAR_BITS = 24
BAR = 1 << BAR_BITS
"""A probability of 1 as a whole number: probabilities of a contact being local are held in 1/`BAR`."""


@kernel
def contact(key: int, person: int, slot: int, people: int, community: int, local: int) -> tuple[int, bool]:
    """Whom a slot leads to, and whether that is somebody of the person's own community.

    Args:
        key: `sim.draws.key` of `Decision.contact`.
        person, slot: whose slot, and which one from 0.
        people: size of the market, at least 2.
        community: people in a community; the last one may be smaller.
        local: part of slots inside the community, in 1/`BAR`.
    """
    word = bits(key, person, slot)
    first = person // community * community
    size = min(community, people - first)
    near = field(word, 0, BAR_BITS) < local and size > 1
    if not near:
        first, size = 0, people
    other = first + pick(word, size - 1)
    return (other + 1 if other >= person else other), near
