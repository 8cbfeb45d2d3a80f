"""Writing messages to many, sending them once each, reminding of days, and leaving out who wants no more."""

from eventsapp.mailings.service._forget import forget_old
from eventsapp.mailings.service._refusals import (
    LIFTED_BY_OFFICE,
    lift,
    note,
    read_token,
    refuse,
    refuse_token,
    take_back,
)
from eventsapp.mailings.service._reminders import remind_due, save_reminders
from eventsapp.mailings.service._reports import tell_reports
from eventsapp.mailings.service._send import BATCH, send_due
from eventsapp.mailings.service._surveys import ask_opinions
from eventsapp.mailings.service._write import audience_of, create, delete, edit, plan, send_test, undo

__all__ = [
    "BATCH",
    "LIFTED_BY_OFFICE",
    "ask_opinions",
    "audience_of",
    "create",
    "delete",
    "edit",
    "forget_old",
    "lift",
    "note",
    "plan",
    "read_token",
    "refuse",
    "refuse_token",
    "remind_due",
    "save_reminders",
    "send_due",
    "send_test",
    "take_back",
    "tell_reports",
    "undo",
]
