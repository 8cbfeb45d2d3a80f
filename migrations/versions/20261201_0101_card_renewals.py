"""Subscriptions that a card renews: agreements, what was announced, each try to charge."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0101"
down_revision = "20261130_2252"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "card_agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("agreed_at", _MOMENT, nullable=False),
        sa.Column("agreed_text", sa.Text(), nullable=False),
        sa.Column("agreed_cents", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(length=100), nullable=False),
        sa.Column("method_id", sa.String(length=100), nullable=False),
        sa.Column("brand", sa.String(length=30), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("exp_month", sa.Integer(), nullable=True),
        sa.Column("exp_year", sa.Integer(), nullable=True),
        sa.Column("stopped_at", _MOMENT, nullable=True),
        sa.Column("stopped_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.CheckConstraint("agreed_cents > 0", name=op.f("ck_card_agreements_agreed_to_a_price")),
        sa.CheckConstraint(
            "(state = 'over') = (end_reason IS NOT NULL)", name=op.f("ck_card_agreements_over_for_a_reason")
        ),
        sa.CheckConstraint("state <> 'active' OR method_id <> ''", name=op.f("ck_card_agreements_active_with_a_card")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_card_agreements_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_card_agreements_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["stopped_by_id"], ["users.id"], ondelete="SET NULL", name=op.f("fk_card_agreements_stopped_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_agreements")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_card_agreements_contract_id")),
        sa.UniqueConstraint("secret", name=op.f("uq_card_agreements_secret")),
    )
    op.create_index(op.f("ix_card_agreements_order_id"), "card_agreements", ["order_id"])
    op.create_index(op.f("ix_card_agreements_state"), "card_agreements", ["state"])
    op.create_index(op.f("ix_card_agreements_stopped_by_id"), "card_agreements", ["stopped_by_id"])
    op.create_table(
        "card_renewals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("announced_at", _MOMENT, nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("charge_on", sa.Date(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("told_at", _MOMENT, nullable=True),
        sa.CheckConstraint("price_cents > 0", name=op.f("ck_card_renewals_announced_with_a_price")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["card_agreements.id"],
            ondelete="CASCADE",
            name=op.f("fk_card_renewals_agreement_id_card_agreements"),
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_card_renewals_contract_id_contracts")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_card_renewals_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_renewals")),
        sa.UniqueConstraint("contract_id", "ends_on", name=op.f("uq_card_renewals_contract_id_ends_on")),
    )
    op.create_index(op.f("ix_card_renewals_agreement_id"), "card_renewals", ["agreement_id"])
    op.create_index(op.f("ix_card_renewals_order_id"), "card_renewals", ["order_id"])
    op.create_table(
        "card_charges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("renewal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("payment_id", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_card_charges_asks_for_something")),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name=op.f("ck_card_charges_asked_until_answered")
        ),
        sa.ForeignKeyConstraint(
            ["renewal_id"],
            ["card_renewals.id"],
            ondelete="CASCADE",
            name=op.f("fk_card_charges_renewal_id_card_renewals"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_charges")),
        sa.UniqueConstraint("key", name=op.f("uq_card_charges_key")),
        sa.UniqueConstraint("renewal_id", "number", name=op.f("uq_card_charges_renewal_id_number")),
    )
    op.create_index(op.f("ix_card_charges_state"), "card_charges", ["state"])


def downgrade() -> None:
    op.drop_table("card_charges")
    op.drop_table("card_renewals")
    op.drop_table("card_agreements")
