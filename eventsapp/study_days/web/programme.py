"""The programme of a day as its page draws it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _

from eventsapp.core import i18n, settings
from eventsapp.files.models import StoredFile
from eventsapp.magazine.models import Article
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import DayDocument, StudyDay, StudySession
from eventsapp.study_days.statuses import DocumentAudience, SessionKind
from eventsapp.study_days.web import when


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A speaker, with the role and the organisation of that day."""

    name: str
    url: str
    role: str
    organisation: str
    photo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A slot of the programme, shaped for the macro ``programme``."""

    title: str
    url: str
    summary: str
    position: int
    starts_at: datetime | None
    duration: str
    room: str
    speakers: Sequence[Person]
    pause: bool
    #: What came of it, as (text, address, note): reports, slides.
    after: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The items of each date, with hours or numbered."""

    timed: bool
    #: The dates are said when there are several.
    dates: Sequence[tuple[date, Sequence[Item]]]


def of(day: StudyDay, reports: Mapping[int, Sequence[Article]], *, open_to: Collection[DocumentAudience]) -> Programme:
    """Return the programme of a day loaded in full; numbered, breaks left out, when an hour is missing.

    ``reports`` are the published articles by session key, ``open_to`` whose documents the reader may have.
    """
    timed = bool(day.sessions) and all(session.starts_at is not None for session in day.sessions)
    groups: dict[date, list[Item]] = {}
    for number, session in enumerate(day.sessions if timed else day.talks, start=1):
        item = _item(day, session, number=number, reports=reports.get(session.id, ()), open_to=open_to)
        groups.setdefault(item.starts_at.date() if timed and item.starts_at else day.date, []).append(item)
    return Programme(timed=timed, dates=list(groups.items()))


def people(session: StudySession) -> list[Person]:
    """Return who speaks at a session; interventions, speakers and their photographs are loaded."""
    return [
        Person(
            name=talk.speaker.name,
            url=url_for("speakers.speaker", slug=talk.speaker.slug),
            role=talk.role,
            organisation=talk.organisation,
            photo=file_url(talk.speaker.shown_photo),
        )
        for talk in session.interventions
    ]


def document_url(document: DayDocument, day: StudyDay, seat: Registration | None = None) -> str:
    """Return where a document is for who may have it, by the link of ``seat`` if they have one; its file is loaded.

    What is not everybody's has an address that asks who it is; the file's own, or the link's, is never told.
    """
    if document.audience is DocumentAudience.PUBLIC:
        return document.url or file_url(document.file, named=True)
    if seat is not None:
        return url_for("documents.of_seat", secret=seat.secret, document_id=document.id)
    return url_for("documents.of_day", slug=day.slug, document_id=document.id)


def for_whom(document: DayDocument) -> str:
    """Return what others are told about a document that is not theirs."""
    if document.audience is DocumentAudience.SUBSCRIBERS:
        return str(_("Réservé aux abonnés et aux participants"))
    return str(_("Réservé aux participants"))


def file_url(file: StoredFile | None, *, named: bool = False) -> str:
    """Return where a file is, its name at the end if ``named``; nothing without a file."""
    if file is None:
        return ""
    return url_for("files.show", key=file.key, _name=file.name) if named else url_for("files.show", key=file.key)


def _item(
    day: StudyDay,
    session: StudySession,
    *,
    number: int,
    reports: Sequence[Article],
    open_to: Collection[DocumentAudience],
) -> Item:
    pause = session.kind is SessionKind.BREAK
    documents = [document for document in day.documents if document.session_id == session.id]
    return Item(
        title=session.title,
        url="" if pause else url_for("study_days.session", slug=day.slug, position=session.position),
        summary=session.summary,
        position=number,
        starts_at=session.starts_at and session.starts_at.astimezone(settings.zone(day.timezone)),
        duration=when.length(session),
        room=session.room,
        speakers=people(session),
        pause=pause,
        after=[
            *(
                (_("Lire ce qui s’y est dit"), url_for("magazine.article", slug=report.slug), source(report))
                for report in reports
            ),
            *(
                (i18n.french_words(i18n.typo(document.title)), document_url(document, day), "")
                if document.audience in open_to
                else (i18n.french_words(i18n.typo(document.title)), "", for_whom(document))
                for document in documents
            ),
        ],
    )


def source(article: Article) -> str:
    """Return « Reportage, n° 376 »; section and issue are loaded."""
    parts = [
        article.section.name if article.section else "",
        _("n° %(number)s", number=article.issue.number) if article.issue else "",
    ]
    return ", ".join(part for part in parts if part)
