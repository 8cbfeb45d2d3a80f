"""Gifts, renewals of contracts, what the office gives, and the reminders that a subscription ends."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "20261130_1100"
down_revision = "20261130_1000"
branch_labels = None
depends_on = None

#: Random bytes in a private link.
_SECRET_BYTES = 24
#: Rows that get their secret in one statement.
_BATCH = 1000
_BEGUN = sa.text("starts_on IS NOT NULL AND status <> 'cancelled'")


def upgrade() -> None:
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.add_column(sa.Column("secret", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("renews_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reminders", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("reason", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("granted_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("locale", sa.String(length=5), nullable=False, server_default="fr"))
    _draw_secrets()
    # What the magazine gives is not asked to be paid for.
    op.execute(sa.text("UPDATE contracts SET reminders = :off WHERE kind = 'complimentary'").bindparams(off=False))
    # Readers are written to in the language of their order.
    op.execute(
        "UPDATE contracts SET locale = (SELECT orders.locale FROM order_lines JOIN orders ON orders.id = "
        "order_lines.order_id WHERE order_lines.id = contracts.order_line_id) WHERE order_line_id IS NOT NULL"
    )
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.alter_column("secret", existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column("reminders", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("reason", existing_type=sa.String(length=300), server_default=None)
        batch_op.alter_column("locale", existing_type=sa.String(length=5), server_default=None)
        batch_op.create_unique_constraint(op.f("uq_contracts_secret"), ["secret"])
        batch_op.create_check_constraint(op.f("ck_contracts_ends_after_start"), "ends_on >= starts_on")
        batch_op.create_foreign_key(op.f("fk_contracts_renews_id_contracts"), "contracts", ["renews_id"], ["id"])
        batch_op.create_foreign_key(
            op.f("fk_contracts_granted_by_id_users"), "users", ["granted_by_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index(op.f("ix_contracts_renews_id"), "contracts", ["renews_id"])
    op.create_index(op.f("ix_contracts_granted_by_id"), "contracts", ["granted_by_id"])
    op.create_index(
        op.f("uq_contracts_renews_id_begun"),
        "contracts",
        ["renews_id"],
        unique=True,
        sqlite_where=_BEGUN,
        postgresql_where=_BEGUN,
    )
    op.create_table(
        "gifts",
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("giver_name", sa.String(length=200), nullable=False),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("recipient_email", sa.String(length=254), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("announce_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("sends BETWEEN 0 AND 5", name=op.f("ck_gifts_sends_within_limit")),
        sa.CheckConstraint("redeemed_at IS NULL OR ready_at IS NOT NULL", name=op.f("ck_gifts_redeemed_once_ready")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_gifts_contract_id_contracts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gifts")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_gifts_contract_id")),
        sa.UniqueConstraint("secret", name=op.f("uq_gifts_secret")),
    )
    op.create_index(op.f("ix_gifts_announced_at_announce_at"), "gifts", ["announced_at", "announce_at"])
    op.create_index(op.f("ix_gifts_redeemed_at_reminded_at"), "gifts", ["redeemed_at", "reminded_at"])
    op.create_table(
        "contract_reminders",
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_contract_reminders_contract_id_contracts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_reminders")),
        sa.UniqueConstraint(
            "contract_id", "kind", "ends_on", name=op.f("uq_contract_reminders_contract_id_kind_ends_on")
        ),
    )


def downgrade() -> None:
    """Gifts that nobody accepted become contracts of nobody, which wait; those accepted are as paid by their readers."""
    op.execute("UPDATE contracts SET kind = 'paid' WHERE kind = 'gift'")
    op.execute("UPDATE contracts SET kind = 'complimentary' WHERE kind = 'trial'")
    op.drop_table("contract_reminders")
    op.drop_table("gifts")
    for name in ("uq_contracts_renews_id_begun", "ix_contracts_granted_by_id", "ix_contracts_renews_id"):
        op.drop_index(op.f(name), table_name="contracts")
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.drop_constraint(op.f("fk_contracts_granted_by_id_users"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_contracts_renews_id_contracts"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_contracts_ends_after_start"), type_="check")
        batch_op.drop_constraint(op.f("uq_contracts_secret"), type_="unique")
        for column in ("locale", "granted_by_id", "reason", "reminders", "renews_id", "secret"):
            batch_op.drop_column(column)


def _draw_secrets() -> None:
    """Give every contract that there is the secret of its own link."""
    contracts = sa.table("contracts", sa.column("id", sa.Integer), sa.column("secret", sa.String))
    connection = op.get_bind()
    while keys := connection.scalars(sa.select(contracts.c.id).where(contracts.c.secret.is_(None)).limit(_BATCH)).all():
        connection.execute(
            sa.update(contracts).where(contracts.c.id == sa.bindparam("key")).values(secret=sa.bindparam("drawn")),
            [{"key": key, "drawn": secrets.token_urlsafe(_SECRET_BYTES)} for key in keys],
        )
