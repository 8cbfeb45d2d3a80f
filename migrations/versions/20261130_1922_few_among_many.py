"""The few orders among many that wait for somebody are found by an index, as is what an order comes to."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1922"
down_revision = "20261130_1920"
branch_labels = None
depends_on = None

#: Index → its condition on PostgreSQL and on SQLite, each as the application asks.
_PARTIAL = {
    "ix_orders_overpaid": ("payment_status = 'overpaid'", "payment_status = 'overpaid'"),
    "ix_orders_paid_without_seat": ("paid_without_seat", "paid_without_seat = 1"),
    "ix_orders_real": ("NOT is_test", "is_test = 0"),
}


def upgrade() -> None:
    for name, (postgresql, sqlite) in _PARTIAL.items():
        op.create_index(name, "orders", ["id"], postgresql_where=sa.text(postgresql), sqlite_where=sa.text(sqlite))
    op.create_index(op.f("ix_orders_total_cents"), "orders", ["total_cents"])


def downgrade() -> None:
    op.drop_index(op.f("ix_orders_total_cents"), table_name="orders")
    for name in reversed(_PARTIAL):
        op.drop_index(name, table_name="orders")
