"""Badges: a name that is read from three steps away, on the sheets that offices buy."""

from collections.abc import Sequence
from datetime import datetime

from eventsapp.attendance import rules
from eventsapp.attendance.papers import _words
from eventsapp.attendance.statuses import BadgeFormat
from eventsapp.core import french, settings
from eventsapp.papers import pdf, qr
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay


def badges_pdf(
    day: StudyDay, seats: Sequence[Registration], *, shape: BadgeFormat, with_code: bool, now: datetime
) -> bytes:
    """Return the badges of these seats, their orders loaded, with the code of the ticket if asked for.

    Raises ``NotPrintable`` and ``PaperFailed``.
    """
    data = {
        **_words.day_facts(day),
        "site_name": settings.current().site_name,
        "shape": shape.value,
        "badges": [
            {
                "first_name": french.typeset(rules.printed_name(seat.first_name)),
                "last_name": french.typeset(rules.printed_name(seat.last_name)),
                "job_title": french.typeset(seat.job_title),
                "organisation": french.typeset(seat.order_line.order.billing_name),
                "qr": qr.svg(seat.ticket_code) if with_code else "",
            }
            for seat in seats
        ],
    }
    return pdf.render("attendance/badges", data, title=f"Badges – {day.title}", language=_words.LANGUAGE, dated=now)
