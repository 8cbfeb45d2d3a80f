"""The ledger of letters keeps no address of a reader who is forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2252"
down_revision = "20261130_2251"
branch_labels = None
depends_on = None

_LEDGER = sa.table(
    "newsletter_recipients", sa.column("id", sa.Integer), sa.column("reader_id"), sa.column("address", sa.String)
)


def upgrade() -> None:
    with op.batch_alter_table("newsletter_recipients") as batch_op:
        batch_op.alter_column("address", existing_type=sa.String(length=254), nullable=True)
    op.execute(sa.update(_LEDGER).where(_LEDGER.c.reader_id.is_(None)).values(address=None))


def downgrade() -> None:
    gone = sa.literal("oublie-") + sa.cast(_LEDGER.c.id, sa.String)
    op.execute(sa.update(_LEDGER).where(_LEDGER.c.address.is_(None)).values(address=gone))
    with op.batch_alter_table("newsletter_recipients") as batch_op:
        batch_op.alter_column("address", existing_type=sa.String(length=254), nullable=False)
