"""The list of revisions, two compared, one taken up again."""

from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.magazine import service
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.values import ArticleContent
from tests.magazine.web.office.typed import typed
from tests.support.makers.magazine import make_article
from tests.support.makers.study_days import NOW
from tests.support.queries import QueryCount


@pytest.fixture
def article(editor: FlaskClient) -> Article:
    """An article saved three times."""
    made = service.create_article(
        content=ArticleContent(title="Un", lead="Chapô.", body="Cinq territoires ont parlé."), actor=None, now=NOW
    )
    db.session.commit()
    for changes in ({"title": "Deux"}, {"body": "Six <b>territoires</b> ont parlé."}):
        editor.post(f"/organisation/articles/{made.id}/", data=typed(made, **changes))
    return made


def test_the_list_says_who_saved_what(editor: FlaskClient, article: Article) -> None:
    page = editor.get(f"/organisation/articles/{article.id}/versions/").text

    assert page.index("Version 3") < page.index("Version 2") < page.index("Version 1")
    assert "Camille Exemple" in page
    assert "le système" in page
    assert f"/organisation/articles/{article.id}/versions/3/reprendre/" in page
    assert f"/organisation/articles/{article.id}/versions/" in editor.get(f"/organisation/articles/{article.id}/").text


def test_two_revisions_are_compared_in_words_that_are_heard_too(editor: FlaskClient, article: Article) -> None:
    address = f"/organisation/articles/{article.id}/versions"

    with_before = editor.get(f"{address}/3/").text
    with_first = editor.get(f"{address}/1/?avec=3").text
    alone = editor.get(f"{address}/1/").text

    assert "De la version 2 à la version 3" in with_before
    assert "Cinq<span" in with_before
    assert "ôté" in with_before
    assert "<b>territoires" not in with_before
    assert "De la version 1 à la version 3" in with_first
    assert "Deux<span" in with_first
    assert "<h1>Version 1</h1>" in alone.replace("\n", "")


def test_a_revision_is_taken_up_again(editor: FlaskClient, article: Article) -> None:
    answer = editor.post(f"/organisation/articles/{article.id}/versions/1/reprendre/", follow_redirects=True)

    assert "La version 1 est reprise" in answer.text
    found = newsroom.article(article.id)
    assert found is not None
    assert (found.title, found.body, found.version) == ("Un", "Cinq territoires ont parlé.", 4)
    assert "reprise de la version 1" in editor.get(f"/organisation/articles/{article.id}/versions/").text


def test_a_revision_that_would_leave_readers_without_a_text_is_not_taken_up(editor: FlaskClient) -> None:
    made = service.create_article(content=ArticleContent(title="Vide"), actor=None, now=NOW)
    db.session.commit()
    whole = typed(made, lead="Chapô.", body="Texte.")
    assert editor.post(f"/organisation/articles/{made.id}/publier/", data=whole).status_code == 303

    answer = editor.post(f"/organisation/articles/{made.id}/versions/1/reprendre/")

    assert answer.status_code == 422
    assert "doit avoir un titre" in answer.text


@pytest.mark.parametrize("end", ["versions/9/", "versions/x/"])
def test_a_revision_that_is_not_there_is_not_found(editor: FlaskClient, article: Article, end: str) -> None:
    assert editor.get(f"/organisation/articles/{article.id}/{end}").status_code == 404
    assert editor.post(f"/organisation/articles/{article.id}/{end}reprendre/").status_code == 404
    assert editor.get("/organisation/articles/999999/versions/").status_code == 404


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_asks_the_same_whatever_the_number_of_rows(
    editor: FlaskClient, count_queries: AbstractContextManager[QueryCount], rows: int
) -> None:
    article = make_article()
    for number in range(rows):
        editor.post(f"/organisation/articles/{article.id}/", data=typed(article, title=f"Titre {number}"))

    address = f"/organisation/articles/{article.id}/versions/"
    with count_queries as count:
        assert editor.get(address).status_code == 200

    # Who asks, the article, how many revisions, a page of them, the counts of the menu.
    assert count() == 5
