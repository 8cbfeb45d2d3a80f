"""Correcting whom an order is billed to, before its invoice and after it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit.models import AuditEntry
from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import BillingChanged, BillingClosed
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.invoices import queries as invoices
from eventsapp.invoices import service as invoice_service
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.statuses import Check
from eventsapp.mandats import queries as mandats
from eventsapp.mandats.gateway import ByHand
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.mandats.values import Codes, PurchaseOrder
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing
from eventsapp.organisations.models import Organisation
from eventsapp.payments.statuses import InvoiceMoment
from tests.checkout.looking import PRIVATE, mails, pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import SIRET, place, seats
from tests.support.makers.payments import set_method
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("client", "frozen")

KEY = "page-of-the-office-1"
#: The SIRET of the Département de la Loire-Atlantique.
OTHER_SIRET = "22440002800011"
LATER = NOW + timedelta(days=3)


def kept(order: Order) -> Order:
    db.session.expire_all()
    return db.session.get_one(Order, order.id)


def elsewhere(order: Order, **values: str) -> Billing:
    return replace(orders.billing_of(order), **({"address": "2, quai de la Loire"} | values))


def anew(order: Order, billing: Billing, *, seen: str = "F-2026-00001", key: str = KEY, by: User | None = None) -> None:
    actor = by or make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        checkout.bill_anew(order.id, billing, seen=seen, form_key=key, actor=actor, now=LATER)


def papers_of(order: Order) -> list[tuple[str, str, int]]:
    """Number, street and amount of each paper."""
    return [(row.number, invoices.content_of(row).buyer.street, row.total_cents) for row in invoices.of_order(order.id)]


def test_the_invoice_is_taken_back_and_says_the_new_address_under_the_next_number() -> None:
    order = place(seats(make_study_day()))
    total = order.total_cents

    anew(order, elsewhere(order))

    assert papers_of(order) == [
        ("F-2026-00001", "1, place de la Mairie", total),
        ("A-2026-00001", "1, place de la Mairie", total),
        ("F-2026-00002", "2, quai de la Loire", total),
    ]
    first, note, last = invoices.of_order(order.id)
    said = invoices.content_of(note)
    assert said.credits is not None
    assert (said.credits.number, said.credits.issued_on) == (first.number, first.issued_on)
    assert said.reason == "Coordonnées de facturation corrigées"
    assert invoices.content_of(last).lines == invoices.content_of(first).lines
    assert (kept(order).billing_address, kept(order).due_on) == ("2, quai de la Loire", last.due_on)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "orders.billing")).one()
    assert entry.changes == {"billing_address": ["1, place de la Mairie", "2, quai de la Loire"]}


def test_the_same_page_sent_twice_makes_one_invoice() -> None:
    order = place(seats(make_study_day()))

    anew(order, elsewhere(order))
    anew(order, elsewhere(order, address="Ailleurs encore"))

    assert [number for number, _street, _cents in papers_of(order)] == ["F-2026-00001", "A-2026-00001", "F-2026-00002"]
    assert kept(order).billing_address == "2, quai de la Loire"


def test_what_was_seen_must_still_stand() -> None:
    order = place(seats(make_study_day()))
    anew(order, elsewhere(order))

    with pytest.raises(BillingChanged):
        anew(order, elsewhere(order, address="Ailleurs encore"), key="another-page-of-office")

    db.session.rollback()
    assert len(invoices.of_order(order.id)) == 3


def test_nothing_to_correct_makes_no_paper() -> None:
    order = place(seats(make_study_day()))

    anew(order, orders.billing_of(order))

    assert [number for number, _street, _cents in papers_of(order)] == ["F-2026-00001"]


def test_payments_stay_with_the_order_and_count_for_the_new_invoice() -> None:
    order = place(seats(make_study_day()), payment_method="cheque", billing=PRIVATE)
    pay(order, order.total_cents)

    anew(order, elsewhere(order, postcode="44100", city="Nantes"))

    last = invoices.of_order(order.id)[-1]
    assert invoices.content_of(last).is_paid
    assert (last.due_on, kept(order).balance_cents) == (None, 0)


def test_what_was_credited_before_is_not_invoiced_again() -> None:
    order, actor = place(seats(make_study_day())), make_user(RoleName.ACCOUNTANT)
    total = order.total_cents
    with unit_of_work.transaction():
        first = invoices.of_order(order.id)[0]
        checkout.credit_invoice(first, amount_cents=3333, reason="Geste", actor=actor, now=NOW)

    anew(order, elsewhere(order))

    first, part, rest, last = invoices.of_order(order.id)
    assert (part.total_cents, rest.total_cents, last.total_cents) == (3333, total - 3333, total - 3333)
    assert (last.net_cents, last.vat_cents) == (rest.net_cents, rest.vat_cents)
    assert first.net_cents == part.net_cents + rest.net_cents


@pytest.mark.usefixtures("believed")
def test_one_mail_brings_both_papers_once_their_files_are_made() -> None:
    order = place(seats(make_study_day()))
    invoice_service.finish_due(now=NOW)
    before = len(mails())

    anew(order, elsewhere(order, email="Factures@ville-exemple.fr"))
    invoice_service.finish_due(now=LATER)
    invoice_service.finish_due(now=LATER)

    assert [mail for mail in mails()[before:] if mail[0].startswith("invoices/")] == [
        ("invoices/billed_anew", "factures@ville-exemple.fr")
    ]
    rows = db.session.scalars(sa.select(Invoice).order_by(Invoice.id)).all()
    assert [(row.check, row.sent_at is not None) for row in rows] == [(Check.VALID, True)] * 3


def test_a_dossier_that_was_deposited_goes_back_to_before_its_deposit() -> None:
    order, actor = place(seats(make_study_day())), make_user(RoleName.ACCOUNTANT)
    codes = Codes(siret=SIRET, service_code="FINANCES", commitment_number="EJ-2026-0417")
    with unit_of_work.transaction():
        checkout.complete_mandat(order.id, codes=codes, brought=PurchaseOrder(number="BC-12"), now=NOW)
    with unit_of_work.transaction():
        checkout.deposit_mandat(order.id, ByHand(number="CPP-77", deposited_on=NOW.date()), actor=actor, now=NOW)

    anew(order, elsewhere(order))

    found = mandats.of_order(order.id)
    assert found is not None
    assert (found.status, found.deposit_number, found.deposited_on) == (MandatStatus.RECEIVED, "", None)


def test_another_siret_is_another_body_whose_number_goes_on_the_paper() -> None:
    order = place(seats(make_study_day()))

    anew(order, elsewhere(order, organisation="Département", siret="224 400 028 00011", vat_number="fr40 303 265 045"))

    found = db.session.get_one(Organisation, kept(order).organisation_id)
    buyer = invoices.content_of(invoices.of_order(order.id)[-1]).buyer
    assert (found.siret, found.name) == (OTHER_SIRET, "Département")
    assert (buyer.siret, buyer.vat_number) == (OTHER_SIRET, "FR40303265045")


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"siret": "22440002800012"}, "/siret"),
        ({"siret": ""}, "/siret"),
        ({"organisation": ""}, "/organisation"),
        ({"city": ""}, "/city"),
        ({"vat_number": "FR00"}, "/vat_number"),
    ],
)
def test_what_cannot_be_billed_is_refused_by_its_field(values: dict[str, str], pointer: str) -> None:
    order = place(seats(make_study_day()))

    with pytest.raises(Invalid) as refused:
        anew(order, elsewhere(order, **values))

    assert pointer in refused.value.errors
    db.session.rollback()
    assert len(invoices.of_order(order.id)) == 1


def test_before_the_invoice_the_buyer_changes_the_order_alone() -> None:
    set_method("transfer", invoice_at=InvoiceMoment.PAYMENT)
    order = place(seats(make_study_day()), payment_method="transfer")

    with unit_of_work.transaction():
        checkout.correct_billing(order.id, elsewhere(order), now=NOW)

    assert (kept(order).billing_address, invoices.of_order(order.id)) == ("2, quai de la Loire", [])
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "orders.billing")).one()
    assert entry.actor_label == "Dominique Martin"


def test_after_the_invoice_the_buyer_is_sent_to_the_office() -> None:
    order = place(seats(make_study_day()))

    with pytest.raises(BillingClosed):
        checkout.correct_billing(order.id, elsewhere(order), now=NOW)
