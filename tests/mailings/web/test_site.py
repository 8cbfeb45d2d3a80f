"""« Ne plus recevoir »: no signing in, a button for people, one press for mail programs, and the way back."""

import pytest
from flask.testing import FlaskClient

from eventsapp.mail import queries as mails
from eventsapp.mailings import service
from eventsapp.mailings.statuses import Basis
from eventsapp.mailings.values import Audience
from tests.mailings.looking import GONE, make_mailing, plan, sent
from tests.support.makers.subscriptions import make_contract

ADDRESS = "lectrice@exemple.fr"

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def link(client: FlaskClient) -> str:
    make_contract(ADDRESS)
    plan(make_mailing(Audience(basis=Basis.SUBSCRIBERS), subject="Numéro 18", body="Il paraît."))
    service.send_due(clock=lambda: GONE)
    return "/messages/refuser/" + sent()[0].unsubscribe_url.split("/messages/refuser/")[1]


def test_following_the_link_changes_nothing_and_pressing_does(client: FlaskClient, link: str) -> None:
    page = client.get(link)
    assert "Ne plus rien recevoir" in page.text
    assert ADDRESS not in page.text
    assert mails.suppressed([ADDRESS]) == {}

    answer = client.post(link, follow_redirects=True)

    assert "C’est noté" in answer.text
    assert list(mails.suppressed([ADDRESS])) == [ADDRESS]
    assert "Les messages reprennent" in client.post(f"{link}reprendre/", follow_redirects=True).text
    assert mails.suppressed([ADDRESS]) == {}


def test_a_mail_program_presses_once_without_token_or_cookie(client: FlaskClient, link: str) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True

    answer = client.post(link, data={"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, answer.text) == (200, "")
    assert list(mails.suppressed([ADDRESS])) == [ADDRESS]


@pytest.mark.parametrize("action", ["", "reprendre/"])
def test_a_link_that_is_not_ours_is_not_found(client: FlaskClient, action: str) -> None:
    assert client.post(f"/messages/refuser/MQ.bidon/{action}").status_code == 404
    assert client.get("/messages/refuser/MQ.bidon/").status_code == 404
