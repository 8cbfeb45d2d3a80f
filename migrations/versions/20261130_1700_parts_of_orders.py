"""What was taken back of an order, line by line, and what was cancelled by itself."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1700"
down_revision = "20261130_1610"
branch_labels = None
depends_on = None

_CREDITED_WITHIN_TOTAL = "credited_cents BETWEEN 0 AND total_cents"
_CANCELLED_WITHIN_QUANTITY = "cancelled_quantity BETWEEN 0 AND quantity"
_TAKEN_BACK_WITHIN_TOTAL = "credited_cents >= 0 AND kept_cents >= 0 AND credited_cents + kept_cents <= total_cents"
#: Of what an invoice that still says something said, all that credit notes took back, by line of the order. An invoice
#: that was taken back whole was written anew, or its order was cancelled: it says nothing of what the order costs.
_CREDITED = """
    SELECT coalesce(sum(line.gross_cents), 0) FROM invoice_lines line
    JOIN invoices note ON note.id = line.invoice_id JOIN invoices invoice ON invoice.id = note.credits_id
    WHERE line.order_line_id = order_lines.id AND invoice.total_cents > (
        SELECT coalesce(sum(other.total_cents), 0) FROM invoices other WHERE other.credits_id = invoice.id)"""
_OF_CANCELLED = "order_id IN (SELECT id FROM orders WHERE status = 'cancelled')"
_OWED = "(total_cents - credited_cents)"
_THERE = "(paid_cents - refunded_cents)"


def upgrade() -> None:
    _add_columns()
    op.create_table(
        "order_reductions",
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("credited_cents", sa.Integer(), nullable=False),
        sa.Column("kept_cents", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name=op.f("fk_order_reductions_order_line_id_order_lines"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_reductions")),
        sa.UniqueConstraint("order_line_id", "form_key", name=op.f("uq_order_reductions_order_line_id_form_key")),
    )
    op.create_index(op.f("ix_order_reductions_at"), "order_reductions", ["at"])
    _fill()
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.create_check_constraint(op.f("ck_order_lines_cancelled_within_quantity"), _CANCELLED_WITHIN_QUANTITY)
        batch_op.create_check_constraint(op.f("ck_order_lines_taken_back_within_total"), _TAKEN_BACK_WITHIN_TOTAL)
    with op.batch_alter_table("orders") as batch_op:
        batch_op.create_check_constraint(op.f("ck_orders_credited_within_total"), _CREDITED_WITHIN_TOTAL)


def downgrade() -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_constraint(op.f("ck_orders_credited_within_total"), type_="check")
        batch_op.drop_column("credited_cents")
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.drop_constraint(op.f("ck_order_lines_cancelled_within_quantity"), type_="check")
        batch_op.drop_constraint(op.f("ck_order_lines_taken_back_within_total"), type_="check")
        for column in ("cancelled_quantity", "credited_cents", "kept_cents"):
            batch_op.drop_column(column)
    op.drop_table("order_reductions")
    for table in ("registrations", "contracts"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("withdrawn_at")
    with op.batch_alter_table("invoices") as batch_op:
        batch_op.drop_constraint(op.f("uq_invoices_form_key"), type_="unique")
        batch_op.drop_column("form_key")


def _add_columns() -> None:
    for table, columns in {
        "orders": ("credited_cents",),
        "order_lines": ("cancelled_quantity", "credited_cents", "kept_cents"),
    }.items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.add_column(sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None, existing_type=sa.Integer())
    for table in ("registrations", "contracts"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("invoices") as batch_op:
        batch_op.add_column(sa.Column("form_key", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_invoices_form_key"), ["form_key"])


def _fill() -> None:
    """Say of the orders there are what was taken back of them: by credit notes, and by their cancellation."""
    op.execute(
        f"UPDATE order_lines SET credited_cents = ({_CREDITED})"  # noqa: S608 - constants of this file
        f" WHERE order_id IN (SELECT id FROM orders WHERE status IN ('pending', 'confirmed'))"
    )
    op.execute(
        "UPDATE order_lines SET cancelled_quantity = quantity, credited_cents = total_cents"  # noqa: S608
        f" WHERE {_OF_CANCELLED}"
    )
    _keep_fees()
    op.execute(
        "UPDATE orders SET credited_cents = (SELECT coalesce(sum(line.credited_cents), 0) FROM order_lines line"
        " WHERE line.order_id = orders.id)"
    )
    op.execute(
        "INSERT INTO order_reductions (order_line_id, at, quantity, credited_cents, kept_cents, reason)"
        " SELECT line.id, coalesce(orders.cancelled_at, (SELECT max(note.issued_at) FROM invoices note"
        " WHERE note.order_id = orders.id), orders.placed_at), line.cancelled_quantity, line.credited_cents,"
        " line.kept_cents, '' FROM order_lines line JOIN orders ON orders.id = line.order_id"
        " WHERE line.cancelled_quantity > 0 OR line.credited_cents > 0 OR line.kept_cents > 0"
    )
    op.execute(
        "UPDATE orders SET payment_status = CASE"  # noqa: S608 - constants of this file
        " WHEN refunded_cents > 0 AND refunded_cents >= paid_cents THEN 'refunded'"
        f" WHEN refunded_cents > 0 AND {_THERE} < {_OWED} THEN 'part_refunded'"
        f" WHEN {_OWED} = 0 AND {_THERE} = 0 THEN 'none'"
        f" WHEN {_THERE} > {_OWED} THEN 'overpaid'"
        f" WHEN {_THERE} = {_OWED} THEN 'paid'"
        f" WHEN {_THERE} <> 0 THEN 'part_paid' ELSE 'due' END WHERE credited_cents > 0"
    )


def _keep_fees() -> None:
    """Share what was kept of each cancelled order over its lines, by their weight."""
    connection = op.get_bind()
    kept_of = connection.execute(
        sa.text("SELECT id, kept_cents FROM orders WHERE status = 'cancelled' AND kept_cents > 0")
    ).all()
    for order_id, kept_cents in kept_of:
        lines = connection.execute(
            sa.text("SELECT id, total_cents FROM order_lines WHERE order_id = :order_id ORDER BY position"),
            {"order_id": order_id},
        ).all()
        left, rest = kept_cents, sum(line.total_cents for line in lines)
        for line in lines:
            own = left * line.total_cents // rest if rest else 0
            left, rest = left - own, rest - line.total_cents
            connection.execute(
                sa.text("UPDATE order_lines SET kept_cents = :own, credited_cents = :credited WHERE id = :line_id"),
                {"own": own, "credited": line.total_cents - own, "line_id": line.id},
            )
