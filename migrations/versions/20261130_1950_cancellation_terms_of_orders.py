"""An order keeps the terms of cancellation of the day it was placed."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261130_1950"
down_revision = "20261130_1924"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_ORDERS = sa.table("orders", sa.column("id"), sa.column("cancellation_terms", _JSON))
_LINES = sa.table("order_lines", sa.column("id"), sa.column("order_id"))
_SEATS = sa.table("registrations", sa.column("order_line_id"), sa.column("study_day_id"))
_TERMS = sa.table("cancellation_terms", sa.column("study_day_id"), sa.column("steps", _JSON))


def upgrade() -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("cancellation_terms", _JSON, nullable=False, server_default="{}"))
    _give_orders_their_terms()
    with op.batch_alter_table("orders") as batch_op:
        batch_op.alter_column("cancellation_terms", server_default=None, existing_type=_JSON)


def downgrade() -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("cancellation_terms")


def _give_orders_their_terms() -> None:
    """Write down what holds today for the days of each order: until now nothing else did."""
    update = (
        sa.update(_ORDERS)
        .where(_ORDERS.c.id == sa.bindparam("key"))
        .values(cancellation_terms=sa.bindparam("terms", type_=_JSON))
    )
    written = [{"key": key, "terms": terms} for key, terms in _terms_of_orders()]
    if written:
        op.get_bind().execute(update, written)


def _terms_of_orders() -> Iterator[tuple[int, dict[str, Any]]]:
    steps = dict(op.get_bind().execute(sa.select(_TERMS.c.study_day_id, _TERMS.c.steps)).all())
    bought = op.get_bind().execute(
        sa.select(_LINES.c.order_id, _SEATS.c.study_day_id)
        .join(_SEATS, _SEATS.c.order_line_id == _LINES.c.id)
        .distinct()
        .order_by(_LINES.c.order_id)
    )
    for order_id, rows in groupby(bought.all(), key=lambda row: row.order_id):
        yield order_id, {str(row.study_day_id): steps.get(row.study_day_id, steps.get(None, [])) for row in rows}
