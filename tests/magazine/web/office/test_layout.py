"""The board, the flatplan, the cover and the whole of an issue, in the office."""

import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.files.models import StoredFile
from eventsapp.magazine.models import Issue
from eventsapp.magazine.queries import board
from eventsapp.magazine.statuses import ArticleStatus, IssueStatus
from tests.magazine.uploads import PDF, PNG
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, make_issue, make_section
from tests.support.pages import Page


@pytest.fixture
def issue(editor: FlaskClient) -> Issue:
    return make_issue(612, status=IssueStatus.PREPARING)


def test_the_board_says_whose_turn_it_is_and_leads_to_the_rest(editor: FlaskClient) -> None:
    author = make_user(RoleName.ORGANISER)
    for _number in range(board.MOST_CARDS + 1):
        make_article(status=ArticleStatus.IN_REVIEW, author_id=author.id, title="À relire")
    make_article(status=ArticleStatus.DRAFT, review_note="Citez.", title="Renvoyé")

    page = editor.get("/organisation/redaction/").text.replace('<span class="count">&nbsp;·&nbsp;', " · ")

    assert f"À relire par quelqu’un d’autre que {author.name}" in page
    assert f"En relecture · {board.MOST_CARDS + 1}" in page
    assert "/organisation/articles/?etat=en-relecture" in page
    assert "À reprendre · 1" in page
    assert "en retard" in page, "they were handed over in November"


def test_the_flatplan_moves_texts_and_keeps_lengths(editor: FlaskClient, issue: Issue) -> None:
    section = make_section("Reportage")
    first, second = (make_article(issue_id=issue.id, section_id=section.id, title=title) for title in ("Un", "Deux"))
    address = "/organisation/numeros/612/chemin-de-fer/"
    page = editor.get(address).text
    assert page.index(">Un<") < page.index(">Deux<")
    assert f"{address}{first.id}/monter/" not in page

    moved = editor.post(f"{address}{second.id}/monter/")
    kept = editor.post(f"{address}longueurs/", data={f"pages-{first.id}": "4", f"pages-{second.id}": ""})

    assert (moved.status_code, kept.status_code) == (303, 303)
    assert moved.location == f"{address}#monter-{second.id}"
    page = editor.get(address).text
    assert page.index(">Deux<") < page.index(">Un<")
    assert Page(page).fields[f"pages-{first.id}"] == "4"


@pytest.mark.parametrize("length", ["0", "100", "x", "²", "-1"])
def test_a_length_that_no_text_has_is_refused_and_kept_in_sight(editor: FlaskClient, issue: Issue, length: str) -> None:
    text = make_article(issue_id=issue.id)

    answer = editor.post("/organisation/numeros/612/chemin-de-fer/longueurs/", data={f"pages-{text.id}": length})

    assert answer.status_code == 422
    assert Page(answer.text).fields[f"pages-{text.id}"] == length
    assert text.pages is None


def test_a_text_of_another_issue_is_not_moved(editor: FlaskClient, issue: Issue) -> None:
    other = make_article(issue_id=make_issue().id)

    for key in (other.id, 999999):
        assert editor.post(f"/organisation/numeros/612/chemin-de-fer/{key}/monter/").status_code == 404
    assert editor.get("/organisation/numeros/999/chemin-de-fer/").status_code == 404


def test_a_cover_and_the_whole_are_sent_and_shown(editor: FlaskClient, issue: Issue) -> None:
    text = make_article(issue_id=issue.id)
    cover = {"cover": (BytesIO(PNG), "une.png"), "alt": "Un beffroi", "credit": "A. Photographe"}

    assert editor.post("/organisation/numeros/612/couverture/", data=cover).status_code == 303
    whole = editor.post("/organisation/numeros/612/pdf/", data={"pdf": (BytesIO(PDF), "612.pdf")})
    assert whole.status_code == 303

    page = editor.get("/organisation/numeros/612/couverture/").text
    assert 'alt="Un beffroi"' in page
    assert "612.pdf" in page
    public = editor.get("/magazine/612/").text
    assert text.title in public
    assert 'alt="Un beffroi"' in public
    assert "A. Photographe" in public
    assert issue.cover_id is not None


