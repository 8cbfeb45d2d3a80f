"""When and where a day is held, what its page says, and a new one whole."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, FormField, HiddenField, IntegerField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, ValidationError

from eventsapp.core import settings
from eventsapp.core.errors import Invalid
from eventsapp.core.fields import NOT_WHOLE, Entries, long_text_field, one_line, require_amount, text_field
from eventsapp.core.money import amount_cents
from eventsapp.office.forms import VersionedForm
from eventsapp.places.models import City, Venue
from eventsapp.study_days import rules
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.rules import programme_lines
from eventsapp.study_days.statuses import RateCode
from eventsapp.study_days.values import Essentials, Particulars, Price, Slot
from eventsapp.study_days.web.forms._fields import date_field, key_field, moment_field, time_field

MOST_SEATS = 20_000
#: Registration that closes longer before the day is a slip of the finger.
LONGEST_CLOSED = timedelta(days=366)
#: The rates that a new day is offered, with who may take them; in French and in English, whoever offers them.
USUAL_RATES = (
    (RateCode.SUBSCRIBER, ("Abonné", "Subscriber"), ("Vérifié par nos soins", "Checked by us")),
    (RateCode.STANDARD, ("Non-abonné", "Non-subscriber"), ("", "")),
    (RateCode.ELECTED, ("Élu", "Elected official"), ("Élus locaux", "Local elected officials")),
    (RateCode.EARLY_BIRD, ("Réservation anticipée", "Early bird"), ("", "")),
    (RateCode.FREE, ("Gratuit", "Free"), ("Sur invitation", "By invitation")),
)


class EssentialsForm(VersionedForm):
    """When and where a day is held, for how many."""

    #: By what the clock goes at each place that is offered.
    _zones: Mapping[tuple[str, int | None], str] = {}

    title = text_field(_l("Titre"), most=200, required=_l("Donnez un titre à la journée."))
    lead = long_text_field(
        _l("Chapô"), most=600, description=_l("Une ou deux phrases sous le titre."), render_kw={"rows": 3}
    )
    on = date_field(_l("Date"), required=_l("Indiquez la date."))
    starts = time_field(_l("Début"), required=_l("Indiquez l’heure de début."))
    ends = time_field(_l("Fin"), required=_l("Indiquez l’heure de fin."))
    welcome = time_field(_l("Accueil à partir de"))
    last_date = date_field(_l("Dernière date"), description=_l("Si la journée en dure plusieurs."))
    hours_known = BooleanField(_l("Les heures sont connues"), default=True)
    venue = key_field(_l("Lieu"))
    city = key_field(_l("Ville"), description=_l("Quand le lieu n’est pas encore choisi."))
    series = key_field(_l("Série"))
    theme = key_field(_l("Thème"))
    capacity = IntegerField(
        _l("Places"),
        validators=[
            InputRequired(_l("Indiquez le nombre de places.")),
            NumberRange(0, MOST_SEATS, _l("De 0 à 20 000 places.")),
        ],
        invalid_value_message=NOT_WHOLE,
    )
    opens = moment_field(_l("Les inscriptions ouvrent"), description=_l("Laissé vide : aussitôt."))
    closes = moment_field(_l("Elles ferment"), description=_l("Laissé vide : deux jours avant, à midi."))
    changes = moment_field(
        _l("Les noms changent jusqu’au"), description=_l("Laissé vide : jusqu’à l’ouverture des portes.")
    )

    def offer(
        self,
        *,
        places: Sequence[tuple[City, Venue | None]],
        series: Sequence[tuple[int, str]],
        themes: Sequence[tuple[int, str]],
    ) -> None:
        """Offer what there is to choose from; ``places`` are the cities, each as often as it has venues."""
        self._zones = {("venue", venue.id): city.timezone for city, venue in places if venue}
        self._zones |= {("city", city.id): city.timezone for city, _venue in places}
        nothing = SelectChoice("", "—")
        self.venue.choices = [
            SelectChoice("", _l("à préciser : la ville seulement")),
            *(SelectChoice(str(venue.id), venue.name, optgroup=city.name) for city, venue in places if venue),
        ]
        cities = {city.id: _city_label(city) for city, _venue in places}
        self.city.choices = [nothing, *(SelectChoice(str(number), label) for number, label in cities.items())]
        self.series.choices = [nothing, *(SelectChoice(str(number), title) for number, title in series)]
        self.theme.choices = [nothing, *(SelectChoice(str(number), name) for number, name in themes)]

    def validate_city(self, field: Field) -> None:
        if field.data is None and self.venue.data is None:
            raise ValidationError(_l("Choisissez un lieu, ou au moins la ville."))

    # What the service refuses too is told with the rest, not once the rest is mended.
    def validate_starts(self, field: Field) -> None:
        self._require_shown(self.on.data, field.data)

    def validate_ends(self, field: Field) -> None:
        self._require_shown(self.last_date.data or self.on.data, field.data)
        if field.data is None or self.on.data is None or self.starts.data is None:
            return
        if (self.last_date.data or self.on.data, field.data) <= (self.on.data, self.starts.data):
            raise ValidationError(_l("Indiquez une heure après le début."))

    def validate_last_date(self, field: Field) -> None:
        if field.data is not None and self.on.data is not None and field.data < self.on.data:
            raise ValidationError(_l("La dernière date vient après la première."))

    def validate_welcome(self, field: Field) -> None:
        self._require_shown(self.on.data, field.data)
        if field.data is not None and self.starts.data is not None and field.data > self.starts.data:
            raise ValidationError(_l("L’accueil commence avant la journée, ou avec elle."))

    def validate_opens(self, field: Field) -> None:
        self._require_moment(field.data)
        end = self.last_date.data or self.on.data
        if field.data is not None and end is not None and field.data.date() > end:
            raise ValidationError(_l("Les inscriptions ouvrent avant la journée."))

    def validate_closes(self, field: Field) -> None:
        if field.data is None:
            return
        self._require_moment(field.data)
        if self.opens.data is not None and field.data <= self.opens.data:
            raise ValidationError(_l("Les inscriptions ferment après leur ouverture."))
        end = self.last_date.data or self.on.data
        if end is not None and field.data.date() > end:
            raise ValidationError(_l("Les inscriptions ferment au plus tard avec la journée."))
        if end is not None and self.ends.data is not None and field.data > datetime.combine(end, self.ends.data):
            raise ValidationError(_l("Choisissez une date avant la fin."))
        if self.on.data is not None and field.data.date() < self.on.data - LONGEST_CLOSED:
            raise ValidationError(_l("Plus d’un an avant la journée : vérifiez la date."))

    def validate_changes(self, field: Field) -> None:
        self._require_moment(field.data)
        end = self.last_date.data or self.on.data
        if field.data is not None and end is not None and field.data.date() > end:
            raise ValidationError(_l("Les noms changent au plus tard jusqu’à la journée."))

    def _require_moment(self, moment: datetime | None) -> None:
        if moment is not None:
            self._require_shown(moment.date(), moment.time())

    def _require_shown(self, day: date | None, at: time | None) -> None:
        """Refuse an hour that the clock of the chosen town skips in spring."""
        named = self._zones.get(("venue", self.venue.data)) or self._zones.get(("city", self.city.data))
        if day is None or at is None or named is None:
            return
        try:
            rules.moment(day, at, settings.zone(named))
        except Invalid as refusal:
            raise ValidationError(refusal.message) from refusal

    def values(self) -> Essentials:
        """Return what was written."""
        return Essentials(
            title=self.title.data,
            lead=self.lead.data or "",
            city_id=self.city.data or 0,
            venue_id=self.venue.data,
            series_id=self.series.data,
            theme_id=self.theme.data,
            on=self.on.data,
            starts=self.starts.data,
            ends=self.ends.data,
            last_date=self.last_date.data,
            welcome=self.welcome.data,
            hours_known=self.hours_known.data,
            capacity=self.capacity.data,
            opens=self.opens.data,
            closes=self.closes.data,
            changes=self.changes.data,
        )

    @staticmethod
    def of(day: StudyDay) -> dict[str, Any]:
        """Return the fields of ``day`` as the form shows them, at the hours of its town."""
        opens, changes = day.local_open, day.local_changes_until
        return {
            "version": str(day.version),
            "title": day.title,
            "lead": day.lead,
            "on": day.date,
            "starts": day.local_start.time(),
            "ends": day.local_end.time(),
            "welcome": day.local_welcome.time() if day.local_welcome else None,
            "last_date": day.local_end.date() if day.local_end.date() != day.date else None,
            "hours_known": day.hours_known,
            "venue": day.venue_id,
            "city": day.city_id,
            "series": day.series_id,
            "theme": day.theme_id,
            "capacity": day.capacity,
            "opens": opens.replace(tzinfo=None) if opens else None,
            "closes": day.local_close.replace(tzinfo=None),
            "changes": changes.replace(tzinfo=None) if changes else None,
        }


class UsualRateForm(Form):
    """One of the usual rates of a new day."""

    code = HiddenField()
    name = HiddenField()
    name_en = HiddenField()
    condition = HiddenField()
    condition_en = HiddenField()
    offered = BooleanField(_l("Proposer"))
    price = StringField(_l("Prix TTC en euros"), filters=[one_line])
    until = date_field(_l("Jusqu’au"))

    def validate_price(self, field: Field) -> None:
        if self.offered.data:
            require_amount(field, or_else=_l("Écrivez un prix en euros, par exemple 540,00."))


class NewDayForm(EssentialsForm):
    """A new day, with its usual rates and the outline of its programme."""

    rates = Entries(FormField(UsualRateForm), max_entries=len(USUAL_RATES))
    programme = long_text_field(
        _l("Programme"),
        most=8000,
        description=_l("Une ligne par séance, l’heure d’abord : « 9:30 Ouverture », « 10:00-11:00 Les finances »."),
        render_kw={"rows": 8},
    )

    def validate_programme(self, _field: Field) -> None:
        try:
            self.slots()
        except Invalid as refusal:
            raise ValidationError(next(iter(refusal.errors.values()), refusal.message)) from refusal

    def prices(self) -> list[Price]:
        """Return the rates that are offered."""
        return [
            Price(
                code=entry.form.code.data,
                name=entry.form.name.data,
                condition=entry.form.condition.data or "",
                name_en=entry.form.name_en.data or "",
                condition_en=entry.form.condition_en.data or "",
                price_cents=amount_cents(entry.form.price.data or "") or 0,
                until=entry.form.until.data,
                for_subscribers=entry.form.code.data == RateCode.SUBSCRIBER,
            )
            for entry in self.rates
            if entry.form.offered.data
        ]

    def slots(self) -> list[Slot]:
        """Return the programme; raise ``Invalid`` for an hour that no clock shows."""
        return [
            Slot(title=line.title[:200], kind=line.kind, starts=line.starts, ends=line.ends)
            for line in programme_lines(self.programme.data or "")
        ]


class ParticularsForm(VersionedForm):
    """What the page of a day says besides."""

    description = long_text_field(
        _l("Présentation"), most=20000, description=_l("En Markdown."), render_kw={"rows": 10}
    )
    objectives = long_text_field(_l("Objectifs"), most=4000, render_kw={"rows": 4})
    audience = long_text_field(_l("Pour qui"), most=2000, render_kw={"rows": 3})
    included = text_field(_l("Le prix comprend"), most=200, description=_l("Par exemple : déjeuner compris."))
    practical = long_text_field(
        _l("Questions pratiques"), most=10000, description=_l("En Markdown."), render_kw={"rows": 6}
    )
    cancellation_terms = long_text_field(_l("Conditions d’annulation"), most=4000, render_kw={"rows": 4})
    contact = text_field(_l("Contact"), most=200)

    def values(self) -> Particulars:
        """Return what was written."""
        return Particulars(**{name: getattr(self, name).data or "" for name in Particulars.__dataclass_fields__})


def _city_label(city: City) -> str:
    return f"{city.name} ({city.department})" if city.department else city.name
