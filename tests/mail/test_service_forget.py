"""Old mails are erased, what waits is not, and their lines stay."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.core.db import db
from eventsapp.mail import outbox, service
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from tests.support.makers.study_days import NOW


def _old(number: int, *, days: int, status: MailStatus = MailStatus.SENT) -> None:
    at = NOW - timedelta(days=days)
    outbox.queue_rendered(
        template="tests/mail", to=f"p{number}@exemple.fr", to_name="Claude", reply_to="r@exemple.fr", subject="Objet",
        text="Texte", html="<p>Texte</p>", now=at, unsubscribe_url="http://localhost/x", about=("order", number),
    ).status = status  # fmt: skip
    db.session.commit()


def _said() -> list[tuple[str, ...]]:
    rows = db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.subject_id))
    db.session.expire_all()
    return [(row.to_address, row.to_name, row.reply_to, row.subject, row.text, row.html) for row in rows]


KEPT = ("Claude", "r@exemple.fr", "Objet", "Texte", "<p>Texte</p>")


@pytest.mark.parametrize("status", [MailStatus.SENT, MailStatus.FAILED, MailStatus.KEPT])
def test_what_an_old_mail_said_is_erased_and_its_line_stays(transaction: None, status: MailStatus) -> None:
    for number, days in enumerate((1096, 1097, 4000)):
        _old(number, days=days, status=status)

    assert service.forget_old(now=NOW) == 2
    assert service.forget_old(now=NOW) == 0

    assert _said() == [("p0@exemple.fr", *KEPT), ("",) * 6, ("",) * 6]
    rows = db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.subject_id)).all()
    assert [(row.template, row.status, row.subject_kind, row.unsubscribe_url) for row in rows[1:]] == [
        ("tests/mail", status, "order", "")
    ] * 2
    assert rows[1].created_at == NOW - timedelta(days=1097)
    assert [row.title for row in rows[:2]] == ["Objet", "Courriel effacé, texte et adresse"]


@pytest.mark.parametrize("status", [MailStatus.QUEUED, MailStatus.SENDING])
def test_what_waits_is_kept_however_old(transaction: None, status: MailStatus) -> None:
    _old(1, days=4000, status=status)

    assert service.forget_old(now=NOW) == 0
    assert _said() == [("p1@exemple.fr", *KEPT)]


def test_the_time_is_that_of_the_settings_and_none_is_for_good(
    app: Flask, transaction: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _old(1, days=31)
    settings = app.extensions["eventsapp.settings"]
    for days, erased in ((0, 0), (32, 0), (30, 1)):
        monkeypatch.setitem(app.extensions, "eventsapp.settings", replace(settings, mail_keep_days=days))
        assert service.forget_old(now=NOW) == erased


def test_old_mails_are_erased_batch_by_batch(transaction: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "FORGOTTEN_AT_ONCE", 2)
    for number in range(5):
        _old(number, days=2000)

    assert service.forget_old(now=NOW) == 5
    assert _said() == [("",) * 6] * 5


def test_batches_that_end_among_mails_of_one_moment_leave_none_out(
    transaction: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FORGOTTEN_AT_ONCE", 2)
    for number, days in enumerate((2000, 1500, 1500, 1500, 1500, 1400, 1500)):
        _old(number, days=days, status=MailStatus.QUEUED if number == 2 else MailStatus.SENT)

    assert service.forget_old(now=NOW) == 6
    assert [row[0] for row in _said()] == ["", "", "p2@exemple.fr", "", "", "", ""]


def test_a_batch_goes_on_where_the_one_before_ended(transaction: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is erased here: who looked from the oldest again would find the same for ever."""
    found: list[int] = []

    def look(which: sa.ColumnElement[bool]) -> int:
        keys = db.session.scalars(sa.select(OutgoingMail.subject_id).where(which).order_by(OutgoingMail.id)).all()
        found.extend(key for key in keys if key is not None)
        assert len(found) <= 5
        return len(keys)

    monkeypatch.setattr(service, "FORGOTTEN_AT_ONCE", 2)
    monkeypatch.setattr(service, "_empty", look)
    for number in range(5):
        _old(number, days=3000 - number)

    assert service.forget_old(now=NOW) == 5
    assert found == [0, 1, 2, 3, 4]
