"""Whoever bought seats for a team fills them in from the order's own page."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.orders.models import Order
from eventsapp.registrations import queries
from eventsapp.registrations import service as registrations
from eventsapp.registrations.statuses import NamedBy
from eventsapp.study_days.statuses import QuestionKind
from tests.registrations.looking import invite, mails, name, seat_of
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import an_attendee, place, seats, subscription, unnamed
from tests.support.makers.questions import make_question
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")

PERSON = {"first_name": "Camille", "last_name": "Petit", "email": "camille@ville-exemple.fr"}


def of_buyer(order: Order) -> str:
    return f"/commandes/{order.reference}/{order.secret}/participants/"


def of_office(order: Order) -> str:
    return f"/organisation/commandes/{order.reference}/participants/"


@pytest.fixture(params=[of_buyer, of_office])
def page(request: pytest.FixtureRequest, client: FlaskClient) -> Callable[[Order], str]:
    """The address of the people of an order, for the buyer and for the office."""
    if request.param is of_office:
        sign_in(client, make_user(RoleName.ORGANISER))
    address: Callable[[Order], str] = request.param
    return address


def _said(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " ").replace("\u202f", " ")


def test_the_page_says_who_has_answered_and_who_has_not(client: FlaskClient, page: Callable[[Order], str]) -> None:
    order = place(seats(make_study_day(), an_attendee(1), unnamed(), unnamed(), unnamed()))
    invite(order, 2)
    name(order, 3, by=NamedBy.SELF)

    said = _said(client.get(page(order)).text)

    assert "Il reste 2 places à nommer" in said
    assert "Places nommées : 2 sur 4" in said
    assert "Claude Roux1 Billet envoyé" in said
    assert "Place à nommer n° 2 Invitation envoyée le 23 nov. 2026, sans réponse" in said
    assert "Camille Petit3 A répondu le 23 nov. 2026" in said
    assert "Place à nommer n° 4 À nommer, sans invitation" in said


def test_each_seat_without_a_name_has_a_link_to_copy_and_no_other_has(client: FlaskClient) -> None:
    order = place(seats(make_study_day(), an_attendee(1), unnamed()))
    known, other = seat_of(order, 1).secret, seat_of(order, 2).secret

    text = client.get(of_buyer(order)).text

    assert f"http://localhost/inscriptions/{other}/" in text
    assert f"http://localhost/inscriptions/{known}/" not in text


def test_everybody_named_and_nothing_bought_are_said(client: FlaskClient) -> None:
    named = place(seats(make_study_day()))
    nothing = place(subscription(make_plan()))

    assert "Tout le monde est nommé" in client.get(of_buyer(named)).text
    assert "ne tient aucune place" in client.get(of_buyer(nothing)).text


def test_the_page_is_one_persons(client: FlaskClient) -> None:
    order = place(seats(make_study_day()))

    answer = client.get(of_buyer(order))

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    for wrong in ("x", order.secret[:-1], seat_of(order).secret):
        assert client.get(f"/commandes/{order.reference}/{wrong}/participants/").status_code == 404


def test_a_seat_is_named(client: FlaskClient, page: Callable[[Order], str]) -> None:
    order = place(seats(make_study_day(), unnamed()))
    address = f"{page(order)}{seat_of(order).id}/"

    shown = client.get(address)
    wrong = client.post(address, data=PERSON | {"email": "camille"})
    sent = client.post(address, data=PERSON)

    assert shown.status_code == 200
    assert wrong.status_code == 422
    assert "Cette adresse n’est pas complète" in wrong.text
    assert 'value="Petit"' in wrong.text
    assert sent.status_code == 303
    assert seat_of(order).name == "Camille Petit"
    assert "son billet est parti à camille@ville-exemple.fr" in client.get(page(order)).text


def test_the_buyer_has_the_ticket_by_their_own_link_and_not_that_of_the_person(client: FlaskClient) -> None:
    order = place(seats(make_study_day(), unnamed(), unnamed()))
    name(order, by=NamedBy.SELF)
    seat, other = seat_of(order), seat_of(order, 2)
    address = f"{of_buyer(order)}{seat.id}/billet.pdf"

    shown = client.get(of_buyer(order)).text
    ticket = client.get(address)

    assert seat.secret not in shown
    assert address in shown
    assert (ticket.status_code, ticket.content_type) == (200, "application/pdf")
    assert seat.secret.encode() not in ticket.data
    assert client.get(f"{of_buyer(order)}{other.id}/billet.pdf").status_code == 404


def test_what_the_office_does_is_in_its_name(client: FlaskClient) -> None:
    order = place(seats(make_study_day(), unnamed()))
    sign_in(client, make_user(RoleName.ORGANISER, email="organisation@lettre.fr"))

    client.post(f"{of_office(order)}{seat_of(order).id}/", data=PERSON)

    assert seat_of(order).named_by is NamedBy.OFFICE
    assert "Place nommée" in client.get(f"/organisation/commandes/{order.reference}/").text


def test_a_name_is_corrected_and_one_that_has_a_seat_is_refused_beside_the_name(
    client: FlaskClient, page: Callable[[Order], str]
) -> None:
    order = place(seats(make_study_day(), an_attendee(1), an_attendee(2)))
    address = f"{page(order)}{seat_of(order).id}/"

    shown = client.get(address)
    twice = {"first_name": "Claude", "last_name": "Roux2", "email": "claude.roux2@ville-exemple.fr"}
    refused = client.post(address, data=twice)
    sent = client.post(address, data=twice | {"last_name": "Roux-Martin", "email": "claude.roux1@ville-exemple.fr"})

    assert 'value="Roux1"' in shown.text
    assert refused.status_code == 422
    assert 'id="last_name-error"' in refused.text
    assert sent.status_code == 303
    assert seat_of(order).name == "Claude Roux-Martin"


def test_replacing_says_what_follows_first(client: FlaskClient, page: Callable[[Order], str]) -> None:
    order = place(seats(make_study_day(), an_attendee(1)))
    code = seat_of(order).ticket_code
    address = f"{page(order)}{seat_of(order).id}/remplacer/"

    shown = client.get(address)
    sent = client.post(address, data=PERSON)

    assert "Le billet et le lien de Claude Roux1 ne valent plus." in shown.text
    assert 'value="Roux1"' not in shown.text
    assert sent.status_code == 303
    assert "Camille Petit remplace Claude Roux1" in client.get(page(order)).text
    assert [ticket.code for ticket in queries.retired_tickets(seat_of(order).id)] == [code]


def test_a_colleague_is_invited_and_a_wrong_address_is_said_beside_the_field(
    client: FlaskClient, page: Callable[[Order], str]
) -> None:
    order = place(seats(make_study_day(), unnamed(), unnamed()))
    seat = seat_of(order, 2)
    field = f"seat-{seat.id}-email"
    address = f"{page(order)}{seat.id}/inviter/"

    wrong = client.post(address, data={field: "camille"})
    sent = client.post(address, data={field: "Camille@Ville-Exemple.fr"})
    again = client.post(address, data={field: "camille@ville-exemple.fr"})

    assert wrong.status_code == 422
    assert f'id="{field}-error"' in wrong.text
    assert re.search(rf'<li class="seat" id="seat-{seat.id}">.*?<details open>', wrong.text, re.DOTALL)
    assert sent.status_code == 303
    assert again.status_code == 429
    assert "il y a moins d’un jour" in again.text
    assert [to for to, _text in mails("invitation")] == ["camille@ville-exemple.fr"]


def test_one_and_all_are_reminded_once_a_day(client: FlaskClient, page: Callable[[Order], str]) -> None:
    order = place(seats(make_study_day(), unnamed(), unnamed()))
    for position in (1, 2):
        invite(order, position, email=f"c{position}@ville-exemple.fr")
    one = f"{page(order)}{seat_of(order).id}/relancer/"

    early = client.post(one, follow_redirects=True)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        sign_in(client, make_user(RoleName.ORGANISER))
        button = client.get(page(order))
        first = client.post(one, follow_redirects=True)
        everybody = client.post(f"{page(order)}relancer/", follow_redirects=True)
        twice = client.post(f"{page(order)}relancer/", follow_redirects=True)

    assert "relancez-la demain" in early.text
    assert "Relancer les 2 personnes" in _said(button.text)
    assert "La relance est partie à c1@ville-exemple.fr" in first.text
    assert "1 relance est partie." in everybody.text
    assert "Personne à relancer" in twice.text
    assert [to for to, _text in mails("invitation")][2:] == ["c1@ville-exemple.fr", "c2@ville-exemple.fr"]


def test_when_names_no_longer_change_nothing_offers_it(client: FlaskClient) -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(1), unnamed()))
    seat = seat_of(order, 2)

    with time_machine.travel(day.starts_at, tick=False):
        listed = client.get(of_buyer(order))
        form = client.get(f"{of_buyer(order)}{seat.id}/")
        sent = client.post(f"{of_buyer(order)}{seat.id}/", data=PERSON)

    assert "Les noms ne changent plus" in listed.text
    assert "Corriger" not in listed.text
    assert "ne changent plus" in form.text
    assert sent.status_code == 409
    assert not seat_of(order, 2).is_named


def test_seats_of_another_order_are_not_to_be_found(client: FlaskClient) -> None:
    order, other = place(seats(make_study_day(), unnamed())), place(seats(make_study_day(), unnamed()))
    foreign = seat_of(other).id

    for address in (f"{foreign}/", f"{foreign}/remplacer/"):
        assert client.get(of_buyer(order) + address).status_code == 404
    for address in (f"{foreign}/", f"{foreign}/inviter/", f"{foreign}/relancer/", f"{foreign}/remplacer/"):
        assert client.post(of_buyer(order) + address, data=PERSON).status_code == 404
    assert not seat_of(other).is_named


def test_a_seat_given_back_says_so(client: FlaskClient) -> None:
    order = place(seats(make_study_day(), an_attendee(1)))
    with unit_of_work.transaction():
        registrations.release(order.id, now=NOW)

    said = _said(client.get(of_buyer(order)).text)

    assert "Place rendue" in said
    assert "ne tient aucune place" in said


def test_who_keeps_accounts_sees_people_and_changes_nothing(client: FlaskClient) -> None:
    order = place(seats(make_study_day(), unnamed()))
    sign_in(client, make_user(RoleName.ACCOUNTANT))

    listed = client.get(of_office(order))

    assert listed.status_code == 200
    assert "Donner le nom" not in listed.text
    assert seat_of(order).secret not in listed.text
    assert client.post(f"{of_office(order)}{seat_of(order).id}/", data=PERSON).status_code == 403


@pytest.mark.parametrize("count", [1, 10])
def test_more_seats_cost_no_more_queries(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], count: int
) -> None:
    day = make_study_day()
    order = place(seats(day, *[an_attendee(number) for number in range(count)], *[unnamed()] * count))
    address = of_buyer(order)

    with count_queries as asked:
        client.get(address)

    assert asked() == 4


def test_a_seat_at_the_rate_of_a_subscriber_passes_on_to_another_only(
    client: FlaskClient, page: Callable[[Order], str]
) -> None:
    make_contract("claude.roux1@ville-exemple.fr")
    order = place(seats(make_study_day(), an_attendee(1, rate="subscriber")))
    address = f"{page(order)}{seat_of(order).id}/remplacer/"

    answer = client.post(address, data=PERSON)

    if "/organisation/" in address:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert "par l’abonnement de Claude Roux1" in answer.text.partition('id="email-error"')[2].partition("</p>")[0]
    assert 'value="Petit"' in answer.text


def test_where_the_hours_are_not_known_until_when_names_change_is_a_date(client: FlaskClient) -> None:
    known, unknown = (
        place(seats(make_study_day(slug=f"jour-{hours}", hours_known=hours), unnamed(), an_attendee(2)))
        for hours in (True, False)
    )
    shown = [_said(client.get(of_buyer(order)).text) for order in (known, unknown)]
    own = [_said(client.get(f"/inscriptions/{seat_of(order, 2).secret}/").text) for order in (known, unknown)]

    assert "se changent jusqu’au mercredi 24 février 2027 à 9 h 00." in shown[0]
    assert "se changent jusqu’au mercredi 24 février 2027." in shown[1]
    assert "Modifiables jusqu’au mercredi 24 février 2027." in own[1]
    assert "Modifiables jusqu’au mercredi 24 février 2027 à 9 h 00." in own[0]


def test_what_a_participant_wrote_for_themselves_is_not_the_buyers_to_read(client: FlaskClient) -> None:
    day = make_study_day()
    make_question(day, "sante", kind=QuestionKind.TEXT, sensitive=True)
    make_question(day, "train", kind=QuestionKind.TEXT, position=2)
    order = place(seats(day, unnamed()))
    own = f"/inscriptions/{seat_of(order).secret}/"
    private = {"access_needs": "Fauteuil roulant", "answers-sante": "Diabète", "answers-train": "Le matin"}
    assert client.post(own, data=PERSON | private).status_code == 303
    page = f"{of_buyer(order)}{seat_of(order).id}/"

    for first_name in ("Camilla", "Camille"):
        text = client.get(page).text
        assert "Le matin" in text
        assert "Fauteuil" not in text
        assert "Diabète" not in text
        corrected = client.post(
            page,
            data=PERSON
            | {"first_name": first_name, "answers-train": "Le soir", "access_needs": "", "answers-sante": ""},
        )
        assert corrected.status_code == 303
        client.post(page, data=PERSON | {"first_name": first_name, "answers-train": "Le matin"})

    seat = seat_of(order)
    assert (seat.first_name, seat.access_needs, seat.named_by) == ("Camille", "Fauteuil roulant", NamedBy.SELF)
    assert queries.values_of_seat(seat.id) == {"sante": "Diabète", "train": "Le matin"}


def test_what_the_buyer_wrote_for_a_participant_stays_the_buyers_to_correct(client: FlaskClient) -> None:
    order = place(seats(make_study_day(), an_attendee(access_needs="Fauteuil roulant")))

    assert "Fauteuil roulant" in client.get(f"{of_buyer(order)}{seat_of(order).id}/").text
