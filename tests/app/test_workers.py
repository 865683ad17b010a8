"""How many processes a job has of its own."""

from __future__ import annotations

import os

from app.jobs import workers_for


def test_small_work_starts_no_process_and_large_work_at_most_one_more():
    assert workers_for(1_000) == 1
    assert workers_for(10**9) == min(2, os.cpu_count() or 1)
