"""Tabs of the list of registrations find their rows by an index."""

from alembic import op

revision = "20261130_2011"
down_revision = "20261130_1950"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_registrations_status_created_at"), "registrations", ["status", "created_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_registrations_status_created_at"), table_name="registrations")
