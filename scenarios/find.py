"""From a name to a text: what the package ships comes first, then the path."""

from __future__ import annotations

import re
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Literal

from rules.errors import InputError, Place

Kind = Literal[
    "markets", "plans", "rulebooks", "cases", "platforms", "content", "texts", "claims", "mappings", "behaviours"
]  # fmt: skip
"""Folders of the package; a market is a scenario file."""

MAX_BYTES = 20_000_000
_ONE = {
    "markets": "scenario",
    "plans": "plan",
    "rulebooks": "rulebook",
    "cases": "case file",
    "platforms": "configuration",
    "content": "content rule file",
    "texts": "share text file",
    "claims": "claim file",
    "mappings": "mapping",
    "behaviours": "file of behaviour",
}
_ENDINGS = {"platforms": (".json", ".sql")}
_NAME = re.compile(r"[\w-]+")


def names(kind: Kind) -> list[str]:
    """What the package ships of a kind, by name."""
    folder = files("scenarios") / kind
    if not folder.is_dir():
        return []
    endings = _ENDINGS.get(kind, (".yaml",))
    return sorted(one.name.rpartition(".")[0] for one in folder.iterdir() if one.name.endswith(endings))


def find(kind: Kind, name: str) -> tuple[str, str]:
    """The text of a shipped file or of a file at a path, and the name that messages call it by.

    Args:
        kind: the folder to look in first.
        name: a shipped name such as `three_tier`, or a path.

    Raises:
        InputError: there is no such file, or it is not text that can be read.
    """
    if _NAME.fullmatch(name) and name in names(kind):
        tried = [files("scenarios") / kind / (name + ending) for ending in _ENDINGS.get(kind, (".yaml",))]
        shipped = next(one for one in tried if one.is_file())
        return shipped.read_text("utf-8"), f"{kind}/{shipped.name}"
    return decoded(_bytes(kind, name), name), name


def _bytes(kind: Kind, name: str) -> bytes:
    try:
        path = Path(name)
        if path.is_dir():
            raise InputError(f"{name!r} is a folder, not a {_ONE[kind]}", allowed="a file or a shipped name")
        if not name or not path.exists():
            raise _missing(kind, name)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{name!r} cannot be read: {error.strerror or error}", allowed=_allowed(kind)) from None
    except ValueError as error:  # a path with a NUL
        raise InputError(f"{name!r} is no path: {error}", allowed=_allowed(kind)) from None
    if len(data) > MAX_BYTES:
        raise InputError(f"{name!r} is too large", allowed=f"at most {MAX_BYTES} bytes")
    return data


def decoded(data: bytes, name: str) -> str:
    """Bytes of a file as text; `InputError` with the place of a byte that is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        given = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise InputError(given, Place(name, line, column), "a text file saved as UTF-8") from None


def _missing(kind: Kind, name: str) -> InputError:
    stem = Path(name).name.removesuffix(".yaml").removesuffix(".yml")
    close = get_close_matches(stem, names(kind), n=1)
    question = f" (did you mean {close[0]}?)" if close else ""
    return InputError(f"there is no {_ONE[kind]} {name!r}{question}", allowed=_allowed(kind))


def _allowed(kind: Kind) -> str:
    shipped = ", ".join(names(kind))
    return f"the path of a file, or a shipped {_ONE[kind]}: {shipped}" if shipped else "the path of a file"
