"""Making, changing, copying and removing a day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import settings, slugs
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.places import queries as places
from eventsapp.places.models import City, Venue
from eventsapp.study_days import rules
from eventsapp.study_days.errors import DayInUse, IllegalTransition
from eventsapp.study_days.models import Intervention, Rate, RateComponent, StudyDay, StudySession
from eventsapp.study_days.queries import SLUG_KIND
from eventsapp.study_days.service import _edits, _programme, _rates
from eventsapp.study_days.service._questions import copy_questions
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.study_days.values import Essentials, Particulars, Price, Slot
from eventsapp.vat import service as vat

#: Addresses of the office's own pages, which no day can have.
_RESERVED = frozenset({"nouvelle"})
_ESSENTIALS = (
    "title", "lead", "series_id", "theme_id", "city_id", "venue_id", "starts_at", "ends_at", "welcome_at", "timezone",
    "hours_known", "capacity", "registration_opens_at", "registration_closes_at",
    "changes_until",
)  # fmt: skip
_PARTICULARS = (
    "description", "objectives", "audience", "included", "practical", "cancellation_terms", "contact",
)  # fmt: skip


def create_day(
    *, essentials: Essentials, prices: Sequence[Price], slots: Sequence[Slot], actor: User, now: datetime
) -> StudyDay:
    """Make a draft with its rates and programme. Raises ``Invalid``."""
    day = StudyDay(status=StudyDayStatus.DRAFT, created_at=now, updated_at=now, sessions=[], rates=[])
    _write(day, essentials)
    day.slug = _free_address(f"{slugs.slugify(_place(day).name)}-{essentials.on.year}")
    db.session.add(day)
    db.session.flush()
    _rates.write(day, prices)
    _programme.append(day, slots)
    audit.record("study_days.create", actor=actor, subject=_edits.subject(day), now=now)
    return day


def edit_essentials(day: StudyDay, *, values: Essentials, version: int, actor: User, now: datetime) -> None:
    """Change when and where ``day`` is held; its sessions are loaded, and move along with its date.

    A capacity below the seats taken drops nobody: the day is overbooked by the rest. Raises ``Conflict`` and
    ``Invalid``.
    """
    _edits.claim(day, version=version, now=now)
    before = _edits.state(day, *_ESSENTIALS)
    old_date, old_zone = day.date, settings.zone(day.timezone)
    _write(day, values)
    move_parts(day, by=day.date - old_date, zone=old_zone)
    day.overbooked = rules.overbooked(capacity=day.capacity, seats_taken=day.seats_taken)
    _edits.note("study_days.edit", day, before, actor=actor, now=now)


def edit_particulars(day: StudyDay, *, values: Particulars, version: int, actor: User, now: datetime) -> None:
    """Change what the page of ``day`` says besides. Raises ``Conflict``."""
    _edits.claim(day, version=version, now=now)
    before = _edits.state(day, *_PARTICULARS)
    for name in _PARTICULARS:
        setattr(day, name, getattr(values, name))
    _edits.note("study_days.edit", day, before, actor=actor, now=now)


def give_address(day: StudyDay, *, slug: str, actor: User, now: datetime) -> None:
    """Change the address of ``day``; on a day that visitors saw, the former one leads to it. Raises ``Invalid``."""
    wanted = slugs.slugify(slug)
    if wanted == day.slug:
        return
    if _free_address(wanted, but=day.id) != wanted:
        raise Invalid("Une autre journée a cette adresse.", errors={"/slug": _("Adresse déjà prise.")})
    before = _edits.state(day, "slug")
    if day.published_at is not None:
        slugs.remember(SLUG_KIND, day.slug, object_id=day.id)
    day.slug = wanted
    day.updated_at = now
    _edits.note("study_days.edit", day, before, actor=actor, now=now)


def duplicate_day(day: StudyDay, *, on: date, actor: User, now: datetime) -> StudyDay:
    """Make a draft like ``day``, loaded in full, on another date: programme, rates, texts and questions, no
    registrations.

    Everything moves by as many days, at the same hours of the clock.
    """
    by, zone = on - day.date, settings.zone(day.timezone)

    def move(instant: datetime | None) -> datetime | None:
        return instant and rules.moved(instant, by=by, zone=zone)

    copy = StudyDay(
        **{name: getattr(day, name) for name in (*_ESSENTIALS, *_PARTICULARS) if not name.endswith(("_at", "_until"))},
        starts_at=rules.moved(day.starts_at, by=by, zone=zone),
        ends_at=rules.moved(day.ends_at, by=by, zone=zone),
        welcome_at=move(day.welcome_at),
        registration_opens_at=move(day.registration_opens_at),
        registration_closes_at=rules.moved(day.registration_closes_at, by=by, zone=zone),
        changes_until=move(day.changes_until),
        status=StudyDayStatus.DRAFT,
        is_fictional=day.is_fictional,
        created_at=now,
        updated_at=now,
        slug=_free_address(f"{slugs.slugify(day.city.name)}-{on.year}"),
        rates=[
            Rate(
                code=rate.code,
                name=rate.name,
                name_en=rate.name_en,
                condition=rate.condition,
                condition_en=rate.condition_en,
                price_cents=rate.price_cents,
                position=rate.position,
                available_until=move(rate.available_until),
                for_subscribers=rate.for_subscribers,
                components=vat.written((), [part.value for part in rate.components], table=RateComponent),
            )
            for rate in day.rates
        ],
        sessions=[
            StudySession(
                position=session.position,
                kind=session.kind,
                title=session.title,
                summary=session.summary,
                starts_at=move(session.starts_at),
                ends_at=move(session.ends_at),
                room=session.room,
                interventions=[
                    Intervention(
                        speaker_id=talk.speaker_id,
                        position=talk.position,
                        role=talk.role,
                        organisation=talk.organisation,
                        chairs=talk.chairs,
                    )
                    for talk in session.interventions
                ],
            )
            for session in day.sessions
        ],
    )
    db.session.add(copy)
    db.session.flush()
    copy_questions(day.id, to=copy, now=now)
    audit.record(
        "study_days.create", actor=actor, subject=_edits.subject(copy), now=now, changes={"copy_of": [None, day.slug]}
    )
    return copy


def delete_draft(day: StudyDay, *, actor: User, now: datetime) -> None:
    """Remove a draft loaded in full; raise ``IllegalTransition`` for another, ``DayInUse`` when something needs it."""
    if day.status is not StudyDayStatus.DRAFT:
        raise IllegalTransition("Seul un brouillon se supprime ; une journée publiée s’annule.")
    named = _edits.subject(day)
    try:
        with db.session.begin_nested():
            db.session.delete(day)
    except IntegrityError as error:
        raise DayInUse("Des inscriptions ou des articles se rapportent à cette journée ; elle reste.") from error
    audit.record("study_days.delete", actor=actor, subject=named, now=now)


def move_parts(day: StudyDay, *, by: timedelta, zone: ZoneInfo) -> None:
    """Move sessions and ends of rates by so many days, from the clock of ``zone`` to that of the day's town."""
    to_zone = settings.zone(day.timezone)
    if not by and zone.key == to_zone.key:
        return
    for session in day.sessions:
        if session.starts_at is not None:
            session.starts_at = rules.moved(session.starts_at, by=by, zone=zone, to_zone=to_zone)
        if session.ends_at is not None:
            session.ends_at = rules.moved(session.ends_at, by=by, zone=zone, to_zone=to_zone)
    for rate in day.rates:
        if rate.available_until is not None:
            rate.available_until = rules.moved(rate.available_until, by=by, zone=zone, to_zone=to_zone)


