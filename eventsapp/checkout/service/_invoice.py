"""When an order is invoiced, and what its invoice must know of what it bought."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.checkout.service._bought import Bought, bought_by
from eventsapp.core import i18n
from eventsapp.invoices import queries as invoice_queries
from eventsapp.invoices import rules as invoice_rules
from eventsapp.invoices import service as invoices
from eventsapp.invoices.errors import NotInvoiceable
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.values import Circumstances, Content, Place
from eventsapp.mandats import queries as mandats
from eventsapp.mandats.models import MandatDossier
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.organisations.rules import is_public
from eventsapp.payments import queries as payments
from eventsapp.payments.models import PaymentMethod
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractKind, Edition


def invoice_at(order: Order, moment: InvoiceMoment, *, now: datetime) -> Invoice | None:
    """Invoice a locked order when its terms say that this is the moment, and it is not invoiced yet."""
    if payments.terms_of(order).invoice_at is not moment or not _to_be_invoiced(order):
        return None
    return _issue_or_wait(order, now=now)


def invoice_placed(order: Order, bought: Bought, *, method: PaymentMethod, now: datetime) -> Invoice | None:
    """Invoice an order that is just placed, when its terms say that this is the moment.

    Nobody can have invoiced or paid it, nor brought its purchase order: nothing of that is asked.
    """
    if payments.terms_of(order).invoice_at is not InvoiceMoment.ORDER or not _is_owed_for(order):
        return None
    if _lacks_billing(order, method):
        orders.await_invoice(order, waits=True)
        return None
    said = _circumstances_of(order, bought, method=method)
    return _due_as_said(order, invoices.issue_first(order, said, now=now))


def invoice_paid(order: Order, *, now: datetime) -> Invoice | None:
    """Invoice a locked order that is paid: whatever its method waits for, money has its invoice."""
    return _issue_or_wait(order, now=now) if _to_be_invoiced(order) else None


def invoice_order(order_id: int, *, actor: User, now: datetime) -> Invoice:
    """Invoice an order because the office asks; raises ``NotInvoiceable`` and ``NothingToInvoice``."""
    order = orders.lock(order_id)
    require_billable(order)
    return _issue(order, now=now, actor=actor)


def waits_for_billing(order: Order) -> bool:
    """Return whether an invoice waits for whom it is to name: a SIRET, where the method asks for one, and its address.

    At the door a body is only named; both come later, into the dossier or the billing of its order.
    """
    return _lacks_billing(order, payments.method(order.payment_method))


def _lacks_billing(order: Order, method: PaymentMethod) -> bool:
    return "siret" in method.required_fields and not all(
        (order.siret, order.billing_address, order.billing_postcode, order.billing_city)
    )


def require_billable(order: Order) -> None:
    """Raise ``NotInvoiceable`` while an invoice would not say whom it is for."""
    if waits_for_billing(order):
        raise NotInvoiceable(
            _("La facture attend le SIRET et l’adresse postale de l’organisme : complétez la facturation d’abord.")
        )


def replace_invoice(
    order: Order,
    change: Callable[[], None],
    *,
    reason: str,
    now: datetime,
    actor: User | None = None,
    form_key: str | None = None,
) -> Invoice | None:
    """Take back what is left of a locked order's invoice, ``change`` the order, and invoice the same again.

    The credit note names the buyer as the invoice did. Without an invoice there is the change alone, and ``None``.
    """
    invoices.hold_papers(order.id)
    taken_back = invoices.credit_rest(order, reason=reason, now=now, actor=actor)
    change()
    if not taken_back:
        return None
    made = invoices.issue_anew(order, taken_back, _circumstances(order), now=now, actor=actor, form_key=form_key)
    return _due_as_said(order, made)


def has_proforma(order: Order) -> bool:
    """Return whether a pro forma invoice stands in for the invoice that is still to come."""
    return (
        payments.terms_of(order).proforma
        and order.status in {OrderStatus.PENDING, OrderStatus.CONFIRMED}
        and order.balance_cents > 0
        and not invoice_queries.is_invoiced(order.id)
    )


def proforma(order: Order) -> Content:
    """Return what the pro forma invoice of an order says, its lines loaded."""
    return invoices.proforma(order, _circumstances(order))


def _issue_or_wait(order: Order, *, now: datetime) -> Invoice | None:
    """Issue it, unless it still waits for whom to name: it follows by itself then."""
    if waits_for_billing(order):
        orders.await_invoice(order, waits=True)
        return None
    return _issue(order, now=now)


def _issue(order: Order, *, now: datetime, actor: User | None = None) -> Invoice:
    return _due_as_said(order, invoices.issue(order, _circumstances(order), now=now, actor=actor))


def _due_as_said(order: Order, issued: Invoice) -> Invoice:
    """Have the order due when its invoice says: time to pay runs from there (CCP R2192-12)."""
    orders.await_invoice(order, waits=False)
    if issued.due_on is not None:
        orders.await_until(order, issued.due_on)
    return issued


def _to_be_invoiced(order: Order) -> bool:
    return _is_owed_for(order) and not invoice_queries.is_invoiced(order.id)


def _is_owed_for(order: Order) -> bool:
    return order.owed_cents > 0 and invoice_rules.is_invoiceable(order.status, without_seat=order.paid_without_seat)


def _circumstances(order: Order) -> Circumstances:
    """Return what an invoice of a locked order says of it now, all of it read."""
    awaits_papers = payments.terms_of(order).purchase_order_days is not None
    return _circumstances_of(
        order,
        bought_by(order),
        method=payments.method(order.payment_method),
        received=payments.money_by_method(order.id) if order.paid_cents else [],
        dossier=mandats.of_order(order.id) if awaits_papers else None,
    )


def _circumstances_of(
    order: Order,
    bought: Bought,
    *,
    method: PaymentMethod,
    received: Sequence[payments.Received] = (),
    dossier: MandatDossier | None = None,
) -> Circumstances:
    days, contracts = bought.days, bought.contracts
    agreed = payments.terms_of(order)
    means = [payments.method(row.method) for row in received] if order.balance_cents <= 0 and received else [method]
    starts = [day.date for day in days] + [contract.starts_on for contract in contracts if contract.starts_on]
    ends = [day.last_date for day in days] + [contract.ends_on for contract in contracts if contract.ends_on]
    printed = [contract.plan.edition is not Edition.DIGITAL for contract in contracts]
    with i18n.speaking(order.locale):
        label = i18n.choose(" et ", " and ").join(paid.local_name for paid in means)
    return Circumstances(
        goods=any(printed),
        services=bool(days) or not all(printed) or any(len(line.vat_parts) > 1 for line in order.lines),
        supplied_from=min(starts, default=None),
        supplied_to=max(ends, default=None),
        payment_days=agreed.payment_days,
        paid_cents=order.paid_cents - order.refunded_cents,
        # As it was paid, or else as it is to be: a card order may be paid by transfer.
        payment_means=means[0].means_code,
        payment_label=label,
        paid_on=max((row.last_on for row in received), default=None),
        public=is_public(order.siret, pays_by_mandat=agreed.purchase_order_days is not None),
        purchase_order=dossier.purchase_order_number if dossier else "",
        delivered_to=_delivered_to(order, contracts),
    )


def _delivered_to(order: Order, contracts: Sequence[Contract]) -> Place | None:
    """Return where the printed magazine goes, if it goes to one place that is not where the order is billed.

    Where a gift goes is its reader's business.
    """
    billed = (order.billing_address, order.billing_postcode, order.billing_city)
    places = {
        Place(
            name=contract.delivery_name,
            street=contract.delivery_address,
            postcode=contract.delivery_postcode,
            city=contract.delivery_city,
        )
        for contract in contracts
        if contract.kind is not ContractKind.GIFT
        and contract.plan.edition is not Edition.DIGITAL
        and contract.delivery_address
        and (contract.delivery_address, contract.delivery_postcode, contract.delivery_city) != billed
    }
    return places.pop() if len(places) == 1 else None
