"""The door: who was let in, when and where, and presences by half-day."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1830"
down_revision = "20261130_1820"
branch_labels = None
depends_on = None

_LIVE = sa.text("outcome = 'admitted' AND undone_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "check_ins",
        sa.Column("study_day_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_label", sa.String(length=200), nullable=False),
        sa.Column("client_key", sa.String(length=64), nullable=True),
        sa.Column("first_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "undone_at IS NULL OR outcome = 'admitted'", name=op.f("ck_check_ins_only_admissions_are_undone")
        ),
        sa.ForeignKeyConstraint(["study_day_id"], ["study_days.id"], name=op.f("fk_check_ins_study_day_id_study_days")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_check_ins_registration_id_registrations")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_check_ins_by_id_users"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["first_id"], ["check_ins.id"], name=op.f("fk_check_ins_first_id_check_ins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sa.UniqueConstraint("client_key", name=op.f("uq_check_ins_client_key")),
    )
    op.create_index(op.f("ix_check_ins_study_day_id_at"), "check_ins", ["study_day_id", "at"])
    op.create_index(op.f("ix_check_ins_registration_id_id"), "check_ins", ["registration_id", "id"])
    op.create_index(op.f("ix_check_ins_by_id"), "check_ins", ["by_id"])
    op.create_index(op.f("ix_check_ins_first_id"), "check_ins", ["first_id"])
    op.create_index(
        op.f("uq_check_ins_live_admission"),
        "check_ins",
        ["registration_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_table(
        "presences",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_presences_registration_id_registrations")
        ),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("fk_presences_check_in_id_check_ins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presences")),
        sa.UniqueConstraint(
            "registration_id", "held_on", "part", name=op.f("uq_presences_registration_id_held_on_part")
        ),
    )
    op.create_index(op.f("ix_presences_check_in_id"), "presences", ["check_in_id"])


def downgrade() -> None:
    op.drop_table("presences")
    op.drop_table("check_ins")
