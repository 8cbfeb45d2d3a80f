"""An account of VAT for each rate, one for the fees on cards, and what Stripe paid out."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1610"
down_revision = "20261130_1600"
branch_labels = None
depends_on = None

_FEES = {"key": "fees", "number": "627", "label": "Services bancaires"}
#: Rates in hundredths of a percent.
_VAT_ACCOUNTS = (
    (2000, "445711", "TVA collectée 20 %"),
    (1000, "445712", "TVA collectée 10 %"),
    (850, "445713", "TVA collectée 8,5 %"),
    (550, "445714", "TVA collectée 5,5 %"),
    (210, "445715", "TVA collectée 2,1 %"),
    (105, "445716", "TVA collectée 1,05 %"),
)


def upgrade() -> None:
    accounts = sa.table("ledger_accounts", sa.column("key"), sa.column("number"), sa.column("label"))
    op.bulk_insert(accounts, [_FEES])
    vat_accounts = op.create_table(
        "vat_accounts",
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rate > 0", name=op.f("ck_vat_accounts_rate_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vat_accounts")),
        sa.UniqueConstraint("rate", name=op.f("uq_vat_accounts_rate")),
    )
    op.bulk_insert(
        vat_accounts, [{"rate": rate, "number": number, "label": label} for rate, number, label in _VAT_ACCOUNTS]
    )
    op.create_table(
        "card_payouts",
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("fee_cents", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_card_payouts_recorded_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["card_payouts.id"], name=op.f("fk_card_payouts_reverses_id_card_payouts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_payouts")),
        sa.UniqueConstraint("reference", name=op.f("uq_card_payouts_reference")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_card_payouts_reverses_id")),
    )
    for column in ("arrived_on", "recorded_at", "recorded_by_id"):
        op.create_index(op.f(f"ix_card_payouts_{column}"), "card_payouts", [column])


def downgrade() -> None:
    op.drop_table("card_payouts")
    op.drop_table("vat_accounts")
    op.execute("DELETE FROM ledger_accounts WHERE key = 'fees'")
