"""Stripe's messages as work to do: what each is about, when it is tried, and what somebody did about it."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1200"
down_revision = "20261130_1100"
branch_labels = None
depends_on = None

#: Column → what the rows that are there get: they were all dealt with on arrival.
_FILLED = {
    "session_id": (sa.String(length=100), ""),
    "payment_id": (sa.String(length=100), ""),
    "live": (sa.Boolean(), sa.false()),
    "state": (sa.String(20), "done"),
    "attempts": (sa.Integer(), "1"),
    "note": (sa.String(length=500), ""),
}


def upgrade() -> None:
    with op.batch_alter_table("gateway_events") as batch_op:
        for name, (kind, value) in _FILLED.items():
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("filed_by_id", sa.Integer(), nullable=True))
        batch_op.alter_column("outcome", existing_type=sa.String(20), nullable=True)
        batch_op.create_foreign_key(
            op.f("fk_gateway_events_filed_by_id_users"), "users", ["filed_by_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("gateway_events") as batch_op:
        for name, (kind, _value) in _FILLED.items():
            batch_op.alter_column(name, server_default=None, existing_type=kind)
        batch_op.create_check_constraint(
            op.f("ck_gateway_events_done_has_its_outcome"), "(state = 'done') = (outcome IS NOT NULL)"
        )
        batch_op.create_check_constraint(
            op.f("ck_gateway_events_waiting_has_its_time"), "(state = 'waiting') = (due_at IS NOT NULL)"
        )
        batch_op.create_index(op.f("ix_gateway_events_state_due_at"), ["state", "due_at"])
        batch_op.create_index(op.f("ix_gateway_events_filed_by_id"), ["filed_by_id"])


def downgrade() -> None:
    """What is not dealt with yet is forgotten, as if Stripe had not told it: the reconciliation finds the money."""
    op.execute("DELETE FROM gateway_events WHERE state <> 'done'")
    with op.batch_alter_table("gateway_events") as batch_op:
        for name in ("filed_by_id", "state_due_at"):
            batch_op.drop_index(op.f(f"ix_gateway_events_{name}"))
        for name in ("waiting_has_its_time", "done_has_its_outcome"):
            batch_op.drop_constraint(op.f(f"ck_gateway_events_{name}"), type_="check")
        batch_op.drop_constraint(op.f("fk_gateway_events_filed_by_id_users"), type_="foreignkey")
        for name in (*_FILLED, "due_at", "filed_at", "filed_by_id"):
            batch_op.drop_column(name)
        batch_op.alter_column("outcome", existing_type=sa.String(20), nullable=False)
