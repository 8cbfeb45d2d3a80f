"""Numbers under load: eight processes at once, transactions given up, processes killed, files made by who is left."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.invoices import papers, queries
from eventsapp.invoices import service as invoices
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.service import _finish as finishing
from eventsapp.invoices.service import _issue as issuing
from eventsapp.invoices.statuses import Check, DocumentKind
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order, OrderLine, OrderLineVat
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments import queries as payments
from eventsapp.payments.values import terms_to_json
from tests.conftest import database_address
from tests.support.at_once import at_once
from tests.support.database import ENVIRONMENT, migrated_app
from tests.support.invariants import broken, fingerprints
from tests.support.killable import trust_every_document
from tests.support.makers.study_days import NOW
from tests.support.numbering import GivenUp, die_with_a_number, invoice, issue_at_once

PROCESSES = 8
#: SQLite has one writer at a time and waits for the disk at each commit: fewer prove the same.
ORDERS = {"postgresql": 500, "sqlite": 80}

pytestmark = pytest.mark.long


def card_orders(count: int) -> list[int]:
    """Write confirmed orders that nobody invoiced; return their keys."""
    terms = terms_to_json(payments.method("card").terms)
    rows = [
        Order(
            reference=f"2026-{number:04}-TEST",
            secret="s" * 32,
            placed_at=NOW,
            email="finances@ville-exemple.fr",
            first_name="Dominique",
            last_name="Martin",
            payment_method="card",
            payment_terms=terms,
            status=OrderStatus.CONFIRMED,
            payment_status=PaymentStatus.DUE,
            total_cents=62100,
            vat_cents=10350,
            terms_accepted_at=NOW,
            lines=[
                OrderLine(position=1, label="Journée", quantity=1, unit_price_cents=62100, total_cents=62100,
                          vat_parts=[OrderLineVat(position=1, category="standard", rate=2000,
                                                  unit_price_cents=62100, total_cents=62100)])
            ],
        )
        for number in range(count)
    ]  # fmt: skip
    with writing():
        db.session.add_all(rows)
        db.session.commit()
        keys = [row.id for row in rows]
        db.session.remove()
    return keys


def credit(invoice_id: int) -> str:
    with unit_of_work.transaction():
        invoice = db.session.get_one(Invoice, invoice_id)
        return invoices.credit(orders.lock(invoice.order_id), invoice_id, reason="Annulation", now=NOW).number


def test_numbers_follow_each_other_whatever_happens_to_who_takes_them(database: str, tmp_path: Path) -> None:
    place = {"DATABASE_URL": database_address(database, tmp_path), "STORAGE_URL": f"file://{tmp_path}/files"}
    app = migrated_app(place)
    count = ORDERS[database]
    with app.app_context():
        keys = card_orders(count)
        issue_at_once(ENVIRONMENT | place, keys[:-1], processes=PROCESSES, now=NOW)
        assert die_with_a_number(ENVIRONMENT | place, keys[-1], now=NOW) == -9
        issue_at_once(ENVIRONMENT | place, keys[-1:], processes=1, now=NOW)

        assert broken() == []
        numbers = db.session.scalars(sa.select(Invoice.number).order_by(Invoice.rank)).all()
        assert numbers == [f"F-2026-{rank:05}" for rank in range(1, count + 1)]
        assert sorted(db.session.scalars(sa.select(Invoice.order_id))) == keys
        issued = fingerprints()

        some = db.session.scalars(sa.select(Invoice).order_by(Invoice.rank).limit(PROCESSES)).all()
        wanted = [(row.id, row.number) for row in some]
        db.session.remove()
        notes = at_once(app, *(lambda key=key: credit(key) for key, _number in wanted))

        assert sorted(notes) == [f"A-2026-{rank:05}" for rank in range(1, PROCESSES + 1)]
        for note in db.session.scalars(sa.select(Invoice).where(Invoice.kind == DocumentKind.CREDIT_NOTE)):
            said = queries.content_of(note).credits
            assert said is not None
            assert (note.credits_id, said.number) in wanted
        assert broken() == []
        assert issued.items() <= fingerprints().items()
        db.session.remove()
        db.engine.dispose()


def test_files_lost_with_a_process_are_made_again_under_the_same_number(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = {"DATABASE_URL": database_address(database, tmp_path), "STORAGE_URL": f"file://{tmp_path}/files"}
    app = migrated_app(place)
    with app.app_context():
        monkeypatch.setattr(papers, "problems", trust_every_document)
        issue_at_once(ENVIRONMENT | place, card_orders(2), processes=1, now=NOW)
        before = fingerprints()

        class Killed(BaseException):
            """What no handler of the application may catch."""

        def die(*_made: object, **_at: object) -> int:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(finishing, "_keep", die)
            with pytest.raises(Killed):
                invoices.finish_due(now=NOW)
        assert set(db.session.scalars(sa.select(Invoice.check))) == {Check.PENDING}
        db.session.remove()

        assert invoices.finish_due(now=NOW + timedelta(minutes=1)) == 2
        assert invoices.finish_due(now=NOW + timedelta(minutes=2)) == 0

        made = db.session.execute(sa.select(Invoice.number, Invoice.check, Invoice.pdf_id).order_by(Invoice.rank)).all()
        assert [(row.number, row.check) for row in made] == [
            ("F-2026-00001", Check.VALID), ("F-2026-00002", Check.VALID),
        ]  # fmt: skip
        assert len({row.pdf_id for row in made}) == 2
        assert fingerprints() == before
        db.session.remove()
        db.engine.dispose()


def test_a_counter_that_gives_nothing_back_leaves_a_gap(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: numbers from a sequence outside the transaction, as databases offer them, are not contiguous."""
    ranks = iter(range(1, 100))
    app = migrated_app({"DATABASE_URL": database_address(database, tmp_path)})
    monkeypatch.setattr(issuing, "next_rank", lambda _kind, *, on, **_series: (next(ranks), on))
    with app.app_context():
        first, second = card_orders(2)
        with pytest.raises(GivenUp):
            invoice(first, give_up=True, now=NOW)
        invoice(second, now=NOW)

        assert broken() == ["I4 numbers are not contiguous: [('invoice', 2026, 1, 2, 2)]"]
        db.session.remove()
        db.engine.dispose()
