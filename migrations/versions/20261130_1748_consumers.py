"""What consumers may do: withdraw, give notice; and the office's settings about them."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1748"
down_revision = "20261130_1746"
branch_labels = None
depends_on = None


def upgrade() -> None:
    settings = op.create_table(
        "consumer_settings",
        sa.Column("withdrawal_days", sa.Integer(), nullable=False),
        sa.Column("first_issue_days", sa.Integer(), nullable=False),
        sa.Column("events_exempt", sa.Boolean(), nullable=False),
        sa.Column("mediator", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "withdrawal_days >= 14 AND first_issue_days >= 0", name=op.f("ck_consumer_settings_days_enough")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consumer_settings")),
    )
    # A printed magazine is withdrawn from within 14 days of its first issue; events on a date are exempt (L221-28, 12°).
    op.bulk_insert(settings, [{"withdrawal_days": 14, "first_issue_days": 45, "events_exempt": True, "mediator": ""}])
    with op.batch_alter_table("orders") as table:
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("withdrawal", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("orders") as table:
        table.alter_column("withdrawal", server_default=None, existing_type=sa.Text())
        table.create_index(op.f("ix_orders_withdrawn_at"), ["withdrawn_at"])
    with op.batch_alter_table("contracts") as table:
        table.add_column(sa.Column("resigned_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contracts") as table:
        table.drop_column("resigned_at")
    with op.batch_alter_table("orders") as table:
        table.drop_index(op.f("ix_orders_withdrawn_at"))
        table.drop_column("withdrawal")
        table.drop_column("withdrawn_at")
    op.drop_table("consumer_settings")
