"""Days found by their end, which makes them past, and not by their date."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("study_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_days_status_held_on"))
        batch_op.create_index(batch_op.f("ix_study_days_status_ends_at"), ["status", "ends_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("study_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_days_status_ends_at"))
        batch_op.create_index(batch_op.f("ix_study_days_status_held_on"), ["status", "held_on"], unique=False)
