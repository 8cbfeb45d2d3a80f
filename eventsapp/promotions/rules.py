"""Decisions about promotional codes, on plain values."""

import re
from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from eventsapp.core.errors import Invalid
from eventsapp.core.money import shared
from eventsapp.promotions.errors import CodeRefused
from eventsapp.promotions.statuses import PromoKind

#: The longest code, in characters.
CODE_LENGTH = 40
_CODE = re.compile(rf"[A-Z0-9][A-Z0-9_-]{{2,{CODE_LENGTH - 1}}}\Z")


def normalised(code: str) -> str:
    """Return a code as it is kept: people type it in small letters, and with spaces."""
    return "".join(code.split()).upper()


def is_well_written(code: str) -> bool:
    """Return whether a normalised code can be read out: letters without accents, figures, ``-`` and ``_``."""
    return _CODE.match(code) is not None


def discounts(kind: PromoKind, value: int, amounts: Sequence[int]) -> list[int]:
    """Return what is taken off each of ``amounts``, in cents; never more than the amount.

    A percentage is rounded line by line, halves in the buyer's favour. A sum is shared by the weight of the amounts,
    to the cent: what is taken off adds up to it, or to all there is.
    """
    if kind is PromoKind.FREE:
        return list(amounts)
    if kind is PromoKind.PERCENT:
        return [(amount * value + 50) // 100 for amount in amounts]
    return shared(min(value, sum(amounts)), amounts)


def require_usable(
    *,
    enabled: bool,
    valid_from: date | None,
    valid_until: date | None,
    uses_limit: int | None,
    uses_count: int,
    today: date,
) -> None:
    """Raise ``CodeRefused`` for a code that nobody can use today; its last day is included."""
    if not enabled:
        raise unknown()
    if valid_from is not None and today < valid_from:
        raise CodeRefused(_("Ce code promotionnel n’est pas encore valable."))
    if valid_until is not None and today > valid_until:
        raise CodeRefused(_("Ce code promotionnel n’est plus valable : il a expiré."))
    if uses_limit is not None and uses_count >= uses_limit:
        raise used_up()


def unknown() -> CodeRefused:
    """Return the refusal of a code that there is not; one that is switched off is no different."""
    return CodeRefused(_("Ce code promotionnel n’existe pas : vérifiez-le, ou laissez le champ vide."))


def used_up() -> CodeRefused:
    """Return the refusal of a code that was used as often as it may be."""
    return CodeRefused(_("Ce code promotionnel a déjà servi autant de fois que prévu."))


def not_for_this() -> CodeRefused:
    """Return the refusal of a code that is for other days or plans."""
    return CodeRefused(_("Ce code promotionnel ne vaut pas pour ce que vous commandez."))


def require_possible(
    *,
    code: str,
    kind: PromoKind,
    value: int,
    uses_limit: int | None,
    uses_count: int,
    valid_from: date | None,
    valid_until: date | None,
    for_everything: bool,
    chosen: int,
) -> None:
    """Raise ``Invalid``, with what is wrong beside its field, for a code that could never be used as it is meant."""
    errors: dict[str, str] = {}
    if not is_well_written(code):
        errors["/code"] = _("De 3 à 40 lettres sans accent, chiffres, tirets : BIENVENUE-2027.")
    if kind is PromoKind.PERCENT and not 1 <= value <= 100:
        errors["/percent"] = _("Indiquez un pourcentage entier, de 1 à 100.")
    if kind is PromoKind.AMOUNT and value < 1:
        errors["/amount"] = _("Indiquez le montant de la remise.")
    if uses_limit is not None and uses_limit < uses_count:
        errors["/uses_limit"] = _("Le code a déjà servi %(count)s fois.", count=uses_count)
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        errors["/valid_until"] = _("Le dernier jour est avant le premier.")
    if not for_everything and not chosen:
        errors["/scope"] = _("Choisissez au moins une journée ou une formule, ou « tout ».")
    if errors:
        raise Invalid("Certaines données sont à corriger.", errors=errors)
