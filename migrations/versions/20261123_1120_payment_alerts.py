"""Card payments that do not fit, what a page at Stripe asked for, and the keys of the office's money forms."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_alerts",
        sa.Column("payment_id", sa.String(length=100), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_alerts_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["users.id"], name=op.f("fk_payment_alerts_handled_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_alerts")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payment_alerts_payment_id")),
    )
    with op.batch_alter_table("payment_alerts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_alerts_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_alerts_raised_at"), ["raised_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_alerts_handled_at"), ["handled_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_alerts_handled_by_id"), ["handled_by_id"], unique=False)
    with op.batch_alter_table("card_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("amount_cents", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_card_sessions_status_opened_at"), ["status", "opened_at"], unique=False)
    # Until now a page always asked for the whole order.
    op.execute(
        "UPDATE card_sessions SET amount_cents = "
        "(SELECT orders.total_cents FROM orders WHERE orders.id = card_sessions.order_id)"
    )
    with op.batch_alter_table("card_sessions", schema=None) as batch_op:
        batch_op.alter_column("amount_cents", existing_type=sa.Integer(), nullable=False)
    for table in ("payments", "refunds"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("form_key", sa.String(length=64), nullable=True))
            batch_op.create_unique_constraint(batch_op.f(f"uq_{table}_form_key"), ["form_key"])


def downgrade() -> None:
    for table in ("refunds", "payments"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"uq_{table}_form_key"), type_="unique")
            batch_op.drop_column("form_key")
    with op.batch_alter_table("card_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_sessions_status_opened_at"))
        batch_op.drop_column("amount_cents")
    op.drop_table("payment_alerts")
