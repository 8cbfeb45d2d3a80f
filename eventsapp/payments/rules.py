"""Decisions about payments, on plain values."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsapp.core import texts
from eventsapp.core.errors import Invalid
from eventsapp.payments.errors import MethodInUse
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.payments.values import MethodDraft, Uses

#: The currency of everything, as Stripe writes it.
CURRENCY = "eur"
#: The longest time, in days, that a method sensibly speaks of.
MOST_DAYS = 365
#: The longest terms that the law grants to a public body, and between professionals.
PUBLIC_DAYS, PROFESSIONAL_DAYS = 30, 60
#: « sous 10 jours », « à 45 jours », « in 45 days »; a range (« 10 à 15 jours ») is no term.
_TERM = re.compile(r"(?<!\d )\b(?:sous|à|in|within)[\s\u00a0]+(\d{1,3})[\s\u00a0]+(?:jours|days)\b", re.IGNORECASE)
#: The longest code of a payment method.
CODE_LENGTH = 20
#: The longest hold of an order that is paid online, in minutes: Stripe's page lives a day, and outlives the hold.
MOST_ONLINE_HOLD = 23 * 60
#: UNTDID 4461: what goes to the bank as paper, and what a gateway holds before the bank has it.
CHEQUE_MEANS = "20"
CARD_MEANS = "48"
#: All that a method may come in by: cheque, transfer (SEPA or not), card, cash, and what the parties agreed on.
MEANS_CODES = (CHEQUE_MEANS, "30", "58", CARD_MEANS, "10", "ZZZ")
#: A cheque may come in before its order is typed, but not that long.
BEFORE_THE_ORDER = timedelta(days=365)
#: How often something that Stripe told is tried before somebody has to look, and how long each failure is waited out.
EVENT_TRIES = 5
EVENT_WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
#: Digits of the number at the foot of a cheque.
CHEQUE_DIGITS = 7
#: Errors of Stripe after which the office is told of a refund, and the longest that one waits to be asked for again.
TRIES = 5
LONGEST_WAIT = timedelta(hours=6)
#: Why a refund does not take place, by what Stripe calls it; it goes on « : … ».
_REFUND_REFUSALS = {
    "resource_missing": "Stripe ne connaît pas ce paiement",
    "charge_already_refunded": "ce paiement est déjà rendu en entier",
    "charge_disputed": "le porteur de la carte conteste ce paiement",
    "charge_for_pending_refund_disputed": "le porteur de la carte conteste ce paiement",
    "refund_disputed_payment": "le porteur de la carte conteste ce paiement",
    "amount_too_large": "le montant dépasse ce que ce paiement a encore à rendre",
    "amount_too_small": "le montant est trop petit pour une carte",
    "balance_insufficient": "le compte Stripe n’a pas de quoi rendre cette somme",
    "insufficient_funds": "le compte Stripe n’a pas de quoi rendre cette somme",
    "lost_or_stolen_card": "la carte est déclarée perdue ou volée",
    "expired_or_canceled_card": "la carte est expirée ou supprimée",
    "declined": "la banque du porteur de la carte le refuse",
    "merchant_request": "il a été annulé chez Stripe",
}
#: What is missing, in words, by the name of the field.
_MISSING = {
    "organisation": _l("Indiquez l’organisme à facturer."),
    "siret": _l("Indiquez le SIRET de l’organisme : ce mode de règlement le demande."),
    "address": _l("Indiquez l’adresse de facturation."),
    "postcode": _l("Indiquez le code postal."),
    "city": _l("Indiquez la ville."),
    "service_code": _l("Indiquez le code service."),
    "commitment_number": _l("Indiquez le numéro d’engagement."),
}


#: What a method may require of the buyer, and what it may offer to fill in besides.
REQUIRABLE = tuple(_MISSING)
OFFERABLE = ("service_code", "commitment_number")
#: What the instructions may be followed by, in the order in which it is shown.
DETAILS = (
    "payee", "address", "seller_siret", "iban", "bic", "buyer_siret", "service_code", "commitment_number",
)  # fmt: skip


def missing_fields(required: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return field → what to do, for the fields that a method asks for and the buyer left empty."""
    return {name: str(_MISSING[name]) for name in required if not given.get(name, "").strip()}


