"""When an order is invoiced, and that cancelling takes the invoice back."""

from datetime import timedelta
from typing import Any

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived, Subscription
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.errors import NothingToInvoice, NotInvoiceable
from eventsapp.invoices.statuses import DocumentKind, Nature
from eventsapp.invoices.values import Place
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.mandats.values import Codes, PurchaseOrder
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.orders.values import Billing
from eventsapp.organisations.statuses import CustomerKind
from eventsapp.payments import queries as payments
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.subscriptions.statuses import Edition
from eventsapp.subscriptions.values import Delivery
from tests.checkout.looking import PRIVATE, pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import SIRET, an_attendee, place, seats, subscription
from tests.support.makers.payments import set_method
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")

COMPANY = "73282932000074"


def numbers(order: Order) -> list[tuple[str, int]]:
    return [(invoice.number, invoice.total_cents) for invoice in invoices.of_order(order.id)]


@pytest.mark.parametrize("method", ["mandat", "cheque", "transfer"])
def test_who_pays_later_has_the_invoice_with_the_order(method: str) -> None:
    day = make_study_day()
    order = place(seats(day), payment_method=method)

    (invoice,) = invoices.of_order(order.id)

    said = invoices.content_of(invoice)
    assert (invoice.number, said.total_cents, said.nature) == ("F-2026-00001", order.total_cents, Nature.SERVICES)
    assert (said.supplied_from, said.supplied_to) == (day.date, day.last_date)
    assert said.due_on == order.due_on
    assert said.paid_cents == 0


def test_a_card_has_its_invoice_when_it_is_paid_and_only_once() -> None:
    order = place(
        seats(make_study_day(), an_attendee(1)), subscription(make_plan(edition=Edition.BOTH)), payment_method="card"
    )
    before = numbers(order)
    pay(order, order.total_cents - 1, gateway_reference="pi_1")
    partly = numbers(order)
    pay(order, 1, gateway_reference="pi_2")
    pay(order, 100, gateway_reference="pi_3")

    (invoice,) = invoices.of_order(order.id)

    said = invoices.content_of(invoice)
    assert (before, partly) == ([], [])
    assert (said.paid_cents, said.due_cents, said.due_on) == (order.total_cents, 0, None)
    assert (said.payment_means, said.nature) == ("48", Nature.MIXED)


def test_cancelling_takes_the_invoice_back() -> None:
    order = place(seats(make_study_day()))
    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="Agent muté", actor=make_user(RoleName.ORGANISER), now=NOW)

    assert numbers(order) == [("F-2026-00001", order.total_cents), ("A-2026-00001", order.total_cents)]
    note = invoices.of_order(order.id)[1]
    assert (note.kind, note.reason) == (DocumentKind.CREDIT_NOTE, "Agent muté")
    assert not invoices.is_invoiced(order.id)


def test_the_office_invoices_early_and_once() -> None:
    set_method("transfer", invoice_at=InvoiceMoment.PAYMENT)
    order = place(seats(make_study_day()), payment_method="transfer")
    actor = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        invoice = checkout.invoice_order(order.id, actor=actor, now=NOW)

    assert numbers(order) == [(invoice.number, order.total_cents)]
    with pytest.raises(NothingToInvoice):
        checkout.invoice_order(order.id, actor=actor, now=NOW)


def test_what_is_invoiced_after_the_day_is_due_from_its_invoice_on() -> None:
    payments.method("mandat").invoice_at = InvoiceMoment.DELIVERY
    day = make_study_day()
    order, later = place(seats(day)), NOW + timedelta(days=100)
    before = order.due_on
    codes = Codes(siret=order.siret, service_code=order.service_code, commitment_number=order.commitment_number)
    with unit_of_work.transaction():
        checkout.complete_mandat(order.id, codes=codes, brought=PurchaseOrder(number="BC-12"), now=NOW)
    assert numbers(order) == []

    with unit_of_work.transaction():
        checkout.move_mandat(order.id, MandatStatus.SERVICE_DONE, actor=make_user(RoleName.ACCOUNTANT), now=later)

    (invoice,) = invoices.of_order(order.id)
    assert before == day.last_date + timedelta(days=30)
    assert invoice.due_on == order.due_on == (later + timedelta(days=30)).date()
    assert invoices.content_of(invoice).buyer.purchase_order == "BC-12"


@pytest.mark.parametrize(
    ("siret", "method", "code"),
    [
        (SIRET, "mandat", "R2192-31"),
        (SIRET, "transfer", "R2192-31"),
        (COMPANY, "transfer", "L441-10"),
        (COMPANY, "mandat", "R2192-31"),
    ],
)
def test_late_payment_is_priced_by_the_code_that_the_buyer_is_under(siret: str, method: str, code: str) -> None:
    billing = Billing(organisation="Exemple", siret=siret, address="1, rue", postcode="44000", city="Nantes")
    order = place(seats(make_study_day()), payment_method=method, billing=billing)

    (invoice,) = invoices.of_order(order.id)

    assert code in invoices.content_of(invoice).terms.late_penalty


