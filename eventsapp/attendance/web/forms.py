"""Forms of the door and of presences."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from eventsapp.attendance.service import LONGEST_SHEET
from eventsapp.checkout.values import OrderRequest, Seats
from eventsapp.core import i18n
from eventsapp.core.fields import SubmissionField, email_field, text_field
from eventsapp.orders.values import Billing, Buyer
from eventsapp.payments.models import PaymentMethod
from eventsapp.registrations.values import Attendee
from eventsapp.study_days.models import Rate, StudyDay


class WalkInForm(FlaskForm):
    """Somebody who comes without a seat."""

    submission = SubmissionField()
    first_name = text_field(_l("Prénom"), most=80, required=_l("Indiquez le prénom."))
    last_name = text_field(lazy_pgettext("person", "Nom"), most=80, required=_l("Indiquez le nom."))
    email = email_field(
        _l("Courriel"), description=_l("Sans courriel, imprimez le billet ; la facture se remet ou part par la poste.")
    )
    organisation = text_field(_l("Organisme à facturer"), most=200)
    siret = text_field(_l("SIRET"), most=30, description=_l("Pour un mandat ; il peut être donné plus tard."))
    job_title = text_field(_l("Fonction"), most=150)
    rate = SelectField(_l("Tarif"), validators=[InputRequired(_l("Choisissez un tarif."))], validate_choice=False)
    payment_method = RadioField(
        _l("Règlement à venir"),
        validators=[InputRequired(_l("Choisissez un mode de règlement."))],
        validate_choice=False,
    )
    beyond_capacity = BooleanField(_l("Ajouter une place au-delà de la capacité"))

    def offer(self, rates: Sequence[Rate], methods: Sequence[PaymentMethod]) -> None:
        """Offer these rates and ways to pay."""
        self.rate.choices = [
            SelectChoice(rate.code, f"{rate.local_name}, {i18n.money(rate.price_cents)}") for rate in rates
        ]
        self.payment_method.choices = [SelectChoice(method.code, method.local_name) for method in methods]
        if len(methods) == 1 and not self.payment_method.data:
            self.payment_method.data = methods[0].code

    def show_refusal(self, errors: Mapping[str, str]) -> list[str]:
        """Put messages beside the fields that their pointers end with; return those that have none."""
        elsewhere = []
        for pointer, message in errors.items():
            name = pointer.rsplit("/", 1)[-1]
            name = "organisation" if name == "name" else name
            if name in self and not isinstance(self[name], HiddenField):
                self[name].errors = [*self[name].errors, message]
            else:
                elsewhere.append(message)
        return elsewhere

    def request(self, day: StudyDay, *, locale: str) -> OrderRequest:
        """Return the order of one seat at ``day``."""
        values: dict[str, Any] = {
            name: self[name].data or "" for name in ("first_name", "last_name", "email", "job_title", "rate")
        }
        return OrderRequest(
            buyer=Buyer(email=values["email"], first_name=values["first_name"], last_name=values["last_name"]),
            billing=Billing(organisation=self.organisation.data or "", siret=self.siret.data or ""),
            payment_method=self.payment_method.data or "",
            items=(Seats(study_day=day.slug, attendees=(Attendee(**values),)),),
            idempotency_key=f"door-{self.submission.data}",
            locale=locale,
        )


class SheetForm(FlaskForm):
    """A file of presences, chosen or pasted; what was read stays in the field until it is confirmed."""

    file = FileField(_l("Fichier CSV"), render_kw={"accept": ".csv,.txt,text/csv,text/plain"})
    text = TextAreaField(
        _l("Ou son contenu"),
        description=_l("Une colonne code, courriel ou nom ; une colonne Matin, une colonne Après-midi : oui ou non."),
        render_kw={"rows": 8, "spellcheck": "false"},
    )

    def content(self) -> str:
        """Return what was chosen, else what was pasted; bytes that are no UTF-8 are read as French Windows writes."""
        if self.file.data:
            raw = self.file.data.read(LONGEST_SHEET * 4 + 1)
            try:
                return str(raw.decode("utf-8-sig"))
            except UnicodeDecodeError:
                return str(raw.decode("cp1252", "replace"))
        return str(self.text.data or "")
