"""Who else is there, and what is typed and not saved."""

import re

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.magazine import service
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import revisions
from tests.magazine.web.office.typed import typed
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article
from tests.support.makers.study_days import NOW
from tests.support.pages import Page


def tell(client: FlaskClient, article: Article, **changes: str) -> tuple[int, str]:
    answer = client.post(f"/organisation/articles/{article.id}/en-cours/", data=typed(article) | changes)
    return answer.status_code, answer.text


def test_the_others_see_who_is_at_work_and_since_when(editor: FlaskClient) -> None:
    article, other = make_article(), editor.application.test_client()
    sign_in(other, make_user(RoleName.ORGANISER))

    assert "est en train de modifier" not in tell(editor, article)[1]

    assert re.search(r"est en train de modifier cet article depuis \d+.h.\d\d", tell(other, article)[1])
    assert "est en train de modifier" in other.get(f"/organisation/articles/{article.id}/").text
    assert "est en train de modifier" in editor.get(f"/organisation/articles/{article.id}/").text


def test_what_was_typed_is_offered_back_taken_up_and_saved(editor: FlaskClient) -> None:
    article = make_article(title="Avant")
    address = f"/organisation/articles/{article.id}/"

    status, said = tell(editor, article, typed="1", title="Tapé", body="Tapé aussi.")
    assert status == 200
    assert "Brouillon gardé à" in said
    page = editor.get(address).text
    assert "Un brouillon non enregistré de" in page
    assert "data-undecided" in page
    assert Page(page).fields["title"] == "Avant"

    resumed = editor.get(f"{address}?reprendre=1").text
    assert Page(resumed).fields["title"] == "Tapé"
    assert Page(resumed).fields["body"] == "Tapé aussi."
    assert "data-undecided" not in resumed
    assert editor.post(address, data=typed(article, title="Tapé", body="Tapé aussi.")).status_code == 303
    assert "Un brouillon non enregistré" not in editor.get(address).text
    assert article.title == "Tapé"


def test_what_was_typed_over_an_older_version_meets_what_was_saved_since(editor: FlaskClient) -> None:
    article = make_article(title="Avant")
    opened = typed(article)
    tell(editor, article, typed="1", title="Tapé")
    other = editor.application.test_client()
    sign_in(other, make_user(RoleName.ORGANISER))
    other.post(f"/organisation/articles/{article.id}/", data=opened | {"title": "Le leur"})

    assert "Quelqu’un a enregistré cet article" in tell(editor, article, version="1")[1]
    resumed = Page(editor.get(f"/organisation/articles/{article.id}/?reprendre=1").text).fields
    assert (resumed["title"], resumed["version"]) == ("Tapé", "1")
    answer = editor.post(f"/organisation/articles/{article.id}/", data=opened | {"title": "Tapé"})

    assert answer.status_code == 409
    assert "Le leur" in answer.text


def test_it_is_thrown_away(editor: FlaskClient) -> None:
    article = make_article()
    tell(editor, article, typed="1", title="Tapé")

    answer = editor.post(f"/organisation/articles/{article.id}/en-cours/jeter/", follow_redirects=True)

    assert "Le brouillon non enregistré est jeté." in answer.text
    assert "Un brouillon non enregistré de" not in answer.text


def test_a_page_that_only_says_it_is_there_throws_nothing_away(editor: FlaskClient) -> None:
    article = make_article()
    tell(editor, article, typed="1", title="Tapé")

    tell(editor, article)

    assert "Un brouillon non enregistré de" in editor.get(f"/organisation/articles/{article.id}/").text


def test_nobody_is_offered_what_somebody_else_typed(editor: FlaskClient) -> None:
    article, somebody = make_article(), make_user(RoleName.ORGANISER)
    service.autosave(article, words={"title": "Secret"}, version=1, user=somebody, now=NOW)

    assert "Un brouillon non enregistré de" not in editor.get(f"/organisation/articles/{article.id}/").text
    assert revisions.autosaved(article.id, somebody.id) is not None


@pytest.mark.parametrize("changes", [{"version": "x"}, {"body": "x" * 100_001}, {"title": "a\x00b"}])
def test_nonsense_is_not_kept(editor: FlaskClient, changes: dict[str, str]) -> None:
    assert tell(editor, make_article(), typed="1", **changes)[0] == 422
