"""Choosing and changing a password."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts.models import EndedSession
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from tests.support.makers.accounts import PASSWORD, make_user, sign_in

SIGN_IN = "/compte/connexion/"
CODE = "/compte/connexion/code/"
TYPED = "/compte/connexion/code/saisie/"
FORGOTTEN = "/compte/mot-de-passe/"
ACCOUNT = "/compte/"


def _mails() -> list[OutgoingMail]:
    return list(db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id)))


def _code() -> str:
    found = re.search(r"^\d{4} \d{4}$", _mails()[-1].text, re.MULTILINE)
    assert found is not None
    return found.group()


def _link() -> str:
    found = re.search(r"http://localhost(/compte/mot-de-passe/choisir/\S+)", _mails()[-1].text)
    assert found is not None
    return found.group(1)


def _is_signed_in(client: FlaskClient) -> bool:
    return client.get(ACCOUNT).status_code == 200


def test_the_address_typed_is_kept_and_the_password_is_not(client: FlaskClient) -> None:
    answer = client.post(SIGN_IN, data={"email": "a@exemple.fr", "password": "raté-complètement"})

    assert 'value="a@exemple.fr"' in answer.text
    assert "raté-complètement" not in answer.text


def test_ended_sessions_are_forgotten_once_time_has_ended_them(client: FlaskClient) -> None:
    user = make_user()
    with time_machine.travel(datetime(2026, 11, 1, tzinfo=UTC), tick=False):
        sign_in(client, user)
        client.post("/compte/deconnexion/")
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC), tick=False):
        sign_in(client, user)
        client.post("/compte/deconnexion/")

    assert db.session.scalar(sa.select(sa.func.count(EndedSession.id))) == 1


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_holds_once(client: FlaskClient) -> None:
    user = make_user()
    sign_in(client, user)
    other_device = client.get_cookie("session")
    assert other_device is not None
    kept = other_device.value
    client.post("/compte/deconnexion/")
    client.post(FORGOTTEN, data={"email": user.email})
    link = _link()

    assert user.email in client.get(link).text
    answer = client.post(link, data={"password": "quatre mots au hasard", "again": "quatre mots au hasard"})

    assert (answer.status_code, answer.location) == (303, SIGN_IN)
    assert client.post(link, data={"password": "x", "again": "x"}).status_code == 410
    assert client.post(SIGN_IN, data={"email": user.email, "password": PASSWORD}).status_code == 422
    assert client.post(SIGN_IN, data={"email": user.email, "password": "quatre mots au hasard"}).status_code == 303
    assert [mail.template for mail in _mails()] == ["accounts/choose_password", "accounts/password_changed"]
    client.set_cookie("session", kept)
    assert not _is_signed_in(client)


def test_a_link_to_a_new_password_holds_an_hour(client: FlaskClient) -> None:
    user = make_user()
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        client.post(FORGOTTEN, data={"email": user.email})
    with time_machine.travel(start + timedelta(minutes=59), tick=False):
        assert client.get(_link()).status_code == 200
    with time_machine.travel(start + timedelta(minutes=61), tick=False):
        assert client.get(_link()).status_code == 410


def test_forged_links_are_refused(client: FlaskClient) -> None:
    assert client.get("/compte/mot-de-passe/choisir/forgé/").status_code == 410
    assert client.get("/compte/mot-de-passe/choisir/WyJhIiwgbnVsbF0.aSJ.x/").status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("court", "court", "au moins 12 caractères"),
        ("quatre mots au hasard", "quatre mots au bazar", "Les deux saisies diffèrent."),
        ("", "", "Choisissez un mot de passe."),
    ],
)
def test_a_new_password_that_will_not_do_is_refused(client: FlaskClient, password: str, again: str, told: str) -> None:
    user = make_user()
    client.post(FORGOTTEN, data={"email": user.email})
    before = user.password

    answer = client.post(_link(), data={"password": password, "again": again})

    assert answer.status_code == 422
    assert told in answer.text
    db.session.refresh(user)
    assert user.password == before


def test_forgetting_the_password_of_an_unknown_address_answers_the_same(client: FlaskClient) -> None:
    user = make_user()
    known = client.post(FORGOTTEN, data={"email": user.email}, follow_redirects=True)
    unknown = client.post(FORGOTTEN, data={"email": "personne@ailleurs.fr"}, follow_redirects=True)

    assert "Si cette adresse est connue" in known.text
    assert known.text == unknown.text
    assert len(_mails()) == 1


def test_changing_the_password_takes_the_present_one_and_signs_other_devices_out(
    app: Flask, client: FlaskClient
) -> None:
    user = make_user()
    sign_in(client, user)
    other = app.test_client()
    sign_in(other, user)
    new = {"password": "quatre mots au hasard", "again": "quatre mots au hasard"}

    assert client.post("/compte/mot-de-passe/changer/", data={"present": "faux", **new}).status_code == 422
    answer = client.post("/compte/mot-de-passe/changer/", data={"present": PASSWORD, **new})

    assert answer.status_code == 303
    assert _is_signed_in(client)
    assert not _is_signed_in(other)


def test_a_reader_without_a_password_may_choose_one(client: FlaskClient) -> None:
    user = make_user(password=None)
    client.post(CODE, data={"email": user.email})
    client.post(TYPED, data={"email": user.email, "code": _code()})

    answer = client.post(
        "/compte/mot-de-passe/changer/", data={"password": "quatre mots au hasard", "again": "quatre mots au hasard"}
    )

    assert answer.status_code == 303
