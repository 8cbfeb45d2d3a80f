"""An issue laid out: its cover, itself as one PDF, the order and the length of its texts."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.errors import Invalid
from eventsapp.files import service as files
from eventsapp.magazine.models import Article, Issue
from eventsapp.magazine.queries import board
from eventsapp.magazine.service._pictures import change_picture, let_go
from eventsapp.magazine.values import Cover, Upload


def set_cover(issue: Issue, *, cover: Cover, actor: User, now: datetime) -> None:
    """Give the issue, cover loaded, another picture, or none, and say what it shows and whose it is.

    Raises ``Invalid`` for a picture that nothing describes, ``FileRefused``.
    """
    before = _facts(issue)
    change_picture(issue, cover=cover, actor=actor, now=now)
    _note(issue, before, actor=actor, now=now)


def set_pdf(issue: Issue, *, upload: Upload | None, actor: User, now: datetime) -> None:
    """Give the issue, PDF loaded, another whole, or none. Raises ``FileRefused``, ``Invalid`` for no PDF."""
    before, former = _facts(issue), issue.pdf
    stored = files.store(upload.data, name=upload.name, by_id=actor.id, now=now) if upload else None
    if stored is not None and stored.content_type != "application/pdf":
        raise Invalid("Un PDF est attendu.", errors={"/pdf": _("Choisissez le numéro entier, en PDF.")})
    issue.pdf = stored
    let_go(former, but=stored)
    _note(issue, before, actor=actor, now=now)


def move_in_issue(article: Article, *, by: int, actor: User, now: datetime) -> None:
    """Move a text up (``by`` -1) or down (1) within its section of its issue."""
    order = list(board.neighbours_in_issue(article))
    place = order.index(article)
    order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))
    for number, other in enumerate(order, start=1):
        other.place = number
    if order.index(article) != place:
        changes = {"place": [place + 1, order.index(article) + 1]}
        audit.record(
            "articles.place", actor=actor, subject=("article", article.id, article.title), now=now, changes=changes
        )


def set_lengths(issue: Issue, *, pages: Mapping[int, int | None], actor: User, now: datetime) -> None:
    """Say how many printed pages texts of the issue take, by their keys; ``None`` where that is not known."""
    leaves = {leaf.article.id: leaf.article for _section, group in board.flatplan(issue.id) for leaf in group}
    changes = {}
    for key, length in pages.items():
        article = leaves.get(key)
        if article is not None and article.pages != length:
            changes[article.slug] = [article.pages, length]
            article.pages = length
    if changes:
        audit.record(
            "issues.lengths", actor=actor, subject=("issue", issue.id, f"n° {issue.number}"), now=now, changes=changes
        )


def _facts(issue: Issue) -> dict[str, object]:
    return {
        "cover": issue.cover.name if issue.cover else None,
        "cover_alt": issue.cover_alt,
        "cover_credit": issue.cover_credit,
        "pdf": issue.pdf.name if issue.pdf else None,
    }


def _note(issue: Issue, before: dict[str, object], *, actor: User, now: datetime) -> None:
    if changes := audit.difference(before, _facts(issue)):
        subject = ("issue", issue.id, f"n° {issue.number}")
        audit.record("issues.edit", actor=actor, subject=subject, now=now, changes=changes)
