"""The journal is added to and never changed, and a closed year stays as it was."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.payments import queries, rules, service
from eventsapp.payments.errors import YearNotClosable
from eventsapp.payments.models import JournalClosing, JournalEntry
from tests.checkout.looking import pay
from tests.support.guards import lift_guards
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")
NEXT_YEAR = datetime(2027, 1, 4, 9, tzinfo=UTC)


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


@pytest.fixture
def order(transaction: None) -> Order:
    """One that came in and of which a part went back, in 2026."""
    made = place(seats(make_study_day()), payment_method="cheque")
    pay(made, 62100)
    return made


def close(year: int, actor: User, *, now: datetime = NEXT_YEAR) -> JournalClosing:
    with unit_of_work.transaction():
        return service.close_year(year, is_test=False, actor=actor, now=now)


def give_back(order: Order, cents: int, *, actor: User) -> None:
    with unit_of_work.transaction():
        checkout.refund_by_hand(
            order.id, amount_cents=cents, refunded_on=NOW.date(), reason="Geste", actor=actor, now=NOW
        )


@pytest.mark.parametrize("table", ["payment_journal", "journal_closings"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET hash = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_entered(
    table: str, statement: str, order: Order, accountant: User
) -> None:
    close(2026, accountant)
    before = [db.session.scalar(sa.select(sa.func.count()).select_from(row)) for row in (JournalEntry, JournalClosing)]

    with pytest.raises(DatabaseError, match=f"{table} is append-only"), db.session.begin_nested():
        db.session.execute(sa.text(statement.format(table)))

    after = [db.session.scalar(sa.select(sa.func.count()).select_from(row)) for row in (JournalEntry, JournalClosing)]
    assert before == after == [1, 1]


def test_the_whole_table_is_not_emptied_either(order: Order) -> None:
    if db.engine.dialect.name == "sqlite":
        # It knows no TRUNCATE: its DELETE without a condition is refused above.
        return
    with pytest.raises(DatabaseError, match="append-only"), db.session.begin_nested():
        db.session.execute(sa.text("TRUNCATE payment_journal"))


def test_a_closed_year_says_what_moved_in_it_and_seals_the_journal(order: Order, accountant: User) -> None:
    give_back(order, 2100, actor=accountant)

    closing = close(2026, accountant)

    assert (closing.entries, closing.came_in_cents, closing.went_out_cents) == (2, 62100, 2100)
    assert closing.total_cents == closing.grand_total_cents == 60000
    last = db.session.scalars(sa.select(JournalEntry).order_by(JournalEntry.rank.desc())).first()
    assert last is not None
    assert (closing.last_rank, closing.journal_hash) == (2, last.hash)
    assert closing.hash == rules.seal("", queries.closing_content(closing))
    assert queries.closing_problems() == []


def test_years_are_closed_in_their_order_once_they_are_over(order: Order, accountant: User) -> None:
    for year, moment in ((2026, NOW), (2027, NEXT_YEAR), (2025, NEXT_YEAR)):
        with pytest.raises(YearNotClosable):
            close(year, accountant, now=moment)

    close(2026, accountant)

    with pytest.raises(YearNotClosable):
        close(2026, accountant)
    following = close(2027, accountant, now=NEXT_YEAR.replace(year=2028))
    assert (following.entries, following.grand_total_cents) == (0, 62100)
    assert queries.closing_problems() == []


def test_what_is_told_of_a_closed_year_is_entered_in_the_next(order: Order, accountant: User) -> None:
    """A cheque of December, typed in January: it is money of a year that is declared already."""
    close(2026, accountant)
    other = place(subscription(make_plan()), now=NOW)

    pay(other, 12900, now=NEXT_YEAR.replace(hour=10))
    with unit_of_work.transaction():
        checkout.refund_by_hand(
            order.id, amount_cents=100, refunded_on=date(2026, 12, 30), reason="Geste", actor=accountant, now=NEXT_YEAR
        )

    rows = db.session.scalars(sa.select(JournalEntry).order_by(JournalEntry.rank)).all()
    assert [row.moved_on for row in rows] == [NOW.date(), NEXT_YEAR.date(), date(2027, 1, 1)]
    assert queries.closing_problems() == queries.journal_problems() == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE journal_closings SET came_in_cents = 1", "was changed after it was written"),
        ("UPDATE journal_closings SET grand_total_cents = 1 WHERE year = 2027", "its grand total is not that of"),
        ("DELETE FROM journal_closings WHERE year = 2026", "does not hold the hash of the closing before"),
        ("UPDATE payment_journal SET amount_cents = 5", "the journal 1, 5 and 0"),
        ("DELETE FROM payment_journal", "line 1 of the journal is not the one that it sealed"),
    ],
)
def test_a_closing_that_no_longer_says_what_the_journal_says_is_named(
    statement: str, words: str, order: Order, accountant: User
) -> None:
    close(2026, accountant)
    close(2027, accountant, now=NEXT_YEAR.replace(year=2028))
    assert queries.closing_problems() == []
    lift_guards()

    db.session.execute(sa.text(statement))
    db.session.expire_all()

    assert words in "; ".join(queries.closing_problems())


def test_closing_a_year_is_in_the_history(order: Order, accountant: User) -> None:
    closing = close(2026, accountant)

    assert closing.closed_by == accountant.name
    line = db.session.execute(
        sa.text("SELECT actor_label, subject_label FROM audit_entries WHERE action = 'payments.close_year'")
    ).one()
    assert tuple(line) == (accountant.name, "Exercice 2026")
