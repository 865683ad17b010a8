"""`fenxiao app`: the Streamlit app."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import click

from rules.errors import InputError


@click.command(help="Open the app in a browser (needs the extra: pip install 'fenxiao[app]').")
@click.option("--port", type=click.IntRange(1, 65_535), default=8501, show_default=True)
def app(port: int) -> int:
    """Start Streamlit on the app, for this machine only."""
    if importlib.util.find_spec("streamlit") is None:
        raise InputError("streamlit is not installed", allowed="pip install 'fenxiao[app]'")
    options = ["--server.address=localhost", f"--server.port={port}", "--browser.gatherUsageStats=false"]
    root = Path(__file__).resolve().parents[2]
    return subprocess.call([sys.executable, "-m", "app.serving", *options], cwd=root)
