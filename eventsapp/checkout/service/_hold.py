"""Holding all that locked orders have taken, before anything of it is decided."""

from collections.abc import Collection

from eventsapp.promotions import service as promotions
from eventsapp.registrations import queries as registration_queries
from eventsapp.registrations import service as registrations
from eventsapp.study_days import service as study_days


def hold_taken(order_ids: Collection[int]) -> None:
    """Hold the seats, days and uses of codes of these locked orders, for whoever takes contracts next.

    ("The order of locks" in docs/architecture.md.)
    """
    registrations.hold_of_orders(order_ids)
    study_days.hold(registration_queries.day_keys(order_ids))
    promotions.hold(order_ids)
