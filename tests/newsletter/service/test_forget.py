"""The ledger of an old letter tells what became of each line, and no longer of whom."""

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
from eventsapp.mail.statuses import MailStatus, SuppressionReason
from eventsapp.newsletter import queries, service
from eventsapp.newsletter.models import Letter, LetterRecipient, Reader
from tests.newsletter.looking import GONE, ledger, make_letter, make_reader, plan, send, sent
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article
from tests.support.makers.study_days import NOW
from tests.support.pages import Page

pytestmark = pytest.mark.usefixtures("frozen", "transaction")
KEPT = timedelta(days=1096)


def _letter() -> Letter:
    """Send a letter to three readers, of whom the last is left out."""
    make_article(title="Un article", published_at=NOW - timedelta(days=1))
    for number in range(3):
        make_reader(f"p{number}@exemple.fr")
    with unit_of_work.transaction():
        mail_service.suppress("p2@exemple.fr", SuppressionReason.BOUNCED, now=NOW)
    letter = make_letter()
    plan(letter)
    send()
    return letter


def _whom() -> list[tuple[str | None, int | None]]:
    db.session.expire_all()
    rows = db.session.execute(
        sa.select(LetterRecipient.address, LetterRecipient.reader_id).order_by(LetterRecipient.id)
    )
    return [(row.address, row.reader_id) for row in rows]


def test_a_line_forgets_whom_it_was_for_and_keeps_what_became_of_it() -> None:
    letter = _letter()
    became, progress = [line[1:] for line in ledger(letter.id)], queries.progress_of(letter.id)
    mails = db.session.scalars(sa.select(LetterRecipient.mail_id).order_by(LetterRecipient.id)).all()

    assert service.forget_old(now=NOW + KEPT) == 0
    assert service.forget_old(now=GONE + KEPT + timedelta(seconds=1)) == 3
    assert service.forget_old(now=GONE + KEPT + timedelta(seconds=1)) == 0

    assert _whom() == [(None, None)] * 3
    assert [line[1:] for line in ledger(letter.id)] == became
    assert db.session.scalars(sa.select(LetterRecipient.mail_id).order_by(LetterRecipient.id)).all() == mails
    assert queries.progress_of(letter.id) == progress
    assert (progress.total, progress.kept, progress.left_out) == (3, 2, 1)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Reader)) == 3


@pytest.mark.parametrize("status", [MailStatus.QUEUED, MailStatus.SENDING])
def test_whose_mail_waits_is_kept_however_old(status: MailStatus) -> None:
    _letter()
    db.session.execute(sa.update(OutgoingMail).where(OutgoingMail.id == sent()[0].id).values(status=status))
    db.session.commit()

    assert service.forget_old(now=NOW + 2 * KEPT) == 2
    assert [address for address, _reader in _whom() if address] == [sent()[0].to_address]


def test_only_what_is_old_is_erased_and_nothing_where_mails_are_kept_for_good(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _letter()
    settings = app.extensions["eventsapp.settings"]
    for days, erased in ((0, 0), (400, 0), (399, 3)):
        monkeypatch.setitem(app.extensions, "eventsapp.settings", replace(settings, mail_keep_days=days))
        assert service.forget_old(now=NOW + timedelta(days=400)) == erased


def test_old_lines_are_erased_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_service, "FORGOTTEN_AT_ONCE", 2)
    _letter()

    assert service.forget_old(now=NOW + 2 * KEPT) == 3
    assert _whom() == [(None, None)] * 3


def test_the_page_of_an_old_letter_counts_as_before_and_names_nobody(client: FlaskClient) -> None:
    letter = _letter()
    sign_in(client, make_user(RoleName.EDITOR))
    address = f"/organisation/lettre/{letter.id}/"
    before = Page(client.get(address).text).rows
    service.forget_old(now=NOW + 2 * KEPT)

    rows = Page(client.get(address).text).rows

    assert [row[0] for row in rows] == ["adresse effacée"] * 3
    assert [row[1:] for row in rows] == [row[1:] for row in before]
