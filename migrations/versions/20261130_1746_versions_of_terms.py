"""Terms of sale by version, and what each order accepted; what the owner wrote is the first version."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1746"
down_revision = "20261130_1744"
branch_labels = None
depends_on = None

_SLUG = "conditions-generales"


def upgrade() -> None:
    versions = op.create_table(
        "terms_versions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("title_en", sa.String(length=150), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name=op.f("fk_terms_versions_made_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_versions")),
        sa.UniqueConstraint("number", name=op.f("uq_terms_versions_number")),
    )
    op.create_index(op.f("ix_terms_versions_in_force_from"), "terms_versions", ["in_force_from"])
    op.create_index(op.f("ix_terms_versions_made_by_id"), "terms_versions", ["made_by_id"])
    op.create_table(
        "accepted_terms",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("first_accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["terms_versions.id"], name=op.f("fk_accepted_terms_version_id_terms_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accepted_terms")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_accepted_terms_fingerprint")),
    )
    op.create_index(op.f("ix_accepted_terms_version_id"), "accepted_terms", ["version_id"])
    with op.batch_alter_table("orders") as table:
        table.add_column(sa.Column("terms_version", sa.Integer(), nullable=True))
        table.add_column(sa.Column("accepted_terms_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_orders_accepted_terms_id_accepted_terms"), "accepted_terms", ["accepted_terms_id"], ["id"]
        )
        table.create_index(op.f("ix_orders_accepted_terms_id"), ["accepted_terms_id"])
    _take_over(versions)


def downgrade() -> None:
    with op.batch_alter_table("orders") as table:
        table.drop_index(op.f("ix_orders_accepted_terms_id"))
        table.drop_constraint(op.f("fk_orders_accepted_terms_id_accepted_terms"), type_="foreignkey")
        table.drop_column("accepted_terms_id")
        table.drop_column("terms_version")
    op.drop_table("accepted_terms")
    op.execute(
        "INSERT INTO site_pages (slug, locale, title, body, updated_at) "  # noqa: S608 - nothing of a visitor's
        f"SELECT '{_SLUG}', 'fr', title, body, made_at FROM terms_versions "
        "WHERE number = (SELECT max(number) FROM terms_versions)"
    )
    op.drop_table("terms_versions")


def _take_over(versions: sa.Table) -> None:
    """Make a version of what the owner wrote in French, its translation with it."""
    pages = sa.table(
        "site_pages",
        *(sa.column(name) for name in ("slug", "locale", "title", "body")),
        sa.column("updated_at", sa.DateTime(timezone=True)),
    )
    written = {row.locale: row for row in op.get_bind().execute(sa.select(*pages.c).where(pages.c.slug == _SLUG)).all()}
    french, english = written.get("fr"), written.get("en")
    if french is not None:
        op.bulk_insert(
            versions,
            [
                {
                    "number": 1,
                    "in_force_from": french.updated_at.date(),
                    "title": french.title,
                    "body": french.body,
                    "title_en": english.title if english else "",
                    "body_en": english.body if english else "",
                    "made_at": french.updated_at,
                }
            ],
        )
        op.execute(sa.delete(pages).where(pages.c.slug == _SLUG))
