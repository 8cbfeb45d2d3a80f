"""An order in English calls its rates by their English names, in its mail and on its papers."""

import pytest
import sqlalchemy as sa

from eventsapp.checkout import service as checkout
from eventsapp.core import i18n, unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoices
from eventsapp.mail.models import OutgoingMail
from eventsapp.study_days.models import Rate, StudyDay
from tests.support.makers.orders import a_request, place, seats
from tests.support.makers.study_days import NOW, make_city, make_study_day

pytestmark = pytest.mark.usefixtures("client", "frozen")
ENGLISH = ", 24 February 2027 – non-subscriber rate"
FRENCH = ", 24\u00a0février 2027 – tarif non-abonné"


def _day(*, name_en: str = "Non-subscriber") -> StudyDay:
    day = make_study_day(city=make_city("Angers"))
    db.session.execute(
        sa.update(Rate).where(Rate.study_day_id == day.id, Rate.code == "standard").values(name_en=name_en)
    )
    db.session.commit()
    return day


@pytest.mark.parametrize(("locale", "label"), [("en", ENGLISH), ("fr", FRENCH)])
def test_line_mail_and_invoice_are_in_the_language_of_the_order(locale: str, label: str) -> None:
    order = place(seats(_day()), locale=locale)

    with i18n.speaking(locale):
        assert order.lines[0].local_label.endswith(label)
    mail = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.template == "checkout/order_placed")).one()
    assert label in mail.text
    (invoice,) = invoices.of_order(order.id)
    assert [line.label.endswith(label) for line in invoices.content_of(invoice).lines] == [True]


def test_a_quote_asked_for_in_english_is_too() -> None:
    request = a_request(seats(_day()), locale="en")

    with unit_of_work.transaction():
        reference = checkout.make_quote(request, now=NOW).reference

    record = invoices.quote_by_reference(reference)
    assert record is not None
    assert [line.label.endswith(ENGLISH) for line in invoices.quote_content(record).lines] == [True]


def test_a_rate_without_an_english_name_keeps_its_french_one() -> None:
    order = place(seats(_day(name_en="")), locale="en")

    assert order.lines[0].label_en == ""
    with i18n.speaking("en"):
        assert order.lines[0].local_label.endswith(FRENCH)
