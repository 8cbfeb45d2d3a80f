"""Gifts: wished with an order, announced on their day, accepted once."""

import logging
from datetime import UTC, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from eventsapp.audit import service as audit
from eventsapp.core import clock, settings, unit_of_work
from eventsapp.core.db import db
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.subscriptions import mails, queries, rules
from eventsapp.subscriptions.errors import GiftNotFound, GiftNotReady, GiftTaken, GiftWithdrawn, NotSentAgain
from eventsapp.subscriptions.models import Contract, Gift
from eventsapp.subscriptions.service._contracts import start
from eventsapp.subscriptions.statuses import GiftState
from eventsapp.subscriptions.values import GiftWish, Reader

log = logging.getLogger(__name__)

#: The hour of the day, where the magazine is made, at which readers are told.
HOUR = time(8)


def open_gift(contract: Contract, wish: GiftWish, *, buyer_name: str, now: datetime) -> Gift:
    """Write what the giver wishes of a contract that waits for its payment.

    A day that has passed since it was chosen is today: a basket and a quote last.
    """
    db.session.flush()
    gift = Gift(
        contract_id=contract.id,
        giver_name=wish.giver_name or buyer_name,
        recipient_name=wish.recipient_name,
        recipient_email=wish.recipient_email.strip().lower(),
        message=wish.message,
        announce_at=max(now, _morning(wish)) if wish.announce_on else now,
    )
    db.session.add(gift)
    return gift


def announce_due(*, now: datetime) -> int:
    """Tell the readers whose day has come of their gifts; return how many. One transaction a gift."""
    due = [gift.id for gift in queries.announceable(now=now)]
    db.session.rollback()
    told = 0
    for gift_id in due:
        try:
            with unit_of_work.transaction():
                told += _announce(gift_id, now=now)
        except Exception:
            log.exception("gift %s could not be announced", gift_id)
    return told


def tell_givers(*, now: datetime) -> int:
    """Tell the givers whose gifts nobody has accepted for long, once each; return how many."""
    due = [gift.id for gift in queries.unanswered(now=now)]
    db.session.rollback()
    told = 0
    for gift_id in due:
        try:
            with unit_of_work.transaction():
                told += _tell_giver(gift_id, now=now)
        except Exception:
            log.exception("the giver of gift %s could not be told", gift_id)
    return told


def redeem(secret: str, *, reader: Reader, locale: str, now: datetime) -> Gift:
    """Let the subscription of a gift begin for its reader: today, on the gift's day, or after what the reader has.

    It holds once: the database compares and marks in one statement. Raises ``GiftNotFound``, ``GiftNotReady``,
    ``GiftTaken`` and ``GiftWithdrawn``.
    """
    gift, order = _locked(queries.gift_for_link(secret))
    require_acceptable(gift)
    if not _mark(gift, Gift.redeemed_at, now=now, where=Gift.ready_at.is_not(None)):
        raise _taken()
    contract = gift.contract
    contract.email, contract.locale = reader.email.strip().lower(), locale
    contract.delivery_name = reader.delivery.name or gift.recipient_name
    contract.delivery_address = reader.delivery.address
    contract.delivery_postcode = reader.delivery.postcode
    contract.delivery_city = reader.delivery.city
    start(contract, today=clock.local_date(now), not_before=clock.local_date(gift.announce_at), now=now)
    audit.record(
        "gifts.redeem",
        subject=("contract", contract.id, contract.plan.name),
        now=now,
        by=contract.delivery_name,
        changes={"email": contract.email},
    )
    mails.gift_started(contract, gift, now=now)
    mails.gift_accepted(gift, order, now=now)
    return gift


def require_acceptable(gift: Gift) -> None:
    """Raise the refusal that says why a gift cannot be accepted, if it cannot."""
    match gift.state:
        case GiftState.ACCEPTED:
            raise _taken()
        case GiftState.WITHDRAWN:
            raise GiftWithdrawn("Ce cadeau a été retiré : la commande n’a pas abouti. Voyez avec qui vous l’a offert.")
        case GiftState.AWAITING_MONEY:
            raise GiftNotReady("Ce cadeau n’est pas encore disponible : son règlement est en route.")


