"""The bank's statement: its lines kept once, each matched by somebody's click."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.orders import queries as orders
from eventsapp.payments.models import BankLine, Deposit, Payment
from eventsapp.payments.statuses import BankLineStatus
from eventsapp.payments.values import Part
from eventsapp.receipts import queries, rules
from eventsapp.receipts.errors import LineHandled
from eventsapp.receipts.service._lines import release_line, take_line
from eventsapp.receipts.service._record import record
from eventsapp.receipts.service._reverse import reverse
from eventsapp.receipts.values import Imported


def import_statement(data: bytes, *, actor: User, now: datetime) -> Imported:
    """Keep the money that came in according to a bank's file, each line once; raise ``UnreadableStatement``."""
    statement = rules.read_statement(data)
    lines = statement.lines
    marked = list(zip(rules.fingerprints(lines), lines, strict=True))
    known = queries.known_fingerprints([mark for mark, _line in marked])
    incoming = [(mark, line) for mark, line in marked if line.amount_cents > 0]
    new = [(mark, line) for mark, line in incoming if mark not in known]
    db.session.add_all(
        BankLine(
            fingerprint=mark,
            booked_on=line.booked_on,
            label=line.label,
            amount_cents=line.amount_cents,
            imported_at=now,
        )
        for mark, line in new
    )
    db.session.flush()
    audit.record(
        "payments.statement",
        subject=("bank_statement", 0, f"{len(lines)} lignes"),
        now=now,
        actor=actor,
        changes={"new": len(new), "known": len(incoming) - len(new), "unreadable": len(statement.unreadable)},
    )
    return Imported(
        new=len(new),
        known=len(incoming) - len(new),
        outgoing=len(lines) - len(incoming),
        unreadable=statement.unreadable,
    )


def match_line(line_id: int, parts: Sequence[Part], *, actor: User, now: datetime) -> list[Payment]:
    """Count a line of the statement for the orders that it pays; raise ``LineHandled`` and what ``record`` does.

    What is more than an order owes was looked at by who clicked: it is counted as it came.
    """
    # A refusal leaves nothing half done, whatever its page answers.
    with db.session.begin_nested():
        return _match(line_id, parts, actor=actor, now=now)


def _match(line_id: int, parts: Sequence[Part], *, actor: User, now: datetime) -> list[Payment]:
    line = take_line(line_id, BankLineStatus.MATCHED, actor=actor, now=now)
    _require_real([part.order_id for part in parts])
    money = MoneyReceived(
        method="",
        amount_cents=line.amount_cents,
        reference=line.label[:100],
        form_key=f"bank-{line.fingerprint[:32]}",
        surely_new=True,
        surely_too_much=True,
    )
    payments = record(
        parts,
        money,
        received_on=line.booked_on,
        actor=actor,
        now=now,
        methods=queries.methods_of_transfers([part.order_id for part in parts]),
    )
    for payment in payments:
        payment.bank_line_id = line.id
    return payments


def ignore_line(line_id: int, *, actor: User, now: datetime) -> None:
    """Set a line aside that pays no order; raise ``LineHandled``."""
    line = take_line(line_id, BankLineStatus.IGNORED, actor=actor, now=now)
    audit.record(
        "payments.ignore_line",
        subject=("bank_line", line.id, line.label[:300]),
        now=now,
        actor=actor,
        changes={"amount_cents": line.amount_cents},
    )


def reopen_line(line_id: int, *, actor: User, now: datetime) -> None:
    """Undo what was done about a line: it waits again, and what it was counted for is taken back as a mistake.

    Raises ``LineHandled`` for one that waits already, and what ``reverse`` does.
    """
    with db.session.begin_nested():
        _reopen(line_id, actor=actor, now=now)


def _reopen(line_id: int, *, actor: User, now: datetime) -> None:
    line = queries.handled_line(line_id)
    if line is None:
        raise LineHandled("Cette ligne attend déjà d’être rapprochée.")
    # Orders before their line, as whoever takes one payment back by its order does.
    for payment in sorted(queries.standing_payments_of(line_id), key=lambda payment: payment.order_id):
        reverse(
            payment.id,
            reversed_on=clock.local_date(now),
            reason="Rapprochement du relevé défait",
            by_mistake=True,
            actor=actor,
            now=now,
        )
    db.session.execute(sa.update(Deposit).where(Deposit.bank_line_id == line_id).values(bank_line_id=None))
    release_line(line_id)
    audit.record(
        "payments.reopen_line",
        subject=("bank_line", line.id, line.label[:300]),
        now=now,
        actor=actor,
        changes={"amount_cents": line.amount_cents},
    )


def _require_real(order_ids: Sequence[int]) -> None:
    """Raise ``Invalid`` for a trial: what the bank says came in is real money."""
    if any(order.is_test for order in queries.orders_by_id(order_ids).values()) and not orders.trials_count():
        raise Invalid(_("Une commande d’essai ne reçoit pas l’argent d’un relevé : choisissez une vraie commande."))
