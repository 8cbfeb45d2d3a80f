"""Reports and issues as programs read them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.api.statuses import Scope
from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.magazine.models import article_sessions, article_speakers
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus
from eventsapp.study_days.statuses import StudyDayStatus
from tests.api.web.counting import queries_with
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.api import bearer, make_token
from tests.support.makers.magazine import CANARY, make_article, make_issue, make_section
from tests.support.makers.study_days import make_city, make_session, make_speaker, make_study_day
from tests.support.makers.subscriptions import make_contract

REPORTS = "/api/v1/reports"
ISSUES = "/api/v1/issues"
HIDDEN = [status for status in ArticleStatus if status is not ArticleStatus.PUBLISHED]


def make_report(**values: Any) -> Any:
    return make_article(**{"kind": ArticleKind.REPORT} | values)


def test_the_published_reports_are_listed_the_last_first(client: FlaskClient) -> None:
    first = make_report(published_at=datetime(2026, 10, 1, tzinfo=UTC))
    second = make_report(published_at=datetime(2026, 11, 1, tzinfo=UTC))
    make_article(kind=ArticleKind.INTERVIEW)
    for status in HIDDEN:
        make_report(status=status)

    answer = client.get(REPORTS)

    assert [report["slug"] for report in answer.get_json()["items"]] == [second.slug, first.slug]
    assert (answer.get_json()["page"], answer.get_json()["pages"], answer.get_json()["total"]) == (1, 1, 2)
    assert CANARY not in answer.text


def test_a_list_tells_where_a_report_belongs(client: FlaskClient) -> None:
    city = make_city("Angers")
    day = make_study_day(city=city)
    report = make_report(
        section_id=make_section(slug="reportage", name="Reportage").id,
        issue_id=make_issue(376).id,
        study_day_id=day.id,
        subtitle="Cinq ans après",
    )

    (shown,) = client.get(REPORTS).get_json()["items"]

    assert shown == {
        "slug": report.slug,
        "kind": "report",
        "title": report.title,
        "subtitle": "Cinq ans après",
        "lead": report.lead,
        "byline": "la rédaction",
        "access": "public",
        "published_at": report.published_at.isoformat(),
        "url": f"http://localhost/articles/{report.slug}/",
        "section": {"slug": "reportage", "name": "Reportage"},
        "issue": 376,
        "study_day": {
            "slug": day.slug,
            "title": day.title,
            "date": "2027-02-24",
            "city": {"slug": city.slug, "name": "Angers"},
            "url": f"http://localhost/journees/{day.slug}/",
        },
    }


def test_a_day_that_became_a_draft_again_is_not_named(client: FlaskClient) -> None:
    day = make_study_day(status=StudyDayStatus.DRAFT)
    talk = make_session(day, speakers=[])
    report = make_report(study_day_id=day.id, sessions=[talk])

    shown = client.get(f"{REPORTS}/{report.slug}")

    assert (shown.get_json()["study_day"], shown.get_json()["sessions"]) == (None, [])
    assert day.slug not in client.get(REPORTS).text


@pytest.mark.parametrize("path", [f"{REPORTS}?per_page=100", f"{ISSUES}/376", f"{REPORTS}/angers"])
def test_a_read_asks_the_same_number_of_queries(client: FlaskClient, path: str) -> None:
    issue, day = make_issue(376), make_study_day()
    report = make_report(slug="angers", issue_id=issue.id, study_day_id=day.id)

    def make_reports(number: int) -> None:
        for _each in range(number):
            make_report(issue_id=issue.id, study_day_id=make_study_day().id)
            talk, speaker = make_session(day), make_speaker()
            db.session.execute(article_sessions.insert().values(article_id=report.id, session_id=talk.id))
            db.session.execute(article_speakers.insert().values(article_id=report.id, speaker_id=speaker.id))
        db.session.commit()

    few, many = queries_with(client, path, make_reports)

    assert few == many <= 4


def test_a_report_that_is_free_is_given_whole(client: FlaskClient) -> None:
    day, speaker, guest = make_study_day(), make_speaker("Ana Brun"), make_speaker("Zoé Marin")
    talk = make_session(day, position=2, title="Cinq ans après", speakers=[speaker])
    report = make_report(study_day_id=day.id, sessions=[talk], speakers=[speaker, guest])

    shown = client.get(f"{REPORTS}/{report.slug}").get_json()

    assert shown["body_markdown"] == report.body
    assert shown["sessions"] == [
        {
            "position": 2,
            "title": "Cinq ans après",
            "url": f"http://localhost/journees/{day.slug}/seances/2/",
        }
    ]
    assert [(person["name"], person["role"], person["organisation"]) for person in shown["speakers"]] == [
        ("Ana Brun", "directrice générale des services", "Ville"),
        ("Zoé Marin", "", ""),
    ]


def test_the_body_of_a_reserved_report_never_leaves(client: FlaskClient) -> None:
    report = make_report(access=Access.SUBSCRIBERS)
    reader = make_user()
    make_contract(reader.email)
    editor = make_token(Scope.EDITOR)

    anonymous = client.get(f"{REPORTS}/{report.slug}")
    with_token = client.get(f"{REPORTS}/{report.slug}", headers=bearer(editor))
    sign_in(client, reader)
    signed_in = client.get(f"{REPORTS}/{report.slug}")

    for answer in (anonymous, with_token, signed_in):
        assert answer.get_json()["body_markdown"] is None
        assert answer.get_json()["lead"] == report.lead
        assert CANARY not in answer.text


@pytest.mark.parametrize("status", [status for status in HIDDEN if status is not ArticleStatus.WITHDRAWN])
def test_what_is_not_published_is_not_found_not_even_with_a_token(client: FlaskClient, status: ArticleStatus) -> None:
    report = make_report(status=status)
    sign_in(client, make_user(RoleName.EDITOR))

    answer = client.get(f"{REPORTS}/{report.slug}", headers=bearer(make_token(Scope.EDITOR)))

    assert answer.status_code == 404
    assert report.title not in answer.text


def test_an_article_that_is_no_report_is_not_found_here(client: FlaskClient) -> None:
    article = make_article(kind=ArticleKind.ARTICLE)

    assert client.get(f"{REPORTS}/{article.slug}").status_code == 404


def test_a_withdrawn_report_says_why(client: FlaskClient) -> None:
    report = make_report(status=ArticleStatus.WITHDRAWN, withdrawn_note="Une citation était inexacte.")

    answer = client.get(f"{REPORTS}/{report.slug}")

    assert (answer.status_code, answer.get_json()["type"]) == (410, "/problems/gone")
    assert answer.get_json()["detail"] == "Une citation était inexacte."
    assert CANARY not in answer.text


def test_a_former_address_leads_to_the_present_one(client: FlaskClient) -> None:
    report = make_report(slug="angers-2027")
    slugs.remember("article", "angers", object_id=report.id)
    db.session.commit()

    assert client.get(f"{REPORTS}/angers").location == "/api/v1/reports/angers-2027"


def test_an_issue_has_its_published_articles_by_section(client: FlaskClient) -> None:
    issue = make_issue(376, title="Mutualiser", editorial="## Édito")
    first, second = make_section(position=1), make_section(position=2)
    late = make_article(issue_id=issue.id, section_id=second.id, kind=ArticleKind.ARTICLE)
    early = make_article(issue_id=issue.id, section_id=first.id, access=Access.SUBSCRIBERS)
    make_article(issue_id=issue.id, status=ArticleStatus.DRAFT)

    answer = client.get(f"{ISSUES}/376")

    assert {name: value for name, value in answer.get_json().items() if name != "articles"} == {
        "number": 376,
        "title": "Mutualiser",
        "published_on": "2026-11-01",
        "editorial_markdown": "## Édito",
        "url": "http://localhost/magazine/376/",
    }
    assert [article["slug"] for article in answer.get_json()["articles"]] == [early.slug, late.slug]
    assert CANARY not in answer.text


@pytest.mark.parametrize("number", ["375", "0", "999999", "1000000", "9" * 40, "-1", "abc", "37６"])
def test_an_issue_that_readers_may_not_see_is_not_found(client: FlaskClient, number: str) -> None:
    make_article(
        issue_id=make_issue(375).id, status=ArticleStatus.SCHEDULED, publish_at=datetime.now(UTC) + timedelta(1)
    )

    answer = client.get(f"{ISSUES}/{number}")

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
