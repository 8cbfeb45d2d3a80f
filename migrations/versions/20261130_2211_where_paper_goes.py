"""Addresses of delivery over time, copies, copies that came back, and numbers that were promised."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2211"
down_revision = "20261130_2201"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plans") as batch_op:
        batch_op.add_column(sa.Column("issues", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_plans_issues_positive"), "issues > 0")
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.add_column(sa.Column("copies", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("first_issue", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("issues", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("issues_sent", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("undelivered_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "undelivered_reason",
                sa.Enum(
                    "unknown",
                    "address",
                    "unclaimed",
                    "refused",
                    name="undeliveredreason",
                    native_enum=False,
                    length=20,
                ),
                nullable=True,
            )
        )
        batch_op.create_check_constraint(op.f("ck_contracts_copies_positive"), "copies > 0")
        batch_op.create_check_constraint(op.f("ck_contracts_issues_positive"), "issues > 0")
        batch_op.create_check_constraint(
            op.f("ck_contracts_issues_sent"), "issues_sent >= 0 AND (issues IS NULL OR issues_sent <= issues)"
        )
        batch_op.create_check_constraint(
            op.f("ck_contracts_undelivered_for_a_reason"),
            "(undelivered_on IS NULL) = (undelivered_reason IS NULL)",
        )
        batch_op.create_index(op.f("ix_contracts_undelivered_on"), ["undelivered_on"])
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.alter_column("copies", server_default=None, existing_type=sa.Integer())
        batch_op.alter_column("issues_sent", server_default=None, existing_type=sa.Integer())
    op.create_table(
        "contract_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_contract_addresses_contract_id_contracts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["users.id"], name=op.f("fk_contract_addresses_written_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_addresses")),
    )
    op.create_index(op.f("ix_contract_addresses_contract_id"), "contract_addresses", ["contract_id"])
    op.create_index(op.f("ix_contract_addresses_written_by_id"), "contract_addresses", ["written_by_id"])
    op.create_index(op.f("ix_contract_addresses_applied_at_from_on"), "contract_addresses", ["applied_at", "from_on"])


def downgrade() -> None:
    op.drop_table("contract_addresses")
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.drop_index(op.f("ix_contracts_undelivered_on"))
        for name in ("undelivered_for_a_reason", "issues_sent", "issues_positive", "copies_positive"):
            batch_op.drop_constraint(op.f(f"ck_contracts_{name}"), type_="check")
        for name in ("undelivered_reason", "undelivered_on", "issues_sent", "issues", "first_issue", "copies"):
            batch_op.drop_column(name)
    with op.batch_alter_table("plans") as batch_op:
        batch_op.drop_constraint(op.f("ck_plans_issues_positive"), type_="check")
        batch_op.drop_column("issues")