def send_again(gift: Gift, *, email: str, now: datetime) -> None:
    """Send the mail of a gift once more, to another address where the first was wrong.

    Raises ``NotSentAgain``: a message in somebody's name is no way to write to strangers as often as one likes.
    """
    gift, order = _locked(gift)
    if gift.state is not GiftState.OFFERED:
        raise NotSentAgain("Ce cadeau est accepté, retiré, ou son jour n’est pas venu : rien n’est envoyé.")
    sent = db.session.scalar(
        sa.update(Gift)
        .where(Gift.id == gift.id, Gift.redeemed_at.is_(None), Gift.sends < rules.MOST_GIFT_MAILS)
        .values(sends=Gift.sends + 1, recipient_email=email.strip().lower(), announced_at=now)
        .returning(Gift.sends)
    )
    if sent is None:
        raise NotSentAgain("Le courriel est parti cinq fois : téléchargez la carte et remettez-la vous-même.")
    audit.record(
        "gifts.resend",
        subject=("contract", gift.contract_id, gift.contract.plan.name),
        now=now,
        by=order.buyer_name,
        changes={"email": email},
    )
    mails.gift_announced(gift, now=now)


def _announce(gift_id: int, *, now: datetime) -> int:
    """Mark and write in one transaction: whoever marks first writes the mail, and nobody writes a second."""
    for found in queries.announceable(now=now, only=gift_id):
        gift, _order = _locked(found)
        unsent = sa.and_(Gift.ready_at.is_not(None), Gift.redeemed_at.is_(None))
        if gift.state is GiftState.SCHEDULED and _mark(gift, Gift.announced_at, now=now, where=unsent, sends=1):
            mails.gift_announced(gift, now=now)
            return 1
    return 0


def _tell_giver(gift_id: int, *, now: datetime) -> int:
    for found in queries.unanswered(now=now, only=gift_id):
        gift, order = _locked(found)
        if gift.state in {GiftState.OFFERED, GiftState.SCHEDULED} and _mark(
            gift, Gift.reminded_at, now=now, where=Gift.redeemed_at.is_(None)
        ):
            mails.gift_waiting(gift, order, now=now)
            return 1
    return 0


def _mark(
    gift: Gift,
    column: InstrumentedAttribute[datetime | None],
    *,
    now: datetime,
    where: sa.ColumnElement[bool],
    sends: int = 0,
) -> bool:
    """Set a moment that is not set yet; return whether it was this caller who did."""
    marked = db.session.scalar(
        sa.update(Gift)
        .where(Gift.id == gift.id, column.is_(None), where)
        .values({column: now, Gift.sends: Gift.sends + sends})
        .returning(Gift.id)
    )
    return marked is not None


def _locked(gift: Gift | None) -> tuple[Gift, Order]:
    """Return the gift as it stands now, and its order, kept from others until the transaction ends."""
    line = gift.contract.order_line if gift else None
    if gift is None or line is None:
        raise _unknown()
    order = orders.lock(line.order_id)
    current = queries.gift_of(gift.contract_id, anew=True)
    if current is None:
        raise _unknown()
    return current, order


def _morning(wish: GiftWish) -> datetime:
    zone = settings.zone(settings.current().default_timezone)
    assert wish.announce_on is not None  # noqa: S101 - the caller asked
    return datetime.combine(wish.announce_on, HOUR, tzinfo=zone).astimezone(UTC)


def _unknown() -> GiftNotFound:
    return GiftNotFound("Ce lien n’ouvre aucun cadeau : reprenez celui du courriel ou de la carte.")


def _taken() -> GiftTaken:
    return GiftTaken("Ce cadeau est déjà accepté : il ne sert qu’une fois.")
