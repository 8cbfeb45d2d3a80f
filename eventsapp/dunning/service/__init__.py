"""Sending reminders, and what the office decides about them."""

from eventsapp.dunning.service._send import preview as preview
from eventsapp.dunning.service._send import remind_due as remind_due
from eventsapp.dunning.service._send import send_now as send_now
from eventsapp.dunning.service._settings import copy_steps as copy_steps
from eventsapp.dunning.service._settings import lift as lift
from eventsapp.dunning.service._settings import pause as pause
from eventsapp.dunning.service._settings import save_rate as save_rate
from eventsapp.dunning.service._settings import save_step as save_step
