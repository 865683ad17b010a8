"""The server of the app: `streamlit run`, which is getting the first page ready while the browser is still loading.

By itself Streamlit looks at an app when the first visitor asks for it: she would wait for a second of imports.
"""

from __future__ import annotations

import socket
import sys
import time
from importlib import import_module
from pathlib import Path
from threading import Thread

from streamlit import config
from streamlit.web import bootstrap, cli  # noqa: F401 - what the server needs is there before the page takes its share

_APP = Path(__file__).parents[1] / "app_streamlit.py"
_ASKED_LATER = ("numpy", "PIL.Image", "streamlit.emojis")
"""What Streamlit itself imports while the first page is being shown, for its icon and its buttons."""
_PATIENCE = 5.0
"""Seconds after which the page is made ready even if the server cannot be found."""


def main() -> None:
    """Serve until Ctrl-C; the arguments are those of `streamlit run`."""
    Thread(target=_get_ready, daemon=True).start()
    sys.argv = ["streamlit", "run", str(_APP), *sys.argv[1:]]
    cli.main()


def _get_ready() -> None:
    """Import the first page, and look at what it lets visitors choose from, as soon as the server answers."""
    _await_server()
    from app.frame import FIRST

    for module in (f"app.pages.{FIRST}", *_ASKED_LATER):
        import_module(module)
    from scenarios.find import names
    from scenarios.outline import outline

    for kind in ("markets", "plans"):
        for name in names(kind):
            outline(kind, name)


def _await_server() -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        time.sleep(0.02)
        try:
            socket.create_connection(("localhost", config.get_option("server.port")), 1).close()
        except OSError:
            continue
        return


if __name__ == "__main__":
    main()
