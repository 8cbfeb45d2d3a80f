"""Days as the office sees them, drafts included."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.core.listing import Choice, Column, Dates, Kind, Listing, State
from eventsapp.places.models import City
from eventsapp.places.queries import city_names
from eventsapp.speakers.models import Speaker
from eventsapp.study_days import rules
from eventsapp.study_days.models import Intervention, Rate, Series, StudyDay, StudySession, Theme
from eventsapp.study_days.queries._shown import SLUG_KIND, in_full
from eventsapp.study_days.statuses import StudyDayStatus


def office_list(*, now: datetime) -> Listing:
    """Describe the office's list of days."""
    coming = StudyDay.ends_at > now
    latest_first = (StudyDay.starts_at.desc(), StudyDay.id.desc())
    return Listing(
        name="journees",
        title=_l("Journées"),
        statement=sa.select(StudyDay).join(StudyDay.city).outerjoin(StudyDay.series),
        loads=(contains_eager(StudyDay.city), contains_eager(StudyDay.series)),
        states=(
            State("a-venir", _l("À venir"), sa.and_(StudyDay.status == StudyDayStatus.PUBLISHED, coming)),
            State("brouillons", _l("Brouillons"), StudyDay.status == StudyDayStatus.DRAFT),
            State(
                "passees", _l("Passées"), sa.and_(StudyDay.status == StudyDayStatus.PUBLISHED, ~coming), latest_first
            ),
            State("reportees", _l("Reportées"), StudyDay.status == StudyDayStatus.POSTPONED, latest_first),
            State("annulees", _l("Annulées"), StudyDay.status == StudyDayStatus.CANCELLED, latest_first),
            State("toutes", _l("Toutes"), None, latest_first),
        ),
        search=(StudyDay.title, City.name, Series.title),
        search_hint=_l("Titre, ville, série"),
        filters=(
            Choice(name="ville", label=_l("Ville"), options=city_names, where=lambda slug: City.slug == slug),
            Choice(name="serie", label=_l("Série"), options=series_names, where=lambda slug: Series.slug == slug),
            Dates(name="date", label=_l("Date"), column=StudyDay.held_on),
        ),
        columns=(
            Column(
                "journee",
                _l("Journée"),
                lambda day: day.title,
                opens=True,
                sort=StudyDay.title,
                second=lambda day: day.series.title if day.series else "",
                second_label=_l("Série"),
            ),
            Column("ville", _l("Ville"), lambda day: day.city.name, sort=City.name),
            Column("date", _l("Date"), lambda day: day.date, kind=Kind.DATE, sort=StudyDay.starts_at),
            Column(
                "etat",
                _l("État"),
                lambda day: standing_in_office(day, now=now)[0],
                kind=Kind.STATE,
                tone=lambda day: standing_in_office(day, now=now)[1],
            ),
            Column(
                "remplissage",
                _l("Places prises"),
                _percent,
                kind=Kind.GAUGE,
                sort=StudyDay.seats_taken,
                second=_seats,
                second_label=_l("Places"),
            ),
        ),
        order=(StudyDay.starts_at, StudyDay.id),
        empty=_l("Une journée se crée en quelques minutes, ou se copie d’une autre."),
    )


def standing_in_office(day: StudyDay, *, now: datetime) -> tuple[str, str | None]:
    """Return where ``day`` stands, in a word, and the tone of it."""
    over = rules.overbooked(capacity=day.capacity, seats_taken=day.seats_taken)
    if over and not rules.is_past(ends_at=day.ends_at, now=now):
        return _("Surbookée de %(count)s", count=over), "bad"
    match day.status:
        case StudyDayStatus.DRAFT:
            return _("Brouillon"), "told"
        case StudyDayStatus.POSTPONED:
            return _("Reportée"), "wait"
        case StudyDayStatus.CANCELLED:
            return _("Annulée"), "bad"
    if rules.is_past(ends_at=day.ends_at, now=now):
        return _("Passée"), None
    return (_("Complète"), "wait") if not day.seats_left else (_("Publiée"), "good")


def day_in_full(slug: str) -> StudyDay | None:
    """Return the day with that slug whatever its status, with all that belongs to it, or ``None``.

    Loaded: city, venue, series, theme, rates, documents and their files, sessions with interventions, speakers and
    their photographs. Two queries.
    """
    return (
        db.session.scalars(sa.select(StudyDay).where(StudyDay.slug == slug).options(*in_full())).unique().one_or_none()
    )


def present_address(slug: str) -> str | None:
    """Return the present slug of the day that once had that one, whatever its status, or ``None``."""
    day_id = slugs.owner_of(SLUG_KIND, slug)
    return None if day_id is None else db.session.scalar(sa.select(StudyDay.slug).where(StudyDay.id == day_id))


