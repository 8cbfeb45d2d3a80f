"""Papers for a whole day: asked for by a button, made by the worker part by part, and gone after some days."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from eventsapp.accounts.models import User
from eventsapp.attendance import errors, queries
from eventsapp.attendance.models import DayPapers, PaperJob
from eventsapp.attendance.service._certificates import send
from eventsapp.attendance.service._open import require_ended
from eventsapp.attendance.service._printing import (
    LEASE,
    Clock,
    bind,
    day_of,
    note_failed,
    print_all,
    write_job,
)
from eventsapp.attendance.statuses import JobState, PaperKind
from eventsapp.audit import service as audit
from eventsapp.core import queue, settings, unit_of_work
from eventsapp.core.db import db
from eventsapp.files import service as files
from eventsapp.study_days.models import StudyDay

log = logging.getLogger(__name__)

#: The sweep that makes what is asked for.
SWEEP = "papers.make"
MOST_ATTEMPTS = 4


def ask(
    day: StudyDay, kind: PaperKind, *, options: dict[str, Any] | None = None, actor: User | None, now: datetime
) -> PaperJob:
    """Have the papers of a day made; those that are being made already are what comes.

    Raises ``NothingToMake``, and for certificates ``CertificatesTooEarly``. For whom they are is settled here.
    """
    if kind in {PaperKind.CERTIFICATES, PaperKind.SENDING}:
        require_ended(day, at=now)
    subjects = _subjects(day, kind)
    if not subjects and kind not in {PaperKind.SHEET, PaperKind.PROGRAMME}:
        raise errors.NothingToMake("Il n’y a personne pour qui faire ces documents.")
    job = PaperJob(
        study_day_id=day.id,
        kind=kind,
        options=options or {},
        subjects=list(subjects),
        total=max(1, len(subjects)),
        asked_at=now,
        asked_by_id=actor.id if actor else None,
        asked_by=actor.name if actor else "",
    )
    try:
        with db.session.begin_nested():
            db.session.add(job)
    except IntegrityError:
        return db.session.scalars(
            sa.select(PaperJob).where(
                PaperJob.study_day_id == day.id, PaperJob.kind == kind, PaperJob.state == JobState.WAITING
            )
        ).one()
    if kind is PaperKind.SENDING:
        audit.record(
            "certificates.send",
            subject=("study_day", day.id, day.title),
            now=now,
            actor=actor,
            changes={"people": len(subjects)},
        )
    queue.nudge(SWEEP)
    return job


def ask_by_itself(*, now: datetime) -> int:
    """Ask for the certificates of the days that say so, from the day after; return of how many days.

    On each date at most once: a sheet kept on paper may be entered days later, and has its certificates then.
    """
    local = now.astimezone(settings.zone(settings.current().default_timezone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    asked = 0
    for day in queries.due_by_itself(today=local.date()):
        if not queries.unsent(day.id):
            continue
        claimed = db.session.scalar(
            sa.update(DayPapers)
            .where(
                DayPapers.study_day_id == day.id,
                sa.or_(DayPapers.sent_by_itself_at.is_(None), DayPapers.sent_by_itself_at < midnight),
            )
            .values(sent_by_itself_at=now)
            .returning(DayPapers.id)
        )
        if claimed is not None:
            ask(day, PaperKind.SENDING, actor=None, now=now)
            asked += 1
    return asked


def make_papers(*, clock: Clock) -> int:
    """Make what is asked for and nobody works on; return how many jobs were finished.

    Each part is kept when it is finished: killed in between, the next run goes on with the one after it.
    """
    finished = 0
    for job_id in queries.waiting_jobs(now=clock()):
        try:
            finished += _work(job_id, clock=clock)
        except Exception as error:
            log.exception("papers %s could not be made", job_id)
            db.session.rollback()
            with unit_of_work.transaction():
                _note_problem(job_id, f"{type(error).__name__}: {error}", now=clock())
    return finished


def forget_old(*, now: datetime) -> int:
    """Forget papers that were made longer ago than they are kept; return how many jobs."""
    jobs = queries.old_jobs(before=now - timedelta(days=queries.wording().keep_days))
    for job in jobs:
        kept = [part.file for part in job.parts]
        db.session.delete(job)
        db.session.flush()
        for file in kept:
            files.delete(file)
    return len(jobs)


def _subjects(day: StudyDay, kind: PaperKind) -> Sequence[int]:
    match kind:
        case PaperKind.PROGRAMME:
            return []
        case PaperKind.AGREEMENTS:
            return queries.legal_orders(day.id)
        case PaperKind.CERTIFICATES:
            return queries.certifiable(day.id)
        case PaperKind.SENDING:
            return queries.unsent(day.id)
        case _:
            return queries.named_seats(day.id)


def _work(job_id: int, *, clock: Clock) -> bool:
    with unit_of_work.transaction():
        claimed = _claim(job_id, now=clock())
    if not claimed:
        return False
    job = db.session.get_one(PaperJob, job_id, options=[joinedload(PaperJob.study_day)])
    kind, subjects, by = job.kind, list(job.subjects), job.asked_by
    db.session.rollback()
    if kind is PaperKind.SENDING:
        through = _send_all(job_id, subjects, by=by, clock=clock)
    else:
        return print_all(job_id, kind, subjects, by=by, clock=clock) and bind(job_id, kind, clock=clock)
    if through:
        with unit_of_work.transaction():
            write_job(job_id, state=JobState.DONE, finished_at=clock(), held_until=None, problem="")
    return through


def _claim(job_id: int, *, now: datetime) -> bool:
    return (
        db.session.scalar(
            sa.update(PaperJob)
            .where(
                PaperJob.id == job_id,
                PaperJob.state == JobState.WAITING,
                sa.or_(PaperJob.held_until.is_(None), PaperJob.held_until <= now),
            )
            .values(held_until=now + LEASE, attempts=PaperJob.attempts + 1)
            .returning(PaperJob.id)
        )
        is not None
    )


def _send_all(job_id: int, subjects: Sequence[int], *, by: str, clock: Clock) -> bool:
    """Send to one after the other, each in a transaction of its own with the count; a second worker finds its place
    taken and leaves.
    """
    while True:
        with unit_of_work.transaction():
            now = clock()
            place = db.session.scalar(
                sa.update(PaperJob)
                .where(PaperJob.id == job_id, PaperJob.state == JobState.WAITING, PaperJob.done < len(subjects))
                .values(done=PaperJob.done + 1, held_until=now + LEASE)
                .returning(PaperJob.done)
            )
            if place is None:
                return True
            seat_id = subjects[place - 1]
            try:
                with db.session.begin_nested():
                    send(seat_id, day=day_of(job_id), by=by, now=now)
            except Exception as error:
                # One person holds up nobody else: this one is named, and asked for again stays unsent.
                log.exception("papers %s could not be sent for seat %s", job_id, seat_id)
                note_failed(job_id, {seat_id: error})


def _note_problem(job_id: int, problem: str, *, now: datetime) -> None:
    """Try again later, longer each time; after some times somebody must look."""
    job = db.session.get_one(PaperJob, job_id)
    if job.state is not JobState.WAITING:
        return
    if job.attempts >= MOST_ATTEMPTS:
        write_job(job_id, state=JobState.FAILED, finished_at=now, held_until=None, problem=problem[:300])
    else:
        write_job(job_id, held_until=now + timedelta(minutes=job.attempts), problem=problem[:300])
