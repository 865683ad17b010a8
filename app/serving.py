"""The server of the app: `streamlit run`, which is getting the first page ready while the browser is still loading.

By itself Streamlit looks at an app when the first visitor asks for it: she would wait for a second of imports.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from threading import Thread

from streamlit.web import bootstrap, cli  # noqa: F401 - what the server needs is there before the page takes its share

_APP = Path(__file__).parents[1] / "app_streamlit.py"


def main() -> None:
    """Serve until Ctrl-C; the arguments are those of `streamlit run`."""
    Thread(target=_get_ready, daemon=True).start()
    sys.argv = ["streamlit", "run", str(_APP), *sys.argv[1:]]
    cli.main()


def _get_ready() -> None:
    """Import the first page, and read what it lets visitors choose from."""
    from app.frame import FIRST

    import_module(f"app.pages.{FIRST}")
    from app.choosing import shipped_plan, shipped_scenario
    from scenarios.find import names

    for name in names("markets"):
        shipped_scenario(name)
    for name in names("plans"):
        shipped_plan(name)


if __name__ == "__main__":
    main()
