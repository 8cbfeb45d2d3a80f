"""Mails leave once they are committed: sent, tried again, given up, never lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.settings import MailServer as Settings
from eventsapp.mail import outbox, queries, service, smtp
from eventsapp.mail.errors import CannotSendAgain
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus, SuppressionReason
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


def send_due(now: datetime) -> int:
    return service.send_due(clock=lambda: now)


def states() -> list[tuple[MailStatus, int]]:
    db.session.expire_all()
    rows = db.session.execute(sa.select(OutgoingMail.status, OutgoingMail.attempts).order_by(OutgoingMail.id))
    return [(status, attempts) for status, attempts in rows]


def due_at() -> datetime:
    return db.session.scalars(sa.select(OutgoingMail.due_at)).one()


def test_a_mail_is_sent_as_text_and_html_to_one_person(server: MailServer) -> None:
    write(subject="Vos places à Angers – « été »", text="Prix : 129,00\u00a0€\n", html="<p>129,00\u00a0€</p>")

    assert send_due(NOW) == 1

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

    assert [send_due(NOW) for _ in range(3)] == [1, 0, 0]


def test_a_mail_for_later_waits(server: MailServer) -> None:
    write()
    db.session.execute(sa.update(OutgoingMail).values(due_at=NOW + timedelta(hours=1)))
    db.session.commit()

    assert send_due(NOW + timedelta(minutes=59)) == 0
    assert send_due(NOW + timedelta(hours=1)) == 1


def test_a_mail_refused_for_good_is_given_up_with_the_reason(server: MailServer) -> None:
    server.refusal = "550 No such user here"
    write()

    assert send_due(NOW) == 0

    assert states() == [(MailStatus.FAILED, 1)]
    assert db.session.scalars(sa.select(OutgoingMail.last_error)).one() == "550 No such user here"


def test_a_mail_that_is_taken_says_that_somebody_reads_there_but_not_where_mails_come_back(server: MailServer) -> None:
    write()
    to = db.session.scalars(sa.select(OutgoingMail.to_address)).one()
    for reason in (SuppressionReason.BOUNCED, SuppressionReason.RETURNED):
        service.suppress(to, reason, now=NOW)
    db.session.commit()

    assert send_due(NOW) == 1

    assert queries.suppressed([to]) == {to.lower(): SuppressionReason.RETURNED}


def test_a_mail_refused_for_now_is_tried_again_later_each_time(server: MailServer) -> None:
    server.refusal = "421 Come back later"
    write()
    now, waits = NOW, []

    for _ in range(4):
        send_due(now)
        waits.append(int((due_at() - now).total_seconds() // 60))
        now = due_at()
    server.refusal = None
    assert send_due(now) == 1

    assert waits == list(service.WAITS[:4])
    assert states() == [(MailStatus.SENT, 5)]


def test_after_its_last_attempt_a_mail_has_failed(server: MailServer) -> None:
    server.refusal = "421 Come back later"
    write()
    db.session.execute(sa.update(OutgoingMail).values(attempts=len(service.WAITS)))
    db.session.commit()

    send_due(NOW)

    assert states() == [(MailStatus.FAILED, len(service.WAITS) + 1)]


def test_a_server_that_is_down_keeps_every_mail(app: Flask, transaction: None, smtp: MailServer) -> None:
    for _server in _set(app, smtp, port=free_port()):
        for number in range(3):
            write(f"p{number}@ville-exemple.fr")

        assert send_due(NOW) == 0

        assert states() == [(MailStatus.QUEUED, 1)] * 3


def test_one_refused_address_does_not_hold_up_the_others(server: MailServer) -> None:
    write("pas-une-adresse")
    write("claude@ville-exemple.fr")

    send_due(NOW)

    assert [status for status, _attempts in states()] == [MailStatus.FAILED, MailStatus.SENT]


def test_three_hundred_mails_leave_once_each(server: MailServer) -> None:
    with unit_of_work.transaction():
        for number in range(300):
            outbox.queue_rendered(
                template="tests/mail", to=f"p{number}@exemple.fr", subject="s", text="t", html="h", now=NOW
            )

    assert send_due(NOW) == 300

    assert len({recipients[0] for recipients in server.recipients}) == len(server.messages) == 300


def test_a_mail_held_by_a_process_that_died_is_taken_again(server: MailServer) -> None:
    write()
    db.session.execute(sa.update(OutgoingMail).values(status=MailStatus.SENDING, claimed_at=NOW))
    db.session.commit()

    assert send_due(NOW + service.CLAIM_LASTS) == 0
    assert send_due(NOW + service.CLAIM_LASTS + timedelta(seconds=1)) == 1


def test_a_long_sweep_claims_each_mail_at_the_time_that_it_is_then(server: MailServer) -> None:
    for number in range(service.BATCH + 1):
        write(f"p{number}@exemple.fr")
    moments = (NOW + step * service.CLAIM_LASTS for step in range(100))

    service.send_due(clock=lambda: next(moments))

    first, *_others, last = db.session.scalars(sa.select(OutgoingMail.claimed_at).order_by(OutgoingMail.id))
    assert first == NOW
    assert last is not None
    assert last - first >= service.BATCH * service.CLAIM_LASTS


def test_a_batch_is_through_before_its_claim_ends_though_the_server_takes_its_patience() -> None:
    answers = 4 * service.BATCH + 6

    assert timedelta(seconds=answers * smtp.PATIENCE) < service.CLAIM_LASTS


def test_a_mistake_of_ours_about_one_mail_does_not_hold_up_the_others(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose = smtp.compose

    def stumble(mail: OutgoingMail, *, sender: str, sender_name: str) -> EmailMessage:
        if mail.to_address == "b@exemple.fr":
            raise KeyError(mail.to_address)
        return compose(mail, sender=sender, sender_name=sender_name)

    monkeypatch.setattr(smtp, "compose", stumble)
    for name in "abc":
        write(f"{name}@exemple.fr")

    assert send_due(NOW) == 2

    assert states() == [(MailStatus.SENT, 1), (MailStatus.QUEUED, 1), (MailStatus.SENT, 1)]


@pytest.mark.parametrize("status", [MailStatus.QUEUED, MailStatus.SENDING])
def test_a_mail_about_to_leave_is_not_sent_again(server: MailServer, status: MailStatus) -> None:
    write()
    mail = db.session.scalars(sa.select(OutgoingMail)).one()
    mail.status, mail.attempts = status, 1
    db.session.commit()

    with pytest.raises(CannotSendAgain):
        service.send_again(mail, now=NOW)

    assert states() == [(status, 1)]


def test_without_a_server_no_mail_is_sent_again(app: Flask, transaction: None) -> None:
    write()

    with pytest.raises(CannotSendAgain):
        service.send_again(db.session.scalars(sa.select(OutgoingMail)).one(), now=NOW)

    assert states() == [(MailStatus.KEPT, 0)]


def test_without_a_server_mails_are_kept_to_be_read(app: Flask, transaction: None) -> None:
    write()

    assert send_due(NOW) == 0
    assert states() == [(MailStatus.KEPT, 0)]


def test_a_failed_mail_can_be_sent_again(server: MailServer) -> None:
    server.refusal = "550 No"
    write()
    send_due(NOW)
    server.refusal = None

    with unit_of_work.transaction():
        service.send_again(db.session.scalars(sa.select(OutgoingMail)).one(), now=NOW)

    assert send_due(NOW) == 1


def test_nothing_is_sent_for_what_was_not_kept(server: MailServer) -> None:
    def fail() -> None:
        with unit_of_work.transaction():
            outbox.queue_rendered(template="tests/mail", to="a@exemple.fr", subject="s", text="t", html="h", now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert send_due(NOW) == 0
    assert states() == []


@pytest.mark.parametrize("name", ["Claude\r\nBcc: b@evil.test", 'Roux" <b@evil.test>', "Roux, b@evil.test", "é" * 300])
def test_a_name_cannot_become_a_header(server: MailServer, name: str) -> None:
    with unit_of_work.transaction():
        outbox.queue_rendered(
            template="tests/mail", to="a@exemple.fr", to_name=name, subject="s\r\nBcc: b@evil.test", text="t", html="h",
            now=NOW,
        )  # fmt: skip

    send_due(NOW)

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


@pytest.mark.usefixtures("transaction")
def test_the_way_out_is_written_whole_however_long_and_the_subject_is_folded() -> None:
    """Python’s own way of folding would write a long address as an encoded word, which no mail program reads."""
    url = f"https://www.{'tres-' * 20}long.example/lettre/{'s' * 32}/quitter/"
    mail = outbox.queue_rendered(
        template="t/t", to="a@exemple.fr", subject="É" * 150, text="T", html="H", now=NOW, unsubscribe_url=url
    )

    raw = smtp.compose(mail, sender="s@exemple.fr", sender_name="Éditeur").as_bytes()

    assert f"\nList-Unsubscribe: <{url}>\n".encode() in raw
    assert max(len(line) for line in raw.splitlines() if b"List-Unsubscribe:" not in line) <= 78
