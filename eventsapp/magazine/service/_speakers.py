"""Two entries for one speaker, made one: what the magazine says of the one is of the other."""

from datetime import datetime

import sqlalchemy as sa

from eventsapp.accounts.models import User
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.magazine.models import ArticleAuthor, article_speakers
from eventsapp.speakers.models import Speaker
from eventsapp.study_days import service as study_days

#: The pages that show articles.
SCOPE = "magazine"


def merge_speakers(kept: Speaker, *, other: Speaker, actor: User, now: datetime) -> None:
    """Give ``kept`` the reports and the interventions of ``other``, photographs loaded, who then is gone."""
    both = sa.select(article_speakers.c.article_id).where(article_speakers.c.speaker_id == kept.id)
    db.session.execute(
        sa.delete(article_speakers).where(
            article_speakers.c.speaker_id == other.id, article_speakers.c.article_id.in_(both)
        )
    )
    db.session.execute(
        sa.update(article_speakers).where(article_speakers.c.speaker_id == other.id).values(speaker_id=kept.id)
    )
    signed = sa.select(ArticleAuthor.article_id).where(ArticleAuthor.slug == kept.slug)
    db.session.execute(
        sa.delete(ArticleAuthor).where(ArticleAuthor.speaker_id == other.id, ArticleAuthor.article_id.in_(signed))
    )
    db.session.execute(
        sa.update(ArticleAuthor)
        .where(ArticleAuthor.speaker_id == other.id)
        .values(speaker_id=kept.id, slug=kept.slug, name=kept.name)
    )
    unit_of_work.touch(SCOPE)
    study_days.merge_speakers(kept, other=other, actor=actor, now=now)
