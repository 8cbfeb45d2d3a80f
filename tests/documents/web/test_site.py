"""Documents as they are offered and handed over, on the pages that name them."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.files import service as files
from eventsapp.files.models import StoredFile
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import DayDocument, StudyDay
from eventsapp.study_days.statuses import DocumentAudience, StudyDayStatus
from tests.files.test_rules import PDF
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_session, make_study_day

SECRET_LINK = "https://depot.exemple.fr/supports-reserves"


def _hand_out(day: StudyDay, *, session_id: int | None = None) -> tuple[DayDocument, DayDocument]:
    """Give the day a file for participants and a link for subscribers."""
    file = files.store(PDF, name="support.pdf", now=NOW)
    paper = DayDocument(
        study_day_id=day.id, session_id=session_id, title="Diaporama", file=file, position=1,
        audience=DocumentAudience.ATTENDEES,
    )  # fmt: skip
    link = DayDocument(
        study_day_id=day.id, session_id=session_id, title="Dépôt", url=SECRET_LINK, position=2,
        audience=DocumentAudience.SUBSCRIBERS,
    )  # fmt: skip
    db.session.add_all([paper, link])
    db.session.commit()
    return paper, link


def _seat() -> Registration:
    return db.session.scalars(sa.select(Registration)).one()


def _pages(day: StudyDay) -> list[str]:
    """Return the addresses of the pages that name what was handed out at the one session of a day."""
    session = make_session(day)
    _hand_out(day, session_id=session.id)
    make_article(slug="compte-rendu", study_day_id=day.id, sessions=[session])
    return [f"/journees/{day.slug}/", f"/journees/{day.slug}/seances/{session.position}/", "/articles/compte-rendu/"]


def test_others_are_told_that_it_exists_and_for_whom_and_never_where(client: FlaskClient) -> None:
    day = make_study_day(slug="journee")
    pages = _pages(day)

    for page in pages:
        text = client.get(page).text
        assert "Diaporama" in text, page
        assert "Réservé aux participants" in text, page
        assert "Réservé aux abonnés et aux participants" in text, page
        assert SECRET_LINK not in text, page
        assert "/fichiers/" not in text, page


def test_a_participant_who_is_signed_in_finds_them_on_the_same_pages(client: FlaskClient) -> None:
    day = make_study_day(slug="journee")
    place(seats(day, an_attendee(1)))
    pages = _pages(day)
    ids = db.session.scalars(sa.select(DayDocument.id).order_by(DayDocument.id)).all()
    sign_in(client, make_user(email="claude.roux1@ville-exemple.fr"))

    for page in pages:
        text = client.get(page).text
        assert [f"/journees/journee/documents/{each}/" in text for each in ids] == [True, True], page
        assert "Réservé" not in text, page
        assert SECRET_LINK not in text, page


def test_the_private_page_of_a_seat_hands_them_over_without_signing_in(client: FlaskClient) -> None:
    day = make_study_day(slug="journee")
    place(seats(day, an_attendee(1)))
    paper, link = _hand_out(day)
    secret = _seat().secret

    text = client.get(f"/inscriptions/{secret}/").text
    answer = client.get(f"/inscriptions/{secret}/documents/{paper.id}/")
    away = client.get(f"/inscriptions/{secret}/documents/{link.id}/")

    assert f"/inscriptions/{secret}/documents/{paper.id}/" in text
    assert answer.data == PDF
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (away.status_code, away.headers["Location"]) == (303, SECRET_LINK)
    assert away.headers["Referrer-Policy"] == "same-origin"


def test_a_seat_that_is_cancelled_opens_nothing_any_more(client: FlaskClient) -> None:
    day = make_study_day(slug="journee")
    place(seats(day, an_attendee(1)))
    paper, link = _hand_out(day)
    secret = _seat().secret
    db.session.execute(sa.update(Registration).values(status=RegistrationStatus.CANCELLED))
    db.session.commit()

    assert "Diaporama" not in client.get(f"/inscriptions/{secret}/").text
    for document in (paper, link):
        answer = client.get(f"/inscriptions/{secret}/documents/{document.id}/")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/inscriptions/{secret}/")


def test_the_address_of_a_document_leads_others_to_the_page_that_says_for_whom_it_is(client: FlaskClient) -> None:
    day = make_study_day(slug="journee")
    documents = _hand_out(day)

    for document in documents:
        answer = client.get(f"/journees/journee/documents/{document.id}/")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/journees/journee/#documents")
    sign_in(client, make_user(email="passant@exemple.fr"))
    assert client.get(f"/journees/journee/documents/{documents[0].id}/").status_code == 303


def test_the_file_has_no_public_address(client: FlaskClient) -> None:
    _hand_out(make_study_day(slug="journee"))
    key = db.session.scalars(sa.select(StoredFile.key)).one()

    assert client.get(f"/fichiers/{key}/").status_code == 404


@pytest.mark.parametrize("wrong", ["unknown", "other day", "draft", "removed"])
def test_what_is_not_shown_is_not_found(client: FlaskClient, wrong: str) -> None:
    day = make_study_day(slug="journee")
    place(seats(day, an_attendee(1)))
    make_study_day(slug="autre")
    paper, _link = _hand_out(day)
    secret, key = _seat().secret, paper.id
    if wrong == "draft":
        day.status = StudyDayStatus.DRAFT
    elif wrong == "removed":
        paper.removed_at = NOW
    db.session.commit()
    number = key + 1000 if wrong == "unknown" else key
    slug = "autre" if wrong == "other day" else "journee"

    assert client.get(f"/journees/{slug}/documents/{number}/").status_code == 404
    if wrong != "other day":
        assert client.get(f"/inscriptions/{secret}/documents/{number}/").status_code == 404


def test_the_link_of_one_day_opens_no_document_of_another(client: FlaskClient) -> None:
    place(seats(make_study_day(slug="journee"), an_attendee(1)))
    paper, _link = _hand_out(make_study_day(slug="autre"))

    assert client.get(f"/inscriptions/{_seat().secret}/documents/{paper.id}/").status_code == 404
