"""Where days were held before the site told of reports and asked for opinions, what is older is no news."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "20261201_0403"
down_revision = "20261201_0402"
branch_labels = None
depends_on = None

_DAYS = sa.table("study_days", sa.column("ends_at", sa.DateTime(timezone=True)))
_SENT = sa.table("day_reminders_sent", sa.column("kind", sa.String))
_TOLD = sa.table("day_reports_told", sa.column("id", sa.Integer))
_SINCE = sa.table("mailings_since", sa.column("kind", sa.String), sa.column("since", sa.DateTime(timezone=True)))


def upgrade() -> None:
    op.create_table(
        "mailings_since",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings_since")),
        sa.UniqueConstraint("kind", name=op.f("uq_mailings_since_kind")),
    )
    now = datetime.now(UTC)
    connection = op.get_bind()

    def has(rows: sa.Select[tuple[int]]) -> bool:
        return bool(connection.scalar(rows))

    count = sa.select(sa.func.count())
    if not has(count.select_from(_DAYS).where(_DAYS.c.ends_at < now)):
        return
    # What left already was the first to: whoever had it due was told then.
    if not has(count.select_from(_TOLD)):
        connection.execute(sa.insert(_SINCE).values(kind="reports", since=now))
    if not has(count.select_from(_SENT).where(_SENT.c.kind == "survey")):
        connection.execute(sa.insert(_SINCE).values(kind="survey", since=now))


def downgrade() -> None:
    op.drop_table("mailings_since")
