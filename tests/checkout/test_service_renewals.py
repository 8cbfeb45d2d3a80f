"""Renewing: from the present end, by whoever pays first, once; and what becomes of the other order."""

import re
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import queries, service
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.models import QuoteRecord
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.orders.values import Billing, Buyer
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions import service as subscription_service
from eventsapp.subscriptions.errors import AlreadyRenewed, NotRenewable
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractKind, ContractStatus, Edition
from eventsapp.subscriptions.values import Delivery, Reader
from tests.checkout.looking import PRIVATE, mails, pay
from tests.subscriptions.looking import contract_of
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import SIRET, a_gift, a_renewal, place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_contract, make_plan

TODAY = NOW.date()
READER = "lectrice@exemple.fr"

pytestmark = pytest.mark.usefixtures("client", "frozen")


def _renew(contract: Contract, *, method: str = "card", now: datetime = NOW, **values: object) -> Order:
    given = {"payment_method": method, "billing": PRIVATE, "buyer": _buyer(READER)}
    return place(a_renewal(contract), now=now, **given | values)


def _buyer(email: str) -> Buyer:
    return Buyer(email=email, first_name="Agnès", last_name="Delcourt")


def _running(**values: object) -> Contract:
    plan = values.pop("plan", None) or make_plan()
    return make_contract(READER, plan=plan, **values)


def _loaded(contract: Contract) -> Contract:
    found = subscriptions.contract(contract.id)
    assert found is not None
    return found


def _now(order: Order) -> Order:
    db.session.expire_all()
    found = orders.by_reference(order.reference)
    assert found is not None
    return found


def _alerts() -> list[str]:
    """The references that the office's tab of money to give back shows."""
    described = orders.order_list(today=TODAY, methods={})
    state = next(state for state in described.states if state.key == "a-rembourser")
    return [row.reference for row in db.session.scalars(sa.select(Order).where(state.where))]  # type: ignore[arg-type]


def test_renewed_before_its_end_it_goes_on_the_day_after_and_loses_none() -> None:
    contract = _running()
    order = _renew(contract)
    pay(order, order.total_cents)

    renewal = contract_of(order)
    assert (renewal.starts_on, renewal.ends_on) == (date(2027, 6, 1), date(2028, 5, 31))
    assert (renewal.renews_id, renewal.email, renewal.kind) == (contract.id, READER, ContractKind.PAID)


def test_renewed_after_its_end_it_begins_today() -> None:
    contract = _running(starts_on=date(2025, 6, 1), ends_on=date(2026, 5, 31), status=ContractStatus.EXPIRED)
    order = _renew(contract)
    pay(order, order.total_cents)

    assert (contract_of(order).starts_on, contract_of(order).ends_on) == (TODAY, date(2027, 11, 22))


def test_another_plan_goes_on_from_the_same_end() -> None:
    contract, other = _running(), make_plan(months=24, edition=Edition.BOTH)
    order = place(a_renewal(contract, other), payment_method="card", billing=PRIVATE)
    pay(order, order.total_cents)

    assert (contract_of(order).starts_on, contract_of(order).ends_on) == (date(2027, 6, 1), date(2029, 5, 31))


def test_the_reader_stays_whoever_pays() -> None:
    contract = _running()
    order = _renew(contract, buyer=_buyer("ami@exemple.fr"))
    pay(order, order.total_cents)

    assert contract_of(order).email == READER


def test_an_accepted_gift_is_renewed_by_its_reader() -> None:
    order = place(a_gift(make_plan()), payment_method="mandat")
    gift = next(iter(subscriptions.gifts_of(subscriptions.contracts_of_order(order.id)).values()))
    with unit_of_work.transaction():
        reader = Reader(email=READER, delivery=Delivery())
        subscription_service.redeem(gift.secret, reader=reader, locale="fr", now=NOW)
    contract = _loaded(contract_of(order))

    known = queries.known_for_renewal(contract)
    renewed = _renew(contract)
    pay(renewed, renewed.total_cents)

    assert (known.buyer.email, known.buyer.last_name, known.billing) == (READER, "", Billing())
    assert contract_of(renewed).starts_on == date(2027, 11, 23)


