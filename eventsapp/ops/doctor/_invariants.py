"""The invariants of the design, one query each; a row that comes back is a thing that is wrong."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventsapp.core.db import Model, db
from eventsapp.files import storage
from eventsapp.files.models import StoredFile

#: Rows named for each invariant: enough to see what happened.
MOST_SHOWN = 10
#: A file that nothing refers to is young for that long; a mail leaves within these.
YOUNG = timedelta(hours=24)
IN_FLIGHT = timedelta(minutes=15)
QUEUED = timedelta(hours=1)
#: Name → the statement, and what is wrong with each row that it returns.
_QUERIES: dict[str, tuple[str, str]] = {
    "I1 seats": (
        """SELECT day.slug, day.seats_taken, day.capacity, count(seat.id) FROM study_days day
        LEFT JOIN registrations seat ON seat.study_day_id = day.id AND seat.status IN ('held', 'confirmed')
        GROUP BY day.id, day.slug, day.seats_taken, day.capacity, day.overbooked
        HAVING count(seat.id) > day.capacity + day.overbooked OR count(seat.id) <> day.seats_taken""",
        "{0}: {3} seats held, {1} counted, {2} there",
    ),
    "I2 totals": (
        """SELECT orders.reference, orders.total_cents, coalesce(sum(line.total_cents), 0) FROM orders
        LEFT JOIN order_lines line ON line.order_id = orders.id GROUP BY orders.id, orders.reference, orders.total_cents
        HAVING orders.total_cents <> coalesce(sum(line.total_cents), 0)""",
        "order {0}: its total is {1} cents, its lines make {2}",
    ),
    "I3 money": (
        """SELECT reference, payment_status, total_cents, paid_cents, refunded_cents, paid, refunded FROM (
            SELECT orders.*,
                (SELECT coalesce(sum(amount_cents), 0) FROM payments WHERE payments.order_id = orders.id) AS paid,
                (SELECT coalesce(sum(amount_cents), 0) FROM refunds
                    WHERE refunds.order_id = orders.id AND refunds.state <> 'failed') AS refunded
            FROM orders) AS counted
        WHERE paid <> paid_cents OR refunded <> refunded_cents
            OR (total_cents > 0 AND (payment_status IN ('paid', 'overpaid')) <> (paid - refunded >= total_cents))
            OR (total_cents > 0 AND paid - refunded >= total_cents AND NOT paid_without_seat
                AND status NOT IN ('confirmed', 'cancelled'))""",
        "order {0} ({1}): {2} cents due, {3} paid and {4} refunded by its row, {5} and {6} by its movements",
    ),
    "I3 journal": (
        """SELECT orders.reference, coalesce(sum(entry.amount_cents), 0),
            (SELECT coalesce(sum(amount_cents), 0) FROM payments WHERE payments.order_id = orders.id)
            - (SELECT coalesce(sum(amount_cents), 0) FROM refunds
                WHERE refunds.order_id = orders.id AND refunds.state = 'done') AS moved
        FROM orders LEFT JOIN payment_journal entry ON entry.order_id = orders.id
        GROUP BY orders.id, orders.reference
        HAVING coalesce(sum(entry.amount_cents), 0) <> (
            SELECT coalesce(sum(amount_cents), 0) FROM payments WHERE payments.order_id = orders.id)
            - (SELECT coalesce(sum(amount_cents), 0) FROM refunds
                WHERE refunds.order_id = orders.id AND refunds.state = 'done')""",
        "order {0}: the journal says {1} cents, its payments and refunds {2}",
    ),
    "I4 numbers": (
        """SELECT series.kind, series.year, series.last, count(invoice.id), max(invoice.rank) FROM number_series series
        LEFT JOIN invoices invoice ON invoice.kind = series.kind AND invoice.year = series.year
            AND invoice.is_test = series.is_test
        GROUP BY series.id, series.kind, series.year, series.last
        HAVING count(invoice.id) <> series.last OR coalesce(max(invoice.rank), 0) <> series.last""",
        "{0} {1}: {2} numbers given, {3} documents, the last of rank {4}",
    ),
    "I5 once": (
        """SELECT 'event', event_id, count(*) FROM gateway_events GROUP BY event_id HAVING count(*) > 1
        UNION ALL
        SELECT 'payment', gateway_reference, count(*) FROM payments WHERE gateway_reference IS NOT NULL
        GROUP BY gateway_reference HAVING count(*) > 1""",
        "Stripe's {0} {1} was taken {2} times",
    ),
    "I7 history": (
        """SELECT orders.reference, entry.kind, entry.amount_cents FROM payment_journal entry
        JOIN orders ON orders.id = entry.order_id WHERE NOT EXISTS (SELECT 1 FROM audit_entries line
            WHERE line.subject_kind = 'order' AND line.subject_id = entry.order_id
            AND line.action LIKE 'payments.%')""",
        "order {0}: {1} of {2} cents, and the history says nothing",
    ),
    "I8 mails": (
        """SELECT id, template, status FROM outgoing_mails
        WHERE (status = 'sending' AND claimed_at < :in_flight)
            OR (status = 'queued' AND due_at < :queued AND last_error = '')""",
        "mail {0} ({1}) is {2} for too long",
    ),
}


def invariants(*, now: datetime) -> list[tuple[str, Sequence[str]]]:
    """Return each invariant with the rows for which it does not hold, in words."""
    times = {"in_flight": now - IN_FLIGHT, "queued": now - QUEUED}
    found: list[tuple[str, Sequence[str]]] = []
    for name, (query, words) in _QUERIES.items():
        statement = sa.text(query)
        asked = {key: value for key, value in times.items() if f":{key}" in query}
        if asked:
            statement = statement.bindparams(*(sa.bindparam(key, type_=sa.DateTime(timezone=True)) for key in asked))
        rows = db.session.execute(statement, asked).all()
        found.append((name, [words.format(*row) for row in rows[:MOST_SHOWN]]))
    found.insert(-2, ("I6 files", _files(now=now)))
    return found


def _files(*, now: datetime) -> list[str]:
    """Return the rows whose file is gone or has another size, and the old files that no row refers to."""
    used = [
        sa.select(column)
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == StoredFile.__tablename__ for key in column.foreign_keys)
    ]
    referred = sa.union_all(*(statement.where(statement.selected_columns[0].is_not(None)) for statement in used))
    rows = db.session.execute(
        sa.select(StoredFile.key, StoredFile.size, StoredFile.created_at, StoredFile.id.in_(referred.scalar_subquery()))
    )
    problems = []
    for key, size, created_at, is_referred in rows:
        path = storage.path_of(key)
        if not path.is_file():
            problems.append(f"file {key}: its row is there, the file is not")
        elif path.stat().st_size != size:
            problems.append(f"file {key}: {path.stat().st_size} bytes instead of {size}")
        elif not is_referred and created_at < now - YOUNG:
            problems.append(f"file {key}: nothing refers to it for more than a day")
    return problems[:MOST_SHOWN]
