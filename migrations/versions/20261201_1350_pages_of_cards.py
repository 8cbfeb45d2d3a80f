"""Of the card that renews it is known on which of Stripe's pages it was given: an older page brings no older card back."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_1350"
down_revision = "20261201_1330"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("card_agreements") as batch_op:
        batch_op.add_column(sa.Column("card_page_id", sa.String(100), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("card_page_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("card_agreements") as batch_op:
        batch_op.alter_column("card_page_id", server_default=None, existing_type=sa.String(100))


def downgrade() -> None:
    with op.batch_alter_table("card_agreements") as batch_op:
        batch_op.drop_column("card_page_at")
        batch_op.drop_column("card_page_id")
