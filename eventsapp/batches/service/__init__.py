"""Asking for an action on many registrations, taking it back, and doing what was put off."""

from eventsapp.batches.service._ask import Plan as Plan
from eventsapp.batches.service._ask import ask as ask
from eventsapp.batches.service._ask import plan as plan
from eventsapp.batches.service._run import run_due as run_due
from eventsapp.batches.service._undo import undo as undo
