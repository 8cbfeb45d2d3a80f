"""What several papers say of a day, in French: they are papers of French law."""

from datetime import date

from eventsapp.attendance.values import HalfDay
from eventsapp.core import french, i18n, settings
from eventsapp.study_days.models import StudyDay

#: The papers of a day speak French whatever whoever asks for them reads.
LANGUAGE = "fr"


def seller(declaration: str) -> dict[str, object]:
    """Return who holds the day, as every paper names them."""
    kept = settings.current().seller
    return {
        "name": kept.name,
        "address": [line.strip() for line in kept.address.splitlines() if line.strip()],
        "siret": french.siret(kept.siret),
        "declaration": french.typeset(declaration),
    }


def day_facts(day: StudyDay) -> dict[str, object]:
    """Return title, dates, hours and place of a day; city and venue are loaded."""
    venue = day.venue
    return {
        "title": french.typeset(day.title),
        "dates": dates(day),
        "hours": hours(day),
        "place": venue.name if venue else day.city.name,
        "address": ", ".join(part for part in (venue.address, f"{venue.postcode} {day.city.name}".strip()) if part)
        if venue
        else "",
        "city": day.city.name,
    }


def dates(day: StudyDay) -> str:
    """Return when a day is held: « mercredi 24 février 2027 », or from when until when."""
    if day.date == day.last_date:
        return french.date_words(day.date)
    return f"du {french.date_words(day.date)} au {french.date_words(day.last_date)}"


def hours(day: StudyDay) -> str:
    """Return from when until when it is held by the clock; empty where nobody knows."""
    if not day.hours_known:
        return ""
    return f"{french.clock_time(day.local_start)} – {french.clock_time(day.local_end)}"


def on(value: date) -> str:
    return french.date_long(value)


def paragraphs(text: str) -> list[str]:
    """Return what the office wrote, paragraph by paragraph."""
    return [french.typeset(" ".join(part.split())) for part in text.split("\n\n") if part.strip()]


def half_day(half: HalfDay) -> str:
    """Return « Matin » or « Après-midi », whatever language is spoken around."""
    with i18n.speaking(LANGUAGE):
        return half.label
