"""Days and what they are made of."""

from datetime import date as CalendarDate  # noqa: N812 - a day has a property of that name
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core import i18n, settings
from eventsapp.core.db import Model
from eventsapp.files.models import StoredFile
from eventsapp.places.models import City, Venue
from eventsapp.speakers.models import Speaker
from eventsapp.study_days import rules
from eventsapp.study_days.statuses import (
    Availability,
    DocumentAudience,
    SessionKind,
    StudyDayStatus,
)
from eventsapp.vat.models import ComponentColumns


def _in_town(row: Any, moment: str) -> tuple[datetime, ZoneInfo]:
    values = row.get_current_parameters()
    return values[moment], settings.zone(values["timezone"])


class Series(Model):
    """Days on one subject, in several towns."""

    __tablename__ = "series"
    __shown_in__ = "days"

    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text, default="")


class Theme(Model):
    """A field of work: finance, law, human resources."""

    __tablename__ = "themes"
    __shown_in__ = "days"

    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100), default="")

    @property
    def local_name(self) -> str:
        """The name in the language in use."""
        return i18n.choose(self.name, self.name_en)


class StudyDay(Model):
    """One day in one town."""

    __tablename__ = "study_days"
    __shown_in__ = "days"
    __table_args__ = (
        sa.CheckConstraint("capacity >= 0", name="capacity_positive"),
        sa.CheckConstraint("seats_taken >= 0", name="seats_taken_positive"),
        # Stands behind the conditional UPDATE of ``service.take_seats``.
        sa.CheckConstraint("seats_taken <= capacity + overbooked", name="seats_within_capacity"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.Index(None, "status", "starts_at"),
        sa.Index(None, "status", "ends_at"),
    )

    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    #: One paragraph under the title.
    lead: Mapped[str] = mapped_column(sa.Text, default="")
    #: In Markdown: what the day is about, at length.
    description: Mapped[str] = mapped_column(sa.Text, default="")
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("series.id"), index=True)
    series: Mapped[Series | None] = relationship(lazy="raise")
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("themes.id"), index=True)
    theme: Mapped[Theme | None] = relationship(lazy="raise")
    city_id: Mapped[int] = mapped_column(sa.ForeignKey("cities.id"), index=True)
    city: Mapped[City] = relationship(lazy="raise")
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venues.id"), index=True)
    venue: Mapped[Venue | None] = relationship(lazy="raise")

    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    #: When the doors open, if earlier.
    welcome_at: Mapped[datetime | None]
    timezone: Mapped[str] = mapped_column(sa.String(60))
    #: ``date`` and ``last_date`` as columns, so that lists can be narrowed to a period and counted by month.
    held_on: Mapped[CalendarDate] = mapped_column(default=lambda row: rules.first_date(*_in_town(row, "starts_at")))
    held_until: Mapped[CalendarDate] = mapped_column(default=lambda row: rules.last_date(*_in_town(row, "ends_at")))
    #: Old days of which only the date is known show no hours.
    hours_known: Mapped[bool] = mapped_column(default=True)
    #: The date it was announced for before it was postponed.
    previous_starts_at: Mapped[datetime | None]

    status: Mapped[StudyDayStatus] = mapped_column(default=StudyDayStatus.DRAFT)
    #: What visitors are told about a postponement or a cancellation.
    status_note: Mapped[str] = mapped_column(sa.Text, default="")
    published_at: Mapped[datetime | None]

    capacity: Mapped[int]
    #: Held and confirmed seats together; changed by ``service.take_seats`` and ``service.free_seats`` alone.
    seats_taken: Mapped[int] = mapped_column(default=0)
    #: Seats sold beyond a capacity that was lowered afterwards; nobody is dropped for it.
    overbooked: Mapped[int] = mapped_column(default=0)
    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime]
    #: Until when participants may be named, corrected and replaced; without, until the doors open.
    changes_until: Mapped[datetime | None]

    audience: Mapped[str] = mapped_column(sa.Text, default="")
    objectives: Mapped[str] = mapped_column(sa.Text, default="")
    #: What the price covers: « déjeuner compris ».
    included: Mapped[str] = mapped_column(sa.String(200), default="")
    cancellation_terms: Mapped[str] = mapped_column(sa.Text, default="")
    #: In Markdown: practical questions and their answers.
    practical: Mapped[str] = mapped_column(sa.Text, default="")
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    #: Made up for the demonstration: the page says so.
    is_fictional: Mapped[bool] = mapped_column(default=False)

    #: Raised when what a calendar shows changes (RFC 5545, SEQUENCE).
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    #: Raised at every save, so that two editors cannot silently overwrite each other.
    version: Mapped[int] = mapped_column(default=1)

    sessions: Mapped[list["StudySession"]] = relationship(
        lazy="raise", order_by="StudySession.position", cascade="all, delete-orphan", back_populates="study_day"
    )
    rates: Mapped[list["Rate"]] = relationship(
        lazy="raise", order_by="Rate.position", cascade="all, delete-orphan", back_populates="study_day"
    )
    #: Those that were not taken away.
    documents: Mapped[list["DayDocument"]] = relationship(
        lazy="raise",
        order_by="DayDocument.position",
        primaryjoin="and_(StudyDay.id == DayDocument.study_day_id, DayDocument.removed_at.is_(None))",
        passive_deletes=True,
        back_populates="study_day",
    )

    @property
    def local_start(self) -> datetime:
        """The beginning as the clock shows it in the venue's town."""
        return self.starts_at.astimezone(settings.zone(self.timezone))

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(settings.zone(self.timezone))

    @property
    def local_welcome(self) -> datetime | None:
        return self.welcome_at and self.welcome_at.astimezone(settings.zone(self.timezone))

    @property
    def local_close(self) -> datetime:
        return self.registration_closes_at.astimezone(settings.zone(self.timezone))

    @property
    def local_previous(self) -> datetime | None:
        """The beginning announced before it was moved."""
        return self.previous_starts_at and self.previous_starts_at.astimezone(settings.zone(self.timezone))

    @property
    def local_open(self) -> datetime | None:
        return self.registration_opens_at and self.registration_opens_at.astimezone(settings.zone(self.timezone))

    @property
    def names_change_until(self) -> datetime:
        """Until when participants may be named, corrected and replaced; the moment itself is excluded."""
        return self.changes_until or self.welcome_at or self.starts_at

    @property
    def local_names_change_until(self) -> datetime:
        return self.names_change_until.astimezone(settings.zone(self.timezone))

    @property
    def names_change_until_in_words(self) -> str:
        """Until when the names change, by the venue's clock: a date only where the hours are not known yet."""
        return i18n.moment_words(self.local_names_change_until, hour=self.hours_known or bool(self.changes_until))

    @property
    def local_changes_until(self) -> datetime | None:
        return self.changes_until and self.changes_until.astimezone(settings.zone(self.timezone))

    @property
    def date(self) -> CalendarDate:
        """The day it is held, in the venue's town."""
        return rules.first_date(self.starts_at, settings.zone(self.timezone))

    @property
    def last_date(self) -> CalendarDate:
        """The last day it is held; midnight belongs to the day before."""
        return rules.last_date(self.ends_at, settings.zone(self.timezone))

    @property
    def seats_left(self) -> int:
        return max(0, self.capacity - self.seats_taken)

    def availability(self, now: datetime) -> Availability:
        """Return what a visitor can do about the day at ``now``."""
        return rules.availability(
            status=self.status,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            opens_at=self.registration_opens_at,
            closes_at=self.registration_closes_at,
            seats_left=self.seats_left,
            now=now,
        )

    def is_held_at(self, now: datetime) -> bool:
        """Return whether ``now`` falls on its date, in the venue's town."""
        return self.date <= now.astimezone(settings.zone(self.timezone)).date() <= self.last_date

    def price_from(self, now: datetime) -> int | None:
        """Return the lowest price still on sale, tax included, in cents; the rates are loaded."""
        return rules.lowest_price([(rate.price_cents, rate.available_until) for rate in self.rates], now=now)

    @property
    def talks(self) -> list["StudySession"]:
        """The sessions that have a page, breaks left out."""
        return [session for session in self.sessions if session.kind is not SessionKind.BREAK]

    @property
    def speakers(self) -> list[Speaker]:
        """Who speaks, each once, in the order of the programme; sessions, interventions and speakers are loaded."""
        return list(dict.fromkeys(talk.speaker for session in self.sessions for talk in session.interventions))

    @property
    def programme_timed(self) -> bool:
        """Whether the hours of the sessions are known; else they are numbered."""
        return any(session.starts_at is not None for session in self.sessions)


