"""Asking colleagues to fill in their seats, and asking again."""

from collections.abc import Sequence
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import references
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.registrations import mails, rules
from eventsapp.registrations.errors import AlreadyNamed, NotInvited
from eventsapp.registrations.models import Registration
from eventsapp.registrations.service._people import claim

_TAKEN = "Cette place vient d’être nommée ; il n’y a plus personne à inviter."


def invite(seat: Registration, *, email: str, now: datetime, actor: User | None = None) -> Registration:
    """Send the seat's link to whom it is for; whoever was invited before loses it.

    Raises ``AlreadyNamed``, ``RemindedTooSoon``, ``ChangesClosed`` and ``NotFound``.
    """
    order, fresh = claim(seat, now=now)
    if fresh.is_named:
        raise AlreadyNamed(_TAKEN)
    if fresh.invited_email == email:
        rules.require_may_write_again(last=fresh.written_at, now=now)
    elif fresh.invited_email:
        fresh.secret = references.new_secret()
    fresh.invited_email, fresh.invited_at, fresh.reminded_at = email, now, None
    _note("registrations.invite", order, email, actor=actor, now=now)
    mails.invitation(fresh, order, now=now)
    return fresh


def remind(seat: Registration, *, now: datetime, actor: User | None = None) -> Registration:
    """Ask again whoever was invited to a seat that has no name yet.

    Raises ``NotInvited``, ``AlreadyNamed``, ``RemindedTooSoon``, ``ChangesClosed`` and ``NotFound``.
    """
    order, fresh = claim(seat, now=now)
    if fresh.is_named:
        raise AlreadyNamed(_TAKEN)
    if not fresh.invited_email:
        raise NotInvited("Invitez d’abord quelqu’un à cette place.")
    rules.require_may_write_again(last=fresh.written_at, now=now)
    _remind(fresh, order, actor=actor, now=now)
    return fresh


def remind_all(seats: Sequence[Registration], *, now: datetime, actor: User | None = None) -> int:
    """Ask again everybody of an order who was invited, has not answered, and may be written to; return how many."""
    sent = 0
    for seat in seats:
        day = seat.study_day
        if (
            seat.awaits_answer
            and rules.may_write_again(last=seat.written_at, now=now)
            and rules.may_change(status=seat.status, day_status=day.status, until=day.names_change_until, now=now)
        ):
            order, fresh = claim(seat, now=now)
            # Two who press the button at once: the second finds it done.
            if fresh.awaits_answer and rules.may_write_again(last=fresh.written_at, now=now):
                _remind(fresh, order, actor=actor, now=now)
                sent += 1
    return sent


def _remind(seat: Registration, order: Order, *, actor: User | None, now: datetime) -> None:
    seat.reminded_at = now
    _note("registrations.remind", order, seat.invited_email, actor=actor, now=now)
    mails.invitation(seat, order, again=True, now=now)


def _note(action: str, order: Order, email: str, *, actor: User | None, now: datetime) -> None:
    audit.record(
        action, subject=orders.subject(order), now=now, actor=actor, by=order.buyer_name, changes={"to": [None, email]}
    )
