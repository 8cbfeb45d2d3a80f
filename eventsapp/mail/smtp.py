"""The way to the mail server: the only module that speaks SMTP."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy

from eventsapp.core.settings import MailServer
from eventsapp.mail import rules
from eventsapp.mail.models import OutgoingMail

#: Seconds the server may take for one answer.
PATIENCE = 20


class _OneLine(UnstructuredHeader):
    """A header that is an address: folded or encoded as a long text is, no mail program would read it."""

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    headers.map_to_type("list-unsubscribe", _OneLine)  # type: ignore[arg-type] # mixed with it by the registry
    return EmailPolicy(header_factory=headers)


_POLICY = _policy()


class MailRefused(Exception):  # noqa: N818 - an answer of the server
    """The server did not take the mail; ``final`` when trying again is of no use, ``dead`` when nobody reads there."""

    def __init__(self, message: str, *, final: bool, dead: bool = False) -> None:
        super().__init__(message)
        self.final = final
        self.dead = dead


class Connection:
    """An open line to the server, over which several mails go."""

    def __init__(self, client: smtplib.SMTP) -> None:
        self._client = client

    def send(self, mail: OutgoingMail, *, sender: str, sender_name: str) -> None:
        """Hand ``mail`` over; raise ``MailRefused``."""
        try:
            message = compose(mail, sender=sender, sender_name=sender_name)
        except (ValueError, MessageError) as error:
            raise MailRefused(f"ce courriel ne peut pas être écrit : {error}", final=True) from error
        try:
            self._client.send_message(message, sender, [mail.to_address])
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = error.recipients[mail.to_address]
            raise _refused(code, answer) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailRefused(f"{type(error).__name__}: {error}", final=False) from error


def _refused(code: int, answer: bytes | str) -> MailRefused:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return MailRefused(f"{code} {text}", final=code >= 500, dead=rules.is_dead_address(code, text))


@contextmanager
def connection(server: MailServer) -> Iterator[Connection]:
    """Open a line to ``server``; raise ``MailRefused`` when it does not answer."""
    try:
        client = _open(server)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        raise MailRefused(f"{type(error).__name__}: {error}", final=False) from error
    try:
        yield Connection(client)
    finally:
        client.close()


def compose(mail: OutgoingMail, *, sender: str, sender_name: str) -> EmailMessage:
    """Return the mail as it travels: text and HTML, one recipient."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(sender_name, addr_spec=sender)
    message["To"] = Address(mail.to_name, addr_spec=mail.to_address)
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    message["Subject"] = mail.subject
    message["Date"] = mail.created_at
    message["Message-ID"] = mail.message_id
    message["Content-Language"] = mail.locale
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _open(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    client: smtplib.SMTP
    if server.encryption == "tls":
        client = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=context)
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    if server.encryption == "starttls":
        client.starttls(context=context)
    if server.user:
        client.login(server.user, server.password)
    return client
