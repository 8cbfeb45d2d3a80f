"""Telling those who came to a day that its report is out: each report once to each person, by the sweep."""

import logging
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.links import absolute
from eventsapp.mail import queries as mail_queries
from eventsapp.mailings import mails, queries
from eventsapp.mailings.models import ReportTold
from eventsapp.mailings.service._refusals import refuse_token_of_report
from eventsapp.mailings.statuses import ReminderKind

log = logging.getLogger(__name__)


def tell_reports(*, now: datetime) -> int:
    """Tell everybody who is to be told of the reports that appeared; return how many mails that are.

    What appeared within an hour is one mail, sent once the hour is over. The ledger knows what was told: a sweep that
    did not run for days catches up, and one that runs twice tells nothing twice. One transaction a person.
    """
    seat_ids = [due.registration_id for due in queries.reports_due(now=now)]
    db.session.rollback()
    told = 0
    for seat_id in seat_ids:
        try:
            with unit_of_work.transaction():
                told += _tell(seat_id, now=now)
        except IntegrityError:
            log.info("seat %s was told of a report by another worker at the same moment", seat_id)
        except Exception:
            log.exception("seat %s could not be told of a report", seat_id)
    return told


def _tell(seat_id: int, *, now: datetime) -> int:
    """Write the lines of the ledger, then the mail, if it is still due and wanted."""
    due = queries.reports_due(now=now, only=seat_id)
    if not due:
        return 0
    (news,) = due
    lines = [
        ReportTold(article_id=key, registration_id=seat_id, to_address=news.address, told_at=now)
        for key in news.article_ids
    ]
    db.session.add_all(lines)
    db.session.flush()
    if mail_queries.suppressed([news.address]):
        return 0
    seat = queries.seat_to_remind(seat_id)
    kept = queries.reminder_settings(seat.study_day_id).get(ReminderKind.REPORTS)
    mail = mails.reports(
        seat,
        queries.reports_to_tell(news.article_ids),
        text=kept.text if kept else "",
        refuse_url=absolute("refusals.refuse", locale="fr", token=refuse_token_of_report(lines[0].id)),
        now=now,
    )
    for line in lines:
        line.mail = mail
    return 1
