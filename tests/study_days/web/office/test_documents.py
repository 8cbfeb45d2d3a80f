"""What a day hands out, through its pages."""

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.files import storage
from eventsapp.files.models import StoredFile
from eventsapp.study_days import queries
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import DocumentAudience
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import make_session, make_study_day
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


def test_a_file_is_added_moved_and_taken_away(office: FlaskClient) -> None:
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
    key = document.file.key
    path = storage.path_of(key)
    assert path.read_bytes() == PDF
    office.post(f"{DAY}documents/{link.id}/deplacer/", data={"vers": "haut"})
    assert [each.title for each in _day().documents] == ["Bulletin", "Support"]
    office.post(f"{DAY}documents/{document.id}/supprimer/")
    assert [each.title for each in _day().documents] == ["Bulletin"]
    assert office.get(f"/fichiers/{key}/").status_code == 200
    office.post("/compte/deconnexion/")
    assert office.get(f"/fichiers/{key}/").status_code == 404


def test_what_is_taken_away_may_be_put_back_for_thirty_days_and_then_goes_with_its_bytes(office: FlaskClient) -> None:
    make_study_day(slug="journee")
    for name in ("Un", "Deux"):
        office.post(
            f"{DAY}documents/",
            data={"title": name, "audience": "attendees", "file": (io.BytesIO(PDF), f"{name}.pdf")},
            content_type="multipart/form-data",
        )
    one, two = _day().documents
    assert one.file is not None
    path = storage.path_of(one.file.key)

    office.post(f"{DAY}documents/{one.id}/supprimer/")
    assert office.get(f"{DAY}documents/").text.count("/remettre/") == 1
    assert office.post(f"{DAY}documents/{one.id}/remettre/").status_code == 303
    assert [(each.title, each.audience) for each in _day().documents] == [
        ("Deux", DocumentAudience.ATTENDEES),
        ("Un", DocumentAudience.ATTENDEES),
    ]
    assert office.post(f"{DAY}documents/{two.id}/remettre/").status_code == 404
    office.post(f"{DAY}documents/{one.id}/supprimer/")
    removed_at = queries.removed_documents(_day().id)[0].removed_at
    assert removed_at is not None

    assert study_days.erase_removed(now=removed_at + timedelta(days=30)) == 0
    assert path.exists()
    db.session.commit()
    with unit_of_work.transaction():
        assert study_days.erase_removed(now=removed_at + timedelta(days=30, seconds=1)) == 1
    assert not path.exists()
    assert db.session.scalar(sa.select(sa.func.count(StoredFile.id))) == 1


def test_a_document_is_replaced_under_its_address_and_the_former_may_be_put_back(office: FlaskClient) -> None:
    make_study_day(slug="journee")
    office.post(f"{DAY}documents/", data={"title": "Support", "url": "https://exemple.fr/ancien"})
    document = _day().documents[0]

    answer = office.post(
        f"{DAY}documents/{document.id}/",
        data={"title": "Support", "audience": "subscribers", "file": (io.BytesIO(PDF), "nouveau.pdf")},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 303
    (kept,) = _day().documents
    assert kept.file is not None
    assert (kept.id, kept.url, kept.file.name, kept.audience) == (document.id, "", "nouveau.pdf", "subscribers")
    (former,) = queries.removed_documents(_day().id)
    assert former.url == "https://exemple.fr/ancien"
    office.post(f"{DAY}documents/{former.id}/remettre/")
    assert [each.url for each in _day().documents] == ["", "https://exemple.fr/ancien"]


def test_replacing_by_what_is_no_document_changes_nothing(office: FlaskClient) -> None:
    make_study_day(slug="journee")
    office.post(f"{DAY}documents/", data={"title": "Support", "url": "https://exemple.fr/ancien"})
    document = _day().documents[0]

    answer = office.post(
        f"{DAY}documents/{document.id}/",
        data={"title": "Autre", "file": (io.BytesIO(b"<html>"), "support.pdf")},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 422
    assert [(each.title, each.url) for each in _day().documents] == [("Support", "https://exemple.fr/ancien")]


@pytest.mark.parametrize(
    "data",
    [
        {"title": "Rien"},
        {"title": "", "url": "https://exemple.fr/"},
        {"title": "Script", "url": "javascript:alert(1)"},
        {"title": "En clair", "url": "http://exemple.fr/"},
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


def _send(office: FlaskClient, address: str, data: bytes, **fields: str) -> int:
    """Send a file as a browser does; werkzeug's own client would leave a temporary file open."""
    parts = [
        f'--limit\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    head = '--limit\r\nContent-Disposition: form-data; name="file"; filename="support.pdf"\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + data + b"\r\n--limit--\r\n"
    return office.post(address, data=body, content_type="multipart/form-data; boundary=limit").status_code


def test_a_large_file_is_taken_where_files_are_sent_and_a_huge_one_is_not(office: FlaskClient) -> None:
    make_study_day(slug="journee")
    office.application.config["WTF_CSRF_ENABLED"] = True
    token = Page(office.get(f"{DAY}documents/").text).fields["csrf_token"]

    statuses = [
        _send(
            office,
            f"{DAY}documents/",
            PDF[:-7] + b"%" * size + b"\n%%EOF\n",
            csrf_token=token,
            title="Support",
        )
        for size in (5_000_000, 21_000_000, 30_000_000)
    ]

    assert statuses == [303, 422, 413]


def test_a_large_body_is_refused_where_no_file_is_sent(office: FlaskClient) -> None:
    make_study_day(slug="journee")

    assert _send(office, f"{DAY}textes/", b"0" * 5_000_000) == 413