@sa.event.listens_for(StudyDay, "before_update")
def _follow_the_hours(_mapper: Any, _connection: Any, day: StudyDay) -> None:
    """Keep the date columns true when a day is moved."""
    day.held_on, day.held_until = day.date, day.last_date


class StudySession(Model):
    """A slot of the programme."""

    __tablename__ = "study_sessions"
    __shown_in__ = "days"
    __table_args__ = (sa.UniqueConstraint("study_day_id", "position"),)

    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id", ondelete="CASCADE"))
    study_day: Mapped[StudyDay] = relationship(lazy="raise", back_populates="sessions")
    #: From 1; the number in the session's address.
    position: Mapped[int]
    kind: Mapped[SessionKind] = mapped_column(default=SessionKind.TALK)
    title: Mapped[str] = mapped_column(sa.String(200))
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    room: Mapped[str] = mapped_column(sa.String(100), default="")
    interventions: Mapped[list["Intervention"]] = relationship(
        lazy="raise", order_by="Intervention.position", cascade="all, delete-orphan", back_populates="session"
    )

    @property
    def minutes(self) -> int | None:
        """How long it lasts, when both hours are known."""
        if self.starts_at is None or self.ends_at is None:
            return None
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class Intervention(Model):
    """A speaker at a session, with the role and the organisation of that day: people change jobs."""

    __tablename__ = "interventions"
    __shown_in__ = "days"
    __table_args__ = (sa.UniqueConstraint("session_id", "speaker_id"),)

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("study_sessions.id", ondelete="CASCADE"))
    session: Mapped[StudySession] = relationship(lazy="raise", back_populates="interventions")
    speaker_id: Mapped[int] = mapped_column(sa.ForeignKey("speakers.id"), index=True)
    speaker: Mapped[Speaker] = relationship(lazy="raise")
    position: Mapped[int]
    role: Mapped[str] = mapped_column(sa.String(200), default="")
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    chairs: Mapped[bool] = mapped_column(default=False)

    @property
    def affiliation(self) -> str:
        """Role and organisation in one line."""
        return ", ".join(part for part in (self.role, self.organisation) if part)


