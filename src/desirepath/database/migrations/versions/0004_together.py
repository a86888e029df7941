"""Work in the background, folders that are watched, comments, links for others, and notes from a workshop."""

import sqlalchemy as sa
from alembic import op

from desirepath.database.tables import Moment

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """Makes the tables."""
    _work()
    _comments()
    _links()


def _work() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("params", JSON, nullable=False),
        sa.Column("state", sa.Text, nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("result", JSON),
        sa.Column("problem", JSON),
        sa.Column("author", sa.Text),
        sa.Column("created", Moment, nullable=False),
        sa.Column("started", Moment),
        sa.Column("finished", Moment),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "watches",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("mapping", sa.Text),
        sa.Column("replace", sa.Text),
        sa.Column("every_s", sa.Integer, nullable=False),
        sa.Column("author", sa.Text),
        sa.Column("created", Moment, nullable=False),
        sa.Column("due", Moment, nullable=False),
        sa.Column("paused", Moment),
        sa.Column("job_id", NUMBER),
        sqlite_autoincrement=True,
    )


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", NUMBER, primary_key=True),
        _journey(),
        sa.Column("at", sa.Text),
        sa.Column("reply_to", NUMBER, sa.ForeignKey("comments.id", ondelete="CASCADE")),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("user_id", NUMBER, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("edited", Moment),
        sa.Column("resolved", Moment),
        sa.Column("removed", Moment),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "mentions",
        sa.Column("comment_id", NUMBER, sa.ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_id", NUMBER, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("seen", Moment),
    )


def _links() -> None:
    op.create_table(
        "shares",
        sa.Column("id", NUMBER, primary_key=True),
        _journey(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, unique=True),
        sa.Column("password", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("created", Moment, nullable=False),
        sa.Column("expires", Moment),
        sa.Column("revoked", Moment),
        sa.Column("used", Moment),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sticky_notes",
        sa.Column("id", NUMBER, primary_key=True),
        _journey(),
        sa.Column("share_id", NUMBER, sa.ForeignKey("shares.id", ondelete="CASCADE"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("stage", sa.Text),
        sa.Column("lane", sa.Text),
        sa.Column("created", Moment, nullable=False),
        sa.Column("card", sa.Text),
        sa.Column("dismissed", Moment),
        sqlite_autoincrement=True,
    )


def _journey() -> "sa.Column[str]":
    return sa.Column(
        "journey_id", sa.Text, sa.ForeignKey("journeys.id", ondelete="CASCADE"), nullable=False, index=True
    )
