"""Programme, rates, documents, status, series and themes of a day, through their pages."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.files import storage
from eventsapp.files.models import StoredFile
from eventsapp.study_days import queries
from eventsapp.study_days.models import Series, StudyDay, Theme
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import make_city, make_session, make_speaker, make_study_day
from tests.support.pages import Page

DAY = "/organisation/journees/journee/"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    """An organiser in the office."""
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def _day() -> StudyDay:
    db.session.expire_all()
    day = queries.day_in_full("journee")
    assert day is not None
    return day


def test_a_whole_programme_is_typed_at_once(office: FlaskClient) -> None:
    make_study_day(slug="journee")

    answer = office.post(f"{DAY}programme/", data={"version": "1", "programme": "9:00 Accueil\n9:30-10:30 Finances"})

    assert answer.status_code == 303
    assert [(session.title, session.minutes) for session in _day().sessions] == [("Accueil", 30), ("Finances", 60)]


def test_a_session_is_added_with_people_new_and_known(office: FlaskClient) -> None:
    make_study_day(slug="journee")
    known = make_speaker("Anne Petit")

    answer = office.post(
        f"{DAY}programme/nouvelle/",
        data={
            "version": "1", "title": "Finances", "kind": "panel", "starts": "10:00", "ends": "11:00", "room": "Loire",
            "talks-0-name": "Luc Moreau", "talks-0-role": "maire", "talks-0-rank": "2",
            "talks-1-name": "Anne Petit", "talks-1-rank": "1", "talks-1-chairs": "y", "talks-2-name": "",
        },
    )  # fmt: skip

    assert answer.status_code == 303
    session = _day().sessions[0]
    assert (session.kind, session.room, session.starts_at) == ("panel", "Loire", datetime(2027, 2, 24, 9, tzinfo=UTC))
    assert [(talk.speaker.name, talk.role, talk.chairs) for talk in session.interventions] == [
        ("Anne Petit", "", True),
        ("Luc Moreau", "maire", False),
    ]
    assert session.interventions[0].speaker_id == known.id


def test_a_session_is_read_and_saved_without_loss(office: FlaskClient) -> None:
    day = make_study_day(slug="journee")
    session = make_session(day, title="Finances", speakers=[make_speaker("Anne Petit")])
    fields = Page(office.get(f"{DAY}programme/{session.id}/").text).fields

    office.post(f"{DAY}programme/{session.id}/", data=fields | {"title": "Autre titre"})

    saved = _day().sessions[0]
    assert (saved.title, saved.interventions[0].affiliation) == (
        "Autre titre",
        "directrice générale des services, Ville",
    )


def test_somebody_is_taken_off_a_session(office: FlaskClient) -> None:
    day = make_study_day(slug="journee")
    session = make_session(day, speakers=[make_speaker("Anne Petit"), make_speaker("Luc Moreau")])
    fields = Page(office.get(f"{DAY}programme/{session.id}/").text).fields

    office.post(f"{DAY}programme/{session.id}/", data=fields | {"talks-0-remove": "y"})

    assert [talk.speaker.name for talk in _day().sessions[0].interventions] == ["Luc Moreau"]


def test_asking_for_more_lines_writes_nothing_and_keeps_what_was_typed(office: FlaskClient) -> None:
    make_study_day(slug="journee")

    answer = office.post(
        f"{DAY}programme/nouvelle/", data={"version": "1", "more": "1", "title": "", "talks-0-name": "Anne Petit"}
    )

    fields = Page(answer.text).fields
    assert answer.status_code == 200
    assert fields["talks-0-name"] == "Anne Petit"
    assert "talks-4-name" in fields
    assert _day().sessions == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"title": ""}, "Donnez un titre à la séance."),
        ({"starts": "11:00", "ends": "10:00"}, "Indiquez une heure après le début."),
        ({"ends": "10:00"}, "Indiquez aussi le début."),
        ({"talks-0-role": "maire"}, "Indiquez le nom de cette personne."),
        ({"kind": "sieste"}, "Not a valid choice"),
    ],
)
def test_a_session_that_will_not_do_says_why(office: FlaskClient, values: dict[str, str], told: str) -> None:
    make_study_day(slug="journee")

    answer = office.post(
        f"{DAY}programme/nouvelle/", data={"version": "1", "title": "Finances", "kind": "talk"} | values
    )

    assert answer.status_code == 422
    assert told in answer.text or told == "Not a valid choice"
    assert _day().sessions == []


def test_sessions_move_and_go_without_a_script(office: FlaskClient) -> None:
    day = make_study_day(slug="journee")
    first, second = make_session(day, title="A", position=1), make_session(day, title="B", position=2)

    office.post(f"{DAY}programme/{second.id}/deplacer/", data={"vers": "haut"})
    assert [session.title for session in _day().sessions] == ["B", "A"]
    office.post(f"{DAY}programme/{first.id}/supprimer/")
    assert [session.title for session in _day().sessions] == ["B"]


def test_a_session_of_another_day_is_not_found_here(office: FlaskClient) -> None:
    make_study_day(slug="journee")
    other = make_session(make_study_day())

    for address in ("", "deplacer/", "supprimer/"):
        assert office.post(f"{DAY}programme/{other.id}/{address}").status_code == 404


def test_rates_are_changed_all_at_once(office: FlaskClient) -> None:
    make_study_day(slug="journee", rates={"standard": 62100, "elected": 39000})
    fields = Page(office.get(f"{DAY}tarifs/").text).fields

    answer = office.post(
        f"{DAY}tarifs/",
        data=fields
        | {
            "rates-0-price": "650,50", "rates-0-until": "2027-01-31", "rates-1-remove": "y",
            "rates-2-name": "Étudiant", "rates-2-price": "1 290", "rates-2-vat_rate": "0",
        },
    )  # fmt: skip

    assert answer.status_code == 303
    assert [(rate.code, rate.price_cents, rate.vat_rate, rate.available_until) for rate in _day().rates] == [
        ("standard", 65050, 2000, datetime(2027, 1, 31, 23, tzinfo=UTC)),
        ("etudiant", 129000, 0, None),
    ]


def test_rates_read_and_saved_stay_as_they_were(office: FlaskClient) -> None:
    make_study_day(slug="journee")
    _day().rates[0].available_until = datetime(2027, 1, 31, 23, tzinfo=UTC)
    db.session.commit()
    fields = Page(office.get(f"{DAY}tarifs/").text).fields

    office.post(f"{DAY}tarifs/", data=fields)

    assert fields["rates-0-until"] == "2027-01-31"
    assert _day().rates[0].available_until == datetime(2027, 1, 31, 23, tzinfo=UTC)
    assert [rate.price_cents for rate in _day().rates] == [54000, 62100, 39000]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"rates-0-price": "-1"}, "Écrivez un prix en euros"),
        ({"rates-0-price": "1e9"}, "Écrivez un prix en euros"),
        ({"rates-0-price": "１２"}, "Écrivez un prix en euros"),
        ({"rates-0-name": ""}, "Donnez un nom à ce tarif."),
        ({"rates-0-remove": "y", "rates-1-remove": "y", "rates-2-remove": "y"}, "garde au moins un tarif"),
    ],
)
def test_rates_that_will_not_do_are_refused(office: FlaskClient, values: dict[str, str], told: str) -> None:
    make_study_day(slug="journee")
    fields = Page(office.get(f"{DAY}tarifs/").text).fields

    answer = office.post(f"{DAY}tarifs/", data=fields | values)

    assert answer.status_code == 422
    assert told in answer.text
    assert [rate.price_cents for rate in _day().rates] == [54000, 62100, 39000]


def test_a_file_is_added_moved_and_taken_away_with_its_bytes(office: FlaskClient) -> None:
    make_study_day(slug="journee")

    answer = office.post(
        f"{DAY}documents/",
        data={"title": "Support", "file": (io.BytesIO(PDF), "../../Présentation finale.PDF")},
        content_type="multipart/form-data",
    )
    office.post(f"{DAY}documents/", data={"title": "Bulletin", "url": "https://exemple.fr/bulletin"})

    assert answer.status_code == 303
    document, link = _day().documents
    assert document.file is not None
    assert (document.file.name, link.url) == ("Présentation finale.pdf", "https://exemple.fr/bulletin")
    path = storage.path_of(document.file.key)
    assert path.read_bytes() == PDF
    office.post(f"{DAY}documents/{link.id}/deplacer/", data={"vers": "haut"})
    assert [each.title for each in _day().documents] == ["Bulletin", "Support"]
    office.post(f"{DAY}documents/{document.id}/supprimer/")
    assert [each.title for each in _day().documents] == ["Bulletin"]
    assert db.session.scalar(sa.select(sa.func.count(StoredFile.id))) == 0
    assert not path.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"title": "Rien"},
        {"title": "", "url": "https://exemple.fr/"},
        {"title": "Script", "url": "javascript:alert(1)"},
        {"title": "Relatif", "url": "//exemple.fr"},
        {"title": "Espace", "url": "https://exemple.fr/ a"},
        {"title": "Page", "file": b"<html><script>alert(1)</script>"},
    ],
)
def test_a_document_that_will_not_do_is_refused(office: FlaskClient, data: dict[str, Any]) -> None:
    make_study_day(slug="journee")
    if "file" in data:
        data = data | {"file": (io.BytesIO(data["file"]), "page.pdf")}

    assert office.post(f"{DAY}documents/", data=data, content_type="multipart/form-data").status_code == 422
    assert _day().documents == []


def test_a_document_gets_another_title_and_a_session(office: FlaskClient) -> None:
    session = make_session(make_study_day(slug="journee"))
    office.post(f"{DAY}documents/", data={"title": "Bulletin", "url": "https://exemple.fr/bulletin"})
    document = _day().documents[0]

    office.post(f"{DAY}documents/{document.id}/", data={"title": "Support", "session": str(session.id)})

    assert [(each.title, each.session_id) for each in _day().documents] == [("Support", session.id)]


def test_publishing_says_what_is_missing_and_then_works(office: FlaskClient) -> None:
    day = make_study_day(slug="journee", status=StudyDayStatus.DRAFT)

    refused = office.post(f"{DAY}publier/")
    assert refused.status_code == 422
    assert "Au moins une séance au programme." in refused.text
    make_session(day)
    assert office.post(f"{DAY}publier/").status_code == 303
    assert _day().status is StudyDayStatus.PUBLISHED
    assert office.get("/journees/journee/").status_code == 200


def test_unpublishing_is_refused_once_somebody_is_registered(office: FlaskClient) -> None:
    make_study_day(slug="journee", seats_taken=1)

    answer = office.post(f"{DAY}depublier/")

    assert answer.status_code == 409
    assert "Des places sont prises" in answer.text


def test_postponing_and_reopening(office: FlaskClient) -> None:
    make_session(make_study_day(slug="journee", seats_taken=2))

    assert "2 personnes sont inscrites" in office.get(f"{DAY}reporter/").text
    office.post(f"{DAY}reporter/", data={"note": "La salle est fermée."})
    assert _day().status is StudyDayStatus.POSTPONED
    assert "La salle est fermée." in office.get("/journees/journee/").text
    office.post(f"{DAY}publier/")
    assert _day().status is StudyDayStatus.PUBLISHED


def test_cancelling_asks_for_the_city_and_names_the_consequence(office: FlaskClient) -> None:
    make_study_day(slug="journee", city=make_city("Évry"), seats_taken=12)

    assert "12 personnes sont inscrites" in office.get(f"{DAY}annuler/").text
    refused = office.post(f"{DAY}annuler/", data={"confirmation": "Paris", "note": "Trop peu d’inscrits."})
    assert refused.status_code == 422
    assert "Trop peu d’inscrits." in refused.text
    assert _day().status is StudyDayStatus.PUBLISHED
    office.post(f"{DAY}annuler/", data={"confirmation": "evry", "note": "Trop peu d’inscrits."})
    assert (_day().status, _day().status_note) == (StudyDayStatus.CANCELLED, "Trop peu d’inscrits.")


def test_a_copy_is_made_on_another_date(office: FlaskClient) -> None:
    make_session(make_study_day(slug="journee", city=make_city("Dijon")))

    answer = office.post(f"{DAY}dupliquer/", data={"on": "2028-03-08"})

    assert answer.location == "/organisation/journees/dijon-2028/"


def test_a_draft_is_deleted_and_a_published_day_is_not(office: FlaskClient) -> None:
    day = make_study_day(slug="journee")

    assert office.post(f"{DAY}supprimer/").status_code == 409
    day.status = StudyDayStatus.DRAFT
    db.session.commit()
    assert office.post(f"{DAY}supprimer/").status_code == 303
    assert queries.day_in_full("journee") is None


def test_series_and_themes_are_made_renamed_and_removed_unless_used(office: FlaskClient) -> None:
    office.post("/organisation/series/nouvelle/", data={"title": "Mutualisation", "description": "Plusieurs villes."})
    office.post("/organisation/themes/nouveau/", data={"name": "Finances"})
    series, theme = db.session.scalars(sa.select(Series)).one(), db.session.scalars(sa.select(Theme)).one()
    make_study_day(series=series)

    office.post(f"/organisation/series/{series.id}/", data={"title": "Mutualiser"})
    refused = office.post(f"/organisation/series/{series.id}/supprimer/")
    office.post(f"/organisation/themes/{theme.id}/supprimer/")

    assert refused.status_code == 409
    assert "Des journées appartiennent à cette série" in refused.text
    assert [(each.slug, each.title) for each in db.session.scalars(sa.select(Series))] == [
        ("mutualisation", "Mutualiser")
    ]
    assert db.session.scalars(sa.select(Theme)).all() == []
