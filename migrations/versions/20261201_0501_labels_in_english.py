"""The line of an order is called by an English name too, where what was bought has one."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0501"
down_revision = "20261201_0405"
branch_labels = None
depends_on = None

_LINES = sa.table("order_lines", *(sa.column(name, sa.String) for name in ("id", "label", "label_en")))
_CONTRACTS = sa.table("contracts", sa.column("order_line_id"), sa.column("plan_id"))
_PLANS = sa.table("plans", *(sa.column(name, sa.String) for name in ("id", "name", "name_en")))


def upgrade() -> None:
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.add_column(sa.Column("label_en", sa.String(length=300), server_default="", nullable=False))
    # What was bought before keeps its name, unless the plan has another since.
    for french, english in (("", ""), (", offert", ", a gift"), (", renouvellement", ", renewal")):
        op.execute(
            sa.update(_LINES)
            .where(
                _LINES.c.id == _CONTRACTS.c.order_line_id,
                _CONTRACTS.c.plan_id == _PLANS.c.id,
                _PLANS.c.name_en != "",
                _LINES.c.label == sa.literal("Abonnement ") + _PLANS.c.name + sa.literal(french),
            )
            .values(label_en=sa.literal("Subscription: ") + _PLANS.c.name_en + sa.literal(english))
        )


def downgrade() -> None:
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.drop_column("label_en")
