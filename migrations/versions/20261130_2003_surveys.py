"""What people thought of a day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261130_2003"
down_revision = "20261130_2002"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "surveys",
        sa.Column("study_day_id", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("questions", _JSON, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_day_id"], ["study_days.id"], name=op.f("fk_surveys_study_day_id_study_days"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("study_day_id", name=op.f("uq_surveys_study_day_id")),
    )
    op.create_table(
        "survey_replies",
        sa.Column("study_day_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("answers", _JSON, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_survey_replies_registration_id_registrations")
        ),
        sa.ForeignKeyConstraint(
            ["study_day_id"],
            ["study_days.id"],
            name=op.f("fk_survey_replies_study_day_id_study_days"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_replies")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_survey_replies_registration_id")),
    )
    op.create_index(op.f("ix_survey_replies_study_day_id"), "survey_replies", ["study_day_id"])


def downgrade() -> None:
    op.drop_table("survey_replies")
    op.drop_table("surveys")
    op.execute("DELETE FROM day_reminders_sent WHERE kind = 'survey'")
    op.execute("DELETE FROM day_reminders WHERE kind = 'survey'")
