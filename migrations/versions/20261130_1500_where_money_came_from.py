"""Which card payment moved money came from, when a refund is asked for again, and the last date of a series."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1500"
down_revision = "20261130_1300"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_payments_origin_id"), ["origin_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_payments_origin_id_payments"), "payments", ["origin_id"], ["id"])
    with op.batch_alter_table("refunds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_refunds_ask_at"), ["ask_at"], unique=False)
    with op.batch_alter_table("refunds", schema=None) as batch_op:
        batch_op.alter_column("tries", server_default=None, existing_type=sa.Integer())
    with op.batch_alter_table("number_series", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_on", sa.Date(), nullable=True))
    op.execute(
        """UPDATE number_series SET last_on = (SELECT max(invoice.issued_on) FROM invoices invoice
        WHERE invoice.kind = number_series.kind AND invoice.year = number_series.year
        AND invoice.is_test = number_series.is_test)"""
    )


def downgrade() -> None:
    with op.batch_alter_table("number_series", schema=None) as batch_op:
        batch_op.drop_column("last_on")
    with op.batch_alter_table("refunds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refunds_ask_at"))
        batch_op.drop_column("ask_at")
        batch_op.drop_column("tries")
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_payments_origin_id_payments"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_payments_origin_id"))
        batch_op.drop_column("origin_id")
