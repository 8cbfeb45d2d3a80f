"""Asking for the newsletter and leaving it, making the draft of a week, editing and sending it once to each reader."""

from eventsapp.newsletter.service._draft import add_news, draft_week
from eventsapp.newsletter.service._forget import forget_old
from eventsapp.newsletter.service._readers import ask, ask_to_stay, choose, come_back, confirm, forget, leave
from eventsapp.newsletter.service._send import BATCH, send_due
from eventsapp.newsletter.service._write import Counted, counted, drop, edit, plan, send_test, undo

__all__ = [
    "BATCH",
    "Counted",
    "add_news",
    "ask",
    "ask_to_stay",
    "choose",
    "come_back",
    "confirm",
    "counted",
    "draft_week",
    "drop",
    "edit",
    "forget",
    "forget_old",
    "leave",
    "plan",
    "send_due",
    "send_test",
    "undo",
]
