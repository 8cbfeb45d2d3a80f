"""Certificates: whose they are, who has none yet, and the office's list of them."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.attendance import rules
from eventsapp.attendance.models import Certificate, Presence
from eventsapp.attendance.queries._tickets import BY_NAME
from eventsapp.attendance.statuses import SIGNED
from eventsapp.attendance.values import HalfDay
from eventsapp.core.db import db
from eventsapp.core.listing import Column, Kind, Listing, State
from eventsapp.orders.models import Order, OrderLine
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay

_STANDING = Certificate.revoked_at.is_(None)
#: Who can be sent anything.
_REACHABLE = Registration.email != ""
_WITH_DAY = (
    joinedload(Certificate.study_day).joinedload(StudyDay.city),
    joinedload(Certificate.study_day).joinedload(StudyDay.venue),
)
_WITH_SEAT = joinedload(Certificate.registration)


def certificate_for_link(code: str) -> Certificate | None:
    """Return the certificate with that code, counting or not, its day and its seat loaded, or ``None``."""
    return db.session.scalar(sa.select(Certificate).where(Certificate.code == code).options(*_WITH_DAY, _WITH_SEAT))


def certificate_of_day(certificate_id: int, *, day_id: int) -> Certificate | None:
    """Return that certificate if it is of the day, its seat loaded, or ``None``."""
    return db.session.scalar(
        sa.select(Certificate)
        .where(Certificate.id == certificate_id, Certificate.study_day_id == day_id)
        .options(_WITH_SEAT)
    )


def standing_certificate(registration_id: int) -> Certificate | None:
    """Return the certificate of a seat that counts, its day loaded, or ``None``."""
    return db.session.scalar(
        sa.select(Certificate).where(Certificate.registration_id == registration_id, _STANDING).options(*_WITH_DAY)
    )


def certificates_of_order(order_id: int) -> Sequence[Certificate]:
    """Return the certificates that count of everybody of an order, their days loaded, by day and person."""
    return db.session.scalars(
        sa.select(Certificate)
        .join(Certificate.registration)
        .join(Registration.order_line)
        .join(Certificate.study_day)
        .where(OrderLine.order_id == order_id, _STANDING)
        .options(*_WITH_DAY)
        .order_by(StudyDay.starts_at, StudyDay.id, Registration.position)
    ).all()


def certificates_of_seats(registration_ids: Collection[int]) -> Sequence[Certificate]:
    """Return the certificates that count of these seats, their days loaded, by name."""
    return db.session.scalars(
        sa.select(Certificate)
        .join(Certificate.registration)
        .where(Certificate.registration_id.in_(registration_ids), _STANDING)
        .options(*_WITH_DAY)
        .order_by(*BY_NAME)
    ).all()


def certificates_made(registration_id: int) -> Sequence[Certificate]:
    """Return every certificate of a seat, those that were revoked too."""
    return db.session.scalars(
        sa.select(Certificate).where(Certificate.registration_id == registration_id).order_by(Certificate.id)
    ).all()


def certifiable(day_id: int) -> Sequence[int]:
    """Return the seats of who came to a day, by name: those whose certificate was revoked are not among them.

    Nor is whoever the sheet speaks against wherever something is known.
    """
    return db.session.scalars(_certifiable(day_id).order_by(*BY_NAME)).all()


def unsent(day_id: int) -> Sequence[int]:
    """Return those of ``certifiable`` with an address to whom no certificate was sent."""
    return db.session.scalars(_unsent(day_id).where(_REACHABLE).order_by(*BY_NAME)).all()


def unreachable(day_id: int) -> int:
    """Return to how many of ``certifiable`` nothing can be sent, as they have no address: theirs is printed."""
    without = _unsent(day_id).where(~_REACHABLE).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(without)) or 0


def _certifiable(day_id: int) -> sa.Select[int]:
    known = sa.exists().where(Presence.registration_id == Registration.id)
    revoked = sa.select(Certificate.registration_id).group_by(Certificate.registration_id).having(
        sa.func.count(Certificate.id) == sa.func.count(Certificate.revoked_at)
    )  # fmt: skip
    return sa.select(Registration.id).where(
        Registration.study_day_id == day_id,
        Registration.status == RegistrationStatus.ATTENDED,
        Registration.named_at.is_not(None),
        sa.or_(~known, known.where(Presence.present)),
        Registration.id.not_in(revoked.where(Certificate.study_day_id == day_id)),
    )


def _unsent(day_id: int) -> sa.Select[int]:
    sent = sa.select(Certificate.registration_id).where(
        Certificate.study_day_id == day_id, _STANDING, Certificate.sent_at.is_not(None)
    )
    return _certifiable(day_id).where(Registration.id.not_in(sent))


def signed_half_days(day_id: int) -> set[HalfDay]:
    """Return the half-days of a day of which the signed sheet was entered, for somebody at least."""
    rows = db.session.execute(
        sa.select(Presence.held_on, Presence.part)
        .join(Registration, Registration.id == Presence.registration_id)
        .where(Registration.study_day_id == day_id, Presence.source.in_(SIGNED))
        .distinct()
    )
    return {HalfDay(on, part) for on, part in rows}


def certificate_list(*, study_day_id: int) -> Listing:
    """Return who came to a day, and what became of the certificate of each."""
    last = (
        sa.select(Certificate.registration_id, sa.func.max(Certificate.id).label("id"))
        .where(Certificate.study_day_id == study_day_id)
        .group_by(Certificate.registration_id)
        .subquery()
    )
    statement = (
        sa.select(Registration, Certificate)
        .join(Registration.order_line)
        .join(OrderLine.order)
        .outerjoin(last, last.c.registration_id == Registration.id)
        .outerjoin(Certificate, Certificate.id == last.c.id)
        .where(
            Registration.study_day_id == study_day_id,
            sa.or_(Registration.status == RegistrationStatus.ATTENDED, Certificate.id.is_not(None)),
        )
    )
    return Listing(
        name="attestations",
        title=_l("Attestations"),
        statement=statement,
        loads=(contains_eager(Registration.order_line).contains_eager(OrderLine.order),),
        states=(
            State("toutes", _l("Toutes")),
            State("sans", _l("Sans attestation"), where=Certificate.id.is_(None)),
            State(
                "a-envoyer",
                _l("À envoyer"),
                # As the button counts them, those to issue too.
                where=Registration.id.in_(_unsent(study_day_id).where(_REACHABLE).correlate(None)),
            ),
            State(
                "sans-adresse",
                _l("Sans adresse"),
                where=Registration.id.in_(_unsent(study_day_id).where(~_REACHABLE).correlate(None)),
            ),
            State("envoyees", _l("Envoyées"), where=sa.and_(_STANDING, Certificate.sent_at.is_not(None))),
            State("revoquees", _l("Révoquées"), where=Certificate.revoked_at.is_not(None)),
        ),
        search=(Registration.first_name, Registration.last_name, Registration.email, Order.billing_name),
        domains=(Registration.email,),
        search_hint=_l("Nom, courriel, organisme"),
        columns=(
            Column(
                "participant",
                _l("Participant"),
                lambda row: row[0].name,
                opens=True,
                sort=Registration.last_name,
                second=lambda row: row[0].order_line.order.billed_to,
                second_label=_l("Organisme"),
            ),
            Column(
                "attestation",
                _l("Attestation"),
                lambda row: _state(row)[0],
                kind=Kind.STATE,
                tone=lambda row: _state(row)[1],
                second=lambda row: row[1].revoked_reason if row[1] else "",
                second_label=_l("Motif"),
            ),
            Column("duree", _l("Durée"), lambda row: _duration(row[1])),
            Column("delivree", _l("Délivrée"), lambda row: row[1] and row[1].issued_at, kind=Kind.DATE, on_phone=False),
            Column(
                "envoyee",
                _l("Envoyée"),
                lambda row: row[1] and row[1].sent_at,
                kind=Kind.MOMENT,
                sort=Certificate.sent_at,
                on_phone=False,
            ),
            Column("courriel", _l("Courriel"), lambda row: row[0].email, only_in_file=True),
            Column("code", _l("Code"), lambda row: row[1].code if row[1] else "", only_in_file=True),
        ),
        order=BY_NAME,
        empty=_l("Aucune présence n’est encore notée."),
    )


def _state(row: Any) -> tuple[str, str | None]:
    seat, certificate = row
    if certificate is None:
        return str(_("à délivrer")), "wait"
    if not certificate.counts:
        return str(_("révoquée")), "bad"
    if seat.status is not RegistrationStatus.ATTENDED:
        is_absent = seat.status is RegistrationStatus.ABSENT
        return str(_("à vérifier : notée absente") if is_absent else _("à vérifier : plus notée présente")), "bad"
    return (str(_("envoyée")), "good") if certificate.sent_at else (str(_("délivrée")), "told")


def _duration(certificate: Certificate | None) -> str:
    if certificate is None:
        return ""
    if certificate.minutes:
        return rules.hours_in_words(certificate.minutes)
    return ", ".join(half.label.lower() for half in certificate.halves)
