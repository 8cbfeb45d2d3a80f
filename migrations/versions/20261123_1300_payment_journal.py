"""The payment journal, reversed and moved money, deposits of cheques, the bank's lines and the accounts."""

import hashlib
import json
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ACCOUNTS = (
    ("customers", "411", "Clients"),
    ("services", "706", "Prestations de services"),
    ("goods", "707", "Ventes de marchandises"),
    ("vat", "44571", "TVA collectée"),
    ("bank", "512", "Banque"),
    ("cheques", "5112", "Chèques à encaisser"),
    ("cards", "511", "Valeurs à l’encaissement"),
)


def upgrade() -> None:
    op.create_table(
        "deposits",
        sa.Column("deposited_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("cheques", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_deposits_recorded_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposits")),
    )
    op.create_index(op.f("ix_deposits_deposited_on"), "deposits", ["deposited_on"])
    op.create_index(op.f("ix_deposits_recorded_by_id"), "deposits", ["recorded_by_id"])
    op.create_table(
        "bank_lines",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["users.id"], name=op.f("fk_bank_lines_handled_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_lines")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_bank_lines_fingerprint")),
    )
    for column in ("booked_on", "handled_by_id", "status"):
        op.create_index(op.f(f"ix_bank_lines_{column}"), "bank_lines", [column])
    _widen_payments()
    op.create_table(
        "payment_journal",
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("order_reference", sa.String(length=20), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("refund_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=300), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_journal_order_id_orders")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_payment_journal_payment_id_payments")),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_payment_journal_refund_id_refunds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_journal")),
        sa.UniqueConstraint("is_test", "rank", name=op.f("uq_payment_journal_is_test_rank")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payment_journal_payment_id")),
        sa.UniqueConstraint("refund_id", "kind", name=op.f("uq_payment_journal_refund_id_kind")),
        sa.UniqueConstraint("hash", name=op.f("uq_payment_journal_hash")),
    )
    for column in ("at", "moved_on", "order_id"):
        op.create_index(op.f(f"ix_payment_journal_{column}"), "payment_journal", [column])
    op.create_table(
        "payment_journal_heads",
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_journal_heads")),
        sa.UniqueConstraint("is_test", name=op.f("uq_payment_journal_heads_is_test")),
    )
    accounts = op.create_table(
        "ledger_accounts",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_accounts")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_accounts_key")),
    )
    op.bulk_insert(accounts, [{"key": key, "number": number, "label": label} for key, number, label in _ACCOUNTS])
    _enter_what_moved_before()


