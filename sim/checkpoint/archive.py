"""A checkpoint as a file: one `.npz` of NumPy arrays and `record.json`. Nothing in it can be executed.

Record arrays are kept as their bytes, padding and all, beside a description of their fields: logs compare as bytes.
"""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.errors import InputError, Place

RECORD = "record.json"
_QUICK = 1
"""Level of compression: most of a book is zeros."""
_BROKEN = (OSError, ValueError, LookupError, TypeError, EOFError, MemoryError, RecursionError, NotImplementedError,
           zlib.error, zipfile.BadZipFile)  # fmt: skip
"""What reading a file that is no archive, or half of one, ends in."""


def write_archive(path: Path, record: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a file, under a temporary name until it is whole. It has no time of writing: equal worlds make equal files.

    Raises:
        InputError: it cannot be written.
    """
    told = dict(record) | {"fields": {name: fields_of(array.dtype) for name, array in arrays.items()}}
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICK) as archive:
            with archive.open(RECORD, "w") as member:
                member.write(json.dumps(told, ensure_ascii=False, allow_nan=False).encode())
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, _plain(array), allow_pickle=False)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(
            f"cannot be written: {error.strerror}", Place(str(path)), "a file in a folder that is there"
        ) from error


def read_record(path: Path) -> dict[str, Any]:
    """What the record of a file says.

    Raises:
        InputError: no such file, or no archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            record = json.loads(archive.read(RECORD))
    except _BROKEN as error:
        raise _unreadable(path, error) from error
    if not isinstance(record, dict) or not isinstance(record.get("fields"), dict):
        raise _unreadable(path, "its record is no record")
    return record


def read_arrays(path: Path, fields: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """The arrays of a file.

    Args:
        path: of the file. fields: what its record says of them.

    Raises:
        InputError: some are missing or broken.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: _typed(archive[name], described) for name, described in fields.items()}
    except _BROKEN as error:
        raise _unreadable(path, error) from error


def fields_of(dtype: np.dtype[Any]) -> dict[str, Any] | None:
    """How a record is laid out, as data; None for plain numbers."""
    if dtype.names is None:
        return None
    parts = [(name, *(dtype[name].subdtype or (dtype[name], ()))) for name in dtype.names]
    fields = [[name, base.str, list(shape)] for name, base, shape in parts]
    return {"align": dtype.isalignedstruct, "fields": fields}


def dtype_of(described: Mapping[str, Any]) -> np.dtype[Any]:
    """The record that `fields_of` describes."""
    fields = [(name, form, tuple(shape)) for name, form, shape in described["fields"]]
    return np.dtype(fields, align=described["align"])


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    """An array of plain numbers: of records, their bytes along a last axis."""
    whole = np.ascontiguousarray(array).reshape(array.shape)
    if array.dtype.names is None:
        return whole
    return np.frombuffer(whole.tobytes(), np.uint8).reshape(*array.shape, array.dtype.itemsize)


def _typed(array: NDArray[Any], described: Mapping[str, Any] | None) -> NDArray[Any]:
    if described is None:
        return array
    dtype = dtype_of(described)
    if array.dtype != np.uint8 or array.shape[-1] != dtype.itemsize:
        raise ValueError("records of another size")
    return array.view(dtype)[..., 0] if array.size else np.zeros(array.shape[:-1], dtype)


def _unreadable(path: Path, why: object) -> InputError:
    told = why.strerror if isinstance(why, OSError) and why.strerror else why
    return InputError(
        f"cannot be read as a checkpoint: {told}", Place(str(path)), "a file that `fenxiao run --save` wrote"
    )
