"""When a reader of the newsletter did something last, and since when they are asked whether they still want it."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0301"
down_revision = "20261201_0202"
branch_labels = None
depends_on = None

_READERS = sa.table(
    "newsletter_readers", sa.column("acted_at"), sa.column("asked_at"), sa.column("confirmed_at"), sa.column("left_at")
)


def upgrade() -> None:
    with op.batch_alter_table("newsletter_readers") as batch_op:
        batch_op.add_column(sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("still_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.update(_READERS).values(acted_at=sa.func.coalesce(_READERS.c.confirmed_at, _READERS.c.asked_at)))
    with op.batch_alter_table("newsletter_readers") as batch_op:
        batch_op.alter_column("acted_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_index(batch_op.f("ix_newsletter_readers_status_acted_at"), ["status", "acted_at"])


def downgrade() -> None:
    with op.batch_alter_table("newsletter_readers") as batch_op:
        batch_op.drop_index(batch_op.f("ix_newsletter_readers_status_acted_at"))
        batch_op.drop_column("still_asked_at")
        batch_op.drop_column("acted_at")
