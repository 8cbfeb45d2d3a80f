"""Decisions about seats and the people who sit there, on plain values."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from eventsapp.registrations.errors import ChangesClosed, RemindedTooSoon
from eventsapp.registrations.statuses import NamingReminder, RegistrationStatus
from eventsapp.study_days.statuses import StudyDayStatus

#: So long nobody is written to again about the same seat.
REMIND_AGAIN = timedelta(hours=24)
#: From how many days before the day each reminder is due, the later one first.
REMINDERS = ((5, NamingReminder.LAST_DAYS), (14, NamingReminder.FORTNIGHT))


def may_change(*, status: RegistrationStatus, day_status: StudyDayStatus, until: datetime, now: datetime) -> bool:
    """Return whether the person of a seat may be named, corrected or replaced; at ``until`` itself no more."""
    standing = status in {RegistrationStatus.HELD, RegistrationStatus.CONFIRMED}
    return standing and day_status is not StudyDayStatus.CANCELLED and now < until


def require_changeable(
    *, status: RegistrationStatus, day_status: StudyDayStatus, until: datetime, now: datetime
) -> None:
    """Raise ``ChangesClosed``, with the reason in words, unless the person of a seat may still change."""
    if status is RegistrationStatus.CANCELLED:
        raise ChangesClosed(_("Cette place est annulée."))
    if day_status is StudyDayStatus.CANCELLED:
        raise ChangesClosed(_("Cette journée est annulée."))
    if not may_change(status=status, day_status=day_status, until=until, now=now):
        raise ChangesClosed(_("Les noms ne changent plus : la journée commence. Écrivez-nous."))


def may_write_again(*, last: datetime | None, now: datetime) -> bool:
    """Return whether enough time has passed since somebody was written to about a seat."""
    return last is None or now - last >= REMIND_AGAIN


def require_may_write_again(*, last: datetime | None, now: datetime) -> None:
    """Raise ``RemindedTooSoon`` when somebody was written to a moment ago."""
    if not may_write_again(last=last, now=now):
        raise RemindedTooSoon(_("Cette personne a reçu un courriel il y a moins d’un jour ; relancez-la demain."))


def reminder_due(*, held_on: date, bought_on: date, today: date) -> NamingReminder | None:
    """Return the reminder that is due for a seat without a name; all dates as the venue's calendar shows them.

    Each is due from its day on until the next one's, the last until the day before: a sweep that did not run catches
    up. Seats bought after a reminder's day need none: their buyer has just been told.
    """
    days_left = (held_on - today).days
    if days_left < 1:
        return None
    for days, kind in REMINDERS:
        if days_left <= days:
            return kind if bought_on < held_on - timedelta(days=days) else None
    return None
