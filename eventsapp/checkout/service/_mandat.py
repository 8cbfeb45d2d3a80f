"""The dossier of a public body: purchase order, codes, steps; the invoice follows what is corrected."""

from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.checkout.service._bill_anew import rebill
from eventsapp.checkout.service._bought import bought_by
from eventsapp.checkout.service._invoice import invoice_at
from eventsapp.core import clock, i18n
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.invoices import queries as invoices
from eventsapp.mandats import rules as mandat_rules
from eventsapp.mandats import service as mandats
from eventsapp.mandats.errors import IllegalStep
from eventsapp.mandats.models import MandatDossier
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.mandats.values import Codes, PurchaseOrder
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.organisations import rules as organisation_rules
from eventsapp.organisations import service as organisations
from eventsapp.payments import queries as payments
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.study_days.statuses import StudyDayStatus

#: What the credit note says.
_CORRECTED = "Références de l’acheteur corrigées"


def open_mandat(order: Order, *, now: datetime) -> None:
    """Begin the dossier of an order just placed, when its method gives one and something is to be paid."""
    if payments.terms_of(order).purchase_order_days is not None and order.total_cents:
        mandats.open_dossier(order, now=now)


def complete_mandat(
    order_id: int, *, codes: Codes, brought: PurchaseOrder | None, now: datetime, actor: User | None = None
) -> Order:
    """Keep the codes by which the body's accountants find the invoice, and the purchase order if it is brought.

    An invoice that said other codes is credited and issued anew: it is not deposited yet, and never changed.
    Raises ``DossierClosed``, ``Invalid`` and ``FileRefused``.
    """
    siret = _siret(codes)
    # Before the order is locked ("The order of locks").
    body = _body(db.session.get_one(Order, order_id), siret, now=now)
    order = orders.lock(order_id)
    dossier = mandats.lock(order)
    mandat_rules.require_open(dossier.status)
    # First, so that an invoice issued anew says its number.
    if brought is not None:
        mandats.receive(order, dossier, brought, now=now, actor=actor)
    billing = replace(
        orders.billing_of(order),
        siret=siret,
        service_code=codes.service_code,
        commitment_number=codes.commitment_number,
    )
    if siret == order.siret:
        body = order.organisation_id
    rebill(order, billing, organisation_id=body, reason=_CORRECTED, action="mandats.codes", now=now, actor=actor)
    return order


def move_mandat(order_id: int, to: MandatStatus, *, actor: User, now: datetime) -> Order:
    """Take the dossier one step on or, what was noted by mistake, back, because the office says so.

    Raises ``IllegalStep`` and ``Invalid``; what needs more than a word has a function of its own.
    """
    order = orders.lock(order_id)
    dossier = mandats.lock(order)
    if to is MandatStatus.SERVICE_DONE:
        _require_rendered(order, dossier, now=now)
        mandats.service_done(order, dossier, actor=actor, now=now)
        invoice_at(order, InvoiceMoment.DELIVERY, now=now)
    elif to is MandatStatus.RECEIVED:
        mandats.service_not_done(order, dossier, invoices.standing_invoice(order.id), actor=actor, now=now)
    elif to is MandatStatus.AWAITED:
        mandats.ask_anew(order, dossier, actor=actor, now=now)
    else:
        raise Invalid(_("Cette étape demande plus qu’un bouton."))
    return order


def reject_mandat(order_id: int, *, reason: str, actor: User, now: datetime) -> Order:
    """Note that the body refused the invoice. Raises ``IllegalStep``."""
    order = orders.lock(order_id)
    mandats.reject(order, mandats.lock(order), reason=reason, actor=actor, now=now)
    return order


def _require_rendered(order: Order, dossier: MandatDossier, *, now: datetime) -> None:
    """Raise ``IllegalStep`` before the last day of an order is over; of subscriptions alone, before they began."""
    mandat_rules.require_step(dossier.status, MandatStatus.SERVICE_DONE)
    bought = bought_by(order)
    if any(day.status is StudyDayStatus.POSTPONED for day in bought.days):
        raise IllegalStep(_("La journée est reportée : le service n’est pas fait."))
    last = max(bought.days, key=lambda day: day.ends_at, default=None)
    if last is not None:
        rendered_on, rendered = last.last_date, now >= last.ends_at
    else:
        today = clock.local_date(now)
        rendered_on = max((row.starts_on for row in bought.contracts if row.starts_on), default=today)
        rendered = today >= rendered_on
    if not rendered:
        raise IllegalStep(
            _(
                "Le service n’est pas encore fait : il le sera le %(date)s. Notez-le à partir de là.",
                date=i18n.date_long(rendered_on),
            )
        )


def _siret(codes: Codes) -> str:
    siret = organisation_rules.compact(codes.siret)
    if problem := organisation_rules.siret_problem(siret):
        raise Invalid(_("Certaines données sont à corriger."), errors={"/siret": problem})
    return siret


def _body(order: Order, siret: str, *, now: datetime) -> int | None:
    """Return the body with that SIRET, made known if it is not; the order's own is."""
    if siret == order.siret and order.organisation_id is not None:
        return order.organisation_id
    return organisations.recognise(
        siret=siret,
        name=order.billing_name,
        address=order.billing_address,
        postcode=order.billing_postcode,
        city=order.billing_city,
        now=now,
    ).id
