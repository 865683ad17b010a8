"""How kernels are compiled, cached and, for tests, left as they are."""

import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rules import jit, plain
from rules.money import divide
from rules.records import MEMBER

ROOT = Path(__file__).parent.parent.parent
compiled_only = pytest.mark.skipif(jit.PLAIN, reason="kernels are plain Python in this run")


@compiled_only
def test_a_kernel_that_only_kernels_call_says_so():
    from rules.commission import basis

    with pytest.raises(TypeError, match="_commissionable is called by kernels only"):
        jit.kernel(named(basis.commissionable, "_commissionable"))(1, 2)


def named(kernel, name):
    function = kernel.py_func
    copy = type(function)(function.__code__, function.__globals__, name)
    copy.__module__ = function.__module__
    return copy


@compiled_only
def test_the_cache_folder_belongs_to_these_sources_and_is_cold_until_noted(tmp_path, monkeypatch):
    monkeypatch.setenv("FENXIAO_CACHE", str(tmp_path))
    assert jit.cache_folder("rules").parent == tmp_path
    assert jit.cache_folder("rules") != jit.cache_folder("sim")
    assert jit.is_cold()
    jit.note_warm()
    assert not jit.is_cold()


@compiled_only
def test_a_copy_of_the_sources_finds_what_another_one_has_compiled(tmp_path):
    """And one in which a kernel was changed does not."""
    program = "from rules.money import divide; divide(7, 2, 1); print(sum(divide.stats.cache_hits.values()))"
    environment = {**os.environ, "FENXIAO_CACHE": str(tmp_path / "cache")}

    def hits(place: Path) -> int:
        command = [sys.executable, "-c", program]
        return int(
            subprocess.run(command, env=environment, cwd=place, capture_output=True, text=True, check=True).stdout
        )

    for name in ("one", "two", "changed"):
        shutil.copytree(ROOT / "rules", tmp_path / name / "rules", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "changed" / "rules" / "money.py").open("a") as file:
        file.write("# one more kernel\n")
    environment.pop("PYTHONPATH", None)
    assert [hits(tmp_path / name) for name in ("one", "two", "changed")] == [0, 1, 0]


@compiled_only
def test_warming_compiles_the_engine_and_its_halves():
    from rules import walk, warm

    warm.compile_time()
    warm.compile_engine()
    assert walk.run_events.signatures
    assert walk._advance.signatures


def test_plain_kernels_count_exactly_and_refuse_what_does_not_fit():
    rows = np.zeros(2, MEMBER)

    @plain.plain_kernel
    def touch(table, place):
        table[place].available += 2**62
        table[place].available += 2**62

    with pytest.raises(OverflowError):
        touch(rows, 0)
    assert rows[0]["available"] == 2**62

    @plain.plain_kernel
    def copy(table):
        table[1] = table[0]
        return len(table), table[1].available

    assert copy(rows) == (2, 2**62)


def test_plain_and_compiled_kernels_agree_in_a_process_of_its_own():
    program = "from rules.money import divide; print(divide(7, 2, 1), type(divide).__name__)"
    environment = {**os.environ, "FENXIAO_PLAIN": "1"}
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == [str(divide(7, 2, 1)), "function"]
    assert bool(os.environ.get("FENXIAO_PLAIN")) == importlib.import_module("rules.jit").PLAIN


def test_files_whose_constants_kernels_are_compiled_with_are_in_the_fingerprint() -> None:
    """A change of such a file must not leave kernels in the cache that were compiled with the old constants."""
    sources = {path: path.read_text("utf-8") for path in (ROOT / "rules").rglob("*.py")}
    with_kernels = {path for path, text in sources.items() if "kernel" in text}
    used = set()
    for path in with_kernels:
        for module, names in re.findall(r"^from (rules[\w.]*) import (\([^)]*\)|[^\n]*)", sources[path], re.M):
            if re.search(r"\b[A-Z][A-Z_]+\b|\bComponent\b|Status\b", names):
                used.add(ROOT.joinpath(*module.split(".")).with_suffix(".py"))
    assert {path.name for path in used - with_kernels} == set(jit._CONSTANTS) - {"events.py"}
