"""Subscriptions that the magazine gives, and those whose last day has passed."""

from datetime import datetime

from eventsapp.core import clock
from eventsapp.demo import queries, reading
from eventsapp.demo.service._orders import moment_of
from eventsapp.demo.service._transaction import writing
from eventsapp.subscriptions import queries as subscription_queries
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.statuses import ContractKind
from eventsapp.subscriptions.values import Delivery


def load_gifts(*, now: datetime) -> int:
    """Give the subscriptions of orders.toml that nobody pays for; return how many are new."""
    made = 0
    with writing():
        for gift in reading.table("orders")["gifts"]:
            if queries.has_gift(gift["email"]):
                continue
            plan = subscription_queries.any_plan(gift["plan"])
            if plan is None:
                raise LookupError(gift["plan"])
            when = moment_of(gift["days_ago"], gift["email"], now=now)
            contract = subscriptions.open_contract(
                plan,
                line=None,
                email=gift["email"],
                delivery=Delivery(),
                organisation_id=None,
                kind=ContractKind.COMPLIMENTARY,
                now=when,
                is_test=True,
            )
            subscriptions.start(contract, today=clock.local_date(when), now=when)
            made += 1
    return made


def end_what_is_over(*, now: datetime) -> int:
    """Mark the subscriptions whose last day has passed, as the worker would; nothing of it counts as loaded."""
    with writing():
        subscriptions.expire_due(today=clock.local_date(now))
    return 0
