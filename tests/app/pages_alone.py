"""A page on its own, without the frame around it; jobs run in processes as they do in the app."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Sequence
from typing import Any

from streamlit.testing.v1 import AppTest

from app.jobs import Job


def opened(name: str, lang: str) -> AppTest:
    """A page in a session of its own."""

    # jobs load the script of their parent too, and must show nothing
    script = f"if __name__ == '__main__':\n    from app.pages.{name} import show\n    show({lang!r})"
    app = AppTest.from_string(script, default_timeout=240).run()
    assert not app.exception
    return app


def finished(app: AppTest, key: str, seconds: float = 120) -> Any:
    """Wait until the job of a key is over, show what came of it, and give its result."""
    job: Job = app.session_state[key]
    until = time.monotonic() + seconds
    while not job.is_over:
        assert time.monotonic() < until, job.told[-3:]
        time.sleep(0.05)
        job.look()
    app.run()
    assert not app.exception
    return job.result


def said(app: AppTest) -> str:
    """All HTML of the page, unescaped."""
    return html.unescape("\n".join(element.body for element in app.main.get("html")))


def in_order(texts: Sequence[str], page: str) -> bool:
    """Whether all texts stand on the page, one after the other."""
    places = [page.find(text) for text in texts]
    return -1 not in places and places == sorted(places)


def stopped_when(app: AppTest, key: str, kept: Callable[[Job], bool]) -> Job:
    """The job of a page, stopped as soon as it has kept enough."""
    job: Job = app.session_state[key]
    until = time.monotonic() + 120
    while not kept(job):
        assert time.monotonic() < until
        time.sleep(0.02)
        job.look()
    job.stop()
    return job
