"""For whom a paper could not be made is kept with the reason."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261201_0401"
down_revision = "20261201_0301"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("paper_jobs") as batch_op:
        batch_op.add_column(
            sa.Column(
                "reasons",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                server_default="{}",
                nullable=False,
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("paper_jobs") as batch_op:
        batch_op.drop_column("reasons")
