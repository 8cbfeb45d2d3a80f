"""Making the people who sign in, two at the same moment too, and changing them."""

import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts import queries, service
from eventsapp.accounts.access import RoleName
from eventsapp.accounts.errors import EmailTaken, LastAdministrator
from eventsapp.accounts.models import User
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW

#: Seconds that a transaction goes on after its last statement, so that the other meets it.
GOES_ON = 0.3


def _member(*roles: RoleName) -> User:
    member = queries.team_member(make_user(*roles).id)
    assert member is not None
    return member


def test_two_orders_of_one_address_at_once_make_one_reader(database: str, tmp_path: Path) -> None:
    def settle() -> int:
        with unit_of_work.transaction():
            reader = service.ensure_reader(email="claude@ville-exemple.fr", now=NOW)
            time.sleep(GOES_ON)
            return reader.id

    with committing_app(database, tmp_path) as app:
        one, other = at_once(app, settle, settle)

        with app.app_context():
            assert db.session.scalars(sa.select(User.id)).all() == [one]
            db.session.remove()
    assert one == other


def test_an_address_taken_meanwhile_is_refused_and_what_was_written_before_stays(
    app: Flask, transaction: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, before = make_user().email, make_user()
    monkeypatch.setattr(queries, "by_email", lambda _email: None)

    with unit_of_work.transaction():
        before = db.session.get_one(User, before.id)
        before.first_name = "Écrit"
        with pytest.raises(EmailTaken):
            service.create_user(email=taken, now=NOW)

    assert db.session.scalar(sa.select(User.first_name).where(User.id == before.id)) == "Écrit"


def test_a_member_who_must_stay_administrator_keeps_the_name_too(app: Flask, transaction: None) -> None:
    boss = _member(RoleName.ADMINISTRATOR)

    with pytest.raises(LastAdministrator):
        service.edit_member(
            boss, first_name="Autre", last_name="Nom", roles=[RoleName.EDITOR], active=True, actor=boss, now=NOW
        )

    assert (boss.first_name, [role.name for role in boss.roles]) == ("Camille", ["administrator"])


def test_a_member_is_renamed_and_given_roles_in_one_step(app: Flask, transaction: None) -> None:
    boss, member = _member(RoleName.ADMINISTRATOR), _member(RoleName.DOOR)

    service.edit_member(
        member, first_name="Ana", last_name="Diaz", roles=[RoleName.EDITOR], active=False, actor=boss, now=NOW
    )

    assert (member.name, [role.name for role in member.roles], member.active) == ("Ana Diaz", ["editor"], False)
