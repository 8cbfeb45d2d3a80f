"""How much of a reserved article is everybody's, when it opens by itself, and the links by which readers give one."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2111"
down_revision = "20261130_2103"
branch_labels = None
depends_on = None


def upgrade() -> None:
    terms = op.create_table(
        "reading_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("free_paragraphs", sa.Integer(), nullable=False),
        sa.Column("opens_after_months", sa.Integer(), nullable=False),
        sa.Column("gifts_a_month", sa.Integer(), nullable=False),
        sa.CheckConstraint("free_paragraphs >= 0", name=op.f("ck_reading_terms_free_paragraphs_positive")),
        sa.CheckConstraint("opens_after_months >= 0", name=op.f("ck_reading_terms_opens_after_months_positive")),
        sa.CheckConstraint("gifts_a_month >= 0", name=op.f("ck_reading_terms_gifts_a_month_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_terms")),
    )
    # What held until now: nothing is open but the lead, and nothing opens by itself.
    op.bulk_insert(terms, [{"id": 1, "free_paragraphs": 0, "opens_after_months": 0, "gifts_a_month": 5}])
    op.create_table(
        "article_gifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_gifts_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["users.id"], name=op.f("fk_article_gifts_giver_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_gifts")),
        sa.UniqueConstraint("secret", name=op.f("uq_article_gifts_secret")),
    )
    op.create_index(op.f("ix_article_gifts_article_id"), "article_gifts", ["article_id"])
    op.create_index(op.f("ix_article_gifts_giver_id_given_at"), "article_gifts", ["giver_id", "given_at"])
    with op.batch_alter_table("articles") as batch_op:
        batch_op.add_column(sa.Column("free_paragraphs", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("opens_after_months", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("articles") as batch_op:
        batch_op.drop_column("opened_at")
        batch_op.drop_column("opens_after_months")
        batch_op.drop_column("free_paragraphs")
    op.drop_table("article_gifts")
    op.drop_table("reading_terms")
