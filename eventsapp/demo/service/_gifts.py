"""Subscriptions that the magazine gives, and those whose last day has passed."""

from datetime import datetime, timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.core import clock
from eventsapp.demo import queries, reading
from eventsapp.demo.service._orders import moment_of
from eventsapp.demo.service._team import actor
from eventsapp.demo.service._transaction import writing
from eventsapp.subscriptions import queries as subscription_queries
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.statuses import ContractKind
from eventsapp.subscriptions.values import Delivery, Grant


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
            wish = Grant(
                kind=ContractKind(gift["kind"]),
                email=gift["email"],
                delivery=Delivery(name=gift["name"]),
                ends_on=clock.local_date(when) + timedelta(days=gift["days"]),
                reason=gift["reason"],
            )
            subscriptions.grant(plan, wish, actor=actor(RoleName.ORGANISER), now=when, is_test=True)
            made += 1
    return made


def end_what_is_over(*, now: datetime) -> int:
    """Mark the subscriptions whose last day has passed, as the worker would; nothing of it counts as loaded."""
    with writing():
        subscriptions.expire_due(today=clock.local_date(now))
    return 0
