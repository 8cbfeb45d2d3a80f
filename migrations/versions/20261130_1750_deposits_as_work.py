"""Deposits on the portal of public bodies, as work after the commit."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1750"
down_revision = "20261130_1748"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "portal_deposits",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("typed_number", sa.String(length=50), nullable=False),
        sa.Column("typed_on", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (due_at IS NOT NULL)", name=op.f("ck_portal_deposits_waiting_has_its_time")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_portal_deposits_asked_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_portal_deposits_invoice_id_invoices")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_portal_deposits_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_deposits")),
    )
    for column in ("order_id", "invoice_id", "asked_by_id"):
        op.create_index(op.f(f"ix_portal_deposits_{column}"), "portal_deposits", [column])
    op.create_index(op.f("ix_portal_deposits_state_due_at"), "portal_deposits", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("portal_deposits")
