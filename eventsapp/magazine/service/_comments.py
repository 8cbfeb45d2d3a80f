"""Comments: held until somebody has read them, published or refused, reported by readers."""

from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.magazine.models import Article, Comment, CommentReport
from eventsapp.magazine.statuses import CommentStatus
from eventsapp.magazine.values import NewComment


def add_comment(article: Article, *, comment: NewComment, now: datetime) -> Comment:
    """Keep a reader's comment for the moderators; nobody else sees it before they have."""
    kept = Comment(
        article_id=article.id,
        author_name=comment.author_name,
        author_email=comment.author_email,
        body=comment.body,
        status=CommentStatus.PENDING,
        created_at=now,
    )
    db.session.add(kept)
    return kept


def publish_comment(comment: Comment, *, actor: User, now: datetime) -> None:
    """Show the comment under its article; its reports and its article are loaded."""
    _decide(comment, CommentStatus.PUBLISHED, reason="", action="comments.publish", actor=actor, now=now)


def reject_comment(comment: Comment, *, reason: str, actor: User, now: datetime) -> None:
    """Refuse the comment, or take it away when it was shown; ``reason`` is for the moderators."""
    _decide(comment, CommentStatus.REJECTED, reason=reason, action="comments.reject", actor=actor, now=now)


def report_comment(comment: Comment, *, reason: str, email: str, now: datetime) -> None:
    """Bring a published comment back before the moderators; it stays until they have decided."""
    db.session.add(CommentReport(comment_id=comment.id, at=now, reason=reason, email=email))


def _decide(comment: Comment, status: CommentStatus, *, reason: str, action: str, actor: User, now: datetime) -> None:
    before = {"status": comment.status.value, "reason": comment.reason}
    comment.status = status
    comment.reason = reason
    comment.moderated_at = now
    comment.moderated_by_id = actor.id
    for report in comment.reports:
        report.handled_at = report.handled_at or now
    audit.record(
        action,
        actor=actor,
        subject=("comment", comment.id, f"{comment.author_name}, « {comment.article.title} »"),
        now=now,
        changes=audit.difference(before, {"status": status.value, "reason": reason}),
    )
