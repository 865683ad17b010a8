"""A load on an operator's own staging shop, over HTTP: Locust brings the events, and the shop is seen from outside.

What is told of a shop that nobody can look into: whether it still knows every event that it acknowledged. Whether money
was doubled, or its books balance, cannot be counted from here, and is not.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import sim
from rules.errors import InputError, shown
from sim.stress.http.job import JOB, TOKEN, Job, save_tasks
from sim.stress.load.diary import Line, read
from sim.stress.load.figures import LoadResult, lines_of, traffic_of
from sim.stress.load.run import Setting, window_of
from sim.stress.load.stream import Stream

_TICK = 0.1
_WAIT = 120.0
"""Seconds that users have beyond their time, and as much again as they had, to ask for everything again."""
_TIMEOUT = 5.0
_LOCUSTFILE = Path(sim.__file__).parent / "stress" / "http" / "locustfile.py"
_ROOT = Path(sim.__file__).parents[1]


def load_target(
    url: str,
    stream: Stream,
    setting: Setting,
    folder: Path,
    told: Callable[[int], None] | None = None,
    token: str | None = None,
) -> LoadResult:
    """Bring a stream to a shop over HTTP, and ask again for all that it acknowledged.

    Args:
        url: of the shop. stream: the events. setting: how; `clients` are users. folder: for what they are told; must
            be empty. told: progress. token: that the shop asks for.

    Raises:
        InputError: there is no shop, it does not keep the contract, or it stopped answering.
    """
    base = checked(url, token)
    job = Job(
        users=setting.clients,
        seconds=setting.seconds,
        rate=setting.rate,
        window=setting.window or window_of(stream, setting.clients),
        begins=stream.start_day * 86_400,
        notices=setting.notices,
        seed=setting.seed,
        people=stream.people,
        names=stream.names,
    )
    job.save(folder)
    contract = job.contract
    for user in range(job.users):
        save_tasks(folder, user, stream.of_client(user, job.users), contract)
    _run(base, job, folder, told, token)
    lines, traffic = lines_of(folder), traffic_of(folder)
    finished = traffic.pop("finished", 0) == job.users
    span = (lines[-1].ms - lines[0].ms + lines[0].us / 1000) / 1000 if lines else 0.0
    return LoadResult(max(0.001, span), job.users, 0, lines, judge(folder, lines), traffic=traffic, finished=finished)


def checked(url: str, token: str | None) -> str:
    """The address of a shop that answers, without a slash at its end.

    Raises:
        InputError: it is no address, nobody answers, or whoever does asks for a token that was not given.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise InputError(f"--target is {shown(url)}", allowed="http://host:port or https://host")
    if parts.username or parts.password:
        raise InputError("--target holds a name or a password", allowed=f"a token, in {TOKEN}")
    base = url.rstrip("/")
    _ask(base, "/health", None)
    _ask(base, "/withdrawals?status=open", token)
    return base


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere: a token is for one shop."""

    def redirect_request(self, *_: object) -> None:
        """No."""


def _ask(base: str, path: str, token: str | None) -> None:
    """Ask a shop something that every shop knows, and pass over what it says."""
    request = urllib.request.Request(base + path, headers={"Authorization": f"Bearer {token}"} if token else {})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)
    try:
        with opener.open(request, timeout=_TIMEOUT) as answer:
            json.loads(answer.read(1 << 20))
    except urllib.error.HTTPError as error:
        allowed = f"its token, in {TOKEN}" if error.code in (401, 403) else "a shop that keeps docs/STAGING.md"
        raise InputError(f"{base}{path}: the shop answered {error.code}", allowed=allowed) from None
    except ValueError:
        raise InputError(f"{base}{path}: the answer is no JSON", allowed="a shop that keeps docs/STAGING.md") from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise InputError(f"{base} does not answer: {reason}", allowed="a shop that runs: fenxiao staging") from None


def _run(base: str, job: Job, folder: Path, told: Callable[[int], None] | None, token: str | None) -> None:
    """Let Locust live, in a process of its own, and pass on what it could not do."""
    if find_spec("locust") is None:
        raise InputError("a load over HTTP needs Locust", allowed="pip install 'fenxiao[http]'")
    users = [f"--users={job.users}", f"--spawn-rate={job.users}"]
    quiet = ["--headless", "--only-summary", "--loglevel=WARNING", "--exit-code-on-error=0", "--csv=locust"]
    command = [sys.executable, "-m", "locust", "-f", str(_LOCUSTFILE), f"--host={base}", *users, *quiet]
    log = folder / "locust.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(folder, token), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            _wait(process, job.seconds, told)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    for path in sorted(folder.glob("error-*.txt")):
        raise InputError(path.read_text("utf-8"))
    if process.returncode or len(list(folder.glob("again-*.csv"))) != job.users:
        last = log.read_text("utf-8", "replace").strip().splitlines()[-1:]
        raise InputError(f"Locust ended with {process.returncode}: {' '.join(last)}")


def _environment(folder: Path, token: str | None) -> dict[str, str]:
    """Ours, without settings of Locust's that somebody else may have made."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOCUST_") and name != TOKEN}
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    kept |= {"PYTHONPATH": os.pathsep.join(paths), JOB: str(folder.resolve())}
    return kept | ({TOKEN: token} if token else {})


def _wait(process: subprocess.Popen[bytes], seconds: float, told: Callable[[int], None] | None) -> None:
    begun = time.monotonic()
    while process.poll() is None:
        since = time.monotonic() - begun
        if since > 2 * seconds + _WAIT:
            raise InputError(f"the users did not come to an end {seconds + _WAIT:.0f} seconds after their time was up")
        if told:
            told(min(int(since), int(seconds)))
        time.sleep(_TICK)


def judge(folder: Path, lines: list[Line]) -> dict[str, object]:
    """What can be told of a shop from outside.

    Args:
        folder: with what it said when it was asked again. lines: what it said the first time.
    """
    acknowledged = {line.source for line in lines if line.result in ("done", "again")}
    again = {line.source: line.result for path in sorted(folder.glob("again-*.csv")) for line in read(path)}
    answers = Counter(again.get(source, "nothing") for source in acknowledged)
    lost = sorted(source for source in acknowledged if again.get(source) != "again")
    effects = Counter(line.source for line in lines if line.result == "done")
    twice = sum(times > 1 for times in effects.values())
    checks = {f"asked again, answered {name}": count for name, count in sorted(answers.items()) if name != "again"}
    return {
        "acknowledged": len(acknowledged),
        "lost": len(lost),
        "duplicated": twice or None,
        "unbalanced": None,
        "lost_sources": lost[:20],
        "checks": {"took effect twice": twice} | checks,
    }
