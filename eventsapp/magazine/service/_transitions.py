"""An article on its way to the reader, and back."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.audit import service as audit
from eventsapp.audit.service import Actor
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine import rules
from eventsapp.magazine.errors import ArticleChanged, NotReady
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.service._articles import subject
from eventsapp.magazine.statuses import ArticleStatus


def submit(article: Article, *, actor: Actor | None, now: datetime, note: str = "") -> None:
    """Hand the article over for review. Raises ``IllegalTransition``."""
    _move(article, ArticleStatus.IN_REVIEW, "articles.submit", actor=actor, now=now, note=note)


def reopen(article: Article, *, actor: Actor | None, now: datetime, note: str = "") -> None:
    """Make it a draft again: sent back by a reviewer, taken off the timetable, or withdrawn and to be rewritten."""
    _move(article, ArticleStatus.DRAFT, "articles.reopen", actor=actor, now=now, note=note)
    article.publish_at = None


def schedule(article: Article, *, publish_at: datetime, actor: Actor | None, now: datetime, note: str = "") -> None:
    """Let it appear by itself at ``publish_at``; asked again, at another time.

    Raises ``NotReady``, ``IllegalTransition``, and ``Invalid`` for a time that has passed.
    """
    if publish_at <= now:
        raise Invalid(
            "La date de parution est passée : publiez l’article, ou choisissez une date à venir.",
            errors={"/publish_at": _("Choisissez une date et une heure à venir.")},
        )
    rules.require_ready(title=article.title, lead=article.lead, body=article.body)
    when = {"publish_at": [article.publish_at and article.publish_at.isoformat(), publish_at.isoformat()]}
    if article.status is ArticleStatus.SCHEDULED:
        audit.record("articles.schedule", actor=actor, subject=subject(article), now=now, changes=when | _noted(note))
    else:
        _move(article, ArticleStatus.SCHEDULED, "articles.schedule", actor=actor, now=now, note=note, more=when)
    article.publish_at = publish_at


def publish(article: Article, *, actor: Actor | None, now: datetime, note: str = "") -> None:
    """Show it to readers from now on; one that comes back keeps its first date.

    Raises ``NotReady``, ``IllegalTransition``.
    """
    rules.require_transition(article.status, ArticleStatus.PUBLISHED)
    rules.require_ready(title=article.title, lead=article.lead, body=article.body)
    _move(article, ArticleStatus.PUBLISHED, "articles.publish", actor=actor, now=now, note=note)
    article.published_at = article.published_at or now
    article.publish_at = None
    article.withdrawn_note = ""


def withdraw(article: Article, *, reason: str, actor: Actor | None, now: datetime) -> None:
    """Take it away from readers; its address tells them ``reason``.

    Raises ``IllegalTransition``, and ``Invalid`` without a reason.
    """
    if not reason.strip():
        raise Invalid(
            "Dites aux lecteurs pourquoi l’article est retiré.",
            errors={"/note": _("Écrivez la note que liront ceux qui suivent un ancien lien.")},
        )
    _move(article, ArticleStatus.WITHDRAWN, "articles.withdraw", actor=actor, now=now, note=reason)
    article.withdrawn_note = reason.strip()


def publish_due(*, now: datetime) -> int:
    """Publish every article whose time has come; return how many appeared.

    One transaction each, the row held: run twice, at once or late, each appears once. One that has become incomplete
    goes back to the draft table, with the reason in its history, and does not hold up the others.
    """
    published = 0
    while True:
        with unit_of_work.transaction():
            article = newsroom.due_article(now)
            if article is None:
                return published
            try:
                publish(article, actor=None, now=now)
            except NotReady as refusal:
                reopen(article, actor=None, now=now, note=refusal.message)
            else:
                published += 1


def _move(
    article: Article,
    after: ArticleStatus,
    action: str,
    *,
    actor: Actor | None,
    now: datetime,
    note: str,
    more: dict[str, Any] | None = None,
) -> None:
    """Change the status in one statement that also checks it, so that of two people at once one is told."""
    before = article.status
    rules.require_transition(before, after)
    moved = db.session.scalar(
        sa.update(Article)
        .where(Article.id == article.id, Article.status == before)
        .values(status=after, version=Article.version + 1)
        .returning(Article.version)
    )
    if moved is None:
        raise ArticleChanged("Quelqu’un d’autre vient de changer l’état de cet article.")
    article.updated_at = now
    changes = {"status": [before.value, after.value]} | (more or {}) | _noted(note)
    audit.record(action, actor=actor, subject=subject(article), now=now, changes=changes)


def _noted(note: str) -> dict[str, Any]:
    return {"note": note.strip()} if note.strip() else {}
