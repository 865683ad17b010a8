"""The model against queueing theory, and Ciw against it in the same test."""

from __future__ import annotations

import ciw
import numpy as np
import pytest
from queues import blocks_of_waits, mean_wait
from scipy import stats

from sim.stress.capacity.theory import erlang_c, mean_wait_mg1, mean_wait_mmc

SERVERS, RATE = 8, 7.0
"""Eight servers of mean service 1 s, seven customers a second: rho = 0.875."""


def test_formulas_by_hand():
    assert erlang_c(1, 0.5) == pytest.approx(0.5)  # M/M/1: one waits if the server is busy
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)  # (1/2 · 2) / (1 + 1 + 1/2 · 2)
    assert mean_wait_mmc(1, 0.8, 1.0) == pytest.approx(4.0)  # rho / (1 - rho)
    assert mean_wait_mg1(0.8, 1.0, 1.0) == pytest.approx(4.0)  # exponential service: the same
    assert mean_wait_mg1(0.8, 1.0, 0.0) == pytest.approx(2.0)  # constant service: half of it


def ciw_waits(customers: int, seed: int) -> np.ndarray:
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=RATE)],
        service_distributions=[ciw.dists.Exponential(rate=1.0)],
        number_of_servers=[SERVERS],
    )
    ciw.seed(seed)
    simulated = ciw.Simulation(network)
    simulated.simulate_until_max_customers(customers)
    return np.array([record.waiting_time for record in simulated.get_all_records()])


def test_mmc_has_the_wait_of_theory_and_ciw_agrees():
    """300,000 customers; Ciw 60,000 in six runs."""
    truth = mean_wait_mmc(SERVERS, RATE, 1.0)
    found, half = mean_wait(blocks_of_waits(SERVERS, RATE, 1.0, 300_000, seed=11, size=5_000), RATE)
    assert abs(found - truth) <= half
    assert half <= 0.09 * truth
    runs = np.array([ciw_waits(10_000, seed).mean() for seed in range(6)])
    width = stats.t.ppf(0.995, len(runs) - 1) * runs.std(ddof=1) / np.sqrt(len(runs))
    assert abs(runs.mean() - truth) <= width
    assert abs(runs.mean() - found) <= width + half


@pytest.mark.slow
def test_mmc_to_two_per_cent():
    """6.4 million customers: the 99 % interval is 2 % of the mean to either side at most, and holds the truth."""
    blocks = [blocks_of_waits(SERVERS, RATE, 1.0, 400_000, seed, size=10_000) for seed in range(16)]
    truth = mean_wait_mmc(SERVERS, RATE, 1.0)
    found, half = mean_wait(np.concatenate(blocks), RATE)
    assert half <= 0.02 * truth
    assert abs(found - truth) <= half


@pytest.mark.parametrize("variation", [0.0, 0.5, 1.0, 1.5])
def test_one_server_has_the_wait_of_pollaczek_and_khinchine(variation):
    truth = mean_wait_mg1(0.8, 1.0, variation)
    found, half = mean_wait(blocks_of_waits(1, 0.8, variation, 200_000, seed=5, size=4_000), 0.8)
    assert abs(found - truth) <= half
    assert half <= 0.12 * truth
