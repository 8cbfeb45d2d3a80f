"""Billing that is corrected: the buyer's VAT number, and papers that are announced together."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1740"
down_revision = "20261130_1720"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("orders") as table:
        table.add_column(sa.Column("vat_number", sa.String(length=20), nullable=False, server_default=""))
    with op.batch_alter_table("orders") as table:
        table.alter_column("vat_number", server_default=None)
    with op.batch_alter_table("invoices") as table:
        table.add_column(sa.Column("told_with_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_invoices_told_with_id_invoices"), "invoices", ["told_with_id"], ["id"])
        table.create_index(op.f("ix_invoices_told_with_id"), ["told_with_id"])


def downgrade() -> None:
    with op.batch_alter_table("invoices") as table:
        table.drop_index(op.f("ix_invoices_told_with_id"))
        table.drop_constraint(op.f("fk_invoices_told_with_id_invoices"), type_="foreignkey")
        table.drop_column("told_with_id")
    with op.batch_alter_table("orders") as table:
        table.drop_column("vat_number")
