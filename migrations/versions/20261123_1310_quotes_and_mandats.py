"""Quotes, dossiers of public bodies, and what these bodies want on their invoices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
#: Days after which somebody who pays by mandat is reminded of the purchase order.
_DAYS = 10


def upgrade() -> None:
    op.create_table(
        "quotes",
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("buyer_name", sa.String(length=200), nullable=False),
        sa.Column("billed_to", sa.String(length=200), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("request", _JSON, nullable=False),
        sa.Column("prices", _JSON, nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("total_cents >= 0", name=op.f("ck_quotes_total_positive")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_quotes_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("order_id", name=op.f("uq_quotes_order_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_quotes_reference")),
        sa.UniqueConstraint("request_key", name=op.f("uq_quotes_request_key")),
    )
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quotes_billed_to"), ["billed_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_quotes_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_quotes_made_at"), ["made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_quotes_valid_until"), ["valid_until"], unique=False)

    op.create_table(
        "mandat_dossiers",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("awaited_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purchase_order_number", sa.String(length=50), nullable=False),
        sa.Column("purchase_order_file_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("service_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deposit_number", sa.String(length=50), nullable=False),
        sa.Column("deposited_on", sa.Date(), nullable=True),
        sa.Column("rejection", sa.String(length=300), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_mandat_dossiers_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["purchase_order_file_id"],
            ["stored_files.id"],
            name=op.f("fk_mandat_dossiers_purchase_order_file_id_stored_files"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandat_dossiers")),
        sa.UniqueConstraint("order_id", name=op.f("uq_mandat_dossiers_order_id")),
    )
    with op.batch_alter_table("mandat_dossiers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mandat_dossiers_purchase_order_file_id"), ["purchase_order_file_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mandat_dossiers_status_awaited_since"), ["status", "awaited_since"], unique=False
        )

    with op.batch_alter_table("organisations", schema=None) as batch_op:
        for name in ("requires_service_code", "requires_commitment_number"):
            batch_op.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        for name in ("requires_service_code", "requires_commitment_number"):
            batch_op.alter_column(name, server_default=None, existing_type=sa.Boolean())
    with op.batch_alter_table("invoice_terms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quote_days", sa.Integer(), nullable=False, server_default="30"))
    with op.batch_alter_table("invoice_terms", schema=None) as batch_op:
        batch_op.alter_column("quote_days", server_default=None, existing_type=sa.Integer())
    with op.batch_alter_table("payment_methods", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purchase_order_days", sa.Integer(), nullable=True))

    methods = sa.table("payment_methods", sa.column("code"), sa.column("purchase_order_days"))
    op.execute(sa.update(methods).where(methods.c.code == "mandat").values(purchase_order_days=_DAYS))
    # Orders of before have their dossier from now on: nobody is reminded of what was never asked for.
    op.execute(
        "INSERT INTO mandat_dossiers (order_id, status, awaited_since, purchase_order_number, deposit_number, rejection) "
        "SELECT id, CASE WHEN payment_status IN ('paid', 'overpaid') THEN 'paid' ELSE 'awaited' END, "
        "CURRENT_TIMESTAMP, '', '', '' FROM orders "
        "WHERE payment_method = 'mandat' AND total_cents > 0"
    )


def downgrade() -> None:
    with op.batch_alter_table("payment_methods", schema=None) as batch_op:
        batch_op.drop_column("purchase_order_days")
    with op.batch_alter_table("invoice_terms", schema=None) as batch_op:
        batch_op.drop_column("quote_days")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_column("requires_commitment_number")
        batch_op.drop_column("requires_service_code")
    with op.batch_alter_table("mandat_dossiers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mandat_dossiers_status_awaited_since"))
        batch_op.drop_index(batch_op.f("ix_mandat_dossiers_purchase_order_file_id"))
    op.drop_table("mandat_dossiers")
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quotes_valid_until"))
        batch_op.drop_index(batch_op.f("ix_quotes_made_at"))
        batch_op.drop_index(batch_op.f("ix_quotes_email"))
        batch_op.drop_index(batch_op.f("ix_quotes_billed_to"))
    op.drop_table("quotes")
