"""Pictures of articles, where articles are listed."""

import io
from datetime import timedelta

from flask.testing import FlaskClient
from PIL import Image

from eventsapp.files import service as files
from eventsapp.magazine.statuses import ArticleKind
from tests.support.makers.magazine import PUBLISHED_AT, make_article, make_issue, make_section
from tests.support.makers.study_days import NOW


def test_a_picture_goes_with_its_article_wherever_it_is_listed(client: FlaskClient) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (1600, 900), "teal").save(picture, "JPEG")
    stored = files.store(picture.getvalue(), name="beffroi.jpg", now=NOW)
    issue, section = make_issue(612), make_section("Reportage")
    article = make_article(
        kind=ArticleKind.REPORT, issue_id=issue.id, section_id=section.id, cover_id=stored.id, cover_alt="Un beffroi"
    )
    before = PUBLISHED_AT - timedelta(days=1)
    make_article(issue_id=issue.id, section_id=section.id, title="Sans image", published_at=before)
    narrow = f"/fichiers/{stored.key}/largeur/640/"

    for address in ("/", "/magazine/", "/magazine/612/", "/magazine/rubriques/reportage/"):
        page = client.get(address).text
        assert page.count(f'src="{narrow}"') == 1 + (address == "/magazine/"), address
        assert f"{narrow} 640w" in page
        assert 'width="1600" height="900" loading="lazy"' in page
    page = client.get(f"/articles/{article.slug}/").text
    assert f'property="og:image" content="http://localhost/fichiers/{stored.key}/"' in page
    assert '<meta property="og:image:width" content="1600" />' in page
    assert 'alt="Un beffroi" width="1600" height="900" />' in page
    feed = client.get("/articles/flux.atom").text
    assert f'<link rel="enclosure" type="image/jpeg" length="{stored.size}" href="http://localhost/fichiers/' in feed
    assert feed.count('rel="enclosure"') == 1
