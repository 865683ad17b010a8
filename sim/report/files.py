"""Files that are written whole or not at all, and records as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

RUN_JSON = "run.json"


def write_json(target: Path, record: object) -> Path:
    """Write a record as JSON, whole or not at all; NaN and infinity become null, numpy values plain ones."""
    text = json.dumps(jsonable(record), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    replace_file(target, lambda path: path.write_text(text, encoding="utf-8"))
    return target


def write_run_json(directory: Path, record: Mapping[str, object]) -> Path:
    """Write a record as `run.json`."""
    return write_json(directory / RUN_JSON, record)


def read_run_json(directory: Path) -> dict[str, Any]:
    """The record of a results directory."""
    record: dict[str, Any] = json.loads((directory / RUN_JSON).read_text(encoding="utf-8"))
    return record


def replace_file(target: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `target`, then rename it over `target` in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{uuid4().hex}.part")
    try:
        write(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def jsonable(value: object) -> Any:  # noqa: ANN401 - JSON is any of six types
    """`value` in the types JSON has: no NaN, no numpy, no path, no tuple."""
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return jsonable(value.tolist())
    if isinstance(value, set | frozenset):
        return [jsonable(item) for item in sorted(value, key=str)]
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)
