"""One registration in the office: who, where it stands, its answers, tickets, entries, mails and history."""

from collections.abc import Sequence

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.attendance import queries as attendance
from eventsapp.audit import queries as audit
from eventsapp.audit.models import AuditEntry
from eventsapp.core import clock
from eventsapp.mail import queries as mails
from eventsapp.orders import queries as orders
from eventsapp.payments import queries as payments
from eventsapp.registrations import queries, rules
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.waiting_list import queries as waiting_list

blueprint = Blueprint("registration_card", __name__, url_prefix="/organisation/inscriptions")

#: Mails shown.
_MAILS = 30
#: What the history of an order tells of the people on its seats.
_OF_PEOPLE = "registrations."


@blueprint.get("/<int:registration_id>/")
@requires(Permission.REGISTRATIONS_VIEW)
def registration(registration_id: int) -> ResponseReturnValue:
    """Show everything about one registration, and what may be done about it."""
    seat = queries.seat_by_key(registration_id) or abort(404)
    order, day, now = seat.order_line.order, seat.study_day, clock.now()
    needs = may(Permission.REGISTRATIONS_NEEDS)
    halves = attendance.half_days(day)
    facts = {half: fact for (_key, half), fact in attendance.facts({seat.id}).items()}
    return render_template(
        "registrations/office/registration.html",
        seat=seat,
        order=order,
        day=day,
        word=queries.STATUS_WORDS[seat.status],
        tone=queries.STATUS_TONES.get(seat.status),
        payment_word=orders.PAYMENT_WORDS[order.payment_status],
        method=payments.method_names().get(order.payment_method, order.payment_method),
        sees_needs=needs,
        answers=queries.answers_of_seat(seat.id, with_sensitive=needs),
        retired=queries.retired_tickets(seat.id),
        check_ins=attendance.check_ins_of(seat.id),
        outcome_words=attendance.OUTCOME_WORDS,
        outcome_tones=attendance.OUTCOME_TONES,
        half_days=[(half, facts.get(half)) for half in halves],
        mails=mails.mails_to(
            {seat.email, seat.invited_email} - {""}, about=("order", order.id), study_day_id=day.id, most=_MAILS
        ),
        mail_words=mails.LABELS,
        mail_tones=mails.TONES,
        waited=waiting_list.entry_of_order(order.id, study_day_id=day.id),
        history=_history(seat, audit.history_of("order", order.id), audit.history_of("registration", seat.id)),
        may_change=rules.may_change(status=seat.status, day_status=day.status, until=day.names_change_until, now=now),
        may_note=day.is_held_at(now) or day.starts_at <= now,
        is_over=day.ends_at <= now,
        is_standing=seat.status is not RegistrationStatus.CANCELLED,
    )


def _history(seat: Registration, of_order: Sequence[AuditEntry], of_seat: Sequence[AuditEntry]) -> Sequence[AuditEntry]:
    """Return what was done about this seat, the newest first.

    The history of an order names people, not seats: from who sits there now, name by name, back to the first.
    """
    name, told = seat.name if seat.is_named else "", list(of_seat)
    for entry in of_order:
        if not entry.action.startswith(_OF_PEOPLE):
            continue
        person, written_to = entry.changes.get("person"), entry.changes.get("to")
        if person and person[1] == name:
            told.append(entry)
            name = person[0]
        elif written_to and written_to[1] in {seat.email, seat.invited_email} - {""}:
            told.append(entry)
    return sorted(told, key=lambda entry: (entry.at, entry.id), reverse=True)
