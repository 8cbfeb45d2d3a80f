"""Every save of an article is a revision; what is typed and not saved is kept, and who has it open is known."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261130_2102"
down_revision = "20261130_2101"
branch_labels = None
depends_on = None

_WORDS = ("title", "subtitle", "lead", "body", "byline")
_LENGTHS = {"title": 200, "subtitle": 200, "byline": 150}
_LIST = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "article_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.Column("by_label", sa.String(length=200), nullable=False),
        *(
            sa.Column(word, sa.String(length=_LENGTHS[word]) if word in _LENGTHS else sa.Text(), nullable=False)
            for word in _WORDS
        ),
        sa.Column("changed", _LIST, nullable=False),
        sa.Column("restored_from", sa.Integer()),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_revisions_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_article_revisions_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_revisions")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_article_revisions_article_id_number")),
    )
    op.create_index(op.f("ix_article_revisions_by_id"), "article_revisions", ["by_id"])
    _of_one(
        "article_autosaves",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(word, sa.Text(), nullable=False) for word in _WORDS),
    )
    _of_one(
        "article_presences",
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
    _begin()


def _begin() -> None:
    """Keep what each article says today as its first revision."""
    names = ("version", "updated_at", "author_id", *_WORDS)
    articles = sa.table("articles", sa.column("id"), *(sa.column(name) for name in names))
    users = sa.table("users", sa.column("id"), sa.column("first_name"), sa.column("last_name"))
    revisions = sa.table(
        "article_revisions",
        *(sa.column(name) for name in ("article_id", "number", "at", "by_id", "by_label", *_WORDS)),
        sa.column("changed", _LIST),
        sa.column("is_kept"),
    )
    name = sa.func.trim(users.c.first_name + " " + users.c.last_name)
    op.execute(
        revisions.insert().from_select(
            ["article_id", "number", "at", "by_id", "by_label", *_WORDS, "changed", "is_kept"],
            sa.select(
                articles.c.id,
                articles.c.version,
                articles.c.updated_at,
                articles.c.author_id,
                sa.func.coalesce(name, ""),
                *(articles.c[word] for word in _WORDS),
                sa.literal([], _LIST),
                sa.true(),
            ).select_from(articles.outerjoin(users, users.c.id == articles.c.author_id)),
        )
    )


def _of_one(table: str, *columns: sa.Column[object]) -> None:
    """Make a table of what one person does with one article."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f(f"fk_{table}_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("article_id", "user_id", name=op.f(f"uq_{table}_article_id_user_id")),
    )
    op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])


def downgrade() -> None:
    for table in ("article_presences", "article_autosaves", "article_revisions"):
        op.drop_table(table)
