"""Recording what the card gateway paid out, from its report or by hand; a mistake is taken back by a row of its own."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.books import queries, rules
from eventsapp.books.errors import PayoutKnown
from eventsapp.books.models import CardPayout
from eventsapp.books.values import Imported, Payout
from eventsapp.core import clock, settings
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.orders import queries as orders
from eventsapp.payments import queries as payments


def import_report(data: bytes, *, actor: User, now: datetime) -> Imported:
    """Record the payouts of a report of Stripe's, each once, however often it is imported.

    Raises ``UnreadableReport``, and ``Invalid`` for one that arrived in a closed year.
    """
    report = rules.read_report(data)
    known = queries.known_payouts([payout.reference for payout in report.payouts])
    new = [payout for payout in report.payouts if payout.reference not in known]
    for payout in new:
        record_payout(payout, actor=actor, now=now)
    return Imported(
        new=len(new),
        known=len(report.payouts) - len(new),
        waiting=report.waiting,
        strangers=tuple(queries.unknown_payments(report.payments)),
    )


def record_payout(payout: Payout, *, actor: User, now: datetime) -> CardPayout:
    """Record a payout; raise ``PayoutKnown``, and ``Invalid`` for a date that cannot be."""
    return _write(payout, reverses=None, actor=actor, now=now)


def reverse_payout(row: CardPayout, *, actor: User, now: datetime) -> CardPayout:
    """Take back, today and by a row of its own, a payout that was recorded by mistake; raise ``PayoutKnown``."""
    if row.reverses_id is not None:
        raise PayoutKnown(_("Ce versement en contre-passe un autre : saisissez-le de nouveau."))
    opposite = Payout(
        reference=f"contre-passation {row.reference}"[:100],
        arrived_on=clock.local_date(now),
        net_cents=-row.net_cents,
        fee_cents=-row.fee_cents,
    )
    return _write(opposite, reverses=row, actor=actor, now=now)


def _write(payout: Payout, *, reverses: CardPayout | None, actor: User, now: datetime) -> CardPayout:
    is_test = settings.current().trial
    _require_open(payout, is_test=is_test, now=now)
    row = CardPayout(
        reference=payout.reference,
        arrived_on=payout.arrived_on,
        net_cents=payout.net_cents,
        fee_cents=payout.fee_cents,
        recorded_at=now,
        recorded_by_id=actor.id,
        reverses_id=reverses.id if reverses else None,
        is_test=is_test,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        message = _("Ce versement est déjà enregistré.")
        raise PayoutKnown(message, errors={"/reference": message}) from error
    audit.record(
        "books.payout",
        subject=("card_payout", row.id, row.reference),
        now=now,
        actor=actor,
        changes={"amount_cents": row.net_cents, "fee_cents": row.fee_cents},
    )
    return row


def _require_open(payout: Payout, *, is_test: bool, now: datetime) -> None:
    closed_year = payments.closed_year(is_test=is_test or orders.trials_count())
    if payout.arrived_on > clock.local_date(now):
        message = _("Cette date est à venir.")
    elif closed_year is not None and payout.arrived_on.year <= closed_year:
        message = _(
            "Versement %(name)s : l’exercice %(year)s est clos.",
            name=payout.reference,
            year=str(payout.arrived_on.year),
        )
    else:
        return
    raise Invalid(message, errors={"/arrived_on": message})
