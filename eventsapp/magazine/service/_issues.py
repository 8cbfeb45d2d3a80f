"""Numbers of the magazine and its sections."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.audit.service import Actor
from eventsapp.core import clock, slugs, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine.errors import InUse, IssueChanged, NotReady
from eventsapp.magazine.models import Issue, Section
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.service._transitions import publish
from eventsapp.magazine.statuses import IssueStatus
from eventsapp.magazine.values import IssueContent


def create_issue(*, content: IssueContent, actor: User, now: datetime) -> Issue:
    """Add a number; readers see it once one of its articles is published. Raises ``Invalid`` for a number taken."""
    _require_free_number(content.number)
    issue = Issue(
        number=content.number,
        title=content.title,
        published_on=content.published_on,
        editorial=content.editorial,
        status=IssueStatus.PREPARING,
    )
    db.session.add(issue)
    db.session.flush()
    audit.record("issues.create", actor=actor, subject=_issue_subject(issue), now=now)
    return issue


def edit_issue(issue: Issue, *, content: IssueContent, actor: User, now: datetime) -> None:
    """Change a number. Raises ``Invalid`` for a number taken."""
    if content.number != issue.number:
        _require_free_number(content.number)
    before = _issue_facts(issue)
    issue.number = content.number
    issue.title = content.title
    issue.published_on = content.published_on
    issue.editorial = content.editorial
    if changes := audit.difference(before, _issue_facts(issue)):
        audit.record("issues.edit", actor=actor, subject=_issue_subject(issue), now=now, changes=changes)


def schedule_issue(issue: Issue, *, publish_at: datetime, actor: User, now: datetime) -> None:
    """Let the issue appear by itself at ``publish_at``; asked again, at another time.

    Raises ``IssueChanged`` when it has appeared, ``Invalid`` for a time that has passed.
    """
    if publish_at <= now:
        raise Invalid(
            "La date de parution est passée : publiez le numéro, ou choisissez une date à venir.",
            errors={"/publish_at": _("Choisissez une date et une heure à venir.")},
        )
    changes = {"publish_at": [issue.publish_at and issue.publish_at.isoformat(), publish_at.isoformat()]}
    _move(issue, IssueStatus.SCHEDULED)
    issue.publish_at = publish_at
    audit.record("issues.schedule", actor=actor, subject=_issue_subject(issue), now=now, changes=changes)


def unschedule_issue(issue: Issue, *, actor: Actor | None, now: datetime, note: str = "") -> None:
    """Take a scheduled issue off the timetable; its texts go on waiting for it. Raises ``IssueChanged``."""
    if issue.status is not IssueStatus.SCHEDULED:
        raise IssueChanged(_("Ce numéro n’est pas programmé."))
    _move(issue, IssueStatus.PREPARING)
    issue.publish_at = None
    changes = {"note": note} if note else {}
    audit.record("issues.reopen", actor=actor, subject=_issue_subject(issue), now=now, changes=changes)


def publish_issue(issue: Issue, *, actor: Actor | None, now: datetime) -> int:
    """Show the issue to readers with every text that waits for it, all or none; return how many texts appeared.

    An issue without a date bears that of today. Raises ``IssueChanged`` when it has appeared, ``NotReady`` when it
    would be empty.
    """
    try:
        with db.session.begin_nested():
            appeared = _publish_texts(issue, actor=actor, now=now)
    except NotReady:
        # What is undone in the database is undone in hand.
        db.session.refresh(issue)
        raise
    issue.published_at, issue.publish_at = now, None
    issue.published_on = issue.published_on or clock.local_date(now)
    audit.record("issues.publish", actor=actor, subject=_issue_subject(issue), now=now, changes={"articles": appeared})
    return appeared


def publish_due_issues(*, now: datetime) -> int:
    """Publish every issue whose time has come; return how many appeared. One transaction each, the row held.

    One that would be empty goes back to preparation, with the reason in its history.
    """
    published = 0
    while True:
        with unit_of_work.transaction():
            issue = newsroom.due_issue(now)
            if issue is None:
                return published
            try:
                publish_issue(issue, actor=None, now=now)
            except NotReady as refusal:
                unschedule_issue(issue, actor=None, now=now, note=refusal.message)
            else:
                published += 1


def create_section(*, name: str, actor: User, now: datetime) -> Section:
    """Add a section after the others."""
    last = max((section.position for section in newsroom.sections()), default=0)
    section = Section(name=name, slug=slugs.free_slug(Section, slugs.slugify(name)), position=last + 1)
    db.session.add(section)
    db.session.flush()
    audit.record("issues.sections.create", actor=actor, subject=_section_subject(section), now=now)
    return section


def edit_section(section: Section, *, name: str, position: int, actor: User, now: datetime) -> None:
    """Rename a section or move it; its address in filters stays."""
    before = {"name": section.name, "position": section.position}
    section.name, section.position = name, position
    if changes := audit.difference(before, {"name": name, "position": position}):
        audit.record("issues.sections.edit", actor=actor, subject=_section_subject(section), now=now, changes=changes)


def delete_section(section: Section, *, actor: User, now: datetime) -> None:
    """Remove a section that no article stands under. Raises ``InUse``."""
    if newsroom.articles_in_section(section.id):
        raise InUse(
            _(
                "Des articles sont rangés sous « %(name)s » : donnez-leur d’abord une autre rubrique.",
                name=section.name,
            )
        )
    audit.record("issues.sections.delete", actor=actor, subject=_section_subject(section), now=now)
    db.session.delete(section)


def _publish_texts(issue: Issue, *, actor: Actor | None, now: datetime) -> int:
    """Take the issue, then publish every text that waits for it; return how many. Raises as ``publish_issue``."""
    _move(issue, IssueStatus.PUBLISHED)
    waiting = newsroom.waiting_for_issue(issue.id)
    if not waiting and not newsroom.published_in_issue(issue.id):
        raise NotReady(
            _(
                "Aucun texte n’attend ce numéro, et un numéro vide ne paraît pas. Sur la page de chaque texte "
                "approuvé, choisissez « Faire paraître avec le numéro »."
            )
        )
    for article in waiting:
        publish(article, actor=actor, now=now)
    return len(waiting)


def _move(issue: Issue, after: IssueStatus) -> None:
    """Change the status in one statement that also checks it: it appears once, and never comes back from there."""
    moved = db.session.scalar(
        sa.update(Issue)
        .where(Issue.id == issue.id, Issue.status == issue.status, Issue.status != IssueStatus.PUBLISHED)
        .values(status=after)
        .returning(Issue.id)
    )
    if moved is None:
        raise IssueChanged(_("Le numéro %(number)s est paru, ou quelqu’un vient de le déplacer.", number=issue.number))


def _require_free_number(number: int) -> None:
    if newsroom.issue(number) is not None:
        raise Invalid(
            _("Le numéro %(number)s existe déjà.", number=number),
            errors={"/number": _("Ce numéro existe déjà : choisissez-en un autre.")},
        )


def _issue_facts(issue: Issue) -> dict[str, object]:
    return {
        "number": issue.number,
        "title": issue.title,
        "published_on": issue.published_on,
        "editorial": issue.editorial,
    }


def _issue_subject(issue: Issue) -> tuple[str, int, str]:
    return ("issue", issue.id, f"n° {issue.number}")


def _section_subject(section: Section) -> tuple[str, int, str]:
    return ("section", section.id, section.name)
