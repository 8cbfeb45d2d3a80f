"""The terms of reading in the office, and what an article says of its own."""

from flask.testing import FlaskClient

from eventsapp.magazine import queries
from eventsapp.magazine.statuses import Access
from tests.magazine.web.office.typed import typed
from tests.support.makers.magazine import CANARY, make_article
from tests.support.pages import Page

ADDRESS = "/organisation/magazine/lecture/"
BODY = f"Le début est à tous.\n\n{CANARY}\n\nLa fin."


def test_the_terms_are_shown_changed_and_told(editor: FlaskClient) -> None:
    assert Page(editor.get(ADDRESS).text).fields["free_paragraphs"] == "0"
    make_article(slug="reserve", access=Access.SUBSCRIBERS, body=BODY)

    saved = editor.post(
        ADDRESS,
        data={"free_paragraphs": "1", "opens_after_months": "12", "gifts_a_month": "3", "comments_days": "90"},
        follow_redirects=True,
    )
    page = editor.application.test_client().get("/articles/reserve/").text

    assert "Conditions changées" in saved.text
    assert Page(saved.text).fields["opens_after_months"] == "12"
    assert "Le début est à tous." in page
    assert CANARY not in page
    assert "Ce texte sera ouvert à tous le 20 novembre 2027." in page.replace("\u00a0", " ")


def test_a_number_out_of_bounds_or_missing_is_told_and_nothing_changes(editor: FlaskClient) -> None:
    answer = editor.post(ADDRESS, data={"free_paragraphs": "-1", "opens_after_months": "", "gifts_a_month": "5"})

    assert answer.status_code == 422
    assert "Donnez un nombre de 0 à 20." in answer.text
    assert "Donnez un nombre de mois de 0 à 240." in answer.text
    assert queries.reading_terms().free_paragraphs == 0


def test_an_article_says_otherwise(editor: FlaskClient) -> None:
    article = make_article(slug="reserve", access=Access.SUBSCRIBERS, body=BODY)
    data = typed(article, free_paragraphs="1", opens_after_months="0")

    assert editor.post(f"/organisation/articles/{article.id}/", data=data).status_code == 303

    found = editor.get(f"/organisation/articles/{article.id}/").text
    assert Page(found).fields["free_paragraphs"] == "1"
    assert Page(found).fields["opens_after_months"] == "0"
    assert "Le début est à tous." in editor.application.test_client().get("/articles/reserve/").text
