"""`fenxiao staging`: a shop of one's own behind HTTP, the reference of the contract in docs/STAGING.md."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress

import click

from rules.errors import InputError
from sim.cli.common import (
    announce,
    days_option,
    given,
    lang_option,
    people_option,
    seed_option,
    tell,
    token_option,
)
from sim.cli.load import DAYS, LEAST
from sim.experiments.metric_names import Lang

_GRACE = 10
"""Seconds that requests have to come to their end when the shop is closed."""


@click.command(help="Open a shop behind HTTP over a database, to point `load --target` or your own client at.")
@click.argument("scenario", default="three_tier")
@click.option("--plan", "plan_name", help="plan to run; the scenario's first if left out")
@click.option("--database-url", "url", default="local", show_default=True, help="an empty database, or the shop's own")
@click.option("--host", default="127.0.0.1", show_default=True, help="others than this machine's need a token")
@click.option("--port", type=click.IntRange(0, 65_535), default=8765, show_default=True, help="0: any that is free")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="that serve events")
@people_option
@days_option
@seed_option
@token_option
@lang_option
def staging(
    scenario: str,
    plan_name: str | None,
    url: str,
    host: str,
    port: int,
    threads: int,
    people: int | None,
    days: int | None,
    seed: int,
    token: str | None,
    lang: Lang,
) -> int:
    """Serve until somebody says stop."""
    from sim.store.needs import require_store

    require_store()
    from sim.store.slices import check_sliceable
    from sim.store.sql.connect import database
    from sim.stress.http.opening import opened
    from sim.stress.http.server import serve, staging_app
    from sim.stress.http.shop import StagingShop
    from sim.stress.load.run import warm

    market, plan, people, days = given(scenario, plan_name, people or LEAST, days or DAYS)
    if not (token or _is_this_machine(host)):
        raise InputError(
            f"--host {host} lets others in, and no token is asked for", allowed="FENXIAO_TOKEN, or 127.0.0.1"
        )
    check_sliceable([plan])
    announce({plan.plan: plan}, lang)
    with suppress(KeyboardInterrupt), _listening(host, port) as listener, database(url) as real:
        facts = opened(real, market, plan, people, days, seed)
        warm(facts)
        shop = StagingShop(real, facts, threads)
        address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
        tell({"en": "the shop is open; Ctrl-C closes it", "zh": "测试商城已开张；按 Ctrl-C 关闭"}[lang])
        print(address, flush=True)
        serve(staging_app(shop, token), listener, _GRACE)
    tell({"en": "the shop is closed", "zh": "测试商城已关闭"}[lang])
    return 0


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listening(host: str, port: int) -> socket.socket:
    """A socket at an address.

    Raises:
        InputError: it is taken, or none of this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise InputError(f"cannot listen at {host}:{port}: {error.strerror or error}") from error
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else an answer in two parts waits 40 ms
    return listener
