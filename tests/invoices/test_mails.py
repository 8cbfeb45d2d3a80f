"""The mail to the accountants about what the validators refuse: once an invoice."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.settings import current
from eventsapp.invoices import papers, service
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.papers import Problem
from eventsapp.mail.models import OutgoingMail
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.fixture(autouse=True)
def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The validators refuse whatever they are shown."""
    found = [Problem("BR-CO-15", "Le total TTC est faux."), *(Problem(f"BR-{number}", "Faux.") for number in range(6))]
    monkeypatch.setattr(papers, "problems", lambda documents, **_patience: [found for _document in documents])


def told() -> list[tuple[str, str]]:
    rows = db.session.execute(
        sa.select(OutgoingMail.to_address, OutgoingMail.subject)
        .where(OutgoingMail.template == "invoices/invoice_refused")
        .order_by(OutgoingMail.id)
    )
    return [(address, subject) for address, subject in rows]


def test_every_accountant_is_told_once_with_the_rules() -> None:
    people = sorted(make_user(RoleName.ACCOUNTANT).email for _each in range(2))
    administrator = make_user(RoleName.ADMINISTRATOR)
    order = place(seats(make_study_day()))
    service.finish_due(now=NOW)

    assert told() == [(address, "Facture F-2026-00001 refusée par le contrôle") for address in people]
    text = db.session.scalars(
        sa.select(OutgoingMail.text).where(OutgoingMail.template == "invoices/invoice_refused").limit(1)
    ).one()
    assert "BR-CO-15\u00a0: Le total TTC est faux." in text
    assert "Et 2 autres règles." in text
    assert order.reference in text
    assert "/organisation/factures/F-2026-00001/" in text

    # Asked again, and refused again: they know.
    with unit_of_work.transaction():
        invoice = db.session.scalars(sa.select(Invoice).options(joinedload(Invoice.order))).one()
        service.recheck(invoice, actor=db.session.merge(administrator), now=NOW)
    service.finish_due(now=NOW)
    assert len(told()) == len(people)


def test_without_an_accountant_the_administrators_are_told() -> None:
    administrator = make_user(RoleName.ADMINISTRATOR).email
    place(seats(make_study_day()))

    service.finish_due(now=NOW)

    assert [address for address, _subject in told()] == [administrator]


def test_without_anybody_the_house_is_told() -> None:
    place(seats(make_study_day()))

    service.finish_due(now=NOW)

    assert [address for address, _subject in told()] == [current().mail_from]


def test_nobody_is_told_of_a_trial() -> None:
    place(seats(make_study_day()), is_test=True)

    service.finish_due(now=NOW)

    assert told() == []
