"""Asking those who came what they thought of the day: each person once, from the day after, by the sweep."""

import logging
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.links import absolute
from eventsapp.mail import queries as mail_queries
from eventsapp.mailings import mails, queries
from eventsapp.mailings.models import ReminderSent
from eventsapp.mailings.service._refusals import refuse_token_of_survey
from eventsapp.mailings.statuses import ReminderKind
from eventsapp.surveys import queries as surveys

log = logging.getLogger(__name__)


def ask_opinions(*, now: datetime) -> int:
    """Ask everybody who is to be asked; return how many mails that are.

    The ledger knows who was: a sweep that did not run for days catches up, and two at once ask nobody twice. One
    transaction a person.
    """
    seat_ids = queries.surveys_due(now=now)
    db.session.rollback()
    asked = 0
    for seat_id in seat_ids:
        try:
            with unit_of_work.transaction():
                asked += _ask(seat_id, now=now)
        except IntegrityError:
            log.info("seat %s was asked by another worker at the same moment", seat_id)
        except Exception:
            log.exception("seat %s could not be asked what they thought", seat_id)
    return asked


def _ask(seat_id: int, *, now: datetime) -> int:
    """Write the line of the ledger, then the mail, if it is still due and wanted."""
    if not queries.surveys_due(now=now, only=seat_id):
        return 0
    seat = queries.seat_to_remind(seat_id)
    if surveys.open_to(seat, now=now) is None:
        return 0
    line = ReminderSent(
        registration_id=seat_id,
        kind=ReminderKind.SURVEY,
        held_on=seat.study_day.held_on,
        sent_at=now,
        to_address=seat.email,
    )
    db.session.add(line)
    db.session.flush()
    if mail_queries.suppressed([seat.email]):
        return 0
    refuse_url = absolute("refusals.refuse", locale="fr", token=refuse_token_of_survey(line.id))
    mails.survey(seat, refuse_url=refuse_url, now=now)
    return 1
