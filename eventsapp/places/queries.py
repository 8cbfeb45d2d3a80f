"""Reading cities and venues."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.core.db import db
from eventsapp.core.french import NARROW_NO_BREAK
from eventsapp.core.listing import Choice, Column, Listing, State
from eventsapp.places.models import City, Venue

#: The kinds under which the history names them.
CITY_KIND, VENUE_KIND = "city", "venue"


def city_by_id(city_id: int) -> City | None:
    """Return that city, or ``None``."""
    return db.session.get(City, city_id)


def venue_by_id(venue_id: int) -> Venue | None:
    """Return that venue, its city loaded, or ``None``."""
    return db.session.scalar(sa.select(Venue).where(Venue.id == venue_id).options(joinedload(Venue.city)))


def cities() -> Sequence[City]:
    """Return all cities by name."""
    return db.session.scalars(sa.select(City).order_by(City.name, City.id)).all()


def places_to_choose() -> Sequence[tuple[City, Venue | None]]:
    """Return all cities by name, each with each of its venues, or with ``None``: one query for both choices."""
    return [
        (row[0], row[1])
        for row in db.session.execute(
            sa.select(City, Venue)
            .outerjoin(Venue, Venue.city_id == City.id)
            .order_by(City.name, City.id, Venue.name, Venue.id)
        )
    ]


def city_names() -> dict[str, str]:
    """Return slug → name of all cities, by name, for filters."""
    return dict(db.session.execute(sa.select(City.slug, City.name).order_by(City.name, City.id)).all())


def venue_list() -> Listing:
    """Describe the office's list of venues."""
    return Listing(
        name="lieux",
        title=_l("Lieux"),
        statement=sa.select(Venue).join(Venue.city),
        loads=(contains_eager(Venue.city),),
        states=(
            State("tous", _l("Tous")),
            State("de-plain-pied", _l("De plain-pied"), Venue.step_free),
            State("acces-a-decrire", _l("Accès à décrire"), Venue.access_by_train == ""),
        ),
        search=(Venue.name, Venue.address, City.name),
        search_hint=_l("Nom, adresse, ville"),
        filters=(Choice(name="ville", label=_l("Ville"), options=city_names, where=lambda slug: City.slug == slug),),
        columns=(
            Column(
                "nom",
                _l("Lieu"),
                lambda venue: venue.name,
                opens=True,
                sort=Venue.name,
                second=lambda venue: " ".join(part for part in (venue.address, venue.postcode) if part),
                second_label=_l("Adresse"),
            ),
            Column("ville", _l("Ville"), lambda venue: venue.city.name, sort=City.name),
            Column("acces", _l("Accessibilité"), _ways_in, on_phone=False),
        ),
        order=(City.name, Venue.name, Venue.id),
        empty=_l("Les salles où se tiennent les journées paraîtront ici, avec la façon d’y venir et d’y entrer."),
    )


def city_list() -> Listing:
    """Describe the office's list of cities."""
    return Listing(
        name="villes",
        title=_l("Villes"),
        statement=sa.select(City),
        states=(
            State("toutes", _l("Toutes")),
            State("a-placer", _l("À placer sur la carte"), City.latitude.is_(None)),
        ),
        search=(City.name, City.department),
        search_hint=_l("Ville, département"),
        columns=(
            Column(
                "ville",
                _l("Ville"),
                lambda city: city.name,
                opens=True,
                sort=City.name,
                second=lambda city: city.department,
                second_label=_l("Département"),
            ),
            Column("carte", _l("Sur la carte"), _coordinates, on_phone=False),
            Column("heure", _l("Fuseau horaire"), lambda city: city.timezone, on_phone=False),
        ),
        order=(City.name, City.id),
        empty=_l("Les villes où se tiennent les journées paraîtront ici."),
    )


def _ways_in(venue: Venue) -> str:
    ways = [(venue.step_free, _l("de plain-pied")), (venue.hearing_loop, _l("boucle magnétique"))]
    return ", ".join(str(label) for there, label in ways if there)


def _coordinates(city: City) -> str:
    if city.latitude is None or city.longitude is None:
        return ""
    return f"{city.latitude:.3f}{NARROW_NO_BREAK}; {city.longitude:.3f}".replace(".", ",")