def test_what_is_known_of_the_order_is_filled_in_but_the_number_of_one_purchase() -> None:
    order = place(subscription(make_plan()), payment_method="mandat")
    contract = _loaded(contract_of(order))

    known = queries.known_for_renewal(contract)

    assert (known.billing.siret, known.billing.service_code, known.billing.commitment_number) == (SIRET, "FINANCES", "")
    assert (known.buyer.email, known.payment_method, known.delivery.city) == (order.email, "mandat", "Nantes")


def test_nothing_of_a_friend_who_paid_is_the_readers_to_see() -> None:
    first = _renew(_running(), buyer=_buyer("ami@exemple.fr"))
    pay(first, first.total_cents)
    contract = _loaded(contract_of(first))

    known = queries.known_for_renewal(contract)

    assert (known.buyer, known.payment_method) == (Buyer(email=READER, first_name="", last_name=""), "")


@pytest.mark.parametrize(
    "values",
    [
        {"status": ContractStatus.CANCELLED},
        {"status": ContractStatus.PENDING},
        {"status": ContractStatus.PENDING, "starts_on": None, "ends_on": None},
    ],
)
def test_what_has_no_end_to_go_on_from_is_not_renewed(values: dict[str, object]) -> None:
    with pytest.raises(NotRenewable):
        _renew(_running(**values))


def test_what_is_renewed_is_not_renewed_again() -> None:
    contract = _running()
    pay(first := _renew(contract), first.total_cents)

    with pytest.raises(AlreadyRenewed) as refused:
        _renew(contract)
    assert "31 mai 2028" in refused.value.message.replace("\N{NO-BREAK SPACE}", " ")


def test_a_renewal_is_ordered_alone() -> None:
    contract = _running()

    with pytest.raises(Invalid) as refused:
        place(a_renewal(contract), seats(make_study_day()), payment_method="card", billing=PRIVATE)
    assert set(refused.value.errors) == {"/items"}


def test_ordered_anew_from_the_basket_it_goes_on_too_and_the_chain_says_so() -> None:
    contract = _running(plan=(plan := make_plan()))
    order = place(subscription(plan), payment_method="card", billing=PRIVATE, buyer=_buyer(READER))
    pay(order, order.total_cents)

    assert (contract_of(order).starts_on, contract_of(order).renews_id) == (date(2027, 6, 1), contract.id)


def test_paid_by_card_and_by_cheque_under_two_orders_it_is_extended_once_and_the_second_is_to_be_given_back() -> None:
    contract = _running()
    by_cheque, by_card = _renew(contract, method="cheque"), _renew(contract)
    pay(by_card, by_card.total_cents)
    pay(by_cheque, by_cheque.total_cents)

    assert (contract_of(by_card).starts_on, contract_of(by_card).status) == (date(2027, 6, 1), ContractStatus.ACTIVE)
    assert (contract_of(by_cheque).starts_on, contract_of(by_cheque).status) == (None, ContractStatus.CANCELLED)
    second = _now(by_cheque)
    assert (second.status, second.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.OVERPAID)
    assert second.paid_without_seat
    assert _alerts() == [by_cheque.reference]
    # Its invoice, issued with the order, is taken back.
    assert [row.kind for row in invoices.of_order(second.id)] == [DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE]
    assert broken() == []


def test_numbers_are_taken_after_every_reader_though_the_first_order_is_taken_back() -> None:
    contract = _running()
    by_cheque, by_card = _renew(contract, method="cheque"), _renew(contract)
    pay(by_card, by_card.total_cents)
    later = place(subscription(make_plan()), payment_method="card", billing=PRIVATE, buyer=_buyer("zoe@exemple.fr"))
    shares = {
        order.id: MoneyReceived(method="transfer", amount_cents=order.total_cents) for order in (by_cheque, later)
    }
    taken: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found = re.search(r"UPDATE number_series|INTO users", statement)
        taken.extend([found[0]] if found else [])

    connection = db.session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        with unit_of_work.transaction():
            service.settle_together(shares, received_on=TODAY, now=NOW)
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)

    # A reader, then the credit note of the first and the invoice of the second.
    assert taken[0] == "INTO users"
    assert set(taken[1:]) == {"UPDATE number_series"}
    assert _now(by_cheque).status is OrderStatus.CANCELLED
    assert contract_of(later).status is ContractStatus.ACTIVE


