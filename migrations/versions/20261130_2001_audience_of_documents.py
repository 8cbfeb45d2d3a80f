"""Documents of days say whom they are for, and may be put back once they were taken away."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2001"
down_revision = "20261130_1950"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("day_documents") as batch_op:
        batch_op.add_column(sa.Column("audience", sa.String(length=20), nullable=False, server_default="public"))
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(op.f("ix_day_documents_removed_at"), ["removed_at"])
    with op.batch_alter_table("day_documents") as batch_op:
        batch_op.alter_column("audience", server_default=None, existing_type=sa.String(length=20))


def downgrade() -> None:
    # What was taken away stays away: before, it would have been deleted at once.
    op.execute("DELETE FROM day_documents WHERE removed_at IS NOT NULL OR audience <> 'public'")
    with op.batch_alter_table("day_documents") as batch_op:
        batch_op.drop_index(op.f("ix_day_documents_removed_at"))
        batch_op.drop_column("removed_at")
        batch_op.drop_column("audience")
