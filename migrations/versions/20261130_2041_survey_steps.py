"""What a questionnaire shows while it is open changes by steps; what is answered so far is shown already."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261130_2041"
down_revision = "20261130_2032"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("survey_replies") as batch_op:
        batch_op.add_column(sa.Column("shown_answers", _JSON))
        batch_op.add_column(sa.Column("is_pending", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE survey_replies SET shown_answers = answers")
    with op.batch_alter_table("survey_replies") as batch_op:
        batch_op.alter_column("is_pending", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("survey_replies") as batch_op:
        batch_op.drop_column("is_pending")
        batch_op.drop_column("shown_answers")
