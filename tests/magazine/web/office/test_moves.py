"""The buttons that move an article on."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import PERMISSIONS, Permission, RoleName
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import NEXT, ArticleStatus, IssueStatus, Stage
from tests.magazine.web.office.typed import typed
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article, make_issue
from tests.support.pages import Page

D, R, S, P, W = (
    ArticleStatus.DRAFT,
    ArticleStatus.IN_REVIEW,
    ArticleStatus.SCHEDULED,
    ArticleStatus.PUBLISHED,
    ArticleStatus.WITHDRAWN,
)
#: Those that lead to a status; what else a reviewer presses is tried further below.
BUTTONS = {"relecture": R, "brouillon": D, "publier": P, "programmer": S, "retirer": W}
MORE = {"note": "Une note.", "publish_at": "2099-06-01T08:30"}


def press(client: FlaskClient, article: Article, button: str, **changes: object) -> tuple[int, str]:
    answer = client.post(f"/organisation/articles/{article.id}/{button}/", data=typed(article, **MORE) | changes)
    return answer.status_code, answer.text


@pytest.mark.parametrize("before", ArticleStatus)
@pytest.mark.parametrize("button", BUTTONS)
def test_every_button_does_what_the_table_allows_and_nothing_else(
    organiser: FlaskClient, before: ArticleStatus, button: str
) -> None:
    article = make_article(status=before)
    after = BUTTONS[button]

    status, _page = press(organiser, article, button, title="Tapé avec le bouton")

    if after in NEXT[before] or before is after is S:
        assert status == 303
        assert (article.status, article.title) == (after, "Tapé avec le bouton")
    else:
        assert status == 409
        assert (article.status, article.title) == (before, typed(article)["title"])
        assert article.title != "Tapé avec le bouton"


@pytest.mark.parametrize("status", ArticleStatus)
def test_only_the_buttons_that_are_legal_are_offered(organiser: FlaskClient, status: ArticleStatus) -> None:
    article = make_article(status=status)

    page = organiser.get(f"/organisation/articles/{article.id}/").text

    offered = {after for button, after in BUTTONS.items() if f"/organisation/articles/{article.id}/{button}/" in page}
    assert offered == NEXT[status] | ({S} if status is S else set())


def test_an_article_that_is_scheduled_appears_at_the_hour_of_the_newsroom(organiser: FlaskClient) -> None:
    article = make_article(status=D)

    status, _page = press(organiser, article, "programmer", publish_at="2099-07-01T08:30")

    assert status == 303
    assert article.publish_at == datetime(2099, 7, 1, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed_moment", "said"),
    [
        ("", "Donnez le jour et l’heure"),
        ("demain", "2"),
        ("2020-01-01T08:00", "à venir"),
        ("2027-03-28T02:30", "l’heure d’été"),
    ],
)
def test_an_hour_that_is_missing_past_or_does_not_exist_is_said(
    organiser: FlaskClient, typed_moment: str, said: str
) -> None:
    article = make_article(status=D)

    status, page = press(organiser, article, "programmer", publish_at=typed_moment)

    assert status == 422
    assert said in page
    assert 'id="publish_at-error"' in page
    assert article.status is D


def test_an_incomplete_article_says_what_is_missing_beside_the_fields(organiser: FlaskClient) -> None:
    article = make_article(status=D)

    status, page = press(organiser, article, "publier", lead="", body="", title="Tapé")

    assert status == 422
    assert 'id="lead-error"' in page
    assert 'id="body-error"' in page
    assert Page(page).fields["title"] == "Tapé"
    assert (article.status, article.version) == (D, 1)


def test_withdrawing_asks_for_the_note_that_readers_will_see(organiser: FlaskClient) -> None:
    article = make_article(slug="angers")

    status, page = press(organiser, article, "retirer", note="")
    assert status == 422
    assert 'id="note-error"' in page

    assert press(organiser, article, "retirer", note="Une donnée était fausse.")[0] == 303
    assert "Une donnée était fausse." in organiser.get("/articles/angers/").text


def test_a_button_pressed_over_somebody_elses_work_overwrites_nothing(organiser: FlaskClient) -> None:
    article = make_article(status=D, title="Avant", version=3)

    status, page = press(organiser, article, "publier", version="2", title="Tapé")

    assert status == 409
    assert Page(page).fields["title"] == "Tapé"
    assert (article.status, article.title) == (D, "Avant")


@pytest.mark.parametrize("button", ["publier", "programmer", "retirer"])
def test_who_may_write_and_not_publish_presses_in_vain(
    organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch, button: str
) -> None:
    article = make_article(status=D if button != "retirer" else P)
    before = article.status
    writes_only = PERMISSIONS[RoleName.ORGANISER] - {Permission.ARTICLES_PUBLISH}
    monkeypatch.setitem(PERMISSIONS, RoleName.ORGANISER, writes_only)

    assert press(organiser, article, button)[0] == 403
    assert article.status is before
    page = organiser.get(f"/organisation/articles/{article.id}/").text
    assert f"/organisation/articles/{article.id}/{button}/" not in page


@pytest.mark.parametrize("button", BUTTONS)
def test_an_article_that_is_not_there_is_not_moved(organiser: FlaskClient, button: str) -> None:
    assert organiser.post(f"/organisation/articles/999999/{button}/", data=MORE).status_code == 404


def test_a_reviewer_sends_a_text_back_its_author_hands_it_over_again_and_it_is_approved(editor: FlaskClient) -> None:
    article = make_article(status=R, author_id=make_user(RoleName.ORGANISER).id)

    status, page = press(editor, article, "changements", note="")
    assert status == 422
    assert 'id="note-error"' in page
    assert press(editor, article, "changements", note="Citez la source.")[0] == 303
    assert "Citez la source." in editor.get(f"/organisation/articles/{article.id}/").text
    assert press(editor, article, "relecture", note="")[0] == 303
    assert press(editor, article, "approuver", note="")[0] == 303

    assert article.stage is Stage.APPROVED
    assert press(editor, article, "approuver")[0] == 409


@pytest.mark.parametrize("role", [RoleName.EDITOR, RoleName.ADMINISTRATOR])
def test_an_author_is_offered_no_button_that_lets_the_own_text_appear(client: FlaskClient, role: RoleName) -> None:
    author = make_user(role)
    sign_in(client, author)
    article = make_article(status=R, author_id=author.id, issue_id=make_issue(status=IssueStatus.PREPARING).id)
    buttons = ("approuver", "changements", "avec-le-numero", "programmer", "publier")

    page = client.get(f"/organisation/articles/{article.id}/").text

    assert "quelqu’un d’autre doit l’approuver" in page
    assert [button for button in buttons if f"/organisation/articles/{article.id}/{button}/" in page] == []
    for button in ("approuver", "avec-le-numero", "programmer", "publier"):
        assert press(client, article, button)[0] == 403
    assert article.stage is Stage.IN_REVIEW


def test_a_text_is_sent_with_its_issue(editor: FlaskClient) -> None:
    issue = make_issue(612, status=IssueStatus.PREPARING)
    article = make_article(status=R, issue_id=issue.id)

    assert press(editor, article, "avec-le-numero")[0] == 303

    assert article.stage is Stage.WITH_ISSUE
    assert "n° 612" in editor.get(f"/organisation/articles/{article.id}/").text


def test_a_published_text_is_corrected_with_a_note_that_readers_see(editor: FlaskClient) -> None:
    article = make_article(slug="angers")

    assert press(editor, article, "corriger", note="")[0] == 422
    assert press(editor, article, "corriger", note="Le budget était de 2 millions.", body="Deux millions.")[0] == 303

    page = editor.get("/articles/angers/").text
    assert "Le budget était de 2 millions." in page
    assert "Deux millions." in page


@pytest.mark.parametrize("button", ["approuver", "changements", "avec-le-numero", "corriger"])
def test_the_other_buttons_are_for_those_who_publish_too(
    organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch, button: str
) -> None:
    article = make_article(status=R)
    writes_only = PERMISSIONS[RoleName.ORGANISER] - {Permission.ARTICLES_PUBLISH}
    monkeypatch.setitem(PERMISSIONS, RoleName.ORGANISER, writes_only)

    assert press(organiser, article, button)[0] == 403
    assert (
        f"/organisation/articles/{article.id}/{button}/"
        not in organiser.get(f"/organisation/articles/{article.id}/").text
    )
