"""One engine alone, told what a store was told, comes to the same entries and refusals, and finds what was changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small import brought, small
from sqlalchemy import text

from rules.events import Kind
from rules.lifecycle import Refusal
from sim.store.sql.connect import engine_for
from sim.stress.load.alone import Alone, compare_alone
from sim.stress.load.run import Setting, run_load


def told_in(stream, tmp_path) -> tuple:
    """A store that was told a stream, and what it compares to."""
    engine = engine_for(f"sqlite:///{tmp_path / 'store.db'}")
    brought(engine, stream, tmp_path)
    return engine, compare_alone(engine, stream, stream.tasks[-1].time)


def without_closes(alone: Alone) -> list[tuple[int, ...]]:
    """Orders' entries that only the engine has: nobody settled in the store, so closes of months are missing there."""
    return [one for one in alone.engine_only if one[1] >= 0]


def inviter_last(stream):
    """The stream, in which the first inviter is registered only after all they have brought."""
    inviter = next(int(task.events["other"][0]) for task in stream.tasks if invited(task))
    late = [one for one in stream.tasks if one.kind == Kind.register and one.events["member"][0] == inviter]
    assert late
    early = [one for one in stream.tasks if one not in late]
    brought_in = [place for place, one in enumerate(early) if invited(one) and one.events["other"][0] == inviter]
    return replace(stream, tasks=early[: brought_in[-1] + 1] + late + early[brought_in[-1] + 1 :]), len(brought_in)


def invited(task) -> bool:
    return task.kind == Kind.register and task.events["other"][0] >= 0


def test_an_entry_that_was_changed_is_found(tmp_path):
    stream = small()
    engine, alone = told_in(stream, tmp_path)
    assert (alone.store_only, without_closes(alone), alone.refusals) == ([], [], [])
    assert alone.compared > 20
    with engine.begin() as connection:
        connection.execute(text("UPDATE entries SET amount = amount + 1 WHERE id = (SELECT MIN(id) FROM entries)"))
    assert len(compare_alone(engine, stream, stream.tasks[-1].time).store_only) == 1
    engine.dispose()


def test_newcomers_whose_inviter_is_refused_are_members_in_both(tmp_path):
    stream, count = inviter_last(small())
    engine, alone = told_in(stream, tmp_path)
    with engine.begin() as connection:
        refused = connection.execute(text("SELECT source, refusal FROM inbox WHERE refusal >= 0")).all()
        assert [code for _, code in refused] == [Refusal.inviter_not_registered] * count
        assert (alone.store_only, without_closes(alone), alone.refusals) == ([], [], [])
        connection.execute(text("UPDATE inbox SET refusal = -1 WHERE source = :source"), {"source": refused[0][0]})
    found = compare_alone(engine, stream, stream.tasks[-1].time)
    assert found.refusals == [(refused[0][0], -1, Refusal.inviter_not_registered)]
    assert not found.same
    engine.dispose()


@pytest.mark.slow
def test_a_load_that_comes_to_its_end_is_as_one_would_have_done_it(tmp_path):
    for seed in range(5):
        folder = tmp_path / str(seed)
        folder.mkdir()
        result = run_load(small(600, 50), Setting(clients=4, seconds=60, kills=4 * (seed % 2), seed=seed), folder)
        assert result.finished
        assert result.alone is not None
        assert result.alone.same, result.alone
