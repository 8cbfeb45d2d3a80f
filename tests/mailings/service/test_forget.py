"""The ledger of an old message tells what became of each line, and no longer of whom."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail import service as mail_service
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus, RecipientStatus, SuppressionReason
from eventsapp.mailings import queries, service
from eventsapp.mailings.models import Mailing, MailingRecipient
from eventsapp.mailings.statuses import Basis
from eventsapp.mailings.values import Audience
from tests.mailings.looking import GONE, make_mailing, plan, sent
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract
from tests.support.pages import Page

pytestmark = pytest.mark.usefixtures("frozen", "transaction")
KEPT = timedelta(days=1096)


def _message(people: int = 3) -> Mailing:
    """Send a message to some people, of whom the first wants no more of them."""
    for number in range(people):
        make_contract(f"p{number}@exemple.fr")
    with unit_of_work.transaction():
        mail_service.suppress("p0@exemple.fr", SuppressionReason.UNSUBSCRIBED, now=NOW)
    mailing = make_mailing(Audience(basis=Basis.SUBSCRIBERS), subject="Numéro 18", body="Il paraît.")
    plan(mailing, now=NOW)
    db.session.execute(sa.update(MailingRecipient).values(name="Claude Roux", facts={"prenom": "Claude"}))
    db.session.commit()
    service.send_due(clock=lambda: GONE)
    return mailing


def _lines() -> list[MailingRecipient]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(MailingRecipient).order_by(MailingRecipient.id)))


def _people() -> list[tuple[str | None, str, bool]]:
    return [(line.address, line.name, bool(line.facts)) for line in _lines()]


NOBODY = (None, "", False)


def test_a_line_forgets_whom_it_was_for_and_keeps_what_became_of_it() -> None:
    mailing = _message()
    became = [(line.status, line.reason, line.mail_id, line.study_day_id) for line in _lines()]
    progress = queries.progress_of(mailing.id)
    assert all(address and name and facts for address, name, facts in _people())
    assert [status for status, *_more in became].count(RecipientStatus.LEFT_OUT) == 1

    assert service.forget_old(now=NOW + KEPT) == 0
    assert service.forget_old(now=GONE + KEPT + timedelta(seconds=1)) == 3
    assert service.forget_old(now=GONE + KEPT + timedelta(seconds=1)) == 0

    assert _people() == [NOBODY] * 3
    assert [(line.status, line.reason, line.mail_id, line.study_day_id) for line in _lines()] == became
    assert queries.progress_of(mailing.id) == progress
    assert (progress.total, progress.kept, progress.left_out) == (3, 2, 1)


def test_the_ledger_has_the_same_time_as_the_mails() -> None:
    _message()
    for moment in (NOW + KEPT, GONE + KEPT, GONE + KEPT + timedelta(seconds=1)):
        mail_service.forget_old(now=moment)
        service.forget_old(now=moment)

        erased = {mail.id for mail in db.session.scalars(sa.select(OutgoingMail)) if mail.is_erased}
        assert {line.mail_id for line in _lines() if line.mail_id and line.address is None} == erased


@pytest.mark.parametrize("status", [MailStatus.QUEUED, MailStatus.SENDING])
def test_whose_mail_waits_is_kept_however_old(status: MailStatus) -> None:
    _message()
    db.session.execute(sa.update(OutgoingMail).where(OutgoingMail.id == sent()[0].id).values(status=status))
    db.session.commit()

    assert service.forget_old(now=NOW + 2 * KEPT) == 2
    assert [line.mail_id for line in _lines() if line.address] == [sent()[0].id]


def test_who_was_not_written_to_yet_is_kept_however_old() -> None:
    make_contract("p0@exemple.fr")
    plan(make_mailing(Audience(basis=Basis.SUBSCRIBERS), subject="Numéro 18", body="Il paraît."))

    assert service.forget_old(now=NOW + 2 * KEPT) == 0
    assert [line.address for line in _lines()] == ["p0@exemple.fr"]


def test_only_what_is_old_is_erased_and_nothing_where_mails_are_kept_for_good(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _message()
    settings = app.extensions["eventsapp.settings"]
    for days, erased in ((0, 0), (400, 0), (399, 3)):
        monkeypatch.setitem(app.extensions, "eventsapp.settings", replace(settings, mail_keep_days=days))
        assert service.forget_old(now=NOW + timedelta(days=400)) == erased


def test_old_lines_are_erased_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_service, "FORGOTTEN_AT_ONCE", 2)
    _message(5)

    assert service.forget_old(now=NOW + 2 * KEPT) == 5
    assert _people() == [NOBODY] * 5


def test_the_page_of_an_old_message_counts_as_before_and_names_nobody(client: FlaskClient) -> None:
    mailing = _message()
    sign_in(client, make_user(RoleName.ORGANISER))
    address = f"/organisation/messages/{mailing.id}/"
    before = Page(client.get(address).text).rows
    service.forget_old(now=NOW + 2 * KEPT)

    page = client.get(address).text

    rows = Page(page).rows
    assert [row[0] for row in rows] == ["adresse effacée"] * 3
    assert [row[1:] for row in rows] == [row[1:] for row in before]
    assert "Roux" not in page
    assert "@exemple.fr" not in page.replace("journees@exemple.fr", "")


def test_the_way_out_of_an_erased_line_is_no_longer_valid(client: FlaskClient) -> None:
    _message()
    link = "/messages/refuser/" + sent()[0].unsubscribe_url.split("/messages/refuser/")[1]
    assert client.get(link).status_code == 200

    service.forget_old(now=NOW + 2 * KEPT)

    assert client.get(link).status_code == 404
