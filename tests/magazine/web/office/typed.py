"""What the editor's form sends."""

from typing import Any

from eventsapp.core.db import db
from eventsapp.magazine import service
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom


def typed(article: Article, **changes: Any) -> dict[str, Any]:
    """Return the form of ``article`` as it is saved, with ``changes``."""
    db.session.expire_all()
    whole = newsroom.article(article.id)
    assert whole is not None
    content = service.content_of(whole)
    return {
        "title": content.title,
        "subtitle": content.subtitle,
        "lead": content.lead,
        "body": content.body,
        "byline": content.byline,
        "kind": content.kind.value,
        "access": content.access.value,
        "free_paragraphs": "" if content.free_paragraphs is None else str(content.free_paragraphs),
        "opens_after_months": "" if content.opens_after_months is None else str(content.opens_after_months),
        "slug": content.slug,
        "section": str(content.section_id or 0),
        "issue": str(content.issue_id or 0),
        "study_day": str(content.study_day_id or 0),
        "sessions": [str(key) for key in content.session_ids],
        "speakers": [str(key) for key in content.speaker_ids],
        "authors": "\n".join(content.authors),
        "tags": ", ".join(content.tags),
        "related": [str(key) for key in content.related_ids],
        "version": str(whole.version),
    } | changes
