"""One registration in the office: who, where it stands, its answers, tickets, presences, and all that happened."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.attendance import queries as attendance
from eventsapp.audit import queries as audit
from eventsapp.core import clock
from eventsapp.mail import queries as mails
from eventsapp.orders import queries as orders
from eventsapp.payments import queries as payments
from eventsapp.registrations import queries, rules
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.registrations.web import journal
from eventsapp.waiting_list import queries as waiting_list

blueprint = Blueprint("registration_card", __name__, url_prefix="/organisation/inscriptions")

#: Mails shown.
_MAILS = 30
#: Of the histories of its order and of its day, what may concern a seat.
_TOLD_OF_ORDERS = {*journal.OF_ORDER, *journal.OF_PEOPLE, "payments.record"}
_TOLD_OF_DAYS = {*journal.OF_DAY, *journal.ABSENCES}


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
        payment_word=orders.payment_word(order),
        method=payments.method_names().get(order.payment_method, order.payment_method),
        sees_needs=needs,
        answers=queries.answers_of_seat(seat.id, with_sensitive=needs),
        retired=queries.retired_tickets(seat.id),
        half_days=[(half, facts.get(half)) for half in halves],
        waited=waiting_list.entry_of_order(order.id, study_day_id=day.id),
        happenings=journal.journal(
            seat,
            order,
            history=audit.history_of("order", order.id, most=None, actions=_TOLD_OF_ORDERS),
            of_day=audit.history_of("study_day", day.id, actions=_TOLD_OF_DAYS),
            of_seat=audit.history_of("registration", seat.id, actions=journal.OF_SEAT),
            letters=mails.mails_of_seat(
                seat.id,
                {seat.email, seat.invited_email} - {""},
                order_id=order.id,
                study_day_id=day.id,
                is_buyers=seat.email == order.email,
                most=_MAILS,
            ),
            reminders=queries.naming_reminders(seat.id),
            check_ins=attendance.check_ins_of(seat.id),
            facts=facts,
            certificates=attendance.certificates_made(seat.id),
        ),
        may_change=rules.may_change(status=seat.status, day_status=day.status, until=day.names_change_until, now=now),
        may_note=day.is_held_at(now) or day.starts_at <= now,
        is_over=day.ends_at <= now,
        is_standing=seat.status is not RegistrationStatus.CANCELLED,
    )