def test_the_picture_of_an_article_is_sent_and_shown_at_its_head(editor: FlaskClient) -> None:
    text = make_article(slug="angers")
    address = f"/organisation/articles/{text.id}/image/"
    picture = {"cover": (BytesIO(PNG), "une.png"), "alt": "Un beffroi", "credit": "A. Photographe"}

    undescribed = editor.post(address, data={"cover": (BytesIO(PNG), "une.png")})
    sent = editor.post(address, data=picture)

    assert (undescribed.status_code, sent.status_code) == (422, 303)
    assert 'id="alt-error"' in undescribed.text
    assert 'alt="Un beffroi"' in editor.get(address).text
    public = editor.application.test_client().get("/articles/angers/").text
    assert 'alt="Un beffroi"' in public
    assert "A. Photographe" in public
    image = re.search(r'property="og:image" content="http://[^/]+(/fichiers/[^"]+)"', public)
    assert image is not None
    assert f'{image[1]}"' in public.split("application/ld+json")[1]
    assert editor.application.test_client().get(image[1]).status_code == 200


def test_a_picture_of_what_has_not_appeared_is_nobodys(editor: FlaskClient) -> None:
    text = make_article(status=ArticleStatus.DRAFT)
    editor.post(
        f"/organisation/articles/{text.id}/image/", data={"cover": (BytesIO(PNG), "une.png"), "alt": "Un beffroi"}
    )
    stored = db.session.scalars(sa.select(StoredFile)).one()

    assert editor.get(f"/fichiers/{stored.key}/").status_code == 200
    assert editor.application.test_client().get(f"/fichiers/{stored.key}/").status_code == 404


def test_what_is_wrong_with_a_file_is_said_beside_it(editor: FlaskClient, issue: Issue) -> None:
    undescribed = editor.post("/organisation/numeros/612/couverture/", data={"cover": (BytesIO(PNG), "une.png")})
    no_picture = editor.post(
        "/organisation/numeros/612/couverture/", data={"cover": (BytesIO(PDF), "x.pdf"), "alt": "X"}
    )
    nothing = editor.post("/organisation/numeros/612/pdf/", data={})
    no_pdf = editor.post("/organisation/numeros/612/pdf/", data={"pdf": (BytesIO(PNG), "x.png")})

    assert [each.status_code for each in (undescribed, no_picture, nothing, no_pdf)] == [422] * 4
    assert 'id="alt-error"' in undescribed.text
    assert 'id="cover-error"' in no_picture.text
    assert 'id="pdf-error"' in nothing.text
    assert 'id="pdf-error"' in no_pdf.text


def test_a_picture_for_a_text_gives_its_line_or_says_what_is_missing(editor: FlaskClient) -> None:
    address = "/organisation/articles/images/"
    picture = {"alt": "Un beffroi", "caption": "Angers"}

    page = editor.post(address, data={"picture": (BytesIO(PNG), "a.png"), **picture})
    told = editor.post(
        address, data={"picture": (BytesIO(PNG), "a.png"), **picture}, headers={"Accept": "application/json"}
    )
    undescribed = editor.post(address, data={"picture": (BytesIO(PNG), "a.png")})
    nothing = editor.post(address, data={}, headers={"Accept": "application/json"})
    broken = editor.post(
        address, data={"picture": (BytesIO(PNG[:60]), "a.png"), **picture}, headers={"Accept": "application/json"}
    )

    assert "![Un beffroi](/fichiers/" in page.text
    assert told.json is not None
    assert re.fullmatch(r'!\[Un beffroi\]\(/fichiers/[\w-]{32}/60x80\.png "Angers"\)', told.json["line"])
    assert (undescribed.status_code, nothing.status_code, broken.status_code) == (422, 422, 422)
    assert 'id="alt-error"' in undescribed.text
    assert nothing.json is not None
    assert set(nothing.json["errors"]) == {"picture", "alt"}
    assert broken.json is not None
    assert broken.json["errors"] == {"picture": ["Cette image est abîmée et ne s’ouvre pas."]}
