"""From a past day to its report."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import ArticleKind, ArticleStatus
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import SessionKind, StudyDayStatus
from tests.magazine.web.office.typed import typed
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article, make_section
from tests.support.makers.study_days import make_city, make_session, make_speaker, make_study_day
from tests.support.pages import Page
from tests.support.queries import QueryCount

LONG_AGO = datetime(2009, 2, 24, 8, tzinfo=UTC)


def past_day(**values: Any) -> StudyDay:
    return make_study_day(**{"starts_at": LONG_AGO} | values)


def test_past_days_whose_sessions_lack_a_report_are_listed_and_each_session_says_where_it_stands(
    organiser: FlaskClient,
) -> None:
    day = past_day(city=make_city("Angers"), slug="angers")
    told = make_session(day, position=1, title="Séance racontée")
    started = make_session(day, position=2, title="Séance commencée")
    make_session(day, position=3, title="Séance oubliée")
    make_session(day, position=4, title="Déjeuner", kind=SessionKind.BREAK)
    make_article(study_day_id=day.id, sessions=[told])
    make_article(study_day_id=day.id, sessions=[started], status=ArticleStatus.DRAFT, title="En cours")
    make_article(study_day_id=day.id, sessions=[started], status=ArticleStatus.WITHDRAWN, title="Abandonné")

    page = organiser.get("/organisation/comptes-rendus/").text

    assert "Angers" in page
    lines = [" ".join(line.split()) for line in page.split("<li>")]
    states = {
        title: next(word for word in ("publié", "en préparation", "à écrire") if f">{word}<" in line)
        for title in ("Séance racontée", "Séance commencée", "Séance oubliée")
        for line in lines
        if title in line and "class=" in line
    }
    assert states == {
        "Séance racontée": "publié",
        "Séance commencée": "en préparation",
        "Séance oubliée": "à écrire",
    }
    assert "Déjeuner" not in page
    assert "Abandonné" not in page
    assert "/organisation/journees/angers/compte-rendu/?seance=3" in page


@pytest.mark.parametrize(
    "values",
    [
        {"starts_at": datetime(2099, 2, 24, 8, tzinfo=UTC)},
        {"status": StudyDayStatus.CANCELLED},
        {"status": StudyDayStatus.POSTPONED},
        {"status": StudyDayStatus.DRAFT},
    ],
)
def test_days_that_did_not_take_place_lack_nothing(organiser: FlaskClient, values: dict[str, Any]) -> None:
    make_session(past_day(**values))

    assert "Tout est écrit" in organiser.get("/organisation/comptes-rendus/").text


def test_a_day_with_every_session_told_is_among_all_days_only(organiser: FlaskClient) -> None:
    day = past_day(city=make_city("Angers"))
    make_article(study_day_id=day.id, sessions=[make_session(day)])

    assert "Tout est écrit" in organiser.get("/organisation/comptes-rendus/").text
    assert "Angers" in organiser.get("/organisation/comptes-rendus/?etat=tous").text


def test_a_day_without_sessions_lacks_a_report_until_it_has_one(organiser: FlaskClient) -> None:
    day = past_day(city=make_city("Angers"))
    assert "Angers" in organiser.get("/organisation/comptes-rendus/").text

    make_article(study_day_id=day.id)
    assert "Tout est écrit" in organiser.get("/organisation/comptes-rendus/").text


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_asks_the_same_whatever_the_number_of_rows(
    organiser: FlaskClient, count_queries: AbstractContextManager[QueryCount], rows: int
) -> None:
    for number in range(rows):
        day = past_day(starts_at=datetime(2009, 1, 1 + number % 28, 8, tzinfo=UTC))
        sessions = [make_session(day) for _number in range(3)]
        make_article(study_day_id=day.id, sessions=sessions[:2])

    with count_queries as count:
        assert organiser.get("/organisation/comptes-rendus/").status_code == 200

    # Who asks; how many there are; the days and their sessions; the articles; the count of the tab.
    assert count() == 7


def test_a_report_opens_knowing_its_day_its_sessions_and_its_speakers(organiser: FlaskClient) -> None:
    reporting = make_section("Reportage")
    day = past_day(slug="angers", title="Mutualiser les services", city=make_city("Angers"))
    speaker = make_speaker("Michel Monier")
    session = make_session(day, title="Angers et son agglomération", speakers=[speaker])
    told = make_session(day, title="Mulhouse")
    make_article(study_day_id=day.id, sessions=[told], title="Déjà paru")

    page = organiser.get("/organisation/journees/angers/compte-rendu/").text
    fields = Page(page).fields

    assert fields["title"] == "Angers : Mutualiser les services"
    assert fields["body"].strip() == "## Angers et son agglomération"
    assert (fields["section"], fields["study_day"], fields["kind"], fields["lead"]) == (
        str(reporting.id),
        str(day.id),
        "report",
        "",
    )
    assert f'name="sessions" value="{session.id}" checked' in page
    assert f'name="sessions" value="{told.id}" />' in page
    assert f'name="speakers" value="{speaker.id}" checked' in page
    assert "Déjà paru" in page
    assert db.session.query(Article).count() == 1


def test_a_report_of_one_session_is_about_that_session(organiser: FlaskClient) -> None:
    day = past_day(slug="angers")
    make_session(day, position=1, title="Angers")
    second = make_session(day, position=2, title="Mulhouse")

    page = organiser.get("/organisation/journees/angers/compte-rendu/?seance=2").text

    assert Page(page).fields["body"].strip() == "## Mulhouse"
    assert page.count(" checked />") == 1
    assert f'name="sessions" value="{second.id}" checked' in page


@pytest.mark.parametrize("asked", ["x", "99", "-1", ""])
def test_a_session_that_does_not_exist_does_no_harm(organiser: FlaskClient, asked: str) -> None:
    make_session(past_day(slug="angers"))

    assert organiser.get(f"/organisation/journees/angers/compte-rendu/?seance={asked}").status_code == 200


def test_a_report_is_written_published_and_found_from_its_session_and_its_speaker(organiser: FlaskClient) -> None:
    make_section("Reportage")
    day = past_day(slug="angers", city=make_city("Angers"))
    speaker = make_speaker("Michel Monier")
    sessions = [make_session(day, position=number, speakers=[speaker] if number == 1 else []) for number in (1, 2)]
    form = Page(organiser.get("/organisation/journees/angers/compte-rendu/").text).fields
    form = {name: value for name, value in form.items() if name not in {"sessions", "speakers", "q", "more"}}

    written = organiser.post(
        "/organisation/journees/angers/compte-rendu/",
        data=form
        | {
            "title": "Ce qui s’est dit à Angers",
            "lead": "Cinq territoires.",
            "body": "## Angers\n\nOn a **parlé**.",
            "sessions": [str(session.id) for session in sessions],
            "speakers": [str(speaker.id)],
        },
    )
    (article,) = db.session.query(Article)
    assert (written.status_code, written.location) == (303, f"/organisation/articles/{article.id}/")
    assert (article.kind, article.status) == (ArticleKind.REPORT, ArticleStatus.DRAFT)

    address = f"/organisation/articles/{article.id}/publier/"
    assert organiser.post(address, data=typed(article)).status_code == 403, "nobody approves what they wrote"
    reviewer = organiser.application.test_client()
    sign_in(reviewer, make_user(RoleName.EDITOR))
    assert reviewer.post(address, data=typed(article)).status_code == 303

    for address in ("/journees/angers/", "/journees/angers/seances/1/", f"/intervenants/{speaker.slug}/"):
        assert f"/articles/{article.slug}/" in organiser.get(address).text
    assert "On a <strong>parlé</strong>." in organiser.get(f"/articles/{article.slug}/").text


def test_a_report_without_title_comes_back_with_what_was_typed(organiser: FlaskClient) -> None:
    day = past_day(slug="angers")
    session = make_session(day)

    answer = organiser.post(
        "/organisation/journees/angers/compte-rendu/",
        data={"title": "", "body": "Déjà écrit.", "kind": "report", "access": "public", "section": "0"}
        | {"issue": "0", "study_day": str(day.id), "sessions": [str(session.id)]},
    )

    assert answer.status_code == 422
    assert Page(answer.text).fields["body"] == "Déjà écrit."
    assert f'name="sessions" value="{session.id}" checked' in answer.text
    assert db.session.query(Article).count() == 0


def test_a_day_that_is_not_there_has_no_report(organiser: FlaskClient) -> None:
    assert organiser.get("/organisation/journees/inconnue/compte-rendu/").status_code == 404
