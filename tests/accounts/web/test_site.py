"""Signing in and out, sessions, and one's own account."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import Role, User
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


def _is_signed_in(client: FlaskClient) -> bool:
    return client.get(ACCOUNT).status_code == 200


def test_staff_lands_in_the_office_and_a_reader_in_the_account(client: FlaskClient) -> None:
    organiser, reader = make_user(RoleName.ORGANISER), make_user()

    answer = client.post(SIGN_IN, data={"email": organiser.email, "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/organisation/")

    client.post("/compte/deconnexion/")
    answer = client.post(SIGN_IN, data={"email": f" {reader.email.upper()} ", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/compte/")
    assert reader.name in client.get(ACCOUNT).text


def test_wrong_password_unknown_address_and_closed_account_get_the_same_answer(client: FlaskClient) -> None:
    known, closed, without = make_user(), make_user(), make_user(password=None)
    closed.active = False
    db.session.commit()

    answers = [
        client.post(SIGN_IN, data={"email": email, "password": password})
        for email, password in (
            (known.email, "un-autre-mot-de-passe"),
            ("personne@ailleurs.fr", PASSWORD),
            (closed.email, PASSWORD),
            (without.email, PASSWORD),
        )
    ]

    assert [answer.status_code for answer in answers] == [422] * 4
    assert all("L’adresse ou le mot de passe ne convient pas." in answer.text for answer in answers)
    assert PASSWORD not in answers[1].text
    assert not _is_signed_in(client)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Indiquez votre adresse de courriel."),
        ({"email": "a@exemple.fr"}, "Indiquez votre mot de passe."),
        ({"email": "a", "password": "x"}, "Cette adresse n’est pas complète"),
        ({"email": "a@exemple.fr", "password": "x" * 200}, "Pas plus de 128 caractères."),
        ({"email": "a@exemple.fr", "password": "a\x00b"}, "caractères invisibles"),
    ],
)
def test_a_form_not_filled_in_says_what_is_missing(client: FlaskClient, data: dict[str, str], told: str) -> None:
    answer = client.post(SIGN_IN, data=data)

    assert answer.status_code == 422
    assert told in answer.text


@pytest.mark.parametrize(
    "target",
    [
        "http:///evil.test", "//evil.test", "///evil.test", "/\\evil.test", "\\\\evil.test", "https://evil.test/",
        "http:evil.test", "javascript:alert(1)", "/\t/evil.test", "/\n//evil.test", "/\x00", "evil.test",
        "http://localhost@evil.test", "https:/evil.test", "%2f%2fevil.test", " //evil.test",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(client: FlaskClient, target: str) -> None:
    user = make_user()

    answer = client.post(SIGN_IN, query_string={"next": target}, data={"email": user.email, "password": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/compte/")


def test_people_go_back_to_where_they_wanted(client: FlaskClient) -> None:
    organiser = make_user(RoleName.ORGANISER)
    asked = client.get("/organisation/?a=1&b=é")

    answer = client.post(asked.location, data={"email": organiser.email, "password": PASSWORD})

    assert asked.location == "/compte/connexion/?next=/organisation/?a%3D1%26b%3D%C3%A9"
    assert answer.location == "/organisation/?a=1&b=%C3%A9"


def test_english_pages_lead_to_english_pages(client: FlaskClient) -> None:
    asked = client.get("/en/compte/")

    assert asked.location == "/en/compte/connexion/?next=/en/compte/"


def test_signing_in_changes_the_session_and_the_token_of_forms(app: Flask, client: FlaskClient) -> None:
    user = make_user()
    with client.session_transaction() as before:
        before["csrf_token"] = "known-to-the-attacker"
        before["basket"] = "kept"

    sign_in(client, user)

    with client.session_transaction() as after:
        assert after.get("csrf_token") != "known-to-the-attacker"
        assert after["basket"] == "kept"
        first_key = after["key"]
    client.post("/compte/deconnexion/")
    sign_in(client, user)
    with client.session_transaction() as again:
        assert again["key"] != first_key


def test_a_form_without_its_token_signs_nobody_in(app: Flask, client: FlaskClient) -> None:
    user = make_user()
    app.config["WTF_CSRF_ENABLED"] = True

    answer = client.post(SIGN_IN, data={"email": user.email, "password": PASSWORD})

    assert answer.status_code == 400
    assert not _is_signed_in(client)


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(client: FlaskClient) -> None:
    user = make_user()
    sign_in(client, user)
    cookie = client.get_cookie("session")
    assert cookie is not None
    kept = cookie.value

    answer = client.post("/compte/deconnexion/")
    assert answer.location == "/compte/connexion/"
    assert not _is_signed_in(client)

    client.set_cookie("session", kept)
    assert not _is_signed_in(client)


def test_signing_out_here_leaves_other_devices_signed_in(app: Flask, client: FlaskClient) -> None:
    user = make_user()
    sign_in(client, user)
    other = app.test_client()
    sign_in(other, user)

    client.post("/compte/deconnexion/")

    assert _is_signed_in(other)


def test_nobody_signs_out_by_following_a_link(client: FlaskClient) -> None:
    sign_in(client, make_user())

    assert client.get("/compte/deconnexion/").status_code == 405
    assert _is_signed_in(client)


@pytest.mark.parametrize(("remember", "hours"), [(False, 12), (True, 14 * 24)])
def test_a_session_ends_by_itself(client: FlaskClient, remember: bool, hours: int) -> None:
    user = make_user()
    data = {"email": user.email, "password": PASSWORD} | ({"remember": "y"} if remember else {})
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        client.post(SIGN_IN, data=data)
    with time_machine.travel(start + timedelta(hours=hours, minutes=-1), tick=False):
        assert _is_signed_in(client)
    with time_machine.travel(start + timedelta(hours=hours, minutes=1), tick=False):
        assert not _is_signed_in(client)


def test_somebody_made_inactive_is_out_at_the_next_page(client: FlaskClient) -> None:
    user = make_user()
    sign_in(client, user)

    db.session.execute(sa.update(User).where(User.id == user.id).values(active=False))
    db.session.commit()

    assert not _is_signed_in(client)


def test_the_tenth_guess_in_a_minute_is_the_last(client: FlaskClient) -> None:
    statuses = [client.post(SIGN_IN, data={"email": "a@exemple.fr", "password": "x"}).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_guesses_at_one_address_count_wherever_they_come_from(client: FlaskClient) -> None:
    statuses = [
        client.post(
            SIGN_IN,
            data={"email": "a@exemple.fr", "password": "x"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        ).status_code
        for number in range(21)
    ]

    assert statuses == [422] * 20 + [429]


def test_the_visitor_changes_the_name(client: FlaskClient) -> None:
    user = make_user()
    sign_in(client, user)

    client.post(ACCOUNT, data={"first_name": "  Zoé ", "last_name": "Le  Goff"})

    db.session.refresh(user)
    assert user.name == "Zoé Le Goff"


def test_the_account_is_kept_by_nobody_and_told_to_no_other_site(client: FlaskClient) -> None:
    sign_in(client, make_user())

    headers = client.get(ACCOUNT).headers

    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_cookie_of_a_session_is_out_of_reach(client: FlaskClient) -> None:
    user = make_user()

    cookie = client.post(SIGN_IN, data={"email": user.email, "password": PASSWORD}).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("path", [SIGN_IN, CODE, FORGOTTEN])
def test_the_pages_exist_in_english(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/en{path}")

    assert answer.status_code == 200
    assert '<html lang="en"' in answer.text


def test_mails_speak_the_language_of_the_page(client: FlaskClient) -> None:
    user = make_user()

    client.post(f"/en{FORGOTTEN}", data={"email": user.email})

    assert _mails()[-1].locale == "en"
    assert "http://localhost/en/compte/mot-de-passe/choisir/" in _mails()[-1].text


def test_nothing_but_the_name_can_be_sent_along_with_it(client: FlaskClient) -> None:
    user = make_user(RoleName.EDITOR)
    sign_in(client, user)
    kept = {
        name: getattr(user, name) for name in ("id", "email", "password", "active", "fs_uniquifier", "confirmed_at")
    }
    more = dict.fromkeys([*kept, "role", "roles", "roles-0", "roles-0-name", "is_admin"], "administrator")

    assert client.post(ACCOUNT, data={"first_name": "Sacha", "last_name": "Petit"} | more).status_code == 303

    assert user.name == "Sacha Petit"
    assert {name: getattr(user, name) for name in kept} == kept
    roles = sa.select(Role.name).join(User.roles).where(User.id == user.id)
    assert db.session.scalars(roles).all() == [RoleName.EDITOR]
