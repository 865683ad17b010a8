"""What queueing theory says of simple cases, to hold the model against."""

from __future__ import annotations


def erlang_c(servers: int, offered: float) -> float:
    """Probability of waiting in M/M/c: `offered` = arrival rate ÷ service rate of one server, under `servers`.

    Erlang 1917; by the recursion of Erlang's B, which does not overflow.
    """
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = offered * blocked / (number + offered * blocked)
    busy = offered / servers
    return blocked / (1 - busy + busy * blocked)


def mean_wait_mmc(servers: int, rate: float, service: float) -> float:
    """Mean wait in M/M/c, seconds: `rate` arrivals a second, mean service time in seconds."""
    offered = rate * service
    return erlang_c(servers, offered) * service / (servers - offered)


def mean_wait_mg1(rate: float, service: float, variation: float) -> float:
    """Mean wait in M/G/1, seconds (Pollaczek 1930, Khinchine 1932); `variation` = standard deviation ÷ mean."""
    busy = rate * service
    return busy * service * (1 + variation**2) / (2 * (1 - busy))
