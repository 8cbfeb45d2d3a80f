"""A price of several parts, through order, discount, quote, invoice, credit note and books: each at its own rate."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.books import queries as books
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Posting
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoices
from eventsapp.invoices import service as invoice_service
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.papers import einvoice_xml, problems
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.orders.service import billing_of, lock, take_back
from eventsapp.orders.values import Take
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Plan, PlanComponent
from eventsapp.subscriptions.statuses import Edition
from eventsapp.vat import queries as vat
from eventsapp.vat import service as vat_service
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import a_request, an_attendee, place, seats, subscription
from tests.support.makers.payments import set_method
from tests.support.makers.promotions import make_code
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

YEAR = date(2026, 1, 1), date(2026, 12, 31)
BUNDLE = [
    ("Magazine", "press", 13_900),
    ("Base documentaire", "standard", 6_000),
    ("Ateliers", "exempt-training", 5_000),
]

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


@pytest.fixture
def bundle(transaction: None) -> Plan:
    """Print, database and workshops: 2.10 %, 20 % and exempt."""
    return make_plan(name="complète", edition=Edition.BOTH, price_cents=24_900, parts=BUNDLE)


@pytest.fixture
def day(transaction: None) -> StudyDay:
    """A day at 120 €, of which 40 € are lunch."""
    return make_study_day(
        rates={"standard": 12_000}, parts=[("Journée", "standard", 8_000), ("Déjeuner", "intermediate", 4_000)]
    )


def parts(order: Order) -> list[list[tuple[str, int, int]]]:
    return [[(part.label, part.rate, part.total_cents) for part in line.vat_parts] for line in order.lines]


def invoiced(order: Order, actor: User) -> Invoice:
    with unit_of_work.transaction():
        return checkout.invoice_order(order.id, actor=actor, now=NOW)


@pytest.fixture
def later(transaction: None) -> None:
    """Orders by transfer wait for their invoice, so that the tests issue it."""
    set_method("transfer", invoice_at=InvoiceMoment.PAYMENT)


def test_an_order_keeps_each_part_at_its_rate(bundle: Plan, day: StudyDay) -> None:
    order = place(seats(day, an_attendee(1), an_attendee(2)), subscription(bundle))

    assert parts(order) == [
        [("Journée", 2000, 16_000), ("Déjeuner", 1000, 8_000)],
        [("Magazine", 210, 13_900), ("Base documentaire", 2000, 6_000), ("Ateliers", 0, 5_000)],
    ]
    assert [(share.rate, share.gross_cents) for share in order.vat] == [
        (2000, 22_000), (1000, 8_000), (210, 13_900), (0, 5_000),
    ]  # fmt: skip
    assert order.vat_cents == sum(share.vat_cents for share in order.vat) == 3_667 + 727 + 286


def test_a_discount_is_shared_over_the_parts_to_the_cent(bundle: Plan) -> None:
    make_code("MOINS-DIX", value=10)

    order = place(subscription(bundle), promo_code="MOINS-DIX")

    assert order.total_cents == 24_900 - 2_490
    assert parts(order) == [[("Magazine", 210, 12_510), ("Base documentaire", 2000, 5_400), ("Ateliers", 0, 4_500)]]


@pytest.mark.usefixtures("later")
def test_the_invoice_prints_each_part_as_its_own_line_and_breaks_no_rule(
    bundle: Plan, day: StudyDay, accountant: User
) -> None:
    make_code("MOINS-DIX", value=10)
    order = place(seats(day), subscription(bundle), payment_method="transfer", promo_code="MOINS-DIX")

    content = invoices.content_of(invoiced(order, accountant))

    assert [(line.label.rpartition(" – ")[2], line.vat_rate, line.gross_cents) for line in content.lines] == [
        ("Journée", 2000, 7_200),
        ("Déjeuner", 1000, 3_600),
        ("Magazine", 210, 12_510),
        ("Base documentaire", 2000, 5_400),
        ("Ateliers", 0, 4_500),
    ]
    assert [line.detail for line in content.lines] == [
        "Claude Roux1", "", "Claude Roux", "", "",
    ]  # fmt: skip
    assert [(line.full_unit_net, line.discount_net_cents) for line in content.lines] == [
        (Decimal("66.6667"), 667), (Decimal("36.3636"), 363), (Decimal("136.1410"), 1361), (Decimal("50.0000"), 500),
        (Decimal("50.0000"), 500),
    ]  # fmt: skip
    assert (content.total_cents, content.vat_cents) == (order.total_cents, order.vat_cents)
    assert [line.unit_net for line in content.lines] == [
        Decimal(net) for net in ("60.0000", "32.7273", "122.5269", "45.0000", "45.0000")
    ]
    assert content.exemptions == (("Exonération de TVA, art. 261-4-4° a du CGI", "VATEX-FR-CGI261-4"),)
    assert content.nature.value == "mixed"
    assert problems([einvoice_xml(content)]) == [[]]


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("fr", "1 sur 3 annulée"),
        ("en", "1 of 3 cancelled"),
    ],
)
def test_what_became_of_a_line_is_told_in_the_language_of_the_order(accountant: User, locale: str, told: str) -> None:
    make_code("MOINS-DIX", value=10)
    day = make_study_day(rates={"standard": 12_000})
    order = place(
        seats(day, *map(an_attendee, (1, 2, 3))), payment_method="transfer", promo_code="MOINS-DIX", locale=locale
    )
    with unit_of_work.transaction():
        locked = lock(order.id)
        (line,) = locked.lines
        take_back(locked, {line.id: Take(quantity=1, credited_cents=10_800)}, reason="Geste", now=NOW)

    (said,) = invoices.content_of(invoiced(order, accountant)).lines

    assert said.detail.endswith(told)
    # Of the two that are left, and not of the three that were ordered.
    assert (said.full_unit_net, said.discount_net_cents, said.net_cents) == (Decimal("100.0000"), 2_000, 18_000)


@pytest.mark.usefixtures("later")
def test_what_is_credited_in_part_and_then_whole_takes_each_part_back_to_the_cent(
    bundle: Plan, accountant: User
) -> None:
    order = place(subscription(bundle), payment_method="transfer")
    invoice = invoiced(order, accountant)

    for cents in (1, 3_333, 7_001, 14_565):
        with unit_of_work.transaction():
            checkout.credit_invoice(invoice, amount_cents=cents, reason="Geste", actor=accountant, now=NOW)

    issued = [invoices.content_of(row) for row in invoices.of_order(order.id)]
    first, *notes = sorted(issued, key=lambda content: content.number, reverse=True)
    for rate in (2000, 210, 0):
        net, vat_cents = next((share.net_cents, share.vat_cents) for share in first.shares if share.rate == rate)
        taken = [share for note in notes for share in note.shares if share.rate == rate]
        assert (sum(share.net_cents for share in taken), sum(share.vat_cents for share in taken)) == (net, vat_cents)
    assert {note.exemptions for note in notes if any(not line.vat_rate for line in note.lines)} == {first.exemptions}
    assert [said for said in problems([einvoice_xml(content) for content in issued]) if said] == []


@pytest.mark.usefixtures("later")
def test_what_is_billed_anew_keeps_each_part_and_why_it_bears_no_tax(bundle: Plan, accountant: User) -> None:
    order = place(subscription(bundle), payment_method="transfer")
    first = invoiced(order, accountant)
    billing = replace(billing_of(order), address="2, quai de la Loire")

    with unit_of_work.transaction():
        anew = checkout.bill_anew(
            order.id, billing, seen=first.number, form_key="form-1", actor=accountant, now=NOW + timedelta(days=1)
        )
        assert anew is not None
    said = invoices.content_of(anew)

    assert said.lines == invoices.content_of(first).lines
    assert [(line.part, line.vat_rate, line.exemption_code) for line in said.lines] == [
        (1, 210, ""), (2, 2000, ""), (3, 0, "VATEX-FR-CGI261-4"),
    ]  # fmt: skip
    assert _by_account() == {AccountKey.GOODS: 13_614, AccountKey.SERVICES: 5_000 + 5_000}

    with unit_of_work.transaction():
        checkout.credit_invoice(anew, amount_cents=3_333, reason="Geste", actor=accountant, now=NOW)
    with unit_of_work.transaction():
        (rest,) = invoice_service.credit_rest(order, reason="Annulée", now=NOW, actor=accountant)

    assert (rest.total_cents, invoices.lines_left(invoices.in_full(anew.id))) == (24_900 - 3_333, [])
    assert _by_account() == {AccountKey.GOODS: 0, AccountKey.SERVICES: 0}
    contents = [invoices.content_of(row) for row in invoices.of_order(order.id)]
    assert (len(contents), problems([einvoice_xml(content) for content in contents])) == (5, [[]] * 5)


def _by_account() -> dict[AccountKey, int]:
    """What the year's sales put in the accounts of what is sold, credit notes taken off."""
    sums = dict.fromkeys((AccountKey.GOODS, AccountKey.SERVICES), 0)
    for entry in books.entries(*YEAR):
        for line in entry.postings:
            if line.account in sums:
                sums[line.account] += _cents(line)
    return sums


