"""Money that comes in for a late order."""

from eventsapp.accounts.models import User
from eventsapp.core import clock
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.payments import service as payments
from tests.support.makers.study_days import NOW


def pay_by_hand(order: Order, cents: int, *, actor: User, bounces: bool = False) -> None:
    """Count a cheque for the order, and take it back where it bounces; in the caller's transaction."""
    locked = orders.lock(order.id)
    day = clock.local_date(NOW)
    paid = payments.record_payment(
        locked, method="cheque", amount_cents=cents, received_on=day, now=NOW, recorded_by_id=actor.id
    )
    assert paid is not None
    payments.enter_payment(locked, paid, now=NOW)
    if bounces:
        payments.reverse_payment(
            locked, paid, reversed_on=day, reason="Sans provision", now=NOW, recorded_by_id=actor.id
        )
