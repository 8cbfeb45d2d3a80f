"""Asking for the letter, confirming by a press, choosing themes, leaving: with nothing but the mail's own links."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from eventsapp.core import limits
from eventsapp.core.db import db
from eventsapp.newsletter import queries
from eventsapp.newsletter.models import Consent, Reader
from eventsapp.newsletter.statuses import ReaderStatus
from tests.newsletter.looking import make_reader, reader_of, sent
from tests.support.makers.study_days import NOW, make_theme
from tests.support.pages import Page
from tests.support.patience import opened
from tests.support.queries import counting_queries

LETTER = "/lettre/"
ADDRESS = "lectrice@exemple.fr"

pytestmark = pytest.mark.usefixtures("frozen")


def send_form(client: FlaskClient, **values: object) -> tuple[int, str, str]:
    data = {"email": ADDRESS, "started": opened(client.application)} | values
    answer = client.post(LETTER, data=data)
    return answer.status_code, answer.location or "", answer.text


def path_in(text: str, what: str) -> str:
    found = re.search(rf"https?://[^/\s]+(/lettre/{what}\S*)", text)
    assert found is not None
    return found[1]


def test_somebody_asks_confirms_chooses_leaves_and_comes_back(client: FlaskClient) -> None:
    finance = make_theme("Finances")
    page = client.get(LETTER).text
    assert "Finances" in page
    assert "vous acceptez de recevoir notre lettre" in page

    status, location, _text = send_form(client, themes=[finance.id])
    assert (status, location) == (303, "/lettre/merci/")
    assert "Regardez votre courrier" in client.get(location).text

    link = path_in(sent("confirm")[0].text, "confirmer/")
    assert "Oui, je veux la recevoir" in client.get(link).text
    assert reader_of().status is ReaderStatus.PENDING
    answer = client.post(link)
    own = answer.location
    assert reader_of().status is ReaderStatus.CONFIRMED
    page = client.get(own).text
    assert "C’est confirmé" in page
    assert ADDRESS not in page
    assert f'checked id="themes-0" name="themes" type="checkbox" value="{finance.id}"' in page

    client.post(own, data={"csrf_token": "x"})
    assert "C’est enregistré" in client.get(own).text
    found = queries.reader_by_secret(reader_of().secret)
    assert found is not None
    assert found.choice.all_themes

    assert "Ne plus la recevoir" in client.get(f"{own}quitter/").text
    assert reader_of().status is ReaderStatus.CONFIRMED
    assert client.post(f"{own}quitter/").location == own
    assert "Vous ne recevez plus la lettre" in client.get(own).text
    assert reader_of().status is ReaderStatus.LEFT
    client.post(f"{own}reprendre/")
    assert reader_of().status is ReaderStatus.CONFIRMED
    texts = db.session.scalars(sa.select(Consent.text).order_by(Consent.id)).all()
    assert "vous acceptez de recevoir notre lettre" in texts[0]
    assert texts[2] == "tous les thèmes"


def test_the_answer_is_the_same_for_an_address_that_is_known(client: FlaskClient) -> None:
    make_reader()

    known, unknown = send_form(client), send_form(client, email="inconnue@exemple.fr")

    assert known == unknown
    assert [mail.to_address for mail in sent("known")] == [ADDRESS]


@pytest.mark.parametrize(
    "values",
    [
        {"email": ""},
        {"email": "a@exemple.fr\r\nBcc: b@exemple.fr"},
        {"email": "a@exemple.fr,b@exemple.fr"},
        {"themes": ["999999"]},
        {"themes": ["x"]},
        {"started": "bidon"},
    ],
)
def test_what_is_odd_is_said_and_writes_to_nobody(client: FlaskClient, values: dict[str, object]) -> None:
    make_theme("Finances")

    status, _location, text = send_form(client, **values)

    assert status == 422
    assert 'class="error-summary"' in text
    assert sent("confirm") == []


def test_a_robot_is_thanked_and_forgotten(client: FlaskClient) -> None:
    status, location, _text = send_form(client, website="http://casino.test")

    assert (status, location) == (303, "/lettre/merci/")
    assert db.session.scalars(sa.select(Reader)).all() == []


def test_one_address_is_not_written_to_without_end(client: FlaskClient) -> None:
    statuses = []
    for number in range(8):
        # From another machine each time.
        answer = client.post(
            LETTER,
            data={"email": ADDRESS, "started": opened(client.application)},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        )
        statuses.append(answer.status_code)

    assert limits.LETTER == "5 per day"
    assert statuses == [303] * 5 + [429] * 3
    # Rows decide what an address is written to, whatever the pages let through.
    assert len(sent("confirm")) == 1


def test_a_link_that_is_over_or_is_not_ours_says_so(client: FlaskClient) -> None:
    send_form(client)
    link = path_in(sent("confirm")[0].text, "confirmer/")
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        assert client.get(link).status_code == 404
        assert client.post(link).status_code == 404
    assert reader_of().status is ReaderStatus.PENDING
    own = f"/lettre/{reader_of().secret}/"
    for path in ("/lettre/confirmer/bidon/", "/lettre/bidon/", "/lettre/bidon/quitter/", own, f"{own}quitter/"):
        assert client.get(path).status_code == 404
    assert client.post(f"{own}quitter/").status_code == 404


def test_the_link_opened_again_says_that_it_is_confirmed_and_leads_to_the_themes(client: FlaskClient) -> None:
    reader = make_reader()

    page = client.get(f"/lettre/confirmer/{reader.confirm_secret}/")

    assert page.status_code == 200
    assert "Une dernière pression" not in page.text
    assert "Oui, je veux la recevoir" not in page.text
    assert "Vous recevez la lettre à cette adresse." in page.text
    assert Page(page.text).links["Choisir mes thèmes"].endswith(f"/lettre/{reader.secret}/")
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_mail_program_presses_once_without_token_or_cookie(client: FlaskClient) -> None:
    own = f"/lettre/{make_reader().secret}/"
    client.application.config["WTF_CSRF_ENABLED"] = True

    answer = client.post(f"{own}quitter/", data={"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, answer.text) == (200, "")
    assert reader_of().status is ReaderStatus.LEFT
    # Everything else takes the token of its page.
    assert client.post(f"{own}reprendre/").status_code == 400
    assert client.post(LETTER, data={"email": "b@exemple.fr"}).status_code == 400


def test_pages_of_ones_own_are_kept_by_nobody(client: FlaskClient) -> None:
    own = f"/lettre/{make_reader().secret}/"

    for path in (LETTER, own, f"{own}quitter/"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert "noindex" in headers["X-Robots-Tag"]


@pytest.mark.parametrize("themes", [1, 12])
def test_pages_ask_as_much_whatever_the_number_of_themes(client: FlaskClient, themes: int) -> None:
    made = [make_theme(f"Thème {number}") for number in range(themes)]
    own = f"/lettre/{make_reader(ADDRESS, *made).secret}/"
    counts = []
    for path in (LETTER, own, f"{own}quitter/"):
        client.get(path)
        with counting_queries() as count:
            assert client.get(path).status_code == 200
        counts.append(count())

    assert counts == [2, 4, 3]
    assert len([name for name in Page(client.get(own).text).fields if name == "themes"]) == 1


def test_themes_have_their_english_name_on_the_english_page(client: FlaskClient) -> None:
    theme = make_theme("Finances locales")
    theme.name_en = "Local finance"
    db.session.commit()

    assert "Local finance" in client.get("/en/lettre/").text
    assert "Finances locales" in client.get("/lettre/").text
