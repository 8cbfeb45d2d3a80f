"""All that happened to an order in one line of time: events, mails, payments, refunds, invoices, reminders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsapp.audit.models import AuditEntry
from eventsapp.audit.statuses import action_label
from eventsapp.dunning import queries as dunning
from eventsapp.dunning.models import Reminder
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.queries import KIND_WORDS
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from eventsapp.payments.models import Payment, Refund
from eventsapp.payments.statuses import PaymentKind, RefundState

_MAIL_WORDS = {
    MailStatus.QUEUED: _l("en attente"),
    MailStatus.SENDING: _l("en cours"),
    MailStatus.SENT: _l("parti"),
    MailStatus.FAILED: _l("refusé"),
    MailStatus.KEPT: _l("gardé, aucun serveur réglé"),
}
_EVENT_WORDS = {
    "orders.place": _l("Commande passée"),
    "orders.expire": _l("Délai passé, places rendues"),
    "orders.cancel": _l("Commande annulée"),
    "orders.cancel_part": _l("Partie annulée"),
    "orders.release_seats": _l("Places rendues"),
    "orders.suspend": _l("Abonnement suspendu"),
    "orders.reopen": _l("Abonnement rouvert"),
    "mandats.unpaid": _l("Mandat de nouveau attendu"),
    "payments.record": _l("Règlement enregistré"),
    "payments.refund": _l("Remboursement enregistré"),
    "payments.ask_refund": _l("Remboursement sur la carte demandé"),
    "payments.refund_card": _l("Carte remboursée par Stripe"),
    "payments.give_up_refund": _l("Remboursement sans réponse, qui ne compte plus"),
    "payments.alert": _l("Paiement par carte à vérifier"),
    "payments.handle_alert": _l("Alerte de paiement traitée"),
    "invoices.invoice": _l("Facture émise"),
    "invoices.credit_note": _l("Avoir émis"),
    "mandats.receive": _l("Bon de commande reçu"),
    "mandats.ask_anew": _l("Bon de commande redemandé"),
    "mandats.deposit_replaced": _l("Facture déposée remplacée : à déposer de nouveau"),
    "orders.invoice_moment": _l("Moment de la facture changé"),
    "orders.withdraw": _l("L’acheteur renonce au contrat"),
    "subscriptions.resign": _l("L’acheteur résilie un abonnement"),
    "orders.billing": _l("Facturation corrigée"),
    "mandats.codes": _l("Références du mandat corrigées"),
    "mandats.service_done": _l("Service fait"),
    "mandats.service_not_done": _l("Service fait, noté par erreur : retour en arrière"),
    "mandats.deposit": _l("Facture déposée sur Chorus Pro"),
    "mandats.reject": _l("Facture rejetée par l’organisme"),
    "quotes.order": _l("Commandée depuis un devis"),
    "registrations.name": _l("Place nommée"),
    "registrations.correct": _l("Participant corrigé"),
    "registrations.substitute": _l("Participant remplacé"),
    "registrations.invite": _l("Invitation envoyée"),
    "registrations.remind": _l("Invitation renvoyée"),
    "registrations.ticket": _l("Billet renvoyé"),
    "reminders.send": _l("Relance envoyée"),
    "reminders.pause": _l("Relances suspendues"),
    "reminders.resume": _l("Suspension des relances levée"),
}
_REFUND_WORDS = {
    RefundState.ASKED: _l("Remboursement demandé à Stripe"),
    RefundState.DONE: _l("Remboursement"),
    RefundState.FAILED: _l("Remboursement refusé"),
}
_PAYMENT_WORDS = {
    PaymentKind.RECEIVED: _l("Règlement"),
    PaymentKind.REVERSAL: _l("Règlement rejeté"),
    PaymentKind.MOVED: _l("Somme passée d’une commande à l’autre"),
}

_BY_MISTAKE = _l("Règlement saisi par erreur, retiré")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line: when, what in words, by whom, with what sum, and where more is told."""

    at: datetime
    text: str
    by: str = ""
    cents: int | None = None
    detail: str = ""
    url: str = ""