def _write(day: StudyDay, values: Essentials) -> None:
    venue = _venue(values)
    city = _city(venue.city_id if venue else values.city_id)
    zone = settings.zone(city.timezone)
    day.title, day.lead = values.title, values.lead
    day.series_id, day.theme_id = values.series_id, values.theme_id
    day.city_id, day.venue_id, day.timezone = city.id, venue.id if venue else None, city.timezone
    day.starts_at = rules.moment(values.on, values.starts, zone)
    day.ends_at = rules.moment(values.last_date or values.on, values.ends, zone)
    if day.ends_at <= day.starts_at:
        raise Invalid("La fin vient après le début.", errors={"/ends": _("Indiquez une heure après le début.")})
    day.welcome_at = rules.moment(values.on, values.welcome, zone) if values.welcome else None
    day.hours_known = values.hours_known
    day.capacity = values.capacity
    day.registration_opens_at = _instant(values.opens, zone)
    day.registration_closes_at = _instant(values.closes, zone) or rules.default_close(day.starts_at, zone)
    if day.registration_closes_at > day.ends_at:
        raise Invalid(
            "Les inscriptions ferment avant la fin de la journée.",
            errors={"/closes": _("Choisissez une date avant la fin.")},
        )
    day.changes_until = _instant(values.changes, zone)


def _instant(local: datetime | None, zone: ZoneInfo) -> datetime | None:
    return rules.moment(local.date(), local.time(), zone) if local else None


def _venue(values: Essentials) -> Venue | None:
    if values.venue_id is None:
        return None
    venue = places.venue_by_id(values.venue_id)
    if venue is None:
        raise Invalid("Ce lieu n’existe plus.", errors={"/venue": _("Choisissez un autre lieu.")})
    return venue


def _city(city_id: int) -> City:
    city = places.city_by_id(city_id)
    if city is None:
        raise Invalid("Cette ville n’existe plus.", errors={"/city": _("Choisissez une autre ville.")})
    return city


def _place(day: StudyDay) -> City:
    return _city(day.city_id)


def _free_address(wanted: str, *, but: int | None = None) -> str:
    """Return ``wanted``, numbered where another day has it or the office itself."""
    return slugs.free_slug(StudyDay, f"{wanted}-1" if wanted in _RESERVED else wanted, but=but)
