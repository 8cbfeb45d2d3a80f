"""What readers are told of an article that was corrected or taken away."""

from datetime import timedelta
from xml.etree import ElementTree as ET

from flask.testing import FlaskClient

from eventsapp.magazine.statuses import Access, ArticleStatus
from tests.support.makers.magazine import CANARY, make_article, make_correction
from tests.support.makers.study_days import NOW


def test_what_was_corrected_is_told_with_its_date_to_everybody(client: FlaskClient) -> None:
    article = make_article(slug="angers", access=Access.SUBSCRIBERS)
    make_correction(article, note="Le budget était de 2 millions.")

    page = client.get("/articles/angers/").text

    assert "Rectificatif du 23 novembre 2026" in page.replace("\xa0", " ")
    assert "Le budget était de 2 millions." in page
    assert CANARY not in page


def test_the_feed_says_what_was_taken_away_when_and_why(client: FlaskClient) -> None:
    make_article(title="Reste")
    gone = make_article(
        status=ArticleStatus.WITHDRAWN, withdrawn_note="Une donnée était fausse.", moved_at=NOW + timedelta(days=2)
    )

    answer = client.get("/articles/flux.atom")

    feed = ET.fromstring(answer.data)  # noqa: S314 - our own
    (tombstone,) = feed.findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert tombstone.attrib["ref"].endswith(f"article-{gone.id}")
    assert tombstone.attrib["when"] == "2026-11-25T09:00:00+00:00"
    assert "Une donnée était fausse." in "".join(tombstone.itertext())
    assert feed.findtext("{http://www.w3.org/2005/Atom}updated") == "2026-11-25T09:00:00+00:00"
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 1
