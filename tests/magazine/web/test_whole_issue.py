"""A number as one PDF, for its subscribers."""

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.magazine import service
from eventsapp.magazine.models import Issue
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.statuses import IssueStatus
from eventsapp.magazine.values import Cover, Upload
from tests.magazine.uploads import PDF, PNG
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article, make_issue
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract

ADDRESS = "/magazine/612.pdf"


@pytest.fixture
def issue(client: FlaskClient) -> Issue:
    """A number that has appeared, with its cover and its whole."""
    make_article(issue_id=make_issue(612).id)
    editor = make_user(RoleName.EDITOR)
    found = newsroom.issue(612)
    assert found is not None
    service.set_cover(found, cover=Cover(upload=Upload(data=PNG, name="u.png"), alt="X"), actor=editor, now=NOW)
    service.set_pdf(found, upload=Upload(data=PDF, name="612.pdf"), actor=editor, now=NOW)
    db.session.commit()
    return found


def test_a_subscriber_has_it_and_nobody_keeps_it_for_others(client: FlaskClient, issue: Issue) -> None:
    reader = make_user()
    make_contract(reader.email)
    sign_in(client, reader)

    answer = client.get(ADDRESS)

    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "612.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_others_are_led_to_the_page_of_the_number(client: FlaskClient, issue: Issue, signed_in: bool) -> None:
    if signed_in:
        sign_in(client, make_user())

    answer = client.get(ADDRESS)

    assert (answer.status_code, answer.location) == (303, "/magazine/612/#pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Télécharger le numéro entier en PDF" in client.get("/magazine/612/").text


def test_the_file_itself_is_not_had_by_its_key_but_the_cover_is(client: FlaskClient, issue: Issue) -> None:
    found = newsroom.issue(612)
    assert found is not None
    assert found.pdf is not None
    assert found.cover is not None
    whole, cover = found.pdf.key, found.cover.key

    assert client.get(f"/fichiers/{whole}/").status_code == 404
    assert client.get(f"/fichiers/{cover}/").status_code == 200


def test_a_number_that_has_not_appeared_or_has_no_pdf_is_not_there(client: FlaskClient, issue: Issue) -> None:
    make_article(issue_id=make_issue(613).id)
    sign_in(client, make_user(RoleName.EDITOR))

    assert client.get("/magazine/613.pdf").status_code == 404
    assert client.get("/magazine/999.pdf").status_code == 404
    issue.status = IssueStatus.PREPARING
    db.session.commit()
    assert client.get(ADDRESS).status_code == 404
