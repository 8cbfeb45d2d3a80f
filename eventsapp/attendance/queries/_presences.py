"""Who was there, by half-day: what papers, certificates and the office read."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.attendance import rules
from eventsapp.attendance.models import CheckIn, Presence
from eventsapp.attendance.queries._tickets import BY_NAME
from eventsapp.attendance.statuses import CheckInKind, Outcome, Source
from eventsapp.attendance.values import HalfDay
from eventsapp.core import pagination
from eventsapp.core.db import db
from eventsapp.core.pagination import Page
from eventsapp.orders.models import OrderLine
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import CONFIRMED, RegistrationStatus
from eventsapp.study_days.models import StudyDay

#: People on one page of the sheet.
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One confirmed seat of a day, and what is known of who was on it."""

    registration: Registration
    #: When and where the door let the person in; empty for who was entered from the signed sheet.
    arrived_at: datetime | None = None
    door: str = ""
    #: Half-day → whether the person was there, in order; what is not known is not in it.
    present: dict[HalfDay, bool] = field(default_factory=dict)

    @property
    def came(self) -> bool:
        """Whether the person came at all: what a certificate is for."""
        return self.registration.status is RegistrationStatus.ATTENDED


def half_days(day: StudyDay) -> tuple[HalfDay, ...]:
    """Return the half-days of a day, in order: the columns of every sheet."""
    return rules.half_days(day.local_start, day.local_end)


def presences(day_id: int) -> list[Attendance]:
    """Return every confirmed seat of a day by name, rate and order loaded, with what is known of who was there.

    Three queries, whatever their number.
    """
    return _attendances(db.session.scalars(_people(day_id)).all())


def people(day_id: int, registration_ids: Collection[int]) -> list[Attendance]:
    """Return these seats of a day in the same way."""
    return _attendances(db.session.scalars(_people(day_id).where(Registration.id.in_(registration_ids))).all())


def sheet_page(day_id: int, *, page: int) -> Page[Attendance]:
    """Return one page of the same."""
    return pagination.paginate(_people(day_id), page=page, size=PAGE_SIZE, prepare=_attendances)


def _people(day_id: int) -> sa.Select[Registration]:
    return (
        sa.select(Registration)
        .where(Registration.study_day_id == day_id, Registration.status.in_(CONFIRMED))
        .options(joinedload(Registration.rate), joinedload(Registration.order_line).joinedload(OrderLine.order))
        .order_by(*BY_NAME)
    )


def _attendances(seats: Sequence[Registration]) -> list[Attendance]:
    keys = [seat.id for seat in seats]
    present: dict[int, dict[HalfDay, bool]] = defaultdict(dict)
    for row in db.session.scalars(sa.select(Presence).where(Presence.registration_id.in_(keys))):
        present[row.registration_id][HalfDay(row.held_on, row.part)] = row.present
    admissions = {
        row.registration_id: row
        for row in db.session.scalars(
            sa.select(CheckIn)
            .where(
                CheckIn.registration_id.in_(keys),
                CheckIn.kind == CheckInKind.IN,
                CheckIn.outcome == Outcome.ADMITTED,
                CheckIn.undone_at.is_(None),
            )
            # Of several dates the first is told.
            .order_by(CheckIn.held_on.desc())
        )
    }
    return [
        Attendance(
            registration=seat,
            arrived_at=admissions[seat.id].at if seat.id in admissions else None,
            door=admissions[seat.id].device if seat.id in admissions else "",
            present=dict(sorted(present[seat.id].items(), key=lambda known: known[0].rank)),
        )
        for seat in seats
    ]


def fact(registration_id: int, half: HalfDay) -> Presence | None:
    """Return what is known of somebody in a half-day, or ``None``."""
    return db.session.scalar(
        sa.select(Presence).where(
            Presence.registration_id == registration_id, Presence.held_on == half.on, Presence.part == half.part
        )
    )


def facts(registration_ids: Collection[int]) -> dict[tuple[int, HalfDay], Presence]:
    """Return what is known of several people, by seat and half-day."""
    rows = db.session.scalars(sa.select(Presence).where(Presence.registration_id.in_(registration_ids)))
    return {(row.registration_id, HalfDay(row.held_on, row.part)): row for row in rows}


def has_sheet_presence(registration_id: int, *, on: date) -> bool:
    """Return whether the signed sheet, or a file made from it, says that somebody came on that date."""
    return bool(
        db.session.scalar(
            sa.select(sa.func.count(Presence.id)).where(
                Presence.registration_id == registration_id,
                Presence.held_on == on,
                Presence.present,
                Presence.source != Source.DOOR,
            )
        )
    )
