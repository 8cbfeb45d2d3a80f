"""The page of a day, in every state."""

import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.study_days import queries
from eventsapp.study_days.models import DayDocument, Rate, StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.study_days.web.reading import PAST, get, panel, words
from tests.support.makers.magazine import make_article
from tests.support.makers.places import make_venue
from tests.support.makers.study_days import (
    NOW,
    make_city,
    make_series,
    make_session,
    make_speaker,
    make_study_day,
    make_theme,
)
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")


def test_a_day_says_when_where_for_whom_and_for_how_much(client: FlaskClient) -> None:
    city = make_city("Angers")
    venue = make_venue(
        city,
        name="Centre de congrès",
        address="33, boulevard Carnot",
        postcode="49000",
        latitude=47.4795,
        longitude=-0.5447,
        access_by_train="Dix minutes à pied de la gare",
        access_by_road="Parking Berges de Maine",
        accessibility="Une place réservée.",
        step_free=True,
        hearing_loop=True,
    )
    make_study_day(
        slug="angers",
        title="La mutualisation des services",
        city=city,
        venue=venue,
        series=make_series("Mutualiser"),
        theme=make_theme("Services"),
        welcome_at=datetime(2027, 2, 24, 7, 30, tzinfo=UTC),
        audience="Les directions générales.",
        objectives="Savoir compter.",
        description="Un **jour** entier.",
        practical="### Peut-on venir à deux ?\n\nOui.",
        cancellation_terms="Sans frais jusqu’à dix jours avant.",
        included="déjeuner compris",
        contact="journees@exemple.fr",
    )

    said = words(get(client))

    for text in (
        "mercredi 24\u00a0février 2027",
        "9 h 00 – 17 h 00, accueil à 8 h 30",
        "Centre de congrès 33, boulevard Carnot 49000 Angers",
        "Dix minutes à pied de la gare",
        "Parking Berges de Maine",
        "Accès de plain-pied. Boucle magnétique. Une place réservée.",
        "jusqu’au lundi 22 février 2027, 9 h 00",
        "Les directions générales.",
        "Savoir compter.",
        "Un jour entier.",
        "Peut-on venir à deux ? Oui.",
        "Sans frais jusqu’à dix jours avant.",
        "Prix TTC, déjeuner compris. TVA 20 %.",
        "journees@exemple.fr",
        "Mutualiser",
    ):
        assert " ".join(text.split()) in said, text
    assert 'href="https://www.openstreetmap.org/?mlat=47.4795' in get(client)


def test_rates_are_told_with_and_without_tax_and_expired_ones_are_gone(client: FlaskClient) -> None:
    day = make_study_day(slug="angers", rates={"standard": 62100})
    # The midnight that ends a rate belongs to the next date: what is told is the last one on which it holds.
    for code, until in (("early-bird", datetime(2026, 11, 28, 23, tzinfo=UTC)), ("gone", NOW)):
        rate = Rate(
            study_day_id=day.id, code=code, name=f"Tarif {code}", price_cents=45000, position=5, available_until=until
        )
        db.session.add(rate)
    db.session.add(Rate(study_day_id=day.id, code="free", name="Étudiant", price_cents=0, position=9))
    db.session.commit()

    said = panel(get(client)).replace("\u00a0", " ")

    assert "Non-abonné 517,50 € HT 621,00 €" in said
    assert "Tarif early-bird jusqu’au 28 novembre 2026 375,00 € HT 450,00 €" in said
    assert "Étudiant gratuit" in said
    assert "Tarif gone" not in said


@pytest.mark.parametrize(
    ("values", "said", "registers"),
    [
        ({"seats_taken": 38}, "Il reste 62 places sur 100", True),
        ({"seats_taken": 99}, "Il reste une place sur 100", True),
        ({"seats_taken": 100}, "Complet – liste d’attente", False),
        ({"registration_opens_at": datetime(2027, 1, 5, 8, tzinfo=UTC)}, "Les inscriptions ouvrent bientôt", False),
        ({"registration_closes_at": NOW}, "Inscriptions closes", False),
        ({"status": StudyDayStatus.POSTPONED}, "Inscriptions suspendues", False),
        ({"status": StudyDayStatus.CANCELLED}, "Journée annulée", False),
        (PAST, "Comptes rendus", False),
    ],
)
def test_each_state_says_what_can_be_done(
    client: FlaskClient, values: dict[str, Any], said: str, *, registers: bool
) -> None:
    make_study_day(slug="angers", city=make_city("Le Mans"), **values)

    page = get(client)

    assert panel(page).replace("\u00a0", " ").startswith(said)
    assert ("S’inscrire au Mans" in page) is registers
    assert ('href="/journees/angers/inscription/"' in page) is registers


def test_when_registration_opens_is_said_to_the_minute(client: FlaskClient) -> None:
    make_study_day(slug="angers", registration_opens_at=datetime(2027, 1, 5, 8, tzinfo=UTC))

    assert "Le mardi 5 janvier 2027, 9 h 00." in panel(get(client)).replace("\u00a0", " ")


def test_a_cancelled_day_says_why(client: FlaskClient) -> None:
    make_study_day(slug="angers", status=StudyDayStatus.CANCELLED, status_note="La salle est inondée.")

    said = words(get(client))

    assert "Cette journée est annulée La salle est inondée." in said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "La nouvelle date n’est pas encore fixée."),
        (
            {"previous_starts_at": datetime(2027, 1, 5, 8, tzinfo=UTC)},
            "Elle était annoncée pour le mardi 5 janvier 2027 ; la nouvelle date est le mercredi 24 février 2027.",
        ),
    ],
)
def test_a_postponed_day_says_to_when(client: FlaskClient, values: dict[str, Any], said: str) -> None:
    make_study_day(slug="angers", status=StudyDayStatus.POSTPONED, **values)

    assert said in words(get(client)).replace("\u00a0", " ").replace("\u202f", " ")


