"""The dossier of a public body, from its order to its payment."""

from datetime import UTC, datetime, timedelta

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.files.errors import FileRefused
from eventsapp.invoices import queries as invoices
from eventsapp.mandats import queries
from eventsapp.mandats.errors import DossierClosed, IllegalStep, NotReadyForDeposit
from eventsapp.mandats.gateway import ByHand
from eventsapp.mandats.models import MandatDossier
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.mandats.values import Codes, PurchaseOrder
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing
from eventsapp.organisations import queries as organisations
from eventsapp.organisations import service as organisation_service
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions import queries as subscriptions
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import SIRET, a_request, an_attendee, place, seats, subscription
from tests.support.makers.payments import set_method
from tests.support.makers.study_days import NOW, hold, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("client", "frozen")

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
KEPT = Codes(siret=SIRET, service_code="FINANCES", commitment_number="EJ-2026-0417")
DEPOSIT = ByHand(number="CPP-77", deposited_on=NOW.date())


def dossier_of(order: Order) -> MandatDossier:
    db.session.expire_all()
    found = queries.of_order(order.id)
    assert found is not None
    return found


def complete(order: Order, codes: Codes = KEPT, brought: PurchaseOrder | None = None) -> None:
    with unit_of_work.transaction():
        checkout.complete_mandat(order.id, codes=codes, brought=brought, now=NOW)


def accountant() -> User:
    return make_user(RoleName.ACCOUNTANT)


def deposited(order: Order, actor: User) -> None:
    with unit_of_work.transaction():
        checkout.deposit_mandat(order.id, DEPOSIT, actor=actor, now=NOW)


def test_an_order_by_mandat_awaits_its_purchase_order_and_one_by_cheque_has_no_dossier() -> None:
    day = make_study_day()

    by_mandat, by_cheque = place(seats(day)), place(seats(day, an_attendee(2)), payment_method="cheque")

    assert dossier_of(by_mandat).status is MandatStatus.AWAITED
    assert queries.of_order(by_cheque.id) is None


def test_the_whole_way_is_walked_and_money_ends_it() -> None:
    order, actor = place(seats(day := make_study_day())), accountant()

    complete(order, brought=PurchaseOrder(number="BC-12", data=PDF, file_name="bon.pdf"))
    hold(day)
    with unit_of_work.transaction():
        checkout.move_mandat(order.id, MandatStatus.SERVICE_DONE, actor=actor, now=NOW)
    deposited(order, actor)
    pay(order, order.total_cents, now=NOW + timedelta(days=45))

    found = dossier_of(order)
    assert (found.status, found.purchase_order_number, found.deposit_number) == (MandatStatus.PAID, "BC-12", "CPP-77")
    assert found.purchase_order_file is not None
    assert found.purchase_order_file.name == "bon.pdf"


def test_corrected_codes_take_the_invoice_back_and_issue_it_anew() -> None:
    order = place(seats(make_study_day()))

    complete(order, Codes(siret=SIRET, service_code="DRH", commitment_number="EJ-NOUVEAU"))

    said = [(row.kind, invoices.content_of(row).buyer.commitment_number) for row in invoices.of_order(order.id)]
    assert said == [("invoice", "EJ-2026-0417"), ("credit_note", "EJ-2026-0417"), ("invoice", "EJ-NOUVEAU")]
    standing = invoices.standing_invoice(order.id)
    assert standing is not None
    assert standing.number == "F-2026-00002"


def test_codes_that_stay_leave_the_invoice_alone() -> None:
    order = place(seats(make_study_day()))

    complete(order, brought=PurchaseOrder(number="BC-12"))

    assert [row.number for row in invoices.of_order(order.id)] == ["F-2026-00001"]


def test_after_the_deposit_nothing_changes_until_it_is_rejected() -> None:
    order, actor = place(seats(make_study_day())), accountant()
    complete(order, brought=PurchaseOrder(number="BC-12"))
    deposited(order, actor)

    with pytest.raises(DossierClosed):
        complete(order, Codes(siret=SIRET, commitment_number="EJ-TARD"))
    db.session.rollback()
    with unit_of_work.transaction():
        checkout.reject_mandat(order.id, reason="Engagement inconnu", actor=actor, now=NOW)
    complete(order, Codes(siret=SIRET, commitment_number="EJ-TARD"))
    deposited(order, actor)

    assert dossier_of(order).status is MandatStatus.DEPOSITED
    assert db.session.get_one(Order, order.id).commitment_number == "EJ-TARD"


def test_steps_out_of_order_are_refused() -> None:
    order, actor = place(seats(make_study_day())), accountant()

    with pytest.raises(IllegalStep):
        deposited(order, actor)
    db.session.rollback()
    with pytest.raises(IllegalStep), unit_of_work.transaction():
        checkout.move_mandat(order.id, MandatStatus.SERVICE_DONE, actor=actor, now=NOW)

    assert dossier_of(order).status is MandatStatus.AWAITED


def move(order: Order, to: MandatStatus, actor: User, *, now: datetime = NOW) -> None:
    with unit_of_work.transaction():
        checkout.move_mandat(order.id, to, actor=actor, now=now)


def refused(order: Order, to: MandatStatus, actor: User, *, now: datetime = NOW) -> str:
    with pytest.raises(IllegalStep) as refusal:
        move(order, to, actor, now=now)
    return refusal.value.message.replace("\u00a0", " ")


