"""Gifts: what the giver gets, what the reader gets, and when neither gets anything."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import NotASubscriber
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.orders.models import Order
from eventsapp.subscriptions import queries, service
from eventsapp.subscriptions.errors import GiftNotFound, GiftNotReady, GiftTaken, GiftWithdrawn, NotSentAgain
from eventsapp.subscriptions.models import Gift
from eventsapp.subscriptions.statuses import Audience, ContractKind, ContractStatus, Edition, GiftState
from eventsapp.subscriptions.values import Delivery, Reader
from tests.checkout.looking import PRIVATE, mails, pay
from tests.subscriptions.looking import contract_of, gift_of, mails_about
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import SIRET, a_gift, a_renewal, a_request, an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_contract, make_plan

TODAY = NOW.date()
READER = Reader(email="Claude.Roux@Exemple.fr", delivery=Delivery(name="Claude Roux"))

pytestmark = pytest.mark.usefixtures("client", "frozen")


def _offered(*, method: str = "card", paid: bool = True, **wish: object) -> Order:
    order = place(a_gift(make_plan(), **wish), payment_method=method, billing=PRIVATE)
    if paid:
        pay(order, order.total_cents)
    return order


def _redeem(gift: Gift, *, reader: Reader = READER, now: datetime = NOW) -> None:
    with unit_of_work.transaction():
        service.redeem(gift.secret, reader=reader, locale="fr", now=now)


def test_what_is_paid_is_announced_to_the_reader_and_nothing_but_the_order_to_the_giver() -> None:
    order = _offered()

    assert gift_of(order).state is GiftState.SCHEDULED
    assert service.announce_due(now=NOW) == 1
    assert service.announce_due(now=NOW + timedelta(days=1)) == 0

    assert gift_of(order).state is GiftState.OFFERED
    to_reader = {template for template, address in mails() if address == "claude.roux@exemple.fr"}
    assert to_reader == {"subscriptions/gift_announced"}
    assert {template for template, address in mails() if address == order.email} == {
        "checkout/order_placed", "checkout/payment_received",
    }  # fmt: skip


def test_the_reader_never_sees_the_price() -> None:
    gift = gift_of(_offered())
    service.announce_due(now=NOW)
    _redeem(gift)

    for template in ("subscriptions/gift_announced", "subscriptions/gift_started"):
        (mail,) = mails_about(template)
        assert "129" not in mail.text + mail.html + mail.subject
        assert "€" not in mail.text + mail.html


def test_an_accepted_gift_runs_for_its_reader_who_can_sign_in_and_the_giver_is_told() -> None:
    order = _offered()

    _redeem(gift_of(order))

    contract = contract_of(order)
    assert (contract.kind, contract.status) == (ContractKind.GIFT, ContractStatus.ACTIVE)
    assert (contract.starts_on, contract.ends_on) == (TODAY, date(2027, 11, 22))
    assert (contract.email, contract.delivery_name) == ("claude.roux@exemple.fr", "Claude Roux")
    assert queries.has_active_contract("claude.roux@exemple.fr", TODAY)
    assert gift_of(order).state is GiftState.ACCEPTED
    assert [mail.to_address for mail in mails_about("subscriptions/gift_accepted")] == [order.email]


def test_it_waits_for_its_day_and_does_not_begin_before() -> None:
    order = _offered(announce_on=date(2026, 12, 24))

    assert service.announce_due(now=datetime(2026, 12, 24, 6, 59, tzinfo=UTC)) == 0
    # Handed over before: accepted at once, it begins on its day.
    _redeem(gift_of(order))
    assert (contract_of(order).starts_on, contract_of(order).ends_on) == (date(2026, 12, 24), date(2027, 12, 23))
    assert service.announce_due(now=datetime(2026, 12, 24, 7, 0, tzinfo=UTC)) == 0


def test_a_missed_day_is_caught_up_at_eight_in_the_morning() -> None:
    _offered(announce_on=date(2026, 12, 24))

    assert service.announce_due(now=datetime(2026, 12, 24, 7, 0, tzinfo=UTC)) == 1


def test_without_an_address_nothing_is_announced_and_the_card_is_ready() -> None:
    order = _offered(recipient_email="")

    assert gift_of(order).state is GiftState.OFFERED
    assert service.announce_due(now=NOW + timedelta(days=10)) == 0


@pytest.mark.parametrize("same_plan", [True, False])
def test_it_is_added_to_the_end_of_what_its_reader_has(same_plan: bool) -> None:
    order = _offered()
    running = make_contract("claude.roux@exemple.fr", **({"plan": contract_of(order).plan} if same_plan else {}))

    _redeem(gift_of(order))

    assert contract_of(order).starts_on == running.ends_on + timedelta(days=1)  # type: ignore[operator]
    assert contract_of(order).ends_on == date(2028, 5, 31)


def test_what_it_was_added_to_is_renewed_after_it() -> None:
    order = _offered()
    running = make_contract("claude.roux@exemple.fr")
    _redeem(gift_of(order))

    renewal = place(a_renewal(running), payment_method="card", billing=PRIVATE)
    pay(renewal, renewal.total_cents)

    assert contract_of(renewal).starts_on == date(2028, 6, 1)


def test_it_is_accepted_once() -> None:
    gift = gift_of(_offered())
    _redeem(gift)

    with pytest.raises(GiftTaken):
        _redeem(gift, reader=Reader(email="autre@exemple.fr", delivery=Delivery()))
    assert not queries.has_active_contract("autre@exemple.fr", TODAY)


def test_an_unknown_link_opens_nothing() -> None:
    with pytest.raises(GiftNotFound), unit_of_work.transaction():
        service.redeem("inconnu", reader=READER, locale="fr", now=NOW)


def test_a_cheque_that_has_not_come_opens_nothing_yet() -> None:
    order = _offered(method="cheque", paid=False)

    assert gift_of(order).state is GiftState.AWAITING_MONEY
    assert service.announce_due(now=NOW + timedelta(days=1)) == 0
    with pytest.raises(GiftNotReady):
        _redeem(gift_of(order))

    pay(order, order.total_cents)
    assert service.announce_due(now=NOW + timedelta(days=1)) == 1


def test_a_cancelled_order_withdraws_what_nobody_accepted() -> None:
    order, organiser = _offered(), make_user(RoleName.ORGANISER)
    service.announce_due(now=NOW)
    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="Erreur", actor=organiser, now=NOW)

    assert gift_of(order).state is GiftState.WITHDRAWN
    with pytest.raises(GiftWithdrawn):
        _redeem(gift_of(order))
    assert service.tell_givers(now=NOW + timedelta(days=60)) == 0


def test_a_refunded_order_withdraws_it_too_before_it_is_announced() -> None:
    order, accountant = _offered(method="cheque"), make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        checkout.refund_by_hand(
            order.id, amount_cents=order.total_cents, refunded_on=TODAY, reason="Erreur", actor=accountant, now=NOW
        )

    assert gift_of(order).state is GiftState.WITHDRAWN
    assert service.announce_due(now=NOW) == 0
    with pytest.raises(GiftWithdrawn):
        _redeem(gift_of(order))


def test_a_cheque_that_bounced_closes_the_gift_until_the_money_is_there() -> None:
    order = _offered(method="cheque")
    with unit_of_work.transaction():
        assert service.suspend_of_order(order.id, now=NOW) == 1
    assert gift_of(order).state is GiftState.AWAITING_MONEY

    with unit_of_work.transaction():
        service.start_of_order(order.id, today=TODAY, now=NOW)
    assert gift_of(order).state is GiftState.SCHEDULED


def test_an_accepted_gift_whose_cheque_bounced_is_suspended_and_runs_on() -> None:
    order = _offered(method="cheque")
    _redeem(gift_of(order))
    with unit_of_work.transaction():
        service.suspend_of_order(order.id, now=NOW)
    assert contract_of(order).status is ContractStatus.PENDING

    with unit_of_work.transaction():
        service.start_of_order(order.id, today=TODAY, now=NOW)
    assert (contract_of(order).status, contract_of(order).starts_on) == (ContractStatus.ACTIVE, TODAY)


def test_the_giver_is_told_once_when_nobody_accepts_for_thirty_days() -> None:
    order = _offered()
    service.announce_due(now=NOW)

    told = [service.tell_givers(now=NOW + timedelta(days=days)) for days in (29, 30, 31, 90)]

    assert told == [0, 1, 0, 0]
    assert [mail.to_address for mail in mails_about("subscriptions/gift_waiting")] == [order.email]


def test_the_giver_is_not_told_of_what_is_accepted_nor_before_the_day_has_come() -> None:
    _redeem(gift_of(_offered()))
    _offered(announce_on=date(2027, 3, 1))

    assert service.tell_givers(now=NOW + timedelta(days=40)) == 0


def test_the_mail_is_sent_again_to_a_corrected_address_five_times_in_all() -> None:
    order = _offered()
    service.announce_due(now=NOW)

    for _time in range(4):
        with unit_of_work.transaction():
            service.send_again(gift_of(order), email="claude@exemple.fr", now=NOW)
    with pytest.raises(NotSentAgain), unit_of_work.transaction():
        service.send_again(gift_of(order), email="claude@exemple.fr", now=NOW)

    assert [mail.to_address for mail in mails_about("subscriptions/gift_announced")] == [
        "claude.roux@exemple.fr", *["claude@exemple.fr"] * 4,
    ]  # fmt: skip
    assert gift_of(order).recipient_email == "claude@exemple.fr"


def test_nothing_is_sent_again_before_its_day_nor_once_it_is_accepted() -> None:
    scheduled, accepted = _offered(announce_on=date(2026, 12, 24)), _offered()
    _redeem(gift_of(accepted))

    for order in (scheduled, accepted):
        with pytest.raises(NotSentAgain), unit_of_work.transaction():
            service.send_again(gift_of(order), email="x@exemple.fr", now=NOW)


def test_a_gift_covers_no_seat_of_its_giver_nor_of_its_reader_until_it_is_accepted() -> None:
    plan, day = make_plan(), make_study_day()
    order = place(a_gift(plan), payment_method="mandat")
    claude = an_attendee(rate="subscriber", email="claude.roux@exemple.fr")

    assert queries.covered_seats(email=order.email, siret=SIRET, on=TODAY) == 0
    assert queries.covered_seats(email="claude.roux@exemple.fr", siret="", on=TODAY) == 0
    with pytest.raises(NotASubscriber):
        place(seats(day, claude), a_gift(make_plan()), payment_method="card", billing=PRIVATE)
    _redeem(gift_of(order))
    assert place(seats(day, claude), payment_method="card", billing=PRIVATE).id


def test_nothing_of_the_giver_is_the_readers() -> None:
    order = place(a_gift(make_plan(edition=Edition.BOTH)), payment_method="mandat")

    contract = contract_of(order)
    assert (contract.email, contract.organisation_id, contract.delivery_line) == ("", None, "")


def test_only_a_plan_for_one_reader_is_offered_and_its_words_hold_no_link() -> None:
    with pytest.raises(Invalid) as refused:
        place(a_gift(make_plan(audience=Audience.INSTITUTION, readers=5)), billing=PRIVATE, payment_method="card")
    assert set(refused.value.errors) == {"/items/0/gift"}

    with pytest.raises(Invalid) as refused:
        place(a_gift(make_plan(), message="www.casino.online"), billing=PRIVATE, payment_method="card")
    assert set(refused.value.errors) == {"/items/0/gift/message"}


def test_a_quote_keeps_the_gift_and_its_order_gives_it() -> None:
    wish = a_gift(make_plan(), announce_on=date(2026, 12, 24))
    with unit_of_work.transaction():
        quote_id = checkout.make_quote(a_request(wish), now=NOW).id
    with unit_of_work.transaction():
        order, _is_new = checkout.order_quote(quote_id, locale="fr", now=NOW)
        order_id = order.id

    found = db.session.get(Order, order_id)
    assert found is not None
    assert gift_of(found).recipient_name == "Claude Roux"
    assert gift_of(found).announce_at == datetime(2026, 12, 24, 7, tzinfo=UTC)
