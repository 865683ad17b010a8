"""The heap of coming steps gives them in the order in which Python's heapq would."""

import heapq

from hypothesis import given
from hypothesis import strategies as st

from rules.book import open_book
from rules.steps import pop, push

steps = st.tuples(st.integers(0, 20), st.integers(0, 2), st.integers(0, 9))


@given(st.lists(st.one_of(steps, st.none()), max_size=60))
def test_pushes_and_pops_in_any_mix(actions: list[tuple[int, int, int] | None]) -> None:
    book, expected = open_book(1, 1), []
    for action in actions:
        if action is not None:
            push(book.arrays(), *action)
            heapq.heappush(expected, action)
        elif expected:
            first = book.steps[0]
            assert (first["time"], first["kind"], first["ref"]) == heapq.heappop(expected)
            pop(book.arrays())
    assert book.clock[0]["steps"] == len(expected)
