"""What data left open of behaviour: a posterior, in blocks of parameters that are known together.

A block is a joint normal distribution of logarithms (the Laplace approximation at a maximum of likelihood: Tierney &
Kadane 1986), or the Beta of a rate (Jeffreys' prior: counts + 1/2). A draw is a function of seed and name alone, so
that nothing else moves it; what a parameter cannot be is drawn again: the posterior is cut off there.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Self, TypeAlias

import numpy as np
from pydantic import Discriminator, Field, Tag, TypeAdapter, ValidationError, model_validator

from rules.plan.values import Section
from sim import special
from sim.behaviour.parameters import Behaviour

LEVEL = 0.90
"""Of intervals."""
MOST_TRIES = 200
"""Draws after which the centre is taken: nearly all of such a posterior lies where the parameter cannot be."""
_SAME = 1e-4
"""Relative difference below which a value is still the one of the block: files round to six digits."""

Finite = Annotated[float, Field(allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=64)]


class Joint(Section):
    """Positive parameters whose logarithms are jointly normal.

    `normal` are their names, `at` their values at the maximum, `covariance` that of the logarithms.
    """

    normal: Annotated[list[Name], Field(min_length=1, max_length=20)]
    at: list[Annotated[Finite, Field(gt=0)]]
    covariance: list[list[Finite]]

    @model_validator(mode="after")
    def _square(self) -> Self:
        count = len(self.normal)
        if len(self.at) != count or [len(row) for row in self.covariance] != [count] * count:
            raise ValueError(
                f"`at` takes {count} numbers and `covariance` {count} rows of {count}, as many as `normal`"
            )
        matrix = np.array(self.covariance)
        if not np.allclose(matrix, matrix.T, rtol=1e-6, atol=1e-12) or np.linalg.eigvalsh(matrix).min() < -1e-9:
            raise ValueError("`covariance` is none: it must be symmetric, and no variance below 0")
        return self

    @property
    def names(self) -> list[str]:
        """Its parameters."""
        return self.normal

    def centre(self) -> dict[str, float]:
        """The values at the maximum."""
        return dict(zip(self.normal, self.at, strict=True))

    def interval(self) -> dict[str, tuple[float, float]]:
        """The middle 90 % of each parameter by itself."""
        reach = float(special.ndtri((1 + LEVEL) / 2)) * np.sqrt(np.diag(np.array(self.covariance)))
        return {
            name: (at * math.exp(-by), at * math.exp(by))
            for name, at, by in zip(self.normal, self.at, reach.tolist(), strict=True)
        }

    def drawn(self, seed: int, attempt: int) -> dict[str, float]:
        """Values of a seed; another attempt gives others."""
        luck = np.array([special.ndtri(uniform(seed, name, attempt)) for name in self.normal])
        logs = np.log(np.array(self.at)) + _root(np.array(self.covariance)) @ luck
        return dict(zip(self.normal, np.exp(np.clip(logs, -700, 700)).tolist(), strict=True))


class Rate(Section):
    """A part of a whole: `yes` cases of `yes + no`, each with the half case of the prior."""

    beta: Name
    yes: Annotated[Finite, Field(gt=0)]
    no: Annotated[Finite, Field(gt=0)]

    @classmethod
    def of(cls, name: str, yes: int, cases: int) -> Rate:
        """The posterior after some cases."""
        return cls(beta=name, yes=yes + 0.5, no=cases - yes + 0.5)

    @property
    def names(self) -> list[str]:
        """Its parameter."""
        return [self.beta]

    def centre(self) -> dict[str, float]:
        """The mean."""
        return {self.beta: self.yes / (self.yes + self.no)}

    def interval(self) -> dict[str, tuple[float, float]]:
        """The middle 90 %."""
        low, high = (float(special.betaincinv(self.yes, self.no, part)) for part in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
        return {self.beta: (low, high)}

    def drawn(self, seed: int, attempt: int) -> dict[str, float]:
        """The value of a seed; another attempt gives another."""
        return {self.beta: float(special.betaincinv(self.yes, self.no, uniform(seed, self.beta, attempt)))}


def _kind(given: object) -> str:
    keys: object = given if isinstance(given, dict) else getattr(given, "model_fields_set", ())
    return "rate" if isinstance(keys, dict | set) and "beta" in keys else "joint"


Block: TypeAlias = Annotated[Annotated[Joint, Tag("joint")] | Annotated[Rate, Tag("rate")], Discriminator(_kind)]


def values_of(blocks: Sequence[Block], seed: int) -> dict[str, float]:
    """What every parameter of some blocks is in the replication of a seed."""
    return {name: value for block in blocks for name, value in _possible(block, seed).items()}


def intervals_of(blocks: Sequence[Block]) -> dict[str, tuple[float, float]]:
    """The middle 90 % of every parameter, by itself."""
    return {name: ends for block in blocks for name, ends in block.interval().items()}


def still_open(blocks: Sequence[Block], behaviour: Mapping[str, object]) -> list[str]:
    """Parameters of blocks that have their value from there.

    Whoever puts another value or a range in the place of one has decided: it is not drawn from the posterior.
    """
    centres = {name: value for block in blocks for name, value in block.centre().items()}
    return [name for name, value in centres.items() if _is(behaviour.get(name), value)]


def can_be(name: str, value: object) -> bool:
    """Whether a parameter of behaviour can have a value."""
    try:
        _field(name).validate_python(value)
    except ValidationError:
        return False
    return True


def uniform(seed: int, name: str, attempt: int = 0) -> float:
    """A number in (0, 1) that depends on these and on nothing else."""
    digest = hashlib.blake2b(f"{seed} {name} {attempt}".encode(), digest_size=8).digest()
    return ((int.from_bytes(digest, "little") >> 12) + 0.5) * 2.0**-52


def _possible(block: Block, seed: int) -> dict[str, float]:
    for attempt in range(MOST_TRIES):
        values = block.drawn(seed, attempt)
        if all(can_be(name, value) for name, value in values.items()):
            return values
    return block.centre()


def _is(given: object, value: float) -> bool:
    if given is None or isinstance(given, list | tuple):
        return False
    return math.isclose(float(str(given)), value, rel_tol=_SAME)


def _field(name: str) -> TypeAdapter[object]:
    if name not in _FIELDS:
        field = Behaviour.model_fields[name]
        _FIELDS[name] = TypeAdapter(Annotated[field.annotation, *field.metadata])  # type: ignore[arg-type]
    return _FIELDS[name]


_FIELDS: dict[str, TypeAdapter[object]] = {}


def _root(covariance: np.ndarray) -> np.ndarray:
    """A square root of a covariance that may be singular; a function of it alone."""
    size = np.sqrt(np.diag(covariance))
    safe = np.where(size > 0, size, 1.0)
    return (
        safe[:, None]
        * np.linalg.cholesky(covariance / np.outer(safe, safe) + 1e-12 * np.eye(len(size)))
        * (size > 0)[:, None]
    )
