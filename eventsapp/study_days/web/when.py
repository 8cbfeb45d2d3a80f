"""Dates, hours and lengths of a day in words."""

from datetime import datetime

from flask_babel import gettext as _

from eventsapp.core import i18n, settings
from eventsapp.study_days.models import StudyDay, StudySession


def dates(day: StudyDay) -> str:
    """Return « mardi 24 février 2009 », or both dates of a day that lasts longer."""
    first, last = day.date, day.last_date
    if first == last:
        return i18n.date_words(first)
    return str(_("du %(first)s au %(last)s", first=i18n.date_words(first), last=i18n.date_words(last)))


def hours(day: StudyDay) -> str:
    """Return « 9 h 30 – 17 h 00, accueil à 9 h 00 »; nothing when the hours are not known.

    Where the clocks of the venue's town differ from the magazine's, whose hours they are is said.
    """
    if not day.hours_known:
        return ""
    start, end = i18n.clock_time(day.local_start), i18n.clock_time(day.local_end)
    if day.date == day.last_date:
        parts = [_("%(start)s – %(end)s", start=start, end=end)]
    else:
        parts = [_("%(start)s le premier jour – %(end)s le dernier", start=start, end=end)]
    if day.local_welcome is not None:
        parts.append(_("accueil à %(time)s", time=i18n.clock_time(day.local_welcome)))
    if _elsewhere(day):
        parts.append(_("heure de %(city)s", city=day.city.name))
    return ", ".join(parts)


def moment(value: datetime) -> str:
    """Return « lundi 7 décembre 2026, 18 h 00 » of a local time."""
    return f"{i18n.date_words(value)}, {i18n.clock_time(value)}"


def length(session: StudySession) -> str:
    """Return « 45 min », « 1 h 15 »; nothing when it is not known."""
    if not session.minutes or session.minutes < 0:
        return ""
    whole, rest = divmod(session.minutes, 60)
    if not whole:
        return f"{rest}\u00a0min"
    return f"{whole}\u00a0h\u00a0{rest:02}" if rest else f"{whole}\u00a0h"


def _elsewhere(day: StudyDay) -> bool:
    home = settings.zone(settings.current().default_timezone)
    return day.starts_at.astimezone(home).utcoffset() != day.local_start.utcoffset()
