"""Forms about who reads for an institution."""

from collections.abc import Collection, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from eventsapp.core.fields import email_field, long_text_field, text_field
from eventsapp.subscriptions.models import Member


class InviteForm(FlaskForm):
    """Whom to invite, as people paste addresses."""

    addresses = long_text_field(
        _l("Adresses"),
        most=40_000,
        required=_l("Collez au moins une adresse."),
        description=_l(
            "Une par ligne, ou séparées par des virgules, des points-virgules ou les colonnes d’un tableur ; "
            "« Prénom Nom <nom@ville.fr> » convient aussi."
        ),
        render_kw={"rows": 10, "spellcheck": "false", "autocapitalize": "off"},
    )


class ChooseForm(FlaskForm):
    """Who keeps a seat."""

    members = SelectMultipleField(
        _l("Qui reste"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
        validate_choice=False,
    )  # fmt: skip

    def offer(self, members: Sequence[Member], seated: Collection[int]) -> None:
        """Offer these people, those who have a seat ticked."""
        self.members.choices = [SelectChoice(member.id, member.label) for member in members]
        if not self.is_submitted():
            self.members.data = list(seated)


class DomainForm(FlaskForm):
    """The domain that people join by: the code goes to an address there."""

    email = email_field(
        _l("Une adresse de votre domaine"),
        required=_l("Donnez une adresse du domaine : accueil@ville.fr."),
        description=_l("Le code y part. Ensuite, toute personne qui a une adresse en @ce-domaine peut arriver."),
    )


class CodeForm(FlaskForm):
    """The code that was sent to the domain."""

    code = text_field(_l("Code reçu"), most=20, required=_l("Recopiez le code."))


class ManagerForm(FlaskForm):
    """Who manages as well."""

    email = email_field(_l("Courriel"), required=_l("Indiquez le courriel."))


class JoinForm(FlaskForm):
    """Who joins by the link of a domain."""

    email = email_field(_l("Votre adresse professionnelle"), required=_l("Indiquez votre adresse."))
