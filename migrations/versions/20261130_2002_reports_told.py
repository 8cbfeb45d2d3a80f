"""Who was told that the report of a day is out."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2002"
down_revision = "20261130_2001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_reports_told",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_day_reports_told_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outgoing_mails.id"], name=op.f("fk_day_reports_told_mail_id_outgoing_mails")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_day_reports_told_registration_id_registrations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_reports_told")),
        sa.UniqueConstraint("article_id", "to_address", name=op.f("uq_day_reports_told_article_id_to_address")),
    )
    op.create_index(op.f("ix_day_reports_told_mail_id"), "day_reports_told", ["mail_id"])
    op.create_index(op.f("ix_day_reports_told_registration_id"), "day_reports_told", ["registration_id"])


def downgrade() -> None:
    op.drop_table("day_reports_told")
    op.execute("DELETE FROM day_reminders WHERE kind NOT IN ('week', 'eve')")
