"""The sweep of reminders: what it sends, when, how often, and to whom it never writes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.dunning import queries, service
from eventsapp.dunning.errors import CustomerUnknown, NothingToRemind
from eventsapp.dunning.models import Reminder, ReminderPause
from eventsapp.dunning.statuses import Level
from eventsapp.invoices import queries as invoices
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing, Buyer
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.dunning import pay_by_hand
from tests.support.makers.orders import SIRET, place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def a_late_order(method: str = "cheque", **values: Any) -> Order:
    return place(seats(make_study_day()), payment_method=method, **values)


def sent() -> list[tuple[str, int]]:
    """Reference and step of what was sent, in the order of sending."""
    return [
        (row.reference, row.step)
        for row in db.session.execute(
            sa.select(Order.reference, Reminder.step).join(Order, Order.id == Reminder.order_id).order_by(Reminder.id)
        )
    ]


def mails() -> int:
    where = OutgoingMail.template == "dunning/reminder"
    return db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail).where(where)) or 0


def sweep_daily(first: date, days: int, *, but: frozenset[int] = frozenset()) -> list[tuple[int, int]]:
    """Run the sweep each morning but on the days of ``but``; return on which day what number went."""
    gone = []
    for number in range(days):
        if number in but:
            continue
        count = service.remind_due(now=morning(first + timedelta(days=number)))
        gone += [(number, count)] if count else []
    return gone


@pytest.mark.usefixtures("transaction", "frozen")
class TestSweep:
    def test_a_consumer_who_withdrew_is_not_reminded(self) -> None:
        order = place(subscription(make_plan()), payment_method="cheque", billing=Billing())
        claim = queries.claim_of(order.id)
        assert claim is not None
        with unit_of_work.transaction():
            checkout.withdraw(order.id, now=NOW)

        assert sweep_daily(claim.tolerated_until, 80) == []

    def test_a_cheque_is_asked_for_three_times_and_no_more(self) -> None:
        order = a_late_order()
        claim = queries.claim_of(order.id)
        assert claim is not None
        after_grace = claim.tolerated_until

        gone = sweep_daily(after_grace, 80)

        assert gone == [(5, 1), (20, 1), (40, 1)]
        assert sent() == [(order.reference, 1), (order.reference, 2), (order.reference, 3)]
        assert mails() == 3

    def test_a_public_body_is_reminded_30_45_and_60_days_after_its_invoice(self) -> None:
        order = a_late_order("mandat")
        (invoice,) = invoices.of_order(order.id)

        gone = sweep_daily(invoice.issued_on, 90)

        # Due on the thirtieth day: that one is still in time.
        assert gone == [(31, 1), (45, 1), (60, 1)]

    def test_a_sweep_absent_for_three_days_sends_what_it_missed_once(self) -> None:
        order = a_late_order()
        claim = queries.claim_of(order.id)
        assert claim is not None
        after_grace = claim.tolerated_until

        gone = sweep_daily(after_grace, 12, but=frozenset({5, 6, 7}))

        assert gone == [(8, 1)]
        assert sent() == [(order.reference, 1)]

    def test_a_sweep_that_runs_again_the_same_day_sends_nothing(self) -> None:
        a_late_order()
        late = morning(clock.local_date(NOW) + timedelta(days=60))

        assert [service.remind_due(now=late) for _run in range(3)] == [1, 0, 0]

    @pytest.mark.parametrize("why", ["paid", "cancelled", "trial", "not late", "credited", "bounced", "paused"])
    def test_it_never_writes_about(self, why: str) -> None:
        order = a_late_order(is_test=why == "trial")
        actor = make_user(RoleName.ACCOUNTANT)
        now = morning(clock.local_date(NOW) + timedelta(days=0 if why == "not late" else 60))
        with unit_of_work.transaction():
            if why == "paid":
                pay_by_hand(order, order.total_cents, actor=actor)
            if why == "bounced":
                pay_by_hand(order, order.total_cents, actor=actor, bounces=True)
            if why == "cancelled":
                checkout.cancel_order(order.id, reason="Empêchement", actor=actor, now=NOW)
            if why == "credited":
                (invoice,) = invoices.of_order(order.id)
                checkout.credit_invoice(invoice, amount_cents=invoice.total_cents, reason="Geste", actor=actor, now=NOW)
            if why == "paused":
                service.pause(order, until=now.date(), reason="Litige", whole_customer=True, actor=actor, now=NOW)

        assert service.remind_due(now=now) == 0
        assert (sent(), mails()) == ([], 0)

    def test_a_part_paid_order_is_asked_for_the_rest_and_stops_when_paid(self) -> None:
        order, actor = a_late_order(), make_user(RoleName.ACCOUNTANT)
        with unit_of_work.transaction():
            pay_by_hand(order, 10_000, actor=actor)
        day = clock.local_date(NOW) + timedelta(days=60)

        assert service.remind_due(now=morning(day)) == 1
        (letter,) = [queries.letter_of(row) for row in queries.reminders_of(order.id)]
        assert letter.owed_cents == order.total_cents - 10_000
        with unit_of_work.transaction():
            pay_by_hand(order, order.total_cents - 10_000, actor=actor)
        assert service.remind_due(now=morning(day + timedelta(days=60))) == 0

    def test_whoever_left_no_address_pauses_nobody_else(self) -> None:
        nobody = Buyer(email="", first_name="Camille", last_name="Durand")
        unknown: dict[str, Any] = {
            "buyer": nobody,
            "billing": Billing(organisation="Association des élus", postcode="44000"),
        }
        order, other = a_late_order(**unknown), a_late_order(**unknown)
        actor = make_user(RoleName.ACCOUNTANT)
        day = clock.local_date(NOW) + timedelta(days=60)
        with unit_of_work.transaction():
            with pytest.raises(CustomerUnknown):
                service.pause(order, until=day, reason="Litige", whole_customer=True, actor=actor, now=NOW)
            service.pause(order, until=day, reason="Litige", whole_customer=False, actor=actor, now=NOW)
            # As it was once possible.
            db.session.add(ReminderPause(customer="", until=day, reason="Litige", created_at=NOW))

        assert queries.pauses_of(other) == []
        assert service.remind_due(now=morning(day)) == 1
        assert sent() == [(other.reference, 1)]

    def test_a_pause_over_lets_the_next_reminder_go(self) -> None:
        order, actor = a_late_order(), make_user(RoleName.ACCOUNTANT)
        day = clock.local_date(NOW) + timedelta(days=60)
        with unit_of_work.transaction():
            made = service.pause(order, until=day, reason="Promis", whole_customer=False, actor=actor, now=NOW)

        assert service.remind_due(now=morning(day)) == 0
        assert service.remind_due(now=morning(day + timedelta(days=1))) == 1
        with unit_of_work.transaction():
            service.lift(order, made, actor=actor, now=NOW)
        assert queries.pauses_of(order) == []

    def test_one_order_that_cannot_be_reminded_stops_no_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        first, second = a_late_order(), a_late_order()

        def fail_first(order: Order, *_given: object, **_named: object) -> None:
            if order.reference == first.reference:
                raise RuntimeError

        monkeypatch.setattr("eventsapp.dunning.mails.reminder", fail_first)

        assert service.remind_due(now=morning(clock.local_date(NOW) + timedelta(days=60))) == 1
        assert sent() == [(second.reference, 1)]


@pytest.mark.usefixtures("transaction", "frozen")
def test_the_office_sends_the_next_one_before_its_day_and_not_when_nothing_is_late() -> None:
    order, actor = a_late_order(), make_user(RoleName.ACCOUNTANT)
    claim = queries.claim_of(order.id)
    assert claim is not None

    with unit_of_work.transaction(), pytest.raises(NothingToRemind):
        service.send_now(order.id, step=1, actor=actor, now=morning(claim.due_on))
    with unit_of_work.transaction():
        made = service.send_now(order.id, step=1, actor=actor, now=morning(claim.due_on + timedelta(days=1)))

    assert (made.step, made.sent_by_id, mails()) == (1, actor.id, 1)
    assert service.remind_due(now=morning(claim.due_on + timedelta(days=16))) == 0


@pytest.mark.usefixtures("transaction", "frozen")
@pytest.mark.parametrize(
    ("siret", "code", "has_interest"),
    [(SIRET, "R2192-31", True), ("73282932000074", "L441-10", False)],
    ids=["public", "company"],
)
def test_a_firm_letter_recalls_the_code_that_the_buyer_is_under(siret: str, code: str, has_interest: bool) -> None:
    billing = Billing(organisation="Exemple", siret=siret, address="1, rue", postcode="44000", city="Nantes")
    order, actor = a_late_order(billing=billing), make_user(RoleName.ACCOUNTANT)
    for step, days in ((1, 20), (2, 40)):
        with unit_of_work.transaction():
            sent_now = service.send_now(order.id, step=step, actor=actor, now=NOW + timedelta(days=days))

    letter = queries.letter_of(sent_now)
    assert letter.level is Level.FIRM
    assert [code in sentence for sentence in letter.terms] == [True, False]
    assert (queries.interest_of(order, today=date(2027, 1, 10)) is not None) is has_interest


@pytest.mark.usefixtures("transaction", "frozen")
def test_a_firm_letter_to_a_person_asks_no_fixed_fee() -> None:
    order, actor = a_late_order(billing=Billing()), make_user(RoleName.ACCOUNTANT)
    for step, days in ((1, 20), (2, 40)):
        with unit_of_work.transaction():
            sent_now = service.send_now(order.id, step=step, actor=actor, now=NOW + timedelta(days=days))

    letter = queries.letter_of(sent_now)
    assert letter.level is Level.FIRM
    assert "Code civil" in letter.terms[0]
    assert not any("40" in sentence for sentence in letter.terms)


class TestAtOnce:
    @pytest.fixture
    def served(self, database: str, tmp_path: Path) -> Iterator[Flask]:
        with committing_app(database, tmp_path) as app:
            with app.app_context(), writing():
                for _number in range(3):
                    a_late_order()
                db.session.remove()
            yield app

    @pytest.mark.usefixtures("frozen")
    def test_two_sweeps_at_once_send_each_reminder_once(self, served: Flask) -> None:
        late = NOW + timedelta(days=60)

        counts = at_once(served, *[lambda: service.remind_due(now=late)] * 2)

        with served.app_context():
            assert (sum(counts), len(sent()), len(set(sent())), mails()) == (3, 3, 3, 3)