def downgrade() -> None:
    """Money that was reversed or moved stands against the former rule of payments, and stops the way down."""
    op.drop_table("ledger_accounts")
    op.drop_table("payment_journal_heads")
    op.drop_table("payment_journal")
    with op.batch_alter_table("payments") as batch_op:
        batch_op.drop_constraint(op.f("ck_payments_amount_of_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_payments_amount_positive"), "amount_cents > 0")
        batch_op.drop_index(op.f("ix_payments_bank_line_id"))
        batch_op.drop_index(op.f("ix_payments_deposit_id"))
        batch_op.drop_constraint(op.f("fk_payments_bank_line_id_bank_lines"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_payments_deposit_id_deposits"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_payments_reverses_id_payments"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_payments_reverses_id"), type_="unique")
        for column in ("bank_line_id", "deposit_id", "reason", "reverses_id", "kind"):
            batch_op.drop_column(column)
    op.drop_table("bank_lines")
    op.drop_table("deposits")


def _widen_payments() -> None:
    with op.batch_alter_table("payments") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=20), nullable=False, server_default="received"))
        batch_op.add_column(sa.Column("reverses_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("deposit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("bank_line_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("payments") as batch_op:
        batch_op.alter_column("kind", server_default=None, existing_type=sa.String(length=20))
        batch_op.alter_column("reason", server_default=None, existing_type=sa.String(length=300))
        batch_op.drop_constraint(op.f("ck_payments_amount_positive"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_payments_amount_of_kind"), "amount_cents <> 0 AND (amount_cents > 0 OR kind <> 'received')"
        )
        batch_op.create_unique_constraint(op.f("uq_payments_reverses_id"), ["reverses_id"])
        for column, table in (("reverses_id", "payments"), ("deposit_id", "deposits"), ("bank_line_id", "bank_lines")):
            batch_op.create_foreign_key(op.f(f"fk_payments_{column}_{table}"), table, [column], ["id"])
        batch_op.create_index(op.f("ix_payments_deposit_id"), ["deposit_id"])
        batch_op.create_index(op.f("ix_payments_bank_line_id"), ["bank_line_id"])


def _enter_what_moved_before() -> None:
    """Enter the payments and refunds that are there, in the order in which they were recorded."""
    connection = op.get_bind()
    names = ("id", "order_id", "method", "amount_cents", "recorded_at", "gateway_reference")
    times: dict[str, Any] = {
        "recorded_at": sa.DateTime(timezone=True),
        "received_on": sa.Date(),
        "refunded_on": sa.Date(),
    }

    def columns(*more: str) -> list[sa.ColumnClause[Any]]:
        return [sa.column(name, times.get(name)) for name in (*names, *more)]

    orders = sa.table("orders", sa.column("id"), sa.column("reference"), sa.column("is_test", sa.Boolean()))
    payments = sa.table("payments", *columns("received_on", "reference"))
    refunds = sa.table("refunds", *columns("refunded_on", "reason"))
    moved = [
        (row.recorded_at, 0, row.id, row, order, "payment", row.amount_cents, row.received_on, row.reference)
        for row, order in _with_orders(connection, payments, orders)
    ] + [
        (row.recorded_at, 1, row.id, row, order, "refund", -row.amount_cents, row.refunded_on, row.reason)
        for row, order in _with_orders(connection, refunds, orders)
    ]
    heads: dict[bool, tuple[int, str]] = {}
    entries = []
    for at, _sort, key, row, order, kind, cents, moved_on, said in sorted(moved, key=lambda line: line[:3]):
        rank, previous = heads.get(order.is_test, (0, ""))
        moment = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        reference = (row.gateway_reference or said or "")[:300]
        ids = {"payment": key if kind == "payment" else None, "refund": key if kind == "refund" else None}
        content = {
            "rank": rank + 1,
            "is_test": order.is_test,
            "at": moment.isoformat(timespec="microseconds"),
            "kind": kind,
            "order": order.reference,
            "amount_cents": cents,
            "method": row.method,
            "moved_on": moved_on.isoformat(),
            **ids,
            "reference": reference,
        }
        written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        seal = hashlib.sha256(f"{previous}\n{written}".encode()).hexdigest()
        heads[order.is_test] = (rank + 1, seal)
        entries.append({
            "rank": rank + 1, "is_test": order.is_test, "at": moment, "kind": kind, "order_id": order.id,
            "order_reference": order.reference, "amount_cents": cents, "method": row.method, "moved_on": moved_on,
            "payment_id": ids["payment"], "refund_id": ids["refund"], "reference": reference,
            "previous_hash": previous, "hash": seal,
        })  # fmt: skip
    _insert(connection, "payment_journal", entries)
    _insert(
        connection,
        "payment_journal_heads",
        [{"is_test": is_test, "rank": rank, "hash": seal} for is_test, (rank, seal) in heads.items()],
    )


def _with_orders(
    connection: sa.Connection, moved: sa.TableClause, orders: sa.TableClause
) -> list[tuple[sa.Row[tuple[object, ...]], sa.Row[tuple[object, ...]]]]:
    known = {row.id: row for row in connection.execute(sa.select(orders))}
    return [(row, known[row.order_id]) for row in connection.execute(sa.select(moved))]


def _insert(connection: sa.Connection, name: str, rows: list[dict[str, object]]) -> None:
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    if rows:
        connection.execute(sa.insert(table), rows)
