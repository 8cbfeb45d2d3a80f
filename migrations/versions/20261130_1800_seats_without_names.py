"""Seats bought before anybody knows for whom: private links, ticket codes, and until when names may change."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "20261130_1800"
down_revision = "20261130_1750"
branch_labels = None
depends_on = None

#: Random bytes in a private link, and in the code of a ticket.
_SECRET_BYTES, _CODE_BYTES = 24, 16
#: Rows that get theirs in one statement.
_BATCH = 1000


def upgrade() -> None:
    op.add_column("study_days", sa.Column("changes_until", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("registrations") as batch_op:
        batch_op.add_column(sa.Column("secret", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("ticket_code", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("named_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("named_by", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("invited_email", sa.String(length=254), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    # Everybody has given a name so far, with the order.
    op.execute("UPDATE registrations SET named_at = created_at, named_by = 'buyer'")
    _draw_secrets()
    with op.batch_alter_table("registrations") as batch_op:
        batch_op.alter_column("secret", existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column("ticket_code", existing_type=sa.String(length=32), nullable=False)
        batch_op.alter_column("invited_email", existing_type=sa.String(length=254), server_default=None)
        batch_op.alter_column("revision", existing_type=sa.Integer(), server_default=None)
        batch_op.create_unique_constraint(op.f("uq_registrations_secret"), ["secret"])
        batch_op.create_unique_constraint(op.f("uq_registrations_ticket_code"), ["ticket_code"])
        batch_op.create_check_constraint(
            op.f("ck_registrations_named_has_name"), "named_at IS NULL OR (last_name <> '' AND email <> '')"
        )
    op.create_index(op.f("ix_registrations_named_at"), "registrations", ["named_at"])
    op.create_table(
        "retired_tickets",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_retired_tickets_registration_id_registrations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retired_tickets")),
        sa.UniqueConstraint("code", name=op.f("uq_retired_tickets_code")),
    )
    op.create_index(op.f("ix_retired_tickets_registration_id"), "retired_tickets", ["registration_id"])
    op.create_table(
        "naming_reminders",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_naming_reminders_registration_id_registrations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_naming_reminders")),
        sa.UniqueConstraint(
            "registration_id", "kind", "held_on", name=op.f("uq_naming_reminders_registration_id_kind_held_on")
        ),
    )


def downgrade() -> None:
    op.drop_table("naming_reminders")
    op.drop_table("retired_tickets")
    op.drop_index(op.f("ix_registrations_named_at"), "registrations")
    with op.batch_alter_table("registrations") as batch_op:
        batch_op.drop_constraint(op.f("ck_registrations_named_has_name"), type_="check")
        batch_op.drop_constraint(op.f("uq_registrations_ticket_code"), type_="unique")
        batch_op.drop_constraint(op.f("uq_registrations_secret"), type_="unique")
        for column in (
            "revision", "reminded_at", "invited_at", "invited_email", "named_by", "named_at", "ticket_code", "secret",
        ):  # fmt: skip
            batch_op.drop_column(column)
    with op.batch_alter_table("study_days") as batch_op:
        batch_op.drop_column("changes_until")


def _draw_secrets() -> None:
    """Give each seat a private link and a ticket of its own."""
    connection = op.get_bind()
    table = sa.table("registrations", sa.column("id"), sa.column("secret"), sa.column("ticket_code"))
    keys = connection.execute(sa.select(table.c.id)).scalars().all()
    draw = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("key"))
        .values(secret=sa.bindparam("drawn"), ticket_code=sa.bindparam("code"))
    )
    for first in range(0, len(keys), _BATCH):
        batch = keys[first : first + _BATCH]
        connection.execute(
            draw,
            [
                {"key": key, "drawn": secrets.token_urlsafe(_SECRET_BYTES), "code": secrets.token_urlsafe(_CODE_BYTES)}
                for key in batch
            ],
        )
