"""Settings of all tests. Examples have no deadline: the first call of a kernel compiles it.

FENXIAO_EXAMPLES=n takes at most n examples of each property, the same ones every time, and leaves out tests marked
`many`: for runs in which kernels are plain Python, some thousand times slower (`make coverage`, `make mutants`).
"""

import os

import pytest
from hypothesis import Phase, settings

AT_MOST = int(os.environ.get("FENXIAO_EXAMPLES", "0"))

settings.register_profile("patient", deadline=None)
settings.register_profile(
    "few", deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate), report_multiple_bugs=False
)
settings.load_profile("few" if AT_MOST else "patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if AT_MOST and item.get_closest_marker("many"):
            item.add_marker(pytest.mark.skip(reason="only with compiled kernels"))
        test = getattr(item, "obj", None)
        own = getattr(test, "_hypothesis_internal_use_settings", None)
        if AT_MOST and own and own.max_examples > AT_MOST:
            test._hypothesis_internal_use_settings = settings(own, max_examples=AT_MOST)
