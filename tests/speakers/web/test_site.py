"""The directory of speakers, and the page of one."""

import html
import json
import re
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.files.models import StoredFile
from eventsapp.search import service as search
from eventsapp.speakers import queries
from eventsapp.study_days.models import Intervention
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.magazine import make_article
from tests.support.makers.study_days import NOW, make_city, make_session, make_speaker, make_study_day
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")

PAST: dict[str, Any] = {"starts_at": datetime(2009, 2, 24, 8, tzinfo=UTC)}


def get(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def names(page: str) -> list[str]:
    return [html.unescape(name) for name in re.findall(r'<p class="name"><a [^>]*>(.*?)</a>', page)]


def make_photo(key: str = "portrait") -> StoredFile:
    photo = StoredFile(
        key=key,
        name="portrait.jpg",
        content_type="image/jpeg",
        size=1,
        sha256="0" * 64,
        created_at=NOW,
        width=480,
        height=600,
    )
    db.session.add(photo)
    db.session.commit()
    return photo


# The directory


def test_the_directory_lists_who_speaks_at_shown_days_by_name(client: FlaskClient) -> None:
    make_session(make_study_day(), speakers=[make_speaker(name) for name in ("Anne Zola", "Zoé Étienne", "Paul Adam")])
    make_session(make_study_day(status=StudyDayStatus.DRAFT), speakers=[make_speaker("Nul Secret")])

    page = get(client, "/intervenants/")

    assert names(page) == ["Paul Adam", "Zoé Étienne", "Anne Zola"]
    assert "directrice générale des services, Ville · 1 séance" in page
    assert "Secret" not in page


def test_an_initial_keeps_its_names_accents_aside(client: FlaskClient) -> None:
    make_session(make_study_day(), speakers=[make_speaker(name) for name in ("Anne Zola", "Zoé Étienne", "Paul Eve")])

    assert names(get(client, "/intervenants/?lettre=E")) == ["Zoé Étienne", "Paul Eve"]
    assert names(get(client, "/intervenants/?lettre=e")) == ["Zoé Étienne", "Paul Eve"]


@pytest.mark.parametrize(
    "query", ["lettre=Q", "lettre=EE", "lettre=%00", "lettre=É", "page=abc", "page=-1", "page=99999999", "x=y"]
)
def test_a_bad_value_shows_everybody(client: FlaskClient, query: str) -> None:
    make_session(make_study_day(), speakers=[make_speaker("Anne Zola")])

    assert names(get(client, f"/intervenants/?{query}")) == ["Anne Zola"]


@pytest.mark.parametrize("searched", ["zola", "Zolla", "ANNE", "ville", "directrice"])
def test_people_are_found_by_name_role_and_organisation_and_with_a_slip(client: FlaskClient, searched: str) -> None:
    make_session(make_study_day(), speakers=[make_speaker("Anne Zola")])
    other = make_session(make_study_day(), speakers=[make_speaker("Paul Adam")])
    db.session.execute(
        sa.update(Intervention).where(Intervention.session_id == other.id).values(role="maire", organisation="Cholet")
    )
    search.rebuild()

    assert names(get(client, f"/intervenants/?q={searched}")) == ["Anne Zola"]


def test_nobody_found_leads_back_to_all(client: FlaskClient) -> None:
    make_session(make_study_day(), speakers=[make_speaker("Anne Zola")])
    search.rebuild()

    page = get(client, "/intervenants/?q=xylophone")

    assert "Personne ne répond à «\u00a0xylophone\u00a0»" in page
    assert '<meta name="robots" content="noindex, follow" />' in page


def test_the_directory_has_pages(client: FlaskClient) -> None:
    make_session(make_study_day(), speakers=[make_speaker(f"Anne Nom{number:02}") for number in range(65)])

    second = get(client, "/intervenants/?lettre=N&page=2")

    assert names(second) == [f"Anne Nom{number}" for number in range(60, 65)]
    assert 'href="/intervenants/?lettre=N" rel="prev"' in second


def test_an_empty_directory_says_what_will_be_here(client: FlaskClient) -> None:
    assert "Personne n’est encore annoncé" in get(client, "/intervenants/")


# A speaker


def test_a_speaker_has_the_role_of_each_day(client: FlaskClient) -> None:
    speaker = make_speaker("Claude Laurent", slug="claude-laurent")
    for number, (values, role) in enumerate(((PAST, "adjoint"), ({}, "directeur"))):
        day = make_study_day(slug=f"jour-{number}", title=f"Jour {number}", city=make_city(f"Ville{number}"), **values)
        talk = make_session(day, title=f"Séance {role}", position=number + 1, speakers=[speaker])
        db.session.execute(sa.update(Intervention).where(Intervention.session_id == talk.id).values(role=role))

    page = get(client, "/intervenants/claude-laurent/")

    coming, past = page.index("Séances à venir"), page.index("Séances passées")
    assert coming < page.index("Séance directeur") < page.index("directeur, Ville</p>", coming) < past
    assert past < page.index("Séance adjoint") < page.index("adjoint, Ville</p>", past)
    assert 'href="/journees/jour-1/seances/2/"' in page
    assert '<p class="page-lead">directeur, Ville</p>' in page


def test_a_speaker_has_the_reports(client: FlaskClient) -> None:
    speaker = make_speaker(slug="claude")
    make_session(make_study_day(**PAST), speakers=[speaker])
    make_article(slug="recit", title="Le récit", speakers=[speaker])

    assert 'href="/articles/recit/"' in get(client, "/intervenants/claude/")


def test_without_consent_there_are_initials_and_no_biography(client: FlaskClient) -> None:
    speaker = make_speaker(
        "Claude Laurent", slug="claude", biography="Né un jour.", website="https://exemple.fr", photo=make_photo()
    )
    make_session(make_study_day(), speakers=[speaker])

    page = get(client, "/intervenants/claude/")

    assert '<span class="portrait" aria-hidden="true">CL</span>' in page
    assert "portrait.jpg" not in page
    assert "/fichiers/" not in page
    assert "Né un jour" not in page
    assert "https://exemple.fr" not in page


def test_with_consent_there_are_a_portrait_and_a_biography(client: FlaskClient) -> None:
    speaker = make_speaker(
        "Claude Laurent",
        slug="claude",
        biography="Né un **jour**.",
        website="https://exemple.fr",
        photo=make_photo(),
        consent_on=date(2026, 1, 1),
    )
    make_session(make_study_day(), speakers=[speaker])

    page = get(client, "/intervenants/claude/")

    assert 'src="/fichiers/portrait/"' in page
    assert 'alt="Portrait de Claude Laurent"' in page
    assert "Né un <strong>jour</strong>." in page
    assert '<a href="https://exemple.fr" rel="noopener nofollow">' in page


def test_a_made_up_speaker_says_so_and_is_no_person_to_search_engines(client: FlaskClient) -> None:
    make_session(make_study_day(), speakers=[make_speaker("Odile Fictive", slug="odile", is_fictional=True)])
    make_session(make_study_day(), speakers=[make_speaker("Claude Vrai", slug="claude")])

    fictional, real = get(client, "/intervenants/odile/"), get(client, "/intervenants/claude/")

    assert "Personnage fictif, inventé pour la démonstration." in fictional
    assert "application/ld+json" not in fictional
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', real)[0])
    assert (data["@type"], data["name"], data["jobTitle"]) == (
        "Person",
        "Claude Vrai",
        "directrice générale des services",
    )


def test_who_speaks_only_in_a_draft_is_not_there(client: FlaskClient) -> None:
    make_session(make_study_day(status=StudyDayStatus.DRAFT), speakers=[make_speaker(slug="secret")])

    for slug in ("secret", "inconnu", "Majuscule"):
        assert client.get(f"/intervenants/{slug}/").status_code == 404


def test_who_is_only_quoted_in_an_article_has_a_page(client: FlaskClient) -> None:
    make_article(title="Entretien", speakers=[make_speaker("Claude Laurent", slug="claude")])

    assert "Entretien" in get(client, "/intervenants/claude/")


def test_a_former_address_leads_to_the_present_one_for_good(client: FlaskClient) -> None:
    speaker = make_speaker(slug="claude-laurent")
    slugs.remember(queries.SLUG_KIND, "c-laurent", object_id=speaker.id)
    db.session.commit()

    answer = client.get("/intervenants/c-laurent/")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/intervenants/claude-laurent/")


def test_a_cancelled_day_is_marked(client: FlaskClient) -> None:
    make_session(make_study_day(status=StudyDayStatus.CANCELLED), speakers=[make_speaker(slug="claude")])

    assert '<span class="bad">Annulée</span>' in get(client, "/intervenants/claude/")


def test_hostile_names_are_shown_and_break_nothing(client: FlaskClient) -> None:
    speaker = make_speaker(slug="claude")
    speaker.last_name = "</script><script>alert(1)</script>"
    make_session(make_study_day(), speakers=[speaker])

    for path in ("/intervenants/claude/", "/intervenants/"):
        assert "<script>alert" not in get(client, path)


def test_the_pages_are_the_same_for_every_anonymous_visitor(client: FlaskClient) -> None:
    make_session(make_study_day(), speakers=[make_speaker(slug="claude")])

    for path in ("/intervenants/", "/intervenants/claude/"):
        answer = client.get(path)
        assert answer.headers["X-Page-Cache"] == "days,magazine,site"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("many", [3, 30])
def test_the_number_of_queries_does_not_grow(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], many: int
) -> None:
    speaker = make_speaker(slug="claude")
    for _ in range(many):
        make_session(make_study_day(), speakers=[speaker, make_speaker(photo=make_photo(f"photo-{_}"))])
        make_article(speakers=[speaker])

    with count_queries as count:
        get(client, "/intervenants/claude/")
        one = count()
        get(client, "/intervenants/")

    assert (one, count() - one) == (4, 4)
