"""Runs the migrations on the connection that `Database.open` gives, inside its transaction."""

from alembic import context

from desirepath.database.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
