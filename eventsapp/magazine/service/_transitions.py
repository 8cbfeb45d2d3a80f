"""An article on its way to the reader, and back."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.audit.service import Actor
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine import mails, rules
from eventsapp.magazine.errors import ArticleChanged, IllegalTransition, NotReady
from eventsapp.magazine.models import Article, Correction
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.service import _revisions
from eventsapp.magazine.service._articles import subject
from eventsapp.magazine.service._numbers import hold_open_issue
from eventsapp.magazine.statuses import ArticleStatus


def submit(article: Article, *, actor: Actor | None, now: datetime, note: str = "") -> None:
    """Hand the article over for review. Raises ``IllegalTransition``."""
    _move(article, ArticleStatus.IN_REVIEW, "articles.submit", actor=actor, now=now, note=note)
    _forget_review(article)


def reopen(article: Article, *, actor: Actor | None, now: datetime, note: str = "") -> None:
    """Make it a draft again: taken back, taken off the timetable, or withdrawn and to be rewritten."""
    _move(article, ArticleStatus.DRAFT, "articles.reopen", actor=actor, now=now, note=note)
    article.publish_at = None
    _forget_review(article)


def request_changes(article: Article, *, actor: Actor | None, now: datetime, note: str) -> None:
    """Send a text in review, approved or not, back to its author, who is told by mail what to change.

    Raises ``IllegalTransition``, and ``Invalid`` without a word about what to change.
    """
    if article.status is not ArticleStatus.IN_REVIEW:
        raise IllegalTransition(_("On demande des changements à un article en relecture."))
    if not note.strip():
        raise Invalid(
            "Dites à l’auteur ce qu’il doit changer.",
            errors={"/note": _("Écrivez ce qui est à changer : l’auteur reçoit cette note.")},
        )
    _move(article, ArticleStatus.DRAFT, "articles.request_changes", actor=actor, now=now, note=note)
    _forget_review(article)
    article.review_note = note.strip()
    author = db.session.get(User, article.author_id) if article.author_id else None
    if author is not None and author.active and (actor is None or actor.id != author.id):
        reviewer = actor.name if actor else ""
        mails.changes_requested(article, author=author, reviewer=reviewer, note=article.review_note, now=now)


def approve(article: Article, *, actor: Actor | None, now: datetime, note: str = "") -> None:
    """Say that the text may appear. Raises ``OwnText`` for its author, ``NotReady``, ``IllegalTransition``."""
    if article.status is not ArticleStatus.IN_REVIEW or article.approved_at is not None:
        raise IllegalTransition(_("On approuve une fois un article en relecture."))
    rules.require_ready(title=article.title, lead=article.lead, body=article.body)
    _require_approved(article, actor=actor, now=now)
    _raise_version(article)
    article.updated_at = article.moved_at = now
    audit.record("articles.approve", actor=actor, subject=subject(article), now=now, changes=_noted(note))


def appear_with_issue(article: Article, *, actor: Actor | None, now: datetime, note: str = "") -> None:
    """Let it appear when its issue does, whenever that is. Issue loaded.

    Raises ``OwnText`` for the author of a text that nobody else approved, ``NotReady``, ``IllegalTransition``, and
    ``Invalid`` without an issue, or with one that readers have already.
    """
    if article.issue is None:
        raise Invalid("L’article n’est dans aucun numéro.", errors={"/issue": _("Choisissez d’abord le numéro.")})
    hold_open_issue(article.issue)
    rules.require_ready(title=article.title, lead=article.lead, body=article.body)
    number = {"issue": article.issue.number}
    if article.status is ArticleStatus.SCHEDULED and article.publish_at is not None:
        audit.record("articles.with_issue", actor=actor, subject=subject(article), now=now, changes=number)
        _raise_version(article)
        article.moved_at = now
    else:
        rules.require_transition(article.status, ArticleStatus.SCHEDULED)
        if article.status is ArticleStatus.SCHEDULED:
            raise IllegalTransition(_("Cet article paraît déjà avec son numéro."))
        _require_approved(article, actor=actor, now=now)
        _move(article, ArticleStatus.SCHEDULED, "articles.with_issue", actor=actor, now=now, note=note, more=number)
    article.publish_at = None


def schedule(article: Article, *, publish_at: datetime, actor: Actor | None, now: datetime, note: str = "") -> None:
    """Let it appear by itself at ``publish_at``; asked again, at another time.

    Raises ``OwnText`` for the author of a text that nobody else approved, ``NotReady``, ``IllegalTransition``, and
    ``Invalid`` for a time that has passed.
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
        rules.require_transition(article.status, ArticleStatus.SCHEDULED)
        _require_approved(article, actor=actor, now=now)
        _move(article, ArticleStatus.SCHEDULED, "articles.schedule", actor=actor, now=now, note=note, more=when)
    article.publish_at = publish_at


