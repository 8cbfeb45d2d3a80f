"""Invoices and credit notes, their numbers, the sentences on them, and when a method has its invoice."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: Texts to start from; the office edits them, and its lawyer reads them.
_TERMS = {
    "id": 1,
    "legal_form": "",
    "register": "",
    "late_penalty": "En cas de retard de paiement, une pénalité au taux annuel de trois fois le taux d’intérêt légal est "
    "due dès le lendemain de l’échéance (C. com. art. L441-10).",
    "late_penalty_public": "En cas de retard de paiement, des intérêts moratoires sont dus de plein droit au taux de la "
    "Banque centrale européenne majoré de huit points (Code de la commande publique, art. R2192-31).",
    "recovery_fee": "Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 €.",
    "early_payment": "Pas d’escompte pour paiement anticipé.",
    "exemption": "",
    "exemption_code": "",
    "mentions": "",
    "vat_on_debits": False,
}
#: Method → when its orders are invoiced, and its code in UNTDID 4461.
_METHODS = {
    "card": ("payment", "48"),
    "cheque": ("order", "20"),
    "transfer": ("order", "30"),
    "mandat": ("order", "30"),
}


def upgrade() -> None:
    op.create_table(
        "invoice_terms",
        sa.Column("legal_form", sa.String(length=200), nullable=False),
        sa.Column("register", sa.String(length=200), nullable=False),
        sa.Column("late_penalty", sa.Text(), nullable=False),
        sa.Column("late_penalty_public", sa.Text(), nullable=False),
        sa.Column("recovery_fee", sa.Text(), nullable=False),
        sa.Column("early_payment", sa.Text(), nullable=False),
        sa.Column("exemption", sa.Text(), nullable=False),
        sa.Column("exemption_code", sa.String(length=40), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("vat_on_debits", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_terms")),
    )
    op.create_table(
        "number_series",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_series")),
        sa.UniqueConstraint("kind", "year", "is_test", name=op.f("uq_number_series_kind_year_is_test")),
    )
    op.create_table(
        "invoices",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=35), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("credits_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("buyer_name", sa.String(length=200), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("check", sa.String(20), nullable=False),
        sa.Column("problems", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("pdf_id", sa.Integer(), nullable=True),
        sa.Column("xml", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank > 0", name=op.f("ck_invoices_rank_positive")),
        sa.CheckConstraint("total_cents >= 0", name=op.f("ck_invoices_total_positive")),
        sa.ForeignKeyConstraint(["credits_id"], ["invoices.id"], name=op.f("fk_invoices_credits_id_invoices")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_invoices_order_id_orders")),
        sa.ForeignKeyConstraint(["pdf_id"], ["stored_files.id"], name=op.f("fk_invoices_pdf_id_stored_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("kind", "year", "is_test", "rank", name=op.f("uq_invoices_kind_year_is_test_rank")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
    )
    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoices_buyer_name"), ["buyer_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoices_check"), ["check"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoices_credits_id"), ["credits_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoices_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoices_issued_on"), ["issued_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoices_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoices_pdf_id"), ["pdf_id"], unique=False)

    op.create_table(
        "invoice_lines",
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("gross_cents", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_lines_invoice_id_invoices"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_lines.id"], name=op.f("fk_invoice_lines_order_line_id_order_lines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_lines")),
        sa.UniqueConstraint("invoice_id", "position", name=op.f("uq_invoice_lines_invoice_id_position")),
    )
    with op.batch_alter_table("invoice_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_lines_order_line_id"), ["order_line_id"], unique=False)

    with op.batch_alter_table("payment_methods", schema=None) as batch_op:
        batch_op.add_column(sa.Column("invoice_at", sa.String(20), nullable=False, server_default="order"))
        batch_op.add_column(sa.Column("means_code", sa.String(length=3), nullable=False, server_default="30"))
    with op.batch_alter_table("payment_methods", schema=None) as batch_op:
        batch_op.alter_column("invoice_at", server_default=None, existing_type=sa.String(20))
        batch_op.alter_column("means_code", server_default=None, existing_type=sa.String(3))

    op.bulk_insert(sa.table("invoice_terms", *(sa.column(name) for name in _TERMS)), [_TERMS])
    methods = sa.table("payment_methods", sa.column("code"), sa.column("invoice_at"), sa.column("means_code"))
    for code, (moment, means) in _METHODS.items():
        op.execute(sa.update(methods).where(methods.c.code == code).values(invoice_at=moment, means_code=means))


def downgrade() -> None:
    with op.batch_alter_table("payment_methods", schema=None) as batch_op:
        batch_op.drop_column("means_code")
        batch_op.drop_column("invoice_at")

    with op.batch_alter_table("invoice_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_lines_order_line_id"))

    op.drop_table("invoice_lines")
    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoices_pdf_id"))
        batch_op.drop_index(batch_op.f("ix_invoices_order_id"))
        batch_op.drop_index(batch_op.f("ix_invoices_issued_on"))
        batch_op.drop_index(batch_op.f("ix_invoices_due_on"))
        batch_op.drop_index(batch_op.f("ix_invoices_credits_id"))
        batch_op.drop_index(batch_op.f("ix_invoices_check"))
        batch_op.drop_index(batch_op.f("ix_invoices_buyer_name"))

    op.drop_table("invoices")
    op.drop_table("number_series")
    op.drop_table("invoice_terms")
