"""A bad day of the mail server: away for an hour, too busy, hanging, and refusing some for good; nothing is lost."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from flask import Flask

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.settings import MailServer as Settings
from eventsapp.mail import outbox, service, smtp
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from tests.support.mail_server import MailServer
from tests.support.makers.study_days import NOW

pytestmark = [pytest.mark.usefixtures("transaction"), pytest.mark.one_database]
PEOPLE = 300
#: Seconds that a server which hangs is waited for here.
PATIENCE = 0.2
GONE = {"p3@exemple.fr", "p77@exemple.fr"}


class BadServer(MailServer):
    """Takes a mail and says nothing, or refuses it, as long as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs = False
        #: Those to whom it took a mail without saying so.
        self.unsaid: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        address = envelope.rcpt_tos[0]
        if self.refusal is None and not self.hangs and address in GONE:
            return "550 5.1.1 No such user"
        answer = await super().handle_DATA(server, session, envelope)
        if self.hangs and self.refusal is None:
            self.unsaid.append(address)
            await asyncio.sleep(5 * PATIENCE)
        return answer


@pytest.fixture
def server(app: Flask) -> Iterator[BadServer]:
    """A server that the application is set to use, and that is not there yet."""
    bad = BadServer()
    current = app.extensions["eventsapp.settings"]
    app.extensions["eventsapp.settings"] = replace(current, mail_server=Settings(host="127.0.0.1", port=bad.port))
    yield bad
    app.extensions["eventsapp.settings"] = current


def sweep(*, minutes: range) -> None:
    """Let the worker look once a minute."""
    for minute in minutes:
        service.send_due(clock=lambda minute=minute: NOW + timedelta(minutes=minute))  # type: ignore[misc]


def by_status() -> dict[MailStatus, int]:
    db.session.expire_all()
    rows = db.session.execute(sa.select(OutgoingMail.status, sa.func.count()).group_by(OutgoingMail.status)).all()
    return {row[0]: row[1] for row in rows}


def test_three_hundred_mails_survive_a_bad_day_of_their_server(
    server: BadServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work.transaction():
        for number in range(PEOPLE):
            outbox.queue_rendered(
                template="tests/mail", to=f"p{number}@exemple.fr", subject="s", text="t", html="h", now=NOW
            )

    sweep(minutes=range(60))
    assert by_status() == {MailStatus.QUEUED: PEOPLE}
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        server.refusal = "421 4.7.0 Too busy"
        sweep(minutes=range(60, 80))
        assert by_status() == {MailStatus.QUEUED: PEOPLE}
        assert server.messages == []

        server.refusal, server.hangs = None, True
        with monkeypatch.context() as soon:
            soon.setattr(smtp, "PATIENCE", PATIENCE)
            sweep(minutes=range(80, 100))
        assert by_status() == {MailStatus.QUEUED: PEOPLE}
        assert 0 < len(server.unsaid) < PEOPLE

        server.hangs = False
        sweep(minutes=range(100, 130))
    finally:
        controller.stop()

    assert by_status() == {MailStatus.SENT: PEOPLE - len(GONE), MailStatus.FAILED: len(GONE)}
    failed = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.status == MailStatus.FAILED)).all()
    assert {mail.to_address for mail in failed} == GONE
    assert all(mail.last_error.startswith("550") for mail in failed)
    taken = Counter(recipients[0] for recipients in server.recipients)
    assert set(taken) | GONE == {f"p{number}@exemple.fr" for number in range(PEOPLE)}
    # Only what the server took without saying so comes twice, once for each time.
    assert {address: count - 1 for address, count in taken.items() if count > 1 and address not in GONE} == {
        address: count for address, count in Counter(server.unsaid).items() if address not in GONE
    }
