"""Sentences of invoices by who buys, the declaration of a training body, and the kind of customer of each invoice."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1744"
down_revision = "20261130_1742"
branch_labels = None
depends_on = None

#: To be read by the publisher's accountant; all of it is edited in the office.
_SENTENCES = {
    "late_penalty_person": "En cas de retard, des intérêts au taux légal sont dus après mise en demeure "
    "(Code civil, art. 1231-6).",
    "recovery_fee_public": "Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 € "
    "(CCP, art. D2192-35).",
    "recovery_fee_person": "Aucune indemnité forfaitaire de recouvrement n’est due par un particulier.",
    "training_declaration": "",
}


def upgrade() -> None:
    with op.batch_alter_table("invoice_terms") as table:
        for name in _SENTENCES:
            table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
    terms = sa.table("invoice_terms", *(sa.column(name, sa.Text()) for name in _SENTENCES))
    op.execute(sa.update(terms).values(_SENTENCES))
    with op.batch_alter_table("invoice_terms") as table:
        for name in _SENTENCES:
            table.alter_column(name, server_default=None, existing_type=sa.Text())

    with op.batch_alter_table("invoices") as table:
        table.add_column(sa.Column("customer_kind", sa.String(length=20), nullable=False, server_default="person"))
    dossier = (
        "EXISTS (SELECT 1 FROM mandat_dossiers WHERE mandat_dossiers.order_id = orders.id) "
        "OR orders.siret LIKE '1%' OR orders.siret LIKE '2%'"
    )
    op.execute(
        "UPDATE invoices SET customer_kind = (SELECT CASE "  # noqa: S608 - nothing of a visitor's
        f"WHEN {dossier} THEN 'public' WHEN orders.billing_name <> '' OR orders.siret <> '' THEN 'company' "
        "ELSE 'person' END FROM orders WHERE orders.id = invoices.order_id)"
    )
    with op.batch_alter_table("invoices") as table:
        table.alter_column("customer_kind", server_default=None, existing_type=sa.String(length=20))
        table.create_index(op.f("ix_invoices_customer_kind"), ["customer_kind"])


def downgrade() -> None:
    with op.batch_alter_table("invoices") as table:
        table.drop_index(op.f("ix_invoices_customer_kind"))
        table.drop_column("customer_kind")
    with op.batch_alter_table("invoice_terms") as table:
        for name in _SENTENCES:
            table.drop_column(name)
