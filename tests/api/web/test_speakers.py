"""Speakers as programs read them."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.search import service as search
from eventsapp.study_days.models import Intervention
from eventsapp.study_days.statuses import StudyDayStatus
from tests.api.web.counting import queries_with
from tests.support.makers.magazine import make_article
from tests.support.makers.study_days import make_session, make_speaker, make_study_day

SPEAKERS = "/api/v1/speakers"


def _slugs(client: FlaskClient, **parameters: Any) -> list[str]:
    return [line["slug"] for line in client.get(SPEAKERS, query_string=parameters).get_json()["items"]]


def test_the_directory_lists_by_name_who_speaks_at_a_shown_day(client: FlaskClient) -> None:
    day = make_study_day()
    zoe, ana = make_speaker("Zoé Élan"), make_speaker("Ana Brun")
    make_session(day, speakers=[zoe])
    make_session(day, speakers=[zoe, ana])
    make_session(make_study_day(status=StudyDayStatus.DRAFT), speakers=[make_speaker("Paul Secret")])

    answer = client.get(SPEAKERS)

    assert answer.get_json() == {
        "items": [
            {
                "slug": speaker.slug,
                "first_name": speaker.first_name,
                "last_name": speaker.last_name,
                "name": speaker.name,
                "role": "directrice générale des services",
                "organisation": "Ville",
                "url": f"http://localhost/intervenants/{speaker.slug}/",
                "sessions_count": times,
            }
            for speaker, times in ((ana, 1), (zoe, 2))
        ],
        "page": 1,
        "pages": 1,
        "total": 2,
    }


def test_the_directory_is_searched_and_comes_in_pages(client: FlaskClient) -> None:
    day = make_study_day()
    people = [make_speaker(name) for name in ("Ana Brun", "Élise Daviet", "Zoé Marin")]
    make_session(day, speakers=people)
    search.rebuild()

    assert _slugs(client, q="daviet") == [people[1].slug]
    assert _slugs(client, per_page=2) == [people[0].slug, people[1].slug]
    assert _slugs(client, per_page=2, page=2) == [people[2].slug]
    assert _slugs(client, per_page=2, page=3) == []


def test_the_directory_asks_the_same_number_of_queries(client: FlaskClient) -> None:
    def make_people(number: int) -> None:
        make_session(make_study_day(), speakers=[make_speaker() for _each in range(number)])

    few, many = queries_with(client, f"{SPEAKERS}?per_page=100", make_people)

    assert few == many <= 4


def test_a_speaker_is_shown_in_the_role_of_each_day(client: FlaskClient) -> None:
    speaker = make_speaker("Ana Brun", biography="Vingt ans de finances.", consent_on=date(2026, 1, 1))
    past, coming = make_study_day(starts_at=datetime(2026, 2, 24, 8, tzinfo=UTC)), make_study_day()
    then = make_session(past, position=1, title="Hier", speakers=[speaker])
    make_session(coming, position=3, title="Demain", speakers=[speaker])
    db.session.execute(
        sa.update(Intervention).where(Intervention.session_id == then.id).values(role="cheffe de service")
    )
    make_article(slug="angers", title="Angers", speakers=[speaker])
    make_article(slug="brouillon", speakers=[speaker], status=ArticleStatus.DRAFT)
    db.session.commit()

    shown = client.get(f"{SPEAKERS}/{speaker.slug}").get_json()

    assert shown["role"] == "directrice générale des services"
    assert shown["biography_markdown"] == "Vingt ans de finances."
    assert [(each["title"], each["role"], each["study_day"]["slug"]) for each in shown["sessions"]] == [
        ("Demain", "directrice générale des services", coming.slug),
        ("Hier", "cheffe de service", past.slug),
    ]
    assert shown["sessions"][0]["url"] == f"http://localhost/journees/{coming.slug}/seances/3/"
    assert [report["slug"] for report in shown["reports"]] == ["angers"]


def test_without_consent_there_is_no_biography(client: FlaskClient) -> None:
    speaker = make_speaker(biography="Ne pas montrer.", consent_on=None)
    make_session(make_study_day(), speakers=[speaker])

    answer = client.get(f"{SPEAKERS}/{speaker.slug}")

    assert answer.get_json()["biography_markdown"] == ""
    assert "Ne pas montrer" not in answer.text


def test_a_speaker_asks_the_same_number_of_queries(client: FlaskClient) -> None:
    speaker = make_speaker()

    def make_appearances(number: int) -> None:
        for _each in range(number):
            make_session(make_study_day(), speakers=[speaker])
            make_article(speakers=[speaker])

    few, many = queries_with(client, f"{SPEAKERS}/{speaker.slug}", make_appearances)

    assert few == many <= 4


def test_who_is_only_in_a_draft_is_nobody_yet(client: FlaskClient) -> None:
    speaker = make_speaker()
    make_session(make_study_day(status=StudyDayStatus.DRAFT), speakers=[speaker])

    assert client.get(f"{SPEAKERS}/{speaker.slug}").status_code == 404
    assert client.get(f"{SPEAKERS}/personne").status_code == 404


def test_a_former_address_leads_to_the_present_one(client: FlaskClient) -> None:
    speaker = make_speaker(slug="ana-brun")
    slugs.remember("speaker", "ana-blanc", object_id=speaker.id)
    db.session.commit()

    assert client.get(f"{SPEAKERS}/ana-blanc").location == "/api/v1/speakers/ana-brun"
