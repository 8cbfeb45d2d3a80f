"""An erased mail is called so wherever mails are listed: no empty quotes, no empty link."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.invoices.models import QuoteRecord
from eventsapp.mail import outbox
from eventsapp.mail import service as mails
from eventsapp.mail.models import OutgoingMail
from tests.checkout.web.sending import open_day, send
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import seats_of
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_contract
from tests.support.makers.waiting_list import make_entry, make_full_day

ROOT = Path(__file__).resolve().parents[3]
ERASED, SUBJECT, ADDRESS = "Courriel effacé, texte et adresse", "Objet ancien", "ancienne@exemple.fr"
#: Calls that read mails to show them.
_READS = re.compile(r"\b(mails_about|mails_of_seat|mail_by_id|mail_list|day_mail_list)\(")
#: A link, or something quoted, that says nothing.
_BLANK = re.compile(r"<a\b[^>]*>\s*</a>|«\s*»|\bà\s*</span>")


def _a_mail(kind: str = "", key: int = 0, day_id: int | None = None) -> None:
    outbox.queue_rendered(
        template="tests/mail", to=ADDRESS, subject=SUBJECT, text="Texte", html="<p>Texte</p>", now=NOW,
        about=(kind, key) if kind else None, study_day_id=day_id,
    )  # fmt: skip
    db.session.commit()


def _of_all(client: FlaskClient) -> str:
    _a_mail()
    return "/organisation/courriels/"


def _alone(client: FlaskClient) -> str:
    _a_mail()
    return f"/organisation/courriels/{db.session.scalars(sa.select(OutgoingMail.id)).one()}/"


def _of_order(client: FlaskClient) -> str:
    order = place(seats(make_study_day()))
    _a_mail("order", order.id)
    return f"/organisation/commandes/{order.reference}/"


def _of_quote(client: FlaskClient) -> str:
    send(client, open_day(), {"quote": "1", "accept_terms": "", "commitment_number": ""})
    quote = db.session.scalars(sa.select(QuoteRecord)).one()
    _a_mail("quote", quote.id)
    return f"/organisation/devis/{quote.reference}/"


def _of_contract(client: FlaskClient) -> str:
    contract = make_contract("lectrice@exemple.fr")
    _a_mail("contract", contract.id)
    return f"/organisation/abonnes/{contract.id}/"


def _of_entry(client: FlaskClient) -> str:
    day = make_full_day()
    entry = make_entry(day)
    _a_mail("waiting_entry", entry.id)
    return f"/organisation/journees/{day.slug}/liste-d-attente/{entry.id}/"


def _of_seat(client: FlaskClient) -> str:
    day = make_study_day()
    order = place(seats(day))
    _a_mail("order", order.id, day.id)
    return f"/organisation/inscriptions/{seats_of(day)[0].id}/"


def _of_day(client: FlaskClient) -> str:
    day = make_study_day()
    _a_mail(day_id=day.id)
    return f"/organisation/journees/{day.slug}/messages/"


#: The file that reads the mails → the pages that it shows.
PAGES: dict[str, tuple[Callable[[FlaskClient], str], ...]] = {
    "checkout/web/quotes_office.py": (_of_quote,),
    "mail/web/office.py": (_of_all, _alone),
    "mailings/web/day_office.py": (_of_day,),
    "orders/web/office.py": (_of_order,),
    "registrations/web/card.py": (_of_seat,),
    "subscriptions/web/office.py": (_of_contract,),
    "waiting_list/web/office.py": (_of_entry,),
}


def test_every_page_that_reads_mails_is_gone_over() -> None:
    reading = {
        path.relative_to(ROOT / "eventsapp").as_posix()
        for path in (ROOT / "eventsapp").glob("*/web/**/*.py")
        if _READS.search(path.read_text(encoding="utf-8").replace("def mail_list(", ""))
    }

    assert reading == PAGES.keys()


@pytest.mark.parametrize("page", [page for pages in PAGES.values() for page in pages])
def test_an_erased_mail_is_called_so(client: FlaskClient, page: Callable[[FlaskClient], str]) -> None:
    address = page(client)
    sign_in(client, make_user(RoleName.ADMINISTRATOR))

    before = client.get(address).text
    mails.forget_old(now=datetime.now(NOW.tzinfo) + timedelta(days=3000))
    after = client.get(address).text

    assert ERASED not in before
    assert ERASED in after
    for gone in (SUBJECT, ADDRESS):
        assert gone not in after
    assert not _BLANK.search(after)
