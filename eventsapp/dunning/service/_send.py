"""Sending reminders: by the daily sweep, or because the office asks."""

import logging
from datetime import date, datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, i18n, settings, unit_of_work
from eventsapp.core.db import db
from eventsapp.dunning import mails, queries, rules
from eventsapp.dunning.errors import AlreadySent, NothingToRemind
from eventsapp.dunning.models import Reminder
from eventsapp.dunning.statuses import Level
from eventsapp.dunning.values import Claim, Letter, Step, letter_to_json
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.rules import late_payment
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.organisations.rules import customer_kind

log = logging.getLogger(__name__)


def remind_due(*, now: datetime) -> int:
    """Send every reminder whose day has come; return how many.

    What is due is all days up to today less what was sent: a sweep that did not run for days catches up, and one that
    runs twice sends nothing twice. One transaction an order, whatever goes wrong with another.
    """
    today = clock.local_date(now)
    steps: dict[str, list[Step]] = {}
    for row in queries.all_steps():
        steps.setdefault(row.method, []).append(row.value())
    due = []
    for order_id, method, claim in queries.remindable(today=today):
        plan = rules.planned(claim, steps.get(method, ()))
        if plan is not None and plan.on <= today:
            due.append(order_id)
    db.session.rollback()
    sent = 0
    for order_id in due:
        try:
            with unit_of_work.transaction():
                sent += _send_if_due(order_id, now=now)
        except Exception:
            log.exception("order %s could not be reminded", order_id)
    return sent


def send_now(order_id: int, *, step: int, actor: User, now: datetime) -> Reminder:
    """Send the next reminder, the ``step`` that the office was shown, before its day or after.

    Asked twice it goes once: raises ``AlreadySent``, and ``NothingToRemind``.
    Days of grace hold back the sweep and not a person: once the last day to pay is over, the office may write.
    """
    today = clock.local_date(now)
    order = orders.lock(order_id)
    claim = queries.claim_of(order_id)
    if order.is_test:
        raise NothingToRemind(_("Une commande d’essai n’est pas relancée."))
    if claim is None or claim.due_on >= today:
        raise NothingToRemind(_("Rien n’est échu pour cette commande."))
    if claim.paused_until is not None and claim.paused_until >= today:
        raise NothingToRemind(_("Les relances sont suspendues ; levez d’abord la suspension."))
    if (before := queries.reminder(order_id, step)) is not None:
        raise AlreadySent(
            _("« %(title)s » est déjà partie : rien n’est envoyé.", title=queries.letter_of(before).title)
        )
    with i18n.speaking(order.locale):
        following = rules.next_step(claim, [row.value() for row in queries.steps_of(order.payment_method)])
    if following is None:
        raise NothingToRemind(_("Toutes les relances de ce mode de règlement sont parties."))
    if following.step != step:
        raise NothingToRemind(_("La prochaine relance n’est pas celle que cette page montrait : relisez-la."))
    return _send(order, claim, following, on=today, actor=actor, now=now)


def preview(order: Order, *, now: datetime) -> Letter | None:
    """Return what the next reminder would say today, whether it may go or not; ``None`` where there is none."""
    claim = queries.claim_of(order.id)
    if claim is None:
        return None
    with i18n.speaking(order.locale):
        following = rules.next_step(claim, [row.value() for row in queries.steps_of(order.payment_method)])
    return _letter(order, claim, following, invoice=_last_invoice(order.id), now=now) if following else None


def _send_if_due(order_id: int, *, now: datetime) -> int:
    today = clock.local_date(now)
    order = orders.lock(order_id)
    for _key, method, claim in queries.remindable(today=today, only=order_id):
        with i18n.speaking(order.locale):
            plan = queries.planned_of(method, claim)
        if plan is not None and plan.on <= today:
            _send(order, claim, plan.step, on=plan.on, actor=None, now=now)
            return 1
    return 0


def _send(order: Order, claim: Claim, step: Step, *, on: date, actor: User | None, now: datetime) -> Reminder:
    invoice = _last_invoice(order.id)
    letter = _letter(order, claim, step, invoice=invoice, now=now)
    sent = Reminder(
        order_id=order.id,
        step=step.step,
        due_on=on,
        sent_at=now,
        sent_by_id=actor.id if actor else None,
        content=letter_to_json(letter),
    )
    db.session.add(sent)
    db.session.flush()
    audit.record(
        "reminders.send",
        subject=orders.subject(order),
        now=now,
        actor=actor,
        changes={"step": step.step, "amount_cents": letter.owed_cents},
    )
    mails.reminder(order, letter, step=step.step, invoice=invoice, now=now)
    return sent


def _last_invoice(order_id: int) -> Invoice | None:
    issued = [row for row in invoices.of_order(order_id) if row.kind is DocumentKind.INVOICE]
    return issued[-1] if issued else None


def _letter(order: Order, claim: Claim, step: Step, *, invoice: Invoice | None, now: datetime) -> Letter:
    seller = settings.current().seller
    terms = invoices.terms()
    kind = customer_kind(name=order.billing_name, siret=order.siret, pays_by_mandat=queries.is_public(order))
    recalled = late_payment(terms, kind)
    town = f"{order.billing_postcode} {order.billing_city}".strip()
    return Letter(
        level=step.level,
        language=order.locale,
        sent_on=clock.local_date(now),
        title=step.title,
        text=step.text,
        reference=order.reference,
        buyer=order.billed_to,
        contact=order.buyer_name if order.billing_name else "",
        address=tuple(part for part in (order.billing_address, town) if part),
        seller=seller.name,
        seller_address=seller.address,
        seller_siret=seller.siret,
        iban=seller.iban,
        bic=seller.bic,
        owed_cents=claim.owed_cents,
        due_on=claim.due_on,
        invoice=invoice.number if invoice else "",
        invoiced_on=invoice.issued_on if invoice else None,
        order_number=invoices.content_of(invoice).buyer.order_number if invoice else order.commitment_number,
        seller_email=settings.current().mail_from,
        terms=() if step.level is Level.POLITE else tuple(text for text in recalled if text),
    )
