"""How kernels are compiled: Numba, cached on disk, without the global interpreter lock.

Numba's cache notices a change of the file in which a kernel stands, but not of the files whose kernels it calls.
The cache folder therefore carries a fingerprint of our sources: one of `rules/` for its kernels, one of everything for
those of `sim/`, which may call them.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba
from numba.core import types
from numba.core.caching import UserProvidedCacheLocator
from numba.core.registry import CPUDispatcher
from numba.experimental import structref

from rules.memory import register_uncounted
from rules.plain import PLAIN, plain_kernel, plain_reference

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_ROOT = Path(__file__).resolve().parent.parent


_CONSTANTS = ("defects.py", "events.py", "limits.py", "records.py")
"""Files without kernels whose constants and columns kernels are compiled with."""


@cache
def _fingerprint(folders: tuple[str, ...]) -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for folder in folders:
        for source in sorted(_ROOT.joinpath(folder).rglob("*.py")):
            text = source.read_bytes()
            if b"kernel" in text or source.name in _CONSTANTS:
                digest.update(source.relative_to(_ROOT).as_posix().encode() + b"\0" + text)
    return digest.hexdigest()[:16]


def cache_folder(package: str) -> Path:
    """The folder of compiled kernels that belongs to exactly these sources of `rules` or of `sim`."""
    base = os.environ.get("FENXIAO_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or Path.home().joinpath(".cache"), "fenxiao"
    )
    folders = ("rules",) if package == "rules" else ("rules", "sim")
    return Path(base).joinpath(f"kernels-{package}-{_fingerprint(folders)}")


def _stamp() -> Path:
    return cache_folder("sim").joinpath("complete")


def is_cold() -> bool:
    """Whether nobody has compiled everything from these sources on this machine yet."""
    return not _stamp().exists()


def note_warm() -> None:
    """Note that everything is compiled."""
    _stamp().parent.mkdir(parents=True, exist_ok=True)
    _stamp().touch()


def by_reference(proxy: type, fields: list[str], *, counted: bool = True) -> None:
    """Let kernels take a `StructRefProxy` class of arrays as one pointer.

    Passed as a tuple, twenty arrays are some hundred and fifty values in every call between kernels, and compiling
    takes four times as long. Register at module level, so that the compiled kernels can be cached.

    Args:
        proxy: the class. fields: the arrays.
        counted: whether kernels count their references to it, an atomic operation each. Not needed where a kernel
            makes one only to give it to Python, which holds it for as long as kernels have it.
    """

    if PLAIN:
        plain_reference(proxy, fields)
        return

    class Reference(types.StructRef):
        def preprocess_fields(self, given: tuple[tuple[str, object], ...]) -> tuple[tuple[str, object], ...]:
            return tuple((name, types.unliteral(kind)) for name, kind in given)

        @property
        def mangling_args(self) -> tuple[str, tuple[object, ...]]:
            """What stands for this type in the name of every kernel that takes it.

            Left alone, Numba spells out every column of every array: sixty thousand letters a name, and nine tenths of
            what it keeps on disk and in memory are names.
            """
            columns = hashlib.sha256(str(self).encode()).hexdigest()[:16]
            return f"{proxy.__name__}_{columns}", ()

    Reference.__name__ = Reference.__qualname__ = f"{proxy.__name__}Reference"
    Reference.__module__ = proxy.__module__
    sys.modules[proxy.__module__].__dict__[Reference.__name__] = Reference
    if counted:
        structref.register(Reference)
        structref.define_boxing(Reference, proxy)
    else:
        register_uncounted(Reference, proxy)
    structref.define_constructor(proxy, Reference, fields)


def _wide(given: types.Type) -> types.Type:
    """Whole numbers of any width, and constants, as int64; uint64, the type of luck, and all else as they are."""
    given = types.unliteral(given)
    if isinstance(given, types.Integer) and given != types.uint64:
        return types.int64
    return given


class _Place(UserProvidedCacheLocator):
    """Where a kernel is kept: by its package, so that every copy of the same sources finds what one has compiled.

    Left alone, Numba goes by the path of the file.
    """

    @classmethod
    def get_suitable_cache_subpath(cls, py_file: str) -> str:
        folder = Path(py_file).resolve().parent
        if not folder.is_relative_to(_ROOT):
            return str(super().get_suitable_cache_subpath(py_file))
        return ".".join(folder.relative_to(_ROOT).parts)


class _KernelsOnly(CPUDispatcher):
    """A kernel without an entrance from Python: without this it would take the interpreter down."""

    def __call__(self, *given: object, **named: object) -> object:
        raise TypeError(f"{self.py_func.__name__} is called by kernels only, as its underscore says")


def kernel(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function with Numba: cached, and free of the interpreter lock so that threads run side by side.

    A kernel whose name begins with an underscore is called by kernels only: it gets no entrance from Python, which
    would take longer to compile than many a kernel itself.

    A kernel that another kernel calls is compiled once: whole numbers arrive as int64. Left alone, Numba would compile
    it again for every width and every constant it is called with.
    """
    if PLAIN:
        return plain_kernel(function)
    package = "rules" if function.__module__.startswith("rules") else "sim"
    setattr(numba.config, "CACHE_DIR", str(cache_folder(package)))  # noqa: B010 - it has no type stubs
    setattr(numba.config, "CACHE_LOCATOR_CLASSES", f"{__name__}.{_Place.__name__}")  # noqa: B010
    inner = function.__name__.startswith("_")
    options = {"cache": True, "nogil": True, "no_cfunc_wrapper": True, "no_cpython_wrapper": inner}
    compiled = numba.njit(**options)(function)  # type: ignore[call-overload]
    template = compiled.get_call_template

    def wide_template(args: tuple[types.Type, ...], kws: dict[str, types.Type]) -> object:
        return template(tuple(map(_wide, args)), {name: _wide(given) for name, given in kws.items()})

    setattr(compiled, "get_call_template", wide_template)  # noqa: B010 - a method, replaced on this one kernel
    if inner:
        compiled.__class__ = _KernelsOnly
    result: Callable[Arguments, Result] = compiled
    return result
