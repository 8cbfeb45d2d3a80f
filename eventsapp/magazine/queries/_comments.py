"""Comments that readers may see, and who may write none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, defer, load_only

from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.magazine.models import Article, Comment, CommentBan
from eventsapp.magazine.statuses import ArticleStatus, Badge, CommentStatus
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, StudySession


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and its answers; one that was taken away is only a place that they keep."""

    first: Comment
    answers: tuple[Comment, ...]

    @property
    def is_gone(self) -> bool:
        return self.first.status is not CommentStatus.PUBLISHED


def comments_of(article_id: int) -> list[Thread]:
    """Return the published comments of the article in threads, the oldest first."""
    rows = db.session.scalars(_shown(), {"article": article_id}).all()
    answers: dict[int, list[Comment]] = {}
    for row in rows:
        if row.parent_id is not None:
            answers.setdefault(row.parent_id, []).append(row)
    return [Thread(row, tuple(answers.get(row.id, ()))) for row in rows if row.parent_id is None]


@cache
def _shown() -> sa.Select[Comment]:
    answer = aliased(Comment)
    answered = sa.exists().where(answer.parent_id == Comment.id, answer.status == CommentStatus.PUBLISHED)
    return (
        sa.select(Comment)
        .where(
            Comment.article_id == sa.bindparam("article"),
            sa.or_(Comment.status == CommentStatus.PUBLISHED, answered),
        )
        .order_by(Comment.created_at, Comment.id)
    )


@dataclass(frozen=True, slots=True)
class Signature:
    """Who wrote a comment, where the magazine knows it: what they are, and the name that it knows them by."""

    badge: Badge
    name: str


def signatures(article: Article, threads: Sequence[Thread]) -> dict[int, Signature]:
    """Return which comments are those of an author of the article, or of a speaker of its day, by key.

    Only the address of who was signed in says so: a typed one is anybody's, and so is a typed name. The name is that of
    the profile, or of the account; who has neither is not told apart. Authors are loaded.
    """
    written = [said for thread in threads for said in (thread.first, *thread.answers) if said.user_id is not None]
    if not written:
        return {}
    people = {
        person.id: person
        for person in db.session.scalars(
            sa.select(User)
            .where(User.id.in_({said.user_id for said in written}))
            .options(load_only(User.email, User.first_name, User.last_name))
        )
    }
    emails = {key: person.email.lower() for key, person in people.items()}
    authors = _authors(article)
    known: dict[str, list[Speaker]] = {}
    for speaker in db.session.scalars(
        sa.select(Speaker)
        .where(_concerned(article), Speaker.email.in_(set(emails.values())))
        .options(load_only(Speaker.email, Speaker.first_name, Speaker.last_name))
        .order_by(Speaker.id)
    ):
        known.setdefault(speaker.email, []).append(speaker)
    found = {}
    for said in written:
        theirs = known.get(emails.get(said.user_id or 0, ""), [])
        wrote = [speaker for speaker in theirs if speaker.id in authors]
        if not (theirs or said.user_id == article.author_id):
            continue
        names = [speaker.name for speaker in wrote or theirs] or [people[said.user_id or 0].given_name]
        # Several people may share an address: which of them it is, they typed.
        name = said.author_name if said.author_name in names else names[0]
        if name:
            is_author = bool(wrote) or said.user_id == article.author_id
            found[said.id] = Signature(Badge.AUTHOR if is_author else Badge.SPEAKER, name)
    return found


def signature(article: Article, said: Comment) -> Signature | None:
    """Return the same for one comment; ``None`` when nothing is known of who wrote it."""
    return signatures(article, [Thread(said, ())]).get(said.id)


def took_part(article: Article, person: User) -> bool:
    """Return whether a comment of that person is one that ``signatures`` tells apart; authors are loaded."""
    if person.id == article.author_id:
        return True
    theirs = sa.exists().where(_concerned(article), Speaker.email == person.email.lower())
    return bool(db.session.scalar(sa.select(theirs)))


def _authors(article: Article) -> set[int]:
    return {each.speaker_id for each in article.authors if each.speaker_id is not None}


def _concerned(article: Article) -> sa.ColumnElement[bool]:
    """Return the condition that a speaker wrote the article, or spoke at its day."""
    wrote = Speaker.id.in_(_authors(article))
    if article.study_day_id is None:
        return wrote
    spoke = sa.select(Intervention.speaker_id).join(Intervention.session)
    return sa.or_(wrote, Speaker.id.in_(spoke.where(StudySession.study_day_id == article.study_day_id)))


def published_comments(user_id: int) -> int:
    """Return how many comments of that person stand."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(Comment.id)).where(
                Comment.user_id == user_id, Comment.status == CommentStatus.PUBLISHED
            )
        )
        or 0
    )


def own_comment(article_id: int, comment_id: int) -> Comment | None:
    """Return that comment of the article whatever its status: for who wrote it."""
    return db.session.scalar(sa.select(Comment).where(Comment.id == comment_id, Comment.article_id == article_id))


def own_comments(article_id: int, keys: Collection[int], *, since: datetime) -> Sequence[Comment]:
    """Return those of the comments of the article that were sent after ``since`` and not refused, the oldest first."""
    return db.session.scalars(
        sa.select(Comment)
        .where(
            Comment.id.in_(keys),
            Comment.article_id == article_id,
            Comment.created_at > since,
            Comment.status != CommentStatus.REJECTED,
        )
        .order_by(Comment.created_at, Comment.id)
    ).all()


def published_comment(slug: str, comment_id: int) -> Comment | None:
    """Return that published comment of the published article ``slug``, the article loaded without its body."""
    return db.session.scalar(
        sa.select(Comment)
        .join(Comment.article)
        .where(
            Comment.id == comment_id,
            Comment.status == CommentStatus.PUBLISHED,
            Article.slug == slug,
            Article.status == ArticleStatus.PUBLISHED,
        )
        .options(contains_eager(Comment.article).options(defer(Article.body, raiseload=True)))
    )


def comment_ban(email: str) -> CommentBan | None:
    """Return the ban of that address, or ``None``."""
    return db.session.scalar(sa.select(CommentBan).where(CommentBan.email == email.strip().lower()))
