"""Speakers' pages in the office."""

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.speakers.models import Speaker
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import make_session, make_speaker, make_study_day
from tests.support.pages import Page

SPEAKERS = "/organisation/intervenants/"


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    """An editor in the office."""
    sign_in(client, make_user(RoleName.EDITOR))
    return client


def _photo() -> tuple[io.BytesIO, str]:
    file = io.BytesIO()
    Image.new("RGB", (60, 80)).save(file, "JPEG")
    file.seek(0)
    return file, "moi.jpg"


def test_the_list_counts_sessions_and_sorts_who_must_be_asked(office: FlaskClient) -> None:
    make_session(make_study_day(), speakers=[make_speaker("Anne Petit")])
    make_speaker("Zoé Le Goff")

    rows = Page(office.get(f"{SPEAKERS}?tri=-seances").text).rows

    assert [row[:2] for row in rows] == [["Anne Petit", "1"], ["Zoé Le Goff", "0"]]
    assert "Jamais intervenus 1" in Page(office.get(SPEAKERS).text).links


def test_a_speaker_is_made_with_a_photograph_that_waits_for_consent(office: FlaskClient) -> None:
    answer = office.post(
        f"{SPEAKERS}nouveau/",
        data={"first_name": "Anne", "last_name": "Petit", "biography": "*Maire*", "photo": _photo()},
        content_type="multipart/form-data",
    )

    speaker = db.session.scalars(sa.select(Speaker)).one()
    assert answer.location == f"{SPEAKERS}{speaker.id}/"
    assert (speaker.slug, speaker.photo_id is not None, speaker.consent_on) == ("anne-petit", True, None)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"last_name": ""}, "Indiquez le nom."),
        ({"last_name": "Petit", "website": "javascript:alert(1)"}, "Commencez par https://."),
        ({"last_name": "Petit", "photo": b"GIF89a"}, "Formats acceptés"),
    ],
)
def test_an_entry_that_will_not_do_says_why_and_makes_nobody(
    office: FlaskClient, data: dict[str, Any], told: str
) -> None:
    if "photo" in data:
        data = data | {"photo": (io.BytesIO(data["photo"]), "a.png")}
    answer = office.post(f"{SPEAKERS}nouveau/", data=data, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert told in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Speaker.id))) == 0


def test_two_entries_are_united(office: FlaskClient) -> None:
    kept = make_speaker("Anne Petit", slug="anne-petit")
    make_speaker("Anne Petit", slug="anne-petit-2")

    answer = office.post(f"{SPEAKERS}{kept.id}/reunir/", data={"other": "Anne Petit · anne-petit-2"})

    assert answer.status_code == 303
    assert office.get("/intervenants/anne-petit-2/").location == "/intervenants/anne-petit/"
    assert db.session.scalars(sa.select(Speaker.slug)).all() == ["anne-petit"]


@pytest.mark.parametrize("typed", ["Personne", "Anne Petit · anne-petit", ""])
def test_uniting_with_nobody_or_oneself_is_refused(office: FlaskClient, typed: str) -> None:
    kept = make_speaker("Anne Petit", slug="anne-petit")

    assert office.post(f"{SPEAKERS}{kept.id}/reunir/", data={"other": typed}).status_code == 422


def test_an_entry_in_use_is_not_deleted(office: FlaskClient) -> None:
    speaker = make_speaker()
    make_session(make_study_day(), speakers=[speaker])

    answer = office.post(f"{SPEAKERS}{speaker.id}/supprimer/")

    assert answer.status_code == 409
    assert "figure au programme" in answer.text
