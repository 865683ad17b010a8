"""Clusters: groups that are there are found, whatever the seed; the same bits for the same input."""

from __future__ import annotations

import numpy as np
import pytest

from rules.errors import InputError
from sim.experiments.metric_names import Text
from sim.segments.clustering import FAR, cluster_members, standardised, weighted
from sim.segments.features import Feature, Features


def features(values: list | np.ndarray, heavy: bool = False, kin: int = 1) -> Features:
    table = np.asarray(values, np.float64)
    of = tuple(Feature(f"f{place}", Text("", ""), "count", heavy, kin) for place in range(table.shape[1]))
    return Features(np.arange(len(table)), of, table)


def groups(sizes: tuple[int, ...] = (20, 60, 40)) -> Features:
    """Groups far from each other, in two features."""
    rng = np.random.default_rng(1)
    centres = np.array([(0, 0), (10, 0), (0, 10)])
    return features(np.concatenate([rng.normal(centres[place], 0.3, (size, 2)) for place, size in enumerate(sizes)]))


def test_standardised_by_hand():
    """0, 2, 4: mean 2, deviation sqrt(8/3). The unknown one counts as average."""
    found = standardised(features([[0], [2], [np.nan], [4]]))
    assert found[:, 0] == pytest.approx([-np.sqrt(1.5), 0, 0, np.sqrt(1.5)])


def test_heavy_tails_are_compared_by_their_logarithm():
    """log(1 + x) of 0, e - 1, e^2 - 1 is 0, 1, 2."""
    found = standardised(features([[0], [np.e - 1], [np.e**2 - 1]], heavy=True))
    assert found[:, 0] == pytest.approx([-np.sqrt(1.5), 0, np.sqrt(1.5)])


def test_a_feature_that_nobody_differs_in_says_nothing_and_nobody_is_too_far():
    one = np.zeros((100, 2))
    one[0, 1] = 1e9
    found = standardised(features(one))
    assert not found[:, 0].any()
    assert found[0, 1] == FAR


def test_kin_weigh_as_one():
    """Four features that tell one thing have half the weight each: squares add up to that of one."""
    table = [[0] * 4, [1] * 4]
    assert weighted(features(table, kin=4)) == pytest.approx(standardised(features(table)) / 2)


def test_groups_are_found_and_numbered_from_the_largest():
    found = cluster_members(groups(), 3, seed=5)
    assert found.cluster.tolist() == [2] * 20 + [0] * 60 + [1] * 40
    assert max(found.silhouettes, key=lambda count: found.silhouettes[count]) == 3
    assert found.silhouettes[3] > 0.9
    assert found.rand == 1
    assert list(found.silhouettes) == list(range(2, 11))


def test_noise_is_told_as_such():
    """One cloud without parts: another seed cuts it differently, and no silhouette is high."""
    cloud = features(np.random.default_rng(2).normal(size=(400, 12)))
    found = cluster_members(cloud, 8, seed=1)
    assert found.rand < 0.7
    assert max(found.silhouettes.values()) < 0.25


def test_the_same_bits_again():
    cloud = features(np.random.default_rng(2).normal(size=(400, 12)))
    one, other = (cluster_members(cloud, 8, seed=1) for _ in range(2))
    assert one.cluster.tobytes() == other.cluster.tobytes()
    assert (one.silhouettes, one.rand) == (other.silhouettes, other.rand)


def test_fewer_different_members_than_clusters_are_fewer_clusters():
    found = cluster_members(features([[0, 0]] * 30 + [[1, 1]] * 20), 4, seed=1)
    assert found.count == 2
    assert found.cluster.tolist() == [0] * 30 + [1] * 20


def test_too_few_members():
    with pytest.raises(InputError, match="29 members are too few for 3 segments; allowed: at least 30 members"):
        cluster_members(features(np.zeros((29, 2))), 3, seed=1)


def test_without_scikit_learn(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"scikit-learn is not installed; allowed: pip install 'fenxiao\[segments\]'"):
        cluster_members(groups(), 3, seed=5)
