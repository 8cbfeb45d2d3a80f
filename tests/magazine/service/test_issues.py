"""Numbers of the magazine and its sections."""

from datetime import date, timedelta
from typing import Any

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit import queries as audit
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine import service
from eventsapp.magazine.errors import InUse, IssueChanged, NotReady
from eventsapp.magazine.models import Article, Issue, Section
from eventsapp.magazine.statuses import ArticleStatus, IssueStatus
from eventsapp.magazine.values import IssueContent
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, make_issue, make_section
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")

TOMORROW = NOW + timedelta(days=1)


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


def waiting(issue: Issue, **values: Any) -> Article:
    given: dict[str, Any] = {"issue_id": issue.id, "status": ArticleStatus.SCHEDULED, "publish_at": None}
    return make_article(**given | values)


def test_an_issue_appears_with_every_text_that_waits_for_it_and_no_other(editor: User) -> None:
    issue, other = (make_issue(status=IssueStatus.PREPARING, published_on=None) for _ in range(2))
    texts = [waiting(issue) for _ in range(3)]
    draft = make_article(issue_id=issue.id, status=ArticleStatus.DRAFT)
    dated = waiting(issue, publish_at=NOW + timedelta(days=3))
    elsewhere = waiting(other)

    assert service.publish_issue(issue, actor=editor, now=NOW) == 3

    db.session.commit()
    assert [(text.status, text.published_at) for text in texts] == [(ArticleStatus.PUBLISHED, NOW)] * 3
    assert (draft.status, dated.status, elsewhere.status) == (
        ArticleStatus.DRAFT,
        ArticleStatus.SCHEDULED,
        ArticleStatus.SCHEDULED,
    )
    assert (issue.status, issue.published_at, issue.published_on) == (IssueStatus.PUBLISHED, NOW, date(2026, 11, 23))
    (line,) = audit.history_of("issue", issue.id)
    assert (line.action, line.changes) == ("issues.publish", {"articles": 3})


def test_an_issue_appears_whole_or_not_at_all(editor: User) -> None:
    issue = make_issue(status=IssueStatus.PREPARING)
    first, broken = waiting(issue), waiting(issue, body="")

    with pytest.raises(NotReady):
        service.publish_issue(issue, actor=editor, now=NOW)

    db.session.rollback()
    assert (first.status, broken.status, issue.status) == (
        ArticleStatus.SCHEDULED,
        ArticleStatus.SCHEDULED,
        IssueStatus.PREPARING,
    )


def test_an_empty_issue_does_not_appear(editor: User) -> None:
    issue = make_issue(status=IssueStatus.PREPARING)
    make_article(issue_id=issue.id, status=ArticleStatus.IN_REVIEW)

    with pytest.raises(NotReady):
        service.publish_issue(issue, actor=editor, now=NOW)


def test_an_issue_appears_once(editor: User) -> None:
    issue = make_issue(status=IssueStatus.PREPARING)
    waiting(issue)
    service.publish_issue(issue, actor=editor, now=NOW)
    db.session.commit()

    for attempt in (
        lambda: service.publish_issue(issue, actor=editor, now=NOW),
        lambda: service.schedule_issue(issue, publish_at=TOMORROW, actor=editor, now=NOW),
        lambda: service.unschedule_issue(issue, actor=editor, now=NOW),
    ):
        with pytest.raises(IssueChanged):
            attempt()


def test_a_scheduled_issue_appears_by_itself_after_an_outage_too(editor: User) -> None:
    issue, later = (make_issue(status=IssueStatus.PREPARING) for _ in range(2))
    text, other = waiting(issue), waiting(later)
    service.schedule_issue(issue, publish_at=TOMORROW, actor=editor, now=NOW)
    service.schedule_issue(later, publish_at=TOMORROW + timedelta(days=5), actor=editor, now=NOW)
    db.session.commit()

    assert service.publish_due_issues(now=TOMORROW - timedelta(seconds=1)) == 0
    three_days_late = TOMORROW + timedelta(days=3)
    assert service.publish_due_issues(now=three_days_late) == 1
    assert service.publish_due_issues(now=three_days_late) == 0

    assert (issue.status, issue.published_at, issue.publish_at) == (IssueStatus.PUBLISHED, three_days_late, None)
    assert (text.status, other.status) == (ArticleStatus.PUBLISHED, ArticleStatus.SCHEDULED)


def test_a_scheduled_issue_that_is_empty_goes_back_and_does_not_hold_up_the_others(editor: User) -> None:
    empty, whole = (make_issue(status=IssueStatus.PREPARING) for _ in range(2))
    waiting(whole)
    service.schedule_issue(empty, publish_at=TOMORROW, actor=editor, now=NOW)
    service.schedule_issue(whole, publish_at=TOMORROW + timedelta(minutes=1), actor=editor, now=NOW)
    db.session.commit()

    assert service.publish_due_issues(now=TOMORROW + timedelta(hours=1)) == 1

    assert (empty.status, empty.publish_at, whole.status) == (IssueStatus.PREPARING, None, IssueStatus.PUBLISHED)
    assert "vide" in audit.history_of("issue", empty.id)[0].changes["note"]


def test_an_issue_is_taken_off_the_timetable_and_not_scheduled_for_the_past(editor: User) -> None:
    issue = make_issue(status=IssueStatus.PREPARING)
    waiting(issue)

    with pytest.raises(Invalid) as refusal:
        service.schedule_issue(issue, publish_at=NOW, actor=editor, now=NOW)
    assert set(refusal.value.errors) == {"/publish_at"}
    service.schedule_issue(issue, publish_at=TOMORROW, actor=editor, now=NOW)
    service.unschedule_issue(issue, actor=editor, now=NOW)
    db.session.commit()

    assert (issue.status, issue.publish_at) == (IssueStatus.PREPARING, None)
    assert service.publish_due_issues(now=TOMORROW) == 0
