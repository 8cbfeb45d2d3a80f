"""Who waits for a seat at a full day, and the seats kept for them."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1820"
down_revision = "20261130_1800"
branch_labels = None
depends_on = None

_LIVE = sa.text("status IN ('waiting', 'offered')")
_OPEN = sa.text("outcome IS NULL")


def upgrade() -> None:
    op.create_table(
        "waiting_entries",
        sa.Column("study_day_id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("rate_code", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_waiting_entries_seats_positive")),
        sa.ForeignKeyConstraint(
            ["study_day_id"], ["study_days.id"], name=op.f("fk_waiting_entries_study_day_id_study_days")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entries")),
        sa.UniqueConstraint("secret", name=op.f("uq_waiting_entries_secret")),
        sa.UniqueConstraint("form_key", name=op.f("uq_waiting_entries_form_key")),
    )
    op.create_index(op.f("ix_waiting_entries_email"), "waiting_entries", ["email"])
    op.create_index(
        op.f("ix_waiting_entries_study_day_id_status_rank"), "waiting_entries", ["study_day_id", "status", "rank"]
    )
    op.create_index(
        "uq_waiting_entries_live",
        "waiting_entries",
        ["study_day_id", "email"],
        unique=True,
        postgresql_where=_LIVE,
        sqlite_where=_LIVE,
    )
    op.create_table(
        "waiting_offers",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_waiting_offers_seats_positive")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["waiting_entries.id"], name=op.f("fk_waiting_offers_entry_id_waiting_entries")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_waiting_offers_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_offers")),
    )
    op.create_index(op.f("ix_waiting_offers_entry_id"), "waiting_offers", ["entry_id"])
    op.create_index(op.f("ix_waiting_offers_order_id"), "waiting_offers", ["order_id"])
    op.create_index(op.f("ix_waiting_offers_outcome_expires_at"), "waiting_offers", ["outcome", "expires_at"])
    op.create_index(
        "uq_waiting_offers_open",
        "waiting_offers",
        ["entry_id"],
        unique=True,
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("waiting_offers")
    op.drop_table("waiting_entries")
