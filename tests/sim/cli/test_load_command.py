"""`fenxiao load` as a person meets it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from daily import some
from test_commands import ROOT, answer, ctrl_c_as_in_a_terminal, fenxiao

HERE = {"PYTHONPATH": str(ROOT)}


def test_it_prints_what_is_promised(tmp_path):
    size = ("--people", 220, "--days", 60, "--seconds", 6, "--clients", 2)
    told = answer("load", *size, "--out", tmp_path / "out")
    promised = ("orders", "acknowledged", "seconds", "orders_per_second", "kills", "lost", "duplicated", "unbalanced")
    assert set(promised) <= set(told)
    assert set(told["latency_ms"]) == {"p50", "p95", "p99"}
    assert (told["lost"], told["duplicated"], told["unbalanced"]) == (0, 0, 0)
    assert told["same_as_alone"] is True
    page = (tmp_path / "out" / "load.html").read_text("utf-8")
    assert "账目完好" in page
    assert "The books are sound" in page


def test_a_database_that_is_none_is_refused_with_a_word():
    done = fenxiao("load", "--people", 100, "--days", 5, "--database-url", "oracle://nowhere")
    assert done.returncode == 2
    assert "postgresql://" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_is_planted_only_in_a_server_of_ones_own():
    done = fenxiao("load", "--plant", "unsafe-commit", "--database-url", "sqlite:///x.db")
    assert done.returncode == 2
    assert "--database-url local" in done.stderr


def test_a_plan_that_looks_at_the_whole_book_is_refused_by_name(tmp_path):
    done = fenxiao("load", "tuike", "--plan", "tuike_season", "--people", 100, "--days", 5)
    assert done.returncode == 2
    assert "contests" in done.stderr


@pytest.mark.parametrize("asked", some([signal.SIGINT, signal.SIGTERM], 1))
def test_whoever_ends_it_leaves_no_process_behind(asked, tmp_path):
    command = [sys.executable, "-m", "sim.cli", "load", "three_tier", "--clients", "2", "--seconds", "60"]
    with ctrl_c_as_in_a_terminal():
        load = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=os.environ | HERE)
    family = psutil.Process(load.pid)
    deadline = time.monotonic() + 60
    while sum("postgres" not in one.name() for one in family.children()) < 3:  # two clients and a worker
        assert time.monotonic() < deadline
        time.sleep(0.05)
    children = family.children(recursive=True)
    load.send_signal(asked)
    _, said = load.communicate(timeout=60)
    assert load.returncode == 1
    assert said.rstrip().endswith("interrupted")
    assert "Traceback" not in said
    assert not psutil.wait_procs(children, timeout=10)[1]
