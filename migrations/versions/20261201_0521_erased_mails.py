"""The line of an erased mail stays with its seat, and the ledger of a message can do without addresses."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0521"
down_revision = "20261201_0511"
branch_labels = None
depends_on = None

_MAILS = sa.table(
    "outgoing_mails",
    *(
        sa.column(name)
        for name in ("template", "to_address", "subject_kind", "subject_id", "study_day_id", "registration_id")
    ),
)
_SEATS = sa.table(
    "registrations",
    *(sa.column(name) for name in ("id", "order_line_id", "study_day_id", "email", "invited_email")),
)
_LINES = sa.table("order_lines", *(sa.column(name) for name in ("id", "order_id")))
_LEDGER = sa.table("mailing_recipients", sa.column("id", sa.Integer), sa.column("address", sa.String))
#: What the rooms write to whoever has a seat.
_OF_SEATS = ("registrations/", "attendance/", "mailings/")


def upgrade() -> None:
    op.add_column("outgoing_mails", sa.Column("registration_id", sa.Integer(), nullable=True))
    # The only one of its order and day that has, or was to have, the address.
    theirs = (
        sa.select(sa.func.min(_SEATS.c.id))
        .join_from(_SEATS, _LINES, _SEATS.c.order_line_id == _LINES.c.id)
        .where(
            _LINES.c.order_id == _MAILS.c.subject_id,
            sa.or_(_SEATS.c.email == _MAILS.c.to_address, _SEATS.c.invited_email == _MAILS.c.to_address),
            sa.or_(_MAILS.c.study_day_id.is_(None), _SEATS.c.study_day_id == _MAILS.c.study_day_id),
        )
        .having(sa.func.count() == 1)
        .scalar_subquery()
    )
    op.execute(
        sa.update(_MAILS)
        .where(
            _MAILS.c.subject_kind == "order",
            _MAILS.c.to_address != "",
            _MAILS.c.template != "registrations/names_missing",
            sa.or_(*(_MAILS.c.template.startswith(room) for room in _OF_SEATS)),
        )
        .values(registration_id=theirs)
    )
    op.create_index(op.f("ix_outgoing_mails_registration_id"), "outgoing_mails", ["registration_id"])
    with op.batch_alter_table("mailing_recipients") as batch_op:
        batch_op.alter_column("address", existing_type=sa.String(254), nullable=True)


def downgrade() -> None:
    nobodys = sa.literal("ligne-") + sa.cast(_LEDGER.c.id, sa.String) + "@sans-courriel.invalid"
    op.execute(sa.update(_LEDGER).where(_LEDGER.c.address.is_(None)).values(address=nobodys))
    with op.batch_alter_table("mailing_recipients") as batch_op:
        batch_op.alter_column("address", existing_type=sa.String(254), nullable=False)
    op.drop_index(op.f("ix_outgoing_mails_registration_id"), table_name="outgoing_mails")
    op.drop_column("outgoing_mails", "registration_id")
