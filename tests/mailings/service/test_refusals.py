"""Who wants no more messages says so without signing in; a server that refuses an address is believed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import NotFound
from eventsapp.core.settings import MailServer as Settings
from eventsapp.mail import queries as mail_queries
from eventsapp.mail import service as mail_service
from eventsapp.mail.models import Suppression
from eventsapp.mail.statuses import SuppressionReason
from eventsapp.mailings import queries, service
from eventsapp.mailings.models import MailingRecipient
from eventsapp.mailings.statuses import Basis
from eventsapp.mailings.values import Audience
from tests.mailings.looking import GONE, make_mailing, plan, to_day
from tests.support.mail_server import MailServer
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_contract

ADDRESS = "lectrice@exemple.fr"

pytestmark = pytest.mark.usefixtures("transaction", "frozen")


@pytest.fixture
def server(app: Flask, transaction: None, smtp: MailServer) -> Iterator[MailServer]:
    """A mail server that the application is set to use."""
    settings = app.extensions["eventsapp.settings"]
    app.extensions["eventsapp.settings"] = replace(settings, mail_server=Settings(host="127.0.0.1", port=smtp.port))
    yield smtp
    app.extensions["eventsapp.settings"] = settings


def to_subscribers() -> int:
    """Write to the one subscriber; return the key of the message."""
    if not queries.people(Audience(basis=Basis.SUBSCRIBERS), now=NOW):
        make_contract(ADDRESS)
    mailing = make_mailing(Audience(basis=Basis.SUBSCRIBERS), subject="Numéro 18", body="Il paraît.")
    plan(mailing)
    service.send_due(clock=lambda: GONE)
    return mailing.id


def deliver(*, minutes: int = 3) -> int:
    return mail_service.send_due(clock=lambda: NOW + timedelta(minutes=minutes))


def test_mail_programs_find_the_way_out_and_it_holds(server: MailServer) -> None:
    key = to_subscribers()
    deliver()
    (message,) = server.to(ADDRESS)
    url = message["List-Unsubscribe"].strip("<>")

    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert ADDRESS not in url
    token = url.rstrip("/").rpartition("/")[2]
    with unit_of_work.transaction():
        service.refuse(token, now=NOW)
        service.refuse(token, now=NOW)
    assert service.audience_of(Audience(basis=Basis.SUBSCRIBERS), now=NOW).count == 0
    with unit_of_work.transaction():
        service.take_back(token)
    assert service.audience_of(Audience(basis=Basis.SUBSCRIBERS), now=NOW).count == 1
    assert queries.progress_of(key).sent == 1


def test_what_concerns_their_own_day_has_no_way_out_and_always_leaves(server: MailServer) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    (address,) = [person.address for person in queries.people(to_day(day), now=NOW)]
    for reason in SuppressionReason:
        with unit_of_work.transaction():
            mail_service.suppress(address, reason, now=NOW)
    plan(make_mailing(to_day(day)))
    service.send_due(clock=lambda: GONE)
    deliver()

    found = [message for message in server.to(address) if "Changement de salle" in message["Subject"]]
    assert len(found) == 1
    assert found[0]["List-Unsubscribe"] is None


@pytest.mark.parametrize("token", ["", "1", "bidon", "MQ.bidon"])
def test_a_link_that_is_not_ours_opens_nothing(token: str) -> None:
    with pytest.raises(NotFound):
        service.refuse(token, now=NOW)

    assert db.session.scalars(sa.select(Suppression)).all() == []


def test_a_link_of_a_line_that_is_gone_opens_nothing() -> None:
    to_subscribers()
    token = service.refuse_token(db.session.scalars(sa.select(MailingRecipient.id)).one() + 1)

    with pytest.raises(NotFound):
        service.read_token(token)


def test_an_address_that_its_server_refuses_is_left_out_until_it_answers_again(server: MailServer) -> None:
    server.refusal = "550 5.1.1 No such user"
    key = to_subscribers()
    deliver()

    assert mail_queries.suppressed([ADDRESS]) == {ADDRESS: SuppressionReason.BOUNCED}
    assert queries.progress_of(key).failed == 1
    assert service.audience_of(Audience(basis=Basis.SUBSCRIBERS), now=NOW).count == 0
    row = db.session.scalars(sa.select(Suppression)).one()
    assert "No such user" in row.detail

    server.refusal = None
    mail = db.session.scalars(sa.select(MailingRecipient.mail_id)).one()
    found = mail_queries.mail_by_id(mail or 0)
    assert found is not None
    with unit_of_work.transaction():
        mail_service.send_again(found, now=NOW)
    deliver()
    assert mail_queries.suppressed([ADDRESS]) == {}


@pytest.mark.parametrize("refusal", ["421 Later", "451 4.7.1 Greylisted", "554 5.7.1 Spam", "552 5.2.2 Mailbox full"])
def test_a_server_that_is_busy_or_dislikes_a_mail_says_nothing_of_the_address(server: MailServer, refusal: str) -> None:
    server.refusal = refusal
    to_subscribers()
    deliver()

    assert mail_queries.suppressed([ADDRESS]) == {}


def test_the_office_lifts_what_a_server_said_and_never_what_a_person_asked() -> None:
    actor = make_user(RoleName.ORGANISER)
    for reason in SuppressionReason:
        with unit_of_work.transaction():
            mail_service.suppress(ADDRESS, reason, now=NOW)
    rows = db.session.scalars(sa.select(Suppression).order_by(Suppression.id)).all()

    lifted = {}
    for row in rows:
        reason = row.reason
        with unit_of_work.transaction():
            lifted[reason] = service.lift(row, actor=actor, now=NOW)

    assert {reason for reason, done in lifted.items() if done} == {
        SuppressionReason.BOUNCED,
        SuppressionReason.RETURNED,
        SuppressionReason.COMPLAINED,
    }
    assert mail_queries.suppressed([ADDRESS]) == {ADDRESS: SuppressionReason.UNSUBSCRIBED}
