"""The mails of subscriptions: gifts, what the office gives, readers of institutions, reminders that one ends."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from eventsapp.core import clock
from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.mail import outbox
from eventsapp.orders.models import Order
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.models import (
    CardAgreement,
    CardRenewal,
    Contract,
    ContractAddress,
    Gift,
    Manager,
    Member,
    ReaderDomain,
)
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


def card_announced(contract: Contract, agreement: CardAgreement, renewal: CardRenewal, *, now: datetime) -> None:
    """Announce that a card will renew the subscription: price, day, until when it can be refused, and the link for it.

    What the law asks for (C. conso. art. L215-1); ``contract`` is loaded in full.
    """
    _of_card("subscriptions/card_announced", contract, agreement, now=now, renewal=renewal)


def card_stopped(contract: Contract, agreement: CardAgreement, *, is_being_charged: bool, now: datetime) -> None:
    """Acknowledge that no card renews the subscription any more, and say until when that can be taken back.

    Where it ``is_being_charged`` at this moment, that this is given back instead.
    """
    _of_card("subscriptions/card_stopped", contract, agreement, now=now, is_being_charged=is_being_charged)


def card_resumed(contract: Contract, agreement: CardAgreement, renewal: CardRenewal | None, *, now: datetime) -> None:
    """Say that a card renews the subscription again; which price and day, where they are known already."""
    _of_card("subscriptions/card_resumed", contract, agreement, now=now, renewal=renewal)


def card_refused(
    contract: Contract,
    agreement: CardAgreement,
    renewal: CardRenewal,
    *,
    asks_holder: bool,
    next_on: date | None,
    now: datetime,
) -> None:
    """Tell the reader that the card was refused, and how to pay otherwise; ``next_on`` it is tried again."""
    _of_card(
        "subscriptions/card_refused",
        contract,
        agreement,
        now=now,
        renewal=renewal,
        asks_holder=asks_holder,
        next_on=next_on,
    )


def card_ended(contract: Contract, agreement: CardAgreement, *, now: datetime) -> None:
    """Tell the reader that no card renews the subscription, though one was to, and why nothing was charged."""
    reason = agreement.end_reason
    _of_card("subscriptions/card_ended", contract, agreement, now=now, reason=reason.value if reason else "")


def _of_card(template: str, contract: Contract, agreement: CardAgreement, *, now: datetime, **context: Any) -> None:
    _to_reader(
        template,
        contract,
        now=now,
        agreement=agreement,
        card_url=absolute("cards.agreement", locale=contract.locale, secret=agreement.secret),
        renew_url=absolute("renewals.renew", locale=contract.locale, secret=contract.secret),
        **context,
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


def readers_open(
    contract: Contract,
    manager: Manager,
    *,
    renewed: Contract | None,
    staying: Sequence[Member],
    of: int,
    now: datetime,
) -> None:
    """Tell a manager how many seats there are from when to when, with the link that says who has them.

    Where there are fewer than people (``of``), it says who stays until somebody chooses.
    """
    before = renewed.readers if renewed is not None and renewed.readership_id is not None else 0
    _queue(
        "subscriptions/readers_open",
        to=manager.email,
        to_name="",
        locale=manager.locale,
        contract=contract,
        now=now,
        institution=contract.holder,
        renewed=renewed if before else None,
        staying=[member.label for member in staying],
        leaving=of - len(staying),
        readers_url=_page_of(manager),
        choose_url=absolute("readers.choose", locale=manager.locale, secret=manager.secret, contract_id=contract.id),
    )


#: The mail of an invitation: how often it leaves is bounded.
INVITED = "subscriptions/reader_invited"


def reader_invited(contract: Contract, member: Member, *, by: str, now: datetime) -> None:
    """Invite somebody to read, with the link that lets them; it holds once."""
    _to_member(
        INVITED,
        contract,
        member,
        now=now,
        by=by,
        days=rules.INVITATION_LASTS.days,
        join_url=absolute("reading.invitation", locale=member.locale, secret=member.secret),
    )


def reader_joined(contract: Contract, member: Member, *, now: datetime) -> None:
    """Tell somebody that they have a seat, until when, and how to read."""
    _to_member("subscriptions/reader_joined", contract, member, now=now)


def reader_removed(contract: Contract, member: Member, *, now: datetime) -> None:
    """Tell somebody that they have no seat any more, from now on."""
    _to_member("subscriptions/reader_removed", contract, member, now=now)


def reading_paused(contract: Contract, member: Member, *, now: datetime) -> None:
    """Tell somebody that they cannot read until the contract of their seat is paid."""
    _to_member("subscriptions/reading_paused", contract, member, now=now)


def reading_ends(contract: Contract, member: Member, *, now: datetime) -> None:
    """Tell somebody which day is the last of their seat, as no other follows."""
    over = contract.ends_on is not None and contract.ends_on < clock.local_date(now)
    _to_member("subscriptions/reading_ends", contract, member, now=now, is_over=over)


def domain_code(contract: Contract, domain: ReaderDomain, *, code: str, by: str, locale: str, now: datetime) -> None:
    """Send the code that shows that somebody reads the mail of a domain."""
    _queue(
        "subscriptions/domain_code",
        to=domain.asked_email,
        to_name="",
        locale=locale,
        contract=contract,
        now=now,
        institution=contract.holder,
        domain=domain.domain,
        code=f"{code[:4]} {code[4:]}",
        by=by,
    )


def manager_added(contract: Contract, manager: Manager, *, by: str, now: datetime) -> None:
    """Tell somebody that they look after the readers of an institution, with the link of their page."""
    _queue(
        "subscriptions/manager_added",
        to=manager.email,
        to_name="",
        locale=manager.locale,
        contract=contract,
        now=now,
        institution=contract.holder,
        by=by,
        readers_url=_page_of(manager),
    )


def _page_of(manager: Manager) -> str:
    return absolute("readers.people", locale=manager.locale, secret=manager.secret)


def _to_member(template: str, contract: Contract, member: Member, *, now: datetime, **context: Any) -> None:
    _queue(
        template,
        to=member.email,
        to_name=member.name,
        locale=member.locale,
        contract=contract,
        now=now,
        member=member,
        institution=contract.holder,
        read_url=absolute("accounts.send_code", locale=member.locale),
        **context,
    )