def timeline(
    *,
    reference: str,
    history: Sequence[AuditEntry],
    mails: Sequence[OutgoingMail],
    payments: Sequence[Payment],
    refunds: Sequence[Refund],
    invoices: Sequence[Invoice],
    reminders: Sequence[Reminder],
    method_names: Mapping[str, str],
) -> list[Happening]:
    """Return all of it, the newest first.

    A payment, refund, invoice or reminder and the line of the history written with it, at the same moment and of the
    same sum, are one happening: the row says what, the history by whom.
    """
    rows = [
        *(_payment(row, method_names) for row in payments),
        *(_refund(row) for row in refunds),
        *(_invoice(row) for row in invoices),
        *(_reminder(row, reference) for row in reminders),
    ]
    told = []
    for entry in history:
        twin = next((row for row in rows if not row.by and _is_told_by(row, entry)), None)
        if twin is None:
            told.append(_event(entry))
        else:
            rows[rows.index(twin)] = replace(twin, by=entry.actor_label)
    # A mail stands above the event it tells of.
    return sorted([*(_mail(mail) for mail in mails), *rows, *told], key=attrgetter("at"), reverse=True)


def _is_told_by(row: Happening, entry: AuditEntry) -> bool:
    room = entry.action.partition(".")[0]
    if room not in {"payments", "invoices", "reminders"} or row.cents is None:
        return False
    return row.at == entry.at and abs(row.cents) == abs(entry.changes.get("amount_cents") or 0)


def _event(entry: AuditEntry) -> Happening:
    return Happening(
        at=entry.at,
        text=str(_EVENT_WORDS.get(entry.action, action_label(entry.action))),
        by=entry.actor_label,
        cents=entry.changes.get("amount_cents") or None,
        detail=str(entry.changes.get("reason") or entry.changes.get("number") or ""),
    )


def _mail(mail: OutgoingMail) -> Happening:
    if mail.is_erased:
        return Happening(at=mail.created_at, text=mail.title, by=str(_MAIL_WORDS[mail.status]))
    if not mail.to_address:
        text = _("Courriel « %(subject)s » : pas d’adresse, personne ne l’a reçu", subject=mail.subject)
        return Happening(at=mail.created_at, text=str(text), by=str(_("gardé")))
    text = _("Courriel « %(subject)s » à %(to)s", subject=mail.subject, to=mail.to_address)
    return Happening(at=mail.created_at, text=str(text), by=str(_MAIL_WORDS[mail.status]))


def _payment(payment: Payment, method_names: Mapping[str, str]) -> Happening:
    name = method_names.get(payment.method, payment.method)
    said = (name, payment.reference, payment.bank, payment.reason)
    return Happening(
        at=payment.recorded_at,
        text=str(_BY_MISTAKE if payment.by_mistake else _PAYMENT_WORDS[payment.kind]),
        cents=payment.amount_cents,
        detail=", ".join(part for part in said if part),
    )


def _refund(refund: Refund) -> Happening:
    return Happening(
        at=refund.recorded_at,
        text=str(_REFUND_WORDS[refund.state]),
        cents=-refund.amount_cents,
        detail=refund.failure or refund.reason,
    )


def _invoice(invoice: Invoice) -> Happening:
    return Happening(
        at=invoice.issued_at,
        text=f"{KIND_WORDS[invoice.kind]} {invoice.number}",
        cents=invoice.total_cents,
        detail=invoice.reason,
        url=url_for("invoices_office.invoice", number=invoice.number),
    )


def _reminder(sent: Reminder, reference: str) -> Happening:
    letter = dunning.letter_of(sent)
    return Happening(
        at=sent.sent_at,
        text=str(_("Relance « %(title)s »", title=letter.title)),
        cents=letter.owed_cents,
        url=url_for("dunning_office.letter", reference=reference, number=sent.step),
    )
