"""The forms of a city and of a venue."""

import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from eventsapp.core.fields import long_text_field, one_line, printable, text_field
from eventsapp.places.models import City, Venue
from eventsapp.places.values import CityDraft, VenueDraft

#: The time zones of French public life, first in the list; any other may follow.
_USUAL_ZONES = (
    "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion", "Indian/Mayotte",
    "Pacific/Noumea", "Pacific/Tahiti", "America/Miquelon", "Pacific/Wallis", "Europe/Brussels",
)  # fmt: skip
_DECIMAL = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?\Z")


def _degrees(bound: int) -> Any:
    def check(_form: FlaskForm, field: Field) -> None:
        number = _number(field.data)
        if field.data and (number is None or abs(number) > bound):
            raise ValidationError(_l("Écrivez des degrés décimaux, par exemple 47,473."))

    return check


def _coordinate_field(label: Any, bound: int) -> StringField:
    return StringField(
        label, filters=[one_line], validators=[Length(max=20), _degrees(bound)], render_kw={"inputmode": "decimal"}
    )


def _number(text: str | None) -> float | None:
    """Return a number as people type it, or ``None``."""
    plain = (text or "").replace(",", ".").replace("−", "-")
    return float(plain) if _DECIMAL.match(plain) else None


def _shown(number: float | None) -> str:
    return "" if number is None else f"{number:g}".replace(".", ",")


def _web_address(_form: FlaskForm, field: Field) -> None:
    if field.data and not field.data.startswith(("https://", "http://")):
        raise ValidationError(_l("Commencez par https://."))


class CityForm(FlaskForm):
    """A city."""

    name = text_field(_l("Ville"), most=100, required=_l("Indiquez le nom de la ville."))
    department = text_field(_l("Département"), most=100, description=_l("Distingue deux villes du même nom."))
    latitude = _coordinate_field(_l("Latitude"), 90)
    longitude = _coordinate_field(_l("Longitude"), 180)
    timezone = SelectField(
        _l("Fuseau horaire"),
        choices=[
            SelectChoice(name)
            for name in (*_USUAL_ZONES, *sorted(available_timezones().difference(_USUAL_ZONES)))
            if "/" in name
        ],
        default=_USUAL_ZONES[0],
    )

    def values(self) -> CityDraft:
        """Return what was written."""
        return CityDraft(
            name=self.name.data,
            department=self.department.data or "",
            latitude=_number(self.latitude.data),
            longitude=_number(self.longitude.data),
            timezone=self.timezone.data,
        )

    @staticmethod
    def of(city: City) -> dict[str, Any]:
        """Return the fields of ``city`` as the form shows them."""
        return {
            "name": city.name,
            "department": city.department,
            "latitude": _shown(city.latitude),
            "longitude": _shown(city.longitude),
            "timezone": city.timezone,
        }


class VenueForm(FlaskForm):
    """A venue, how to get there and how to get in."""

    name = text_field(_l("Nom du lieu"), most=150, required=_l("Donnez un nom au lieu."))
    city = SelectField(_l("Ville"), coerce=int, validators=[InputRequired(_l("Choisissez la ville."))])
    address = text_field(_l("Adresse"), most=300)
    postcode = text_field(_l("Code postal"), most=10)
    latitude = _coordinate_field(_l("Latitude"), 90)
    longitude = _coordinate_field(_l("Longitude"), 180)
    website = StringField(_l("Site"), filters=[one_line], validators=[printable, Length(max=300), _web_address])
    access_by_train = long_text_field(_l("En train, en transports"), most=2000, render_kw={"rows": 3})
    access_by_road = long_text_field(_l("En voiture, se garer"), most=2000, render_kw={"rows": 3})
    accessibility = long_text_field(
        _l("Accessibilité"),
        most=2000,
        description=_l("Entrée sans marche, ascenseur, places réservées, sanitaires."),
        render_kw={"rows": 3},
    )
    step_free = BooleanField(_l("De plain-pied, ou avec ascenseur"))
    hearing_loop = BooleanField(_l("Boucle magnétique"))

    def offer(self, cities: Sequence[City]) -> None:
        """Offer the cities."""
        self.city.choices = [
            SelectChoice(str(city.id), f"{city.name} ({city.department})" if city.department else city.name)
            for city in cities
        ]

    def values(self) -> VenueDraft:
        """Return what was written."""
        return VenueDraft(
            name=self.name.data,
            city_id=self.city.data,
            address=self.address.data or "",
            postcode=self.postcode.data or "",
            latitude=_number(self.latitude.data),
            longitude=_number(self.longitude.data),
            website=self.website.data or "",
            access_by_train=self.access_by_train.data or "",
            access_by_road=self.access_by_road.data or "",
            accessibility=self.accessibility.data or "",
            step_free=self.step_free.data,
            hearing_loop=self.hearing_loop.data,
        )

    @staticmethod
    def of(venue: Venue) -> dict[str, Any]:
        """Return the fields of ``venue`` as the form shows them."""
        kept = {name: getattr(venue, name) for name in VenueDraft.__dataclass_fields__ if name != "city_id"}
        return kept | {
            "city": venue.city_id,
            "latitude": _shown(venue.latitude),
            "longitude": _shown(venue.longitude),
        }