def is_offered(*, closes_days_before: int, day_starts_at: datetime, now: datetime) -> bool:
    """Return whether a method may still be used for a day that starts then."""
    return now < day_starts_at - timedelta(days=closes_days_before)


def what_is_promised(
    *, online: bool, confirms_seat: bool, starts_subscription: bool, seats: bool, subscription: bool, gift: bool = False
) -> str:
    """Return what becomes of what is ordered, of ``seats``, a ``subscription`` and a ``gift``: only of what is there.

    Who pays ``online`` pays at once, as the method itself says.
    """
    told = []
    if seats and confirms_seat:
        told.append(_("Les places sont confirmées dès la commande."))
    elif seats and not online:
        told.append(_("Les places sont retenues, et confirmées quand le règlement arrive."))
    if subscription and starts_subscription:
        told.append(_("L’abonnement commence dès la commande."))
    elif subscription and not online:
        told.append(_("L’abonnement commence quand le règlement arrive."))
    if gift and starts_subscription:
        told.append(_("Le cadeau est annoncé le jour choisi, et commence quand il est accepté."))
    elif gift and not online:
        told.append(_("Le cadeau est annoncé quand le règlement est arrivé, et commence quand il est accepté."))
    return " ".join(told)


def due_on(*, placed_on: date, payment_days: int | None) -> date | None:
    """Return until when the money is awaited."""
    return None if payment_days is None else placed_on + timedelta(days=payment_days)


def tolerated_until(due_on: date | None, *, grace_days: int) -> date | None:
    """Return the last day on which money due ``due_on`` is not called late."""
    return None if due_on is None else due_on + timedelta(days=grace_days)


def require_possible(draft: MethodDraft, *, takes_cards: bool) -> None:
    """Raise ``Invalid``, with what is wrong beside its field, for a method that could never work as it is meant.

    ``takes_cards``: there is a gateway to pay at. The CHECKs of ``payment_methods`` say the same.
    """
    problems = {**_of_the_seat(draft), **_of_the_money(draft), **_of_the_promise(draft), **_of_the_papers(draft)}
    if draft.online and draft.enabled and not takes_cards:
        problems["enabled"] = _(
            "Le paiement par carte n’est pas branché : il manque le réglage STRIPE_SECRET_KEY. Décochez d’ici là."
        )
    _refuse(problems)


def doubts(draft: MethodDraft) -> dict[str, str]:
    """Return field → what the office should confirm: a term beyond what the law grants, or words that say another one.

    A public body has 30 days (CCP art. R2192-10); between professionals 60 are the most (C. com. art. L441-10).
    """
    days = draft.payment_days
    if days is None:
        return {}
    told = {}
    most = PUBLIC_DAYS if draft.purchase_order_days is not None else PROFESSIONAL_DAYS
    if days > most:
        told["payment_days"] = (
            _("Un organisme public paie sous 30 jours (CCP, art. R2192-10) : confirmez, ou corrigez.")
            if most == PUBLIC_DAYS
            else _("Entre professionnels, 60 jours au plus (C. com., art. L441-10) : confirmez, ou corrigez.")
        )
    for name in ("delay_label", "delay_label_en", "summary", "summary_en", "instructions", "instructions_en"):
        said = {int(found[1]) for found in _TERM.finditer(getattr(draft, name))}
        if said and days not in said:
            told[name] = _(
                "Ce texte dit %(said)s jours, l’échéance est à %(days)s : confirmez, ou corrigez.",
                said=", ".join(map(str, sorted(said))),
                days=days,
            )
    return told


def require_same_means(draft: MethodDraft, *, online: bool, means_code: str, uses: Uses) -> None:
    """Raise ``Invalid`` for a method in use that would be paid another way: what was booked under it says how."""
    if not uses.any:
        return
    told = _("Ce mode a déjà servi : cela ne change plus. Dupliquez-le pour en faire un autre.")
    _refuse(
        {
            name: told
            for name, before, after in (
                ("online", online, draft.online),
                ("means_code", means_code, draft.means_code),
            )
            if before != after
        }
    )


