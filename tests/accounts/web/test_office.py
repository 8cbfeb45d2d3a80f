"""The team's pages."""

import re

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts import queries
from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from tests.support.makers.accounts import make_user, sign_in

TEAM = "/organisation/equipe/"


def _roles(email: str) -> list[str]:
    user = queries.by_email(email)
    assert user is not None
    return sorted(role.name for role in user.roles)


def test_the_team_is_listed_readers_left_out(client: FlaskClient) -> None:
    boss, reader = make_user(RoleName.ADMINISTRATOR), make_user()
    sign_in(client, boss)

    page = client.get(TEAM).text

    assert boss.email in page
    assert reader.email not in page


def test_somebody_invited_chooses_a_password_and_enters(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.ADMINISTRATOR))

    answer = client.post(
        f"{TEAM}inviter/",
        data={"email": "Nouvelle@exemple.fr", "first_name": "Ana", "last_name": "Diaz", "roles": ["editor"]},
    )

    assert answer.status_code == 303
    assert _roles("nouvelle@exemple.fr") == ["editor"]
    mail = db.session.scalars(sa.select(OutgoingMail)).one()
    link = re.search(r"http://localhost(/compte/mot-de-passe/choisir/\S+)", mail.text)
    assert link is not None
    visitor = app.test_client()
    chosen = {"password": "quatre mots au hasard", "again": "quatre mots au hasard"}
    assert visitor.post(link.group(1), data=chosen).status_code == 303
    entered = visitor.post(
        "/compte/connexion/", data={"email": "nouvelle@exemple.fr", "password": "quatre mots au hasard"}
    )
    assert entered.location == "/organisation/"


def test_a_reader_known_already_joins_with_the_same_account(client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.ADMINISTRATOR))
    reader = make_user()

    client.post(f"{TEAM}inviter/", data={"email": reader.email, "roles": ["door"]})

    assert _roles(reader.email) == ["door"]
    assert "/compte/connexion/" in db.session.scalars(sa.select(OutgoingMail)).one().text


def test_an_invitation_without_a_role_or_to_a_member_is_refused(client: FlaskClient) -> None:
    boss = make_user(RoleName.ADMINISTRATOR)
    sign_in(client, boss)

    nothing = client.post(f"{TEAM}inviter/", data={"email": "a@exemple.fr"})
    again = client.post(f"{TEAM}inviter/", data={"email": boss.email, "roles": ["door"]})

    assert (nothing.status_code, again.status_code) == (422, 422)
    assert "Choisissez au moins un rôle." in nothing.text
    assert "Cette personne est déjà dans l’équipe." in again.text
    assert _roles(boss.email) == ["administrator"]


def test_a_role_that_does_not_exist_is_refused(client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.ADMINISTRATOR))

    assert client.post(f"{TEAM}inviter/", data={"email": "a@exemple.fr", "roles": ["king"]}).status_code == 422
    assert queries.by_email("a@exemple.fr") is None


def test_somebody_deactivated_is_signed_out_everywhere_and_the_history_says_so(app: Flask, client: FlaskClient) -> None:
    boss, editor = make_user(RoleName.ADMINISTRATOR), make_user(RoleName.EDITOR)
    sign_in(client, boss)
    theirs = app.test_client()
    sign_in(theirs, editor)

    client.post(f"{TEAM}{editor.id}/", data={"first_name": "Camille", "last_name": "Exemple", "roles": ["editor"]})

    assert theirs.get("/organisation/").status_code == 303
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "team.edit")).one()
    assert (entry.actor_id, entry.subject_id, entry.changes) == (boss.id, editor.id, {"active": [True, False]})


def test_the_last_administrator_stays_one(client: FlaskClient) -> None:
    boss = make_user(RoleName.ADMINISTRATOR)
    former = make_user(RoleName.ADMINISTRATOR)
    former.active = False
    db.session.commit()
    sign_in(client, boss)

    answer = client.post(f"{TEAM}{boss.id}/", data={"roles": ["editor"], "active": "y"})

    assert answer.status_code == 409
    assert "seul compte d’administration" in answer.text
    assert _roles(boss.email) == ["administrator"]


def test_an_invitation_goes_out_again(client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.ADMINISTRATOR))
    member = make_user(RoleName.DOOR, password=None)

    client.post(f"{TEAM}{member.id}/inviter/")

    assert db.session.scalars(sa.select(OutgoingMail.to_address)).all() == [member.email]


def test_an_unknown_member_is_not_found(client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.ADMINISTRATOR))

    assert client.get(f"{TEAM}999999/").status_code == 404
