"""Mails about a subscription whose promised money does not come, as they happen."""

from datetime import timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service
from eventsapp.core import unit_of_work
from eventsapp.orders.models import Order
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, subscription
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_plan

_WARNED, _CLOSES = (NOW + timedelta(days=days) for days in (54, 61))


def warned() -> Order:
    """Let a subscription by mandat be awaited until its buyer is warned."""
    order = place(subscription(make_plan()))
    service.suspend_unpaid(now=_WARNED)
    return order


def suspended() -> Order:
    """Let it close a week later."""
    order = warned()
    service.suspend_unpaid(now=_CLOSES)
    return order


def reopened() -> None:
    """Let the office believe its buyer once more."""
    order = suspended()
    with unit_of_work.transaction():
        service.reopen_subscriptions(order.id, actor=make_user(RoleName.ACCOUNTANT), now=_CLOSES)