def test_paid_by_card_and_by_cheque_under_one_order_it_is_extended_once_and_too_much_is_shown() -> None:
    contract = _running()
    order = _renew(contract)
    pay(order, order.total_cents, gateway_reference="pi_1")
    pay(order, order.total_cents, reference="0001234", surely_too_much=True)

    assert (contract_of(order).starts_on, contract_of(order).ends_on) == (date(2027, 6, 1), date(2028, 5, 31))
    assert _now(order).payment_status is PaymentStatus.OVERPAID
    assert _alerts() == [order.reference]


def test_a_promise_that_would_buy_nothing_is_cancelled_and_its_buyer_told_once() -> None:
    contract = _running()
    by_cheque, by_card = _renew(contract, method="cheque"), _renew(contract)
    assert service.cancel_superseded(now=NOW) == 0
    pay(by_card, by_card.total_cents)

    assert [service.cancel_superseded(now=NOW) for _time in range(2)] == [1, 0]

    assert _now(by_cheque).status is OrderStatus.CANCELLED
    assert mails().count(("checkout/order_cancelled", READER)) == 1
    assert _alerts() == []
    # The cheque comes all the same.
    pay(by_cheque, by_cheque.total_cents, surely_too_much=True)
    assert _alerts() == [by_cheque.reference]
    assert broken() == []


def test_a_card_paid_after_its_hold_for_what_is_renewed_meanwhile_is_to_be_given_back() -> None:
    contract = _running()
    late, first = _renew(contract), _renew(contract, now=NOW + timedelta(minutes=40))
    service.expire_due(now=NOW + timedelta(hours=1))
    pay(first, first.total_cents, now=NOW + timedelta(minutes=50))
    pay(late, late.total_cents, now=NOW + timedelta(hours=2))

    assert _now(late).paid_without_seat
    assert contract_of(late).starts_on is None
    assert late.reference in _alerts()


def test_a_mandat_renews_at_once_and_the_next_is_refused() -> None:
    order = place(subscription(make_plan()), payment_method="mandat")
    contract = _loaded(contract_of(order))
    renewed = place(a_renewal(contract), payment_method="mandat")

    assert contract_of(renewed).starts_on == date(2027, 11, 23)
    assert contract_of(renewed).organisation_id == contract.organisation_id
    with pytest.raises(AlreadyRenewed):
        place(a_renewal(contract), payment_method="mandat")


def test_after_a_cancelled_renewal_another_one_goes_on_from_the_same_end() -> None:
    contract, organiser = _running(), make_user(RoleName.ORGANISER)
    pay(first := _renew(contract), first.total_cents)
    with unit_of_work.transaction():
        service.cancel_order(first.id, reason="Erreur", actor=organiser, now=NOW)
    pay(second := _renew(contract), second.total_cents)

    assert contract_of(second).starts_on == date(2027, 6, 1)


def test_a_public_body_gets_its_quote_from_what_is_known_once_a_day_and_orders_it() -> None:
    order = place(subscription(make_plan()), payment_method="mandat")
    contract = _loaded(contract_of(order))
    made = []
    for _click in range(2):
        with unit_of_work.transaction():
            contract = _loaded(contract)
            made.append(service.quote_renewal(contract, contract.plan, locale="fr", now=NOW).reference)

    assert made[0] == made[1]
    record = db.session.scalars(sa.select(QuoteRecord)).one()
    assert (record.siret, record.total_cents) == (SIRET, 12900)
    with unit_of_work.transaction():
        renewed, _is_new = service.order_quote(record.id, locale="fr", now=NOW)
        order_id = renewed.id
    (renewal,) = subscriptions.contracts_of_order(order_id)
    assert (renewal.renews_id, renewal.starts_on) == (contract.id, date(2027, 11, 23))


def test_a_quote_ordered_after_another_renewal_is_refused() -> None:
    order = place(subscription(make_plan()), payment_method="mandat")
    contract = _loaded(contract_of(order))
    with unit_of_work.transaction():
        contract = _loaded(contract)
        quote_id = service.quote_renewal(contract, contract.plan, locale="fr", now=NOW).id
    place(a_renewal(contract), payment_method="mandat")

    with pytest.raises(AlreadyRenewed), unit_of_work.transaction():
        service.order_quote(quote_id, locale="fr", now=NOW)
