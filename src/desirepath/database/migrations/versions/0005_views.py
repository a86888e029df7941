"""Ways to look at a map, kept under names."""

import sqlalchemy as sa
from alembic import op

from desirepath.database.tables import Moment

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "saved_views",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("journey_id", sa.Text, sa.ForeignKey("journeys.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("user_id", NUMBER, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("looks", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("updated", Moment, nullable=False),
        sa.UniqueConstraint("journey_id", "user_id", "name"),
        sqlite_autoincrement=True,
    )
