"""Saying whom a seat is for: naming, correcting, replacing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import french, references, settings
from eventsapp.core.db import db
from eventsapp.core.errors import NotFound
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order, OrderLine
from eventsapp.registrations import mails, queries, rules
from eventsapp.registrations.errors import AlreadyNamed, NotTheirAddress
from eventsapp.registrations.models import Registration, RetiredTicket
from eventsapp.registrations.service._answers import forget_answers, keep_answers
from eventsapp.registrations.service._cover import require_cover
from eventsapp.registrations.service._seats import hold, require_new
from eventsapp.registrations.statuses import NamedBy
from eventsapp.registrations.values import Person, identity, people_of_line
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """What a form asked of a person, and was answered, by the code of the question."""

    asked: Sequence[Question]
    answers: Mapping[str, Any]


def name_seat(
    seat: Registration,
    *,
    person: Person,
    by: NamedBy,
    now: datetime,
    actor: User | None = None,
    replies: Replies | None = None,
) -> Registration:
    """Say whom ``seat`` is for, which nobody has said yet, and tell that person once the seat is confirmed.

    Whoever had the seat's link by another way loses it, unless they are the one who fills it in. Raises
    ``AlreadyNamed``, ``ChangesClosed``, ``AlreadyRegistered`` and ``NotFound``.
    """
    order, fresh = claim(seat, now=now)
    if fresh.is_named:
        raise AlreadyNamed("Cette place vient d’être nommée par quelqu’un d’autre ; rien n’est perdu.")
    _require_nobody_twice(fresh, person)
    if by is not NamedBy.SELF:
        fresh.secret = references.new_secret()
    _write(fresh, person, by=by, replies=replies, now=now)
    _note("registrations.name", fresh, order, by=by, actor=actor, before="", now=now)
    mails.seat_given(fresh, order, now=now)
    return fresh


def correct_seat(
    seat: Registration,
    *,
    person: Person,
    by: NamedBy,
    now: datetime,
    actor: User | None = None,
    replies: Replies | None = None,
) -> Registration:
    """Correct what is written of the person who has ``seat``; link and ticket stay.

    Where another than the person corrects the address, the link and the ticket went to the wrong one: both are
    replaced, and sent. Another name at another address is somebody else, whom the rate has to allow. Whoever named
    themselves is told at the former address too, and their link never comes to the buyer, whom it would show what they
    wrote. Raises ``ChangesClosed``, ``AlreadyRegistered``, ``NotCovered``, ``NotTheirAddress`` and ``NotFound``.
    """
    order, fresh = claim(seat, now=now)
    if not fresh.is_named:
        return name_seat(fresh, person=person, by=by, actor=actor, now=now, replies=replies)
    before, former = fresh.name, _person_of(fresh)
    if _identity(person) != fresh.identity:
        _require_nobody_twice(fresh, person)
    moved = person.email != fresh.email
    is_theirs = fresh.named_by is NamedBy.SELF and by is not NamedBy.SELF
    if moved and is_theirs and _is_buyers(person.email, order):
        raise NotTheirAddress(
            _("Cette personne a répondu elle-même : son lien ne va qu’à elle. Donnez son adresse, ou remplacez-la.")
        )
    if moved and by is not NamedBy.OFFICE and (_identity(person)[1] != fresh.identity[1]):
        require_cover(fresh, order, person, now=now)
    if moved and by is not NamedBy.SELF:
        _retire(fresh, reason=f"adresse corrigée le {_on(fresh, now)}", now=now)
    _write(fresh, person, by=by, replies=replies, now=now, corrects=True)
    _note("registrations.correct", fresh, order, by=by, actor=actor, before=before, now=now)
    if moved:
        mails.seat_given(fresh, order, now=now)
        if is_theirs and fresh.has_ticket:
            mails.address_changed(fresh, order, former, now=now)
    return fresh


def substitute(
    seat: Registration,
    *,
    person: Person,
    by: NamedBy,
    now: datetime,
    actor: User | None = None,
    replies: Replies | None = None,
) -> Registration:
    """Give ``seat`` to somebody else: the former ticket and link are void, and both people are told.

    Raises ``ChangesClosed``, ``AlreadyRegistered``, ``NotCovered`` and ``NotFound``.
    """
    order, fresh = claim(seat, now=now)
    if not fresh.is_named:
        return name_seat(fresh, person=person, by=by, actor=actor, now=now, replies=replies)
    _require_nobody_twice(fresh, person)
    if by is not NamedBy.OFFICE:
        require_cover(fresh, order, person, now=now)
    former = _person_of(fresh)
    replaced_by = f"{person.first_name} {person.last_name}".strip()
    _retire(fresh, reason=f"remplacé par {replaced_by} le {_on(fresh, now)}", now=now)
    fresh.invited_email, fresh.invited_at, fresh.reminded_at = "", None, None
    forget_answers(fresh.id)
    _write(fresh, person, by=by, replies=replies, now=now)
    before = f"{former.first_name} {former.last_name}".strip()
    _note("registrations.substitute", fresh, order, by=by, actor=actor, before=before, now=now)
    mails.seat_passed_on(fresh, order, former, now=now)
    mails.seat_given(fresh, order, now=now)
    return fresh


def claim(seat: Registration, *, now: datetime) -> tuple[Order, Registration]:
    """Return the order and the seat as they stand now, kept from others; its person may still change.

    Raises ``ChangesClosed``, and ``NotFound`` when the link that led to the seat is another one by now.
    """
    secret = seat.secret
    order = orders.lock(_order_of(seat.id))
    hold({seat.id})
    fresh = queries.seat_as_it_is(seat.id)
    if fresh.secret != secret:
        raise NotFound("Cette place a changé entre-temps ; revenez à la page.")
    day = fresh.study_day
    rules.require_changeable(status=fresh.status, day_status=day.status, until=day.names_change_until, now=now)
    return order, fresh


def said_by(order: Order, seat: Registration, by: NamedBy) -> str:
    """Return how the history names whoever acts without signing in."""
    return seat.name if by is NamedBy.SELF else order.buyer_name


def _order_of(seat_id: int) -> int:
    return db.session.scalars(
        sa.select(OrderLine.order_id)
        .join(Registration, Registration.order_line_id == OrderLine.id)
        .where(Registration.id == seat_id)
    ).one()


def _require_nobody_twice(seat: Registration, person: Person) -> None:
    """Raise ``AlreadyRegistered`` when the person has another seat at the day; whoever registers it now waits."""
    study_days.hold({seat.study_day_id})
    require_new(seat.study_day_id, {_identity(person)}, but=seat.id)


def _person_of(seat: Registration) -> Person:
    return Person(**{field.name: getattr(seat, field.name) for field in fields(Person)})


def _is_buyers(address: str, order: Order) -> bool:
    return address.casefold() == order.email.casefold()


def _identity(person: Person) -> tuple[str, str]:
    return identity(email=person.email, first_name=person.first_name, last_name=person.last_name)


def _write(
    seat: Registration, person: Person, *, by: NamedBy, replies: Replies | None, now: datetime, corrects: bool = False
) -> None:
    for name, value in asdict(person).items():
        setattr(seat, name, value)
    if not corrects or seat.named_by is not NamedBy.SELF:
        # Who named themselves did so still when somebody else corrects it: what they wrote stays theirs.
        seat.named_at, seat.named_by = now, by
    seat.revision += 1
    if replies is not None:
        # In the office somebody may not know the answer; whoever is asked themselves must give it.
        keep_answers(
            replies.answers,
            asked=replies.asked,
            registration_id=seat.id,
            require=by is not NamedBy.OFFICE,
            now=now,
        )
    db.session.flush()
    _tell_bill(seat.order_line_id)


def _retire(seat: Registration, *, reason: str, now: datetime) -> None:
    """Make ticket and link void, and draw others."""
    db.session.add(RetiredTicket(code=seat.ticket_code, registration_id=seat.id, retired_at=now, reason=reason[:300]))
    seat.ticket_code, seat.secret = references.new_ticket_code(), references.new_secret()


def _tell_bill(line_id: int) -> None:
    """Keep the names on the order's line, from which a bill is made, true."""
    line = db.session.get_one(OrderLine, line_id)
    line.detail = people_of_line([row.name for row in queries.of_line(line_id) if row.is_named], of=line.quantity)


def _on(seat: Registration, now: datetime) -> str:
    return french.date_long(now.astimezone(settings.zone(seat.study_day.timezone)).date())


def _note(
    action: str, seat: Registration, order: Order, *, by: NamedBy, actor: User | None, before: str, now: datetime
) -> None:
    audit.record(
        action,
        subject=orders.subject(order),
        now=now,
        actor=actor,
        by=said_by(order, seat, by),
        changes={"person": [before, seat.name]},
    )
