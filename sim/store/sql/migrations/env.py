"""What Alembic runs for every command: it works on the connection that `sim.store.sql.create` hands it."""

from __future__ import annotations

from alembic import context

from sim.store.sql.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