def series_names() -> dict[str, str]:
    """Return slug → title of all series, by title, for filters."""
    return dict(db.session.execute(sa.select(Series.slug, Series.title).order_by(Series.title, Series.id)).all())


def latest_prices() -> dict[str, int]:
    """Return code → price in cents of the rates of the day created last: a new one mostly costs the same."""
    latest = sa.select(Rate.study_day_id).order_by(Rate.study_day_id.desc()).limit(1).scalar_subquery()
    return dict(db.session.execute(sa.select(Rate.code, Rate.price_cents).where(Rate.study_day_id == latest)).all())


def subjects_to_choose() -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return key and name of all series, and of all themes, by name: one query for both choices."""
    both = sa.union_all(
        sa.select(sa.literal(0).label("kind"), Series.id.label("key"), Series.title.label("name")),
        sa.select(sa.literal(1), Theme.id, Theme.name),
    ).subquery()
    rows = db.session.execute(sa.select(both).order_by(both.c.kind, both.c.name, both.c.key)).all()
    return [(row.key, row.name) for row in rows if not row.kind], [(row.key, row.name) for row in rows if row.kind]


def all_series() -> Sequence[tuple[Series, int]]:
    """Return all series by title, each with the number of its days."""
    count = sa.select(sa.func.count(StudyDay.id)).where(StudyDay.series_id == Series.id).scalar_subquery()
    return [(row[0], row[1]) for row in db.session.execute(sa.select(Series, count).order_by(Series.title, Series.id))]


def all_themes() -> Sequence[tuple[Theme, int]]:
    """Return all themes by name, each with the number of its days."""
    count = sa.select(sa.func.count(StudyDay.id)).where(StudyDay.theme_id == Theme.id).scalar_subquery()
    return [(row[0], row[1]) for row in db.session.execute(sa.select(Theme, count).order_by(Theme.name, Theme.id))]


def series_by_id(series_id: int) -> Series | None:
    """Return that series, or ``None``."""
    return db.session.get(Series, series_id)


def theme_by_id(theme_id: int) -> Theme | None:
    """Return that theme, or ``None``."""
    return db.session.get(Theme, theme_id)


def appearances_in_office(speaker_id: int) -> Sequence[Intervention]:
    """Return where somebody speaks, drafts included, the latest first; session, day and city are loaded."""
    return db.session.scalars(
        sa.select(Intervention)
        .join(Intervention.session)
        .join(StudySession.study_day)
        .where(Intervention.speaker_id == speaker_id)
        .options(contains_eager(Intervention.session).contains_eager(StudySession.study_day).joinedload(StudyDay.city))
        .order_by(StudyDay.starts_at.desc(), StudySession.position)
    ).all()


def speaker_list() -> Listing:
    """Describe the office's list of speakers; it counts their sessions, which is why it stands here."""
    sessions = sa.select(sa.func.count(Intervention.id)).where(Intervention.speaker_id == Speaker.id)
    count = sessions.scalar_subquery()
    return Listing(
        name="intervenants",
        title=_l("Intervenants"),
        statement=sa.select(Speaker, count.label("sessions")),
        states=(
            State("tous", _l("Tous")),
            State("accord-a-demander", _l("Accord à demander"), Speaker.consent_on.is_(None)),
            State("sans-photographie", _l("Sans photographie"), Speaker.photo_id.is_(None)),
            State("jamais-intervenus", _l("Jamais intervenus"), count == 0),
        ),
        search=(Speaker.first_name, Speaker.last_name),
        search_hint=_l("Nom"),
        columns=(
            Column("nom", _l("Nom"), lambda row: row.Speaker.name, opens=True, sort=Speaker.last_name),
            Column(
                "seances", _l("Séances"), lambda row: row.sessions, kind=Kind.NUMBER, sort=sa.literal_column("sessions")
            ),
            Column(
                "accord",
                _l("Accord de publication"),
                lambda row: row.Speaker.consent_on,
                kind=Kind.DATE,
                sort=Speaker.consent_on,
            ),
            Column(
                "photographie",
                _l("Photographie"),
                lambda row: _("oui") if row.Speaker.photo_id else _("non"),
                on_phone=False,
            ),
        ),
        order=(Speaker.last_name, Speaker.first_name, Speaker.id),
        empty=_l("Les personnes qui interviennent aux journées paraîtront ici."),
    )


def _percent(day: StudyDay) -> int:
    return round(100 * day.seats_taken / day.capacity) if day.capacity else (100 if day.seats_taken else 0)


def _seats(day: StudyDay) -> str:
    return str(_("%(taken)s sur %(capacity)s", taken=day.seats_taken, capacity=day.capacity))
