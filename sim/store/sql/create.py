"""Makes a store's tables and brings older ones up to date, with Alembic; refuses a database that is something else."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from rules.errors import InputError
from sim.store.sql.schema import metadata

_LOCK = 0x666E7864
"""So that two who create the same store at once do it one after the other (PostgreSQL)."""


def create(engine: Engine) -> str:
    """Bring an empty database, or a store of an older version, to the version of this program; that version.

    Raises:
        InputError: the database has tables of these names that are no store, or a store of a version unknown here.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config = _config(connection)
        found = _version(connection)
        _refuse_strangers(connection, found)
        if found not in (None, *_versions(config)):
            raise _unknown(found, engine)
        command.upgrade(config, "head")
    return _head(config)


def check_version(engine: Engine) -> str:
    """Whether a database is a store of this program's version; that version.

    Raises:
        InputError: it is none, or of another version.
    """
    with engine.connect() as connection:
        config, found = _config(connection), _version(connection)
        _refuse_strangers(connection, found)
    if found is None:
        raise InputError(f"{_name(engine)} is not a store yet", allowed="fenxiao store create URL, which makes one")
    if found not in _versions(config):
        raise _unknown(found, engine)
    if found != _head(config):
        raise InputError(
            f"the store {_name(engine)} is of version {found}, this program of {_head(config)}",
            allowed="fenxiao store create URL, which brings it up to date",
        )
    return found


def is_empty(engine: Engine) -> bool:
    """Whether a database holds no table of a store yet."""
    with engine.connect() as connection:
        return not _tables(connection) and _version(connection) is None


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "sim.store.sql:migrations")
    config.attributes["connection"] = connection
    return config


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _versions(config: Config) -> list[str]:
    return [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]


def _head(config: Config) -> str:
    return ScriptDirectory.from_config(config).get_current_head() or ""


def _tables(connection: Connection) -> list[str]:
    """Tables of a store that are there."""
    return sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))


def _refuse_strangers(connection: Connection, version: str | None) -> None:
    if version is None and (there := _tables(connection)):
        raise InputError(
            f"{_name(connection.engine)} has a table {there[0]} and is no store of fenxiao", allowed="an empty database"
        )


def _unknown(version: str | None, engine: Engine) -> InputError:
    return InputError(
        f"the store {_name(engine)} is of version {version}, which this program does not know",
        allowed="the program that made it, or a newer one",
    )


def _name(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)
