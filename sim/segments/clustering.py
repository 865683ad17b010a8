"""Clustering 聚类: k-means over standardised features, and how sure its number of clusters and its borders are.

Rousseeuw 1987 ("Silhouettes", J. of Computational and Applied Mathematics 20): how much nearer members are to their
own cluster than to the next. Hubert & Arabie 1985 ("Comparing Partitions", J. of Classification 2): the adjusted Rand
index of two partitions, 1 = the same, 0 = as alike as chance makes them.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from rules.errors import InputError
from sim.behaviour.purposes import Decision
from sim.draws import draw_array, key
from sim.segments.features import Features, Floats, Ids

FAR = 4.0
"""Standard deviations beyond which a feature counts as this far: a few extraordinary members are no cluster."""
FITTED, WEIGHED = 50_000, 4_000
"""Most members on whom clusters are fitted, and on whom silhouettes are worked out; chosen by draw."""
TRIED = range(2, 11)
"""Numbers of clusters whose silhouettes are told."""
_STARTS, _STARTS_TRIED = 10, 3
LEAST = 10
"""Members a cluster, at least, for there to be anything to find."""


@dataclass(frozen=True)
class Clusters:
    """Clusters of members.

    Attributes:
        cluster: by member, numbered from the largest. count: how many.
        silhouettes: by number of clusters, those tried and this one: -1 to 1.
        rand: adjusted Rand index against k-means begun with another seed.
    """

    cluster: Ids
    count: int
    silhouettes: dict[int, float]
    rand: float


def standardised(features: Features) -> Floats:
    """Features as numbers of standard deviations from the mean, undefined ones at 0; heavy tails as logarithms."""
    out = np.zeros_like(features.values)
    for place, one in enumerate(features.of):
        column = features.values[:, place]
        column = np.log1p(np.maximum(column, 0)) if one.heavy else column
        known = ~np.isnan(column)
        spread = column[known].std() if known.any() else 0.0
        if spread > 1e-12:
            out[known, place] = np.clip((column[known] - column[known].mean()) / spread, -FAR, FAR)
    return out


def cluster_members(features: Features, count: int, seed: int) -> Clusters:
    """The clusters of members; the same bits for the same features, number and seed.

    Raises:
        InputError: too few members, or scikit-learn is not installed.
    """
    if len(features.members) < LEAST * count:
        raise InputError(
            f"{len(features.members)} members are too few for {count} segments",
            allowed=f"at least {LEAST * count} members: more --people or --days, or fewer --clusters",
        )
    with _one_thread():
        return _clusters(weighted(features), features.members, count, seed)


def weighted(features: Features) -> Floats:
    """Standardised features, in which those that tell one thing between them weigh as one."""
    return standardised(features) / np.sqrt([one.kin for one in features.of])


def _clusters(points: Floats, members: Ids, count: int, seed: int) -> Clusters:
    from sklearn.metrics import adjusted_rand_score

    luck = draw_array(key(seed, Decision.segments), members)
    fitted, weighed = _some(luck, FITTED), _some(luck, WEIGHED)
    found = _ranked(_assigned(points, fitted, count, seed, _STARTS))
    other = _assigned(points, fitted, count, seed + 1, _STARTS)
    silhouettes = {}
    for tried in sorted({*TRIED, count}):
        if LEAST * tried <= len(points):
            labels = found if tried == count else _assigned(points, fitted, tried, seed, _STARTS_TRIED)
            silhouettes[tried] = _silhouette(points[weighed], labels[weighed])
    return Clusters(found, int(found.max()) + 1, silhouettes, float(adjusted_rand_score(found, other)))


def _assigned(points: Floats, fitted: Ids, count: int, seed: int, starts: int) -> Ids:
    """The nearest of `count` centres for everybody; fitted on some."""
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different members than clusters: fewer clusters
        means = KMeans(count, n_init=starts, random_state=seed % 2**32, algorithm="lloyd").fit(points[fitted])
        return np.asarray(means.predict(points), np.int64)


def _silhouette(points: Floats, labels: Ids) -> float:
    from sklearn.metrics import silhouette_score

    if len(np.unique(labels)) < 2:
        return 0.0
    return float(silhouette_score(points, labels))


def _ranked(labels: Ids) -> Ids:
    """The same clusters, numbered from the largest; empty ones are left out."""
    size = np.bincount(labels)
    order = np.argsort(-size, kind="stable")[: np.count_nonzero(size)]
    number = np.zeros(len(size), np.int64)
    number[order] = np.arange(len(order))
    ranked: Ids = number[labels]
    return ranked


def _some(luck: np.ndarray, most: int) -> Ids:
    """The places of those with the smallest draws, in order."""
    return np.sort(np.argsort(luck, kind="stable")[:most])


def require_sklearn() -> None:
    """See to it that scikit-learn is there, before anything long begins.

    Raises:
        InputError: it is not.
    """
    if importlib.util.find_spec("sklearn") is None:
        raise InputError("scikit-learn is not installed", allowed="pip install 'fenxiao[segments]'")


@contextmanager
def _one_thread() -> Iterator[None]:
    """Sums in one order: more threads would add up in another, and the last bits would differ."""
    require_sklearn()
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
