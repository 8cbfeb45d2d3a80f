"""Forms of the books: the accounts, and what Stripe paid out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField
from wtforms.validators import DataRequired, Regexp, ValidationError

from eventsapp.books.models import LedgerAccount, VatAccount
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Account, Payout
from eventsapp.core.fields import amount_field, cents_of, text_field

#: The first three figures are of the general chart, in the FEC as well (LPF art. A47 A-1, VII).
_NUMBER = r"\A[0-9]{3}[0-9A-Za-z]{0,17}\Z"
#: A year of a report is a few hundred kilobytes.
MOST_BYTES = 1_900_000


def accounts_form(rows: Sequence[LedgerAccount], vat: Mapping[int, VatAccount | None]) -> Any:
    """Return the form of these accounts, and of those of the tax by rate: a number and a name each."""
    fields: dict[str, Any] = {}
    known: list[tuple[str, LedgerAccount | VatAccount | None]] = [(row.key.value, row) for row in rows]
    known += [(vat_name(rate), row) for rate, row in vat.items()]
    for name, row in known:
        number = text_field(
            _l("Numéro"), most=20, required=_l("Indiquez le numéro du compte."), default=row.number if row else ""
        )
        number.kwargs["validators"].append(
            Regexp(_NUMBER, message=_l("Un numéro de compte commence par trois chiffres du plan comptable."))
        )
        fields[f"{name}_number"] = number
        fields[f"{name}_label"] = text_field(
            _l("Nom"), most=100, required=_l("Indiquez le nom du compte."), default=row.label if row else ""
        )
    return type("AccountsForm", (FlaskForm,), fields)()


def drafts(form: Any) -> dict[AccountKey, Account]:
    """Return what was typed."""
    return {key: _account(form, key.value) for key in AccountKey if f"{key}_number" in form}


def vat_drafts(form: Any, rates: Iterable[int]) -> dict[int, Account]:
    """Return what was typed of the accounts of the tax."""
    return {rate: _account(form, vat_name(rate)) for rate in rates}


def _account(form: Any, name: str) -> Account:
    return Account(number=form[f"{name}_number"].data, label=form[f"{name}_label"].data)


def vat_name(rate: int) -> str:
    """Return what the fields of the account of a rate are called."""
    return f"vat_{rate}"


class ReportForm(FlaskForm):
    """Stripe's report of the balance."""

    file = FileField(
        _l("Rapport au format CSV"),
        validators=[FileRequired(_l("Choisissez le fichier que donne Stripe."))],
        description=_l("Le même rapport deux fois n’enregistre rien de nouveau."),
    )

    def data_of_file(self) -> bytes:
        """Return what is in it."""
        content: bytes = self.file.data.read(MOST_BYTES + 1)
        return content

    def validate_file(self, field: FileField) -> None:
        size = field.data.seek(0, 2)
        field.data.seek(0)
        if size > MOST_BYTES:
            raise ValidationError(_("Ce fichier est trop grand : importez le rapport mois par mois."))


class PayoutForm(FlaskForm):
    """A payout, as the bank's statement and Stripe's page say it."""

    reference = text_field(
        _l("Nom du versement"),
        most=100,
        required=_l("Indiquez le nom du versement, par exemple po_1Q… ou le libellé de la banque."),
        description=_l("Celui de Stripe, « po_… », de préférence : le même n’est compté qu’une fois."),
    )
    arrived_on = DateField(_l("Arrivé à la banque le"), validators=[DataRequired(_l("Indiquez la date d’arrivée."))])
    net = amount_field(_l("Versé à la banque, en euros"), required=_l("Indiquez le montant versé."), least_cents=1)
    fee = amount_field(_l("Frais retenus, en euros"), required=_l("Indiquez les frais, ou 0."))

    def value(self) -> Payout:
        """Return what was typed."""
        return Payout(
            reference=self.reference.data,
            arrived_on=self.arrived_on.data,
            net_cents=cents_of(self.net.data),
            fee_cents=cents_of(self.fee.data),
        )
