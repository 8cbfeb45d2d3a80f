"""Signing in by a code that was sent."""

import re
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.models import SignInCode
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from tests.support.makers.accounts import make_user

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


def _is_signed_in(client: FlaskClient) -> bool:
    return client.get(ACCOUNT).status_code == 200


def test_a_reader_signs_in_by_the_code_of_the_mail(client: FlaskClient) -> None:
    user = make_user(password=None)

    asked = client.post(CODE, data={"email": user.email})
    assert asked.location == TYPED
    assert f'value="{user.email}"' in client.get(TYPED).text
    answer = client.post(TYPED, data={"email": user.email, "code": _code()})

    assert (answer.status_code, answer.location) == (303, "/compte/")
    assert _is_signed_in(client)
    assert [mail.to_address for mail in _mails()] == [user.email]


def test_a_code_holds_once(client: FlaskClient) -> None:
    user = make_user(password=None)
    client.post(CODE, data={"email": user.email})
    code = _code()
    client.post(TYPED, data={"email": user.email, "code": code})
    client.post("/compte/deconnexion/")

    answer = client.post(TYPED, data={"email": user.email, "code": code})

    assert answer.status_code == 422
    assert "Ce code ne convient pas" in answer.text


def test_a_code_holds_ten_minutes_and_only_the_last_one(client: FlaskClient) -> None:
    user = make_user(password=None)
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        client.post(CODE, data={"email": user.email})
        first = _code()
        client.post(CODE, data={"email": user.email})
        second = _code()
    with time_machine.travel(start + timedelta(minutes=10), tick=False):
        assert client.post(TYPED, data={"email": user.email, "code": second}).status_code == 422
    with time_machine.travel(start + timedelta(minutes=9, seconds=59), tick=False):
        assert client.post(TYPED, data={"email": user.email, "code": first}).status_code == 422
        assert client.post(TYPED, data={"email": user.email, "code": second}).status_code == 303


def test_a_code_of_somebody_else_is_of_no_use(client: FlaskClient) -> None:
    one, other = make_user(), make_user()
    client.post(CODE, data={"email": one.email})

    assert client.post(TYPED, data={"email": other.email, "code": _code()}).status_code == 422


def test_asking_for_a_code_answers_the_same_for_an_unknown_address(client: FlaskClient) -> None:
    user = make_user()
    known = client.post(CODE, data={"email": user.email})
    unknown = client.post(CODE, data={"email": "personne@ailleurs.fr"})

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert client.post(TYPED, data={"email": "personne@ailleurs.fr", "code": "12345678"}).status_code == 422
    assert [mail.to_address for mail in _mails()] == [user.email]


def test_asking_for_a_code_again_and_again_is_stopped(client: FlaskClient) -> None:
    user = make_user()

    statuses = [client.post(CODE, data={"email": user.email}).status_code for _ in range(6)]

    assert statuses == [303] * 5 + [429]
    assert len(_mails()) == 5


def test_the_link_of_the_mail_signs_nobody_in(client: FlaskClient) -> None:
    user = make_user(password=None)
    client.post(CODE, data={"email": user.email})
    link = re.search(r"http://localhost(/\S*)", _mails()[-1].text)
    assert link is not None

    client.get(link.group(1))

    assert link.group(1) == TYPED
    assert not _is_signed_in(client)
    assert db.session.scalar(sa.select(sa.func.count(SignInCode.id))) == 1
