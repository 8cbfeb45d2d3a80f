"""It is known when an absence was noted, so that taking it back leaves one that was noted anew."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2052"
down_revision = "20261130_2051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("registrations") as batch_op:
        batch_op.add_column(sa.Column("absent_noted_at", sa.DateTime(timezone=True)))
    op.execute("""
        UPDATE registrations SET absent_noted_at = (
            SELECT max(batches.asked_at) FROM batch_items JOIN batches ON batches.id = batch_items.batch_id
            WHERE batch_items.registration_id = registrations.id
            AND batches.action = 'absent' AND batches.status = 'done' AND batch_items.outcome = 'done'
        ) WHERE status = 'absent'
    """)


def downgrade() -> None:
    with op.batch_alter_table("registrations") as batch_op:
        batch_op.drop_column("absent_noted_at")
