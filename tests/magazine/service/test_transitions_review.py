"""A text read by somebody else before it appears, and what is said once it has."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit import queries as audit
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine import service
from eventsapp.magazine.errors import ApprovedText, IllegalTransition, OwnText
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.statuses import ArticleStatus, IssueStatus, Stage
from eventsapp.magazine.values import ArticleContent
from eventsapp.mail.models import OutgoingMail
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import PUBLISHED_AT, make_article, make_issue
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def editor() -> User:
    return make_user(RoleName.EDITOR)


def written_by(author: User, **values: Any) -> Article:
    given: dict[str, Any] = {"author_id": author.id, "status": ArticleStatus.IN_REVIEW}
    return make_article(**given | values)


@pytest.mark.parametrize("role", [RoleName.EDITOR, RoleName.ORGANISER, RoleName.ADMINISTRATOR])
@pytest.mark.parametrize("move", ["approve", "publish", "schedule", "appear_with_issue"])
def test_nobody_lets_appear_what_they_wrote_alone(role: RoleName, move: str) -> None:
    author = make_user(role)
    article = saved(written_by(author, issue_id=make_issue(status=IssueStatus.PREPARING).id))
    more = {"publish_at": TOMORROW} if move == "schedule" else {}

    with pytest.raises(OwnText):
        getattr(service, move)(article, actor=author, now=NOW, **more)

    assert (article.status, article.approved_at) == (ArticleStatus.IN_REVIEW, None)


def test_an_approved_text_may_be_published_by_its_author(editor: User) -> None:
    author = make_user(RoleName.ORGANISER)
    article = written_by(author)

    service.approve(article, actor=editor, now=NOW, note="Très bien.")
    db.session.commit()
    assert (article.stage, article.approved_by_id, article.version) == (Stage.APPROVED, editor.id, 2)
    with pytest.raises(IllegalTransition):
        service.approve(article, actor=editor, now=NOW)

    service.publish(article, actor=author, now=TOMORROW)
    assert article.status is ArticleStatus.PUBLISHED


def test_who_publishes_somebody_elses_text_has_approved_it(editor: User) -> None:
    article = written_by(make_user(RoleName.ORGANISER))

    service.publish(article, actor=editor, now=NOW)

    assert (article.approved_at, article.approved_by_id) == (NOW, editor.id)


def test_a_text_that_its_author_changes_has_to_be_approved_again(editor: User) -> None:
    author = make_user(RoleName.ORGANISER)
    article = saved(written_by(author))
    service.approve(article, actor=editor, now=NOW)

    content = service.content_of(article)
    stages: list[Stage] = []
    moves: list[tuple[dict[str, Any], User]]
    moves = [({"slug": "autre"}, author), ({"lead": "Un autre chapô."}, editor), ({"body": "X"}, author)]
    for changes, actor in moves:
        edit(article, replace(content, **changes), actor)
        stages.append(article.stage)

    # Its words stayed; the reviewer changed them; its author did.
    assert stages == [Stage.APPROVED, Stage.APPROVED, Stage.IN_REVIEW]


def test_what_is_about_to_appear_is_not_changed_by_its_author(editor: User) -> None:
    author = make_user(RoleName.ORGANISER)
    article = saved(written_by(author))
    service.schedule(article, publish_at=TOMORROW, actor=editor, now=NOW)

    with pytest.raises(ApprovedText):
        edit(article, replace(service.content_of(article), body="Un autre texte."), author)
    service.reopen(article, actor=author, now=NOW)
    edit(article, replace(service.content_of(article), body="Un autre texte."), author)

    assert (article.stage, article.approved_by_id) == (Stage.DRAFT, None)


def test_changes_are_asked_for_with_a_note_that_the_author_gets_by_mail(editor: User) -> None:
    author = make_user(RoleName.ORGANISER, email="autrice@exemple.fr")
    article = written_by(author, title="Angers")

    with pytest.raises(Invalid) as refusal:
        service.request_changes(article, actor=editor, now=NOW, note=" ")
    assert set(refusal.value.errors) == {"/note"}

    service.request_changes(article, actor=editor, now=NOW, note=" Citez la source. ")
    db.session.commit()
    assert (article.stage, article.review_note) == (Stage.CHANGES, "Citez la source.")
    (mail,) = db.session.query(OutgoingMail)
    assert (mail.to_address, mail.subject) == ("autrice@exemple.fr", "À reprendre\u00a0: Angers")
    assert "Citez la source." in mail.text
    assert f"/organisation/articles/{article.id}/" in mail.text

    service.submit(article, actor=author, now=TOMORROW)
    assert (article.stage, article.review_note) == (Stage.IN_REVIEW, "")


def test_changes_are_not_asked_for_in_a_text_that_nobody_handed_over(editor: User) -> None:
    with pytest.raises(IllegalTransition):
        service.request_changes(make_article(status=ArticleStatus.DRAFT), actor=editor, now=NOW, note="Non.")


def test_a_text_without_an_author_to_write_to_is_sent_back_without_a_mail(editor: User) -> None:
    service.request_changes(make_article(status=ArticleStatus.IN_REVIEW), actor=editor, now=NOW, note="À revoir.")

    assert db.session.query(OutgoingMail).count() == 0


def test_a_text_waits_for_its_issue_and_may_be_given_an_hour_instead(editor: User) -> None:
    issue = make_issue(status=IssueStatus.PREPARING)
    article = saved(make_article(status=ArticleStatus.IN_REVIEW, issue_id=issue.id))

    service.appear_with_issue(article, actor=editor, now=NOW)
    db.session.commit()
    assert article.stage is Stage.WITH_ISSUE
    assert service.publish_due(now=TOMORROW) == 0
    with pytest.raises(IllegalTransition):
        service.appear_with_issue(saved(article), actor=editor, now=NOW)

    service.schedule(article, publish_at=TOMORROW, actor=editor, now=NOW)
    article = saved(article)
    assert article.stage is Stage.SCHEDULED
    service.appear_with_issue(saved(article), actor=editor, now=NOW)
    db.session.commit()
    assert (article.stage, article.publish_at) == (Stage.WITH_ISSUE, None)


@pytest.mark.parametrize("status", [None, IssueStatus.PUBLISHED])
def test_a_text_does_not_wait_for_no_issue_nor_for_one_that_has_appeared(
    editor: User, status: IssueStatus | None
) -> None:
    issue = make_issue(status=status) if status else None
    article = saved(make_article(status=ArticleStatus.IN_REVIEW, issue_id=issue.id if issue else None))

    with pytest.raises(Invalid) as refusal:
        service.appear_with_issue(article, actor=editor, now=NOW)

    assert set(refusal.value.errors) == {"/issue"}


def test_a_text_that_waits_for_its_issue_is_not_left_without_one(editor: User) -> None:
    issue, out = make_issue(status=IssueStatus.PREPARING), make_issue()
    article = saved(make_article(status=ArticleStatus.IN_REVIEW, issue_id=issue.id))
    service.appear_with_issue(article, actor=editor, now=NOW)

    for key in (None, out.id):
        with pytest.raises(Invalid) as refusal:
            edit(article, replace(service.content_of(article), issue_id=key), editor)
        assert set(refusal.value.errors) == {"/issue"}


def test_a_correction_is_told_to_readers_and_dates_the_article(editor: User) -> None:
    article = saved(make_article())

    with pytest.raises(Invalid):
        service.correct(article, note=" ", actor=editor, now=TOMORROW)
    service.correct(article, note=" Le chiffre était faux. ", actor=editor, now=TOMORROW)

    db.session.commit()
    assert [(each.note, each.at) for each in saved(article).corrections] == [("Le chiffre était faux.", TOMORROW)]
    assert (article.updated_at, article.published_at) == (TOMORROW, PUBLISHED_AT)
    assert [line.action for line in audit.history_of("article", article.id)] == ["articles.correct"]


def test_only_what_readers_have_is_corrected(editor: User) -> None:
    with pytest.raises(IllegalTransition):
        service.correct(make_article(status=ArticleStatus.DRAFT), note="Non.", actor=editor, now=NOW)


def saved(article: Article) -> Article:
    db.session.commit()
    db.session.expire_all()
    whole = newsroom.article(article.id)
    assert whole is not None
    return whole


def edit(article: Article, content: ArticleContent, actor: User) -> None:
    service.edit_article(saved(article), content=content, version=article.version, actor=actor, now=NOW)
    db.session.commit()
