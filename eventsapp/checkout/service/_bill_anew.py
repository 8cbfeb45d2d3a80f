"""Correcting whom an order is billed to: before its invoice, or after it by a credit note and a new invoice."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout.errors import BillingChanged, BillingClosed
from eventsapp.checkout.service._invoice import replace_invoice
from eventsapp.core import clock, postal
from eventsapp.core.errors import Invalid
from eventsapp.invoices import queries as invoice_queries
from eventsapp.invoices import rules as invoice_rules
from eventsapp.invoices.models import Invoice
from eventsapp.mandats import queries as mandat_queries
from eventsapp.mandats import service as mandats
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.orders.values import Billing
from eventsapp.organisations import rules as organisation_rules
from eventsapp.organisations import service as organisations
from eventsapp.payments import queries as payments
from eventsapp.payments import rules as payment_rules

#: What the credit note says.
REASON = "Coordonnées de facturation corrigées"
#: What the address of a body or a company is made of.
_ADDRESS = ("address", "postcode", "city")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebilling:
    """What correcting the billing of an order does besides: the invoice taken back, and what follows."""

    invoice: Invoice
    #: What is left of it, in cents: so much is credited and invoiced anew.
    amount_cents: int
    #: What of the new invoice is paid already, and until when the rest is due.
    paid_cents: int
    due_on: date | None
    #: The invoice lies on Chorus Pro: the new one is to be deposited there.
    deposited: bool


def rebilling_of(order: Order, *, now: datetime) -> Rebilling | None:
    """Return what correcting the order's billing now would do, or ``None`` while nothing of it is invoiced."""
    standing = invoice_queries.standing_invoice(order.id)
    if standing is None:
        return None
    left = standing.total_cents - invoice_queries.credited_cents(standing.id)
    paid = min(left, order.paid_cents - order.refunded_cents)
    dossier = mandat_queries.of_order(order.id)
    return Rebilling(
        invoice=standing,
        amount_cents=left,
        paid_cents=paid,
        due_on=invoice_rules.due_on(
            issued_on=clock.local_date(now), payment_days=payments.terms_of(order).payment_days, paid=paid >= left
        ),
        deposited=dossier is not None and dossier.status is MandatStatus.DEPOSITED,
    )


def correct_billing(order_id: int, billing: Billing, *, now: datetime) -> Order:
    """Bill an order to ``billing`` because its buyer says so, as long as it is not invoiced.

    Raises ``BillingClosed`` and ``Invalid``.
    """
    billing = _normalised(billing)
    organisation_id = _organisation(billing, now=now)
    order = orders.lock(order_id)
    if order.status not in {OrderStatus.PENDING, OrderStatus.CONFIRMED} or invoice_queries.of_order(order.id):
        raise BillingClosed(_("La facture est faite : écrivez-nous, nous la corrigeons par un avoir."))
    _require_valid(order, billing)
    _change(order, billing, organisation_id=organisation_id, now=now, actor=None)
    return order


def bill_anew(
    order_id: int, billing: Billing, *, seen: str, form_key: str, actor: User, now: datetime
) -> Invoice | None:
    """Bill an order to ``billing`` because the office says so; return the invoice that says it, if there was one.

    What is left of the invoice is credited and invoiced anew in the next number; payments stay with the order, which
    is due as the new invoice says. One that lay on Chorus Pro is to be deposited again. ``seen`` is the number of the
    invoice that the office was shown, empty for none; the same ``form_key`` does it once.
    Raises ``BillingChanged`` and ``Invalid``.
    """
    billing = _normalised(billing)
    organisation_id = _organisation(billing, now=now)
    order = orders.lock(order_id)
    if known := invoice_queries.by_form_key(form_key):
        return known
    _require_valid(order, billing)
    standing = invoice_queries.standing_invoice(order.id)
    if (standing.number if standing else "") != seen:
        raise BillingChanged(_("Une facture a été émise ou reprise entre-temps : relisez ce qui va se passer."))
    return rebill(
        order, billing, organisation_id=organisation_id, reason=REASON, form_key=form_key, now=now, actor=actor
    )


def check_billing(order: Order, billing: Billing) -> None:
    """Raise ``Invalid`` where an order cannot be billed to ``billing``, before anything is done."""
    _require_valid(order, _normalised(billing))


def rebill(
    order: Order,
    billing: Billing,
    *,
    organisation_id: int | None,
    reason: str,
    now: datetime,
    actor: User | None,
    action: str = "orders.billing",
    form_key: str | None = None,
) -> Invoice | None:
    """Change the billing of a locked order and have its invoice, if there is one, say it; nothing for no change."""
    if billing == orders.billing_of(order):
        return None

    def change() -> None:
        _change(order, billing, organisation_id=organisation_id, action=action, now=now, actor=actor)

    made = replace_invoice(order, change, reason=reason, form_key=form_key, now=now, actor=actor)
    if made is not None:
        mandats.take_deposit_back(order, now=now, actor=actor)
    return made


def _change(
    order: Order,
    billing: Billing,
    *,
    organisation_id: int | None,
    now: datetime,
    actor: User | None,
    action: str = "orders.billing",
) -> None:
    is_booked = bool(invoice_queries.of_order(order.id) or payments.payments_of(order.id))
    changes = orders.change_billing(order, billing, organisation_id=organisation_id, is_booked=is_booked)
    if changes:
        audit.record(action, subject=orders.subject(order), now=now, actor=actor, by=order.buyer_name, changes=changes)


def _normalised(billing: Billing) -> Billing:
    return replace(
        billing,
        siret=organisation_rules.compact(billing.siret),
        vat_number=organisation_rules.compact(billing.vat_number).upper(),
        email=billing.email.strip().lower(),
    )


def _organisation(billing: Billing, *, now: datetime) -> int | None:
    """Return the body that is billed, made known if it is not; before any order is locked ("The order of locks")."""
    if not billing.siret or organisation_rules.siret_problem(billing.siret):
        return None
    return organisations.recognise(
        siret=billing.siret,
        name=billing.organisation,
        address=billing.address,
        postcode=billing.postcode,
        city=billing.city,
        now=now,
    ).id


def _require_valid(order: Order, billing: Billing) -> None:
    """Raise ``Invalid`` for what the order's method asks for and misses, and for numbers that cannot be."""
    method = payments.method(order.payment_method)
    required = [*method.required_fields, *(_ADDRESS if billing.organisation or billing.siret else ())]
    if billing.siret:
        required.append("organisation")
    problems = payment_rules.missing_fields(dict.fromkeys(required), asdict(billing))
    if billing.siret and (problem := organisation_rules.siret_problem(billing.siret)):
        problems["siret"] = problem
    if billing.vat_number and (problem := organisation_rules.vat_number_problem(billing.vat_number)):
        problems["vat_number"] = problem
    if problem := postal.postcode_problem(billing.postcode, city=billing.city):
        problems["postcode"] = problem
    if problems:
        raise Invalid(
            _("Certaines données sont à corriger."), errors={f"/{name}": text for name, text in problems.items()}
        )
