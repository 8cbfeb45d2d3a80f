"""Files as they are served, and to whom."""

import io
from datetime import date

import pytest
from flask.testing import FlaskClient
from PIL import Image

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.files import service, storage
from eventsapp.files.models import StoredFile
from eventsapp.study_days.models import DayDocument
from eventsapp.study_days.statuses import StudyDayStatus
from tests.files.test_rules import PDF
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import NOW, make_speaker, make_study_day


def _document(status: StudyDayStatus) -> StoredFile:
    file = service.store(PDF, name="plan d’accès.pdf", now=NOW)
    day = make_study_day(status=status)
    db.session.add(DayDocument(study_day_id=day.id, title="Plan", file=file, position=1))
    db.session.commit()
    return file


def _portrait() -> StoredFile:
    picture = io.BytesIO()
    Image.new("RGB", (50, 50)).save(picture, "PNG")
    file = service.store_portrait(picture.getvalue(), name="moi.png", now=NOW)
    db.session.commit()
    return file


@pytest.mark.parametrize("status", [StudyDayStatus.PUBLISHED, StudyDayStatus.POSTPONED, StudyDayStatus.CANCELLED])
def test_a_document_of_a_day_that_is_shown_is_everybodys(client: FlaskClient, status: StudyDayStatus) -> None:
    file = _document(status)

    answer = client.get(f"/fichiers/{file.key}/plan.pdf")

    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers


def test_a_document_of_a_draft_is_the_offices(client: FlaskClient) -> None:
    file = _document(StudyDayStatus.DRAFT)

    assert client.get(f"/fichiers/{file.key}/").status_code == 404
    sign_in(client, make_user(RoleName.DOOR))
    assert client.get(f"/fichiers/{file.key}/").status_code == 404
    client.post("/compte/deconnexion/")
    sign_in(client, make_user(RoleName.EDITOR))
    answer = client.get(f"/fichiers/{file.key}/")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")


def test_a_photograph_is_shown_once_its_subject_agreed(client: FlaskClient) -> None:
    file = _portrait()
    speaker = make_speaker(photo=file)

    assert client.get(f"/fichiers/{file.key}/").status_code == 404
    speaker.consent_on = date(2026, 1, 1)
    db.session.commit()
    answer = client.get(f"/fichiers/{file.key}/")

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_a_file_known_to_the_browser_is_not_sent_again(client: FlaskClient) -> None:
    file = _document(StudyDayStatus.PUBLISHED)
    etag = client.get(f"/fichiers/{file.key}/").headers["ETag"]

    assert client.get(f"/fichiers/{file.key}/", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("key", ["inconnue", "..%2f..%2fetc%2fpasswd", "%00", "a" * 500])
def test_an_unknown_key_is_not_found(client: FlaskClient, key: str) -> None:
    assert client.get(f"/fichiers/{key}/").status_code == 404


def test_a_row_whose_bytes_are_lost_is_not_found(client: FlaskClient) -> None:
    file = _document(StudyDayStatus.PUBLISHED)
    storage.delete(file.key)

    assert client.get(f"/fichiers/{file.key}/").status_code == 404


def _wide_portrait() -> StoredFile:
    """A picture of 480 pixels that readers may see."""
    picture = io.BytesIO()
    Image.new("RGB", (900, 900), "teal").save(picture, "PNG")
    file = service.store_portrait(picture.getvalue(), name="moi.png", now=NOW)
    make_speaker(photo=file, consent_on=date(2026, 1, 1))
    db.session.commit()
    return file


def test_a_picture_comes_as_narrow_as_its_place_and_is_made_once(client: FlaskClient) -> None:
    file = _wide_portrait()

    answer = client.get(f"/fichiers/{file.key}/largeur/320/")

    assert Image.open(io.BytesIO(answer.data)).size == (320, 320)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/webp", "public, max-age=31536000, immutable")
    made = storage.path_of(file.key).with_name(f"{file.key}.320")
    written = made.stat().st_mtime_ns
    assert client.get(f"/fichiers/{file.key}/largeur/320/").data == answer.data
    assert made.stat().st_mtime_ns == written
    service.delete_forgotten()
    assert made.exists()
    wider = client.get(f"/fichiers/{file.key}/largeur/640/")
    assert wider.mimetype == "image/jpeg", "it is no wider: it comes as it is"
    storage.delete(file.key)
    assert not made.exists()


def test_other_widths_and_what_is_no_picture_are_not_found(client: FlaskClient) -> None:
    assert client.get(f"/fichiers/{_wide_portrait().key}/largeur/321/").status_code == 404
    assert client.get(f"/fichiers/{_document(StudyDayStatus.PUBLISHED).key}/largeur/320/").status_code == 404


def test_the_narrow_picture_of_a_draft_is_the_offices(client: FlaskClient) -> None:
    assert client.get(f"/fichiers/{_portrait().key}/largeur/320/").status_code == 404