def require_own_name(name: str, others: Iterable[str]) -> None:
    """Raise ``Invalid`` for a name that another method has: nobody could tell them apart."""
    if name.casefold() in {other.casefold() for other in others}:
        _refuse({"name": _("Un autre mode porte ce nom : donnez-en un qui les distingue.")})


def require_one_left(others: Iterable[bool], *, offered: bool) -> None:
    """Raise ``Invalid`` when nobody could pay any more: neither this method nor one of the ``others`` is offered."""
    if not offered and not any(others):
        _refuse({"enabled": _("C’est le seul mode proposé : sans lui, personne ne pourrait commander.")})


def require_unused(uses: Uses) -> None:
    """Raise ``MethodInUse`` for a method that an order, or money that moved, refers to."""
    if uses.any:
        raise MethodInUse(_("Ce mode a déjà servi : il ne se supprime plus. Cessez plutôt de le proposer."))


def _of_the_seat(draft: MethodDraft) -> dict[str, str]:
    """Return what cannot be about the seat and how long it is held."""
    hold = draft.hold_minutes
    if draft.confirms_seat:
        problems = {}
        if draft.online:
            problems["confirms_seat"] = _("En ligne, on paie aussitôt : la place est confirmée au règlement.")
        if hold is not None:
            problems["hold_minutes"] = _("Les places sont confirmées dès la commande : laissez ce champ vide.")
        return problems
    if hold is None:
        return {"hold_minutes": _("Indiquez combien de temps les places sont retenues en attendant le règlement.")}
    if hold < 1:
        return {"hold_minutes": _("Retenez les places une minute au moins.")}
    if draft.online and hold > MOST_ONLINE_HOLD:
        return {"hold_minutes": _("Une page de paiement ne vit qu’un jour : 23 heures au plus.")}
    return {}


def _of_the_money(draft: MethodDraft) -> dict[str, str]:
    """Return what cannot be about when the money is awaited and what is given before."""
    days, problems = draft.payment_days, {}
    if draft.confirms_seat and days is None:
        problems["payment_days"] = _("Indiquez sous combien de jours le règlement est attendu.")
    elif draft.confirms_seat and days is not None and days < 1:
        problems["payment_days"] = _("Laissez un jour au moins pour régler.")
    if not draft.confirms_seat:
        too_early = _("La place n’est confirmée qu’au règlement : il n’y a pas d’échéance, laissez ce champ vide.")
        if days is not None:
            problems["payment_days"] = too_early
        if draft.grace_days:
            problems["grace_days"] = too_early
        if draft.starts_subscription:
            problems["starts_subscription"] = _("Un abonnement ne peut commencer avant que la commande soit confirmée.")
    for name in ("grace_days", "closes_days_before"):
        if getattr(draft, name) < 0:
            problems[name] = _("Indiquez un nombre de jours, ou 0.")
    return problems


def _of_the_promise(draft: MethodDraft) -> dict[str, str]:
    """Return what cannot be about closing what a promise opened."""
    days = draft.suspend_days
    if days is None:
        return {}
    if not draft.starts_subscription:
        return {
            "suspend_days": _("Rien à suspendre : l’abonnement attend le règlement. Laissez ce champ vide."),
        }
    return {"suspend_days": _("Indiquez un nombre de jours, ou 0.")} if days < 0 else {}


