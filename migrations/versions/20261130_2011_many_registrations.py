"""Tabs of the list of registrations, and orders that money may come for, find their rows by an index."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2011"
down_revision = "20261130_2003"
branch_labels = None
depends_on = None

_AWAITING = "status {} 'cancelled' AND total_cents - credited_cents - paid_cents + refunded_cents > 0"


def upgrade() -> None:
    op.create_index(op.f("ix_registrations_status_created_at"), "registrations", ["status", "created_at"])
    op.create_index(
        "ix_orders_awaiting",
        "orders",
        ["id"],
        postgresql_where=sa.text(_AWAITING.format("<>")),
        sqlite_where=sa.text(_AWAITING.format("!=")),
    )


def downgrade() -> None:
    op.drop_index("ix_orders_awaiting", table_name="orders")
    op.drop_index(op.f("ix_registrations_status_created_at"), table_name="registrations")
