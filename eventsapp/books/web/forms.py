"""Forms of the books: a period, and the accounts."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import Regexp

from eventsapp.books.models import LedgerAccount
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Account
from eventsapp.core.fields import text_field

_NUMBER = r"\A[0-9][0-9A-Za-z]{1,19}\Z"


def accounts_form(rows: Sequence[LedgerAccount]) -> Any:
    """Return the form of these accounts: a number and a name each."""
    fields: dict[str, Any] = {}
    for row in rows:
        number = text_field(_l("Numéro"), most=20, required=_l("Indiquez le numéro du compte."), default=row.number)
        number.kwargs["validators"].append(Regexp(_NUMBER, message=_l("Un numéro de compte commence par un chiffre.")))
        fields[f"{row.key}_number"] = number
        fields[f"{row.key}_label"] = text_field(
            _l("Nom"), most=100, required=_l("Indiquez le nom du compte."), default=row.label
        )
    return type("AccountsForm", (FlaskForm,), fields)()


def drafts(form: Any) -> dict[AccountKey, Account]:
    """Return what was typed."""
    return {
        key: Account(number=form[f"{key}_number"].data, label=form[f"{key}_label"].data)
        for key in AccountKey
        if f"{key}_number" in form
    }
