"""A deposit of cheques made by mistake is cancelled, until the bank's statement says that it arrived."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2031"
down_revision = "20261130_2022"
branch_labels = None
depends_on = None

_DEPOSITS = sa.table("deposits", sa.column("id"), sa.column("is_test"))
_PAYMENTS = sa.table("payments", sa.column("deposit_id"), sa.column("order_id"))
_ORDERS = sa.table("orders", sa.column("id"), sa.column("is_test"))


def upgrade() -> None:
    with op.batch_alter_table("deposits") as batch_op:
        batch_op.add_column(sa.Column("is_test", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True)))
        batch_op.add_column(sa.Column("cancelled_by_id", sa.Integer()))
        batch_op.add_column(sa.Column("bank_line_id", sa.Integer()))
        batch_op.create_foreign_key(
            batch_op.f("fk_deposits_cancelled_by_id_users"), "users", ["cancelled_by_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_deposits_bank_line_id_bank_lines"), "bank_lines", ["bank_line_id"], ["id"]
        )
        batch_op.create_unique_constraint(batch_op.f("uq_deposits_bank_line_id"), ["bank_line_id"])
        for column in ("total_cents", "cancelled_at", "cancelled_by_id"):
            batch_op.create_index(batch_op.f(f"ix_deposits_{column}"), [column])
    of_trials = (
        sa.select(_PAYMENTS.c.deposit_id)
        .join(_ORDERS, _ORDERS.c.id == _PAYMENTS.c.order_id)
        .where(_PAYMENTS.c.deposit_id.is_not(None), _ORDERS.c.is_test)
    )
    op.execute(sa.update(_DEPOSITS).where(_DEPOSITS.c.id.in_(of_trials)).values(is_test=sa.true()))
    with op.batch_alter_table("deposits") as batch_op:
        batch_op.alter_column("is_test", server_default=None, existing_type=sa.Boolean())


def downgrade() -> None:
    with op.batch_alter_table("deposits") as batch_op:
        for column in ("cancelled_by_id", "cancelled_at", "total_cents"):
            batch_op.drop_index(batch_op.f(f"ix_deposits_{column}"))
        batch_op.drop_constraint(batch_op.f("uq_deposits_bank_line_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_deposits_bank_line_id_bank_lines"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_deposits_cancelled_by_id_users"), type_="foreignkey")
        for column in ("bank_line_id", "cancelled_by_id", "cancelled_at", "is_test"):
            batch_op.drop_column(column)
