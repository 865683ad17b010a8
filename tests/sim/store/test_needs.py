"""Where the extra is not installed, a store is refused in words."""

from __future__ import annotations

import sys

import pytest

from rules.errors import InputError
from sim.store.needs import PACKAGES, require_store


def test_nothing_is_missing_here():
    require_store()


@pytest.mark.parametrize("name", PACKAGES)
def test_what_is_missing_is_named(name, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match=rf"needs {name}.*pip install 'fenxiao\[store\]'"):
        require_store()
