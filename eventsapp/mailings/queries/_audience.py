"""Whom a message is for: each address once, with what its placeholders stand for."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core import clock, french
from eventsapp.core.db import db
from eventsapp.core.links import absolute
from eventsapp.mailings.statuses import Basis, Naming, Presence, Seat
from eventsapp.mailings.values import Addressee, Audience
from eventsapp.orders.models import Order, OrderLine
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import CONFIRMED, RegistrationStatus
from eventsapp.study_days.models import Rate, StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions.models import Contract, ContractSeat, Member
from eventsapp.subscriptions.statuses import ContractStatus
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.statuses import LIVE

#: Days that are over may be chosen for so long.
_PAST = timedelta(days=550)
#: Days offered to choose from, the latest.
_MOST_DAYS = 120
_STATUSES = {
    Seat.CONFIRMED: CONFIRMED,
    Seat.HELD: frozenset({RegistrationStatus.HELD}),
    Seat.CANCELLED: frozenset({RegistrationStatus.CANCELLED}),
}
_CAME = {Presence.PRESENT: RegistrationStatus.ATTENDED, Presence.ABSENT: RegistrationStatus.ABSENT}


def people(audience: Audience, *, now: datetime) -> list[Addressee]:
    """Return whom a message to ``audience`` is for, each address once, by the order of their rows.

    Two queries, whatever their number; one for subscribers. Who has several seats is written to about the first day.
    """
    if audience.basis is Basis.SUBSCRIBERS:
        found = _subscribers(now=now)
    else:
        days = {day.id: day for day in days_of(audience.days)}
        found = _participants(audience, days) if audience.basis is Basis.REGISTRATIONS else _waiting(days)
    once: dict[str, Addressee] = {}
    for addressee in found:
        once.setdefault(addressee.address.lower(), addressee)
    return list(once.values())


def without_address(audience: Audience) -> int:
    """Return how many people registered for the days of a message cannot be reached: they came and left no address."""
    if audience.basis is not Basis.REGISTRATIONS:
        return 0
    statement = (
        sa.select(sa.func.count())
        .select_from(Registration)
        .join(Registration.rate)
        .where(
            Registration.study_day_id.in_(audience.days),
            Registration.named_at.is_not(None),
            Registration.email == "",
            *_chosen(audience),
        )
    )
    return db.session.scalar(statement) or 0


def days_of(keys: Collection[int]) -> Sequence[StudyDay]:
    """Return these days by date, city and venue loaded."""
    return db.session.scalars(
        sa.select(StudyDay)
        .where(StudyDay.id.in_(keys))
        .options(joinedload(StudyDay.city), joinedload(StudyDay.venue))
        .order_by(StudyDay.starts_at, StudyDay.id)
    ).all()


def days_to_choose(*, chosen: Collection[int] = (), now: datetime) -> Sequence[StudyDay]:
    """Return the days whose people may be written to, city loaded: those chosen, coming and not long over.

    First the next to come, at the end those that are over for longest.
    """
    is_coming = StudyDay.ends_at > now
    return db.session.scalars(
        sa.select(StudyDay)
        .where(
            sa.or_(
                StudyDay.id.in_(chosen),
                sa.and_(StudyDay.status != StudyDayStatus.DRAFT, StudyDay.ends_at > now - _PAST),
            )
        )
        .options(joinedload(StudyDay.city))
        .order_by(
            is_coming.desc(), sa.case((is_coming, StudyDay.starts_at)).asc(), StudyDay.starts_at.desc(), StudyDay.id
        )
        .limit(_MOST_DAYS)
    ).all()


def _participants(audience: Audience, days: dict[int, StudyDay]) -> Iterable[Addressee]:
    statement = (
        sa.select(
            Registration.id,
            Registration.study_day_id,
            Registration.first_name,
            Registration.last_name,
            Registration.email,
            Registration.named_at,
            Registration.invited_email,
            Registration.secret,
            Rate.name.label("rate"),
            Order.email.label("buyer_email"),
            Order.first_name.label("buyer_first_name"),
            Order.last_name.label("buyer_last_name"),
            Order.billing_name,
            Order.reference,
            Order.secret.label("order_secret"),
        )
        .join(Registration.order_line)
        .join(OrderLine.order)
        .join(Registration.rate)
        .join(Registration.study_day)
        .where(
            Registration.study_day_id.in_(days),
            *_chosen(audience),
            # Who came to the door without an address is not reached.
            sa.or_(Registration.named_at.is_(None), Registration.email != ""),
        )
        .order_by(StudyDay.starts_at, Registration.study_day_id, Registration.id)
    )
    for row in db.session.execute(statement):
        yield _participant(row, days[row.study_day_id])


def _chosen(audience: Audience) -> list[sa.ColumnElement[bool]]:
    """Return which of the people of its days a message is for; their rates are joined."""
    wanted = frozenset().union(*(_STATUSES[seat] for seat in audience.seats)) if audience.seats else CONFIRMED
    found: list[sa.ColumnElement[bool]] = [Registration.status.in_(wanted)]
    if audience.chosen:
        found.append(Registration.id.in_(audience.chosen))
    if audience.rates:
        found.append(Rate.code.in_(audience.rates))
    if audience.presence is not Presence.ANY:
        found.append(Registration.status == _CAME[audience.presence])
    if audience.naming is not Naming.ANY:
        named = Registration.named_at.is_not(None)
        found.append(named if audience.naming is Naming.NAMED else sa.not_(named))
    return found


def _participant(row: Any, day: StudyDay) -> Addressee:
    """Return the person of a seat; of one without a name whoever was asked, or the buyer, who names them all."""
    if row.named_at is not None:
        address, first_name, last_name = row.email, row.first_name, row.last_name
        link = absolute("seats.seat", locale="fr", secret=row.secret)
    elif row.invited_email:
        address, first_name, last_name = row.invited_email, "", ""
        link = absolute("seats.seat", locale="fr", secret=row.secret)
    else:
        address, first_name, last_name = row.buyer_email, row.buyer_first_name, row.buyer_last_name
        link = absolute("participants.people", locale="fr", reference=row.reference, secret=row.order_secret)
    return Addressee(
        key=f"inscription-{row.id}",
        address=address,
        name=f"{first_name} {last_name}".strip(),
        study_day_id=day.id,
        facts={
            "prenom": first_name,
            "nom": last_name,
            "organisme": row.billing_name,
            "tarif": row.rate,
            "lien": link,
            **facts_of_day(day),
        },
    )


def _waiting(days: dict[int, StudyDay]) -> Iterable[Addressee]:
    entries = db.session.scalars(
        sa.select(WaitingEntry)
        .join(WaitingEntry.study_day)
        .where(WaitingEntry.study_day_id.in_(days), WaitingEntry.status.in_(LIVE))
        .order_by(StudyDay.starts_at, WaitingEntry.study_day_id, WaitingEntry.rank)
    )
    for entry in entries:
        day = days[entry.study_day_id]
        yield Addressee(
            key=f"attente-{entry.id}",
            address=entry.email,
            name=entry.name,
            study_day_id=day.id,
            facts={
                "prenom": entry.first_name,
                "nom": entry.last_name,
                "organisme": entry.organisation,
                "lien": absolute("waiting_place.place", locale="fr", secret=entry.secret),
                **facts_of_day(day),
            },
        )


def _subscribers(*, now: datetime) -> Iterable[Addressee]:
    """The readers of running contracts: each reads with the address of theirs, or has a seat of an institution's."""
    today = clock.local_date(now)
    running = sa.and_(Contract.status == ContractStatus.ACTIVE, Contract.starts_on <= today, Contract.ends_on >= today)
    own = sa.select(sa.literal("abonnement").label("kind"), Contract.id, Contract.email, Contract.delivery_name).where(
        running, Contract.readership_id.is_(None), Contract.email != ""
    )
    seats = (
        sa.select(sa.literal("lecteur"), Member.id, Member.email, Member.name)
        .select_from(Contract)
        .join(ContractSeat, ContractSeat.contract_id == Contract.id)
        .join(Member, Member.id == ContractSeat.member_id)
        .where(running, Member.removed_at.is_(None))
    )
    readers = db.session.execute(sa.union_all(own, seats).order_by("kind", "id"))
    account = absolute("accounts.account", locale="fr")
    for kind, key, email, name in readers:
        yield Addressee(key=f"{kind}-{key}", address=email, name=name, facts={"nom": name, "lien": account})


def facts_of_day(day: StudyDay) -> dict[str, str]:
    """Return what placeholders about a day stand for, city and venue loaded."""
    start = day.local_start
    parts = [day.venue.name, f"{day.venue.address} {day.venue.postcode}".strip()] if day.venue else []
    return {
        "journee": day.title,
        "date": french.date_words(start),
        "heure": french.clock_time(start) if day.hours_known else "",
        "ville": day.city.name,
        "lieu": ", ".join([*(part for part in parts if part), day.city.name]),
    }
