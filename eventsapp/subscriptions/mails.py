"""The mails of subscriptions: gifts, what the office gives, reminders that one ends."""

from datetime import datetime
from typing import Any

from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.mail import outbox
from eventsapp.orders.models import Order
from eventsapp.subscriptions.models import Contract, ContractAddress, Gift
from eventsapp.subscriptions.statuses import ReminderKind


def gift_announced(gift: Gift, *, now: datetime) -> None:
    """Tell the reader of a gift, in the giver's words, with the link that starts it; what it costs is not said."""
    line = gift.contract.order_line
    locale = line.order.locale if line else gift.contract.locale
    _queue(
        "subscriptions/gift_announced",
        to=gift.recipient_email,
        to_name=gift.recipient_name,
        locale=locale,
        contract=gift.contract,
        now=now,
        gift=gift,
        gift_url=absolute("gifts.gift", locale=locale, secret=gift.secret),
    )


def gift_started(contract: Contract, gift: Gift, *, now: datetime) -> None:
    """Tell the reader from when to when the subscription runs, and how to read."""
    _to_reader("subscriptions/gift_started", contract, now=now, gift=gift)


def gift_accepted(gift: Gift, order: Order, *, now: datetime) -> None:
    """Tell the giver that the gift was accepted; by which address is the reader's business."""
    _to_giver("subscriptions/gift_accepted", gift, order, now=now)


def gift_waiting(gift: Gift, order: Order, *, now: datetime) -> None:
    """Tell the giver that nobody has accepted the gift yet."""
    _to_giver("subscriptions/gift_waiting", gift, order, now=now)


def granted(contract: Contract, *, now: datetime) -> None:
    """Tell somebody that the magazine gives them a subscription."""
    _to_reader("subscriptions/granted", contract, now=now, address_url=_address_url(contract))


def renewal_reminder(contract: Contract, kind: ReminderKind, *, now: datetime) -> None:
    """Tell the reader that the subscription ends or has ended, with the link that renews it without signing in.

    An organisation known by its SIRET is offered a quote: it renews nothing without one. ``contract`` is loaded in
    full.
    """
    organisation = contract.organisation
    _to_reader(
        "subscriptions/renewal_reminder",
        contract,
        now=now,
        kind=kind.value,
        organisation=organisation,
        renew_url=absolute("renewals.renew", locale=contract.locale, secret=contract.secret),
        stop_url=absolute("renewals.reminders", locale=contract.locale, secret=contract.secret),
    )


def address_changed(contract: Contract, change: ContractAddress, *, now: datetime) -> None:
    """Tell the reader where paper goes from which day on: if it was somebody else who said so, they learn of it."""
    _to_reader("subscriptions/address_changed", contract, now=now, change=change, address_url=_address_url(contract))


def undelivered(contract: Contract, *, now: datetime) -> None:
    """Ask the reader for another address, as copies come back from this one."""
    _to_reader("subscriptions/undelivered", contract, now=now, address_url=_address_url(contract))


def _address_url(contract: Contract) -> str:
    return absolute("addresses.address", locale=contract.locale, secret=contract.secret)


def _to_reader(template: str, contract: Contract, *, now: datetime, **context: Any) -> None:
    _queue(
        template,
        to=contract.email,
        to_name=contract.delivery_name,
        locale=contract.locale,
        contract=contract,
        now=now,
        read_url=absolute("accounts.send_code", locale=contract.locale),
        **context,
    )


def _to_giver(template: str, gift: Gift, order: Order, *, now: datetime) -> None:
    _queue(
        template,
        to=order.email,
        to_name=order.buyer_name,
        locale=order.locale,
        contract=gift.contract,
        now=now,
        gift=gift,
        order=order,
        order_url=absolute("orders.order", locale=order.locale, reference=order.reference, secret=order.secret),
    )


def _queue(
    template: str, *, to: str, to_name: str, locale: str, contract: Contract, now: datetime, **context: Any
) -> None:
    outbox.queue_mail(
        template,
        to=to,
        to_name=to_name,
        locale=locale,
        now=now,
        about=("contract", contract.id),
        contract=contract,
        plan=contract.plan,
        site_name=current().site_name,
        **context,
    )
