"""Where a day stands, in words for lists and pages."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from eventsapp.core import i18n
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import Availability


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is said of a day: ``text`` in the ``tone`` good, wait or bad (or none), ``note`` beside it."""

    state: Availability
    text: str = ""
    note: str = ""
    tone: str = ""
    #: How full it is, where that tells something.
    percent: int | None = None

    @property
    def takes_registrations(self) -> bool:
        return self.state in {Availability.OPEN, Availability.FEW_SEATS}

    @property
    def is_off(self) -> bool:
        """Whether it does not take place as announced."""
        return self.state in {Availability.CANCELLED, Availability.POSTPONED}

    @property
    def shows_price(self) -> bool:
        return self.takes_registrations or self.state is Availability.OPENS_LATER


def standing(day: StudyDay, now: datetime) -> Standing:
    """Return where ``day`` stands at ``now``."""
    state = day.availability(now)
    percent = round(100 * day.seats_taken / day.capacity) if day.capacity else 100
    match state:
        case Availability.OPEN:
            seats = ngettext("%(num)s place", "%(num)s places", day.seats_left)
            return Standing(state=state, text=_("Ouverte"), note=f"· {seats}", tone="good", percent=percent)
        case Availability.FEW_SEATS:
            text = ngettext("Dernière place", "%(num)s dernières places", day.seats_left)
            return Standing(state=state, text=text, tone="bad", percent=percent)
        case Availability.FULL:
            return Standing(state=state, text=_("Complète"), tone="wait", percent=100)
        case Availability.OPENS_LATER:
            opens = day.local_open or day.local_start
            return Standing(state=state, text=_("Ouvre le %(date)s", date=i18n.date_short(opens.date())))
        case Availability.CLOSED:
            return Standing(state=state, text=_("Inscriptions closes"))
        case Availability.POSTPONED:
            return Standing(state=state, text=_("Reportée"), tone="wait")
        case Availability.CANCELLED:
            return Standing(state=state, text=_("Annulée"), tone="bad")
        case Availability.PAST:
            return Standing(state=state)
