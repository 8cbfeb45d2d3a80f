"""A question that asks for a file, on the registration form: checked by content, kept, and lost by no mistake."""

import io
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsapp.core.db import db
from eventsapp.files import service as files
from eventsapp.files import storage
from eventsapp.files.models import StoredFile
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Answer
from eventsapp.registrations.rules import MOST_FILE
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import QuestionKind
from tests.checkout.web.sending import MANDAT, count, open_day
from tests.support.makers.questions import make_question
from tests.support.makers.uploads import PDF, a_pdf
from tests.support.pages import Page

FILE = "attendees-0-answers-convention"
KEPT = f"{FILE}-kept"


@pytest.fixture
def day(client: FlaskClient) -> StudyDay:
    made = open_day()
    make_question(made, "convention", kind=QuestionKind.FILE, required=True)
    return made


def send(client: FlaskClient, day: StudyDay, **more: Any) -> TestResponse:
    form = MANDAT | more
    return client.post(f"/journees/{day.slug}/inscription/", data={name: sent for name, sent in form.items() if sent})


def given() -> list[tuple[str, bytes]]:
    """Return name and bytes of every file that answers."""
    rows = db.session.scalars(sa.select(StoredFile).join(Answer, Answer.file_id == StoredFile.id))
    return [(file.name, storage.path_of(file.key).read_bytes()) for file in rows]


def test_a_file_is_asked_for_and_kept_with_the_registration(client: FlaskClient, day: StudyDay) -> None:
    page = client.get(f"/journees/{day.slug}/inscription/").text

    answer = send(client, day, **{FILE: a_pdf("../Ma convention.exe")})

    assert 'enctype="multipart/form-data"' in page
    assert 'type="file"' in page
    assert answer.status_code == 303
    assert given() == [("Ma convention.pdf", PDF)]
    assert db.session.scalars(sa.select(Answer)).one().value == "Ma convention.pdf"


def test_files_are_read_before_anybody_waits_for_the_day(
    client: FlaskClient, day: StudyDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    take_up, take_seats = files.take_up, study_days.take_seats

    def taken_up(aside: str, *, now: datetime) -> StoredFile:
        told.append("file")
        return take_up(aside, now=now)

    def taken(day: StudyDay, *, count: int) -> None:
        told.append("seats")
        take_seats(day, count=count)

    monkeypatch.setattr(files, "take_up", taken_up)
    monkeypatch.setattr(study_days, "take_seats", taken)

    assert send(client, day, **{FILE: a_pdf()}).status_code == 303
    assert told == ["file", "seats"]


def test_a_form_that_is_not_valid_yet_keeps_the_file(client: FlaskClient, day: StudyDay) -> None:
    refused = send(client, day, last_name="", **{"attendees-0-last_name": "", FILE: a_pdf()})
    kept = Page(refused.text).fields[KEPT]
    added = send(client, day, add_attendee="1", **{KEPT: kept})
    answer = send(client, day, **{KEPT: Page(added.text).fields[KEPT]})

    assert refused.status_code == 422
    assert "Gardé\u00a0: «\u00a0Convention.pdf\u00a0»" in refused.text
    assert count(StoredFile) == 1
    assert answer.status_code == 303
    assert given() == [("Convention.pdf", PDF)]


def test_taking_somebody_out_and_adding_somebody_keep_the_file_sent_with_the_button(
    client: FlaskClient, day: StudyDay
) -> None:
    more = {"attendees-1-last_name": "Petit", "attendees-1-rate": "standard"}

    added = send(client, day, add_attendee="1", **{FILE: a_pdf()})
    removed = send(client, day, remove_attendee="0", **more, **{FILE.replace("0", "1"): a_pdf("Autre.pdf")})

    assert Page(added.text).fields[KEPT].endswith("/Convention.pdf")
    assert Page(removed.text).fields[KEPT].endswith("/Autre.pdf")


def test_without_its_file_nobody_is_registered(client: FlaskClient, day: StudyDay) -> None:
    answer = send(client, day)

    assert answer.status_code == 422
    assert f'id="{FILE}-error"' in answer.text
    assert count(Order) == 0


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"MZ\x90\x00", "Formats acceptés"),
        (b"<html><script>alert(1)</script>", "Formats acceptés"),
        (PDF.replace(b"<<>>endobj", b"<</JS 1>>endobj"), "actions automatiques"),
        (b"", "vide"),
    ],
)
def test_what_is_no_document_is_refused_beside_its_question(
    client: FlaskClient, day: StudyDay, data: bytes, told: str
) -> None:
    answer = send(client, day, **{FILE: (io.BytesIO(data), "Convention.pdf")})

    assert answer.status_code == 422
    assert told in answer.text.partition(f'id="{FILE}-error"')[2].partition("</p>")[0]
    assert count(Order) == 0


@pytest.mark.parametrize("kept", ["Convention.pdf", "../../etc/passwd", "a" * 32 + "/Convention.pdf", "a/b"])
def test_a_file_that_nobody_put_aside_counts_for_nothing(client: FlaskClient, day: StudyDay, kept: str) -> None:
    answer = send(client, day, **{KEPT: kept})

    assert answer.status_code == 422
    assert count(Order) == 0


def test_the_basket_keeps_the_file_and_says_when_it_kept_it_too_long(
    client: FlaskClient, day: StudyDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, day, basket="1", **{FILE: a_pdf()})
    kept = Page(client.get(f"/journees/{day.slug}/inscription/").text).fields[KEPT]

    monkeypatch.setattr(files, "FORGOTTEN_AFTER", -1)
    files.delete_forgotten()
    late = send(client, day, **{KEPT: kept})

    assert kept.endswith("/Convention.pdf")
    assert late.status_code == 422
    assert "choisissez-le de nouveau" in late.text
    assert count(Order) == 0


def _posted(client: FlaskClient, address: str, fields: dict[str, str], *, size: int) -> TestResponse:
    """Send a form with a PDF of about ``size`` bytes; return the answer."""
    file, name = a_pdf(size=size)
    parts = [f'--limit\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{fields[key]}\r\n' for key in fields]
    head = f'--limit\r\nContent-Disposition: form-data; name="{FILE}"; filename="{name}"\r\n\r\n'
    body = "".join([*parts, head]).encode() + file.read() + b"\r\n--limit--\r\n"
    return client.post(address, data=body, content_type="multipart/form-data; boundary=limit")


def test_a_large_file_is_taken_and_a_huge_request_is_not(client: FlaskClient, day: StudyDay) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    address = f"/journees/{day.slug}/inscription/"
    fields = MANDAT | {"csrf_token": Page(client.get(address).text).fields["csrf_token"]}

    answers = [_posted(client, address, fields, size=size) for size in (22_000_000, MOST_FILE, 4_000_000)]

    assert [answer.status_code for answer in answers] == [413, 422, 303]
    assert "Ce fichier dépasse 5 Mo." in answers[1].text
