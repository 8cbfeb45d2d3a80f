"""Whose door is open to whom, and what this door is called."""

from flask import abort, session
from flask_babel import gettext as _

from eventsapp.accounts.access import Permission, may
from eventsapp.attendance import rules
from eventsapp.attendance.rules import DEVICE_LENGTH
from eventsapp.core import clock, i18n
from eventsapp.core.errors import Forbidden
from eventsapp.core.texts import from_address
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay

#: Where the session of a browser without a script keeps the door's name.
_DEVICE = "door_device"


def open_day(slug: str, *, handing_over: bool = False) -> StudyDay:
    """Return the day whose door is open to whoever asks; organisers see any, the others that of today.

    A phone that is ``handing_over`` what it kept while it was offline has a few days more.
    """
    day = study_days.any_day(slug) or abort(404)
    now = clock.now()
    if may(Permission.REGISTRATIONS_VIEW) or day.is_held_at(now):
        return day
    today = now.astimezone(day.local_start.tzinfo).date()
    if not (handing_over and rules.may_hand_over(first=day.date, last=day.last_date, today=today)):
        if today > day.last_date:
            raise Forbidden(
                _("Cette journée est passée (%(day)s) : son accueil est fermé.", day=i18n.date_short(day.last_date))
            )
        raise Forbidden(_("Cet accueil ouvre le %(day)s.", day=i18n.date_short(day.date)))
    return day


def device() -> str:
    """Return what this door is called; nothing until somebody says so."""
    return str(session.get(_DEVICE, ""))


def call_device(name: str) -> None:
    """Remember what this door is called."""
    session[_DEVICE] = from_address(name, longest=DEVICE_LENGTH)
