"""What sends each mail about money by hand."""

from collections.abc import Callable

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.orders.models import Order
from eventsapp.payments.models import Payment
from eventsapp.receipts import service
from tests.checkout.looking import PRIVATE, pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, subscription
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_plan

TODAY = NOW.date()


def _paid() -> tuple[Order, Payment]:
    order = place(subscription(make_plan()), payment_method="cheque", billing=PRIVATE)
    paid = pay(order, 12900, reference="0001234")
    assert paid is not None
    return order, paid


def _reverse(paid: Payment, *, reason: str = "sans provision", by_mistake: bool = False) -> None:
    actor = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        service.reverse(paid.id, reversed_on=TODAY, reason=reason, by_mistake=by_mistake, actor=actor, now=NOW)


def _bounced() -> None:
    _order, paid = _paid()
    _reverse(paid)


def _typed_by_mistake() -> None:
    _order, paid = _paid()
    _reverse(paid, reason="", by_mistake=True)


def _bounced_after_refund() -> None:
    order, paid = _paid()
    actor = make_user(RoleName.ADMINISTRATOR)
    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="Empêché", actor=actor, now=NOW)
    with unit_of_work.transaction():
        checkout.refund_by_hand(
            order.id, amount_cents=12900, refunded_on=TODAY, reason="Annulée", method="transfer", actor=actor, now=NOW
        )
    _reverse(paid)


CASES: dict[str, tuple[str, Callable[[], object]]] = {
    "payment_reversed": ("receipts/payment_reversed", _bounced),
    "payment_reversed_refunded": ("receipts/payment_reversed", _bounced_after_refund),
    "payment_reversed_office": ("receipts/payment_reversed_office", _bounced),
    "payment_reversed_office_refunded": ("receipts/payment_reversed_office", _bounced_after_refund),
    "payment_undone": ("receipts/payment_undone", _typed_by_mistake),
}
