"""Comments answer each other and are mended by who wrote them; a speaker's address tells whose comment it is."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2232"
down_revision = "20261130_2231"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("comments") as batch_op:
        batch_op.add_column(sa.Column("user_id", sa.Integer()))
        batch_op.add_column(sa.Column("parent_id", sa.Integer()))
        batch_op.add_column(sa.Column("edited_at", sa.DateTime(timezone=True)))
        batch_op.create_foreign_key(
            op.f("fk_comments_user_id_users"), "users", ["user_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(
            op.f("fk_comments_parent_id_comments"), "comments", ["parent_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index(op.f("ix_comments_user_id"), ["user_id"])
        batch_op.create_index(op.f("ix_comments_parent_id"), ["parent_id"])
    with op.batch_alter_table("speakers") as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(254), nullable=False, server_default=""))
    with op.batch_alter_table("speakers") as batch_op:
        batch_op.alter_column("email", server_default=None, existing_type=sa.String(254))


def downgrade() -> None:
    with op.batch_alter_table("speakers") as batch_op:
        batch_op.drop_column("email")
    with op.batch_alter_table("comments") as batch_op:
        batch_op.drop_index(op.f("ix_comments_parent_id"))
        batch_op.drop_index(op.f("ix_comments_user_id"))
        batch_op.drop_constraint(op.f("fk_comments_parent_id_comments"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_comments_user_id_users"), type_="foreignkey")
        batch_op.drop_column("edited_at")
        batch_op.drop_column("parent_id")
        batch_op.drop_column("user_id")
