"""The office's page on which an order is billed anew."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.french import siret
from eventsapp.invoices import queries as invoices
from eventsapp.orders.models import Order
from eventsapp.payments.statuses import InvoiceMoment
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import SIRET, place, seats
from tests.support.makers.payments import set_method
from tests.support.makers.study_days import make_study_day

pytestmark = pytest.mark.usefixtures("frozen")
FORM = {
    "organisation": "Ville d’Exemple",
    "siret": SIRET,
    "address": "2, quai de la Loire",
    "postcode": "44000",
    "city": "Nantes",
    "service_code": "FINANCES",
    "commitment_number": "EJ-2026-0417",
}


@pytest.fixture
def accountant(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def here(order: Order) -> str:
    return f"/organisation/commandes/{order.reference}/facturation/"


def hidden(page: str) -> dict[str, str]:
    """What the page would send by itself."""
    fields = [dict(re.findall(r'(\w+)="([^"]*)"', field)) for field in re.findall(r"<input [^>]*>", page)]
    return {field["name"]: field.get("value", "") for field in fields if field.get("type") == "hidden"}


def numbers(order: Order) -> list[str]:
    return [row.number for row in invoices.of_order(order.id)]


def test_what_will_happen_is_read_before_it_is_done_once(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))

    read = accountant.post(here(order), data=FORM)
    sent = hidden(read.text)
    before = numbers(order)
    done = accountant.post(here(order), data=FORM | sent | {"confirm": "1"})
    again = accountant.post(here(order), data=FORM | sent | {"confirm": "1"})

    assert sent["seen"] == "F-2026-00001"
    assert "reprend la facture F-2026-00001" in read.text
    assert "Elle est due le" in read.text
    assert before == ["F-2026-00001"]
    assert (done.status_code, again.status_code) == (303, 303)
    assert numbers(order) == ["F-2026-00001", "A-2026-00001", "F-2026-00002"]
    assert "F-2026-00002" in accountant.get(done.location).text


def test_a_form_in_which_nothing_changed_makes_no_credit_note(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    page = accountant.get(here(order)).text
    kept = {
        field["name"]: unescape(field.get("value", ""))
        for field in (dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input [^>]*>", page))
        if "name" in field
    }

    answer = accountant.post(here(order), data=kept)

    assert answer.status_code == 303
    assert "Rien n’a changé." in accountant.get(answer.location).text
    assert numbers(order) == ["F-2026-00001"]


def test_siret_and_postcode_are_read_and_kept_without_the_spaces_of_who_typed(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    typed = FORM | {"siret": f" {SIRET[:6]} {SIRET[6:9]}  {SIRET[9:]}", "postcode": "44 100"}

    read = accountant.post(here(order), data=typed)
    accountant.post(here(order), data=typed | hidden(read.text) | {"confirm": "1"})

    assert siret(SIRET) in read.text.replace("\u00a0", " ")
    assert "44 100" not in read.text.partition("<form")[0]
    said = invoices.content_of(invoices.of_order(order.id)[-1])
    assert (said.buyer.siret, said.buyer.postcode) == (SIRET, "44100")


def test_what_was_read_must_still_hold_when_it_is_confirmed(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    sent = hidden(accountant.post(here(order), data=FORM).text) | {"seen": "F-2026-00099"}

    answer = accountant.post(here(order), data=FORM | sent | {"confirm": "1"})

    assert answer.status_code == 409
    assert "relisez ce qui va se passer" in answer.text
    assert numbers(order) == ["F-2026-00001"]


def test_a_refusal_stands_beside_its_field_before_anything_is_confirmed(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))

    answer = accountant.post(here(order), data=FORM | {"vat_number": "FR12", "siret": ""})

    assert answer.status_code == 422
    assert 'id="vat_number-error"' in answer.text
    assert 'id="siret-error"' in answer.text


def test_before_the_invoice_it_is_kept_at_once(accountant: FlaskClient) -> None:
    set_method("transfer", invoice_at=InvoiceMoment.PAYMENT)
    order = place(seats(make_study_day()), payment_method="transfer")

    answer = accountant.post(here(order), data=FORM)

    assert answer.status_code == 303
    assert "2, quai de la Loire" in accountant.get(answer.location).text
    assert numbers(order) == []


def test_from_the_confirmation_one_goes_back_with_what_was_typed(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))

    answer = accountant.post(here(order), data=FORM | {"back": "1"})

    assert 'value="2, quai de la Loire"' in answer.text
    assert "Voici ce qui va se passer" not in answer.text


def test_an_invoice_that_waits_for_the_day_is_issued_by_its_button(accountant: FlaskClient) -> None:
    set_method("mandat", invoice_choice=True)
    order = place(seats(make_study_day()), invoice_at="delivery")
    page = f"/organisation/commandes/{order.reference}/"

    waiting = accountant.get(page).text
    done = accountant.post(f"{page}moment-de-la-facture/order/")
    late = accountant.post(f"{page}moment-de-la-facture/delivery/")

    assert "Elle part d’elle-même le lendemain de la dernière journée." in waiting
    assert "Facturer maintenant" in waiting
    assert (done.status_code, late.status_code) == (303, 303)
    assert numbers(order) == ["F-2026-00001"]
    assert "déjà facturée" in accountant.get(late.location).text
