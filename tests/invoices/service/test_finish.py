"""Files are made and sent one invoice by itself, whatever fails with another."""

import pytest

from eventsapp.core.db import db
from eventsapp.files import service as files
from eventsapp.files.models import StoredFile
from eventsapp.invoices import mails, papers, service
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.service import _finish
from eventsapp.invoices.statuses import Check
from eventsapp.invoices.values import Content
from eventsapp.orders.models import Order
from tests.checkout.looking import mails as written
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("client", "frozen", "believed")


@pytest.fixture
def two(client: object) -> list[Order]:
    return [place(seats(make_study_day())), place(seats(make_study_day()))]


def invoice_of(order: Order) -> Invoice:
    (invoice,) = invoices.of_order(order.id)
    db.session.refresh(invoice)
    return invoice


def standing(orders: list[Order]) -> list[tuple[Check, int]]:
    return [(row.check, row.attempts) for row in map(invoice_of, orders)]


def test_what_cannot_be_stored_stops_no_other_and_is_shown_after_some_tries(
    two: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = files.store_paper

    def full(data: bytes, *, name: str, **more: object) -> StoredFile:
        if name.startswith("F-2026-00001"):
            message = "no space left"
            raise OSError(message)
        return store(data, name=name, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "store_paper", full)

    assert service.finish_due(now=NOW) == 1
    assert standing(two) == [(Check.PENDING, 1), (Check.VALID, 0)]

    for _time in range(_finish.ATTEMPTS - 1):
        service.finish_due(now=NOW)
    assert standing(two) == [(Check.INVALID, _finish.ATTEMPTS), (Check.VALID, 0)]
    assert invoice_of(two[0]).problems == [["FAILED", "OSError: no space left"]]
    assert [template for template, _address in written()].count("invoices/invoice_refused") == 1


def test_a_failure_of_the_storage_that_passes_is_made_good(two: list[Order], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_data: object, **_more: object) -> StoredFile:
        message = "no space left"
        raise OSError(message)

    with monkeypatch.context() as away:
        away.setattr(files, "store_paper", full)
        assert service.finish_due(now=NOW) == 0

    assert service.finish_due(now=NOW) == 2
    assert [invoice_of(order).problems for order in two] == [[], []]


def test_a_mail_that_cannot_be_written_is_shown_though_nobody_can_be_told(
    two: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_invoice: object, **_more: object) -> None:
        message = "no such template"
        raise LookupError(message)

    monkeypatch.setattr(mails, "invoice_ready", broken)
    monkeypatch.setattr(mails, "invoice_refused", broken)

    for _time in range(_finish.ATTEMPTS):
        assert service.finish_due(now=NOW) == 0

    assert [check for check, _attempts in standing(two)] == [Check.INVALID, Check.INVALID]
    assert [invoice_of(order).pdf_id for order in two] == [None, None]


def test_a_paper_that_breaks_in_the_making_comes_after_the_others(
    two: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    make = papers.invoice_pdf

    def dies(content: Content, *, xml: bytes | None) -> bytes:
        if content.number == "F-2026-00001":
            raise KeyError(content.number)
        return make(content, xml=xml)

    monkeypatch.setattr(papers, "invoice_pdf", dies)
    monkeypatch.setattr(_finish, "BATCH", 1)

    assert [service.finish_due(now=NOW) for _time in range(2)] == [0, 1]
    assert standing(two) == [(Check.PENDING, 1), (Check.VALID, 0)]


def test_a_content_that_cannot_be_read_stops_no_other(two: list[Order]) -> None:
    damaged = invoice_of(two[0])
    damaged.content = {name: kept for name, kept in damaged.content.items() if name != "issued_on"}
    db.session.commit()

    assert service.finish_due(now=NOW) == 1

    assert standing(two) == [(Check.PENDING, 1), (Check.VALID, 0)]
    assert invoice_of(two[0]).problems == [["FAILED", "KeyError: 'issued_on'"]]
