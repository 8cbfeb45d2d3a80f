"""Publishing a day, taking it back, moving it to another date, calling it off."""

from datetime import date, datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.core import settings
from eventsapp.core.errors import Invalid
from eventsapp.study_days import rules
from eventsapp.study_days.errors import NotReady
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.rules import Readiness
from eventsapp.study_days.service import _edits
from eventsapp.study_days.service._days import move_parts
from eventsapp.study_days.statuses import StudyDayStatus


def readiness(day: StudyDay) -> Readiness:
    """Return what ``day`` has of what a published day needs; its sessions and rates are loaded."""
    return Readiness(
        lead=bool(day.lead),
        venue=day.venue_id is not None,
        talks=len(day.talks),
        prices=len(day.rates),
        terms=bool(day.cancellation_terms),
    )


def publish(day: StudyDay, *, actor: User, now: datetime) -> None:
    """Show ``day``, sessions and rates loaded, to visitors: a draft, or one that was postponed.

    Raises ``NotReady`` with what is missing, ``IllegalTransition`` and ``Conflict``.
    """
    rules.require_transition(day.status, StudyDayStatus.PUBLISHED)
    if lacking := rules.missing(readiness(day)):
        raise NotReady(_("Il manque, avant de publier : %(lacking)s", lacking=" ".join(lacking)))
    _claim(day, now=now)
    before = _edits.state(day, "status", "status_note")
    day.status = StudyDayStatus.PUBLISHED
    day.status_note = ""
    day.published_at = day.published_at or now
    _edits.note("study_days.publish", day, before, actor=actor, now=now)


def unpublish(day: StudyDay, *, actor: User, now: datetime) -> None:
    """Take ``day`` back from visitors. Raises ``DayInUse`` (seats taken), ``IllegalTransition``, ``Conflict``."""
    rules.require_transition(day.status, StudyDayStatus.DRAFT)
    _claim(day, now=now)
    rules.require_nobody(day.seats_taken)
    before = _edits.state(day, "status")
    day.status = StudyDayStatus.DRAFT
    _edits.note("study_days.unpublish", day, before, actor=actor, now=now)


def postpone(
    day: StudyDay, *, to: date | None = None, note: str = "", reopen: bool = False, actor: User, now: datetime
) -> None:
    """Move ``day``, sessions and rates loaded, to another date, or to one to be found; registrations stay.

    The date that it was announced for is kept. ``reopen`` takes registrations again at once, for the new date.
    Raises ``IllegalTransition``, ``Invalid`` and ``Conflict``.
    """
    if day.status is not StudyDayStatus.POSTPONED:
        rules.require_transition(day.status, StudyDayStatus.POSTPONED)
    if to is not None and rules.is_past(ends_at=day.ends_at + (to - day.date), now=now):
        raise Invalid("La nouvelle date est passée.", errors={"/to": _("Choisissez une date à venir.")})
    if to is None and reopen:
        raise Invalid(
            "Pour rouvrir les inscriptions, indiquez la nouvelle date.", errors={"/to": _("Indiquez la date.")}
        )
    _claim(day, now=now)
    before = _edits.state(day, "status", "status_note", "starts_at", "ends_at", "registration_closes_at")
    if day.status is StudyDayStatus.PUBLISHED:
        day.previous_starts_at = day.starts_at
    if to is not None:
        _move(day, to=to)
    day.status = StudyDayStatus.PUBLISHED if reopen else StudyDayStatus.POSTPONED
    day.status_note = note
    _edits.note("study_days.postpone", day, before, actor=actor, now=now)


def cancel(day: StudyDay, *, note: str = "", actor: User, now: datetime) -> None:
    """Call ``day`` off, for good; ``note`` is for visitors. Raises ``IllegalTransition`` and ``Conflict``."""
    rules.require_transition(day.status, StudyDayStatus.CANCELLED)
    _claim(day, now=now)
    before = _edits.state(day, "status", "status_note")
    day.status = StudyDayStatus.CANCELLED
    day.status_note = note
    _edits.note("study_days.cancel", day, before, actor=actor, now=now)


def _move(day: StudyDay, *, to: date) -> None:
    by, zone = to - day.date, settings.zone(day.timezone)
    day.starts_at = rules.moved(day.starts_at, by=by, zone=zone)
    day.ends_at = rules.moved(day.ends_at, by=by, zone=zone)
    day.registration_closes_at = rules.moved(day.registration_closes_at, by=by, zone=zone)
    if day.changes_until is not None:
        day.changes_until = rules.moved(day.changes_until, by=by, zone=zone)
    if day.welcome_at is not None:
        day.welcome_at = rules.moved(day.welcome_at, by=by, zone=zone)
    move_parts(day, by=by, zone=zone)


def _claim(day: StudyDay, *, now: datetime) -> None:
    """Take ``day`` as it was read: whoever decides about it at the same moment is told, and nobody takes a seat.

    Every decision raises the version, so the version stands for the status as well.
    """
    _edits.claim(day, version=day.version, now=now)
