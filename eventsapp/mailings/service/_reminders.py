"""Reminding people of their day a week and a day before: each reminder once for a date of the day, by the sweep."""

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mailings import mails, queries, rules
from eventsapp.mailings.models import DayReminder, ReminderSent
from eventsapp.mailings.statuses import Basis, ReminderKind
from eventsapp.study_days.models import StudyDay

log = logging.getLogger(__name__)


def remind_due(*, now: datetime) -> int:
    """Send every reminder that is due; return how many mails that are.

    What is due are the days up to today less what the ledger says was sent: a sweep that did not run for days catches
    up, and one that runs twice sends nothing twice. One transaction a person, whatever goes wrong with another.
    """
    seat_ids = [due.registration_id for due in queries.reminders_due(now=now)]
    db.session.rollback()
    sent = 0
    for seat_id in seat_ids:
        try:
            with unit_of_work.transaction():
                sent += _remind(seat_id, now=now)
        except IntegrityError:
            log.info("seat %s was reminded by another worker at the same moment", seat_id)
        except Exception:
            log.exception("seat %s could not be reminded of its day", seat_id)
    return sent


def save_reminders(
    day: StudyDay, wanted: Mapping[ReminderKind, tuple[bool, str]], *, actor: User, now: datetime
) -> None:
    """Keep whether each reminder of a day leaves, and what stands above the practical sheet.

    Raises ``UnusableText`` for a text that cannot be filled in.
    """
    rules.require_fillable(Basis.REGISTRATIONS, **{f"{kind}_text": text for kind, (_on, text) in wanted.items()})
    kept = queries.reminder_settings(day.id)
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for kind, (enabled, text) in wanted.items():
        row = kept.get(kind)
        before |= {kind.value: row.enabled if row else True, f"{kind.value}_text": row.text if row else ""}
        after |= {kind.value: enabled, f"{kind.value}_text": text}
        if row is None:
            row = DayReminder(study_day_id=day.id, kind=kind)
            db.session.add(row)
        row.enabled, row.text = enabled, text
    changes = audit.difference(before, after)
    if changes:
        audit.record(
            "mailings.reminders", subject=("study_day", day.id, day.title), actor=actor, now=now, changes=changes
        )


def _remind(seat_id: int, *, now: datetime) -> int:
    """Write the line of the ledger, then the mail, if the reminder is still due."""
    due = queries.reminders_due(now=now, only=seat_id)
    if not due:
        return 0
    (reminder,) = due
    seat = queries.seat_to_remind(seat_id)
    db.session.add(
        ReminderSent(
            registration_id=seat_id,
            kind=reminder.kind,
            held_on=reminder.held_on,
            sent_at=now,
            to_address=seat.email,
        )
    )
    db.session.flush()
    kept = queries.reminder_settings(seat.study_day_id).get(reminder.kind)
    mails.reminder(seat, reminder.kind, text=kept.text if kept else "", now=now)
    return 1