def publish(article: Article, *, actor: Actor | None, now: datetime, note: str = "") -> None:
    """Show it to readers from now on; one that comes back keeps its first date.

    Raises ``OwnText`` for the author of a text that nobody else approved, ``NotReady``, ``IllegalTransition``.
    """
    rules.require_transition(article.status, ArticleStatus.PUBLISHED)
    rules.require_ready(title=article.title, lead=article.lead, body=article.body)
    if article.status is not ArticleStatus.SCHEDULED:
        _require_approved(article, actor=actor, now=now)
    _move(article, ArticleStatus.PUBLISHED, "articles.publish", actor=actor, now=now, note=note)
    article.published_at = article.published_at or now
    article.publish_at = None
    article.withdrawn_note = ""
    _revisions.keep_current(article)


def correct(article: Article, *, note: str, actor: Actor | None, now: datetime) -> None:
    """Tell the readers of a published article what was corrected in it; the text itself is saved before.

    Corrections loaded. Raises ``IllegalTransition``, and ``Invalid`` without a word to the readers.
    """
    if article.status is not ArticleStatus.PUBLISHED:
        raise IllegalTransition(_("Un rectificatif accompagne un article publié."))
    if not note.strip():
        raise Invalid(
            "Dites aux lecteurs ce qui a été corrigé.",
            errors={"/note": _("Écrivez ce qui a été corrigé : la note paraît sous l’article.")},
        )
    _raise_version(article)
    article.corrections.append(Correction(at=now, note=note.strip(), by_id=actor.id if actor else None))
    article.updated_at = now
    audit.record("articles.correct", actor=actor, subject=subject(article), now=now, changes=_noted(note))


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
    article.updated_at = article.moved_at = now
    changes = {"status": [before.value, after.value]} | (more or {}) | _noted(note)
    audit.record(action, actor=actor, subject=subject(article), now=now, changes=changes)


def _noted(note: str) -> dict[str, Any]:
    return {"note": note.strip()} if note.strip() else {}


def _require_approved(article: Article, *, actor: Actor | None, now: datetime) -> None:
    """Take ``actor`` for the second reader unless there was one. Raises ``OwnText``."""
    if article.approved_at is None:
        reader_id = actor.id if actor else None
        rules.require_second_reader(author_id=article.author_id, reader_id=reader_id)
        article.approved_at, article.approved_by_id = now, reader_id


def _forget_review(article: Article) -> None:
    article.review_note = ""
    article.approved_at = article.approved_by_id = None


def _raise_version(article: Article) -> None:
    """Raise the version in one statement that checks the status, for a move that keeps it."""
    raised = db.session.scalar(
        sa.update(Article)
        .where(Article.id == article.id, Article.status == article.status)
        .values(version=Article.version + 1)
        .returning(Article.version)
    )
    if raised is None:
        raise ArticleChanged("Quelqu’un d’autre vient de changer l’état de cet article.")
