"""Papers being sent say for whom it failed; who was noted present in the office is not known from a signed sheet."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261130_2051"
down_revision = "20261130_2041"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_NOTED = """
    UPDATE presences SET source = 'office' WHERE source = 'sheet' AND EXISTS (
        SELECT 1 FROM batch_items JOIN batches ON batches.id = batch_items.batch_id
        WHERE batch_items.registration_id = presences.registration_id
        AND batches.action = 'present' AND batches.asked_at = presences.recorded_at
    )
"""


def upgrade() -> None:
    with op.batch_alter_table("paper_jobs") as batch_op:
        batch_op.add_column(sa.Column("failed", _JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("paper_jobs") as batch_op:
        batch_op.alter_column("failed", server_default=None, existing_type=_JSON)
    op.execute(_NOTED)


def downgrade() -> None:
    op.execute("UPDATE presences SET source = 'sheet' WHERE source = 'office'")
    with op.batch_alter_table("paper_jobs") as batch_op:
        batch_op.drop_column("failed")
