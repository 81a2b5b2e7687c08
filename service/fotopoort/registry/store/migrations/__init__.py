"""Alembic migrations: `versions` has one file for each version of the schema, and `env` is what Alembic runs."""
