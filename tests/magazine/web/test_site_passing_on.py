"""How a text is passed on, under it."""

from flask.testing import FlaskClient

from eventsapp.magazine.statuses import Access
from tests.support.makers.magazine import make_article


def test_a_text_ends_with_the_ways_to_pass_it_on(client: FlaskClient) -> None:
    make_article(slug="libre", title="Qui & quoi ?")
    make_article(slug="reserve", access=Access.SUBSCRIBERS)

    page = client.get("/articles/libre/").text
    english = client.get("/en/articles/libre/").text

    assert 'data-share="http://localhost/articles/libre/"' in page
    assert 'data-copy="http://localhost/articles/libre/"' in page
    assert 'href="mailto:?subject=Qui%20%26%20quoi%E2%80%AF%3F&amp;body=http%3A//localhost/articles/libre/"' in page
    assert 'href="/articles/libre/envoyer/"' in page
    assert 'data-copy="http://localhost/en/articles/libre/"' in english
    assert "data-share" not in client.get("/articles/reserve/").text
