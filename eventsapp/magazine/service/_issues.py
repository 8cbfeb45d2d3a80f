"""Numbers of the magazine and its sections."""

from datetime import datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine.errors import InUse
from eventsapp.magazine.models import Issue, Section
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.values import IssueContent


def create_issue(*, content: IssueContent, actor: User, now: datetime) -> Issue:
    """Add a number; readers see it once one of its articles is published. Raises ``Invalid`` for a number taken."""
    _require_free_number(content.number)
    issue = Issue(
        number=content.number,
        title=content.title,
        published_on=content.published_on,
        editorial=content.editorial,
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
