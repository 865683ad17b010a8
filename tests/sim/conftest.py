"""Lets the tests of `sim` import the helpers beside this file; in their small worlds two threads mean a clerk."""

import pytest

from sim import books


@pytest.fixture(autouse=True)
def _a_clerk_in_small_worlds_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "WORTH_A_CLERK", 0)
