"""The line of an order is called by an English name too, where what was bought has one."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0501"
down_revision = "20261201_0405"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.add_column(sa.Column("label_en", sa.String(length=300), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.drop_column("label_en")
