"""Writing registrations: seats with their order, the people who sit there, invitations and reminders."""

from eventsapp.registrations.service._invitations import invite, remind, remind_all
from eventsapp.registrations.service._people import correct_seat, name_seat, substitute
from eventsapp.registrations.service._reminders import remind_due
from eventsapp.registrations.service._seats import confirm, register, release, retake

__all__ = [
    "confirm",
    "correct_seat",
    "invite",
    "name_seat",
    "register",
    "release",
    "remind",
    "remind_all",
    "remind_due",
    "retake",
    "substitute",
]