def test_the_service_is_not_done_before_the_last_day_of_the_order_is_over() -> None:
    set_method("mandat", invoice_choice=False, invoice_at=InvoiceMoment.DELIVERY)
    first, last = make_study_day(), make_study_day(starts_at=datetime(2027, 3, 10, 8, tzinfo=UTC))
    order, actor = place(seats(first), seats(last)), accountant()
    complete(order, brought=PurchaseOrder(number="BC-12"))

    said = refused(order, MandatStatus.SERVICE_DONE, actor, now=last.ends_at - timedelta(minutes=1))

    assert "10 mars 2027" in said
    assert (dossier_of(order).status, invoices.of_order(order.id)) == (MandatStatus.RECEIVED, [])
    move(order, MandatStatus.SERVICE_DONE, actor, now=last.ends_at)
    assert len(invoices.of_order(order.id)) == 1


def test_the_service_of_a_day_put_off_is_not_done() -> None:
    day = make_study_day()
    order, actor = place(seats(day)), accountant()
    complete(order, brought=PurchaseOrder(number="BC-12"))
    hold(day)
    day.status = StudyDayStatus.POSTPONED
    db.session.commit()

    assert "reportée" in refused(order, MandatStatus.SERVICE_DONE, actor)


def test_the_service_of_a_subscription_alone_begins_with_it() -> None:
    order, actor = place(subscription(make_plan())), accountant()
    complete(order, brought=PurchaseOrder(number="BC-12"))
    (contract,) = subscriptions.standing_of_order(order.id)
    contract.starts_on = NOW.date() + timedelta(days=8)
    db.session.commit()

    assert "1er décembre 2026" in refused(order, MandatStatus.SERVICE_DONE, actor)
    move(order, MandatStatus.SERVICE_DONE, actor, now=NOW + timedelta(days=8))
    assert dossier_of(order).status is MandatStatus.SERVICE_DONE


def test_a_service_noted_by_mistake_is_taken_back_unless_the_step_issued_the_invoice() -> None:
    day = make_study_day()
    invoiced_before, actor = place(seats(day)), accountant()
    set_method("mandat", invoice_choice=False, invoice_at=InvoiceMoment.DELIVERY)
    invoiced_by_it = place(seats(day, an_attendee(2)))
    for order in (invoiced_before, invoiced_by_it):
        complete(order, brought=PurchaseOrder(number="BC-12"))
    hold(day)
    for order in (invoiced_before, invoiced_by_it):
        move(order, MandatStatus.SERVICE_DONE, actor, now=NOW + timedelta(hours=1))

    move(invoiced_before, MandatStatus.RECEIVED, actor, now=NOW + timedelta(hours=2))
    said = refused(invoiced_by_it, MandatStatus.RECEIVED, actor, now=NOW + timedelta(hours=2))

    found = dossier_of(invoiced_before)
    assert (found.status, found.service_done_at) == (MandatStatus.RECEIVED, None)
    assert "avoir" in said
    assert dossier_of(invoiced_by_it).status is MandatStatus.SERVICE_DONE
    (invoice,) = invoices.of_order(invoiced_by_it.id)
    with unit_of_work.transaction():
        checkout.credit_invoice(invoice, redo=True, reason="Trop tôt", actor=actor, now=NOW + timedelta(hours=3))
    move(invoiced_by_it, MandatStatus.RECEIVED, actor, now=NOW + timedelta(hours=4))
    assert dossier_of(invoiced_by_it).status is MandatStatus.RECEIVED


def test_only_the_service_is_taken_back_by_that_step() -> None:
    order, actor = place(seats(make_study_day())), accountant()

    assert refused(order, MandatStatus.RECEIVED, actor)
    complete(order, brought=PurchaseOrder(number="BC-12"))
    assert refused(order, MandatStatus.RECEIVED, actor)
    deposited(order, actor)
    assert refused(order, MandatStatus.RECEIVED, actor)


def test_a_file_is_looked_into_whatever_it_is_called() -> None:
    order = place(seats(make_study_day()))

    with pytest.raises(FileRefused):
        complete(order, brought=PurchaseOrder(data=b"MZ\x90\x00programme", file_name="bon.pdf"))

    db.session.rollback()
    assert dossier_of(order).status is MandatStatus.AWAITED


def test_what_the_body_requires_is_asked_at_its_next_order_and_before_the_deposit() -> None:
    day, actor = make_study_day(), accountant()
    bare = Billing(
        organisation="Ville d’Exemple", siret=SIRET, address="1, place de la Mairie", postcode="44000", city="Nantes"
    )
    order = place(seats(day), billing=bare)
    complete(order, Codes(siret=SIRET), PurchaseOrder(number="BC-12"))
    body = organisations.by_siret(SIRET)
    assert body is not None
    with unit_of_work.transaction():
        organisation_service.save_requirements(
            db.session.merge(body), service_code=False, commitment_number=True, actor=actor, now=NOW
        )

    with pytest.raises(Invalid) as asked, unit_of_work.transaction():
        checkout.place_order(a_request(seats(day, an_attendee(2)), billing=bare), now=NOW)
    db.session.rollback()
    with pytest.raises(NotReadyForDeposit):
        deposited(order, actor)

    assert list(asked.value.errors) == ["/customer/organisation/commitment_number"]
