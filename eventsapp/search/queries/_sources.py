"""What there is to find, as entries of the index: shown days, published articles, and who speaks there."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventsapp.core import french, markdown
from eventsapp.core.db import db
from eventsapp.magazine.models import Article, article_speakers
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus
from eventsapp.search.values import Entry, Kind
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, StudyDay, StudySession
from eventsapp.study_days.statuses import SHOWN

#: Characters of a text that are indexed and that excerpts are taken from.
LONGEST_TEXT = 60_000


def days_and_articles() -> list[tuple[Kind, int]]:
    """Return the kinds and keys of the days that are shown and of the articles that are published, the oldest first."""
    days = sa.select(sa.literal(Kind.DAY.value).label("kind"), StudyDay.id, StudyDay.created_at)
    articles = sa.select(sa.literal(Kind.ARTICLE.value), Article.id, Article.created_at)
    every = sa.union_all(
        days.where(StudyDay.status.in_(SHOWN)), articles.where(Article.status == ArticleStatus.PUBLISHED)
    ).subquery()
    rows = db.session.execute(sa.select(every.c.kind, every.c.id).order_by(every.c.created_at, every.c.id))
    return [(Kind(kind), key) for kind, key in rows]


def all_speakers() -> Sequence[int]:
    """Return the keys of all speakers."""
    return db.session.scalars(sa.select(Speaker.id).order_by(Speaker.id)).all()


def entries_of_days(ids: Collection[int]) -> list[Entry]:
    """Return the shown ones of these days and their sessions."""
    days = db.session.scalars(
        sa.select(StudyDay)
        .where(StudyDay.id.in_(ids), StudyDay.status.in_(SHOWN))
        .order_by(StudyDay.id)
        .options(
            joinedload(StudyDay.city),
            joinedload(StudyDay.venue),
            joinedload(StudyDay.series),
            joinedload(StudyDay.theme),
            selectinload(StudyDay.sessions).selectinload(StudySession.interventions).joinedload(Intervention.speaker),
        )
        .execution_options(populate_existing=True)
    ).all()
    return [entry for day in days for entry in (_day(day), *(_session(day, talk) for talk in day.talks))]


def entries_of_articles(ids: Collection[int]) -> list[Entry]:
    """Return the published ones of these articles.

    Of what is for subscribers only the body is not read at all: it can neither be found nor shown.
    """
    articles = db.session.scalars(
        sa.select(Article)
        .where(Article.id.in_(ids), Article.status == ArticleStatus.PUBLISHED)
        .order_by(Article.id)
        .options(
            joinedload(Article.section),
            joinedload(Article.issue),
            selectinload(Article.speakers),
            selectinload(Article.authors),
            selectinload(Article.tags),
        )
        .execution_options(populate_existing=True)
    ).all()
    return [_article(article) for article in articles]


def entries_of_speakers(ids: Collection[int]) -> list[Entry]:
    """Return those of these speakers who speak at a shown day or are quoted in a published article."""
    roles: dict[int, list[Intervention]] = {}
    talks = db.session.scalars(
        sa.select(Intervention)
        .join(Intervention.session)
        .join(StudySession.study_day)
        .where(Intervention.speaker_id.in_(ids), StudyDay.status.in_(SHOWN))
        .order_by(StudyDay.starts_at.desc(), Intervention.id)
    )
    for talk in talks:
        roles.setdefault(talk.speaker_id, []).append(talk)
    quoted = set(
        db.session.scalars(
            sa.select(article_speakers.c.speaker_id)
            .join(Article, Article.id == article_speakers.c.article_id)
            .where(article_speakers.c.speaker_id.in_(ids), Article.status == ArticleStatus.PUBLISHED)
        )
    )
    speakers = db.session.scalars(
        sa.select(Speaker)
        .where(Speaker.id.in_(roles.keys() | quoted))
        .order_by(Speaker.id)
        .execution_options(populate_existing=True)
    ).all()
    return [_speaker(speaker, roles.get(speaker.id, [])) for speaker in speakers]


def days_touched_by(
    *,
    series: Collection[int] = (),
    themes: Collection[int] = (),
    cities: Collection[int] = (),
    venues: Collection[int] = (),
    sessions: Collection[int] = (),
    speakers: Collection[int] = (),
) -> set[int]:
    """Return the keys of the days whose entries name one of these things."""
    wanted: list[sa.ColumnElement[bool]] = [
        column.in_(ids)
        for column, ids in (
            (StudyDay.series_id, series),
            (StudyDay.theme_id, themes),
            (StudyDay.city_id, cities),
            (StudyDay.venue_id, venues),
        )
        if ids
    ]
    if sessions or speakers:
        spoke = sa.select(Intervention.session_id).where(Intervention.speaker_id.in_(speakers))
        held = sa.or_(StudySession.id.in_(sessions), StudySession.id.in_(spoke))
        wanted.append(StudyDay.id.in_(sa.select(StudySession.study_day_id).where(held)))
    return set(db.session.scalars(sa.select(StudyDay.id).where(sa.or_(*wanted)))) if wanted else set()


def articles_touched_by(
    *, sections: Collection[int] = (), issues: Collection[int] = (), speakers: Collection[int] = ()
) -> set[int]:
    """Return the keys of the articles whose entries name one of these things."""
    wanted: list[sa.ColumnElement[bool]] = [
        column.in_(ids) for column, ids in ((Article.section_id, sections), (Article.issue_id, issues)) if ids
    ]
    if speakers:
        quoting = sa.select(article_speakers.c.article_id).where(article_speakers.c.speaker_id.in_(speakers))
        wanted.append(Article.id.in_(quoting))
    return set(db.session.scalars(sa.select(Article.id).where(sa.or_(*wanted)))) if wanted else set()


def speakers_touched_by(*, days: Collection[int] = (), articles: Collection[int] = ()) -> set[int]:
    """Return the keys of the speakers who speak at these days or are quoted in these articles."""
    found: set[int] = set()
    if days:
        found |= set(
            db.session.scalars(
                sa.select(Intervention.speaker_id).join(Intervention.session).where(StudySession.study_day_id.in_(days))
            )
        )
    if articles:
        found |= set(
            db.session.scalars(
                sa.select(article_speakers.c.speaker_id).where(article_speakers.c.article_id.in_(articles))
            )
        )
    return found


def _day(day: StudyDay) -> Entry:
    venue = day.venue
    return Entry(
        kind=Kind.DAY,
        object_id=day.id,
        study_day_id=day.id,
        slug=day.slug,
        held_on=day.held_on,
        title=day.title,
        detail=_line(day.city.name, venue.name if venue else ""),
        text=_text(day.lead, markdown.to_text(day.description)),
        names=_text(
            french.date_words(day.held_on),
            day.city.name,
            day.city.department,
            venue.name if venue else "",
            day.theme.name if day.theme else "",
            day.series.title if day.series else "",
            *(speaker.name for speaker in day.speakers),
        ),
        more=_text(
            day.audience,
            day.objectives,
            *(f"{talk.title} {talk.summary}" for talk in day.talks),
            *(person.affiliation for talk in day.talks for person in talk.interventions),
        ),
    )


def _session(day: StudyDay, talk: StudySession) -> Entry:
    return Entry(
        kind=Kind.SESSION,
        object_id=talk.id,
        study_day_id=day.id,
        slug=day.slug,
        position=talk.position,
        held_on=day.held_on,
        title=talk.title,
        detail=_line(day.city.name, day.title),
        text=talk.summary[:LONGEST_TEXT],
        names=_text(
            french.date_words(day.held_on), day.city.name, *(person.speaker.name for person in talk.interventions)
        ),
        more=_text(day.title, *(person.affiliation for person in talk.interventions)),
    )


def _article(article: Article) -> Entry:
    section = article.section.name if article.section else "Compte rendu" if article.kind is ArticleKind.REPORT else ""
    issue = f"n°{french.NO_BREAK}{article.issue.number}" if article.issue else ""
    reserved = article.access is not Access.PUBLIC
    return Entry(
        kind=Kind.ARTICLE,
        object_id=article.id,
        study_day_id=article.study_day_id,
        slug=article.slug,
        held_on=article.dated_at.date() if article.dated_at else None,
        title=article.title,
        detail=_line(section, issue),
        text=_text(article.lead, "" if reserved else markdown.to_text(article.body)),
        reserved=reserved,
        names=_text(
            article.subtitle,
            section,
            issue,
            *(speaker.name for speaker in article.speakers),
            *(author.name for author in article.authors),
            *(tag.name for tag in article.tags),
        ),
    )


def _speaker(speaker: Speaker, talks: Sequence[Intervention]) -> Entry:
    return Entry(
        kind=Kind.SPEAKER,
        object_id=speaker.id,
        slug=speaker.slug,
        title=speaker.name,
        detail=_line(talks[0].affiliation if talks else ""),
        text=markdown.to_text(speaker.shown_biography)[:LONGEST_TEXT],
        names=_text(*dict.fromkeys(talk.organisation for talk in talks)),
        more=_text(*dict.fromkeys(talk.role for talk in talks)),
    )


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)[:500]


def _text(*parts: str) -> str:
    return " ".join(part for part in parts if part)[:LONGEST_TEXT]
