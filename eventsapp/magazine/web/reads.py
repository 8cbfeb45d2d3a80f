"""Counting what readers of institutions open, for the page of their manager: how much, never what."""

from flask import request

from eventsapp.accounts.models import User
from eventsapp.core import clock
from eventsapp.magazine.access import Right
from eventsapp.subscriptions import service as subscriptions


def count_read(right: Right | None, person: User | None) -> None:
    """Count, once the page is made, that ``person`` read by the contract of an institution, if that is their right."""
    if right is not None and person is not None and right.readership_id is not None and request.method == "GET":
        subscriptions.count_read(right.readership_id, person.email, now=clock.now())
