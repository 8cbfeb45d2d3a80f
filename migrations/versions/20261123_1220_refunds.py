"""Refunds by card with their state, disputes, terms of cancellation, and days called off order by order."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
#: Terms to start from, which the office edits: free until a fortnight before, half the price until two days before.
_DEFAULT_STEPS = [[14, 0], [2, 50]]


def upgrade() -> None:
    with op.batch_alter_table("refunds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(20), nullable=False, server_default="done"))
        batch_op.add_column(sa.Column("payment_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("request_key", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("failure", sa.String(length=300), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_refunds_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_refunds_payment_id"), ["payment_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_refunds_request_key"), ["request_key"])
        batch_op.create_foreign_key(batch_op.f("fk_refunds_payment_id_payments"), "payments", ["payment_id"], ["id"])
    with op.batch_alter_table("refunds", schema=None) as batch_op:
        batch_op.alter_column("state", server_default=None, existing_type=sa.String(20))
        batch_op.alter_column("attempt", server_default=None, existing_type=sa.Integer())
        batch_op.alter_column("failure", server_default=None, existing_type=sa.String(300))
    with op.batch_alter_table("payment_alerts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(20), nullable=False, server_default="payment"))
    with op.batch_alter_table("payment_alerts", schema=None) as batch_op:
        batch_op.alter_column("kind", server_default=None, existing_type=sa.String(20))
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_cents", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.alter_column("kept_cents", server_default=None, existing_type=sa.Integer())

    op.create_table(
        "disputes",
        sa.Column("dispute_id", sa.String(length=100), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_disputes_payment_id_payments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("dispute_id", name=op.f("uq_disputes_dispute_id")),
    )
    op.create_index(op.f("ix_disputes_payment_id"), "disputes", ["payment_id"], unique=False)

    terms = op.create_table(
        "cancellation_terms",
        sa.Column("study_day_id", sa.Integer(), nullable=True),
        sa.Column("steps", _JSON, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_day_id"],
            ["study_days.id"],
            name=op.f("fk_cancellation_terms_study_day_id_study_days"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancellation_terms")),
        sa.UniqueConstraint("study_day_id", name=op.f("uq_cancellation_terms_study_day_id")),
    )
    op.bulk_insert(terms, [{"study_day_id": None, "steps": _DEFAULT_STEPS, "updated_at": None}])

    op.create_table(
        "day_cancellations",
        sa.Column("study_day_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_day_id"], ["study_days.id"], name=op.f("fk_day_cancellations_study_day_id_study_days")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["users.id"], name=op.f("fk_day_cancellations_started_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_cancellations")),
        sa.UniqueConstraint("study_day_id", name=op.f("uq_day_cancellations_study_day_id")),
    )
    op.create_index(op.f("ix_day_cancellations_started_by_id"), "day_cancellations", ["started_by_id"], unique=False)
    op.create_table(
        "day_cancellation_items",
        sa.Column("cancellation_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("people", _JSON, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cancellation_id"],
            ["day_cancellations.id"],
            name=op.f("fk_day_cancellation_items_cancellation_id_day_cancellations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_day_cancellation_items_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_cancellation_items")),
        sa.UniqueConstraint(
            "cancellation_id", "order_id", name=op.f("uq_day_cancellation_items_cancellation_id_order_id")
        ),
    )
    op.create_index(op.f("ix_day_cancellation_items_order_id"), "day_cancellation_items", ["order_id"], unique=False)
    op.create_index(
        op.f("ix_day_cancellation_items_outcome_id"), "day_cancellation_items", ["outcome", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("day_cancellation_items")
    op.drop_table("day_cancellations")
    op.drop_table("cancellation_terms")
    op.drop_table("disputes")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("kept_cents")
    with op.batch_alter_table("payment_alerts", schema=None) as batch_op:
        batch_op.drop_column("kind")
    with op.batch_alter_table("refunds", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_refunds_payment_id_payments"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_refunds_request_key"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_refunds_payment_id"))
        batch_op.drop_index(batch_op.f("ix_refunds_state"))
        for name in ("failure", "attempt", "request_key", "payment_id", "state"):
            batch_op.drop_column(name)
