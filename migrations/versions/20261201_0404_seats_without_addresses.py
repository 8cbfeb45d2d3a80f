"""Whoever comes to the door without a seat need give no address."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0404"
down_revision = "20261201_0403"
branch_labels = None
depends_on = None

_SEATS = sa.table("registrations", *(sa.column(name) for name in ("id", "named_at", "email")))


def upgrade() -> None:
    with op.batch_alter_table("registrations") as batch_op:
        batch_op.drop_constraint(op.f("ck_registrations_named_has_name"), type_="check")
        batch_op.create_check_constraint(op.f("ck_registrations_named_has_name"), "named_at IS NULL OR last_name <> ''")


def downgrade() -> None:
    nobodys = sa.literal("place-") + sa.cast(_SEATS.c.id, sa.String) + "@sans-courriel.invalid"
    op.execute(sa.update(_SEATS).where(_SEATS.c.named_at.is_not(None), _SEATS.c.email == "").values(email=nobodys))
    with op.batch_alter_table("registrations") as batch_op:
        batch_op.drop_constraint(op.f("ck_registrations_named_has_name"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_registrations_named_has_name"), "named_at IS NULL OR (last_name <> '' AND email <> '')"
        )
