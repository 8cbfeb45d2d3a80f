"""The list of what came in is read from its end, in its whole order."""

from alembic import op

revision = "20261201_0511"
down_revision = "20261201_0501"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_payments_recorded_at_id"), "payments", ["recorded_at", "id"])
    op.drop_index(op.f("ix_payments_recorded_at"), table_name="payments")


def downgrade() -> None:
    op.create_index(op.f("ix_payments_recorded_at"), "payments", ["recorded_at"])
    op.drop_index(op.f("ix_payments_recorded_at_id"), table_name="payments")
