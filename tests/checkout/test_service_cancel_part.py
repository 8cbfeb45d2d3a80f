"""A part of an order is cancelled: seats of some people, a subscription; the rest stays, to the last cent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import NotCancellable, NothingLeft, OfferChanged
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.dunning import queries as dunning
from eventsapp.invoices import queries as invoices
from eventsapp.ops.doctor import by_query
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments import gateway
from eventsapp.payments.errors import GatewayUnavailable
from eventsapp.promotions import queries as promotions
from eventsapp.promotions.statuses import PromoKind
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.statuses import ContractStatus
from tests.checkout.looking import mails, pay, taken
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.payments import pay_page
from tests.support.makers.promotions import make_code
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")

#: The made day is on 24 February 2027; by the default terms half is kept from the 11th on, all from the 23rd on.
HALF, ALL = (datetime(2027, 2, day, 9, tzinfo=UTC) for day in (11, 23))


def seat_of(order: Order, number: int) -> Registration:
    return next(row for row in registrations.of_order(order.id) if row.last_name == f"Roux{number}")


def drop(order: Order, *numbers: int, fee_cents: int = 0, now: datetime = NOW, **values: Any) -> Order:
    """Cancel the seats of these people as the buyer does, or the office when an ``actor`` is given."""
    ids = [seat_of(order, number).id for number in numbers]
    with unit_of_work.transaction():
        found = checkout.cancel_part(order.id, seat_ids=ids, fee_cents=fee_cents, now=now, **values)
    db.session.expire_all()
    assert broken() == []
    assert [problem for _name, found_ in by_query(now=now) for problem in found_] == []
    return found


def papers(order: Order) -> list[tuple[str, int]]:
    return [(paper.kind.value, paper.total_cents) for paper in invoices.of_order(order.id)]


def money(order: Order) -> tuple[PaymentStatus, int, int]:
    return order.payment_status, order.credited_cents, order.balance_cents


def three(**values: Any) -> Order:
    return place(seats(make_study_day(), *(an_attendee(number) for number in (1, 2, 3))), **values)


def test_one_of_three_goes_and_the_rest_is_what_is_owed_and_paid() -> None:
    order = three(payment_method="cheque")
    day = registrations.days_of_order(order.id)[0]

    drop(order, 2)

    assert (order.status, *money(order)) == (OrderStatus.CONFIRMED, PaymentStatus.DUE, 62100, 124200)
    assert papers(order) == [("invoice", 186300), ("credit_note", 62100)]
    assert taken(day) == 2
    pay(order, 124200)
    assert money(order) == (PaymentStatus.PAID, 62100, 0)
    assert broken() == []


def test_the_credit_note_says_whose_seat_it_is_and_the_buyer_and_the_person_are_told_once() -> None:
    order = three()

    drop(order, 2, actor=make_user(RoleName.ORGANISER), reason="Malade")

    note = invoices.content_of(invoices.of_order(order.id)[1])
    assert [(line.quantity, line.gross_cents, line.detail) for line in note.lines] == [(1, 62100, "Claude Roux2")]
    assert note.reason == "Malade"
    told = [mail for mail in mails() if mail[0].endswith("_cancelled")]
    assert told == [
        ("checkout/part_cancelled", "finances@ville-exemple.fr"),
        ("registrations/seat_cancelled", "claude.roux2@ville-exemple.fr"),
    ]


def test_under_the_terms_of_the_day_a_fee_is_kept_of_what_goes_and_not_given_back() -> None:
    order = three(payment_method="cheque")
    pay(order, 186300)

    drop(order, 1, fee_cents=31050, now=HALF)

    assert (order.credited_cents, order.kept_cents, order.overpaid_cents) == (31050, 31050, 31050)
    assert papers(order) == [("invoice", 186300), ("credit_note", 31050)]
    # What the office cancels next leaves that fee alone.
    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="Empêchement", actor=make_user(RoleName.ORGANISER), now=HALF)
    db.session.expire_all()
    assert (order.kept_cents, order.credited_cents, order.overpaid_cents) == (31050, 155250, 155250)
    assert papers(order)[-1] == ("credit_note", 124200)
    assert broken() == []


def test_the_last_part_cancels_the_order() -> None:
    order = three(payment_method="cheque")
    pay(order, 186300)

    drop(order, 1)
    drop(order, 2, 3)

    assert (order.status, *money(order)) == (OrderStatus.CANCELLED, PaymentStatus.OVERPAID, 186300, -186300)
    assert papers(order) == [("invoice", 186300), ("credit_note", 62100), ("credit_note", 124200)]
    assert [name for name, _to in mails()].count("checkout/order_cancelled") == 1


def test_card_money_of_the_part_is_asked_back_once_though_the_form_is_sent_twice(sandbox: RunningSandbox) -> None:
    now = datetime.now(UTC)
    day = make_study_day(starts_at=now + timedelta(days=60))
    order = place(seats(day, an_attendee(1), an_attendee(2)), payment_method="card", now=now)
    checkout.open_page(checkout.prepare_page(order, now=now), now=now)
    pay_page(sandbox, order, now=now)

    for _time in range(2):
        drop(order, 1, now=now, form_key="once")
    checkout.ask_refunds(now=now)

    db.session.expire_all()
    assert [made["amount"] for made in sandbox.objects("refund")] == [62100]
    assert money(order) == (PaymentStatus.PAID, 62100, 0)
    with pytest.raises(NothingLeft):
        drop(order, 1, now=now)


def test_the_page_that_asks_for_what_it_costs_no_more_is_closed_and_the_next_one_asks_for_the_rest(
    sandbox: RunningSandbox,
) -> None:
    now = datetime.now(UTC)
    day = make_study_day(starts_at=now + timedelta(days=60))
    order = place(seats(day, an_attendee(1), an_attendee(2)), payment_method="card", now=now)
    checkout.open_page(checkout.prepare_page(order, now=now), now=now)

    drop(order, 1, now=now)

    assert [page["status"] for page in sandbox.objects("checkout.session")] == ["expired"]
    checkout.open_page(checkout.prepare_page(order, now=now), now=now)
    assert [(page["status"], page["amount_total"]) for page in sandbox.objects("checkout.session")] == [
        ("open", 62100),
        ("expired", 124200),
    ]


def test_a_page_that_could_not_be_closed_then_is_closed_by_the_reconciliation(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    day = make_study_day(starts_at=now + timedelta(days=60))
    order = place(seats(day, an_attendee(1), an_attendee(2)), payment_method="card", now=now)
    checkout.open_page(checkout.prepare_page(order, now=now), now=now)

    def silent(_session_id: str) -> None:
        raise GatewayUnavailable("Stripe ne répond pas.")

    with monkeypatch.context() as patched:
        patched.setattr(gateway, "close_page", silent)
        drop(order, 1, now=now)
    before = [page["status"] for page in sandbox.objects("checkout.session")]
    checkout.reconcile(now=now)

    assert before == ["open"]
    assert [page["status"] for page in sandbox.objects("checkout.session")] == ["expired"]


def test_what_is_only_held_is_paid_for_less_and_what_went_does_not_come_back_with_late_money() -> None:
    now = datetime.now(UTC)
    day = make_study_day(starts_at=now + timedelta(days=60))
    order = place(seats(day, an_attendee(1), an_attendee(2)), payment_method="card", now=now)
    drop(order, 1, now=now)
    assert (order.status, *money(order)) == (OrderStatus.PENDING, PaymentStatus.DUE, 62100, 62100)
    with unit_of_work.transaction():
        assert checkout.expire_due(now=now + timedelta(days=1)) == 1

    pay(order, 62100, now=now + timedelta(days=1))

    assert (order.status, *money(order)) == (OrderStatus.CONFIRMED, PaymentStatus.PAID, 62100, 0)
    assert [row.last_name for row in registrations.standing_of_order(order.id)] == ["Roux2"]
    assert (taken(day), papers(order)) == (1, [("invoice", 62100)])
    assert broken() == []


def test_the_cents_of_a_discount_that_do_not_divide_go_with_the_last() -> None:
    code = make_code("MOINS100", kind=PromoKind.AMOUNT, value=10_000)
    order = three(payment_method="cheque", promo_code=code.code)
    assert order.total_cents == 176300

    drop(order, 1)
    drop(order, 2)
    assert [row[1] for row in papers(order)] == [176300, 58766, 58767]
    assert promotions.code_named(code.code).uses_count == 1  # type: ignore[union-attr]
    drop(order, 3)

    assert papers(order)[-1] == ("credit_note", 58767)
    assert promotions.code_named(code.code).uses_count == 0  # type: ignore[union-attr]


def test_the_office_ends_a_subscription_and_leaves_the_seats() -> None:
    order = place(seats(make_study_day()), subscription(make_plan()), payment_method="cheque")
    pay(order, 75000)
    [contract] = subscriptions.contracts_of_order(order.id)

    with unit_of_work.transaction():
        checkout.cancel_part(
            order.id, seat_ids=[], contract_ids=[contract.id], fee_cents=0, reason="Rétractation",
            actor=make_user(RoleName.ORGANISER), now=NOW,
        )  # fmt: skip
    db.session.expire_all()

    assert (contract.status, money(order)) == (ContractStatus.CANCELLED, (PaymentStatus.OVERPAID, 12900, -12900))
    assert [line.vat_rate for line in invoices.content_of(invoices.of_order(order.id)[1]).lines] == [210]
    # More money wakes nothing up.
    pay(order, 100, surely_too_much=True)
    db.session.expire_all()
    assert contract.status is ContractStatus.CANCELLED
    assert broken() == []


def test_what_is_paid_already_may_be_enough_for_what_stays() -> None:
    order = place(seats(make_study_day(), an_attendee(1)), subscription(make_plan()), payment_method="cheque")
    pay(order, 12900)
    [contract] = subscriptions.contracts_of_order(order.id)
    assert contract.status is ContractStatus.PENDING

    drop(order, 1)

    assert (contract.status, money(order)) == (ContractStatus.ACTIVE, (PaymentStatus.PAID, 62100, 0))


def test_nobody_is_reminded_of_what_was_taken_back() -> None:
    order = three()
    drop(order, 1, 2)

    claim = dunning.claim_of(order.id)
    assert claim is not None
    assert claim.owed_cents == 62100


def test_an_order_that_is_not_invoiced_yet_is_invoiced_for_what_is_left(sandbox: RunningSandbox) -> None:
    order = place(seats(make_study_day(), an_attendee(1), an_attendee(2)), payment_method="mandat")
    invoiced = papers(order)
    drop(order, 1)
    if invoiced:
        assert papers(order) == [*invoiced, ("credit_note", 62100)]
        return
    with unit_of_work.transaction():
        checkout.invoice_order(order.id, actor=make_user(RoleName.ACCOUNTANT), now=NOW)
    [line] = invoices.content_of(invoices.of_order(order.id)[0]).lines
    assert (line.quantity, line.gross_cents) == (1, 62100)


@pytest.mark.parametrize(
    ("numbers", "fee", "now", "error", "match"),
    [
        ((1,), 0, HALF, OfferChanged, "frais"),
        ((1,), 62100, ALL, NotCancellable, "trop tard"),
        ((1,), 0, datetime(2027, 2, 24, 9, tzinfo=UTC), NotCancellable, "commencée"),
        ((), 0, NOW, Invalid, "au moins"),
    ],
)
def test_what_cannot_be_changes_nothing(
    numbers: tuple[int, ...], fee: int, now: datetime, error: type[Exception], match: str
) -> None:
    order = three()

    with pytest.raises(error, match=match):
        drop(order, *numbers, fee_cents=fee, now=now)

    db.session.expire_all()
    assert (money(order), papers(order)) == ((PaymentStatus.DUE, 0, 186300), [("invoice", 186300)])


def test_a_seat_of_another_order_is_refused() -> None:
    order, other = three(), three()

    with pytest.raises(NothingLeft), unit_of_work.transaction():
        checkout.cancel_part(order.id, seat_ids=[seat_of(other, 1).id], fee_cents=0, now=NOW)


def test_the_office_may_keep_the_fee_or_not() -> None:
    order = three(payment_method="cheque")
    ids = [seat_of(order, 1).id]

    kept = checkout.part_offer(order, seat_ids=ids, now=HALF)
    given = checkout.part_offer(order, seat_ids=ids, now=HALF, free=True)

    assert [(offer.fee_cents, offer.owed_cents) for offer in (kept, given)] == [(31050, 155250), (0, 124200)]
