"""The invariants of the design that one query each tells; a row that comes back is a thing that is wrong."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventsapp.core.db import db

#: Rows named for each invariant: enough to see what happened.
MOST_SHOWN = 10
#: A mail leaves within these.
IN_FLIGHT = timedelta(minutes=15)
QUEUED = timedelta(hours=1)
#: Name → the statement, and what is wrong with each row that it returns.
_QUERIES: dict[str, tuple[str, str]] = {
    "I1 seats": (
        """SELECT slug, seats_taken, capacity, held, offered FROM (
            SELECT day.slug, day.seats_taken, day.capacity, day.overbooked,
                (SELECT count(*) FROM registrations seat
                    WHERE seat.study_day_id = day.id AND seat.status <> 'cancelled') AS held,
                (SELECT coalesce(sum(offer.seats), 0) FROM waiting_offers offer
                    JOIN waiting_entries entry ON entry.id = offer.entry_id
                    WHERE entry.study_day_id = day.id AND offer.outcome IS NULL) AS offered
            FROM study_days day) AS counted
        WHERE held + offered > capacity + overbooked OR held + offered <> seats_taken""",
        "{0}: {3} seats held and {4} offered, {1} counted, {2} there",
    ),
    "I1 readers": (
        """SELECT id, seats_taken, readers, held, gone FROM (
            SELECT contract.id, contract.seats_taken, contract.readers,
                (SELECT count(*) FROM contract_seats seat WHERE seat.contract_id = contract.id) AS held,
                (SELECT count(*) FROM contract_seats seat JOIN readership_members member ON member.id = seat.member_id
                    WHERE seat.contract_id = contract.id AND contract.status IN ('active', 'pending')
                    AND (member.removed_at IS NOT NULL OR member.joined_at IS NULL)) AS gone
            FROM contracts contract) AS counted
        WHERE held > readers OR held <> seats_taken OR gone > 0""",
        "contract {0}: {3} seats of readers held, {1} counted, {2} there, {4} of somebody who does not read",
    ),
    "I2 totals": (
        """SELECT orders.reference, orders.total_cents, coalesce(sum(line.total_cents), 0) FROM orders
        LEFT JOIN order_lines line ON line.order_id = orders.id GROUP BY orders.id, orders.reference, orders.total_cents
        HAVING orders.total_cents <> coalesce(sum(line.total_cents), 0)""",
        "order {0}: its total is {1} cents, its lines make {2}",
    ),
    "I2 credits": (
        """SELECT orders.reference, orders.credited_cents, orders.kept_cents, sums.credited, sums.kept FROM orders
        JOIN (SELECT line.order_id, sum(line.credited_cents) AS credited, sum(line.kept_cents) AS kept,
                sum(line.quantity - line.cancelled_quantity) AS standing FROM order_lines line GROUP BY line.order_id
        ) sums ON sums.order_id = orders.id
        WHERE orders.credited_cents <> sums.credited OR orders.kept_cents <> sums.kept
            OR (orders.status = 'cancelled'
                AND (sums.standing > 0 OR orders.total_cents - orders.credited_cents <> orders.kept_cents))""",
        "order {0}: {1} cents taken back and {2} kept by its row, {3} and {4} by its lines",
    ),
    "I2 reductions": (
        """SELECT orders.reference, line.position, line.credited_cents, coalesce(sum(cut.credited_cents), 0)
        FROM order_lines line JOIN orders ON orders.id = line.order_id
        LEFT JOIN order_reductions cut ON cut.order_line_id = line.id
        GROUP BY line.id, orders.reference, line.position, line.credited_cents, line.kept_cents, line.cancelled_quantity
        HAVING line.credited_cents <> coalesce(sum(cut.credited_cents), 0)
            OR line.kept_cents <> coalesce(sum(cut.kept_cents), 0)
            OR line.cancelled_quantity <> coalesce(sum(cut.quantity), 0)""",
        "order {0}, line {1}: {2} cents taken back by the line, {3} one by one",
    ),
    "I2 tax": (
        """SELECT orders.reference, line.position, line.total_cents, coalesce(sum(part.total_cents), 0)
        FROM order_lines line JOIN orders ON orders.id = line.order_id
        LEFT JOIN order_line_vat_parts part ON part.order_line_id = line.id
        GROUP BY orders.reference, line.id, line.position, line.total_cents, line.unit_price_cents
        HAVING line.total_cents <> coalesce(sum(part.total_cents), 0)
            OR line.unit_price_cents <> coalesce(sum(part.unit_price_cents), 0)""",
        "order {0}, line {1}: {2} cents, its parts by tax make {3}",
    ),
    "I3 money": (
        """SELECT reference, payment_status, owed, paid_cents, refunded_cents, paid, refunded FROM (
            SELECT orders.*, orders.total_cents - orders.credited_cents AS owed,
                (SELECT coalesce(sum(amount_cents), 0) FROM payments WHERE payments.order_id = orders.id) AS paid,
                (SELECT coalesce(sum(amount_cents), 0) FROM refunds
                    WHERE refunds.order_id = orders.id AND refunds.state <> 'failed') AS refunded
            FROM orders) AS counted
        WHERE paid <> paid_cents OR refunded <> refunded_cents
            OR (owed > 0 AND (payment_status IN ('paid', 'overpaid')) <> (paid - refunded >= owed))
            OR (owed = 0 AND (payment_status = 'overpaid') <> (paid - refunded > 0))
            OR (owed > 0 AND paid - refunded >= owed AND NOT paid_without_seat
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
    "I4 credit notes": (
        """SELECT reference, status, owed, standing FROM (
            SELECT orders.reference, orders.status, orders.total_cents - orders.credited_cents AS owed,
                (SELECT coalesce(sum(CASE kind WHEN 'invoice' THEN total_cents ELSE -total_cents END), 0)
                    FROM invoices WHERE invoices.order_id = orders.id) AS standing
            FROM orders) AS billed
        WHERE standing <> 0 AND standing <> owed""",
        "order {0} ({1}): it costs {2} cents in the end, its invoices less its credit notes say {3}",
    ),
    "I5 events": (
        """SELECT 'event', event_id, count(*) FROM gateway_events GROUP BY event_id HAVING count(*) > 1
        UNION ALL
        SELECT 'payment', gateway_reference, count(*) FROM payments WHERE gateway_reference IS NOT NULL
        GROUP BY gateway_reference HAVING count(*) > 1""",
        "Stripe's {0} {1} was taken {2} times",
    ),
    "I5 reminders": (
        """SELECT orders.reference, 'step ' || sent.step, count(*), 1 FROM reminders sent
        JOIN orders ON orders.id = sent.order_id GROUP BY orders.reference, sent.step HAVING count(*) > 1
        UNION ALL
        SELECT orders.reference, mail.template, count(*), max(due.times) FROM outgoing_mails mail
        JOIN orders ON orders.id = mail.subject_id JOIN (
            SELECT orders.id AS order_id, 'dunning/reminder' AS template,
                (SELECT count(*) FROM reminders WHERE reminders.order_id = orders.id) AS times FROM orders
            UNION ALL
            SELECT dossier.order_id, 'mandats/purchase_order_awaited',
                1 + (SELECT count(*) FROM audit_entries line WHERE line.subject_kind = 'order'
                    AND line.subject_id = dossier.order_id AND line.action = 'mandats.ask_anew')
            FROM mandat_dossiers dossier
        ) due ON due.order_id = orders.id AND due.template = mail.template
        WHERE mail.subject_kind = 'order' AND mail.template IN ('dunning/reminder', 'mandats/purchase_order_awaited')
        GROUP BY orders.reference, mail.template, orders.id HAVING count(*) > max(due.times)""",
        "order {0}, {1}: reminded {2} times, {3} were due",
    ),
    "I5 renewals": (
        """SELECT mail.subject_id, count(*), (
            SELECT count(*) FROM contract_reminders sent WHERE sent.contract_id = mail.subject_id
                AND NOT (sent.kind = 'before_7' AND EXISTS (SELECT 1 FROM outgoing_mails instead
                    WHERE instead.template = 'subscriptions/card_refused' AND instead.subject_kind = 'contract'
                    AND instead.subject_id = mail.subject_id))) AS due
        FROM outgoing_mails mail WHERE mail.template = 'subscriptions/renewal_reminder'
        GROUP BY mail.subject_id HAVING count(*) > (
            SELECT count(*) FROM contract_reminders sent WHERE sent.contract_id = mail.subject_id
                AND NOT (sent.kind = 'before_7' AND EXISTS (SELECT 1 FROM outgoing_mails instead
                    WHERE instead.template = 'subscriptions/card_refused' AND instead.subject_kind = 'contract'
                    AND instead.subject_id = mail.subject_id)))""",
        "contract {0}: its end was told of {1} times, {2} were due",
    ),
    "I5 days": (
        """SELECT orders.reference, mail.registration_id, count(*), (
            SELECT count(*) FROM day_reminders_sent sent
                WHERE sent.registration_id = mail.registration_id AND sent.kind IN ('week', 'eve')) AS due
        FROM outgoing_mails mail JOIN orders ON orders.id = mail.subject_id
        WHERE mail.template = 'mailings/reminder' AND mail.registration_id IS NOT NULL
        GROUP BY orders.reference, mail.registration_id HAVING count(*) > (
            SELECT count(*) FROM day_reminders_sent sent
                WHERE sent.registration_id = mail.registration_id AND sent.kind IN ('week', 'eve'))""",
        "order {0}, seat {1}: reminded of its day {2} times, {3} were due",
    ),
    "numbers sent": (
        """SELECT contract.id, contract.issues_sent, count(label.id) FROM contracts contract
        LEFT JOIN shipment_labels label ON label.contract_id = contract.id
        GROUP BY contract.id, contract.issues_sent HAVING contract.issues_sent <> count(label.id)""",
        "contract {0}: {1} numbers sent by its row, {2} labels",
    ),
    "I8 mails": (
        """SELECT id, template, status FROM outgoing_mails
        WHERE (status = 'sending' AND claimed_at < :in_flight)
            OR (status = 'queued' AND due_at < :queued AND last_error = '')""",
        "mail {0} ({1}) is {2} for too long",
    ),
}


def by_query(*, now: datetime) -> list[tuple[str, Sequence[str]]]:
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
    return found
