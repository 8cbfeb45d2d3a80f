"""A ticket opens the door once on each date of a day that lasts several."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "20261130_2022"
down_revision = "20261130_2021"
branch_labels = None
depends_on = None

_LIVE = sa.text("outcome = 'admitted' AND undone_at IS NULL")
_CHECK_INS = sa.table(
    "check_ins",
    sa.column("id", sa.Integer),
    sa.column("study_day_id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("held_on", sa.Date),
)
_DAYS = sa.table(
    "study_days",
    sa.column("id", sa.Integer),
    sa.column("starts_at", sa.DateTime(timezone=True)),
    sa.column("ends_at", sa.DateTime(timezone=True)),
    sa.column("timezone", sa.String),
)


def upgrade() -> None:
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.add_column(sa.Column("held_on", sa.Date(), nullable=True))
    _date_what_there_is()
    op.drop_index("uq_check_ins_live_admission", table_name="check_ins")
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.alter_column("held_on", existing_type=sa.Date(), nullable=False)
    _index("registration_id", "held_on")


def downgrade() -> None:
    # Of several dates the first stays; the later ones count as taken back.
    op.execute(
        "UPDATE check_ins SET undone_at = received_at WHERE outcome = 'admitted' AND undone_at IS NULL AND EXISTS ("
        "SELECT 1 FROM check_ins AS earlier WHERE earlier.registration_id = check_ins.registration_id"
        " AND earlier.outcome = 'admitted' AND earlier.undone_at IS NULL AND earlier.held_on < check_ins.held_on)"
    )
    op.drop_index("uq_check_ins_live_admission", table_name="check_ins")
    with op.batch_alter_table("check_ins") as batch_op:
        batch_op.drop_column("held_on")
    _index("registration_id")


def _index(*columns: str) -> None:
    op.create_index(
        "uq_check_ins_live_admission",
        "check_ins",
        list(columns),
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )


def _date_what_there_is() -> None:
    """Write which date of its day each row belongs to, by the venue's calendar."""
    rows = op.get_bind().execute(
        sa.select(_CHECK_INS.c.id, _CHECK_INS.c.at, _DAYS.c.starts_at, _DAYS.c.ends_at, _DAYS.c.timezone).join(
            _DAYS, _DAYS.c.id == _CHECK_INS.c.study_day_id
        )
    )
    dated = [
        {"key": key, "on": min(max(_date(at, zone), _date(starts, zone)), _date(ends, zone))}
        for key, at, starts, ends, zone in rows
    ]
    if dated:
        update = sa.update(_CHECK_INS).where(_CHECK_INS.c.id == sa.bindparam("key")).values(held_on=sa.bindparam("on"))
        op.get_bind().execute(update, dated)


def _date(moment: datetime, zone: str) -> date:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(zone)).date()
