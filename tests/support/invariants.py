"""What must hold of seats, money and invoices after every step, asked of the database in SQL."""

import hashlib
import json

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.payments.queries import journal_problems

#: What is wrong → a query that returns the rows for which it is.
BROKEN = {
    "I1 more seats are held than the day has": """
        SELECT day.id, day.capacity, count(*) FROM study_days day JOIN registrations seat ON seat.study_day_id = day.id
        WHERE seat.status IN ('held', 'confirmed', 'attended', 'absent') GROUP BY day.id, day.capacity, day.overbooked
        HAVING count(*) > day.capacity + day.overbooked""",
    "I1 the seats counted are not the seats held": """
        SELECT day.id, day.seats_taken FROM study_days day
        WHERE day.seats_taken <> (SELECT count(*) FROM registrations seat
            WHERE seat.study_day_id = day.id AND seat.status IN ('held', 'confirmed', 'attended', 'absent'))
            + (SELECT coalesce(sum(offer.seats), 0) FROM waiting_offers offer
                JOIN waiting_entries entry ON entry.id = offer.entry_id
                WHERE entry.study_day_id = day.id AND offer.outcome IS NULL)""",
    "I1 a contract has more readers than seats, or counts others than it has": """
        SELECT contract.id, contract.readers, contract.seats_taken FROM contracts contract
        WHERE contract.seats_taken > contract.readers OR contract.seats_taken <> (
            SELECT count(*) FROM contract_seats seat WHERE seat.contract_id = contract.id)""",
    "W an offer is open and its group does not know, or the other way round": """
        SELECT entry.id, entry.status FROM waiting_entries entry
        WHERE (entry.status = 'offered') <> EXISTS (
            SELECT 1 FROM waiting_offers offer WHERE offer.entry_id = entry.id AND offer.outcome IS NULL)""",
    "I1 seats are in another state than their order": """
        SELECT orders.reference, orders.status, seat.status FROM orders
        JOIN order_lines line ON line.order_id = orders.id JOIN registrations seat ON seat.order_line_id = line.id
        WHERE seat.withdrawn_at IS NULL
            AND CASE WHEN seat.status IN ('attended', 'absent') THEN 'confirmed' ELSE seat.status END
            <> CASE orders.status WHEN 'pending' THEN 'held' WHEN 'confirmed' THEN 'confirmed'
            ELSE 'cancelled' END""",
    "I2 a total is not the sum of its lines": """
        SELECT orders.reference, orders.total_cents FROM orders
        WHERE orders.total_cents <> (SELECT coalesce(sum(total_cents), 0) FROM order_lines line
            WHERE line.order_id = orders.id)""",
    "I2 a line is not the sum of its parts by tax": """
        SELECT line.id, line.total_cents FROM order_lines line
        WHERE line.total_cents <> (SELECT coalesce(sum(total_cents), 0) FROM order_line_vat_parts part
            WHERE part.order_line_id = line.id)""",
    "I3 what was paid is not the sum of the payments": """
        SELECT orders.reference, orders.paid_cents FROM orders
        WHERE orders.paid_cents <> (SELECT coalesce(sum(amount_cents), 0) FROM payments
            WHERE payments.order_id = orders.id)""",
    "I3 what was refunded is not the sum of the refunds": """
        SELECT orders.reference, orders.refunded_cents FROM orders
        WHERE orders.refunded_cents <> (SELECT coalesce(sum(amount_cents), 0) FROM refunds
            WHERE refunds.order_id = orders.id AND refunds.state <> 'failed')""",
    # A cheque may bounce after part of it was given back, and Stripe or a card's bank gives back by itself what the
    # office gave back by hand: the buyer owes that, and an alert says so, as the reversal does. What is only asked of
    # Stripe has not gone back: it may refuse.
    "I3 more went back than came in, and nobody is told": """
        SELECT reference, paid_cents, refunded_cents FROM orders
        WHERE paid_cents < (SELECT coalesce(sum(amount_cents), 0) FROM refunds
                WHERE refunds.order_id = orders.id AND refunds.state = 'done')
            AND NOT EXISTS (
                SELECT 1 FROM payments WHERE payments.order_id = orders.id AND payments.kind = 'reversal')
            AND NOT EXISTS (SELECT 1 FROM payment_alerts alert
                WHERE alert.order_id = orders.id AND alert.problem LIKE '%rendus en trop')""",
    "I3 an order says it is paid and is not, or the other way round": """
        SELECT reference, payment_status, total_cents, credited_cents, paid_cents, refunded_cents FROM orders
        WHERE (total_cents > credited_cents AND (payment_status IN ('paid', 'overpaid'))
                <> (paid_cents - refunded_cents >= total_cents - credited_cents))
            OR (total_cents = credited_cents AND (payment_status = 'overpaid') <> (paid_cents > refunded_cents))""",
    "I3 an order is paid and has neither its seats nor a refund to come": """
        SELECT reference, status, payment_status FROM orders
        WHERE total_cents > credited_cents AND paid_cents - refunded_cents >= total_cents - credited_cents
            AND NOT paid_without_seat
            AND status NOT IN ('confirmed', 'cancelled')""",
    "I3 an order holds its seats for ever": """
        SELECT reference FROM orders WHERE status = 'pending' AND expires_at IS NULL""",
    "I4 numbers are not contiguous": """
        SELECT kind, year, count(*), min(rank), max(rank) FROM invoices GROUP BY kind, year, is_test
        HAVING min(rank) <> 1 OR max(rank) <> count(*) OR count(DISTINCT number) <> count(*)""",
    "I4 a series is ahead of its last number": """
        SELECT kind, year, last FROM number_series WHERE last <> (SELECT count(*) FROM invoices
            WHERE invoices.kind = number_series.kind AND invoices.year = number_series.year
            AND invoices.is_test = number_series.is_test)""",
    "I4 a number is dated before the one before it": """
        SELECT later.number, later.issued_on FROM invoices later JOIN invoices earlier
            ON earlier.kind = later.kind AND earlier.year = later.year AND earlier.is_test = later.is_test
            AND earlier.rank = later.rank - 1
        WHERE later.issued_on < earlier.issued_on""",
    "I4 a credit note is older than its invoice": """
        SELECT note.number FROM invoices note JOIN invoices invoice ON invoice.id = note.credits_id
        WHERE note.issued_on < invoice.issued_on""",
    "I2 what was taken back of an order is not that of its lines": """
        SELECT orders.reference, orders.credited_cents, orders.kept_cents FROM orders
        WHERE orders.credited_cents <> (SELECT sum(credited_cents) FROM order_lines line
                WHERE line.order_id = orders.id)
            OR orders.kept_cents <> (SELECT sum(kept_cents) FROM order_lines line WHERE line.order_id = orders.id)
            OR (orders.status = 'cancelled' AND total_cents - credited_cents <> kept_cents)""",
    "I2 what was taken back of a line is not the sum of its parts": """
        SELECT line.id, line.credited_cents, line.kept_cents, line.cancelled_quantity FROM order_lines line
        WHERE (line.credited_cents, line.kept_cents, line.cancelled_quantity) <> (
            SELECT coalesce(sum(credited_cents), 0), coalesce(sum(kept_cents), 0), coalesce(sum(quantity), 0)
            FROM order_reductions cut WHERE cut.order_line_id = line.id)""",
    "I2 a line has another number of places left than of people": """
        SELECT line.id, line.quantity, line.cancelled_quantity FROM order_lines line
        JOIN orders ON orders.id = line.order_id AND orders.status <> 'cancelled'
        WHERE EXISTS (SELECT 1 FROM registrations seat WHERE seat.order_line_id = line.id)
            AND line.quantity - line.cancelled_quantity <> (SELECT count(*) FROM registrations seat
                WHERE seat.order_line_id = line.id AND seat.withdrawn_at IS NULL)""",
    "I4 an order is invoiced, credit notes taken off, for something else than it costs": """
        SELECT reference, owed, standing FROM (
            SELECT orders.reference, orders.total_cents - orders.credited_cents AS owed,
                (SELECT coalesce(sum(CASE kind WHEN 'invoice' THEN total_cents ELSE -total_cents END), 0)
                    FROM invoices WHERE invoices.order_id = orders.id) AS standing
            FROM orders) AS billed
        WHERE standing <> 0 AND standing <> owed""",
    "I4 more is credited of a line before tax than was invoiced of it, at a rate": """
        SELECT invoice.number, line.vat_rate FROM invoices invoice
        JOIN invoice_lines line ON line.invoice_id = invoice.id
        WHERE invoice.kind = 'invoice' GROUP BY invoice.id, invoice.number, line.vat_rate
        HAVING sum(line.net_cents) < (SELECT coalesce(sum(taken.net_cents), 0) FROM invoice_lines taken
            JOIN invoices note ON note.id = taken.invoice_id
            WHERE note.credits_id = invoice.id AND taken.vat_rate = line.vat_rate)""",
    "I4 an invoice is taken back by more than it was": """
        SELECT invoice.number FROM invoices invoice WHERE invoice.kind = 'invoice' AND invoice.total_cents < (
            SELECT coalesce(sum(note.total_cents), 0) FROM invoices note WHERE note.credits_id = invoice.id)""",
    "I4 an order has two invoices of which neither is taken back": """
        SELECT invoice.order_id FROM invoices invoice WHERE invoice.kind = 'invoice' AND invoice.total_cents > (
            SELECT coalesce(sum(note.total_cents), 0) FROM invoices note WHERE note.credits_id = invoice.id)
        GROUP BY invoice.order_id HAVING count(*) > 1""",
    "I4 a credit note takes nothing back": """
        SELECT number FROM invoices WHERE (kind = 'credit_note') <> (credits_id IS NOT NULL)""",
    "I5 an event was taken twice": """
        SELECT event_id FROM gateway_events GROUP BY event_id HAVING count(*) > 1""",
    "I7 money moved and the history says nothing": """
        SELECT payments.id, payments.kind FROM payments WHERE NOT EXISTS (SELECT 1 FROM audit_entries entry
            WHERE entry.subject_kind = 'order' AND entry.subject_id = payments.order_id
            AND entry.action = CASE payments.kind WHEN 'received' THEN 'payments.record'
                WHEN 'moved' THEN 'payments.move'
                ELSE CASE WHEN payments.by_mistake THEN 'payments.undo' ELSE 'payments.reverse' END END)""",
    "P a code is used another number of times than its orders say": """
        SELECT code.code, code.uses_count, code.uses_limit FROM promo_codes code
        WHERE code.uses_count <> (SELECT count(*) FROM promo_redemptions used
                WHERE used.promo_code_id = code.id AND used.returned_at IS NULL)
            OR code.uses_count > code.uses_limit""",
    "D a slip is not the sum of its cheques": """
        SELECT slip.id FROM deposits slip WHERE slip.cancelled_at IS NULL AND (slip.total_cents <> (
            SELECT sum(amount_cents) FROM payments WHERE payments.deposit_id = slip.id)
            OR slip.cheques <> (SELECT count(*) FROM payments WHERE payments.deposit_id = slip.id))
            OR slip.cancelled_at IS NOT NULL AND EXISTS (
            SELECT 1 FROM payments WHERE payments.deposit_id = slip.id)""",
    "J a movement is not in the journal": """
        SELECT 'payment', payments.id FROM payments
        WHERE NOT EXISTS (SELECT 1 FROM payment_journal entry WHERE entry.payment_id = payments.id
            AND entry.amount_cents = payments.amount_cents AND entry.order_id = payments.order_id)
        UNION ALL
        SELECT 'refund', refunds.id FROM refunds
        WHERE refunds.state = 'done' AND NOT EXISTS (SELECT 1 FROM payment_journal entry
            WHERE entry.refund_id = refunds.id AND entry.kind = 'refund'
            AND entry.amount_cents = -refunds.amount_cents AND entry.order_id = refunds.order_id)""",
    "J the journal of an order is not its payments less its refunds": """
        SELECT orders.reference FROM orders
        WHERE (SELECT coalesce(sum(amount_cents), 0) FROM payment_journal entry WHERE entry.order_id = orders.id)
            <> (SELECT coalesce(sum(amount_cents), 0) FROM payments WHERE payments.order_id = orders.id)
            - (SELECT coalesce(sum(amount_cents), 0) FROM refunds
                WHERE refunds.order_id = orders.id AND refunds.state = 'done')""",
    "J money was moved from nowhere": """
        SELECT moved_on, sum(amount_cents) FROM payment_journal WHERE kind = 'transfer'
        GROUP BY moved_on, is_test HAVING sum(amount_cents) <> 0""",
    # What we ask for counts, unless something was quicker of which we did not know when we asked: somebody on Stripe's
    # pages, the card's bank, or a refund that the office had given up. Stripe refuses ours then.
    "J more of a card payment went back, or lies somewhere, than came": """
        SELECT card.id FROM payments card WHERE card.gateway_reference IS NOT NULL AND (
            card.amount_cents < (SELECT coalesce(sum(amount_cents), 0) FROM refunds
                WHERE refunds.payment_id = card.id AND (refunds.state = 'done' OR refunds.state = 'asked'
                    AND NOT EXISTS (SELECT 1 FROM refunds elsewhere WHERE elsewhere.payment_id = card.id
                        AND (elsewhere.request_key IS NULL OR elsewhere.request_key LIKE 'stripe-%')
                        AND elsewhere.state <> 'failed')
                    AND NOT EXISTS (SELECT 1 FROM refunds again JOIN audit_entries entry
                        ON entry.subject_kind = 'order' AND entry.subject_id = again.order_id
                        WHERE again.payment_id = card.id AND entry.action = 'payments.give_up_refund')))
            OR 0 <> (SELECT coalesce(sum(amount_cents), 0) FROM payments moved WHERE moved.origin_id = card.id))""",
}


def broken() -> list[str]:
    """Return what is wrong in the database, each with the rows it is wrong of; nothing, when all holds."""
    found = []
    for what, query in BROKEN.items():
        rows = db.session.execute(sa.text(query)).all()
        if rows:
            found.append(f"{what}: {[tuple(row) for row in rows]}")
    return found + [f"J {problem}" for problem in journal_problems()]


def fingerprints() -> dict[str, str]:
    """Return number → what stands for all that an issued invoice says: it never changes (I4)."""
    rows = db.session.execute(sa.text("SELECT number, content, total_cents, issued_on FROM invoices"))
    return {
        row.number: hashlib.sha256(
            json.dumps([row.content, row.total_cents, str(row.issued_on)], sort_keys=True).encode()
        ).hexdigest()
        for row in rows
    }
