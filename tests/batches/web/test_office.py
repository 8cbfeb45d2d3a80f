"""Choosing registrations in their list, reading what follows, asking for it, taking it back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.batches.models import Batch
from eventsapp.batches.statuses import BatchStatus
from eventsapp.core.db import db
from eventsapp.mailings.models import Mailing
from eventsapp.registrations.models import Registration
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import make_open_day
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.pages import Page

LIST = "/organisation/inscriptions/"
ACTIONS = f"{LIST}actions/"

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    return _as(client, RoleName.ORGANISER)


def _as(client: FlaskClient, role: RoleName) -> FlaskClient:
    sign_in(client, make_user(role))
    return client


def _keys() -> list[int]:
    return list(db.session.scalars(sa.select(Registration.id).order_by(Registration.id)))


def _choose(office: FlaskClient, action: str, *keys: int, **more: str) -> str:
    answer = office.get(ACTIONS, query_string={"action": action, "choisi": list(keys), **more})
    assert answer.status_code == 200, answer.location
    return answer.text


def _confirm(office: FlaskClient, page: str, **values: str) -> str:
    answer = office.post(ACTIONS, data={**Page(page).fields, **values})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_each_row_can_be_ticked_and_the_actions_are_those_of_the_role(client: FlaskClient) -> None:
    make_open_day(2)
    organiser = _as(client, RoleName.ORGANISER).get(LIST).text
    client.post("/compte/deconnexion/")
    accountant = _as(client, RoleName.ACCOUNTANT).get(LIST).text

    for key in _keys():
        assert f'name="choisi" value="{key}"' in organiser
    for action in ("message", "tickets", "present", "absent", "cancel", "xlsx"):
        assert f'<option value="{action}">' in organiser
    assert '<option value="cancel">' in accountant
    assert '<option value="message">' not in accountant
    assert client.get(ACTIONS, query_string={"action": "present", "choisi": _keys()}).status_code == 403


def test_resending_says_to_how_many_then_counts_and_is_taken_back(office: FlaskClient) -> None:
    make_open_day(2)

    page = _choose(office, "tickets", *_keys())
    batch_url = _confirm(office, page)

    assert "2 inscriptions concernées" in page
    assert "Annuler cette action" in office.get(batch_url).text
    office.post(f"{batch_url}reprendre/")
    after = office.get(batch_url).text
    assert "2 inscriptions sont comme avant" in after
    assert "Annuler cette action" not in after
    assert db.session.scalars(sa.select(Batch.status)).one() is BatchStatus.UNDONE


def test_cancelling_tells_the_money_and_asks_why(office: FlaskClient) -> None:
    make_open_day(1)

    page = _choose(office, "cancel", *_keys())
    without = office.post(ACTIONS, data=Page(page).fields)

    assert "621,00\N{NO-BREAK SPACE}€" in page
    assert "ne sont plus demandés" in page
    assert without.status_code == 422
    assert "Indiquez le motif" in without.text
    assert _confirm(office, page, reason="Journée réduite").startswith(ACTIONS)


def test_what_cannot_be_done_is_named_with_its_reason(office: FlaskClient) -> None:
    make_open_day(1)

    page = _choose(office, "absent", *_keys())

    assert "Rien à faire" in page
    assert Page(page).rows[0][:2] == ["Claude Roux1 Ville d’Exemple", "la journée n’est pas terminée"]


def test_all_that_the_filter_shows_is_chosen_whatever_its_page(office: FlaskClient) -> None:
    day = make_study_day(slug="angers", city=make_city("Angers"))
    place(seats(day, an_attendee(1), an_attendee(2)))
    place(seats(make_study_day(), an_attendee(12)))

    of_all = _choose(office, "tickets", tout="1", filtre="q=roux1")
    of_day = _choose(office, "tickets", tout="1", filtre="q=roux1", journee="angers")

    assert "2 inscriptions concernées" in of_all
    assert "1 inscription concernée" in of_day


def test_the_selection_is_a_file(office: FlaskClient) -> None:
    make_open_day(3)
    one, _two, three = _keys()

    file = _choose(office, "csv", one, three, filtre="colonnes=participant")
    everything = _choose(office, "csv", tout="1", filtre="q=roux2")

    assert [line.split(";")[0].strip('"') for line in file.splitlines()[1:]] == ["Claude Roux3", "Claude Roux1"]
    assert len(everything.splitlines()) == 2


def test_a_message_begins_with_the_chosen_people_and_keeps_them(office: FlaskClient) -> None:
    make_open_day(3)
    one, _two, three = _keys()

    composer = _confirm(office, _choose(office, "message", one, three))
    page = office.get(composer).text
    fields = Page(page).fields | {"subject": "Bonjour", "body": "À bientôt.", "naming": "any", "presence": "any"}
    answer = office.post("/organisation/messages/nouveau/", data={**fields, "seats": ["confirmed", "held"]})

    assert "2 inscriptions choisies" in page
    assert answer.status_code == 303, answer.text
    assert db.session.scalars(sa.select(Mailing)).one().audience.chosen == (one, three)
    assert "2 personnes" in office.get(answer.location).text


def test_pressing_twice_is_one_action(office: FlaskClient) -> None:
    make_open_day(1)
    page = _choose(office, "tickets", *_keys())

    assert _confirm(office, page) == _confirm(office, page)
    assert db.session.scalar(sa.select(sa.func.count(Batch.id))) == 1


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"action": "tickets"}, "Cochez au moins une inscription"),
        ({"action": "tickets", "choisi": ["x", "-1", "99999999999"]}, "Cochez au moins une inscription"),
        ({"action": "nimporte", "choisi": ["1"]}, "Choisissez une action"),
    ],
)
def test_nothing_chosen_leads_back_to_the_list(office: FlaskClient, query: dict[str, object], told: str) -> None:
    answer = office.get(ACTIONS, query_string={**query, "retour": "https://ailleurs.example/"})

    assert (answer.status_code, answer.location) == (303, LIST)
    assert told in office.get(LIST).text


def test_more_than_are_done_at_once_are_refused(office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventsapp.batches.rules.MOST", 2)
    make_open_day(3)

    answer = office.get(ACTIONS, query_string={"action": "tickets", "tout": "1"})

    assert answer.status_code == 303
    assert "Au plus 2 inscriptions" in office.get(LIST).text


def test_presence_is_noted_from_the_list_of_a_day_held_today(office: FlaskClient) -> None:
    starts_at = NOW - timedelta(hours=1)
    day = make_study_day(slug="angers", starts_at=starts_at, registration_closes_at=starts_at)
    place(seats(day, an_attendee(1)), now=NOW - timedelta(days=9))

    batch_url = _confirm(office, _choose(office, "present", *_keys(), journee="angers"))

    assert "Fait pour 1 inscription" in office.get(batch_url).text
    assert len(Page(office.get("/organisation/journees/angers/inscriptions/?etat=presentes").text).rows) == 1
