"""What a store on a database needs beside the base installation."""

from __future__ import annotations

from importlib import import_module

from rules.errors import InputError

PACKAGES = ("sqlalchemy", "alembic", "psutil")


def require_store() -> None:
    """Refuse in words where the extra `store` is not installed.

    Raises:
        InputError: it is not.
    """
    for name in PACKAGES:
        try:
            import_module(name)
        except ImportError as error:
            raise InputError(f"a store on a database needs {name}", allowed="pip install 'fenxiao[store]'") from error
