"""What Alembic runs for each migration, within the transaction of `Database.migrate`."""

from alembic import context

from fotopoort.registry.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
