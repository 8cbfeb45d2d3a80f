"""Sums by month: what is read, how subscriptions go, what days led to."""

from eventsapp.figures.queries._contracts import contracts_by_month
from eventsapp.figures.queries._conversion import conversion_by_month
from eventsapp.figures.queries._reads import READ_WORDS, most_read, read_list, reads_by_month

__all__ = [
    "READ_WORDS",
    "contracts_by_month",
    "conversion_by_month",
    "most_read",
    "read_list",
    "reads_by_month",
]
