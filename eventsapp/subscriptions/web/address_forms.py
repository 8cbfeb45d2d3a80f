"""Forms of where paper goes, and of copies that came back."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from eventsapp.core.fields import NOT_WHOLE, text_field
from eventsapp.subscriptions import queries
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.values import Delivery

_NEEDED = _l("À remplir : le magazine est envoyé à cette adresse.")


class AddressForm(FlaskForm):
    """Where paper goes, and from when."""

    name = text_field(_l("Nom"), most=200, required=_NEEDED)
    address = text_field(_l("Adresse"), most=300, required=_NEEDED)
    postcode = text_field(_l("Code postal"), most=10, required=_NEEDED)
    city = text_field(_l("Ville"), most=100, required=_NEEDED)
    from_on = DateField(
        _l("À partir du"), validators=[Optional()], description=_l("Vide : dès aujourd’hui, pour le prochain envoi.")
    )

    def delivery(self) -> Delivery:
        """Return where paper goes."""
        return Delivery(
            name=self.name.data, address=self.address.data, postcode=self.postcode.data, city=self.city.data
        )


class CopiesForm(FlaskForm):
    """How many copies go out."""

    copies = IntegerField(
        _l("Exemplaires de chaque numéro"),
        validators=[InputRequired(_l("Indiquez le nombre.")), NumberRange(1, 1000, _l("De 1 à 1 000 exemplaires."))],
        invalid_value_message=NOT_WHOLE,
    )


class ReturnForm(FlaskForm):
    """A copy that came back."""

    reason = SelectField(
        _l("Motif indiqué sur le pli"),
        choices=[SelectChoice(reason.value, label) for reason, label in queries.REASON_WORDS.items()],
    )
    on = DateField(_l("Revenu le"), validators=[DataRequired(_l("Indiquez le jour."))])
    tell = BooleanField(_l("Demander une nouvelle adresse au lecteur, par courriel"))


def address_form(contract: Contract) -> AddressForm:
    """Return the form with the address of today in it."""
    where = contract.delivery
    return AddressForm(formdata=None, name=where.name, address=where.address, postcode=where.postcode, city=where.city)


def return_form(*, today: date) -> ReturnForm:
    """Return the form for a copy that came back today."""
    return ReturnForm(formdata=None, on=today, tell=True)
