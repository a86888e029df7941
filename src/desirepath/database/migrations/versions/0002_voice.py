"""What people decide about the voice: labels of texts, and themes renamed, merged or pinned."""

import sqlalchemy as sa
from alembic import op

from desirepath.database.tables import Moment

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the two tables."""
    op.create_table(
        "voice_labels",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("feedback", sa.Text, nullable=False, index=True),
        sa.Column("emotion", sa.Double, nullable=False),
        sa.Column("author", sa.Text),
        sa.Column("created", Moment, nullable=False),
        sa.Column("undone", Moment),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "theme_edits",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("theme", sa.Text, nullable=False),
        sa.Column("terms", sa.JSON, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("into", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("created", Moment, nullable=False),
        sa.Column("undone", Moment),
        sqlite_autoincrement=True,
    )
