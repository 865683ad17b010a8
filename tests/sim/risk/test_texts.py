"""Share texts: who may say what, and that it is the content rules that decide."""

from __future__ import annotations

import numpy as np
import pytest
import worlds
from evidence import act, acts

from rules.errors import InputError
from rules.events import Kind
from sim.risk.texts import SLIPS, Texts
from sim.rows import events_of

NOBODY = np.zeros(0, np.int32)
LENIENT = """\
content: lenient
title: {zh: 宽, en: Lenient}
checked: 2026-11-22
rules:
  - {id: never, title: {zh: 无, en: Never}, source: a test, words: [此词不会出现]}
"""


@pytest.fixture(scope="module")
def world():
    return worlds.model(100, 1).world


def shares(members: np.ndarray) -> np.ndarray:
    return events_of(Kind.share, np.full(len(members), 43_200), member=members)


def test_boasts_are_refused_and_other_texts_go_out(world):
    events = acts(act(Kind.share, 3), act(Kind.click, 7, other=3), act(Kind.share, 7), act(Kind.share, 9))
    refused = Texts("cn").forbidden(world, events, np.array([7, 3], np.int32))
    assert refused.tolist() == [True, False, True, False]


def test_now_and_then_somebody_says_too_much(world):
    events = shares(np.arange(50_000))
    refused = Texts("cn").forbidden(world, events, NOBODY)
    assert SLIPS == 0.002
    assert 60 < refused.sum() < 140  # 100, standard deviation 10
    again = Texts("cn").forbidden(world, events[1::2], NOBODY)
    assert (again == refused[1::2]).all()  # everybody has luck of their own


def test_another_day_other_slips():
    world = worlds.model(100, 2).world
    days = []
    for world.day in (0, 1):
        days.append(set(np.flatnonzero(Texts("cn").forbidden(world, shares(np.arange(50_000)), NOBODY))))
    assert len(days[0] & days[1]) < 10


def test_rules_that_forbid_nothing_refuse_nobody(world, tmp_path):
    rules = tmp_path / "lenient.yaml"
    rules.write_text(LENIENT, "utf-8")
    everybody = np.arange(1000, dtype=np.int32)
    assert not Texts(str(rules)).forbidden(world, shares(everybody), everybody).any()


def test_rules_that_are_not_there_are_the_callers_mistake():
    with pytest.raises(InputError, match="nowhere"):
        Texts("nowhere")
