"""Memory that a day needs again tomorrow is kept.

A day of a million people takes some forty megabytes of arrays and gives them back. The C library returns such blocks to
the system, which must then fill them with zeros again every day, one thread at a time.
"""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENAS = -1, -3, -8
"""Numbers of these settings in glibc's malloc.h."""
_KEPT, _FROM_SYSTEM = 1 << 30, 32 << 20
"""Bytes that may stay unused; blocks from this size on come from the system by themselves."""


def keep_memory() -> None:
    """Let the C library keep what is freed; does nothing where it is not glibc."""
    if not sys.platform.startswith("linux"):
        return
    try:
        setting = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    setting(_MMAP_THRESHOLD, _FROM_SYSTEM)
    setting(_TRIM_THRESHOLD, _KEPT)
    setting(_ARENAS, 1)
