"""Until when the door of a day lets people in, and takes entries back."""

from datetime import datetime

from flask_babel import gettext as _

from eventsapp.attendance import errors
from eventsapp.core import i18n
from eventsapp.study_days.models import StudyDay


def require_open(day: StudyDay, *, at: datetime) -> None:
    """Raise ``DayOver`` after the last date of ``day``: who came is then what its sheet says."""
    if is_over(day, at=at):
        raise day_over()


def is_over(day: StudyDay, *, at: datetime) -> bool:
    """Return whether the last date of ``day`` has passed, in the venue's town."""
    return at.astimezone(day.local_start.tzinfo).date() > day.last_date


def require_ended(day: StudyDay, *, at: datetime) -> None:
    """Raise ``CertificatesTooEarly`` while ``day`` lasts: nobody has attended a half-day that is not over."""
    if at < day.ends_at:
        when = i18n.moment_words(day.local_end)
        raise errors.CertificatesTooEarly(
            _("Les attestations se délivrent une fois la journée finie : %(when)s.", when=when)
        )


def day_over() -> errors.DayOver:
    """Return the refusal that says where presences are noted afterwards."""
    return errors.DayOver(
        _("Cette journée est passée : notez les présences d’après la feuille d’émargement, sous « Présences ».")
    )
