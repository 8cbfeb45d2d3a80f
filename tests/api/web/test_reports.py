"""Writing reports by program."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsapp.accounts.access import RoleName
from eventsapp.api.statuses import Scope
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.magazine.models import Article, article_sessions, article_speakers
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import StudyDay, StudySession
from eventsapp.study_days.statuses import SessionKind
from tests.magazine.service.test_text_pictures import bring, rewrite
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.api import bearer, make_token
from tests.support.makers.magazine import make_article, make_issue, make_section
from tests.support.makers.study_days import NOW, make_city, make_session, make_speaker, make_study_day

REPORTS = "/api/v1/reports"
PAST = datetime(2026, 2, 24, 8, tzinfo=UTC)
BODY = "## Ce qui s’est dit\n\nQuatre collectivités racontent."


@pytest.fixture
def editor(client: FlaskClient) -> dict[str, str]:
    return bearer(make_token(Scope.EDITOR, name="Rédaction"))


@pytest.fixture
def day(client: FlaskClient) -> StudyDay:
    """A past day with two talks around a break, one speaker each."""
    day = make_study_day(slug="angers", title="Mutualiser", city=make_city("Angers"), starts_at=PAST)
    make_session(day, position=1, title="Hier", speakers=[make_speaker("Ana Brun")])
    make_session(day, position=2, title="Déjeuner", kind=SessionKind.BREAK)
    make_session(day, position=3, title="Demain", speakers=[make_speaker("Zoé Marin")])
    return day


def _write(client: FlaskClient, headers: dict[str, str], **values: Any) -> TestResponse:
    given = {"title": "Angers : mutualiser", "study_day": "angers", "lead": "Cinq ans après.", "body_markdown": BODY}
    return client.post(REPORTS, json=given | values, headers=headers)


def _change(client: FlaskClient, headers: dict[str, str], slug: str, /, **values: Any) -> TestResponse:
    return client.patch(f"{REPORTS}/{slug}", json=values, headers=headers)


def _quoted(slug: str) -> list[str]:
    return list(
        db.session.scalars(
            sa.select(Speaker.first_name)
            .join(article_speakers, article_speakers.c.speaker_id == Speaker.id)
            .join(Article, Article.id == article_speakers.c.article_id)
            .where(Article.slug == slug)
            .order_by(Speaker.first_name)
        )
    )


def _positions(slug: str) -> list[int]:
    return list(
        db.session.scalars(
            sa.select(StudySession.position)
            .join(article_sessions, article_sessions.c.session_id == StudySession.id)
            .join(Article, Article.id == article_sessions.c.article_id)
            .where(Article.slug == slug)
            .order_by(StudySession.position)
        )
    )


@pytest.mark.usefixtures("day")
def test_a_report_is_written_as_a_draft_that_quotes_its_sessions(client: FlaskClient, editor: dict[str, str]) -> None:
    make_section(slug="reportage", name="Reportage")
    make_issue(376)

    answer = _write(client, editor, access="subscribers", sessions=[1], issue=376)

    assert answer.status_code == 201, answer.text
    assert answer.get_json() == {
        "slug": "angers-mutualiser",
        "status": "draft",
        "title": "Angers : mutualiser",
        "lead": "Cinq ans après.",
        "body_markdown": BODY,
        "access": "subscribers",
        "study_day": "angers",
        "sessions": [1],
        "section": "reportage",
        "issue": 376,
        "publish_at": None,
        "published_at": None,
        "url": None,
    }
    assert answer.location == f"{REPORTS}/angers-mutualiser"
    assert (_positions("angers-mutualiser"), _quoted("angers-mutualiser")) == ([1], ["Ana"])
    article = db.session.scalars(sa.select(Article)).one()
    assert (article.kind, article.author_id) == (ArticleKind.REPORT, None)
    assert client.get(f"{REPORTS}/angers-mutualiser").status_code == 404


@pytest.mark.usefixtures("day")
def test_the_least_a_report_needs_is_a_title_and_a_day(client: FlaskClient, editor: dict[str, str]) -> None:
    make_section(slug="juridique")

    answer = client.post(
        REPORTS, json={"title": "Angers", "study_day": "angers", "section": "juridique"}, headers=editor
    )

    shown = answer.get_json()
    assert (shown["lead"], shown["body_markdown"], shown["access"]) == ("", "", "public")
    assert (shown["sessions"], shown["section"], shown["issue"]) == ([], "juridique", None)


@pytest.mark.usefixtures("day")
def test_the_history_names_the_token(client: FlaskClient, editor: dict[str, str]) -> None:
    slug = _write(client, editor).get_json()["slug"]
    _change(client, editor, slug, title="Angers", status="published")

    told = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.actor_label, AuditEntry.actor_id)
        .where(AuditEntry.subject_kind == "article")
        .order_by(AuditEntry.id)
    )
    assert [tuple(line) for line in told] == [
        (action, "Jeton « Rédaction »", None) for action in ("articles.create", "articles.edit", "articles.publish")
    ]


@pytest.mark.usefixtures("day")
@pytest.mark.parametrize(
    ("values", "pointers"),
    [
        ({"title": ""}, ["/title"]),
        ({"title": "   "}, ["/title"]),
        ({"title": "a" * 201}, ["/title"]),
        ({"title": None}, ["/title"]),
        ({"study_day": "nulle-part"}, ["/study_day"]),
        ({"study_day": None}, ["/study_day"]),
        ({"sessions": [2]}, ["/sessions/0"]),
        ({"sessions": [1, 9]}, ["/sessions/1"]),
        ({"sessions": ["1"]}, ["/sessions/0"]),
        ({"sessions": [True]}, ["/sessions/0"]),
        ({"sessions": [1.5]}, ["/sessions/0"]),
        ({"sessions": 1}, ["/sessions"]),
        ({"sessions": [1] * 51}, ["/sessions"]),
        ({"section": "nulle-part"}, ["/section"]),
        ({"issue": 999}, ["/issue"]),
        ({"issue": 0}, ["/issue"]),
        ({"issue": 10**30}, ["/issue"]),
        ({"issue": "376"}, ["/issue"]),
        ({"access": "nobody"}, ["/access"]),
        ({"body_markdown": "a\x00b"}, ["/body_markdown"]),
        ({"status": "published"}, ["/status"]),
        ({"author_id": 1, "published_at": "2026-01-01"}, ["/author_id", "/published_at"]),
        ({"section": "x", "issue": 7, "study_day": "y"}, ["/study_day", "/section", "/issue"]),
    ],
)
def test_what_is_wrong_is_told_by_its_pointer_and_nothing_is_written(
    client: FlaskClient, editor: dict[str, str], values: dict[str, Any], pointers: list[str]
) -> None:
    answer = _write(client, editor, **values)

    assert (answer.status_code, set(answer.get_json()["errors"])) == (422, set(pointers)), answer.text
    assert db.session.scalars(sa.select(Article)).all() == []


@pytest.mark.usefixtures("day")
def test_only_what_is_named_changes(client: FlaskClient, editor: dict[str, str]) -> None:
    before = _write(client, editor, sessions=[1]).get_json()

    after = _change(client, editor, before["slug"], lead="Un autre chapô.").get_json()

    assert after == before | {"lead": "Un autre chapô."}


@pytest.mark.usefixtures("day")
def test_nothing_named_changes_nothing_and_leaves_no_trace(client: FlaskClient, editor: dict[str, str]) -> None:
    before = _write(client, editor).get_json()
    lines = len(db.session.scalars(sa.select(AuditEntry)).all())

    answer = _change(client, editor, before["slug"])

    assert (answer.status_code, answer.get_json()) == (200, before)
    assert len(db.session.scalars(sa.select(AuditEntry)).all()) == lines


@pytest.mark.usefixtures("day")
def test_who_is_quoted_follows_the_sessions_and_others_stay(client: FlaskClient, editor: dict[str, str]) -> None:
    slug = _write(client, editor, sessions=[1]).get_json()["slug"]
    article, guest = db.session.scalars(sa.select(Article)).one(), make_speaker("Paul Invité")
    db.session.execute(article_speakers.insert().values(article_id=article.id, speaker_id=guest.id))
    db.session.commit()

    _change(client, editor, slug, sessions=[3])

    assert (_positions(slug), _quoted(slug)) == ([3], ["Paul", "Zoé"])


@pytest.mark.usefixtures("day")
def test_a_report_moves_to_another_day_without_its_sessions(client: FlaskClient, editor: dict[str, str]) -> None:
    slug = _write(client, editor, sessions=[1]).get_json()["slug"]
    make_study_day(slug="nantes")

    answer = _change(client, editor, slug, study_day="nantes")

    assert (answer.get_json()["study_day"], answer.get_json()["sessions"]) == ("nantes", [])
    assert _quoted(slug) == []


@pytest.mark.usefixtures("day")
def test_section_and_issue_can_be_taken_away(client: FlaskClient, editor: dict[str, str]) -> None:
    make_section(slug="reportage")
    make_issue(376)
    slug = _write(client, editor, issue=376).get_json()["slug"]

    shown = _change(client, editor, slug, section=None, issue=None).get_json()

    assert (shown["section"], shown["issue"]) == (None, None)


@pytest.mark.usefixtures("day")
def test_a_report_goes_the_whole_way_and_back(client: FlaskClient, editor: dict[str, str]) -> None:
    slug = _write(client, editor).get_json()["slug"]
    later = NOW + timedelta(days=2)

    reviewed = _change(client, editor, slug, status="in_review", note="À relire").get_json()
    scheduled = _change(client, editor, slug, status="scheduled", publish_at=later.isoformat()).get_json()
    moved = _change(client, editor, slug, publish_at=(later + timedelta(days=1)).isoformat()).get_json()
    taken_off = _change(client, editor, slug, status="draft").get_json()
    published = _change(client, editor, slug, status="published").get_json()
    withdrawn = _change(client, editor, slug, status="withdrawn", note="Une erreur.").get_json()

    statuses = [reviewed, scheduled, moved, taken_off, published, withdrawn]
    assert [each["status"] for each in statuses] == [
        "in_review",
        "scheduled",
        "scheduled",
        "draft",
        "published",
        "withdrawn",
    ]
    assert datetime.fromisoformat(scheduled["publish_at"]) == later
    assert datetime.fromisoformat(moved["publish_at"]) == later + timedelta(days=1)
    assert taken_off["publish_at"] is None
    assert published["url"] == f"http://localhost/articles/{slug}/"
    assert client.get(f"{REPORTS}/{slug}").get_json()["detail"] == "Une erreur."


@pytest.mark.usefixtures("day")
@pytest.mark.parametrize(
    ("values", "status", "pointer"),
    [
        ({"status": "scheduled"}, 422, "/publish_at"),
        ({"status": "scheduled", "publish_at": "2026-01-01T00:00:00Z"}, 422, "/publish_at"),
        ({"status": "scheduled", "publish_at": "2027-01-01"}, 422, "/publish_at"),
        ({"status": "scheduled", "publish_at": "2027-01-01T00:00:00"}, 422, "/publish_at"),
        ({"status": "scheduled", "publish_at": "9999-12-31T23:59:59-14:00"}, 422, "/publish_at"),
        ({"status": "scheduled", "publish_at": 1893456000}, 422, "/publish_at"),
        ({"publish_at": "2027-01-01T00:00:00Z"}, 422, "/publish_at"),
        ({"status": "published", "publish_at": "2027-01-01T00:00:00Z"}, 422, "/publish_at"),
        ({"status": "archived"}, 422, "/status"),
        ({"status": "published", "lead": ""}, 422, "/lead"),
        ({"status": "published", "body_markdown": ""}, 422, "/body_markdown"),
        ({"slug": "autre"}, 422, "/slug"),
        ({"title": None}, 422, "/title"),
        ({"study_day": None}, 422, "/study_day"),
        ({"status": "withdrawn", "note": "x"}, 409, None),
    ],
)
def test_a_change_that_cannot_be_leaves_all_as_it_was(
    client: FlaskClient, editor: dict[str, str], values: dict[str, Any], status: int, pointer: str | None
) -> None:
    before = _write(client, editor).get_json()

    answer = _change(client, editor, before["slug"], **{"title": "Ne pas garder"} | values)

    assert answer.status_code == status, answer.text
    assert pointer is None or pointer in answer.get_json()["errors"]
    assert _change(client, editor, before["slug"]).get_json() == before


@pytest.mark.usefixtures("day")
def test_withdrawing_asks_for_a_reason(client: FlaskClient, editor: dict[str, str]) -> None:
    slug = _write(client, editor).get_json()["slug"]
    _change(client, editor, slug, status="published")

    answer = _change(client, editor, slug, status="withdrawn")

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["/note"])


def test_only_reports_are_changed_here(client: FlaskClient, editor: dict[str, str]) -> None:
    article = make_article(kind=ArticleKind.ARTICLE)

    assert _change(client, editor, article.slug, title="X").status_code == 404
    assert _change(client, editor, "nulle-part", title="X").status_code == 404


@pytest.mark.parametrize("scope", [Scope.ORGANISER, Scope.ACCOUNTANT, Scope.DOOR])
def test_writing_is_for_editors_only_and_others_learn_nothing(client: FlaskClient, scope: Scope) -> None:
    report = make_article(kind=ArticleKind.REPORT, status=ArticleStatus.DRAFT)
    headers = bearer(make_token(scope))

    answers = [
        client.post(REPORTS, json={"nonsense": 1}, headers=headers),
        _change(client, headers, report.slug, title="X"),
        _change(client, headers, "nulle-part", title="X"),
    ]
    without_token = [client.post(REPORTS, json={}), client.patch(f"{REPORTS}/{report.slug}", json={})]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert all("errors" not in answer.get_json() for answer in answers)
    assert [answer.status_code for answer in without_token] == [401] * 2


@pytest.mark.parametrize(
    ("access", "status", "anybody"),
    [
        (Access.PUBLIC, ArticleStatus.PUBLISHED, 200),
        (Access.SUBSCRIBERS, ArticleStatus.PUBLISHED, 404),
        (Access.PUBLIC, ArticleStatus.DRAFT, 404),
    ],
)
def test_the_pictures_of_a_body_are_opened_as_the_interface_says(
    client: FlaskClient, editor: dict[str, str], access: Access, status: ArticleStatus, anybody: int
) -> None:
    report = make_article(kind=ArticleKind.REPORT, access=access, status=status, free_paragraphs=0)
    slug = rewrite(report, f"Un texte.\n\n{bring()}\n\nLa fin.").slug
    shapes = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    written, shown = (shapes[name]["properties"]["body_markdown"] for name in ("WrittenReport", "Report"))
    body = _change(client, editor, slug).get_json()["body_markdown"]
    address = re.search(r"\((/fichiers/[^ )]+)", body)
    assert address is not None
    signed_in = client.application.test_client()
    sign_in(signed_in, make_user(RoleName.EDITOR))

    assert "`/fichiers/…`), qui ne prend pas de jeton" in written["description"]
    assert client.get(address[1], headers=editor).status_code == anybody
    assert signed_in.get(address[1]).status_code == 200

    read = client.get(f"{REPORTS}/{slug}")
    assert (read.status_code == 200 and read.get_json()["body_markdown"] == body) is (anybody == 200)
    assert "`/fichiers/…`), ouverte à tous" in shown["description"]
