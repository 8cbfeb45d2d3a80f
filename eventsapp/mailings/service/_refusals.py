"""Who wants no more messages: a signed link, no signing in, and the way back."""

from datetime import datetime

import sqlalchemy as sa
from itsdangerous import BadSignature, URLSafeSerializer

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.core.errors import NotFound
from eventsapp.mail import service as outbox
from eventsapp.mail.models import Suppression
from eventsapp.mail.statuses import SuppressionReason
from eventsapp.mailings.models import MailingRecipient, ReminderSent, ReportTold
from eventsapp.mailings.rules import FINGERPRINT

#: What the office notes, and what the history calls that.
NOTED_BY_OFFICE = {
    SuppressionReason.RETURNED: "mailings.returned",
    SuppressionReason.COMPLAINED: "mailings.complaint",
}
#: What the office takes back: it is no wish of the person.
LIFTED_BY_OFFICE = frozenset({SuppressionReason.BOUNCED, *NOTED_BY_OFFICE})
#: Stands before the key of a line that tells of a report.
_REPORT = "report:"
#: And of one that asked what somebody thought.
_SURVEY = "survey:"


def refuse_token(recipient_id: int) -> str:
    """Return what the « ne plus recevoir » link of a reader carries: signed, and silent about the address."""
    return str(_signer().dumps(recipient_id))


def refuse_token_of_report(line_id: int) -> str:
    """Return the same for whoever was told of a report, by the key of the ledger's line."""
    return str(_signer().dumps(f"{_REPORT}{line_id}"))


def refuse_token_of_survey(line_id: int) -> str:
    """Return the same for whoever was asked what they thought, by the key of the ledger's line."""
    return str(_signer().dumps(f"{_SURVEY}{line_id}"))


def read_token(token: str) -> str:
    """Return the address that a link stands for. Raises ``NotFound`` for one that is not ours."""
    try:
        address = _address(str(_signer().loads(token)))
    except (BadSignature, ValueError) as error:
        raise NotFound("Ce lien n’est pas, ou plus, valable.") from error
    if address is None:
        raise NotFound("Ce lien n’est pas, ou plus, valable.")
    return address


def refuse(token: str, *, now: datetime) -> None:
    """Send no more messages to whom the link stands for; asking twice changes nothing. Raises ``NotFound``."""
    outbox.suppress(read_token(token), SuppressionReason.UNSUBSCRIBED, now=now)


def take_back(token: str) -> None:
    """Send messages again to whom the link stands for: they say so themselves. Raises ``NotFound``."""
    outbox.lift(read_token(token), SuppressionReason.UNSUBSCRIBED)


def lift(row: Suppression, *, actor: User, now: datetime) -> bool:
    """Write again to an address that a server had refused, or the office left out; return whether it was for that.

    What a person asked for, only that person takes back.
    """
    if row.reason not in LIFTED_BY_OFFICE:
        return False
    audit.record("mailings.lift_bounce", subject=("suppression", row.id, row.address), actor=actor, now=now)
    return outbox.lift(row.address, row.reason)


def note(address: str, reason: SuppressionReason, *, detail: str, actor: User, now: datetime) -> None:
    """Leave an address out of everything that goes to many, since somebody complained or a mail came back.

    ``reason`` is one of ``NOTED_BY_OFFICE``; noting it twice changes nothing.
    """
    outbox.suppress(address, reason, detail=detail, now=now)
    row = db.session.scalars(
        sa.select(Suppression).where(Suppression.address == address.strip().lower(), Suppression.reason == reason)
    ).one()
    audit.record(NOTED_BY_OFFICE[reason], subject=("suppression", row.id, row.address), actor=actor, now=now)


def _address(signed: str) -> str | None:
    """Return the address of the line of a ledger: of messages, of reports, or of questionnaires."""
    if signed.startswith(_REPORT):
        told = db.session.get(ReportTold, int(signed.removeprefix(_REPORT)))
        return told.to_address if told and not told.to_address.startswith(FINGERPRINT) else None
    if signed.startswith(_SURVEY):
        asked = db.session.get(ReminderSent, int(signed.removeprefix(_SURVEY)))
        return (asked.to_address or None) if asked else None
    recipient = db.session.get(MailingRecipient, int(signed))
    return recipient.address if recipient else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings.current().secret_key, salt="mailings.refuse")
