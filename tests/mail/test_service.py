"""Mails leave once they are committed: sent, tried again, given up, never lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.settings import MailServer as Settings
from eventsapp.mail import outbox, service, smtp
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from tests.support.mail_server import MailServer
from tests.support.makers.study_days import NOW
from tests.support.services import free_port


@pytest.fixture
def server(app: Flask, transaction: None, smtp: MailServer) -> Iterator[MailServer]:
    """A mail server that the application is set to use."""
    yield from _set(app, smtp, port=smtp.port)


def _set(app: Flask, server: MailServer, *, port: int) -> Iterator[MailServer]:
    settings = app.extensions["eventsapp.settings"]
    app.extensions["eventsapp.settings"] = replace(settings, mail_server=Settings(host="127.0.0.1", port=port))
    yield server
    app.extensions["eventsapp.settings"] = settings


def write(
    to: str = "claude@ville-exemple.fr",
    *,
    subject: str = "Bonjour",
    text: str = "Un texte.\n",
    html: str = "<p>Un texte.</p>",
) -> None:
    with unit_of_work.transaction():
        outbox.queue_rendered(
            template="tests/mail", to=to, now=NOW, to_name="Claude Roux", subject=subject, text=text, html=html
        )


def states() -> list[tuple[MailStatus, int]]:
    db.session.expire_all()
    rows = db.session.execute(sa.select(OutgoingMail.status, OutgoingMail.attempts).order_by(OutgoingMail.id))
    return [(status, attempts) for status, attempts in rows]


def due_at() -> datetime:
    return db.session.scalars(sa.select(OutgoingMail.due_at)).one()


def test_a_mail_is_sent_as_text_and_html_to_one_person(server: MailServer) -> None:
    write(subject="Vos places à Angers – « été »", text="Prix : 129,00\u00a0€\n", html="<p>129,00\u00a0€</p>")

    assert service.send_due(now=NOW) == 1

    (message,) = server.messages
    assert server.recipients == [["claude@ville-exemple.fr"]]
    assert message["To"] == "Claude Roux <claude@ville-exemple.fr>"
    assert message["Subject"] == "Vos places à Angers – « été »"
    assert str(message["From"]).startswith("La Lettre du cadre territorial <redaction@")
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().strip() == "Prix : 129,00\u00a0€"
    assert html.get_content().strip() == "<p>129,00\u00a0€</p>"
    assert states() == [(MailStatus.SENT, 1)]


def test_what_is_sent_is_not_sent_again(server: MailServer) -> None:
    write()

    assert [service.send_due(now=NOW) for _ in range(3)] == [1, 0, 0]


def test_a_mail_for_later_waits(server: MailServer) -> None:
    write()
    db.session.execute(sa.update(OutgoingMail).values(due_at=NOW + timedelta(hours=1)))
    db.session.commit()

    assert service.send_due(now=NOW + timedelta(minutes=59)) == 0
    assert service.send_due(now=NOW + timedelta(hours=1)) == 1


def test_a_mail_refused_for_good_is_given_up_with_the_reason(server: MailServer) -> None:
    server.refusal = "550 No such user here"
    write()

    assert service.send_due(now=NOW) == 0

    assert states() == [(MailStatus.FAILED, 1)]
    assert db.session.scalars(sa.select(OutgoingMail.last_error)).one() == "550 No such user here"


def test_a_mail_refused_for_now_is_tried_again_later_each_time(server: MailServer) -> None:
    server.refusal = "421 Come back later"
    write()
    now, waits = NOW, []

    for _ in range(4):
        service.send_due(now=now)
        waits.append(int((due_at() - now).total_seconds() // 60))
        now = due_at()
    server.refusal = None
    assert service.send_due(now=now) == 1

    assert waits == list(service.WAITS[:4])
    assert states() == [(MailStatus.SENT, 5)]


def test_after_its_last_attempt_a_mail_has_failed(server: MailServer) -> None:
    server.refusal = "421 Come back later"
    write()
    db.session.execute(sa.update(OutgoingMail).values(attempts=len(service.WAITS)))
    db.session.commit()

    service.send_due(now=NOW)

    assert states() == [(MailStatus.FAILED, len(service.WAITS) + 1)]


def test_a_server_that_is_down_keeps_every_mail(app: Flask, transaction: None, smtp: MailServer) -> None:
    for _server in _set(app, smtp, port=free_port()):
        for number in range(3):
            write(f"p{number}@ville-exemple.fr")

        assert service.send_due(now=NOW) == 0

        assert states() == [(MailStatus.QUEUED, 1)] * 3


def test_one_refused_address_does_not_hold_up_the_others(server: MailServer) -> None:
    write("pas-une-adresse")
    write("claude@ville-exemple.fr")

    service.send_due(now=NOW)

    assert [status for status, _attempts in states()] == [MailStatus.FAILED, MailStatus.SENT]


def test_three_hundred_mails_leave_once_each(server: MailServer) -> None:
    with unit_of_work.transaction():
        for number in range(300):
            outbox.queue_rendered(
                template="tests/mail", to=f"p{number}@exemple.fr", subject="s", text="t", html="h", now=NOW
            )

    assert service.send_due(now=NOW) == 300

    assert len({recipients[0] for recipients in server.recipients}) == len(server.messages) == 300


def test_a_mail_held_by_a_process_that_died_is_taken_again(server: MailServer) -> None:
    write()
    db.session.execute(sa.update(OutgoingMail).values(status=MailStatus.SENDING, claimed_at=NOW))
    db.session.commit()

    assert service.send_due(now=NOW + service.CLAIM_LASTS) == 0
    assert service.send_due(now=NOW + service.CLAIM_LASTS + timedelta(seconds=1)) == 1


def test_without_a_server_mails_are_kept_to_be_read(app: Flask, transaction: None) -> None:
    write()

    assert service.send_due(now=NOW) == 0
    assert states() == [(MailStatus.KEPT, 0)]


def test_a_failed_mail_can_be_sent_again(server: MailServer) -> None:
    server.refusal = "550 No"
    write()
    service.send_due(now=NOW)
    server.refusal = None

    with unit_of_work.transaction():
        service.send_again(db.session.scalars(sa.select(OutgoingMail)).one(), now=NOW)

    assert service.send_due(now=NOW) == 1


def test_nothing_is_sent_for_what_was_not_kept(server: MailServer) -> None:
    def fail() -> None:
        with unit_of_work.transaction():
            outbox.queue_rendered(template="tests/mail", to="a@exemple.fr", subject="s", text="t", html="h", now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert service.send_due(now=NOW) == 0
    assert states() == []


@pytest.mark.parametrize("name", ["Claude\r\nBcc: b@evil.test", 'Roux" <b@evil.test>', "Roux, b@evil.test", "é" * 300])
def test_a_name_cannot_become_a_header(server: MailServer, name: str) -> None:
    with unit_of_work.transaction():
        outbox.queue_rendered(
            template="tests/mail", to="a@exemple.fr", to_name=name, subject="s\r\nBcc: b@evil.test", text="t", html="h",
            now=NOW,
        )  # fmt: skip

    service.send_due(now=NOW)

    (message,) = server.messages
    assert server.recipients == [["a@exemple.fr"]]
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == ["a@exemple.fr"]


def test_the_sweep_is_asked_for_after_the_commit(
    app: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setitem(app.extensions, "eventsapp.sweep", asked.append)

    write()

    assert asked == ["mail.send"]
    assert smtp.PATIENCE > 0


def test_a_mail_that_is_only_kept_asks_for_no_sweep(
    app: Flask, transaction: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setitem(app.extensions, "eventsapp.sweep", asked.append)

    write()

    assert asked == []


@pytest.mark.usefixtures("frozen")
def test_the_command_sends_what_waits(app: Flask, server: MailServer) -> None:
    write()

    result = app.test_cli_runner().invoke(args=["mail", "send"])

    assert (result.exit_code, result.output, len(server.messages)) == (0, "1 sent\n", 1)
