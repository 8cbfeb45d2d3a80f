"""What papers are made of, and how far the making of them is."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from itertools import zip_longest

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventsapp.attendance.models import DayPapers, PaperJob, PaperPart, PaperWording
from eventsapp.attendance.queries._tickets import BY_NAME
from eventsapp.attendance.statuses import JobState, PaperKind
from eventsapp.attendance.values import Slot
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoices
from eventsapp.orders.models import Order, OrderLine
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import CONFIRMED
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import SHOWN, SessionKind, StudyDayStatus

#: Jobs shown on a day's page.
MOST_JOBS = 30
#: Names told of those to whom a job could not send.
MOST_NAMES = 20
#: Days after which nobody expects a certificate by itself any more.
_DAYS_BY_ITSELF = 30


def wording() -> PaperWording:
    """Return what the office has printed on papers."""
    return db.session.scalars(sa.select(PaperWording)).one()


def training_declaration() -> str:
    """Return the declaration of activity of a training body, as invoices print it; empty for who is none."""
    return invoices.terms().training_declaration.strip()


def papers_of_day(day_id: int) -> DayPapers | None:
    """Return what is said of the papers of one day, or ``None``."""
    return db.session.scalar(sa.select(DayPapers).where(DayPapers.study_day_id == day_id))


def training_nature(day_id: int) -> str | None:
    """Return of what nature the training is that a day is, or ``None`` for one that is none.

    Only a declared body trains, whatever the day says.
    """
    kept = papers_of_day(day_id)
    return kept.action_nature if kept is not None and kept.is_training and training_declaration() else None


def due_by_itself(*, today: date) -> Sequence[StudyDay]:
    """Return the days of which certificates leave by themselves: they ended before ``today``, not long ago."""
    return db.session.scalars(
        sa.select(StudyDay)
        .join(DayPapers, DayPapers.study_day_id == StudyDay.id)
        .where(
            DayPapers.sends_next_day,
            StudyDay.held_until < today,
            StudyDay.held_until >= today - timedelta(days=_DAYS_BY_ITSELF),
            StudyDay.status.in_(SHOWN - {StudyDayStatus.CANCELLED}),
        )
        .order_by(StudyDay.id)
    ).all()


def day_with_programme(day_id: int) -> StudyDay:
    """Return a day with city, venue, sessions, interventions and speakers loaded."""
    slug = db.session.scalars(sa.select(StudyDay.slug).where(StudyDay.id == day_id)).one()
    day = study_days.day_in_full(slug)
    if day is None:
        raise LookupError(slug)
    return day


def slots(day: StudyDay) -> list[Slot]:
    """Return the timed programme of a day by its local clock, its sessions loaded; one without an end lasts until the
    next.
    """
    zone = day.local_start.tzinfo
    timed = [session for session in day.sessions if session.starts_at is not None]
    timed.sort(key=lambda session: session.starts_at or day.starts_at)
    found = []
    for session, following in zip_longest(timed, timed[1:]):
        begins = session.starts_at or day.starts_at
        ends = session.ends_at or (following.starts_at if following is not None else None) or day.ends_at
        found.append(
            Slot(begins.astimezone(zone), max(begins, ends).astimezone(zone), session.kind is SessionKind.BREAK)
        )
    return found


def named_seats(day_id: int) -> Sequence[int]:
    """Return the confirmed seats of a day of which it is known whose they are, by name."""
    return db.session.scalars(
        sa.select(Registration.id)
        .where(
            Registration.study_day_id == day_id,
            Registration.status.in_(CONFIRMED),
            Registration.named_at.is_not(None),
        )
        .order_by(*BY_NAME)
    ).all()


def seats_to_print(registration_ids: Collection[int]) -> Sequence[Registration]:
    """Return these seats as far as they are still confirmed, rate and order loaded, by name."""
    return db.session.scalars(
        sa.select(Registration)
        .where(
            Registration.id.in_(registration_ids),
            Registration.status.in_(CONFIRMED),
            Registration.named_at.is_not(None),
        )
        .options(joinedload(Registration.rate), joinedload(Registration.order_line).joinedload(OrderLine.order))
        .order_by(*BY_NAME)
    ).all()


def legal_orders(day_id: int) -> Sequence[int]:
    """Return the orders of a day that a legal person placed, by its name: an agreement is made with each."""
    return db.session.scalars(
        sa.select(Order.id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Registration, Registration.order_line_id == OrderLine.id)
        .where(
            Registration.study_day_id == day_id,
            Registration.status.in_(CONFIRMED),
            sa.or_(Order.billing_name != "", Order.siret != ""),
        )
        .group_by(Order.id, Order.billing_name)
        .order_by(Order.billing_name, Order.id)
    ).all()


def orders_to_print(order_ids: Collection[int], *, day_id: int) -> list[tuple[Order, list[Registration]]]:
    """Return these orders with their confirmed seats at the day, their lines loaded, by the name that is billed."""
    rows = db.session.scalars(
        sa.select(Registration)
        .join(Registration.order_line)
        .join(OrderLine.order)
        .where(
            OrderLine.order_id.in_(order_ids), Registration.study_day_id == day_id, Registration.status.in_(CONFIRMED)
        )
        .options(
            joinedload(Registration.order_line).options(joinedload(OrderLine.order), selectinload(OrderLine.vat_parts))
        )
        .order_by(Order.billing_name, Order.id, Registration.position)
    ).all()
    found: dict[int, tuple[Order, list[Registration]]] = {}
    for row in rows:
        found.setdefault(row.order_line.order_id, (row.order_line.order, []))[1].append(row)
    return list(found.values())


def jobs_of_day(day_id: int) -> Sequence[PaperJob]:
    """Return the papers asked for of a day, the latest first, with their files."""
    return db.session.scalars(
        sa.select(PaperJob)
        .where(PaperJob.study_day_id == day_id)
        .options(selectinload(PaperJob.parts).joinedload(PaperPart.file))
        .order_by(PaperJob.id.desc())
        .limit(MOST_JOBS)
    ).all()


def failed_names(jobs: Collection[PaperJob]) -> dict[int, list[tuple[str, str]]]:
    """Return for whom these jobs have no paper, by name, and why; of very many the first are enough to look.

    Agreements are for orders: they are named by who is billed.
    """
    told = {job.id: job.failed[:MOST_NAMES] for job in jobs if job.failed}
    of_orders = {job.id for job in jobs if job.kind is PaperKind.AGREEMENTS}
    reasons = {job.id: job.reasons for job in jobs}
    seats = {key for job, failed in told.items() if job not in of_orders for key in failed}
    orders = {key for job, failed in told.items() if job in of_orders for key in failed}
    people: dict[int, str] = {}
    if seats:
        rows = db.session.scalars(sa.select(Registration).where(Registration.id.in_(seats)))
        people = {seat.id: seat.name for seat in rows}
    payers: dict[int, str] = {}
    if orders:
        payers = {
            order.id: f"{order.billed_to} ({order.reference})"
            for order in db.session.scalars(sa.select(Order).where(Order.id.in_(orders)))
        }
    return {
        job: [
            (name, reasons[job].get(str(key), ""))
            for key in failed
            if (name := (payers if job in of_orders else people).get(key))
        ]
        for job, failed in told.items()
    }


def waiting_jobs(*, now: datetime) -> Sequence[int]:
    """Return the jobs that nobody works on, the oldest first."""
    free = sa.or_(PaperJob.held_until.is_(None), PaperJob.held_until <= now)
    return db.session.scalars(
        sa.select(PaperJob.id).where(PaperJob.state == JobState.WAITING, free).order_by(PaperJob.id)
    ).all()


def part_of_day(part_id: int, *, day_id: int) -> PaperPart | None:
    """Return a finished file of the day's papers, or ``None``."""
    return db.session.scalar(
        sa.select(PaperPart)
        .join(PaperPart.job)
        .where(PaperPart.id == part_id, PaperJob.study_day_id == day_id)
        .options(joinedload(PaperPart.file))
    )


def old_jobs(*, before: datetime) -> Sequence[PaperJob]:
    """Return the jobs that ended before that, with their files."""
    return db.session.scalars(
        sa.select(PaperJob)
        .where(PaperJob.state != JobState.WAITING, PaperJob.finished_at < before)
        .options(selectinload(PaperJob.parts).joinedload(PaperPart.file))
        .order_by(PaperJob.id)
        .limit(100)
    ).all()
