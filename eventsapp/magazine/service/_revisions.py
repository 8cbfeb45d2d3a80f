"""What an article said at each save, and taking it up again."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from eventsapp.audit.service import NOBODY, Actor
from eventsapp.core.db import db
from eventsapp.magazine.models import Article, Revision
from eventsapp.magazine.values import WORDS

#: Revisions kept of one article, besides its first and those that readers had.
MOST_REVISIONS = 200


def record(
    article: Article, *, changed: Sequence[str], actor: Actor | None, now: datetime, restored_from: int | None = None
) -> None:
    """Keep what the article says from its present version on, and drop the oldest beyond ``MOST_REVISIONS``."""
    is_first = not db.session.scalar(sa.select(sa.exists().where(Revision.article_id == article.id)))
    db.session.add(
        Revision(
            article_id=article.id,
            number=article.version,
            at=now,
            by_id=actor.id if actor else None,
            by_label=actor.name if actor else NOBODY,
            changed=list(changed),
            restored_from=restored_from,
            is_kept=is_first,
            **{name: getattr(article, name) for name in WORDS},
        )
    )
    db.session.flush()
    droppable = (Revision.article_id == article.id, Revision.is_kept.is_(False))
    kept = sa.select(Revision.number).where(*droppable).order_by(Revision.number.desc()).limit(MOST_REVISIONS)
    oldest = sa.select(sa.func.min(kept.subquery().c.number)).scalar_subquery()
    db.session.execute(sa.delete(Revision).where(*droppable, Revision.number < oldest))


def keep_current(article: Article) -> None:
    """Never drop the revision that readers are about to have."""
    last = sa.select(sa.func.max(Revision.number)).where(Revision.article_id == article.id).scalar_subquery()
    db.session.execute(
        sa.update(Revision)
        .where(Revision.article_id == article.id, Revision.number == last)
        .values(is_kept=True)
        .execution_options(synchronize_session=False)
    )