def _of_the_papers(draft: MethodDraft) -> dict[str, str]:
    """Return what cannot be about invoice, purchase order and means of payment."""
    problems, moment, order_days = {}, draft.invoice_at, draft.purchase_order_days
    if moment is not InvoiceMoment.PAYMENT and not draft.confirms_seat:
        problems["invoice_at"] = _("La commande n’est ferme qu’au règlement : la facture est émise à ce moment.")
    elif moment is InvoiceMoment.DELIVERY and order_days is None:
        problems["invoice_at"] = _(
            "Le service fait se note dans le dossier du bon de commande : indiquez après combien de jours le relancer."
        )
    elif draft.invoice_choice and (order_days is None or moment is InvoiceMoment.PAYMENT):
        problems["invoice_at"] = _(
            "L’acheteur ne choisit que pour un mandat : indiquez après combien de jours relancer le bon de commande."
        )
    if draft.proforma and draft.online:
        problems["proforma"] = _("En ligne, on paie aussitôt : il n’y a rien à présenter en attendant.")
    elif draft.proforma and moment is InvoiceMoment.ORDER:
        problems["proforma"] = _("La facture est émise dès la commande : une facture pro forma ferait double emploi.")
    if order_days is not None and not draft.confirms_seat:
        problems["purchase_order_days"] = _(
            "Un bon de commande promet le règlement : confirmez les places à la commande."
        )
    elif order_days is not None and order_days < 1:
        problems["purchase_order_days"] = _("Attendez un jour au moins avant de relancer.")
    elif order_days is not None and "siret" not in draft.required_fields:
        problems["required_fields"] = _("Le dossier d’un bon de commande demande le SIRET de l’organisme.")
    if draft.online and draft.means_code != CARD_MEANS:
        problems["means_code"] = _("La page de paiement encaisse des cartes : choisissez « Carte bancaire ».")
    return problems


def _refuse(problems: Mapping[str, str]) -> None:
    if problems:
        raise Invalid(
            "Certaines données sont à corriger.", errors={f"/{name}": told for name, told in problems.items()}
        )


def may_be_same_bank(one: str, other: str) -> bool:
    """Return whether two banks as they were typed may be one: either is not said, or they are written alike."""
    return not one or not other or texts.fold(one) == texts.fold(other)


def require_plausible_date(on: date, *, field: str, ordered_on: date, today: date) -> None:
    """Raise ``Invalid``, naming ``field``, for money said to have moved in the future or long before its order."""
    if on > today:
        raise Invalid("Cette date est à venir.", errors={f"/{field}": _("Cette date est à venir.")})
    if on < ordered_on - BEFORE_THE_ORDER:
        message = _("Cette date est plus d’un an avant la commande.")
        raise Invalid("Cette date est plus d’un an avant la commande.", errors={f"/{field}": message})


def mismatch(
    *, paid: bool, amount_cents: int, currency: str, live: bool, expected_cents: int, expects_live: bool
) -> str | None:
    """Return why a card payment does not fit its order, or ``None``."""
    if not paid:
        return "la page de paiement n’est pas payée"
    if live != expects_live:
        return "un paiement d’essai pour de vrais comptes, ou l’inverse"
    if currency != CURRENCY:
        return f"payé en {currency.upper()} au lieu d’euros"
    if amount_cents != expected_cents:
        return f"payé {amount_cents} centimes au lieu de {expected_cents}"
    return None


def next_try(*, attempts: int, now: datetime) -> datetime | None:
    """Return when something that Stripe told is tried again after ``attempts`` in vain; ``None``: no more by itself."""
    return now + EVENT_WAITS[attempts - 1] if attempts < EVENT_TRIES else None


def open_day(moved_on: date, *, closed_year: int | None) -> date:
    """Return the day on which a movement is entered: its own, or the first of the year that is still open."""
    return moved_on if closed_year is None else max(moved_on, date(closed_year + 1, 1, 1))


def year_to_close(*, first_year: int | None, closed_year: int | None, today: date) -> int | None:
    """Return the year that comes next to be closed: the oldest that is over and open; none while there is none.

    ``first_year`` is that of the journal's first movement.
    """
    following = first_year if closed_year is None else closed_year + 1
    return following if following is not None and following < today.year else None


def refund_refusal(reason: str) -> str:
    """Return in words why a refund does not take place, with what Stripe calls it after them."""
    words = _REFUND_REFUSALS.get(reason, "Stripe ou la banque le refuse")
    return f"{words} ({reason})" if reason else words


def next_ask(now: datetime, *, tries: int) -> datetime:
    """Return when Stripe is asked for a refund again after ``tries`` errors: at once, then after 1, 3, 7… minutes."""
    return now + min(timedelta(minutes=2 ** min(tries - 1, 10) - 1), LONGEST_WAIT)


def seal(previous_hash: str, content: Mapping[str, object]) -> str:
    """Return the hash of a line of the journal: of the hash before it and of what it says, in one way of writing."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(f"{previous_hash}\n{written}".encode()).hexdigest()
