"""What the organiser asks, and what people answer."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1920"
down_revision = "20261130_1910"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("study_day_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("help", sa.String(length=300), nullable=False),
        sa.Column("help_en", sa.String(length=300), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("keep_days BETWEEN 0 AND 3650", name=op.f("ck_questions_keep_days_plausible")),
        sa.ForeignKeyConstraint(
            ["study_day_id"],
            ["study_days.id"],
            name=op.f("fk_questions_study_day_id_study_days"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("study_day_id", "code", name=op.f("uq_questions_study_day_id_code")),
    )
    op.create_table(
        "answers",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(registration_id IS NULL) <> (order_id IS NULL)", name=op.f("ck_answers_of_seat_or_order")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_answers_question_id_questions")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_answers_registration_id_registrations")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_answers_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("question_id", "registration_id", name=op.f("uq_answers_question_id_registration_id")),
        sa.UniqueConstraint("question_id", "order_id", name=op.f("uq_answers_question_id_order_id")),
    )
    op.create_index(op.f("ix_answers_registration_id"), "answers", ["registration_id"])
    op.create_index(op.f("ix_answers_order_id"), "answers", ["order_id"])


def downgrade() -> None:
    op.drop_table("answers")
    op.drop_table("questions")
