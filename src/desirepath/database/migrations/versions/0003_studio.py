"""Journeys as they stand and their edits; who may come in, with what right, and what was done."""

import sqlalchemy as sa
from alembic import op

from desirepath.database.tables import Moment

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the tables; every journey stands as its newest version says."""
    _journeys()
    _people()
    op.execute(
        "INSERT INTO journey_heads (journey_id, seq, document, author, updated) "
        "SELECT v.journey_id, 0, v.document, v.author, v.created FROM journey_versions v "
        "WHERE v.number = (SELECT max(n.number) FROM journey_versions n WHERE n.journey_id = v.journey_id)"
    )


def _journeys() -> None:
    op.create_table(
        "journey_heads",
        sa.Column("journey_id", sa.Text, sa.ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("author", sa.Text),
        sa.Column("updated", Moment, nullable=False),
    )
    op.create_table(
        "journey_edits",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("journey_id", sa.Text, sa.ForeignKey("journeys.id", ondelete="CASCADE"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("edit_id", sa.Text, nullable=False),
        sa.Column("ops", sa.JSON, nullable=False),
        sa.Column("inverse", sa.JSON, nullable=False),
        sa.Column("author", sa.Text),
        sa.Column("created", Moment, nullable=False),
        sa.UniqueConstraint("journey_id", "seq"),
        sa.UniqueConstraint("journey_id", "edit_id"),
        sqlite_autoincrement=True,
    )


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("known_as", sa.Text, nullable=False, unique=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("invitation", sa.Text, unique=True),
        sa.Column("invited", Moment),
        sa.Column("created", Moment, nullable=False),
        sa.Column("disabled", Moment),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "journey_roles",
        sa.Column("journey_id", sa.Text, sa.ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_id", NUMBER, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
    )
    op.create_table(
        "sign_ins",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("user_id", NUMBER, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("created", Moment, nullable=False),
        sa.Column("expires", Moment, nullable=False),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("user_id", NUMBER, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, unique=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("expires", Moment),
        sa.Column("used", Moment),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("at", Moment, nullable=False, index=True),
        sa.Column("user", sa.Text),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("target", sa.Text),
        sa.Column("detail", sa.JSON(none_as_null=True)),
        sqlite_autoincrement=True,
    )
