"""Certificates: issued for who came, sent once, revoked for a reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventsapp.accounts.models import User
from eventsapp.attendance import errors, mails, queries, rules
from eventsapp.attendance.models import Certificate
from eventsapp.attendance.queries import Attendance
from eventsapp.attendance.service._open import require_ended
from eventsapp.attendance.values import HalfDay
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.registrations import queries as registration_queries
from eventsapp.registrations import service as registrations
from eventsapp.study_days.models import StudyDay


@dataclass(frozen=True, slots=True)
class Measure:
    """What the certificates of a day are measured by."""

    #: How long each half-day lasts; 0 where the hours of the day are not known.
    minutes: Mapping[HalfDay, int]
    #: The half-days of which the signed sheet was entered.
    signed: Collection[HalfDay]
    #: Of what nature the training is; ``None`` where the day is none.
    nature: str | None


def measure(day: StudyDay) -> Measure:
    """Return what the certificates of a day are measured by."""
    slots = queries.slots(queries.day_with_programme(day.id))
    minutes = {
        half: rules.minutes_of(half, local_start=day.local_start, local_end=day.local_end, slots=slots)
        if day.hours_known
        else 0
        for half in queries.half_days(day)
    }
    return Measure(minutes, queries.signed_half_days(day.id), queries.training_nature(day.id))


def issue(registration_ids: Collection[int], *, day: StudyDay, by: str, now: datetime) -> int:
    """Issue a certificate to each of these people who came and has none that counts; return how many are new.

    A second worker waits for the seats, and finds what the first one wrote. Raises ``NotPrintable``, and
    ``CertificatesTooEarly`` before the end of ``day``.
    """
    registrations.hold(registration_ids)
    have = {row.registration_id for row in queries.certificates_of_seats(registration_ids)}
    people = [
        person
        for person in queries.people(day.id, set(registration_ids) - have)
        if person.came and person.registration.is_named
    ]
    if people:
        measured = measure(day)
        made = [_certificate(person, day=day, measured=measured, by=by, now=now) for person in people]
        # Of nothing, as the sheet speaks against the only admission, nobody gets one: somebody must look first.
        made = [certificate for certificate in made if certificate.half_days]
        if made:
            require_ended(day, at=now)
        db.session.add_all(made)
        db.session.flush()
        return len(made)
    return 0


def send(registration_id: int, *, day: StudyDay, by: str, now: datetime) -> bool:
    """Send somebody who came the certificate, issued if need be; once, whoever asks. Return whether it left."""
    issue({registration_id}, day=day, by=by, now=now)
    seat = registration_queries.seat_as_it_is(registration_id)
    sent = db.session.scalar(
        sa.update(Certificate)
        .where(
            Certificate.registration_id == registration_id,
            Certificate.revoked_at.is_(None),
            Certificate.sent_at.is_(None),
        )
        .values(sent_at=now, sent_to=seat.email)
        .returning(Certificate.id)
    )
    certificate = queries.standing_certificate(registration_id) if sent is not None else None
    if certificate is None:
        return False
    mails.certificate_ready(certificate, seat, now=now)
    return True


def revoke(certificate: Certificate, *, reason: str, actor: User, now: datetime) -> None:
    """Let a certificate count no more, and say why. Raises ``AlreadyRevoked``."""
    revoked = db.session.scalar(
        sa.update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.revoked_at.is_(None))
        .values(revoked_at=now, revoked_by=actor.name, revoked_reason=reason)
        .returning(Certificate.id)
    )
    if revoked is None:
        raise errors.AlreadyRevoked("Cette attestation est déjà révoquée.")
    _record("certificates.revoke", certificate, actor=actor, now=now, changes={"reason": reason})


def issue_again(certificate: Certificate, *, day: StudyDay, actor: User, now: datetime) -> Certificate:
    """Issue another certificate in place of one that was revoked, by what is known now. Raises ``NotIssuable``."""
    if not issue({certificate.registration_id}, day=day, by=actor.name, now=now):
        raise errors.NotIssuable("Cette personne n’est pas notée présente, ou elle a déjà une attestation.")
    made = queries.standing_certificate(certificate.registration_id)
    assert made is not None  # noqa: S101 - just issued, the seat is held
    _record("certificates.issue", made, actor=actor, now=now, changes={"instead_of": certificate.code})
    return made


def _certificate(person: Attendance, *, day: StudyDay, measured: Measure, by: str, now: datetime) -> Certificate:
    seat = person.registration
    rules.printed_name(seat.name)
    halves = tuple(measured.minutes)
    # Of who was noted as having come and nothing else, the whole day is certified: nobody said otherwise.
    counted = rules.half_days_attended(person.present, halves, signed=measured.signed) if person.present else halves
    return Certificate(
        registration_id=seat.id,
        study_day_id=day.id,
        name=seat.name,
        job_title=seat.job_title,
        organisation=seat.order_line.order.billing_name,
        half_days=[half.key for half in counted],
        minutes=sum(measured.minutes[half] for half in counted),
        is_training=measured.nature is not None,
        action_nature=measured.nature or "",
        issued_at=now,
        issued_by=by,
    )


def _record(action: str, certificate: Certificate, *, actor: User, now: datetime, changes: dict[str, str]) -> None:
    audit.record(
        action,
        subject=("certificate", certificate.id, certificate.name),
        now=now,
        actor=actor,
        changes=changes,
    )
