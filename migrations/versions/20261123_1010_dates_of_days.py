"""The dates of a day in its venue's town, as columns to list and count by."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("study_days", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("held_until", sa.Date(), nullable=True))
    _fill(op.get_bind())
    with op.batch_alter_table("study_days", schema=None) as batch_op:
        batch_op.alter_column("held_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("held_until", existing_type=sa.Date(), nullable=False)
        batch_op.create_index(batch_op.f("ix_study_days_status_held_on"), ["status", "held_on"], unique=False)


def _fill(connection: sa.Connection) -> None:
    days = sa.Table("study_days", sa.MetaData(), autoload_with=connection)
    rows = connection.execute(sa.select(days.c.id, days.c.starts_at, days.c.ends_at, days.c.timezone)).all()
    for row in rows:
        zone = ZoneInfo(row.timezone)
        # SQLite gives back what it was given: the time in UTC, without saying so.
        starts_at, ends_at = (
            moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in (row.starts_at, row.ends_at)
        )
        connection.execute(
            days.update()
            .where(days.c.id == row.id)
            .values(
                held_on=starts_at.astimezone(zone).date(),
                held_until=(ends_at - timedelta(microseconds=1)).astimezone(zone).date(),
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("study_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_days_status_held_on"))
        batch_op.drop_column("held_until")
        batch_op.drop_column("held_on")
