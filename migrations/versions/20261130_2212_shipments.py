"""Shipments of a number, and their labels."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2212"
down_revision = "20261130_2211"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shipments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("rank > 0", name=op.f("ck_shipments_rank_positive")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_shipments_issue_id_issues")),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"], ["users.id"], name=op.f("fk_shipments_frozen_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
        sa.UniqueConstraint("issue_id", "rank", name=op.f("uq_shipments_issue_id_rank")),
    )
    op.create_index(op.f("ix_shipments_frozen_by_id"), "shipments", ["frozen_by_id"])
    op.create_table(
        "shipment_labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shipment_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.CheckConstraint("copies > 0", name=op.f("ck_shipment_labels_copies_positive")),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name=op.f("fk_shipment_labels_shipment_id_shipments")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_shipment_labels_issue_id_issues")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_shipment_labels_contract_id_contracts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_labels")),
        sa.UniqueConstraint("issue_id", "contract_id", name=op.f("uq_shipment_labels_issue_id_contract_id")),
    )
    op.create_index(op.f("ix_shipment_labels_shipment_id"), "shipment_labels", ["shipment_id"])
    op.create_index(op.f("ix_shipment_labels_contract_id"), "shipment_labels", ["contract_id"])


def downgrade() -> None:
    op.drop_table("shipment_labels")
    op.drop_table("shipments")
