"""Somebody comes without a seat."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.attendance import queries
from eventsapp.audit.models import AuditEntry
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices.errors import NotInvoiceable
from eventsapp.invoices.models import Invoice
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from eventsapp.mandats import queries as mandats
from eventsapp.mandats.values import Codes
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.study_days.errors import RegistrationClosed
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import ARRIVAL, make_open_day, seats_of
from tests.support.makers.orders import a_request, seats
from tests.support.pages import Page


def _path(day: StudyDay) -> str:
    return f"/organisation/journees/{day.slug}/accueil/sur-place/"


def _form(client: FlaskClient, day: StudyDay, **values: Any) -> dict[str, Any]:
    submission = Page(client.get(_path(day)).text).fields["submission"]
    return {
        "submission": submission,
        "first_name": "Alix",
        "last_name": "Petit",
        "email": "alix.petit@exemple.fr",
        "rate": "standard",
        "payment_method": "transfer",
    } | values


@pytest.fixture
def keeper(client: FlaskClient) -> FlaskClient:
    """Somebody who stands at the door."""
    sign_in(client, make_user(RoleName.DOOR))
    return client


def test_a_real_order_is_placed_after_the_closing_and_the_person_is_in(keeper: FlaskClient) -> None:
    day = make_open_day(1)

    answer = keeper.post(_path(day), data=_form(keeper, day), follow_redirects=True)

    order = db.session.query(Order).order_by(Order.id.desc()).first()
    assert order is not None
    assert (order.status, order.payment_status, order.total_cents) == (
        OrderStatus.CONFIRMED,
        PaymentStatus.DUE,
        62100,
    )
    assert "Alix Petit" in answer.text
    assert order.reference in answer.text
    assert [(seat.name, seat.status.value) for seat in seats_of(day)] == [
        ("Alix Petit", "attended"),
        ("Claude Roux1", "confirmed"),
    ]
    assert (day.seats_taken, day.overbooked) == (2, 0)


def test_the_same_form_twice_is_one_order_and_one_admission(keeper: FlaskClient) -> None:
    day = make_open_day(0)
    form = _form(keeper, day)

    answers = [keeper.post(_path(day), data=form) for _time in range(2)]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert db.session.query(Order).count() == 1
    assert queries.counts(day.id).arrived == 1


def test_a_full_day_asks_twice_and_is_then_overbooked_on_purpose(keeper: FlaskClient) -> None:
    day = make_open_day(1, capacity=1)
    form = _form(keeper, day)

    refused = keeper.post(_path(day), data=form)
    assert (refused.status_code, db.session.query(Order).count(), day.seats_taken) == (409, 1, 1)
    assert "Ajouter une place au-delà de la capacité" in refused.text
    assert 'value="Petit"' in refused.text
    taken = keeper.post(_path(day), data=form | {"beyond_capacity": "y"})

    assert taken.status_code == 303
    assert (day.seats_taken, day.capacity, day.overbooked) == (2, 1, 1)
    entry = db.session.query(AuditEntry).filter_by(action="attendance.overbook").one()
    assert entry.changes == {"seats_taken": 2, "capacity": 1}


def test_a_day_with_seats_left_is_not_overbooked_by_a_tick(keeper: FlaskClient) -> None:
    day = make_open_day(0)

    keeper.post(_path(day), data=_form(keeper, day, beyond_capacity="y"))

    assert (day.seats_taken, day.overbooked) == (1, 0)
    assert db.session.query(AuditEntry).filter_by(action="attendance.overbook").count() == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"last_name": ""}, "Indiquez le nom."),
        ({"email": "alix"}, "nom@domaine.fr"),
        ({"rate": "subscriber-of-old"}, "Choisissez un des tarifs proposés."),
        ({"payment_method": ""}, "Choisissez un mode de règlement."),
        ({"email": "claude.roux1@ville-exemple.fr", "first_name": "Claude", "last_name": "Roux1"}, "a déjà une place"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(keeper: FlaskClient, change: dict[str, str], told: str) -> None:
    day = make_open_day(1)

    answer = keeper.post(_path(day), data=_form(keeper, day, **change))

    assert answer.status_code == 422
    assert told in answer.text
    # Whoever keeps the door may see every seat of the day, and finds this one there.
    assert ("Voir sa place à l’accueil" in answer.text) is (told == "a déjà une place")
    assert 'value="Alix"' in answer.text or 'value="Claude"' in answer.text
    assert db.session.query(Order).count() == 1


def test_neither_cards_nor_the_rate_of_subscribers_are_offered(keeper: FlaskClient) -> None:
    day = make_open_day(0)

    page = keeper.get(_path(day)).text

    assert 'value="transfer"' in page
    assert 'value="cheque"' in page
    assert 'value="mandat"' in page
    for other in ("card", "subscriber"):
        assert f'value="{other}"' not in page


def test_who_has_no_address_at_hand_is_let_in_with_a_ticket_to_print_and_written_to_by_nobody(
    keeper: FlaskClient,
) -> None:
    day = make_open_day(0)

    shown = keeper.post(_path(day), data=_form(keeper, day, email=""), follow_redirects=True)

    [seat] = seats_of(day)
    assert (seat.name, seat.email, seat.status.value) == ("Alix Petit", "", "attended")
    assert f"/inscriptions/{seat.secret}/billet.pdf" in shown.text
    assert "Sans courriel, rien d’autre n’y mène." in shown.text
    ticket = keeper.get(f"/inscriptions/{seat.secret}/billet.pdf")
    assert ticket.content_type == "application/pdf"
    assert "Alix Petit" in keeper.get(f"/inscriptions/{seat.secret}/").text
    # What would have left is kept for the office to print.
    [mail] = db.session.query(OutgoingMail)
    assert (mail.template, mail.to_address, mail.status) == ("checkout/order_placed", "", MailStatus.KEPT)
    assert queries.unsent(day.id) == []
    assert queries.certifiable(day.id) == [seat.id]


def test_two_without_an_address_are_two_people_unless_their_names_are_the_same(keeper: FlaskClient) -> None:
    day = make_open_day(0)

    answers = [
        keeper.post(_path(day), data=_form(keeper, day, email="", first_name=name)).status_code
        for name in ("Alix", "Dominique", "alix")
    ]

    assert answers == [303, 303, 422]


def test_a_mandat_is_promised_by_name_and_invoiced_once_siret_and_address_are_known(keeper: FlaskClient) -> None:
    day = make_open_day(0)
    afterwards = day.ends_at + timedelta(days=2)

    unnamed = keeper.post(_path(day), data=_form(keeper, day, payment_method="mandat"))
    promised = keeper.post(_path(day), data=_form(keeper, day, payment_method="mandat", organisation="Ville d’Exemple"))

    assert (unnamed.status_code, promised.status_code) == (422, 303)
    order = db.session.query(Order).one()
    key = order.id
    assert (order.status, order.siret, order.billing_name) == (OrderStatus.CONFIRMED, "", "Ville d’Exemple")
    assert mandats.of_order(key) is not None
    db.session.commit()
    assert checkout.invoice_due(now=afterwards) == 0
    with pytest.raises(NotInvoiceable, match="attend le SIRET et l’adresse"):
        checkout.invoice_order(key, actor=make_user(RoleName.ADMINISTRATOR), now=afterwards)
    with unit_of_work.transaction():
        checkout.complete_mandat(key, codes=Codes(siret="21750001600019"), brought=None, now=afterwards)
    assert checkout.invoice_due(now=afterwards) == 0
    with unit_of_work.transaction():
        order = db.session.get_one(Order, key)
        order.billing_address, order.billing_postcode, order.billing_city = "1 place Carnot", "49000", "Angers"
    assert checkout.invoice_due(now=afterwards) == 1
    assert [invoice.order_id for invoice in db.session.query(Invoice)] == [key]


def test_a_day_that_is_over_takes_nobody_even_from_an_administrator(client: FlaskClient) -> None:
    day = make_open_day(1)
    [seat] = seats_of(day)
    door = f"/organisation/journees/{day.slug}/accueil/"
    sign_in(client, make_user(RoleName.ADMINISTRATOR))
    form = _form(client, day)

    with time_machine.travel(ARRIVAL + timedelta(days=1), tick=False):
        sign_in(client, make_user(RoleName.ADMINISTRATOR))
        offered = client.get(_path(day))
        newcomer = client.post(_path(day), data=form)
        others = [
            client.post(door + path, data=data, follow_redirects=True).text
            for path, data in (
                ("", {"code": seat.ticket_code}),
                (f"places/{seat.id}/", {}),
                (f"places/{seat.id}/commande/", {}),
            )
        ]

    assert (offered.status_code, offered.location) == (303, door)
    assert newcomer.status_code == 409
    assert all("notez les présences d’après la feuille" in page for page in (newcomer.text, *others))
    assert (db.session.query(Order).count(), queries.counts(day.id).arrived) == (1, 0)


def test_a_day_that_was_called_off_takes_nobody(keeper: FlaskClient) -> None:
    day = make_open_day(0)
    form = _form(keeper, day)
    day.status = StudyDayStatus.CANCELLED
    db.session.commit()

    assert keeper.post(_path(day), data=form).status_code == 409
    assert db.session.query(Order).count() == 0


def test_the_closing_of_registrations_stays_for_everybody_else(keeper: FlaskClient) -> None:
    day = make_open_day(0)
    request = a_request(seats(day), payment_method="card")

    with pytest.raises(RegistrationClosed), unit_of_work.transaction():
        checkout.place_order(request, now=ARRIVAL)
    assert day.registration_closes_at < ARRIVAL


def test_the_person_gets_the_usual_mail_and_the_door_shows_the_way_to_their_page(keeper: FlaskClient) -> None:
    day = make_open_day(0)
    form = _form(keeper, day)

    shown = keeper.post(_path(day), data=form, follow_redirects=True)
    keeper.post(_path(day), data=form)

    [seat] = seats_of(day)
    mails = db.session.query(OutgoingMail).filter_by(to_address="alix.petit@exemple.fr").order_by(OutgoingMail.id).all()
    assert [mail.template for mail in mails] == ["checkout/order_placed", "registrations/seat_confirmed"]
    assert f"/inscriptions/{seat.secret}/" in mails[1].text
    assert "Alix Petit a pris pour vous" not in mails[1].text
    assert "Code qui ouvre la page d’Alix Petit" in shown.text
    assert f"/inscriptions/{seat.secret}/" in shown.text


def test_nobody_else_and_not_for_long_sees_the_way_to_that_page(client: FlaskClient, keeper: FlaskClient) -> None:
    day = make_open_day(1)
    passage = keeper.post(_path(day), data=_form(keeper, day)).headers["Location"]
    walked_in = seats_of(day)[0]

    with time_machine.travel(ARRIVAL + timedelta(minutes=15), tick=False):
        assert walked_in.secret not in keeper.get(passage).text
    sign_in(client, make_user(RoleName.DOOR))
    later = client.get(passage)

    assert "Alix Petit" in later.text
    assert walked_in.secret not in later.text


def test_a_phone_cannot_pass_a_scan_off_as_a_walk_in(keeper: FlaskClient) -> None:
    day = make_open_day(1)
    scan = {"key": "walk-in-1", "code": seats_of(day)[0].ticket_code, "at": ARRIVAL.isoformat()}

    assert keeper.post(f"{_path(day)[: -len('sur-place/')]}passages", json={"scans": [scan]}).status_code == 422
