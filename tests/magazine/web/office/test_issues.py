"""Numbers of the magazine and its sections, in the office."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.magazine.models import Issue, Section
from eventsapp.magazine.statuses import ArticleStatus, IssueStatus
from tests.support.makers.magazine import make_article, make_issue, make_section
from tests.support.pages import Page
from tests.support.queries import QueryCount

TYPED = {"number": "376", "title": "Mutualiser", "published_on": "2009-03-15", "editorial": "**Cinq** territoires."}


def test_an_issue_is_added_and_opens(editor: FlaskClient) -> None:
    answer = editor.post("/organisation/numeros/nouveau/", data=TYPED, follow_redirects=True)

    assert answer.request.path == "/organisation/numeros/376/"
    assert "Le numéro 376 est créé." in answer.text
    assert "<strong>Cinq</strong> territoires." in answer.text
    (issue,) = db.session.query(Issue)
    assert (issue.number, issue.title, issue.published_on) == (376, "Mutualiser", date(2009, 3, 15))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("number", "", "Donnez le numéro."),
        ("number", "0", "de 1 à 99\u00a0999"),
        ("number", "trois", "number"),
        ("number", "999999999999999999999", "de 1 à 99\u00a0999"),
        ("number", "377", "existe déjà"),
        ("published_on", "hier", "published_on"),
        ("title", "x" * 201, "200 caractères"),
    ],
)
@pytest.mark.parametrize("address", ["/organisation/numeros/nouveau/", "/organisation/numeros/378/"])
def test_what_is_wrong_with_an_issue_is_said_and_nothing_typed_is_lost(
    editor: FlaskClient, address: str, field: str, value: str, said: str
) -> None:
    make_issue(377)
    make_issue(378, title="Avant")

    answer = editor.post(address, data=TYPED | {field: value})

    assert answer.status_code == 422
    assert said in answer.text
    assert f'id="{field}-error"' in answer.text
    assert Page(answer.text).fields["editorial"] == "**Cinq** territoires."
    assert [(issue.number, issue.title) for issue in db.session.query(Issue).order_by(Issue.number)] == [
        (377, ""),
        (378, "Avant"),
    ]


def test_an_issue_is_changed_its_number_too(editor: FlaskClient) -> None:
    make_issue(375)

    answer = editor.post("/organisation/numeros/375/", data=TYPED)

    assert (answer.status_code, answer.location) == (303, "/organisation/numeros/376/")
    assert db.session.query(Issue).one().title == "Mutualiser"


def test_the_list_counts_the_articles_of_each_number(editor: FlaskClient) -> None:
    issue = make_issue(376, title="Mutualiser")
    make_article(issue_id=issue.id)
    make_article(issue_id=issue.id, status=ArticleStatus.DRAFT)
    make_issue(377)

    rows = Page(editor.get("/organisation/numeros/").text).rows

    assert [(row[0], row[1], row[3], row[4]) for row in rows] == [
        ("N° 377", "Paru", "0", "0"),
        ("N° 376 Mutualiser", "Paru", "2", "1"),
    ]


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_asks_the_same_whatever_the_number_of_rows(
    editor: FlaskClient, count_queries: AbstractContextManager[QueryCount], rows: int
) -> None:
    for _number in range(rows):
        make_article(issue_id=make_issue().id)

    with count_queries as count:
        assert editor.get("/organisation/numeros/").status_code == 200

    assert count() == 4


def test_sections_are_added_renamed_moved_and_removed(editor: FlaskClient) -> None:
    editor.post("/organisation/rubriques/", data={"name": "Reportage"})
    editor.post("/organisation/rubriques/", data={"name": "Juridique"})
    first, second = db.session.query(Section).order_by(Section.position)

    editor.post(f"/organisation/rubriques/{second.id}/", data={"name": "Droit", "position": "1"})
    editor.post(f"/organisation/rubriques/{first.id}/", data={"name": "Reportage", "position": "2"})
    assert [(section.name, section.position) for section in db.session.query(Section).order_by(Section.position)] == [
        ("Droit", 1),
        ("Reportage", 2),
    ]

    editor.post(f"/organisation/rubriques/{first.id}/supprimer/")
    assert [section.name for section in db.session.query(Section)] == ["Droit"]


def test_a_section_with_articles_stays_and_says_why(editor: FlaskClient) -> None:
    section = make_section("Reportage")
    make_article(section_id=section.id)

    answer = editor.post(f"/organisation/rubriques/{section.id}/supprimer/")

    assert answer.status_code == 409
    assert "Des articles sont rangés sous «\u00a0Reportage\u00a0»" in answer.text.replace("« ", "«\u00a0").replace(
        " »", "\u00a0»"
    )
    assert db.session.query(Section).count() == 1


@pytest.mark.parametrize("data", [{"name": ""}, {"name": "x" * 81}, {"name": "Droit", "position": "0"}])
def test_a_section_is_not_renamed_to_nonsense(editor: FlaskClient, data: dict[str, str]) -> None:
    section = make_section("Reportage", position=1)
    make_section("Doc-Doc", position=2)

    answer = editor.post(f"/organisation/rubriques/{section.id}/", data={"position": "1"} | data)

    assert answer.status_code == 422
    assert 'class="error-text"' in answer.text
    db.session.expire_all()
    assert (section.name, section.position) == ("Reportage", 1)


def test_what_is_not_there_is_not_found(editor: FlaskClient) -> None:
    assert editor.get("/organisation/numeros/999/").status_code == 404
    assert editor.post("/organisation/rubriques/999/", data={"name": "x"}).status_code == 404
    assert editor.post("/organisation/rubriques/999/supprimer/").status_code == 404


def test_an_issue_is_scheduled_taken_off_and_published_with_its_texts(editor: FlaskClient) -> None:
    issue = make_issue(612, status=IssueStatus.PREPARING)
    text = make_article(issue_id=issue.id, status=ArticleStatus.SCHEDULED, publish_at=None)
    address = "/organisation/numeros/612/"
    assert "1 texte l’attend" in editor.get(address).text

    assert editor.post(f"{address}programmer/", data={"publish_at": "2099-07-01T08:30"}).status_code == 303
    assert issue.publish_at == datetime(2099, 7, 1, 6, 30, tzinfo=UTC)
    assert 'value="2099-07-01T08:30"' in editor.get(address).text
    assert editor.post(f"{address}deprogrammer/").status_code == 303
    assert editor.post(f"{address}deprogrammer/").status_code == 409
    assert editor.get("/magazine/612/").status_code == 404

    assert editor.post(f"{address}publier/").status_code == 303
    assert (issue.status, text.status) == (IssueStatus.PUBLISHED, ArticleStatus.PUBLISHED)
    assert editor.post(f"{address}publier/").status_code == 409
    assert text.title in editor.get("/magazine/612/").text


def test_an_empty_issue_and_an_hour_gone_by_are_refused_in_words(editor: FlaskClient) -> None:
    make_issue(612, status=IssueStatus.PREPARING)
    address = "/organisation/numeros/612/"

    empty = editor.post(f"{address}publier/")
    past = editor.post(f"{address}programmer/", data={"publish_at": "2020-01-01T08:00"})
    none = editor.post(f"{address}programmer/", data={"publish_at": ""})

    assert (empty.status_code, past.status_code, none.status_code) == (422, 422, 422)
    assert "un numéro vide ne paraît pas" in empty.text
    assert 'id="publish_at-error"' in past.text
    assert 'id="publish_at-error"' in none.text


@pytest.mark.parametrize("move", ["publier", "programmer", "deprogrammer"])
def test_a_number_that_is_not_there_is_not_moved(editor: FlaskClient, move: str) -> None:
    assert editor.post(f"/organisation/numeros/999/{move}/").status_code == 404
