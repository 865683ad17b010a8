"""Maximum likelihood with a few positive parameters: several starts, exact gradients, standard errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Floats = NDArray[np.float64]
Model = TypeVar("Model")
Objective = Callable[[Floats], tuple[float, Floats]]

LIMIT = 12.0
"""Parameters stay between exp(-LIMIT) and exp(LIMIT); one at its limit is not determined by the data."""
WIDEST = 4.0
"""A standard error of a logarithm above this says nothing: a factor of 700 either way."""
_STEP = 1e-4


@dataclass(frozen=True)
class Estimate(Generic[Model]):
    """A fitted model.

    Attributes:
        model: the model at the maximum.
        log_likelihood: at the maximum.
        standard_errors: of the parameters, in their order, from the observed information by the delta method;
            not a number where the data do not determine a parameter.
        covariance: of the logarithms of the parameters, (k, k): the inverse of the observed information.
        agreeing: how many of the starts ended within 0.01 of the best log-likelihood.
        converged: whether the gradient by the log parameters vanished and no parameter ended at its limit.
    """

    model: Model
    log_likelihood: float
    standard_errors: tuple[float, ...]
    covariance: Floats
    agreeing: int
    converged: bool

    @property
    def is_clear(self) -> bool:
        """Whether the data determine the parameters: the covariance says then what is left open of them."""
        with np.errstate(invalid="ignore"):
            errors = np.sqrt(np.diag(self.covariance))
        is_narrow = self.converged and bool((errors < WIDEST).all())
        return is_narrow and float(np.linalg.eigvalsh(self.covariance).min()) > 0


def maximise(objective: Objective, starts: Sequence[tuple[float, ...]], build: Callable[..., Model]) -> Estimate[Model]:
    """The best maximum over the starts.

    Args:
        objective: parameters, shape (k,), to the log-likelihood and its gradient, shape (k,).
        starts: positive parameters to begin from.
        build: makes the model from the parameters in order.
    """

    def descent(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        value, gradient = objective(parameters)
        return -value, -gradient * parameters

    bounds = [(-LIMIT, LIMIT)] * len(starts[0])
    options = {"maxiter": 2000, "ftol": 1e-14, "gtol": 1e-7, "maxls": 60}
    ends = [
        optimize.minimize(descent, np.log(start), jac=True, method="L-BFGS-B", bounds=bounds, options=options)
        for start in starts
    ]
    best = min(ends, key=lambda end: float(end.fun))
    logs = _polish(descent, best.x)
    value, gradient = descent(logs)
    covariance = _covariance(descent, logs)
    inside = bool((np.abs(logs) < LIMIT - 1e-6).all())
    return Estimate(
        model=build(*(float(v) for v in np.exp(logs))),
        log_likelihood=-value,
        standard_errors=_standard_errors(covariance, logs),
        covariance=covariance,
        agreeing=sum(abs(float(end.fun) - value) < 0.01 for end in ends),
        converged=inside and float(np.abs(gradient).max()) < 1e-6 * max(1.0, abs(value)),
    )


def _polish(descent: Objective, logs: Floats, rounds: int = 4) -> Floats:
    """A few Newton steps, taken only while they improve: the last digits that a line search leaves."""
    value, gradient = descent(logs)
    for _ in range(rounds):
        try:
            step = np.linalg.solve(_hessian(descent, logs), gradient)
        except np.linalg.LinAlgError:
            return logs
        trial = logs - step
        if np.abs(step).max() > 0.1 or np.abs(trial).max() > LIMIT:
            return logs
        trial_value, trial_gradient = descent(trial)
        if not (trial_value <= value and np.abs(trial_gradient).max() < np.abs(gradient).max()):
            return logs
        logs, value, gradient = trial, trial_value, trial_gradient
    return logs


def _hessian(descent: Objective, logs: Floats) -> Floats:
    """Central differences of the exact gradient, made symmetric."""
    shifts = np.eye(len(logs)) * _STEP
    rows = np.stack([(descent(logs + s)[1] - descent(logs - s)[1]) / (2 * _STEP) for s in shifts])
    return (rows + rows.T) / 2


def _covariance(descent: Objective, logs: Floats) -> Floats:
    try:
        return np.linalg.inv(_hessian(descent, logs))
    except np.linalg.LinAlgError:
        return np.full((len(logs), len(logs)), np.nan)


def _standard_errors(covariance: Floats, logs: Floats) -> tuple[float, ...]:
    with np.errstate(invalid="ignore"):
        return tuple(float(v) for v in np.exp(logs) * np.sqrt(np.diag(covariance)))
