"""Printing the papers of a job, part by part; whoever’s data do not fit is left out and named, and holds up nobody."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from eventsapp.attendance import errors, papers, queries, rules
from eventsapp.attendance.models import PaperJob, PaperPart
from eventsapp.attendance.service._certificates import issue, measure
from eventsapp.attendance.statuses import BadgeFormat, JobState, PaperKind
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Refusal
from eventsapp.files import service as files
from eventsapp.files import storage
from eventsapp.study_days.models import StudyDay

log = logging.getLogger(__name__)

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
#: People whose certificates are issued in one transaction.
_AT_ONCE = 25
#: What goes wrong whoever the papers are for: tried again later, and nobody is left out.
NOBODYS_FAULT = (sa.exc.OperationalError, sa.exc.InterfaceError, OSError, MemoryError)
_LONGEST_REASON = 200
_NAMES = {
    PaperKind.SHEET: "emargement",
    PaperKind.BADGES: "badges",
    PaperKind.PROGRAMME: "programme",
    PaperKind.CONVOCATIONS: "convocations",
    PaperKind.AGREEMENTS: "conventions",
    PaperKind.CERTIFICATES: "attestations",
}

Clock = Callable[[], datetime]


def print_all(job_id: int, kind: PaperKind, subjects: Sequence[int], *, by: str, clock: Clock) -> bool:
    """Print every part that is not there yet; return whether all are.

    Whose data fit no paper is noted with the reason and left out; where that is everybody, it is no person's fault, and
    what went wrong is raised.
    """
    batches = rules.batches(subjects, MOST_IN_A_FILE[kind])
    have = set(db.session.scalars(sa.select(PaperPart.position).where(PaperPart.job_id == job_id)))
    known = set(db.session.scalars(sa.select(PaperJob.failed).where(PaperJob.id == job_id)).one())
    db.session.rollback()
    unfit_parts: dict[int, dict[int, Exception]] = {}
    for position, keys in enumerate(batches, start=1):
        if position in have or (keys and known.issuperset(keys)):
            continue
        unfit: dict[int, Exception] = {}
        if kind is PaperKind.CERTIFICATES:
            for some in rules.batches(keys, _AT_ONCE):
                unfit |= _issue(job_id, some, by=by, clock=clock)
        # Read and printed outside of any writing transaction: meanwhile the door writes.
        try:
            paper, name, not_printed = _fitting(job_id, kind, [key for key in keys if key not in unfit], now=clock())
        finally:
            db.session.rollback()
        unfit |= not_printed
        if paper is None:
            # Whether they are at fault is known once somebody else’s paper is there.
            unfit_parts[position] = unfit
            continue
        ending = f"-{position}" if len(batches) > 1 else ""
        with unit_of_work.transaction():
            if not _keep(
                job_id, position, paper, name=f"{name}{ending}.pdf", count=len(keys), unfit=unfit, now=clock()
            ):
                return False
        have.add(position)
    return _keep_without(job_id, unfit_parts, anybody=bool(have), clock=clock)


def _keep_without(
    job_id: int, unfit_parts: Mapping[int, Mapping[int, Exception]], *, anybody: bool, clock: Clock
) -> bool:
    """Note the parts of which nobody is fit; return whether they still were this worker’s to note."""
    for position, unfit in unfit_parts.items():
        if not anybody:
            raise next(iter(unfit.values()))
        with unit_of_work.transaction():
            if not _keep(job_id, position, None, name="", count=len(unfit), unfit=unfit, now=clock()):
                return False
    return True


def bind(job_id: int, kind: PaperKind, *, clock: Clock) -> bool:
    """Put one file in the place of the parts and be through, unless another worker was; return which.

    Killed before, the next run finds the parts and binds them.
    """
    parts = _parts(job_id)
    whole = papers.bound_pdf([storage.path_of(part.file.key) for part in parts]) if len(parts) > 1 else b""
    db.session.rollback()
    with unit_of_work.transaction():
        now = clock()
        if not write_job(job_id, state=JobState.DONE, finished_at=now, held_until=None, problem=""):
            return False
        parts = _parts(job_id)
        if whole:
            file = files.store_paper(whole, name=f"{_NAMES[kind]}-{day_of(job_id).slug}.pdf", now=now)
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


def _keep(
    job_id: int,
    position: int,
    paper: bytes | None,
    *,
    name: str,
    count: int,
    unfit: Mapping[int, Exception],
    now: datetime,
) -> bool:
    """Keep a finished part and who is not in it, unless another worker did."""
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
    note_failed(job_id, unfit)
    if paper is not None:
        file = files.store_paper(paper, name=name, now=now)
        db.session.add(PaperPart(job_id=job_id, position=position, pages=_pages(paper), file_id=file.id))
    return True


def note_failed(job_id: int, problems: Mapping[int, Exception]) -> None:
    """Note for whom there is nothing, and why, by seat or order."""
    if problems:
        failed, told = db.session.execute(
            sa.select(PaperJob.failed, PaperJob.reasons).where(PaperJob.id == job_id)
        ).one()
        write_job(
            job_id,
            failed=[*failed, *(key for key in problems if key not in failed)],
            reasons={**told, **{str(key): _reason(problem) for key, problem in problems.items()}},
        )


def _reason(error: Exception) -> str:
    """Return what to say of data that fit no paper, in words for the office."""
    if isinstance(error, Refusal):
        return error.message
    said = str(_("ces données ne se composent pas (%(problem)s)", problem=f"{type(error).__name__}: {error}"))
    return said if len(said) <= _LONGEST_REASON else f"{said[: _LONGEST_REASON - 1]}…"


def _issue(job_id: int, keys: Sequence[int], *, by: str, clock: Clock) -> dict[int, Exception]:
    """Issue the certificates of these people; return who cannot have one, and why."""
    try:
        with unit_of_work.transaction():
            issue(keys, day=day_of(job_id), by=by, now=clock())
            have = {row.registration_id for row in queries.certificates_of_seats(keys)}
    except NOBODYS_FAULT:
        raise
    except Exception as error:
        if len(keys) > 1:
            return {key: why for each in keys for key, why in _issue(job_id, [each], by=by, clock=clock).items()}
        log.exception("papers %s: no certificate for seat %s", job_id, keys[0])
        return {keys[0]: error}
    return {key: errors.NotIssuable(_("aucune demi-journée à attester")) for key in keys if key not in have}


def _fitting(
    job_id: int, kind: PaperKind, keys: Sequence[int], *, now: datetime
) -> tuple[bytes | None, str, dict[int, Exception]]:
    """Return the paper of those whose data fit, how its file is called, and why the others are not in it."""
    if kind is PaperKind.CERTIFICATES and not keys:
        return None, "", {}
    try:
        paper, name = _printed(job_id, kind, keys, now=now)
    except NOBODYS_FAULT:
        raise
    except Exception as error:
        db.session.rollback()
        if len(keys) < 2:
            log.exception("papers %s could not be printed for %s", job_id, keys)
            return None, "", dict.fromkeys(keys or [0], error)
        half = len(keys) // 2
        unfit = {
            **_fitting(job_id, kind, keys[:half], now=now)[2],
            **_fitting(job_id, kind, keys[half:], now=now)[2],
        }
        rest = [key for key in keys if key not in unfit]
        if not unfit:
            # Each by itself fits: nobody is at fault.
            raise
        if not rest:
            return None, "", unfit
        return *_printed(job_id, kind, rest, now=now), unfit
    return paper, name, {}


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


def day_of(job_id: int) -> StudyDay:
    """Return the day whose papers a job makes."""
    return db.session.scalars(
        sa.select(StudyDay).join(PaperJob, PaperJob.study_day_id == StudyDay.id).where(PaperJob.id == job_id)
    ).one()


def write_job(job_id: int, **values: Any) -> bool:
    """Write what became of a job that waits; return whether it did."""
    written = db.session.scalar(
        sa.update(PaperJob)
        .where(PaperJob.id == job_id, PaperJob.state == JobState.WAITING)
        .values(**values)
        .returning(PaperJob.id)
    )
    return written is not None
