"""Numbers of the magazine and its sections."""

from datetime import date

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit import queries as audit
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine import service
from eventsapp.magazine.errors import InUse
from eventsapp.magazine.models import Issue, Section
from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.magazine.values import IssueContent
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, make_issue, make_section
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.fixture
def editor() -> User:
    return make_user(RoleName.EDITOR)


def test_an_issue_is_added_and_the_history_tells(editor: User) -> None:
    issue = service.create_issue(
        content=IssueContent(number=376, title="Mutualiser", published_on=date(2009, 3, 15), editorial="**Oui.**"),
        actor=editor,
        now=NOW,
    )

    db.session.commit()
    assert (issue.number, issue.title, issue.published_on, issue.editorial) == (
        376,
        "Mutualiser",
        date(2009, 3, 15),
        "**Oui.**",
    )
    (line,) = audit.history_of("issue", issue.id)
    assert (line.action, line.subject_label) == ("issues.create", "n° 376")


def test_a_number_is_given_once(editor: User) -> None:
    make_issue(376)
    other = make_issue(377)

    for attempt in (
        lambda: service.create_issue(content=IssueContent(number=376), actor=editor, now=NOW),
        lambda: service.edit_issue(other, content=IssueContent(number=376), actor=editor, now=NOW),
    ):
        with pytest.raises(Invalid) as refusal:
            attempt()
        assert set(refusal.value.errors) == {"/number"}
    assert db.session.query(Issue).count() == 2


def test_an_issue_is_changed_and_keeps_its_number(editor: User) -> None:
    issue = make_issue(376, title="Avant")

    service.edit_issue(issue, content=IssueContent(number=376, title="Après"), actor=editor, now=NOW)

    db.session.commit()
    assert (issue.number, issue.title, issue.published_on) == (376, "Après", None)
    (line,) = audit.history_of("issue", issue.id)
    assert line.changes == {"title": ["Avant", "Après"], "published_on": ["2026-11-01", None]}


def test_sections_are_added_after_the_others_renamed_and_moved(editor: User) -> None:
    make_section("Reportage", position=4)

    section = service.create_section(name="Reportage !", actor=editor, now=NOW)
    assert (section.slug, section.position) == ("reportage-2", 5)

    service.edit_section(section, name="Juridique", position=1, actor=editor, now=NOW)
    db.session.commit()
    assert (section.name, section.slug, section.position) == ("Juridique", "reportage-2", 1)
    assert [line.action for line in audit.history_of("section", section.id)] == [
        "issues.sections.edit",
        "issues.sections.create",
    ]


def test_a_section_goes_only_when_no_article_not_even_a_draft_stands_under_it(editor: User) -> None:
    empty, used = make_section(), make_section()
    make_article(section_id=used.id, status=ArticleStatus.DRAFT)

    service.delete_section(empty, actor=editor, now=NOW)
    with pytest.raises(InUse):
        service.delete_section(used, actor=editor, now=NOW)

    assert db.session.query(Section).all() == [used]
