"""Settings of all tests. Examples have no deadline: the first call of a kernel compiles it.

FENXIAO_EXAMPLES says how many examples of each property: `all` that it asks for (`make test-slow`), `quarter` of them
(if left out: `make test` is to take less than 15 minutes), or n at most. With n they are the same ones every time, and
tests marked `many` are left out: for runs in which kernels are plain Python, some thousand times slower
(`make coverage`, `make mutants`).
"""

import os

import pytest
from hypothesis import Phase, settings

EXAMPLES = os.environ.get("FENXIAO_EXAMPLES", "quarter")
AT_MOST = int(EXAMPLES) if EXAMPLES.isdecimal() else 0

settings.register_profile("patient", deadline=None)
settings.register_profile(
    "few", deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate), report_multiple_bugs=False
)
settings.load_profile("few" if AT_MOST else "patient")


LONG = {"test_readme.py", "test_in_a_browser.py", "test_small.py", "test_validate_command.py"}
"""Begun first, so that no process is at one of them when the other has nothing left to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)
    for item in items:
        if AT_MOST and item.get_closest_marker("many"):
            item.add_marker(pytest.mark.skip(reason="only with compiled kernels"))
        test = getattr(item, "obj", None)
        own = getattr(test, "_hypothesis_internal_use_settings", None)
        if own and (wanted := _examples(own.max_examples)) < own.max_examples:
            test._hypothesis_internal_use_settings = settings(own, max_examples=wanted)


def _examples(asked: int) -> int:
    """How many examples of a property are taken of those it asks for."""
    if AT_MOST:
        return min(asked, AT_MOST)
    return asked if EXAMPLES == "all" else max(1, asked // 4)
