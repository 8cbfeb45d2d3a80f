"""What Stripe paid out is recorded once, taken back by a row of its own, and never in a closed year."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit.models import AuditEntry
from eventsapp.books import queries, service
from eventsapp.books.errors import PayoutKnown, UnreadableReport
from eventsapp.books.models import CardPayout
from eventsapp.books.values import Imported, Payout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.payments import service as payments
from tests.books.test_rules_payouts import ITEMISED, ROWS
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")
TODAY = NOW.date()
LATER = datetime(2027, 1, 20, 9, tzinfo=UTC)


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


def record(reference: str = "po_1", on: date = TODAY, *, actor: User, now: datetime = LATER) -> CardPayout:
    payout = Payout(reference=reference, arrived_on=on, net_cents=61143, fee_cents=957)
    with unit_of_work.transaction():
        return service.record_payout(payout, actor=actor, now=now)


def bring(data: str, *, actor: User) -> Imported:
    with unit_of_work.transaction():
        return service.import_report(data.encode(), actor=actor, now=LATER)


def count() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(CardPayout)) or 0


def test_a_report_counts_each_payout_once_and_tells_what_our_journal_lacks(accountant: User) -> None:
    order = place(seats(make_study_day()), payment_method="card")
    pay(order, 62100, gateway_reference="pi_1")

    first, again = bring(ITEMISED + ROWS, actor=accountant), bring(ITEMISED + ROWS, actor=accountant)

    assert first == Imported(new=2, known=0, waiting=1, strangers=("pi_2", "pi_3"))
    assert (again.new, again.known, count()) == (0, 2, 2)


def test_a_report_that_cannot_be_read_records_nothing(accountant: User) -> None:
    with pytest.raises(UnreadableReport):
        bring(ITEMISED + ROWS + "po_3,demain,t,c,eur,1.00,0.10,0.90,charge,\n", actor=accountant)

    assert count() == 0


def test_a_payout_is_recorded_once_by_its_name(accountant: User) -> None:
    record(actor=accountant)

    with pytest.raises(PayoutKnown):
        record(actor=accountant)

    actions = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject_kind == "card_payout")).all()
    assert (count(), actions) == (1, ["books.payout"])


def test_a_mistake_is_taken_back_by_an_opposite_row_once(accountant: User) -> None:
    row = record(actor=accountant)

    with unit_of_work.transaction():
        opposite = service.reverse_payout(row, actor=accountant, now=LATER)

    assert (opposite.net_cents, opposite.fee_cents, opposite.arrived_on) == (-61143, -957, LATER.date())
    for known in (row, opposite):
        with pytest.raises(PayoutKnown), unit_of_work.transaction():
            service.reverse_payout(known, actor=accountant, now=LATER)
    assert queries.card_balance(LATER.date()).left_cents == 0


def test_a_payout_to_come_or_of_a_closed_year_is_refused(accountant: User) -> None:
    pay(place(seats(make_study_day()), payment_method="cheque"), 100)
    with unit_of_work.transaction():
        payments.close_year(2026, is_test=False, actor=accountant, now=LATER)

    for day in (LATER.date() + timedelta(days=1), date(2026, 12, 31)):
        with pytest.raises(Invalid):
            record(on=day, actor=accountant)
    record(on=date(2027, 1, 4), actor=accountant)

    assert count() == 1
