"""Each address of a message gets it once: whatever dies, and whoever works at the same time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail import service as mail_service
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import RecipientStatus, SuppressionReason
from eventsapp.mailings import mails, queries, service
from eventsapp.mailings.errors import TooLate
from eventsapp.mailings.models import Mailing, MailingRecipient
from eventsapp.mailings.service import _send
from eventsapp.mailings.statuses import Basis, MailingStatus, Seat
from eventsapp.mailings.values import Audience
from eventsapp.study_days.models import StudyDay
from tests.mailings.looking import GONE, ledger, make_mailing, plan, sent, to_day
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.makers.subscriptions import make_contract
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")
IN_PLACE = pytest.mark.usefixtures("transaction")


def a_day(people: int) -> StudyDay:
    day = make_study_day(city=make_city("Angers"), capacity=200)
    for first in range(0, people, 20):
        place(seats(day, *[an_attendee(number) for number in range(first, min(first + 20, people))]))
    return day


def send() -> int:
    return service.send_due(clock=lambda: GONE)


@IN_PLACE
def test_everybody_gets_their_own_words_once() -> None:
    day = a_day(2)
    mailing = make_mailing(to_day(day))
    plan(mailing)

    assert (send(), send()) == (2, 0)

    first, second = sent()
    assert (first.to_address, second.to_address) == ("claude.roux0@ville-exemple.fr", "claude.roux1@ville-exemple.fr")
    assert first.subject == "Changement de salle à Angers"
    assert "Bonjour Claude Roux0," in first.text
    assert "<strong>au rez-de-chaussée</strong>" in first.html
    assert "/inscriptions/" in first.text
    assert first.reply_to == "journees@exemple.fr"
    assert (first.study_day_id, first.unsubscribe_url) == (day.id, "")
    kept = db.session.get_one(Mailing, mailing.id)
    assert (kept.status, kept.total, kept.finished_at) == (MailingStatus.DONE, 2, GONE)
    assert [line[1:] for line in ledger(mailing.id)] == [("written", True)] * 2


@IN_PLACE
@pytest.mark.parametrize(
    "name", ["<b>Zoé</b>", "{lien}", "{{7*7}}", "[ici](https://exemple.org)", "https://exemple.org/x", "$&%n\\1"]
)
def test_what_somebody_is_called_stays_what_it_is(name: str) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1, first_name=name)))
    plan(make_mailing(to_day(day), body="Bonjour {prenom} !"))
    send()

    (mail,) = sent()
    assert f"Bonjour {name} !" in mail.text
    assert "exemple.org/x</a>" not in mail.html
    assert '<a href="https://exemple.org' not in mail.html
    assert "<b>Zoé" not in mail.html
    assert "49" not in mail.text


@IN_PLACE
def test_headers_hold_one_line_whatever_is_typed() -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    plan(make_mailing(to_day(day), subject="Salle\r\nBcc: tous@exemple.fr"))
    send()

    assert sent()[0].subject == "Salle Bcc: tous@exemple.fr"


@IN_PLACE
def test_subscribers_may_refuse_and_who_refused_since_is_left_out() -> None:
    make_contract("lectrice@exemple.fr")
    make_contract("autre@exemple.fr")
    mailing = make_mailing(Audience(basis=Basis.SUBSCRIBERS), subject="Numéro 18", body="Il paraît.")
    plan(mailing)
    with unit_of_work.transaction():
        mail_service.suppress("autre@exemple.fr", SuppressionReason.UNSUBSCRIBED, now=NOW)
    send()

    (mail,) = sent()
    assert mail.to_address == "lectrice@exemple.fr"
    assert "/messages/refuser/" in mail.unsubscribe_url
    assert mail.unsubscribe_url in mail.text
    assert ledger(mailing.id) == [("lectrice@exemple.fr", "written", True), ("autre@exemple.fr", "left_out", False)]
    assert queries.progress_of(mailing.id).left_out == 1


@IN_PLACE
def test_who_wants_no_messages_gets_none_of_a_coming_day_once_their_seat_is_cancelled() -> None:
    day = make_study_day()
    for number in (1, 2):
        order = place(seats(day, an_attendee(number)))
        with unit_of_work.transaction():
            checkout.cancel_by_buyer(order.id, fee_cents=0, now=NOW)
    with unit_of_work.transaction():
        mail_service.suppress("claude.roux1@ville-exemple.fr", SuppressionReason.UNSUBSCRIBED, now=NOW)
    mailing = make_mailing(to_day(day, seats=(Seat.CANCELLED,)))
    plan(mailing)
    send()

    (mail,) = sent()
    assert mail.to_address == "claude.roux2@ville-exemple.fr"
    assert "/messages/refuser/" in mail.unsubscribe_url
    assert [line[1] for line in ledger(mailing.id)] == ["left_out", "written"]


@IN_PLACE
@pytest.mark.parametrize("people", [5, 45])
def test_a_batch_costs_as_many_reads_whatever_its_size(
    people: int, count_queries: AbstractContextManager[QueryCount], monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing = make_mailing(to_day(a_day(people)))
    plan(mailing)
    db.session.expire_all()

    with count_queries as count:
        assert _send._write_some(mailing.id, now=GONE) == people

    # What each reader costs is written by itself: a savepoint, the mail and the line of the ledger.
    written = ("SAVEPOINT", "RELEASE", "INSERT", "UPDATE mailing_recipients")
    assert len([statement for statement in count.statements if not statement.startswith(written)]) == 5
    assert len([statement for statement in count.statements if statement.startswith("INSERT")]) == people


@IN_PLACE
@pytest.mark.parametrize("when", ["rendering", "writing"])
def test_one_reader_that_fails_is_noted_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    day = a_day(3)
    mailing = make_mailing(to_day(day))
    plan(mailing)
    real: Callable[..., OutgoingMail] = mails.message

    def message(mailing: Mailing, line: MailingRecipient, **named: Any) -> OutgoingMail:
        if line.address != "claude.roux1@ville-exemple.fr":
            return real(mailing, line, **named)
        if when == "rendering":
            raise ValueError
        mail = real(mailing, line, **named)
        mail.text = None  # type: ignore[assignment]
        return mail

    monkeypatch.setattr(mails, "message", message)

    send()
    assert send() == 0

    db.session.expire_all()
    assert [mail.to_address for mail in sent()] == ["claude.roux0@ville-exemple.fr", "claude.roux2@ville-exemple.fr"]
    assert [line[1:] for line in ledger(mailing.id)] == [("written", True), ("failed", False), ("written", True)]
    assert db.session.get_one(Mailing, mailing.id).status is MailingStatus.DONE
    progress = queries.progress_of(mailing.id)
    assert (progress.failed, progress.waiting, progress.done) == (1, 0, 3)
    line = db.session.scalars(
        sa.select(MailingRecipient).where(MailingRecipient.status == RecipientStatus.FAILED)
    ).one()
    assert line.reason == ("ValueError" if when == "rendering" else "IntegrityError")


@IN_PLACE
def test_a_database_that_is_away_fails_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    day, other = a_day(1), make_study_day()
    place(seats(other, an_attendee(9)))
    broken, whole = make_mailing(to_day(day)), make_mailing(to_day(other))
    plan(broken)
    plan(whole)
    real: Callable[..., object] = mails.message

    def message(mailing: Mailing, *args: object, **named: object) -> object:
        if mailing.id == broken.id:
            raise OperationalError("", {}, ConnectionError())
        return real(mailing, *args, **named)

    monkeypatch.setattr(mails, "message", message)

    assert send() == 1
    assert [line[1] for line in ledger(broken.id)] == ["waiting"]
    monkeypatch.setattr(mails, "message", real)
    assert send() == 1


def prepared(app: Flask, people: int) -> int:
    with app.app_context():
        mailing = make_mailing(to_day(a_day(people)))
        plan(mailing)
        key = mailing.id
        db.session.remove()
    return key


def stand(app: Flask, key: int) -> tuple[int, int, str]:
    """Return how many mails there are, to how many addresses, and where the message stands."""
    with app.app_context():
        found = [mail.to_address for mail in sent()]
        status = db.session.get_one(Mailing, key).status.value
        db.session.remove()
    return len(found), len(set(found)), status


def test_two_workers_at_once_write_to_each_address_once(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        key = prepared(app, 130)

        written = at_once(app, send, send, send)

        assert sum(written) == 130
        assert stand(app, key) == (130, 130, "done")


def test_taken_back_while_a_worker_begins_it_leaves_whole_or_not_at_all(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        key = prepared(app, 20)
        with app.app_context():
            actor_id = make_user(RoleName.ORGANISER).id
            db.session.remove()

        def take_back() -> int:
            try:
                with unit_of_work.transaction():
                    actor = db.session.get_one(User, actor_id)
                    service.undo(key, actor=actor, now=NOW + timedelta(seconds=59))
            except TooLate:
                return 0
            return 1

        taken, written = at_once(app, take_back, send)

        assert (taken, written, stand(app, key)) in [(1, 0, (0, 0, "draft")), (0, 20, (20, 20, "done"))]
