"""Codes sent to sign in, sessions that were ended, and no more columns of the sign-in that was not taken."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sign_in_codes_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_codes")),
        sa.UniqueConstraint("user_id", name=op.f("uq_sign_in_codes_user_id")),
    )
    op.create_table(
        "ended_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ended_sessions")),
        sa.UniqueConstraint("key", name=op.f("uq_ended_sessions_key")),
    )
    op.drop_column("users", "us_totp_secrets")
    op.drop_column("users", "us_phone_number")


def downgrade() -> None:
    op.add_column("users", sa.Column("us_totp_secrets", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("us_phone_number", sa.String(64), nullable=True))
    op.drop_table("ended_sessions")
    op.drop_table("sign_in_codes")
