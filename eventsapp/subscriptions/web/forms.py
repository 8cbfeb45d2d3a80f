"""Forms of plans, of what the office gives, and of gifts."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from eventsapp.core.fields import NOT_WHOLE, amount_field, cents_of, email_field, long_text_field, text_field
from eventsapp.core.money import amount_cents
from eventsapp.office import components as parts
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.models import Plan
from eventsapp.subscriptions.statuses import Audience, ContractKind, Edition
from eventsapp.subscriptions.values import Delivery, Grant, PlanDraft, Reader


class PlanForm(FlaskForm):
    """A plan as the office writes it."""

    name = text_field(_l("Nom"), most=120, required=_l("Donnez un nom : « individuel, un an »."))
    name_en = text_field(_l("Nom en anglais"), most=120)
    summary = long_text_field(_l("Présentation"), most=600, render_kw={"rows": 3})
    summary_en = long_text_field(_l("Présentation en anglais"), most=600, render_kw={"rows": 3})
    audience = SelectField(
        _l("Pour"),
        choices=[
            SelectChoice(Audience.INDIVIDUAL.value, _l("Une personne")),
            SelectChoice(Audience.INSTITUTION.value, _l("Un organisme")),
        ],
    )
    edition = SelectField(
        _l("Édition"),
        choices=[
            SelectChoice(Edition.BOTH.value, _l("Imprimée et en ligne")),
            SelectChoice(Edition.PRINT.value, _l("Imprimée")),
            SelectChoice(Edition.DIGITAL.value, _l("En ligne")),
        ],
    )
    months = IntegerField(
        _l("Durée en mois"),
        validators=[InputRequired(_l("Indiquez la durée.")), NumberRange(1, 60, _l("De 1 à 60 mois."))],
        invalid_value_message=NOT_WHOLE,
    )
    issues = IntegerField(
        _l("Numéros promis sur papier"),
        validators=[Optional(), NumberRange(1, 120, _l("De 1 à 120 numéros."))],
        invalid_value_message=NOT_WHOLE,
        description=_l("Vide : les numéros qui paraissent pendant la durée."),
    )
    copies = IntegerField(
        _l("Exemplaires de chaque numéro"),
        validators=[InputRequired(_l("Indiquez le nombre.")), NumberRange(1, 1000, _l("De 1 à 1 000 exemplaires."))],
        invalid_value_message=NOT_WHOLE,
        default=1,
        description=_l("Sur papier ; chaque nouvel abonnement les reçoit."),
    )
    readers = IntegerField(
        _l("Lecteurs"),
        validators=[InputRequired(_l("Indiquez le nombre.")), NumberRange(1, 1000, _l("De 1 à 1 000 lecteurs."))],
        invalid_value_message=NOT_WHOLE,
        description=_l("Autant de places au tarif abonné par journée."),
    )
    price = amount_field(_l("Prix TTC en euros"), required=_l("Indiquez le prix."))
    vat_category = parts.category_field()
    main_label = parts.main_label_field()
    components = parts.component_fields()
    position = IntegerField(
        _l("Rang"),
        validators=[InputRequired(_l("Indiquez le rang.")), NumberRange(1, 999, _l("De 1 à 999."))],
        invalid_value_message=NOT_WHOLE,
    )
    published = BooleanField(_l("Proposée sur le site"))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid: bool = super().validate(extra_validators)
        return parts.make_the_price(self, price_cents=amount_cents(self.price.data or "")) and valid

    def draft(self) -> PlanDraft:
        """Return the plan."""
        return PlanDraft(
            name=self.name.data,
            name_en=self.name_en.data or "",
            summary=self.summary.data or "",
            summary_en=self.summary_en.data or "",
            audience=Audience(self.audience.data),
            edition=Edition(self.edition.data),
            months=self.months.data,
            issues=self.issues.data if Edition(self.edition.data) is not Edition.DIGITAL else None,
            copies=self.copies.data if Edition(self.edition.data) is not Edition.DIGITAL else 1,
            readers=self.readers.data,
            price_cents=cents_of(self.price.data),
            position=self.position.data,
            published=self.published.data,
            components=parts.read(self, price_cents=cents_of(self.price.data)),
        )


class _DeliveryForm(FlaskForm):
    """Who reads, and where paper is sent, where some is."""

    email = email_field(_l("Courriel"), required=_l("Indiquez le courriel : c’est lui qui ouvre la lecture."))
    name = text_field(_l("Nom"), most=200)
    address = text_field(_l("Adresse"), most=300)
    postcode = text_field(_l("Code postal"), most=10)
    city = text_field(_l("Ville"), most=100)
    #: Whether paper is sent: then its address is needed.
    on_paper = False

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if not self.on_paper:
            return valid
        for name in ("name", "address", "postcode", "city"):
            if not self[name].data and not self[name].errors:
                self[name].errors = [_("À remplir : le magazine est envoyé à cette adresse.")]
                valid = False
        for name, told in rules.delivery_problems(self.delivery()).items():
            self[name].errors = [*self[name].errors, told]
            valid = False
        return valid

    def delivery(self) -> Delivery:
        """Return where paper is sent."""
        return Delivery(
            name=self.name.data or "",
            address=self.address.data or "",
            postcode=self.postcode.data or "",
            city=self.city.data or "",
        )


class GrantForm(_DeliveryForm):
    """A subscription that the office gives."""

    kind = RadioField(
        _l("Nature"),
        choices=[
            SelectChoice(ContractKind.COMPLIMENTARY.value, _l("Gratuit")),
            SelectChoice(ContractKind.TRIAL.value, _l("À l’essai")),
        ],
        validators=[InputRequired(_l("Choisissez gratuit ou à l’essai."))],
    )
    plan = SelectField(_l("Formule"), validators=[InputRequired(_l("Choisissez une formule."))])
    ends_on = DateField(
        _l("Dernier jour"),
        validators=[DataRequired(_l("Indiquez le dernier jour."))],
        description=_l("L’abonnement court dès aujourd’hui, jusqu’à ce jour compris."),
    )
    reason = text_field(
        _l("Motif"),
        most=300,
        required=_l("Dites pourquoi : la page de l’abonnement le garde."),
        description=_l("Intervenante à Nantes, service de presse, découverte après une journée…"),
    )
    tell = BooleanField(_l("Prévenir le lecteur par courriel"))

    def offer(self, plans: Sequence[Plan]) -> None:
        """Offer these plans."""
        self.plan.choices = [SelectChoice(plan.slug, plan.name) for plan in plans]
        chosen = next((plan for plan in plans if plan.slug == self.plan.data), None)
        self.on_paper = chosen is not None and chosen.needs_address

    def grant(self) -> Grant:
        """Return what is given."""
        return Grant(
            kind=ContractKind(self.kind.data),
            email=self.email.data,
            delivery=self.delivery(),
            ends_on=self.ends_on.data,
            reason=self.reason.data or "",
            tell=self.tell.data,
        )


class RedeemForm(_DeliveryForm):
    """Who accepts a gift."""

    def offer(self, plan: Plan) -> None:
        """Ask for what the plan needs."""
        self.on_paper = plan.needs_address

    def reader(self) -> Reader:
        """Return who reads."""
        return Reader(email=self.email.data, delivery=self.delivery())


class ResendForm(FlaskForm):
    """Where the mail of a gift goes once more."""

    email = email_field(_l("Courriel du destinataire"), required=_l("Indiquez le courriel de qui reçoit le cadeau."))
