"""Decisions about payments, on plain values."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsapp.core import texts
from eventsapp.core.errors import Invalid

#: The currency of everything, as Stripe writes it.
CURRENCY = "eur"
#: UNTDID 4461: what goes to the bank as paper, and what a gateway holds before the bank has it.
CHEQUE_MEANS = "20"
CARD_MEANS = "48"
#: Digits of the number at the foot of a cheque.
CHEQUE_DIGITS = 7
#: A cheque may come in before its order is typed, but not that long.
BEFORE_THE_ORDER = timedelta(days=365)
#: Errors of Stripe after which the office is told of a refund, and the longest that one waits to be asked for again.
TRIES = 5
LONGEST_WAIT = timedelta(hours=6)
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


def missing_fields(required: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return field → what to do, for the fields that a method asks for and the buyer left empty."""
    return {name: str(_MISSING[name]) for name in required if not given.get(name, "").strip()}


def is_offered(*, closes_days_before: int, day_starts_at: datetime, now: datetime) -> bool:
    """Return whether a method may still be used for a day that starts then."""
    return now < day_starts_at - timedelta(days=closes_days_before)


def due_on(*, placed_on: date, payment_days: int | None) -> date | None:
    """Return until when the money is awaited."""
    return None if payment_days is None else placed_on + timedelta(days=payment_days)


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


def next_ask(now: datetime, *, tries: int) -> datetime:
    """Return when Stripe is asked for a refund again after ``tries`` errors: at once, then after 1, 3, 7… minutes."""
    return now + min(timedelta(minutes=2 ** min(tries - 1, 10) - 1), LONGEST_WAIT)


def seal(previous_hash: str, content: Mapping[str, object]) -> str:
    """Return the hash of a line of the journal: of the hash before it and of what it says, in one way of writing."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(f"{previous_hash}\n{written}".encode()).hexdigest()
