"""Issues, sections, articles and comments."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from eventsapp.core.db import db
from eventsapp.core.slugs import slugify
from eventsapp.magazine import queries
from eventsapp.magazine.models import Article, ArticleAuthor, Comment, Correction, Issue, RelatedArticle, Section, Tag
from eventsapp.magazine.statuses import ArticleStatus, CommentStatus, IssueStatus
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import StudySession
from tests.support.makers.study_days import NOW

#: Stands in the body of every made article and nowhere else: whoever may not read must never receive it.
CANARY = "La phrase que seuls les lecteurs autorisés connaissent."
PUBLISHED_AT = datetime(2026, 11, 20, 8, tzinfo=UTC)

_numbers = itertools.count(1)


def make_section(name: str = "", **values: Any) -> Section:
    number = next(_numbers)
    name = name or f"Rubrique {number}"
    section = Section(**{"slug": slugify(name), "name": name, "position": number} | values)
    db.session.add(section)
    db.session.commit()
    return section


def make_tag(name: str) -> Tag:
    tag = Tag(slug=slugify(name), name=name)
    db.session.add(tag)
    db.session.commit()
    return tag


def make_issue(number: int | None = None, **values: Any) -> Issue:
    issue = Issue(
        **{
            "number": number or 1000 + next(_numbers),
            "published_on": date(2026, 11, 1),
            "status": IssueStatus.PUBLISHED,
        }
        | values
    )
    db.session.add(issue)
    db.session.commit()
    return issue


def make_article(
    *,
    sessions: list[StudySession] | None = None,
    speakers: list[Speaker] | None = None,
    related: list[Article] | None = None,
    authors: Sequence[str] = (),
    tags: list[Tag] | None = None,
    **values: Any,
) -> Article:
    """Make a published, free article; ``related`` stands under « À lire » in this order, ``authors`` are names."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "slug": f"article-{number}",
        "title": f"Ce que l’on met en commun {number}",
        "lead": "Cinq territoires racontent ce qu’ils partagent, et ce qu’ils gardent.",
        "body": f"## Ce qui s’est dit\n\n{CANARY} Chacun avait ses raisons, son calendrier et ses limites.",
        "status": ArticleStatus.PUBLISHED,
        "published_at": PUBLISHED_AT if values.get("status", ArticleStatus.PUBLISHED) in _SEEN else None,
        "publish_at": NOW + timedelta(days=1) if values.get("status") is ArticleStatus.SCHEDULED else None,
        "created_at": NOW,
        "updated_at": NOW,
    }
    article = Article(**given | values)
    article.sessions = sessions or []
    article.speakers = speakers or []
    article.tags = tags or []
    article.authors = [
        ArticleAuthor(position=place, name=name, slug=slugify(name)) for place, name in enumerate(authors, start=1)
    ]
    article.related = [
        RelatedArticle(other_id=other.id, position=place) for place, other in enumerate(related or [], start=1)
    ]
    db.session.add(article)
    db.session.commit()
    return article


def set_terms(**values: int) -> None:
    """Say what holds for reserved articles that say nothing else."""
    terms = queries.reading_terms()
    for name, value in values.items():
        setattr(terms, name, value)
    db.session.commit()


def make_correction(article: Article, *, note: str = "Une date était fausse.", at: datetime = NOW) -> Correction:
    correction = Correction(article_id=article.id, note=note, at=at)
    db.session.add(correction)
    db.session.commit()
    return correction


def make_comment(article: Article, **values: Any) -> Comment:
    """Make a comment that waits for a moderator."""
    given: dict[str, Any] = {
        "author_name": "Dominique Lecteur",
        "author_email": "dominique@exemple.fr",
        "body": "Chez nous, l’annuaire commun a pris trois ans.",
        "status": CommentStatus.PENDING,
        "created_at": NOW,
    }
    comment = Comment(article_id=article.id, **given | values)
    db.session.add(comment)
    db.session.commit()
    return comment


_SEEN = frozenset({ArticleStatus.PUBLISHED, ArticleStatus.WITHDRAWN})
