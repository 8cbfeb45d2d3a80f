"""Forms of the waiting list: joining it, and what the office does with it."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from eventsapp.core import i18n
from eventsapp.core.fields import NOT_WHOLE, SubmissionField, email_field, phone_field, text_field
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list.rules import MOST_SEATS
from eventsapp.waiting_list.values import Wish


class JoinForm(FlaskForm):
    """Who waits, for how many seats."""

    submission = SubmissionField()
    #: Seen by robots only.
    website = StringField(_l("Ne pas remplir"))
    seats = IntegerField(
        _l("Nombre de places"),
        default=1,
        invalid_value_message=NOT_WHOLE,
        validators=[
            InputRequired(_l("Indiquez le nombre de places.")),
            NumberRange(min=1, max=MOST_SEATS, message=_l("De 1 à 20 places.")),
        ],
        description=_l("Un groupe est servi ensemble, ou attend."),
        render_kw={"min": "1", "max": str(MOST_SEATS), "inputmode": "numeric"},
    )
    rate = SelectField(
        _l("Tarif"), description=_l("À titre d’indication ; vous choisirez place par place."), validate_choice=False
    )
    first_name = text_field(_l("Prénom"), most=80, required=_l("Indiquez votre prénom."))
    last_name = text_field(lazy_pgettext("person", "Nom"), most=80, required=_l("Indiquez votre nom."))
    email = email_field(
        _l("Courriel"),
        required=_l("Indiquez votre courriel : la proposition y est envoyée."),
        description=_l("La place y sera proposée ; gardez un œil dessus."),
    )
    phone = phone_field(_l("Téléphone"))
    organisation = text_field(_l("Organisme"), most=200)

    def offer(self, day: StudyDay, *, now: datetime) -> None:
        """Offer the rates on sale."""
        language = {} if i18n.locale_code() == i18n.DEFAULT_LOCALE else {"lang": i18n.DEFAULT_LOCALE}
        self.rate.choices = [SelectChoice("", _("Je choisirai plus tard"))] + [
            SelectChoice(
                rate.code,
                f"{rate.local_name} · {i18n.money(rate.price_cents)}",
                render_kw={} if rate.name_en else language,
            )
            for rate in day.rates
            if rate.is_available(now)
        ]

    def wish(self) -> Wish:
        """Return who asks for what; a rate that the day does not have is none."""
        codes = {choice.value for choice in self.rate.choices}
        return Wish(
            first_name=self.first_name.data,
            last_name=self.last_name.data,
            email=self.email.data,
            seats=self.seats.data,
            rate_code=self.rate.data if self.rate.data in codes else "",
            phone=self.phone.data or "",
            organisation=self.organisation.data or "",
        )


class ReasonForm(FlaskForm):
    """Why the office does something with a list: the history keeps it."""

    reason = text_field(
        _l("Raison"),
        most=300,
        required=_l("Dites pourquoi : le journal le garde."),
        description=_l("Elle reste dans le journal, avec votre nom."),
    )
