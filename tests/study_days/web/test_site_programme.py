"""The programme of a day, what remains after it, and the page of a session."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.files.models import StoredFile
from eventsapp.magazine.statuses import Access
from eventsapp.study_days.models import DayDocument
from eventsapp.study_days.statuses import SessionKind, StudyDayStatus
from tests.study_days.web.reading import PAST, get, panel, structured, words
from tests.support.makers.magazine import make_article, make_issue, make_section
from tests.support.makers.study_days import (
    NOW,
    make_city,
    make_series,
    make_session,
    make_speaker,
    make_study_day,
    make_theme,
)

pytestmark = pytest.mark.usefixtures("frozen")


def test_the_programme_goes_by_the_clock_of_the_town(client: FlaskClient) -> None:
    day = make_study_day(slug="angers", timezone="Indian/Reunion", city=make_city("Saint-Denis"))
    starts_at = datetime(2027, 2, 24, 5, tzinfo=UTC)
    make_session(day, kind=SessionKind.BREAK, title="Café", starts_at=starts_at, position=1)
    make_session(
        day,
        title="Compter",
        room="Salle Vanille",
        starts_at=starts_at + timedelta(minutes=30),
        ends_at=starts_at + timedelta(minutes=105),
        position=2,
        speakers=[make_speaker("Claude Laurent")],
    )

    page = get(client)

    assert re.findall(r'<time datetime="(\d\d:\d\d)">', page) == ["09:00", "09:30"]
    assert "1\u00a0h\u00a015" in page
    assert "Salle Vanille" in page
    assert "heure de Saint-Denis" in page
    assert "directrice générale des services, Ville" in page
    assert "/seances/1/" not in page


def test_sessions_without_hours_are_numbered(client: FlaskClient) -> None:
    day = make_study_day(slug="angers", hours_known=False)
    make_session(day, kind=SessionKind.BREAK, title="Accueil", position=1)
    make_session(day, title="Première", position=2)
    make_session(day, title="Seconde", position=3)

    page = get(client)

    assert re.findall(r'<span class="mark" aria-hidden="true">(\d)</span>', page) == ["1", "2"]
    assert "Accueil</div>" not in page
    assert "Horaires" not in page


def test_a_programme_of_two_dates_names_them(client: FlaskClient) -> None:
    first = datetime(2027, 2, 24, 8, tzinfo=UTC)
    day = make_study_day(slug="angers", starts_at=first, ends_at=first + timedelta(days=1, hours=8))
    make_session(day, title="Un", starts_at=first, position=1)
    make_session(day, title="Deux", starts_at=first + timedelta(days=1), position=2)

    page = get(client)

    assert '<p class="label">mercredi 24\u00a0février 2027</p>' in page
    assert '<p class="label">jeudi 25\u00a0février 2027</p>' in page
    assert "du mercredi 24\u00a0février 2027 au jeudi 25\u00a0février 2027" in page
    assert "au 25\u00a0février 2027" in page


def test_reports_stand_on_the_day_and_at_their_sessions(client: FlaskClient) -> None:
    day = make_study_day(slug="angers", **PAST)
    told, silent = make_session(day, title="Racontée", position=1), make_session(day, title="Muette", position=2)
    make_article(
        slug="recit",
        title="Le récit",
        study_day=day,
        sessions=[told],
        section=make_section("Reportage"),
        issue=make_issue(376),
        access=Access.SUBSCRIBERS,
    )

    page = get(client)

    assert "1 séance sur 2 a son compte rendu" in panel(page)
    assert "Reportage, n° 376 Le récit" in panel(page)
    assert "Réservé aux abonnés" in panel(page)
    assert re.findall(r'<p class="after"><a href="([^"]*)">', page) == ["/articles/recit/"]
    assert silent.title == "Muette"


def test_a_past_day_without_reports_says_that_they_will_come(client: FlaskClient) -> None:
    make_study_day(slug="angers", **PAST)

    assert "Ses comptes rendus paraîtront ici" in panel(get(client))


def test_documents_are_offered_where_they_belong(client: FlaskClient) -> None:
    day = make_study_day(slug="angers", hours_known=False)
    talk = make_session(day, title="Une", position=1)
    db.session.add(DayDocument(study_day_id=day.id, position=1, title="Le programme", url="https://exemple.fr/p.pdf"))
    db.session.add(
        DayDocument(study_day_id=day.id, session_id=talk.id, position=2, title="Les vues", url="https://exemple.fr/v")
    )
    db.session.commit()

    page = get(client)

    assert re.findall(r'<p class="after"><a href="([^"]*)">([^<]*)</a>', page) == [("https://exemple.fr/v", "Les vues")]
    assert re.findall(r'<span>(.*?)</span>\s*<a href="https://exemple.fr/p.pdf" rel="noopener">Ouvrir<', page) == [
        "Le programme"
    ]


def test_a_file_is_told_with_its_kind_and_size(client: FlaskClient) -> None:
    file = StoredFile(
        key="cle", name="vues.pdf", content_type="application/pdf", size=1_234_567, sha256="0" * 64, created_at=NOW
    )
    day = make_study_day(slug="angers")
    db.session.add(DayDocument(study_day_id=day.id, position=1, title="Les vues", file=file))
    db.session.commit()

    page = get(client)

    assert 'href="/fichiers/cle/vues.pdf"' in page
    assert "PDF, 1,2\u00a0Mo" in page


def test_related_days_are_of_the_series_and_then_of_the_theme(client: FlaskClient) -> None:
    series, theme = make_series(), make_theme()
    make_study_day(slug="angers", series=series, theme=theme)
    make_study_day(title="Même thème", theme=theme)
    make_study_day(title="Même série, passée", series=series, **PAST)
    make_study_day(title="Même série, brouillon", series=series, status=StudyDayStatus.DRAFT)
    make_study_day(title="Sans rapport")

    page = get(client)

    found = re.findall(r'<article class="day-item">.*?<h3><a [^>]*>(.*?)</a>', page, re.DOTALL)
    assert found == ["Même série, passée", "Même thème"]


def test_a_session_has_its_people_documents_and_reports(client: FlaskClient) -> None:
    day = make_study_day(slug="angers", title="La journée", **PAST)
    make_session(day, title="Avant", position=1)
    talk = make_session(
        day,
        title="Compter juste",
        summary="Le périmètre.",
        room="Salle bleue",
        position=2,
        speakers=[make_speaker("Claude Laurent")],
    )
    make_session(day, kind=SessionKind.BREAK, title="Déjeuner", position=3)
    make_session(day, title="Après", position=4)
    db.session.add(DayDocument(study_day_id=day.id, session_id=talk.id, position=1, title="Vues", url="https://e.fr/v"))
    make_article(slug="recit", title="Le récit", study_day=day, sessions=[talk])

    answer = client.get("/journees/angers/seances/2/")

    said = words(answer.text)
    for text in (
        "Séance 2",
        "Salle bleue",
        "Compter juste",
        "Le périmètre.",
        "Claude Laurent",
        "Le récit",
        "Vues",
        "La journée",
    ):
        assert text in said, text
    assert 'href="/journees/angers/seances/1/" rel="prev"' in answer.text
    assert 'href="/journees/angers/seances/4/" rel="next"' in answer.text
    assert [step["name"] for step in structured(answer.text, "BreadcrumbList")["itemListElement"]] == [
        "Accueil",
        "Journées d’étude",
        "La journée",
        "Compter juste",
    ]


def test_breaks_and_other_numbers_have_no_page(client: FlaskClient) -> None:
    day = make_study_day(slug="angers")
    make_session(day, kind=SessionKind.BREAK, title="Déjeuner", position=1)

    for number in ("0", "1", "2", "99999999999", "-1", "un"):
        assert client.get(f"/journees/angers/seances/{number}/").status_code == 404, number
