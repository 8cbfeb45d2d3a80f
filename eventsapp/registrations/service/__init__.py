"""Writing registrations: seats with their order, the people who sit there, invitations and reminders."""

from eventsapp.registrations.service._answers import erase_due, missing_file, put_aside
from eventsapp.registrations.service._invitations import invite, remind, remind_all
from eventsapp.registrations.service._people import Replies, correct_seat, name_seat, substitute
from eventsapp.registrations.service._presence import attend, leave, note_absent
from eventsapp.registrations.service._reminders import forget_reminders, remind_due
from eventsapp.registrations.service._seats import (
    confirm,
    hold,
    hold_of_order,
    hold_of_orders,
    register,
    release,
    retake,
    withdraw,
)
from eventsapp.registrations.service._tickets import send_ticket

__all__ = [
    "Replies",
    "attend",
    "confirm",
    "correct_seat",
    "erase_due",
    "forget_reminders",
    "hold",
    "hold_of_order",
    "hold_of_orders",
    "invite",
    "leave",
    "missing_file",
    "name_seat",
    "note_absent",
    "put_aside",
    "register",
    "release",
    "remind",
    "remind_all",
    "remind_due",
    "retake",
    "send_ticket",
    "substitute",
    "withdraw",
]
