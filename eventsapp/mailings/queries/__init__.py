"""Reading messages, their audiences, and the reminders before days."""

from eventsapp.mailings.queries._audience import days_of, days_to_choose, facts_of_day, people, without_address
from eventsapp.mailings.queries._day import day_mail_list
from eventsapp.mailings.queries._messages import (
    STATUS_TONES,
    STATUS_WORDS,
    locked_mailing,
    mailing,
    mailing_list,
    progress_of,
    recipient_list,
    startable,
    waiting_recipients,
)
from eventsapp.mailings.queries._reminders import ReminderDue, reminder_settings, reminders_due, seat_to_remind
from eventsapp.mailings.queries._reports import ReportsDue, reports_due, reports_to_tell, reports_told
from eventsapp.mailings.queries._surveys import surveys_due

__all__ = [
    "STATUS_TONES",
    "STATUS_WORDS",
    "ReminderDue",
    "ReportsDue",
    "day_mail_list",
    "days_of",
    "days_to_choose",
    "facts_of_day",
    "locked_mailing",
    "mailing",
    "mailing_list",
    "people",
    "progress_of",
    "recipient_list",
    "reminder_settings",
    "reminders_due",
    "reports_due",
    "reports_to_tell",
    "reports_told",
    "seat_to_remind",
    "startable",
    "surveys_due",
    "waiting_recipients",
    "without_address",
]
