"""Comments: held until somebody has read them, mended by who wrote them, published or refused, reported by readers."""

from datetime import datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine import queries, rules
from eventsapp.magazine.errors import CommentBanned, CommentsClosed, CommentSettled
from eventsapp.magazine.models import Article, Comment, CommentBan, CommentReport
from eventsapp.magazine.statuses import CommentStatus
from eventsapp.magazine.values import NewComment


def add_comment(
    article: Article,
    *,
    comment: NewComment,
    author: User | None = None,
    parent: Comment | None = None,
    now: datetime,
) -> Comment:
    """Keep a reader's comment, or an answer to ``parent``, for the moderators: nobody else sees it before they have.

    That of an ``author`` who is signed in appears at once when they let two pass before. An answer to an answer stands
    beside it. Raises ``CommentsClosed``, and ``CommentBanned`` with the reason for an address that may comment no more.
    """
    days = queries.reading_terms().comments_days
    if not rules.takes_comments(published_at=article.published_at, days=days, now=now):
        raise CommentsClosed(_("Cet article ne reçoit plus de commentaires."))
    email = author.email if author else comment.author_email
    _require_not_banned(email)
    kept = Comment(
        article=article,
        reports=[],
        author_name=comment.author_name,
        author_email=email,
        user_id=author.id if author else None,
        parent_id=(parent.parent_id or parent.id) if parent else None,
        body=comment.body,
        status=_status_for(author.id if author else None),
        created_at=now,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def edit_comment(comment: Comment, *, body: str, now: datetime) -> None:
    """Let its author mend a comment; one that the moderators had let pass waits for them anew, unless its author is
    free of that.

    Raises ``CommentSettled`` when it is too late, and ``CommentBanned``.
    """
    if now >= rules.edit_until(comment.created_at) or comment.status is CommentStatus.REJECTED:
        raise CommentSettled(_("Ce commentaire ne se modifie plus."))
    _require_not_banned(comment.author_email)
    if body == comment.body:
        return
    comment.body, comment.edited_at = body, now
    comment.status = _status_for(comment.user_id)


def publish_comment(comment: Comment, *, actor: User, now: datetime) -> None:
    """Show the comment under its article; its reports and its article are loaded."""
    _decide(comment, CommentStatus.PUBLISHED, reason="", action="comments.publish", actor=actor, now=now)


def reject_comment(comment: Comment, *, reason: str, actor: User, now: datetime) -> None:
    """Refuse the comment, or take it away when it was shown; ``reason`` is for the moderators."""
    _decide(comment, CommentStatus.REJECTED, reason=reason, action="comments.reject", actor=actor, now=now)


def ban_commenter(comment: Comment, *, reason: str, actor: User, now: datetime) -> None:
    """Refuse the comment, and every other that its address sends from now on; ``reason`` is told to whoever tries.

    Asked again, the newer reason counts. Raises ``Invalid`` without a reason.
    """
    if not reason.strip():
        raise Invalid(_("Écrivez le motif : il est dit à qui est banni."))
    reject_comment(comment, reason=reason, actor=actor, now=now)
    ban = queries.comment_ban(comment.author_email) or CommentBan(email=comment.author_email.strip().lower())
    ban.name, ban.reason, ban.at = comment.author_name, reason.strip(), now
    db.session.add(ban)
    audit.record(
        "comments.ban", actor=actor, subject=_ban_subject(comment.author_name), now=now, changes={"reason": reason}
    )


def lift_ban(ban: CommentBan, *, actor: User, now: datetime) -> None:
    """Let the address comment again."""
    audit.record("comments.unban", actor=actor, subject=_ban_subject(ban.name), now=now)
    db.session.delete(ban)


def report_comment(comment: Comment, *, reason: str, email: str, now: datetime) -> None:
    """Bring a published comment back before the moderators; it stays until they have decided."""
    db.session.add(CommentReport(comment_id=comment.id, at=now, reason=reason, email=email))


def _require_not_banned(email: str) -> None:
    ban = queries.comment_ban(email)
    if ban is not None:
        raise CommentBanned(_("Vous ne pouvez plus commenter ici : %(reason)s", reason=ban.reason))


def _status_for(user_id: int | None) -> CommentStatus:
    published = queries.published_comments(user_id) if user_id is not None else 0
    held = rules.is_held(is_known=user_id is not None, published=published)
    return CommentStatus.PENDING if held else CommentStatus.PUBLISHED


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


def _ban_subject(name: str) -> tuple[str, int, str]:
    """Return how the history names who is banned: without the address, which is gone once the ban is lifted."""
    return ("comment_ban", 0, name)
