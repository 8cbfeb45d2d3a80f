"""Papers for a whole day: asked for by a button, made by the worker part by part, and gone after some days."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from eventsapp.accounts.models import User
from eventsapp.attendance import errors, papers, queries, rules
from eventsapp.attendance.models import DayPapers, PaperJob, PaperPart
from eventsapp.attendance.service._certificates import issue, measure, send
from eventsapp.attendance.statuses import BadgeFormat, JobState, PaperKind
from eventsapp.audit import service as audit
from eventsapp.core import queue, settings, unit_of_work
from eventsapp.core.db import db
from eventsapp.files import service as files
from eventsapp.files import storage
from eventsapp.study_days.models import StudyDay

log = logging.getLogger(__name__)

#: The sweep that makes what is asked for.
SWEEP = "papers.make"
#: People printed at once: more are printed in parts, so that memory stays bounded and the bar moves; bound at the end.
MOST_IN_A_FILE = {
    PaperKind.SHEET: 1000,
    PaperKind.BADGES: 300,
    PaperKind.PROGRAMME: 1,
    PaperKind.CONVOCATIONS: 150,
    PaperKind.AGREEMENTS: 100,
    PaperKind.CERTIFICATES: 150,
}
#: Empty lines at the end of a sheet, unless said otherwise.
BLANKS = 8
#: A worker that says nothing for so long has died; another one goes on.
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 4
#: People whose certificates are issued in one transaction.
_AT_ONCE = 25
_NAMES = {
    PaperKind.SHEET: "emargement",
    PaperKind.BADGES: "badges",
    PaperKind.PROGRAMME: "programme",
    PaperKind.CONVOCATIONS: "convocations",
    PaperKind.AGREEMENTS: "conventions",
    PaperKind.CERTIFICATES: "attestations",
}

Clock = Callable[[], datetime]


def ask(
    day: StudyDay, kind: PaperKind, *, options: dict[str, Any] | None = None, actor: User | None, now: datetime
) -> PaperJob:
    """Have the papers of a day made; those that are being made already are what comes. Raises ``NothingToMake``.

    For whom they are is settled here.
    """
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
    """Ask for the certificates of the days that say so, once each, from the day after; return of how many days."""
    today = now.astimezone(settings.zone(settings.current().default_timezone)).date()
    asked = 0
    for day in queries.due_by_itself(today=today):
        claimed = db.session.scalar(
            sa.update(DayPapers)
            .where(DayPapers.study_day_id == day.id, DayPapers.sent_by_itself_at.is_(None))
            .values(sent_by_itself_at=now)
            .returning(DayPapers.id)
        )
        if claimed is not None and queries.unsent(day.id):
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
        return _print_all(job_id, kind, subjects, by=by, clock=clock) and _bind(job_id, kind, clock=clock)
    if through:
        with unit_of_work.transaction():
            _set(job_id, state=JobState.DONE, finished_at=clock(), held_until=None, problem="")
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
            send(subjects[place - 1], day=_day(job_id), by=by, now=now)


def _print_all(job_id: int, kind: PaperKind, subjects: Sequence[int], *, by: str, clock: Clock) -> bool:
    batches = rules.batches(subjects, MOST_IN_A_FILE[kind])
    have = set(db.session.scalars(sa.select(PaperPart.position).where(PaperPart.job_id == job_id)))
    db.session.rollback()
    for position, keys in enumerate(batches, start=1):
        if position in have:
            continue
        if kind is PaperKind.CERTIFICATES:
            for some in rules.batches(keys, _AT_ONCE):
                with unit_of_work.transaction():
                    issue(some, day=_day(job_id), by=by, now=clock())
        # Read and printed outside of any writing transaction: meanwhile the door writes.
        try:
            paper, name = _printed(job_id, kind, keys, now=clock())
        finally:
            db.session.rollback()
        ending = f"-{position}" if len(batches) > 1 else ""
        with unit_of_work.transaction():
            if not _keep(job_id, position, paper, name=f"{name}{ending}.pdf", count=len(keys), now=clock()):
                return False
    return True


def _bind(job_id: int, kind: PaperKind, *, clock: Clock) -> bool:
    """Put one file in the place of the parts and be through, unless another worker was; return which.

    Killed before, the next run finds the parts and binds them.
    """
    parts = _parts(job_id)
    whole = papers.bound_pdf([storage.path_of(part.file.key) for part in parts]) if len(parts) > 1 else b""
    db.session.rollback()
    with unit_of_work.transaction():
        now = clock()
        if not _set(job_id, state=JobState.DONE, finished_at=now, held_until=None, problem=""):
            return False
        parts = _parts(job_id)
        if whole:
            file = files.store_paper(whole, name=f"{_NAMES[kind]}-{_day(job_id).slug}.pdf", now=now)
            pages = sum(part.pages for part in parts)
            for part in parts:
                db.session.delete(part)
            db.session.flush()
            db.session.add(PaperPart(job_id=job_id, position=1, pages=pages, file_id=file.id))
            for part in parts:
                files.delete(part.file)
    return True


def _parts(job_id: int) -> Sequence[PaperPart]:
    return db.session.scalars(
        sa.select(PaperPart)
        .where(PaperPart.job_id == job_id)
        .options(joinedload(PaperPart.file))
        .order_by(PaperPart.position)
    ).all()


def _keep(job_id: int, position: int, paper: bytes, *, name: str, count: int, now: datetime) -> bool:
    """Keep a finished part, unless another worker did."""
    kept = db.session.scalar(
        sa.update(PaperJob)
        .where(
            PaperJob.id == job_id,
            PaperJob.state == JobState.WAITING,
            ~sa.exists().where(PaperPart.job_id == job_id, PaperPart.position == position),
        )
        .values(done=PaperJob.done + (count or 1), held_until=now + LEASE)
        .returning(PaperJob.id)
    )
    if kept is None:
        return False
    file = files.store_paper(paper, name=name, now=now)
    db.session.add(PaperPart(job_id=job_id, position=position, pages=_pages(paper), file_id=file.id))
    return True


def _printed(job_id: int, kind: PaperKind, keys: Sequence[int], *, now: datetime) -> tuple[bytes, str]:
    """Return a part of what is asked for, and how its file is called."""
    job = db.session.get_one(PaperJob, job_id)
    day = queries.day_with_programme(job.study_day_id)
    wording = queries.wording()
    nature = queries.training_nature(day.id)
    declaration = queries.training_declaration() if nature is not None else ""
    match kind:
        case PaperKind.PROGRAMME:
            paper = papers.programme_pdf(day, now=now)
        case PaperKind.SHEET:
            paper = papers.sheet_pdf(
                day,
                queries.seats_to_print(keys),
                halves=queries.half_days(day),
                blanks=int(job.options.get("blanks", BLANKS)),
                wording=wording,
                declaration=declaration,
                now=now,
            )
        case PaperKind.BADGES:
            paper = papers.badges_pdf(
                day,
                queries.seats_to_print(keys),
                shape=BadgeFormat(job.options.get("shape", BadgeFormat.CARD)),
                with_code=bool(job.options.get("with_code")),
                now=now,
            )
        case PaperKind.CONVOCATIONS:
            paper = papers.convocations_pdf(
                day, queries.seats_to_print(keys), wording=wording, declaration=declaration, now=now
            )
        case PaperKind.AGREEMENTS:
            paper = papers.agreements_pdf(
                day,
                queries.orders_to_print(keys, day_id=day.id),
                minutes=sum(measure(day).minutes.values()),
                nature=nature or "",
                wording=wording,
                declaration=declaration,
                now=now,
            )
        case _:
            paper = papers.certificates_pdf(
                queries.certificates_of_seats(keys), wording=wording, declaration=declaration
            )
    return paper, f"{_NAMES[kind]}-{day.slug}"


def _pages(paper: bytes) -> int:
    import pikepdf  # noqa: PLC0415 - for the first paper and not for the web server's start

    with pikepdf.open(BytesIO(paper)) as read:
        return len(read.pages)


def _day(job_id: int) -> StudyDay:
    return db.session.scalars(
        sa.select(StudyDay).join(PaperJob, PaperJob.study_day_id == StudyDay.id).where(PaperJob.id == job_id)
    ).one()


def _note_problem(job_id: int, problem: str, *, now: datetime) -> None:
    """Try again later, longer each time; after some times somebody must look."""
    job = db.session.get_one(PaperJob, job_id)
    if job.state is not JobState.WAITING:
        return
    if job.attempts >= MOST_ATTEMPTS:
        _set(job_id, state=JobState.FAILED, finished_at=now, held_until=None, problem=problem[:300])
    else:
        _set(job_id, held_until=now + timedelta(minutes=job.attempts), problem=problem[:300])


def _set(job_id: int, **values: Any) -> bool:
    """Write what became of a job that waits; return whether it did."""
    written = db.session.scalar(
        sa.update(PaperJob)
        .where(PaperJob.id == job_id, PaperJob.state == JobState.WAITING)
        .values(**values)
        .returning(PaperJob.id)
    )
    return written is not None
