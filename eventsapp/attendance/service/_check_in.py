"""Letting people in: a ticket opens the door once, whatever the number of doors, phones and networks."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from eventsapp.attendance import errors, queries, rules
from eventsapp.attendance.models import CheckIn, Presence
from eventsapp.attendance.service._open import day_over, is_over, require_open
from eventsapp.attendance.service._undo import undo_admission
from eventsapp.attendance.statuses import CheckInKind, Outcome, Source
from eventsapp.attendance.values import Answer, Place, Scan, Seat
from eventsapp.audit.service import Actor
from eventsapp.core import i18n
from eventsapp.core.db import db
from eventsapp.core.errors import Refusal
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay

#: More scans at once are told without the other seats of each order.
MOST_WITH_OTHERS = 5
#: Why a seat that has this status lets nobody in.
_REFUSED = {
    RegistrationStatus.CANCELLED: Outcome.CANCELLED,
    RegistrationStatus.HELD: Outcome.HELD,
}


def check_in(scan: Scan, *, day: StudyDay, by: Actor, now: datetime) -> Answer:
    """Let in whoever shows the ticket, and say what came of it; a refusal is an answer here, and is kept too.

    Of two doors at the same moment one admits; the other is told when and where. A scan handed over again under its
    key gets the answer that it got. Raises ``KeyOfAnotherTicket``.
    """
    return check_in_all([scan], day=day, by=by, now=now)[0]


def check_in_all(scans: Sequence[Scan], *, day: StudyDay, by: Actor, now: datetime) -> list[Answer]:
    """Do the same for what a phone kept while it was offline; the answers are in the order of ``scans``."""
    codes = {rules.code_in(scan.code) for scan in scans} - {""}
    seats = queries.seats_of_codes(codes)
    gone = queries.retired(codes - seats.keys())
    known = {**seats, **{code: ticket.registration for code, ticket in gone.items()}}
    touched = queries.seats_of_keys({scan.registration_id for scan in scans if scan.registration_id is not None})
    registrations.hold({seat.id for seat in known.values()} | touched.keys())
    answers: dict[int, Answer] = {}
    # In the order of time: of one ticket shown twice, the first time counts; what is taken back was scanned before.
    for place in sorted(range(len(scans)), key=lambda index: rules.scanned_at(scans[index].at, now=now)):
        scan = scans[place]
        code = rules.code_in(scan.code)
        seat = known.get(code) if scan.registration_id is None else touched.get(scan.registration_id)
        where = Place(device=scan.device, by_id=by.id, by_label=by.name)
        if seat is None or seat.study_day_id != day.id:
            outcome = Outcome.UNKNOWN if seat is None else Outcome.OTHER_DAY
            other_day_id = seat.study_day_id if seat is not None else None
            answers[place] = Answer(outcome=outcome, code=scan.code, key=scan.key, other_day_id=other_day_id)
            continue
        if scan.undoes is not None:
            answers[place] = _taken_back(scan, seat, day=day, where=where, by=by, now=now)
            continue
        reason = gone[code].reason if code in gone else None
        at = rules.scanned_at(scan.at, now=now)
        row = _kept(scan.key, seat)
        if row is None and is_over(day, at=at):
            answers[place] = Answer(
                outcome=Outcome.DAY_OVER, code=scan.code, key=scan.key, registration_id=seat.id, name=seat.name
            )
            continue
        row = row or _write(seat, day=day, where=where, at=at, key=scan.key, reason=reason, now=now)
        answers[place] = told(row, seat, day=day, code=scan.code, alone=len(scans) > MOST_WITH_OTHERS)
    return [answers[place] for place in range(len(scans))]


def admit_seat(
    seat: Registration, *, day: StudyDay, device: str, by: Actor, now: datetime, key: str | None = None
) -> Answer:
    """Let in somebody found by name, rate and order loaded; say what came of it. Raises ``DayOver``."""
    require_open(day, at=now)
    registrations.hold({seat.id})
    where = Place(device=device, by_id=by.id, by_label=by.name)
    row = _kept(key, seat) or _write(seat, day=day, where=where, at=now, key=key, reason=None, now=now)
    return told(row, seat, day=day)


def admit_booking(seat: Registration, *, day: StudyDay, device: str, by: Actor, now: datetime) -> list[Answer]:
    """Let in everybody of the order of ``seat`` who is still awaited at the day; nobody twice.

    Of whoever was inside nothing is answered. Raises ``DayOver``.
    """
    require_open(day, at=now)
    on = queries.date_at(day, now)
    group = sorted([seat, *queries.others_of_order(seat, on=on)], key=lambda each: each.id)
    registrations.hold({each.id for each in group})
    where = Place(device=device, by_id=by.id, by_label=by.name)
    admitted = []
    for each in group:
        if not any(row.held_on == on for row in queries.live_admissions(each.id)):
            row = _write(each, day=day, where=where, at=now, key=None, reason=None, now=now)
            admitted.append(told(row, each, day=day, payer=seat.order_line.order.billed_to, alone=True))
    return admitted


def told_again(row: CheckIn, *, day: StudyDay) -> Answer:
    """Return what was answered when ``row`` was written; its seat and the admission before it are loaded."""
    return told(row, row.registration, day=day)


def told(
    row: CheckIn, seat: Registration, *, day: StudyDay, code: str = "", payer: str = "", alone: bool = False
) -> Answer:
    """Return what to say of a kept row; the other seats of the order with it unless ``alone``."""
    first = row.first
    zone = day.local_start.tzinfo
    others = () if alone else queries.others_of_order(seat, on=row.held_on)
    return Answer(
        outcome=row.outcome,
        code=code,
        key=row.client_key,
        check_in_id=row.id,
        registration_id=seat.id,
        name=seat.name,
        rate=seat.rate.local_name,
        booked_by=payer or seat.order_line.order.billed_to,
        at=row.at.astimezone(zone),
        first_at=first.at.astimezone(zone) if first else None,
        first_device=(first.device or first.by_label) if first else "",
        reason=row.reason,
        others=tuple(Seat(registration_id=other.id, name=other.name, rate=other.rate.local_name) for other in others),
    )


def refusal(answer: Answer, *, names_day: bool = False) -> Refusal | None:
    """Return the refusal that an answer amounts to, in words for whoever stands at the door; ``None`` for a welcome.

    Only our own people are to be told which other day a ticket is for (``names_day``).
    """
    if names_day and answer.outcome is Outcome.OTHER_DAY and answer.other_day_id is not None:
        other = queries.day_with_city(answer.other_day_id)
        return errors.NotForThisDay(
            _(
                "Billet d’une autre journée : %(town)s, %(date)s.",
                town=other.city.name,
                date=i18n.date_long(other.local_start),
            )
        )
    if answer.outcome is Outcome.ALREADY and answer.first_at is not None:
        return errors.AlreadyAdmitted(
            _(
                "%(name)s : billet déjà passé à %(when)s (%(where)s).",
                name=answer.name,
                when=i18n.clock_time(answer.first_at),
                where=answer.first_device,
            )
        )
    refusals: dict[Outcome, Refusal] = {
        # Noted as present before doors kept anything.
        Outcome.ALREADY: errors.AlreadyAdmitted(_("%(name)s : billet déjà passé.", name=answer.name)),
        Outcome.RETIRED: errors.TicketRetired(
            _("Ce billet ne vaut plus : %(reason)s.", reason=answer.reason.rstrip("."))
        ),
        Outcome.CANCELLED: errors.SeatCancelled(_("La place de %(name)s a été annulée.", name=answer.name)),
        Outcome.HELD: errors.SeatHeld(
            _("La place de %(name)s n’est que retenue : son règlement n’est pas arrivé.", name=answer.name)
        ),
        Outcome.DAY_OVER: day_over(),
        Outcome.OTHER_DAY: errors.NotForThisDay("Ce billet est pour une autre journée."),
        Outcome.UNKNOWN: errors.NotForThisDay("Aucun billet de cette journée n’a ce code."),
    }
    return refusals.get(answer.outcome)


def _taken_back(scan: Scan, seat: Registration, *, day: StudyDay, where: Place, by: Actor, now: datetime) -> Answer:
    """Take back what an earlier scan did, or the admission that the list names.

    One that let nobody in, or that was taken back already, is as wanted.
    The phone is told when the person stays inside, as the signed sheet says or since it asked after the day.
    """
    entry = rules.entry_named(scan.undoes or "")
    row = queries.kept_entry(entry) if entry is not None else queries.kept_scan(scan.undoes or "")
    outcome = Outcome.UNDONE
    if row is not None and row.registration_id == seat.id and row.outcome is Outcome.ADMITTED and not row.undone_at:
        try:
            require_open(day, at=rules.scanned_at(scan.at, now=now))
            undo_admission(row, seat, device=where.device, by=by, now=now)
        except errors.DayOver:
            outcome = Outcome.DAY_OVER
        except errors.NotAdmitted:
            outcome = Outcome.ALREADY
    return Answer(outcome=outcome, key=scan.key, registration_id=seat.id, name=seat.name)


def _kept(key: str | None, seat: Registration) -> CheckIn | None:
    """Return what came of the scan with that key, if it was handed over before."""
    row = queries.kept_scan(key) if key else None
    if row is not None and row.registration_id != seat.id:
        raise errors.KeyOfAnotherTicket(_("Cette clé a déjà servi pour un autre billet."))
    return row


def _write(
    seat: Registration,
    *,
    day: StudyDay,
    where: Place,
    at: datetime,
    key: str | None,
    reason: str | None,
    now: datetime,
) -> CheckIn:
    """Decide about a seat that this transaction holds, and keep what came of it."""
    on = queries.date_at(day, at)
    outcome, first = _decide(seat, on=on, retired=reason is not None)
    row = CheckIn(
        study_day_id=day.id,
        registration_id=seat.id,
        kind=CheckInKind.IN,
        outcome=outcome,
        at=at,
        received_at=now,
        held_on=on,
        device=where.device,
        by_id=where.by_id,
        by_label=where.by_label,
        client_key=key,
        first=first,
        reason=reason or "",
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        # Two scans of different tickets under one key, at the same moment.
        raise errors.KeyOfAnotherTicket(_("Cette clé a déjà servi pour un autre billet.")) from error
    if outcome is Outcome.ADMITTED:
        _note_presence(seat, row, day=day)
    return row


def _decide(seat: Registration, *, on: date, retired: bool) -> tuple[Outcome, CheckIn | None]:
    """Say what comes of a ticket on a date: on each date of a day that lasts several it opens the door once."""
    if retired:
        return Outcome.RETIRED, None
    if registrations.attend(seat.id):
        return Outcome.ADMITTED, None
    db.session.refresh(seat, ["status"])
    if seat.status in _REFUSED:
        return _REFUSED[seat.status], None
    admissions = queries.live_admissions(seat.id)
    before = next((row for row in admissions if row.held_on == on), None)
    if before is None and admissions:
        return Outcome.ADMITTED, None
    return Outcome.ALREADY, before


def _note_presence(seat: Registration, row: CheckIn, *, day: StudyDay) -> None:
    """Note the half-day in which somebody came; what the sheet or the office said of it stays.

    When they said that the person was not there, the admission is pointed at: somebody must look.
    """
    half = rules.half_day_at(row.at.astimezone(day.local_start.tzinfo), queries.half_days(day))
    fact = queries.fact(seat.id, half) or Presence(registration_id=seat.id, held_on=half.on, part=half.part)
    if fact.source not in {None, Source.DOOR}:
        fact.check_in_id = None if fact.present else row.id
        return
    fact.present, fact.source, fact.check_in_id = True, Source.DOOR, row.id
    fact.recorded_at, fact.recorded_by = row.received_at, row.by_label
    db.session.add(fact)
    db.session.flush()