class Rate(Model):
    """What one seat costs for whom."""

    __tablename__ = "rates"
    __shown_in__ = "days"
    __table_args__ = (
        sa.UniqueConstraint("study_day_id", "code"),
        sa.CheckConstraint("price_cents >= 0", name="price_positive"),
    )

    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id", ondelete="CASCADE"))
    study_day: Mapped[StudyDay] = relationship(lazy="raise", back_populates="rates")
    code: Mapped[str] = mapped_column(sa.String(rules.CODE_LENGTH))
    name: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")
    #: Who may take it, in words.
    condition: Mapped[str] = mapped_column(sa.String(200), default="")
    condition_en: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    #: Tax included, in cents.
    price_cents: Mapped[int]
    position: Mapped[int]
    #: Excluded from then on (early bird).
    available_until: Mapped[datetime | None]
    #: Only for seats that a subscription covers; the application verifies it.
    for_subscribers: Mapped[bool] = mapped_column(default=False)

    #: What the price is made of; without any, the whole is taxed at the standard rate.
    components: Mapped[list["RateComponent"]] = relationship(
        lazy="raise", order_by="RateComponent.position", cascade="all, delete-orphan"
    )

    @property
    def local_name(self) -> str:
        """What it is called in the language in use; in French where it has no other name."""
        return i18n.choose(self.name, self.name_en)

    @property
    def local_condition(self) -> str:
        """Who may take it, in the same way."""
        return i18n.choose(self.condition, self.condition_en)

    def last_day(self, timezone: str) -> CalendarDate | None:
        """Return the last date on which it is on sale, if it ends; the midnight that ends it belongs to the next."""
        until = self.available_until
        return None if until is None else rules.last_date(until, settings.zone(timezone))

    def is_available(self, now: datetime) -> bool:
        """Return whether it is still on sale at ``now``."""
        return self.available_until is None or now < self.available_until


class RateComponent(ComponentColumns, Model):
    """A part of a rate's price, with its category of tax: the day, its lunch."""

    __tablename__ = "rate_components"
    __shown_in__ = "days"
    __table_args__ = (
        sa.UniqueConstraint("rate_id", "position"),
        sa.CheckConstraint("cents >= 0", name="cents_positive"),
    )

    rate_id: Mapped[int] = mapped_column(sa.ForeignKey("rates.id", ondelete="CASCADE"))


class DayDocument(Model):
    """A file or a link of a day, or of one of its sessions; taken away or replaced, it may be put back for a while."""

    __tablename__ = "day_documents"
    __shown_in__ = "days"
    __table_args__ = (sa.CheckConstraint("(file_id IS NULL) <> (url = '')", name="file_or_link"),)

    study_day_id: Mapped[int] = mapped_column(sa.ForeignKey("study_days.id", ondelete="CASCADE"), index=True)
    study_day: Mapped[StudyDay] = relationship(lazy="raise", back_populates="documents")
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("study_sessions.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(150))
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)
    file: Mapped[StoredFile | None] = relationship(lazy="raise")
    url: Mapped[str] = mapped_column(sa.String(500), default="")
    audience: Mapped[DocumentAudience] = mapped_column(default=DocumentAudience.PUBLIC)
    removed_at: Mapped[datetime | None] = mapped_column(index=True)
