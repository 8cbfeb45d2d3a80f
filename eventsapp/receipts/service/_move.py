"""Money moved from an order to another."""

from datetime import datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout import mails as checkout_mails
from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.errors import Invalid
from eventsapp.orders import service as orders
from eventsapp.payments import service as payment_service


def move(source_id: int, target_id: int, *, amount_cents: int, reason: str, actor: User, now: datetime) -> None:
    """Move money between two orders by a row in each, and let follow what it pays for there, and no more here.

    Raises ``Invalid`` for more than is there, or for the same order twice.
    """
    if source_id == target_id:
        message = _("Choisissez une autre commande que celle-ci.")
        raise Invalid(message, errors={"/target": message})
    locked = {order_id: orders.lock(order_id) for order_id in sorted((source_id, target_id))}
    source, target = locked[source_id], locked[target_id]
    if not 0 < amount_cents <= source.paid_cents - source.refunded_cents:
        message = _("C’est plus que ce que cette commande a reçu.")
        raise Invalid(message, errors={"/amount": message})
    if source.is_test is not target.is_test:
        message = _("Une commande d’essai et une vraie ne partagent pas d’argent.")
        raise Invalid(message, errors={"/target": message})
    moved = payment_service.move_money(
        source,
        target,
        amount_cents=amount_cents,
        moved_on=clock.local_date(now),
        reason=reason,
        now=now,
        recorded_by_id=actor.id,
    )
    for order, other, cents in ((source, target, -amount_cents), (target, source, amount_cents)):
        audit.record(
            "payments.move",
            subject=orders.subject(order),
            now=now,
            actor=actor,
            changes={"amount_cents": cents, "reference": other.reference, "reason": reason},
        )
    if checkout.reopen(source, now=now):
        checkout_mails.access_suspended(source, reason=reason, now=now)
    checkout.deliver_settled([target], now=now)
    for order, row in moved:
        payment_service.enter_payment(order, row, now=now)
