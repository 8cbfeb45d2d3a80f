"""A second reader approves a text, an issue has a state, and readers are told what was corrected."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2101"
down_revision = "20261130_2032"
branch_labels = None
depends_on = None

_ISSUES = sa.table("issues", sa.column("id"), sa.column("status"), sa.column("published_at"))
_ARTICLES = sa.table(
    "articles",
    sa.column("issue_id"),
    sa.column("status"),
    sa.column("published_at"),
    sa.column("moved_at"),
    sa.column("updated_at"),
)


def upgrade() -> None:
    op.create_table(
        "article_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_corrections_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_article_corrections_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_corrections")),
    )
    for column in ("article_id", "by_id"):
        op.create_index(op.f(f"ix_article_corrections_{column}"), "article_corrections", [column])
    with op.batch_alter_table("articles") as batch_op:
        batch_op.add_column(sa.Column("moved_at", sa.DateTime(timezone=True)))
        batch_op.add_column(sa.Column("review_note", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("approved_at", sa.DateTime(timezone=True)))
        batch_op.add_column(sa.Column("approved_by_id", sa.Integer()))
        batch_op.create_foreign_key(
            batch_op.f("fk_articles_approved_by_id_users"), "users", ["approved_by_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_articles_approved_by_id"), ["approved_by_id"])
    op.execute(sa.update(_ARTICLES).values(moved_at=_ARTICLES.c.updated_at))
    with op.batch_alter_table("articles") as batch_op:
        batch_op.alter_column("moved_at", nullable=False, existing_type=sa.DateTime(timezone=True))
        batch_op.alter_column("review_note", server_default=None, existing_type=sa.Text())
    with op.batch_alter_table("issues") as batch_op:
        batch_op.add_column(sa.Column("status", sa.String(length=20), nullable=False, server_default="preparing"))
        batch_op.add_column(sa.Column("publish_at", sa.DateTime(timezone=True)))
        batch_op.add_column(sa.Column("published_at", sa.DateTime(timezone=True)))
        batch_op.create_index(batch_op.f("ix_issues_status_publish_at"), ["status", "publish_at"])
    # Until now an issue was published as soon as one of its articles was.
    of_issue = sa.and_(_ARTICLES.c.issue_id == _ISSUES.c.id, _ARTICLES.c.status == "published")
    first = sa.select(sa.func.min(_ARTICLES.c.published_at)).where(of_issue).scalar_subquery()
    op.execute(sa.update(_ISSUES).where(sa.exists().where(of_issue)).values(status="published", published_at=first))
    with op.batch_alter_table("issues") as batch_op:
        batch_op.alter_column("status", server_default=None, existing_type=sa.String(length=20))


def downgrade() -> None:
    with op.batch_alter_table("issues") as batch_op:
        batch_op.drop_index(batch_op.f("ix_issues_status_publish_at"))
        for column in ("published_at", "publish_at", "status"):
            batch_op.drop_column(column)
    with op.batch_alter_table("articles") as batch_op:
        batch_op.drop_index(batch_op.f("ix_articles_approved_by_id"))
        batch_op.drop_constraint(batch_op.f("fk_articles_approved_by_id_users"), type_="foreignkey")
        for column in ("approved_by_id", "approved_at", "review_note", "moved_at"):
            batch_op.drop_column(column)
    op.drop_table("article_corrections")
