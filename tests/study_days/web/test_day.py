"""The page of a day, in every state, and of a session."""

import html
import json
import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.files.models import StoredFile
from eventsapp.magazine.statuses import Access
from eventsapp.study_days import queries
from eventsapp.study_days.models import DayDocument, Rate, StudyDay
from eventsapp.study_days.statuses import SessionKind, StudyDayStatus
from tests.support.makers.magazine import make_article, make_issue, make_section
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

PAST: dict[str, Any] = {"starts_at": datetime(2009, 2, 24, 8, tzinfo=UTC)}


def get(client: FlaskClient, slug: str = "angers") -> str:
    answer = client.get(f"/journees/{slug}/")
    assert answer.status_code == 200, answer.text
    return answer.text


def words(page: str) -> str:
    """Return what the page says, on one line."""
    body = re.sub(r"<(script|svg|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def panel(page: str) -> str:
    """Return what the first panel beside the day says."""
    found = re.search(r'<section class="panel first".*?</section>', page, re.DOTALL)
    assert found is not None
    return words(found[0])


def structured(page: str, kind: str = "Event") -> dict[str, Any]:
    """Return the JSON-LD object of that type."""
    objects = [
        json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    ]
    return next(each for each in objects if each["@type"] == kind)


# What it says


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
    for code, until in (("early-bird", NOW + timedelta(days=6)), ("gone", NOW)):
        rate = Rate(
            study_day_id=day.id, code=code, name=f"Tarif {code}", price_cents=45000, position=5, available_until=until
        )
        db.session.add(rate)
    db.session.add(Rate(study_day_id=day.id, code="free", name="Étudiant", price_cents=0, position=9))
    db.session.commit()

    said = panel(get(client)).replace("\u00a0", " ")

    assert "Non-abonné 517,50 € HT 621,00 €" in said
    assert "Tarif early-bird jusqu’au 29 novembre 2026 375,00 € HT 450,00 €" in said
    assert "Étudiant gratuit" in said
    assert "Tarif gone" not in said


@pytest.mark.parametrize(
    ("values", "said", "registers"),
    [
        ({"seats_taken": 38}, "Il reste 62 places sur 100", True),
        ({"seats_taken": 99}, "Il reste une place sur 100", True),
        ({"seats_taken": 100}, "Complète", False),
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


# The programme


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


# After the day


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


# Addresses


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


# What search engines read


def test_the_structured_data_say_what_the_page_says(client: FlaskClient) -> None:
    city = make_city("Angers")
    venue = make_venue(city, name="Centre", address="1, rue Une", postcode="49000", latitude=47.4, longitude=-0.5)
    day = make_study_day(
        slug="angers", title="Titre", lead="Chapeau.", city=city, venue=venue, rates={"standard": 62150}
    )
    make_session(day, speakers=[make_speaker("Claude Laurent")])

    event = structured(get(client))

    assert event["name"] == "Titre"
    assert event["startDate"] == "2027-02-24T09:00:00+01:00"
    assert event["endDate"] == "2027-02-24T17:00:00+01:00"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["location"]["name"] == "Centre"
    assert event["location"]["address"]["postalCode"] == "49000"
    assert event["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 47.4, "longitude": -0.5}
    assert [(who["name"], who["jobTitle"], who["worksFor"]["name"]) for who in event["performer"]] == [
        ("Claude Laurent", "directrice générale des services", "Ville")
    ]
    (offer,) = event["offers"]
    assert (offer["price"], offer["priceCurrency"], offer["availability"]) == (
        "621.50",
        "EUR",
        "https://schema.org/InStock",
    )
    assert structured(get(client), "BreadcrumbList")["itemListElement"][-1]["name"] == "Titre"


@pytest.mark.parametrize(
    ("values", "status", "before", "availability"),
    [
        ({}, "EventScheduled", None, "InStock"),
        ({"seats_taken": 95}, "EventScheduled", None, "LimitedAvailability"),
        ({"seats_taken": 100}, "EventScheduled", None, "SoldOut"),
        ({"registration_opens_at": NOW + timedelta(days=1)}, "EventScheduled", None, "PreOrder"),
        ({"status": StudyDayStatus.CANCELLED}, "EventCancelled", None, None),
        ({"status": StudyDayStatus.POSTPONED}, "EventPostponed", "2027-02-24T09:00:00+01:00", None),
        (
            {"previous_starts_at": datetime(2027, 1, 5, 8, tzinfo=UTC)},
            "EventRescheduled",
            "2027-01-05T09:00:00+01:00",
            "InStock",
        ),
        (PAST, "EventScheduled", None, None),
    ],
)
def test_the_structured_data_tell_each_state(
    client: FlaskClient, values: dict[str, Any], status: str, before: str | None, availability: str | None
) -> None:
    make_study_day(slug="angers", **values)

    event = structured(get(client))

    assert event["eventStatus"] == f"https://schema.org/{status}"
    assert event.get("previousStartDate") == before
    offers = {offer["availability"] for offer in event.get("offers", [])}
    assert offers == ({f"https://schema.org/{availability}"} if availability else set())


def test_the_structured_data_have_no_hour_that_nobody_knows(client: FlaskClient) -> None:
    make_study_day(slug="angers", hours_known=False, **PAST)

    event = structured(get(client))

    assert (event["startDate"], event["endDate"]) == ("2009-02-24", "2009-02-24")


def test_the_structured_data_have_the_hour_of_the_town(client: FlaskClient) -> None:
    make_study_day(slug="angers", timezone="Indian/Reunion")
    make_study_day(slug="ete", starts_at=datetime(2027, 7, 1, 7, tzinfo=UTC))

    assert structured(get(client))["startDate"] == "2027-02-24T12:00:00+04:00"
    assert structured(get(client, "ete"))["startDate"] == "2027-07-01T09:00:00+02:00"


def test_reports_are_subjects_of_the_day(client: FlaskClient) -> None:
    day = make_study_day(slug="angers", **PAST)
    make_article(slug="recit", title="Le récit", study_day=day)

    assert structured(get(client))["subjectOf"] == [
        {"@type": "NewsArticle", "headline": "Le récit", "url": "http://localhost/articles/recit/"}
    ]


HOSTILE = """</script><script>alert(1)</script>"'<img src=x onerror=alert(2)>{{7*7}}\u2028]]>"""


def test_hostile_texts_are_shown_and_break_nothing(client: FlaskClient) -> None:
    city = make_city("Angers")
    city.name = HOSTILE
    day = make_study_day(
        slug="angers",
        title=HOSTILE,
        lead=HOSTILE,
        description=HOSTILE,
        practical=HOSTILE,
        audience=HOSTILE,
        objectives=HOSTILE,
        cancellation_terms=HOSTILE,
        status_note=HOSTILE,
        included=HOSTILE,
        contact=HOSTILE,
        city=city,
        venue=make_venue(city, name=HOSTILE, address=HOSTILE, access_by_train=HOSTILE, accessibility=HOSTILE),
        series=make_series(HOSTILE),
        theme=make_theme(HOSTILE),
        status=StudyDayStatus.CANCELLED,
    )
    speaker = make_speaker("Claude Laurent")
    speaker.last_name = HOSTILE[:80]
    make_session(day, title=HOSTILE, summary=HOSTILE, room=HOSTILE, speakers=[speaker], position=1)
    db.session.commit()

    for page in (get(client), client.get("/journees/angers/seances/1/").text, client.get("/journees/").text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "49" not in re.findall(r"\{\{.*?\}\}", page)
        # Everything between the marks of a data block is JSON.
        for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL):
            json.loads(text)
    assert structured(get(client))["name"] == HOSTILE


# A session


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


# For everyone, and fast


def test_the_page_is_the_same_for_every_anonymous_visitor(client: FlaskClient) -> None:
    make_study_day(slug="angers")

    answer = client.get("/journees/angers/")

    assert answer.headers["X-Page-Cache"] == "days,magazine,site"
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text


@pytest.mark.parametrize("many", [3, 30])
@pytest.mark.parametrize(("values", "queries"), [({}, 4), (PAST, 6)])
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
