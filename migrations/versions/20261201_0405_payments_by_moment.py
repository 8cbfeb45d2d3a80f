"""The list of what came in is read from its end."""

from alembic import op

revision = "20261201_0405"
down_revision = "20261201_0404"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_payments_recorded_at"), "payments", ["recorded_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_payments_recorded_at"), table_name="payments")