def test_a_day_that_moved_says_so_until_it_is_past(client: FlaskClient) -> None:
    make_study_day(slug="angers", previous_starts_at=datetime(2027, 1, 5, 8, tzinfo=UTC))

    assert "La date a changé" in get(client)


def test_a_made_up_day_says_so(client: FlaskClient) -> None:
    make_study_day(slug="angers", is_fictional=True)

    assert "Journée fictive, inventée pour la démonstration." in get(client)


def test_a_draft_and_an_unknown_day_are_not_there(client: FlaskClient) -> None:
    make_study_day(slug="brouillon", status=StudyDayStatus.DRAFT)

    for path in (
        "brouillon/",
        "brouillon.ics",
        "inconnue/",
        "inconnue.ics",
        "MAJUSCULE/",
        "a%00b/",
        "inconnue/seances/1/",
    ):
        assert client.get(f"/journees/{path}").status_code == 404, path


def test_a_former_address_leads_to_the_present_one_for_good(client: FlaskClient) -> None:
    day = make_study_day(slug="angers-2027")
    slugs.remember(queries.SLUG_KIND, "ancienne", object_id=day.id)
    draft = make_study_day(slug="brouillon", status=StudyDayStatus.DRAFT)
    slugs.remember(queries.SLUG_KIND, "ancien-brouillon", object_id=draft.id)
    db.session.commit()

    for before, after in (
        ("/journees/ancienne/", "/journees/angers-2027/"),
        ("/en/journees/ancienne/", "/en/journees/angers-2027/"),
        ("/journees/ancienne/seances/2/", "/journees/angers-2027/seances/2/"),
        ("/journees/ancienne.ics", "/journees/angers-2027.ics"),
    ):
        answer = client.get(before)
        assert (answer.status_code, answer.headers["Location"]) == (301, after)
    assert client.get("/journees/ancien-brouillon/").status_code == 404


def test_programs_find_the_calendar_the_feed_and_the_other_language(client: FlaskClient) -> None:
    make_study_day(slug="angers", title="Titre", lead="Chapeau.")

    page = get(client)

    assert '<link rel="alternate" type="text/calendar" title="Titre" href="/journees/angers.ics" />' in page
    assert '<link rel="alternate" type="application/atom+xml"' in page
    assert '<link rel="canonical" href="http://localhost/journees/angers/" />' in page
    assert '<link rel="alternate" hreflang="en" href="http://localhost/en/journees/angers/" />' in page
    assert '<meta property="og:title" content="Titre" />' in page
    assert '<meta property="og:url" content="http://localhost/journees/angers/" />' in page


def test_the_price_of_several_parts_is_told_before_tax_with_the_rates_in_it(client: FlaskClient) -> None:
    parts = [("Journée", "standard", 8_000), ("Déjeuner", "intermediate", 4_000)]
    make_study_day(slug="angers", rates={"standard": 12_000}, parts=parts)

    page = get(client)

    assert "103,03\xa0€ HT" in page
    assert "TVA 20\xa0%, TVA 10\xa0%" in page


def test_a_day_that_bears_no_tax_says_so(client: FlaskClient) -> None:
    make_study_day(slug="angers", rates={"standard": 12_000}, parts=[("", "exempt-training", 12_000)])

    assert "exonéré de TVA" in get(client)


def test_the_page_is_the_same_for_every_anonymous_visitor(client: FlaskClient) -> None:
    make_study_day(slug="angers")

    answer = client.get("/journees/angers/")

    assert answer.headers["X-Page-Cache"] == "days,magazine,site"
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text


@pytest.mark.parametrize("many", [3, 30])
@pytest.mark.parametrize(("values", "queries"), [({}, 5), (PAST, 6)])
def test_the_number_of_queries_does_not_grow_with_the_programme(
    client: FlaskClient,
    count_queries: AbstractContextManager[QueryCount],
    values: dict[str, Any],
    queries: int,
    many: int,
) -> None:
    series = make_series()
    day = make_study_day(slug="angers", series=series, theme=make_theme(), **values)
    for number in range(many):
        talk = make_session(day, position=number + 1, speakers=[make_speaker(), make_speaker()])
        db.session.add(
            DayDocument(study_day_id=day.id, session_id=talk.id, position=1, title="Vues", url="https://e.fr")
        )
        make_article(study_day=day, sessions=[talk])
        make_study_day(series=series)
    db.session.commit()

    with count_queries as count:
        get(client)

    assert count() == queries


def test_a_session_asks_four_queries(client: FlaskClient, count_queries: AbstractContextManager[QueryCount]) -> None:
    day = make_study_day(slug="angers")
    make_session(day, position=1, speakers=[make_speaker()])

    with count_queries as count:
        client.get("/journees/angers/seances/1/")

    assert count() == 4


def test_changing_a_day_shows_at_once(client: FlaskClient) -> None:
    day = make_study_day(slug="angers", title="Avant")
    assert "Avant" in get(client)

    db.session.get_one(StudyDay, day.id).title = "Après"
    db.session.commit()

    assert "Après" in get(client)


def test_the_theme_has_its_english_name_on_the_english_page(client: FlaskClient) -> None:
    theme = make_theme("Finances", name_en="Finance")
    make_study_day(slug="angers", theme=theme)

    page = client.get("/en/journees/angers/").text

    assert re.search(r"<dt>Theme</dt><dd><a [^>]*>Finance</a></dd>", page)
    assert "Finances" not in page