def test_a_seat_that_is_only_held_is_not_invoiced() -> None:
    order = place(seats(make_study_day()), payment_method="card")

    with pytest.raises(NotInvoiceable):
        checkout.invoice_order(order.id, actor=make_user(RoleName.ACCOUNTANT), now=NOW)


def test_an_invoice_of_a_held_seat_goes_when_the_seat_goes() -> None:
    order = place(seats(make_study_day()), payment_method="card")
    # As one was issued when a held seat could still be invoiced.
    actor = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        orders.lock(order.id).status = OrderStatus.CONFIRMED
        db.session.flush()
        checkout.invoice_order(order.id, actor=actor, now=NOW)
        orders.lock(order.id).status = OrderStatus.PENDING

    checkout.expire_due(now=NOW + timedelta(hours=1))

    assert numbers(order) == [("F-2026-00001", 62100), ("A-2026-00001", 62100)]


def test_an_invoice_says_how_the_order_was_paid_in_the_end() -> None:
    order = place(seats(make_study_day()), payment_method="card")
    with unit_of_work.transaction():
        for method, cents in (("transfer", 60000), ("cheque", 2100)):
            money = MoneyReceived(method=method, amount_cents=cents, reference="1")
            checkout.settle(order.id, money, received_on=NOW.date() - timedelta(days=3), now=NOW)

    said = invoices.content_of(invoices.of_order(order.id)[0])

    assert (said.payment_means, said.payment_label) == ("30", "Virement et Chèque bancaire")
    assert said.paid_on == NOW.date() - timedelta(days=3)


def test_no_number_is_dated_before_the_one_before_it() -> None:
    early, late = NOW, NOW + timedelta(hours=20)
    first = place(seats(make_study_day()), now=late)

    # A sweep that began before midnight takes its number after somebody who came later.
    second = place(seats(make_study_day()), now=early)

    dates = [invoices.of_order(order.id)[0].issued_on for order in (first, second)]
    assert dates == [late.date(), late.date()]
    assert invoices.content_of(invoices.of_order(second.id)[0]).issued_on == late.date()
    with unit_of_work.transaction():
        note = checkout.cancel_order(second.id, reason="A", actor=make_user(RoleName.ORGANISER), now=early)
    assert invoices.of_order(note.id)[1].issued_on == late.date()


@pytest.mark.parametrize(
    ("values", "kind", "fee"),
    [
        ({}, CustomerKind.PUBLIC, "D2192-35"),
        ({"payment_method": "cheque", "billing": PRIVATE}, CustomerKind.PERSON, "Aucune indemnité"),
        (
            {
                "payment_method": "cheque",
                "billing": Billing(
                    organisation="Exemple SA", siret=COMPANY, address="1, rue", postcode="44000", city="Nantes"
                ),
            },
            CustomerKind.COMPANY,
            "40 €",
        ),
    ],
)
def test_an_invoice_says_who_buys_and_asks_no_fixed_fee_of_a_person(
    values: dict[str, Any], kind: CustomerKind, fee: str
) -> None:
    order = place(seats(make_study_day()), **values)

    (invoice,) = invoices.of_order(order.id)

    content = invoices.content_of(invoice)
    assert (invoice.customer_kind, content.buyer.kind) == (kind, kind)
    assert fee in content.terms.recovery_fee
    assert ("40 €" in content.terms.recovery_fee) is (kind is not CustomerKind.PERSON)


def test_a_magazine_that_goes_elsewhere_than_its_invoice_says_where_and_its_credit_note_too() -> None:
    library = Delivery(name="Médiathèque", address="4, rue des Livres", postcode="44100", city="Nantes")
    plan = make_plan(edition=Edition.BOTH)
    order = place(Subscription(plan=plan.slug, delivery=library))
    same = place(subscription(plan))

    (invoice,), (other,) = invoices.of_order(order.id), invoices.of_order(same.id)
    with unit_of_work.transaction():
        note = checkout.credit_invoice(
            invoice, amount_cents=100, reason="Geste", actor=make_user(RoleName.ACCOUNTANT), now=NOW
        )
        assert invoices.content_of(note).delivered_to == invoices.content_of(invoice).delivered_to

    assert invoices.content_of(invoice).delivered_to == Place(
        name="Médiathèque", street="4, rue des Livres", postcode="44100", city="Nantes"
    )
    assert invoices.content_of(other).delivered_to is None
