"""Which accounts may be one."""

from collections.abc import Mapping

from flask_babel import gettext as _

from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Account
from eventsapp.core.errors import Invalid

#: Sales in one sum tell less, and are no mistake; nor is the tax of all rates on one account.
_TOGETHER = {AccountKey.SERVICES.value: "sales", AccountKey.GOODS.value: "sales"}


def require_apart(accounts: Mapping[str, Account]) -> None:
    """Raise ``Invalid`` beside each number that stands for two different things, or has two names.

    ``accounts`` are by the name of what they are for: a key, or ``vat_2000`` for the tax at a rate. The bank’s number
    on customers would let every payment vanish from the books.
    """
    first: dict[str, str] = {}
    errors = {}
    for name, account in accounts.items():
        other = first.setdefault(account.number, name)
        if _purpose(other) != _purpose(name):
            errors[f"/{name}_number"] = _("Ce numéro est déjà celui d’un compte qui sert à autre chose.")
        elif accounts[other].label != account.label:
            errors[f"/{name}_label"] = _(
                "Le compte %(number)s s’appelle déjà « %(name)s » : un compte n’a qu’un nom.",
                number=account.number,
                name=accounts[other].label,
            )
    if errors:
        raise Invalid(next(iter(errors.values())), errors=errors)


def _purpose(name: str) -> str:
    return "vat" if name.partition("_")[0] == AccountKey.VAT else _TOGETHER.get(name, name)
