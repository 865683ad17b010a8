"""Indices: those of functions whose indices are known, and of a market whose figure one lever moves."""

from __future__ import annotations

import numpy as np
import pytest

from rules.errors import InputError
from sim.studies.levers import read_lever
from sim.studies.sensitivity import design, indices
from sim.studies.study import Answer

LEVERS = tuple(read_lever(f"scenario.behaviour.{name}=0:1") for name in ("reach", "loyalty", "same_visit"))


def answered(values):
    """Points with these values of a metric."""
    return [Answer({}, rows={0: {"gmv": float(value)}}) for value in values]


def ishigami(parts):
    """Ishigami & Homma (1990), a = 7, b = 0.1; S1 = .3139, .4424, 0 and ST = .5576, .4424, .2437."""
    x = (parts - 0.5) * 2 * np.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_are_those_that_are_known():
    parts, settings = design(LEVERS, "sobol", 1024, 1)
    assert len(settings) == 1024 * 5
    found = {one.lever: one for one in indices(LEVERS, "sobol", parts, answered(ishigami(parts)), "gmv", 1)}
    for lever, own, whole in zip(LEVERS, (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), strict=True):
        assert found[lever.name].own == pytest.approx(own, abs=0.05)
        assert found[lever.name].low <= whole <= found[lever.name].high


def test_morris_tells_size_direction_and_dependence():
    parts, settings = design(LEVERS, "morris", 10, 1)
    assert len(settings) == 10 * 4
    values = 3 * parts[:, 0] - 2 * parts[:, 1] + 0 * parts[:, 2]
    found = indices(LEVERS, "morris", parts, answered(values), "gmv", 1)
    assert [one.lever for one in found] == [lever.name for lever in LEVERS]
    assert [round(one.whole, 9) for one in found] == [3, 2, 0]
    assert [round(one.own, 9) for one in found] == [3, -2, 0]
    assert [round(one.spread, 9) for one in found] == [0, 0, 0]


def test_runs_that_exist_show_what_matters():
    parts = np.random.default_rng(3).random((400, 3))
    found = indices(LEVERS, "given", parts, answered(parts[:, 1] ** 2), "gmv", 1)
    assert found[0].lever == LEVERS[1].name
    assert found[0].whole > 3 * found[1].whole
    with pytest.raises(InputError, match="30 runs with gmv; allowed: 40 at least"):
        indices(LEVERS, "given", parts[:30], answered(parts[:30, 1]), "gmv", 1)


def test_a_design_with_a_hole_is_no_design():
    parts, _ = design(LEVERS, "morris", 4, 1)
    holed = answered(parts[:, 0])
    holed[3] = Answer({}, refused="levels: 9 is more than 5")
    with pytest.raises(InputError, match="1 of 16 points have no gmv: levels: 9 is more than 5"):
        indices(LEVERS, "morris", parts, holed, "gmv", 1)


def test_a_figure_that_never_moves_depends_on_nothing():
    parts, _ = design(LEVERS, "sobol", 8, 1)
    assert {one.whole for one in indices(LEVERS, "sobol", parts, answered(np.ones(len(parts))), "gmv", 1)} == {0.0}


def test_too_few_samples():
    with pytest.raises(InputError, match="a power of two"):
        design(LEVERS, "sobol", 12, 1)
    with pytest.raises(InputError, match="4 at least"):
        design(LEVERS, "morris", 2, 1)
