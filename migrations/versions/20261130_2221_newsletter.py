"""The newsletter: readers and what they agreed to, letters, what stands in them, and whom each was for."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2221"
down_revision = "20261130_2213"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "newsletter_readers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("confirm_secret", sa.String(length=64), nullable=False),
        sa.Column("all_themes", sa.Boolean(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        sa.Column("left_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter_readers")),
        sa.UniqueConstraint("email", name=op.f("uq_newsletter_readers_email")),
        sa.UniqueConstraint("secret", name=op.f("uq_newsletter_readers_secret")),
        sa.UniqueConstraint("confirm_secret", name=op.f("uq_newsletter_readers_confirm_secret")),
    )
    op.create_index(op.f("ix_newsletter_readers_status_asked_at"), "newsletter_readers", ["status", "asked_at"])
    op.create_index(op.f("ix_newsletter_readers_left_at"), "newsletter_readers", ["left_at"])
    op.create_table(
        "newsletter_reader_themes",
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["newsletter_readers.id"],
            ondelete="CASCADE",
            name=op.f("fk_newsletter_reader_themes_reader_id_newsletter_readers"),
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], ondelete="CASCADE", name=op.f("fk_newsletter_reader_themes_theme_id_themes")
        ),
        sa.PrimaryKeyConstraint("reader_id", "theme_id", name=op.f("pk_newsletter_reader_themes")),
    )
    op.create_index(op.f("ix_newsletter_reader_themes_theme_id"), "newsletter_reader_themes", ["theme_id"])
    op.create_table(
        "newsletter_consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["newsletter_readers.id"],
            ondelete="CASCADE",
            name=op.f("fk_newsletter_consents_reader_id_newsletter_readers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter_consents")),
    )
    op.create_index(op.f("ix_newsletter_consents_reader_id"), "newsletter_consents", ["reader_id"])
    op.create_table(
        "newsletter_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("covers_until", _MOMENT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=True),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter_letters")),
        sa.UniqueConstraint("week", name=op.f("uq_newsletter_letters_week")),
    )
    op.create_index(op.f("ix_newsletter_letters_status_starts_at"), "newsletter_letters", ["status", "starts_at"])
    op.create_table(
        "newsletter_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("study_day_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_in", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(article_id IS NULL) <> (study_day_id IS NULL)", name=op.f("ck_newsletter_items_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["newsletter_letters.id"],
            ondelete="CASCADE",
            name=op.f("fk_newsletter_items_letter_id_newsletter_letters"),
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            ondelete="CASCADE",
            name=op.f("fk_newsletter_items_article_id_articles"),
        ),
        sa.ForeignKeyConstraint(
            ["study_day_id"],
            ["study_days.id"],
            ondelete="CASCADE",
            name=op.f("fk_newsletter_items_study_day_id_study_days"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter_items")),
        sa.UniqueConstraint("letter_id", "article_id", name=op.f("uq_newsletter_items_letter_id_article_id")),
        sa.UniqueConstraint("letter_id", "study_day_id", name=op.f("uq_newsletter_items_letter_id_study_day_id")),
    )
    op.create_index(op.f("ix_newsletter_items_article_id"), "newsletter_items", ["article_id"])
    op.create_index(op.f("ix_newsletter_items_study_day_id"), "newsletter_items", ["study_day_id"])
    op.create_table(
        "newsletter_recipients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["newsletter_letters.id"],
            ondelete="CASCADE",
            name=op.f("fk_newsletter_recipients_letter_id_newsletter_letters"),
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["newsletter_readers.id"],
            ondelete="SET NULL",
            name=op.f("fk_newsletter_recipients_reader_id_newsletter_readers"),
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outgoing_mails.id"], name=op.f("fk_newsletter_recipients_mail_id_outgoing_mails")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter_recipients")),
        sa.UniqueConstraint("letter_id", "address", name=op.f("uq_newsletter_recipients_letter_id_address")),
        sa.UniqueConstraint("mail_id", name=op.f("uq_newsletter_recipients_mail_id")),
    )
    op.create_index(op.f("ix_newsletter_recipients_address"), "newsletter_recipients", ["address"])
    op.create_index(op.f("ix_newsletter_recipients_reader_id"), "newsletter_recipients", ["reader_id"])
    op.create_index(op.f("ix_newsletter_recipients_letter_id_status"), "newsletter_recipients", ["letter_id", "status"])


def downgrade() -> None:
    for table in ("recipients", "items", "letters", "consents", "reader_themes", "readers"):
        op.drop_table(f"newsletter_{table}")
