"""``flask doctor`` says nothing of what holds, and names what does not, with its rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.audit import service as audit
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.dunning import service as dunning
from eventsapp.files import service as files
from eventsapp.files import storage
from eventsapp.invoices.models import Invoice
from eventsapp.magazine import service as magazine
from eventsapp.magazine.access import Reason, Right
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access, ArticleStatus
from eventsapp.magazine.web import site as magazine_site
from eventsapp.mailings import service as mailings
from eventsapp.ops import doctor
from eventsapp.orders.models import Order
from eventsapp.payments import queries as payments
from eventsapp.payments import rules
from eventsapp.payments.models import JournalEntry
from eventsapp.payments.statuses import EventState
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions import service as subscriptions
from tests.checkout.looking import pay
from tests.support.guards import lift_guards
from tests.support.makers.accounts import make_user
from tests.support.makers.events import make_event
from tests.support.makers.magazine import make_article
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.fixture(autouse=True)
def money_moved(transaction: None) -> None:
    """Two orders, paid in three parts."""
    order = place(seats(a_published_day()), payment_method="cheque")
    other = place(subscription(make_plan()))
    pay(order, 62000, reference="1")
    pay(order, 100, reference="2")
    pay(other, 12900)


def a_published_day(**values: Any) -> StudyDay:
    """Make a day whose history says that it was published."""
    day, organiser = make_study_day(**values), make_user(RoleName.ORGANISER)
    audit.record("study_days.publish", subject=("study_day", day.id, day.title), now=NOW, actor=organiser)
    db.session.commit()
    return day


def a_reserved_article() -> Article:
    """Make one that only subscribers read, published as editors do."""
    article = make_article(status=ArticleStatus.DRAFT, access=Access.SUBSCRIBERS, published_at=None)
    editor = make_user(RoleName.EDITOR)
    with unit_of_work.transaction():
        magazine.publish(article, actor=editor, now=NOW)
    return article


@pytest.mark.parametrize("production", [True, False])
def test_a_key_that_is_empty_is_wrong_where_people_really_pay(app: Flask, production: bool) -> None:
    """Beside ``make run``, which makes up the keys of its sandbox for itself, nothing is wrong."""
    kept = app.extensions["eventsapp.settings"]
    url = "https://exemple.fr" if production else "http://127.0.0.1:8000"
    app.extensions["eventsapp.settings"] = replace(kept, stripe_secret_key="", public_url=url)
    try:
        told = [problem for problem in dict(doctor.surroundings())["settings"] if "STRIPE_SECRET_KEY" in problem]
    finally:
        app.extensions["eventsapp.settings"] = kept

    assert bool(told) is production


def wrong() -> dict[str, Sequence[str]]:
    return {name: problems for name, problems in doctor.examine(now=NOW) if problems}


def change(statement: str, **values: object) -> None:
    db.session.execute(sa.text(statement), values)
    db.session.commit()


def reference(method: str) -> str:
    return db.session.scalars(sa.select(Order.reference).where(Order.payment_method == method)).one()


def test_nothing_is_said_of_what_holds() -> None:
    a_reserved_article()

    assert wrong() == {}


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE study_days SET seats_taken = seats_taken + 1", "I1 seats"),
        ("UPDATE contracts SET readers = 2, seats_taken = 1", "I1 readers"),
        ("UPDATE order_lines SET unit_price_cents = 1, total_cents = 1", "I2 totals"),
        ("UPDATE order_line_vat_parts SET total_cents = total_cents + 1", "I2 tax"),
        ("UPDATE orders SET paid_cents = paid_cents - 1", "I3 money"),
        ("UPDATE payments SET amount_cents = amount_cents + 1", "I3 journal"),
        ("UPDATE number_series SET last = last + 1", "I4 numbers"),
        ("UPDATE outgoing_mails SET status = 'sending', claimed_at = '2020-01-01 00:00:00+00:00'", "I8 mails"),
    ],
)
def test_what_does_not_hold_is_named(statement: str, name: str) -> None:
    change(statement)

    assert name in wrong()


def test_an_invoice_whose_pdf_was_touched_is_named() -> None:
    invoice = db.session.scalars(sa.select(Invoice).order_by(Invoice.id)).first()
    assert invoice is not None
    file = files.store_paper(b"%PDF-1.7 as it was issued", name="facture.pdf", now=NOW)
    invoice.pdf_id = file.id
    db.session.commit()
    assert wrong() == {}
    path = storage.path_of(file.key)

    path.write_bytes(b"%PDF-1.7 as it was forged")

    # As many bytes as before, so that only their hash tells.
    assert [*wrong()] == ["I4 files"]
    assert invoice.number in wrong()["I4 files"][0]
    path.unlink()
    assert invoice.number in wrong()["I4 files"][0]
    assert file.key in wrong()["I6 files"][0]


def test_a_file_that_nothing_refers_to_is_named_after_a_day() -> None:
    file = files.store_paper(b"%PDF-1.7 left behind", name="oubli.pdf", now=NOW - timedelta(days=2))
    db.session.commit()

    assert file.key in wrong()["I6 files"][0]


def test_an_event_of_stripe_taken_twice_is_named(without_uniqueness: Callable[[str, str], None]) -> None:
    without_uniqueness("gateway_events", "event_id")
    for _ in range(2):
        change(
            "INSERT INTO gateway_events (event_id, kind, session_id, payment_id, live, received_at, state, attempts, "
            "outcome, detail, note) "
            "VALUES ('evt_1', 'checkout.session.completed', '', '', false, :now, 'done', 1, 'settled', '', '')",
            now=NOW.isoformat(),
        )

    assert "evt_1 was taken 2 times" in wrong()["I5 events"][0]


def remind_of_money() -> None:
    place(subscription(make_plan(slug="relancee")), payment_method="cheque")
    dunning.remind_due(now=NOW.replace(year=2027))


def remind_of_an_end() -> None:
    place(subscription(make_plan(slug="finissante")))
    subscriptions.remind_due(now=NOW + timedelta(days=365 - 30))


def remind_of_a_day() -> None:
    day = a_published_day(slug="rappelee", starts_at=NOW + timedelta(days=20))
    place(seats(day))
    mailings.remind_due(now=day.starts_at - timedelta(days=6))


@pytest.mark.parametrize(
    ("remind", "template", "name"),
    [
        (remind_of_money, "dunning/reminder", "I5 reminders"),
        (remind_of_an_end, "subscriptions/renewal_reminder", "I5 renewals"),
        (remind_of_a_day, "mailings/reminder", "I5 days"),
    ],
)
def test_a_reminder_that_left_twice_is_named(remind: Callable[[], None], template: str, name: str) -> None:
    remind()
    db.session.commit()
    assert wrong().keys() <= {"I8 mails"}

    columns = (
        "created_at, due_at, template, locale, to_address, to_name, reply_to, subject, text, html, subject_kind, "
        "subject_id, registration_id, status, attempts, last_error, unsubscribe_url"
    )
    change(
        f"INSERT INTO outgoing_mails ({columns}, message_id) SELECT {columns}, 'again' FROM outgoing_mails "  # noqa: S608
        "WHERE id = (SELECT max(id) FROM outgoing_mails WHERE template = :template)",
        template=template,
    )

    assert len(wrong()[name]) == 1


def test_each_movement_of_money_has_a_line_of_its_own_in_the_history() -> None:
    """One line less is one too few, though the order has others."""
    change(
        "DELETE FROM audit_entries WHERE id = (SELECT max(id) FROM audit_entries WHERE action = 'payments.record' "
        "AND subject_label = :reference)",
        reference=reference("cheque"),
    )

    (problem,) = wrong()["I7 history"]
    assert problem == f"order {reference('cheque')}: payment of 100 cents, 1 in the journal and 0 in the history"


def test_a_role_that_nobody_gave_is_named() -> None:
    user = make_user(RoleName.DOOR)
    assert wrong() == {}

    change(
        "INSERT INTO users_roles (user_id, role_id) SELECT :user_id, id FROM roles WHERE name = 'administrator'",
        user_id=user.id,
    )

    (problem,) = wrong()["I7 history"]
    assert problem == f"user {user.email}: has ['administrator', 'door'], the history says ['door']"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE articles SET status = 'withdrawn'", "is withdrawn, the history's last word is articles.publish"),
        ("UPDATE study_days SET status = 'cancelled'", "is cancelled, the history's last word is study_days.publish"),
        ("DELETE FROM audit_entries WHERE action = 'articles.publish'", "is published, the history's last word is no"),
    ],
)
def test_what_was_published_or_taken_away_without_a_word_is_named(statement: str, words: str) -> None:
    a_reserved_article()
    assert wrong() == {}

    change(statement)

    (problem,) = wrong()["I7 history"]
    assert words in problem


def test_a_body_that_anybody_can_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    article = a_reserved_article()
    slug = article.slug
    assert wrong() == {}

    monkeypatch.setattr(magazine_site, "right_to_read", lambda *_article, **_moment: Right(Reason.PUBLIC))

    assert f"article {slug}: its body is at /articles/{slug}/" in wrong()["I9 reserved"]
    assert f"article {slug}: its body is at /articles/{slug}.pdf" in wrong()["I9 reserved"]


def test_a_body_in_the_search_index_is_named() -> None:
    article = a_reserved_article()
    slug, body = article.slug, article.body

    db.session.execute(
        sa.text("UPDATE search_entries SET text = :body WHERE kind = 'articles' AND slug = :slug"),
        {"body": body, "slug": slug},
    )
    db.session.commit()

    assert wrong()["I9 reserved"] == [f"article {slug}: a sentence of its body is in the search index"]


@pytest.mark.parametrize(
    ("state", "minutes", "words"),
    [
        (EventState.SET_ASIDE, 0, "message evt_1 (checkout.session.completed) is set aside: Stripe refuse"),
        (EventState.WAITING, 61, "message evt_1 (checkout.session.completed) waits for too long: Stripe refuse"),
        (EventState.WAITING, 59, None),
        (EventState.FILED, 0, None),
    ],
)
def test_a_message_of_stripe_that_nobody_deals_with_is_named(
    state: EventState, minutes: int, words: str | None
) -> None:
    make_event(state, event_id="evt_1", detail="Stripe refuse", received_at=NOW - timedelta(minutes=minutes))

    assert wrong() == ({} if words is None else {"Stripe's messages": [words]})


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE payment_journal SET amount_cents = 1 WHERE rank = 2", "line 2"),
        ("UPDATE payment_journal SET moved_on = '2026-01-01' WHERE rank = 1", "line 1"),
        ("UPDATE payment_journal SET reference = 'x' WHERE rank = 3", "line 3"),
        ("DELETE FROM payment_journal WHERE rank = 2", "follows line 1"),
        ("DELETE FROM payment_journal WHERE rank = 3", "ends at line 2"),
        ("UPDATE payment_journal_heads SET rank = 2", "ends at line 3"),
    ],
)
def test_a_journal_changed_by_hand_is_noticed(statement: str, words: str) -> None:
    assert payments.journal_problems() == []
    lift_guards()
    change(statement)

    assert words in "; ".join(payments.journal_problems())


def test_a_line_sealed_again_breaks_the_one_after() -> None:
    lift_guards()
    entry = db.session.scalars(sa.select(JournalEntry).filter_by(rank=1)).one()

    # As who knows the code would.
    entry.amount_cents = 5
    entry.hash = rules.seal(entry.previous_hash, payments.journal_content(entry))
    db.session.flush()

    assert "does not hold the hash of the line before" in "; ".join(payments.journal_problems())


def test_tables_that_may_be_changed_are_named() -> None:
    lift_guards()

    assert [problem.split(":")[0] for problem in wrong()["append-only"]] == ["payment_journal", "journal_closings"]


def test_the_command_ends_in_an_error_when_something_is_wrong(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["doctor"]).exit_code == 0

    lift_guards()
    change("UPDATE payment_journal SET amount_cents = 1 WHERE rank = 2")

    answer = runner.invoke(args=["doctor"])
    assert answer.exit_code == 1
    assert "was changed after it was written" in answer.output


@pytest.fixture
def without_uniqueness() -> Callable[[str, str], None]:
    """Let a column hold the same twice, as no database of ours would: what guards it is taken away."""

    def lift(table: str, column: str) -> None:
        if db.engine.dialect.name == "postgresql":
            change(f"ALTER TABLE {table} DROP CONSTRAINT uq_{table}_{column}")
            return
        # SQLite drops no constraint: the table is made again, without any.
        change(f"CREATE TABLE plain AS SELECT * FROM {table}")  # noqa: S608 - a table of ours
        change(f"DROP TABLE {table}")
        change(f"ALTER TABLE plain RENAME TO {table}")

    return lift