@pytest.mark.usefixtures("later")
def test_the_books_put_the_magazine_with_the_goods_and_the_rest_with_the_services(
    bundle: Plan, accountant: User
) -> None:
    invoiced(place(subscription(bundle), payment_method="transfer"), accountant)

    (entry,) = books.entries(*YEAR)

    def of(account: AccountKey) -> list[tuple[int | None, int]]:
        return [(line.vat_rate, _cents(line)) for line in entry.postings if line.account is account]

    assert of(AccountKey.GOODS) == [(None, 13_614)]
    assert of(AccountKey.SERVICES) == [(None, 5_000 + 5_000)]
    assert of(AccountKey.WAITING_VAT) == [(2000, 1_000), (210, 286)]
    assert [(rate, row.label, row.gross_cents) for rate, row in books.vat_by_rate(*YEAR)] == [
        (2000, "20\xa0%", 6_000), (210, "2,1\xa0%", 13_900), (0, "exonéré (VATEX-FR-CGI261-4)", 5_000),
    ]  # fmt: skip


def _cents(line: Posting) -> int:
    return line.credit_cents - line.debit_cents


def test_a_quote_promises_the_price_and_its_parts_and_the_rate_is_that_of_the_day(
    bundle: Plan, accountant: User
) -> None:
    record = _quoted(subscription(bundle))
    content = invoices.quote_content(record)
    bundle.price_cents = 30_000
    db.session.execute(sa.delete(PlanComponent))
    db.session.commit()
    standard = vat.category("standard")
    assert standard is not None
    vat_service.add_rate(standard, rate=2100, valid_from=date(2026, 12, 1), knowingly=False, actor=accountant, now=NOW)
    db.session.commit()

    with unit_of_work.transaction():
        placed, _is_new = checkout.order_quote(record.id, locale="fr", now=NOW.replace(month=12, day=2))
        reference = placed.reference

    order = orders.by_reference(reference)
    assert order is not None
    assert [line.vat_rate for line in content.lines] == [210, 2000, 0]
    assert parts(order) == [[("Magazine", 210, 13_900), ("Base documentaire", 2100, 6_000), ("Ateliers", 0, 5_000)]]


def _quoted(*items: Any) -> Any:
    with unit_of_work.transaction():
        return checkout.make_quote(a_request(*items), now=NOW)


def test_a_plan_that_nobody_split_is_at_the_standard_rate_as_a_whole() -> None:
    plan = make_plan()
    db.session.execute(sa.delete(PlanComponent))
    db.session.commit()

    assert parts(place(subscription(plan))) == [[("", 2000, 12_900)]]
