"""Cities, days, sessions and rates."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.core.slugs import slugify
from eventsapp.places.models import City
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, Rate, RateComponent, Series, StudyDay, StudySession, Theme
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.vat import category_at

#: When the tests take place unless they say otherwise: before every made day.
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

_numbers = itertools.count(1)


def make_city(name: str = "", **values: Any) -> City:
    number = next(_numbers)
    name = name or f"Ville {number}"
    city = City(**{"slug": f"{slugify(name)}-{number}", "name": name, "latitude": 47.47, "longitude": -0.55} | values)
    db.session.add(city)
    db.session.commit()
    return city


def make_theme(name: str = "", *, name_en: str = "") -> Theme:
    number = next(_numbers)
    theme = Theme(slug=f"{slugify(name or 'theme')}-{number}", name=name or f"Thème {number}", name_en=name_en)
    db.session.add(theme)
    db.session.commit()
    return theme


def make_series(title: str = "") -> Series:
    number = next(_numbers)
    series = Series(slug=f"{slugify(title or 'serie')}-{number}", title=title or f"Série {number}")
    db.session.add(series)
    db.session.commit()
    return series


def hold(day: StudyDay, *, now: datetime = NOW) -> None:
    """Let a day be over since yesterday."""
    day.starts_at, day.ends_at = now - timedelta(days=1, hours=8), now - timedelta(days=1)
    day.held_on = day.held_until = day.ends_at.date()
    db.session.commit()


def make_study_day(
    *, rates: dict[str, int] | None = None, parts: Sequence[tuple[str, str, int]] = (), **values: Any
) -> StudyDay:
    """Make a published day in three months; ``rates`` maps codes to prices in cents, tax included.

    Each price is at the standard rate, or of ``parts``: label, category of tax, cents.
    """
    number = next(_numbers)
    starts_at = values.get("starts_at") or datetime(2027, 2, 24, 8, tzinfo=UTC)
    given: dict[str, Any] = {
        "slug": f"journee-{number}",
        "title": f"Mutualiser les services {number}",
        "lead": "Ce que l’on met en commun, et ce qu’il en coûte.",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=8),
        "timezone": "Europe/Paris",
        "status": StudyDayStatus.PUBLISHED,
        "capacity": 100,
        "seats_taken": 0,
        "registration_closes_at": starts_at - timedelta(days=2),
        "created_at": NOW,
        "updated_at": NOW,
    }
    if "city" not in values and "city_id" not in values:
        given["city"] = make_city()
    prices = {"subscriber": 54000, "standard": 62100, "elected": 39000} if rates is None else rates
    day = StudyDay(**given | values)
    day.rates = [
        Rate(
            code=code,
            name={"subscriber": "Abonné", "standard": "Non-abonné", "elected": "Élu"}.get(code, code),
            price_cents=price,
            position=position,
            for_subscribers=code == "subscriber",
            components=[
                RateComponent(position=place, label=label, category=category, cents=cents)
                for place, (label, category, cents) in enumerate(parts or [("", "standard", price)], start=1)
            ],
        )
        for position, (code, price) in enumerate(prices.items(), start=1)
    ]
    db.session.add(day)
    db.session.commit()
    return day


def tax_day(day: StudyDay, rate: int, *, codes: Sequence[str] = ()) -> None:
    """Put the prices of a day, or those of the rates ``codes``, whole into a category of tax at ``rate``."""
    rates = sa.select(Rate.id).where(Rate.study_day_id == day.id)
    if codes:
        rates = rates.where(Rate.code.in_(codes))
    db.session.execute(
        sa.update(RateComponent).where(RateComponent.rate_id.in_(rates)).values(category=category_at(rate))
    )
    db.session.commit()


def make_speaker(name: str = "", **values: Any) -> Speaker:
    number = next(_numbers)
    first_name, _, last_name = (name or f"Camille Exemple{number}").partition(" ")
    speaker = Speaker(
        **{"slug": f"{slugify(name or last_name)}-{number}", "first_name": first_name, "last_name": last_name} | values
    )
    db.session.add(speaker)
    db.session.commit()
    return speaker


def make_session(day: StudyDay, *, speakers: list[Speaker] | None = None, **values: Any) -> StudySession:
    """Add a session to ``day``, each of ``speakers`` with a role and an organisation of that day."""
    position = values.pop("position", next(_numbers))
    session = StudySession(study_day_id=day.id, position=position, **{"title": f"Séance {position}"} | values)
    session.interventions = [
        Intervention(
            speaker_id=speaker.id, position=rank, role="directrice générale des services", organisation="Ville"
        )
        for rank, speaker in enumerate(speakers or [], start=1)
    ]
    db.session.add(session)
    db.session.commit()
    return session
