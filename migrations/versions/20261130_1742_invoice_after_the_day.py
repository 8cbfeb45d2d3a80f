"""Invoices after the day: the buyer's choice, and the orders whose invoice is awaited."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1742"
down_revision = "20261130_1740"
branch_labels = None
depends_on = None

_CHECK = "NOT invoice_choice OR (confirms_seat AND purchase_order_days IS NOT NULL AND invoice_at <> 'payment')"


def upgrade() -> None:
    with op.batch_alter_table("payment_methods") as table:
        table.add_column(sa.Column("invoice_choice", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("payment_methods") as table:
        table.alter_column("invoice_choice", server_default=None, existing_type=sa.Boolean())
        table.create_check_constraint(op.f("ck_payment_methods_choice_of_a_dossier"), _CHECK)
    with op.batch_alter_table("orders") as table:
        table.add_column(sa.Column("awaits_invoice", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Those of the method « after the day » that are not invoiced yet.
    terms = (
        "payment_terms ->> 'invoice_at'"
        if op.get_bind().dialect.name != "sqlite"
        else ("json_extract(payment_terms, '$.invoice_at')")
    )
    op.execute(
        f"UPDATE orders SET awaits_invoice = {sa.true().compile(dialect=op.get_bind().dialect)} "  # noqa: S608
        f"WHERE {terms} = 'delivery' AND total_cents > 0 AND status = 'confirmed' "
        "AND NOT EXISTS (SELECT 1 FROM invoices WHERE invoices.order_id = orders.id)"
    )
    with op.batch_alter_table("orders") as table:
        table.alter_column("awaits_invoice", server_default=None, existing_type=sa.Boolean())
        table.create_index(op.f("ix_orders_awaits_invoice"), ["awaits_invoice"])


def downgrade() -> None:
    with op.batch_alter_table("orders") as table:
        table.drop_index(op.f("ix_orders_awaits_invoice"))
        table.drop_column("awaits_invoice")
    with op.batch_alter_table("payment_methods") as table:
        table.drop_constraint(op.f("ck_payment_methods_choice_of_a_dossier"), type_="check")
        table.drop_column("invoice_choice")
