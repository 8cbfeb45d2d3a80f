"""A new way to pay, from the office's form to the money: « Virement à 45 jours »."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.dunning import service as dunning
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.study_days.models import StudyDay
from tests.checkout.web.sending import MANDAT
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.pages import Page

MODES = "/organisation/reglements/modes/"
#: 45 days after the order, and the last of the five days of grace.
DUE, TOLERATED = date(2027, 1, 7), date(2027, 1, 12)

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.by_turns]


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


@pytest.fixture
def visitor(office: FlaskClient) -> FlaskClient:
    """Somebody else, in another browser."""
    return office.application.test_client()


def make_the_method(office: FlaskClient) -> None:
    """Duplicate « Virement », change what must change, save."""
    copy = Page(office.get(f"{MODES}nouveau/?modele=transfer").text).fields
    changed = {
        "name": "Virement à 45 jours",
        "name_en": "Transfer in 45 days",
        "delay_label": "à 45 jours",
        "delay_label_en": "in 45 days",
        "summary": "Vous recevez le RIB. Le virement est attendu sous 45 jours.",
        "summary_en": "You receive our bank details. The transfer is awaited within 45 days.",
        "payment_days": "45",
    }
    data = copy | changed | {"shown_details": ["payee", "iban", "bic"]}
    assert office.post(f"{MODES}nouveau/", data=data).status_code == 303
    assert "«\u00a0Virement à 45 jours\u00a0» est enregistré." in office.get(MODES).text


def order_by_it(visitor: FlaskClient, day: StudyDay) -> Order:
    """Choose it on the registration form and follow the way to the order's page."""
    form = visitor.get(f"/journees/{day.slug}/inscription/")
    choice = re.search(r'value="([^"]+)"[^>]*>\s*<span class="choice-name">Virement à 45 jours', form.text)
    assert choice is not None
    placed = visitor.post(f"/journees/{day.slug}/inscription/", data=MANDAT | {"payment_method": choice[1]})
    assert placed.status_code == 303
    page = visitor.get(placed.location).text
    assert "Vos places sont confirmées" in page
    assert "À régler\u00a0: 621,00\u00a0€, virement à 45 jours" in page
    assert "jeudi 7\u00a0janvier 2027" in page
    assert "FR76 3000 6000 0112 3456 7890 189" in page
    return db.session.scalars(sa.select(Order)).one()


def test_a_method_of_the_office_s_own_is_ordered_by_awaited_and_paid(office: FlaskClient, visitor: FlaskClient) -> None:
    day = make_study_day()
    make_the_method(office)

    order = order_by_it(visitor, day)

    assert (order.due_on, order.tolerated_until) == (DUE, TOLERATED)
    mail = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.template == "checkout/order_placed")).one()
    assert "Pour régler : Virement à 45 jours" in mail.text.replace("\u00a0", " ")
    assert "jeudi 7\u00a0janvier 2027" in mail.text

    in_office = office.get(f"/organisation/commandes/{order.reference}/").text
    assert "Virement à 45 jours : la promesse suffit" in in_office.replace("\u00a0", " ")
    assert "7\u00a0janvier 2027" in in_office
    listed = office.get(f"/organisation/commandes/?reglement={order.payment_method}").text
    assert order.reference in listed
    assert "1 commande garde ses dates" in office.get(f"{MODES}{order.payment_method}/").text

    late(office, order)
    pay(office, order)


def late(office: FlaskClient, order: Order) -> None:
    """The grace is silent; the day after it is late; the reminder copied with the method goes."""
    for day, shown in ((DUE + timedelta(days=1), False), (TOLERATED, False), (TOLERATED + timedelta(days=1), True)):
        with time_machine.travel(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), tick=False):
            # Signed in weeks ago: the session is over.
            sign_in(office, make_user(RoleName.ACCOUNTANT))
            for address in ("/organisation/commandes/?etat=retard", "/organisation/relances/"):
                assert (order.reference in office.get(address).text) is shown, (day, address)
    first = TOLERATED + timedelta(days=5)
    with time_machine.travel(datetime(first.year, first.month, first.day, 9, tzinfo=UTC), tick=False):
        assert dunning.remind_due(now=clock.now()) == 1
    sign_in(office, make_user(RoleName.ACCOUNTANT))


def pay(office: FlaskClient, order: Order) -> None:
    """Record the transfer under its own method, with the label that the office gave to its reference."""
    address = f"/organisation/commandes/{order.reference}/reglement/"
    form = office.get(address)
    fields = Page(form.text).fields
    assert fields["method"] == "virement-a-45-jours"
    assert "Virement à 45 jours : référence du virement" in form.text.replace("\u00a0", " ")

    sent = fields | {"received_on": NOW.date().isoformat(), "reference": "VIR 45"}
    assert office.post(address, data=sent).status_code == 303

    assert "Tout est réglé." in office.get(f"/organisation/commandes/{order.reference}/").text
