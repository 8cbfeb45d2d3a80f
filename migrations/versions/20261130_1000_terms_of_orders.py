"""Payment methods edited in the office; an order keeps the terms under which it was placed."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261130_1000"
down_revision = "0015"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_METHOD_CHECKS = {
    "promise_holds_nothing": "NOT confirms_seat OR hold_minutes IS NULL",
    "only_a_promise_is_awaited": "confirms_seat OR (payment_days IS NULL AND grace_days = 0)",
    "only_a_promise_is_invoiced_first": "confirms_seat OR invoice_at = 'payment'",
    "dossier_of_a_promise": "purchase_order_days IS NULL OR (confirms_seat AND purchase_order_days > 0)",
    "dossier_tells_of_delivery": "invoice_at <> 'delivery' OR purchase_order_days IS NOT NULL",
    "proforma_until_the_invoice": "NOT (proforma AND (online OR invoice_at = 'order'))",
    "online_is_a_card": "NOT online OR means_code = '48'",
    "online_hold_within_a_day": "NOT online OR hold_minutes <= 1380",
}
#: Table → column that names a method by its code, and what the removal of the method does.
_NAMED_IN = {
    "orders": ("payment_method", None),
    "payments": ("method", None),
    "refunds": ("method", None),
    "quotes": ("payment_method", None),
    "reminder_steps": ("method", "CASCADE"),
}
_TERMS = ("payment_days", "grace_days", "purchase_order_days", "invoice_at", "proforma", "starts_subscription")

_METHODS = sa.table("payment_methods", sa.column("code"), *(sa.column(name) for name in _TERMS))
_ORDERS = sa.table(
    "orders",
    sa.column("id"),
    sa.column("payment_method"),
    sa.column("due_on", sa.Date()),
    sa.column("tolerated_until", sa.Date()),
    sa.column("payment_terms", _JSON),
)
_QUOTES = sa.table("quotes", sa.column("payment_method"), sa.column("request", _JSON))
_DOSSIERS = sa.table(
    "mandat_dossiers",
    sa.column("order_id"),
    sa.column("awaited_since", sa.DateTime(timezone=True)),
    sa.column("remind_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    with op.batch_alter_table("payment_methods") as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("proforma", sa.Boolean(), nullable=False, server_default=sa.false()))
    # The law gives a public body thirty days, and interest runs from the next: its reminders never waited for more.
    op.execute(sa.update(_METHODS).where(_METHODS.c.code == "mandat").values(grace_days=0))
    with op.batch_alter_table("payment_methods") as batch_op:
        batch_op.alter_column("version", server_default=None, existing_type=sa.Integer())
        batch_op.alter_column("proforma", server_default=None, existing_type=sa.Boolean())
        for name, condition in _METHOD_CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_payment_methods_{name}"), condition)

    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("tolerated_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("payment_terms", _JSON, nullable=False, server_default="{}"))
    _give_orders_their_terms()
    with op.batch_alter_table("orders") as batch_op:
        batch_op.alter_column("payment_terms", server_default=None, existing_type=_JSON)
        batch_op.create_index(op.f("ix_orders_tolerated_until"), ["tolerated_until"])

    with op.batch_alter_table("quotes") as batch_op:
        batch_op.add_column(sa.Column("payment_method", sa.String(length=20), nullable=True))
    op.execute(sa.update(_QUOTES).values(payment_method=_QUOTES.c.request["payment_method"].as_string()))
    with op.batch_alter_table("quotes") as batch_op:
        batch_op.alter_column("payment_method", nullable=False, existing_type=sa.String(20))
        batch_op.create_index(op.f("ix_quotes_payment_method"), ["payment_method"])
    with op.batch_alter_table("refunds") as batch_op:
        batch_op.create_index(op.f("ix_refunds_method"), ["method"])
    for table, (column, on_delete) in _NAMED_IN.items():
        with op.batch_alter_table(table) as batch_op:
            batch_op.create_foreign_key(
                op.f(f"fk_{table}_{column}_payment_methods"), "payment_methods", [column], ["code"], ondelete=on_delete
            )

    with op.batch_alter_table("mandat_dossiers") as batch_op:
        batch_op.add_column(sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(op.f("ix_mandat_dossiers_status_awaited_since"))
        batch_op.create_index(op.f("ix_mandat_dossiers_status_remind_at"), ["status", "remind_at"])
    for method in _methods():
        if method.purchase_order_days is not None:
            theirs = sa.select(_ORDERS.c.id).where(_ORDERS.c.payment_method == method.code)
            op.execute(
                sa.update(_DOSSIERS)
                .where(_DOSSIERS.c.order_id.in_(theirs))
                .values(remind_at=_moment_after(_DOSSIERS.c.awaited_since, method.purchase_order_days))
            )


def downgrade() -> None:
    with op.batch_alter_table("mandat_dossiers") as batch_op:
        batch_op.drop_index(op.f("ix_mandat_dossiers_status_remind_at"))
        batch_op.create_index(op.f("ix_mandat_dossiers_status_awaited_since"), ["status", "awaited_since"])
        batch_op.drop_column("remind_at")
    for table, (column, _on_delete) in reversed(_NAMED_IN.items()):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"fk_{table}_{column}_payment_methods"), type_="foreignkey")
    with op.batch_alter_table("refunds") as batch_op:
        batch_op.drop_index(op.f("ix_refunds_method"))
    with op.batch_alter_table("quotes") as batch_op:
        batch_op.drop_index(op.f("ix_quotes_payment_method"))
        batch_op.drop_column("payment_method")
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_index(op.f("ix_orders_tolerated_until"))
        batch_op.drop_column("payment_terms")
        batch_op.drop_column("tolerated_until")
    with op.batch_alter_table("payment_methods") as batch_op:
        for name in _METHOD_CHECKS:
            batch_op.drop_constraint(op.f(f"ck_payment_methods_{name}"), type_="check")
    op.execute(sa.update(_METHODS).where(_METHODS.c.code == "mandat").values(grace_days=15))
    with op.batch_alter_table("payment_methods") as batch_op:
        batch_op.drop_column("proforma")
        batch_op.drop_column("version")


def _give_orders_their_terms() -> None:
    """Write down what the methods say today: until now nobody could change it. An invoice's last day is the order's."""
    op.execute(
        "UPDATE orders SET due_on = (SELECT max(invoices.due_on) FROM invoices "
        "WHERE invoices.order_id = orders.id AND invoices.kind = 'invoice') "
        "WHERE EXISTS (SELECT 1 FROM invoices WHERE invoices.order_id = orders.id AND invoices.kind = 'invoice' "
        "AND invoices.due_on IS NOT NULL)"
    )
    for method in _methods():
        terms = {name: getattr(method, name) for name in _TERMS}
        terms |= {name: bool(terms[name]) for name in ("proforma", "starts_subscription")}
        op.execute(
            sa.update(_ORDERS)
            .where(_ORDERS.c.payment_method == method.code)
            .values(payment_terms=terms, tolerated_until=_day_after(_ORDERS.c.due_on, method.grace_days))
        )


def _methods() -> list[sa.Row[Any]]:
    return list(op.get_bind().execute(sa.select(*_METHODS.c)))


def _day_after(column: sa.ColumnElement[Any], days: int) -> sa.ColumnElement[Any]:
    """Return the date so many days later; nothing stays nothing."""
    if op.get_bind().dialect.name == "sqlite":
        return sa.func.date(column, f"+{days} days")
    return column + days


def _moment_after(column: sa.ColumnElement[Any], days: int) -> sa.ColumnElement[Any]:
    """Return the moment so many days later, written as the application writes it: to the microsecond."""
    if op.get_bind().dialect.name == "sqlite":
        return sa.func.datetime(column, f"+{days} days", type_=sa.String()).concat(".000000")
    return column + timedelta(days=days)
