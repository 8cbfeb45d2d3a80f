"""A new payment method, and the reminders of those who will pay by it."""

from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.dunning import service as dunning
from eventsapp.payments import service as payments
from eventsapp.payments.models import PaymentMethod
from eventsapp.payments.values import MethodDraft


def add_payment_method(
    draft: MethodDraft, *, place: int, reminders_like: str, actor: User, now: datetime
) -> PaymentMethod:
    """Write a new method at ``place`` in the list, reminded of as ``reminders_like`` is: a method's code, or empty.

    Raises ``Invalid``.
    """
    added = payments.add_method(draft, place=place, actor=actor, now=now)
    if reminders_like and draft.confirms_seat:
        dunning.copy_steps(added, like=reminders_like, actor=actor, now=now)
    return added
