"""What an order takes from its payment method: the fields to give, whether it is offered, its terms and dates."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from eventsapp.checkout.service._quote import Quote
from eventsapp.checkout.values import OrderRequest
from eventsapp.core import clock
from eventsapp.core.errors import Invalid
from eventsapp.orders.values import Billing
from eventsapp.organisations import rules as organisation_rules
from eventsapp.organisations.models import Organisation
from eventsapp.payments import queries as payments
from eventsapp.payments import rules as payment_rules
from eventsapp.payments.errors import MethodUnavailable
from eventsapp.payments.models import PaymentMethod
from eventsapp.payments.statuses import CHOOSABLE, InvoiceMoment
from eventsapp.payments.values import Terms

#: What the accountants of a public body look for on an invoice.
ACCOUNTANTS_FIELDS = frozenset({"service_code", "commitment_number"})


def checked_method(
    request: OrderRequest,
    *,
    body: Organisation | None = None,
    codes_follow: bool = False,
    at_the_door: bool = False,
) -> PaymentMethod:
    """Return the method, its own fields required; a SIRET is checked whenever one is given.

    What the ``body`` of that SIRET, if it is known, wants on its invoices is required too, unless its ``codes_follow``
    with the purchase order; ``at_the_door`` it need only be named.
    """
    method = payments.enabled_method(request.payment_method)
    if method is None:
        raise MethodUnavailable(
            _("Choisissez un des modes de règlement proposés."),
            errors={"/payment_method": _("Choisissez un des modes de règlement proposés.")},
        )
    billing = request.billing
    codes_follow = codes_follow or at_the_door
    codes = method.asked_fields & ACCOUNTANTS_FIELDS
    required = [name for name in method.required_fields if not (codes_follow and name in ACCOUNTANTS_FIELDS)]
    required += sorted(body.required_codes & codes - set(required)) if body and not codes_follow else []
    if at_the_door and method.purchase_order_days is not None:
        required = [name for name in required if name == "organisation"]
    problems = payment_rules.missing_fields(required, fields_of(billing))
    if billing.siret and (problem := organisation_rules.siret_problem(billing.siret)):
        problems["siret"] = problem
    if billing.vat_number and (problem := organisation_rules.vat_number_problem(billing.vat_number)):
        problems["vat_number"] = problem
    if problems:
        pointers = {"organisation": "name"}
        raise Invalid(
            _("Certaines données sont à corriger."),
            errors={
                f"/customer/organisation/{pointers.get(name, name)}": message for name, message in problems.items()
            },
        )
    return method


def require_offered(method: PaymentMethod, in_order: Quote, *, now: datetime) -> None:
    if not in_order.total_cents:
        return
    for wanted in in_order.days:
        if not payment_rules.is_offered(
            closes_days_before=method.closes_days_before, day_starts_at=wanted.day.starts_at, now=now
        ):
            message = _("Ce mode de règlement n’est plus possible si près de la journée ; choisissez-en un autre.")
            raise MethodUnavailable(message, errors={"/payment_method": message})


def terms_of(request: OrderRequest, method: PaymentMethod, in_order: Quote, *, at_the_door: bool) -> Terms:
    """Return what the order keeps of its method, the buyer's choice in it; without a day nothing waits for one.

    The invoice of a public body that is told of at the door waits for what its accountants want on it.
    """
    moment = method.terms.invoice_at
    if at_the_door and method.purchase_order_days is not None and not request.billing.siret:
        moment = InvoiceMoment.DELIVERY
    if method.invoice_choice and request.invoice_at in CHOOSABLE:
        moment = InvoiceMoment(request.invoice_at)
    if moment is InvoiceMoment.DELIVERY and not in_order.days:
        moment = InvoiceMoment.ORDER
    return replace(method.terms, invoice_at=moment)


def due_on_of(terms: Terms, in_order: Quote, *, now: datetime) -> date | None:
    """Return until when the money is awaited: from the order on, or from the last day if invoiced after it."""
    counted_from = clock.local_date(now)
    if terms.invoice_at is InvoiceMoment.DELIVERY:
        counted_from = max([counted_from, *(wanted.day.last_date for wanted in in_order.days)])
    return payment_rules.due_on(placed_on=counted_from, payment_days=terms.payment_days)


def held_until(method: PaymentMethod, in_order: Quote, *, now: datetime) -> datetime | None:
    """Return until when seats wait for their payment: never beyond the day that they are for."""
    if method.hold_minutes is None:
        return None
    return min([now + timedelta(minutes=method.hold_minutes), *(wanted.day.starts_at for wanted in in_order.days)])


def fields_of(billing: Billing) -> dict[str, str]:
    return {name: getattr(billing, name) for name in Billing.__dataclass_fields__}
