"""Both READMEs: every command runs, every output is what comes out, every file is there, no address of a machine.

`python tests/test_readme.py` writes the outputs anew: do so when a figure has changed for a reason.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READMES = {"README.md": "en", "README.zh-CN.md": "zh"}
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n(?:\n<!-- output -->\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
_SECONDS = re.compile(r"\d+\.\d+ (s\b|秒)")


@dataclass(frozen=True)
class Block:
    """Commands, and what stands below them as their output."""

    commands: str
    output: str | None


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(name: str) -> list[Block]:
    return [Block(found[2], found[3]) for found in _BLOCK.finditer(read(name)) if found[1] == "sh"]


def work_place(folder: Path) -> Path:
    """A folder that looks like a clone and takes what the commands write."""
    for entry in ROOT.iterdir():
        if entry.name not in {"results", ".venv", ".git"}:
            (folder / entry.name).symlink_to(entry)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def run(block: Block, place: Path, lang: str) -> str:
    """What the commands of a block print; `make` only says what it would do."""
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "FENXIAO_LANG": lang,
    }
    script = "set -euo pipefail\n" + re.sub(r"^make ", "make -n ", block.commands, flags=re.MULTILINE)
    done = subprocess.run(
        ["bash", "-c", script], cwd=place, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{block.commands}\n{done.stdout}\n{done.stderr}"
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def timeless(output: str) -> str:
    return _SECONDS.sub(r"0.0 \1", output)


def commands() -> list[object]:
    """Every block of both, as a test each: every day those of the English one that promise an output."""
    found: list[object] = []
    for name in READMES:
        for block in blocks(name):
            every_day = name == "README.md" and block.output is not None
            first = " ".join(block.commands.split()[:2])
            marks = () if every_day else pytest.mark.slow
            found.append(pytest.param(name, block, id=f"{READMES[name]}-{first}", marks=marks))
    return found


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A folder for the commands of each: some use what others wrote before them."""
    return {name: work_place(tmp_path_factory.mktemp(READMES[name])) for name in READMES}


@pytest.mark.parametrize(("name", "block"), commands())
def test_every_command_runs_and_gives_the_output_that_is_shown(name, block, places):
    printed = run(block, places[name], READMES[name])
    if block.output is not None:
        assert timeless(printed) == timeless(block.output), f"`python {Path(__file__).name}` writes it anew"


def test_both_have_the_same_commands():
    first, second = ([re.sub(r"FENXIAO_LANG=\w+", "FENXIAO_LANG=", b.commands) for b in blocks(n)] for n in READMES)
    assert first == second
    assert len(first) >= 8


def test_both_show_outputs_at_the_same_places():
    first, second = ([block.output is None for block in blocks(name)] for name in READMES)
    assert first == second
    assert first.count(False) >= 6


@pytest.mark.parametrize("name", READMES)
def test_files_that_are_named_exist(name):
    text = read(name)
    linked = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    quoted = re.findall(r"`((?:rules|sim|app|scenarios|docs|tests|benchmarks)/[\w./-]*)`", text)
    assert len(linked) >= 8
    for target in [*linked, *quoted]:
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("name", READMES)
def test_targets_of_make_that_are_named_exist(name):
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", read(name))) <= targets


@pytest.mark.parametrize("name", [*READMES, "CHANGELOG.md", "Makefile", ".ci/run", "constraints.txt"])
def test_no_address_of_a_machine_or_a_registry(name):
    text = read(name)
    assert not re.search(r"(?<![\w.])/(home|root|work|Users|tmp|opt|mnt)/", text)
    assert not re.search(r"index-url|find-links|pypi|https?://", text, re.IGNORECASE)


def write() -> None:
    """Put what the commands print today into both READMEs."""
    for name, lang in READMES.items():
        text = read(name)
        with tempfile.TemporaryDirectory() as folder:
            place = work_place(Path(folder))
            for block in blocks(name):
                printed = run(block, place, lang)
                if block.output is not None:
                    old = f"```sh\n{block.commands}```\n\n<!-- output -->\n```text\n{block.output}```\n"
                    new = f"```sh\n{block.commands}```\n\n<!-- output -->\n```text\n{printed}```\n"
                    assert text.count(old) == 1, block.commands
                    text = text.replace(old, new)
        (ROOT / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write()
