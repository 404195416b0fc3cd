"""All tables in one metadata object: importing this module makes Alembic and the tests see every aggregate."""

from sqlmodel import SQLModel

metadata = SQLModel.metadata
