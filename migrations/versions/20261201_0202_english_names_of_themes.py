"""A theme has a name in English."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0202"
down_revision = "20261201_0201"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("themes") as batch_op:
        batch_op.add_column(sa.Column("name_en", sa.String(length=100), nullable=False, server_default=""))
    with op.batch_alter_table("themes") as batch_op:
        batch_op.alter_column("name_en", server_default=None, existing_type=sa.String(length=100))


def downgrade() -> None:
    with op.batch_alter_table("themes") as batch_op:
        batch_op.drop_column("name_en")
