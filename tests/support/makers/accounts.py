"""People who sign in."""

import itertools

from flask.testing import FlaskClient
from playwright.sync_api import Page

from eventsapp.accounts import service
from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core.db import db
from tests.support.makers.study_days import NOW

PASSWORD = "un-mot-de-passe-de-test"

_numbers = itertools.count(1)


def make_user(*roles: RoleName, email: str = "", password: str | None = PASSWORD) -> User:
    """Make somebody with ``roles``, who signs in with ``PASSWORD``."""
    number = next(_numbers)
    user = service.create_user(
        email=email or f"personne{number}@exemple.fr",
        now=NOW,
        roles=roles,
        password=password,
        first_name="Camille",
        last_name=f"Exemple{number}",
    )
    db.session.commit()
    return user


def sign_in_page(page: Page, site: str, *, email: str, password: str = PASSWORD) -> None:
    """Open a session in a browser, by the form that people use."""
    page.goto(f"{site}/compte/connexion/")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "connexion" not in url)


def sign_in(client: FlaskClient, user: User) -> None:
    """Open a session as ``user``, by the form that people use."""
    email = user.email
    answer = client.post("/compte/connexion/", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
