"""Promotional codes, the discount of a line, and what no payment method can be."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_METHOD_CHECKS = {
    "online_is_paid_first": "NOT (online AND confirms_seat)",
    "seat_is_promised_or_held": "confirms_seat OR hold_minutes IS NOT NULL",
    "hold_positive": "hold_minutes > 0",
    "promise_has_its_day": "NOT confirms_seat OR payment_days IS NOT NULL",
    "payment_days_positive": "payment_days > 0",
    "subscription_is_promised_too": "confirms_seat OR NOT starts_subscription",
    "days_not_negative": "grace_days >= 0 AND closes_days_before >= 0",
}


def upgrade() -> None:
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.add_column(sa.Column("discount_cents", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.alter_column("discount_cents", server_default=None, existing_type=sa.Integer())
        batch_op.drop_constraint(op.f("ck_order_lines_total_is_product"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_order_lines_total_is_product"), "total_cents = quantity * unit_price_cents - discount_cents"
        )
        batch_op.create_check_constraint(
            op.f("ck_order_lines_discount_within_price"), "discount_cents BETWEEN 0 AND quantity * unit_price_cents"
        )
    with op.batch_alter_table("payment_methods") as batch_op:
        for name, condition in _METHOD_CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_payment_methods_{name}"), condition)
    op.create_table(
        "promo_codes",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("uses_limit", sa.Integer(), nullable=True),
        sa.Column("uses_count", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("for_everything", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("uses_count >= 0", name=op.f("ck_promo_codes_uses_positive")),
        sa.CheckConstraint(
            "uses_limit IS NULL OR uses_count <= uses_limit", name=op.f("ck_promo_codes_uses_within_limit")
        ),
        sa.CheckConstraint(
            "(kind = 'percent' AND value BETWEEN 1 AND 100) OR (kind = 'amount' AND value > 0) "
            "OR (kind = 'free' AND value = 0)",
            name=op.f("ck_promo_codes_value_of_kind"),
        ),
        sa.CheckConstraint("code = upper(code)", name=op.f("ck_promo_codes_code_in_capitals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promo_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_promo_codes_code")),
    )
    _link("promo_codes_study_days", "study_day_id", "study_days")
    _link("promo_codes_plans", "plan_id", "plans")
    op.create_table(
        "promo_redemptions",
        sa.Column("promo_code_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("discount_cents", sa.Integer(), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_promo_redemptions_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["promo_code_id"], ["promo_codes.id"], name=op.f("fk_promo_redemptions_promo_code_id_promo_codes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promo_redemptions")),
        sa.UniqueConstraint("order_id", name=op.f("uq_promo_redemptions_order_id")),
    )
    for column in ("promo_code_id", "redeemed_at"):
        op.create_index(op.f(f"ix_promo_redemptions_{column}"), "promo_redemptions", [column])


def downgrade() -> None:
    """Lines sold at a discount stand against the former rule of lines, and stop the way down."""
    for table in ("promo_redemptions", "promo_codes_plans", "promo_codes_study_days", "promo_codes"):
        op.drop_table(table)
    with op.batch_alter_table("payment_methods") as batch_op:
        for name in _METHOD_CHECKS:
            batch_op.drop_constraint(op.f(f"ck_payment_methods_{name}"), type_="check")
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.drop_constraint(op.f("ck_order_lines_discount_within_price"), type_="check")
        batch_op.drop_constraint(op.f("ck_order_lines_total_is_product"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_order_lines_total_is_product"), "total_cents = quantity * unit_price_cents"
        )
        batch_op.drop_column("discount_cents")


def _link(name: str, column: str, table: str) -> None:
    op.create_table(
        name,
        sa.Column("promo_code_id", sa.Integer(), nullable=False),
        sa.Column(column, sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["promo_code_id"], ["promo_codes.id"], name=op.f(f"fk_{name}_promo_code_id_promo_codes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            [column], [f"{table}.id"], name=op.f(f"fk_{name}_{column}_{table}"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("promo_code_id", column, name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_{column}"), name, [column])
