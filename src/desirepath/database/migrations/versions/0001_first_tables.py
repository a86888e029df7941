"""The first tables."""

import sqlalchemy as sa
from alembic import op

from desirepath.database.tables import Moment

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes all tables of version 0.1."""
    _imports()
    _journeys()
    _the_rest()


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("source", sa.Text, nullable=False, index=True),
        sa.Column("replace", sa.Boolean, nullable=False),
        sa.Column("mapping", sa.JSON),
        sa.Column("summary", sa.JSON),
        sa.Column("started", Moment, nullable=False),
        sa.Column("committed", Moment),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "import_tables",
        sa.Column("import_id", NUMBER, sa.ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("table", sa.Text, primary_key=True),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("first", Moment),
        sa.Column("last", Moment),
        sa.Column("dimensions", sa.JSON, nullable=False),
    )
    op.create_table(
        "import_files",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("import_id", NUMBER, sa.ForeignKey("imports.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("import_files_sha256", "import_files", ["sha256"])
    op.create_table(
        "sources",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("mapping", sa.JSON),
        sa.Column("created", Moment, nullable=False),
        sa.Column("updated", Moment, nullable=False),
    )


def _journeys() -> None:
    op.create_table(
        "journeys",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("created", Moment, nullable=False),
        sa.Column("archived", Moment),
    )
    op.create_table(
        "journey_versions",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("journey_id", sa.Text, sa.ForeignKey("journeys.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("created", Moment, nullable=False),
        sa.UniqueConstraint("journey_id", "number"),
        sqlite_autoincrement=True,
    )


def _the_rest() -> None:
    op.create_table(
        "link_decisions",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("a", sa.Text, nullable=False, index=True),
        sa.Column("b", sa.Text, nullable=False, index=True),
        sa.Column("reason", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("created", Moment, nullable=False),
        sa.Column("undone", Moment),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "erasures",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("plan", sa.JSON),
        sa.Column("customers", sa.Integer, nullable=False),
        sa.Column("started", Moment, nullable=False),
        sa.Column("finished", Moment),
        sa.Column("proof", sa.JSON),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
    )
