"""Messages to many, reminders before a day, and the addresses that are left out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261130_1910"
down_revision = "20261130_1900"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("outgoing_mails") as batch_op:
        batch_op.add_column(sa.Column("study_day_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("unsubscribe_url", sa.String(length=500), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            op.f("fk_outgoing_mails_study_day_id_study_days"),
            "study_days",
            ["study_day_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_index(op.f("ix_outgoing_mails_study_day_id"), ["study_day_id"])
    with op.batch_alter_table("outgoing_mails") as batch_op:
        batch_op.alter_column("unsubscribe_url", existing_type=sa.String(length=500), server_default=None)
    op.create_table(
        "mail_suppressions",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_suppressions")),
        sa.UniqueConstraint("address", "reason", name=op.f("uq_mail_suppressions_address_reason")),
    )
    op.create_index(op.f("ix_mail_suppressions_at"), "mail_suppressions", ["at"])
    op.create_index(op.f("ix_mail_suppressions_reason_at"), "mail_suppressions", ["reason", "at"])
    op.create_table(
        "mailings",
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=False),
        sa.Column("audience_data", _JSON, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("is_service", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_label", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_mailings_author_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
    )
    op.create_index(op.f("ix_mailings_author_id"), "mailings", ["author_id"])
    op.create_index(op.f("ix_mailings_created_at"), "mailings", ["created_at"])
    op.create_index(op.f("ix_mailings_status_starts_at"), "mailings", ["status", "starts_at"])
    op.create_table(
        "mailing_recipients",
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("facts", _JSON, nullable=False),
        sa.Column("study_day_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailings.id"], name=op.f("fk_mailing_recipients_mailing_id_mailings"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_day_id"],
            ["study_days.id"],
            name=op.f("fk_mailing_recipients_study_day_id_study_days"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outgoing_mails.id"], name=op.f("fk_mailing_recipients_mail_id_outgoing_mails")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_recipients")),
        sa.UniqueConstraint("mailing_id", "address", name=op.f("uq_mailing_recipients_mailing_id_address")),
        sa.UniqueConstraint("mail_id", name=op.f("uq_mailing_recipients_mail_id")),
    )
    op.create_index(op.f("ix_mailing_recipients_address"), "mailing_recipients", ["address"])
    op.create_index(op.f("ix_mailing_recipients_study_day_id"), "mailing_recipients", ["study_day_id"])
    op.create_index(op.f("ix_mailing_recipients_mailing_id_status"), "mailing_recipients", ["mailing_id", "status"])
    op.create_table(
        "day_reminders",
        sa.Column("study_day_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_day_id"],
            ["study_days.id"],
            name=op.f("fk_day_reminders_study_day_id_study_days"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_reminders")),
        sa.UniqueConstraint("study_day_id", "kind", name=op.f("uq_day_reminders_study_day_id_kind")),
    )
    op.create_table(
        "day_reminders_sent",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_day_reminders_sent_registration_id_registrations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_reminders_sent")),
        sa.UniqueConstraint(
            "registration_id", "kind", "held_on", name=op.f("uq_day_reminders_sent_registration_id_kind_held_on")
        ),
    )


def downgrade() -> None:
    op.drop_table("day_reminders_sent")
    op.drop_table("day_reminders")
    op.drop_table("mailing_recipients")
    op.drop_table("mailings")
    op.drop_table("mail_suppressions")
    with op.batch_alter_table("outgoing_mails") as batch_op:
        batch_op.drop_index(op.f("ix_outgoing_mails_study_day_id"))
        batch_op.drop_constraint(op.f("fk_outgoing_mails_study_day_id_study_days"), type_="foreignkey")
        batch_op.drop_column("unsubscribe_url")
        batch_op.drop_column("study_day_id")
