"""« Envoyer à un ami »: a page sent on, within bounds that make it useless to those who would abuse it."""

from contextlib import suppress
from datetime import datetime, timedelta

import sqlalchemy as sa
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import IntegrityError

from eventsapp.core import settings
from eventsapp.core.db import db, on_sqlite
from eventsapp.core.errors import NotFound
from eventsapp.magazine import mails, rules
from eventsapp.magazine.models import Share
from eventsapp.magazine.values import SharedPage, Sharing
from eventsapp.mail import outbox
from eventsapp.mail.models import MailRefusal

#: What an address that wants no more of these mails has refused.
REFUSAL_KIND = "share"
_WINDOW = timedelta(hours=24)
#: Names the lock that lets one sharing at a time count and write (any number that nothing else uses).
_LOCK = 7_304_002


def share(*, page: SharedPage, sharing: Sharing, locale: str, now: datetime) -> None:
    """Send ``page`` to one person, or silently nothing: to somebody who asked for that, or beyond the day's bounds.

    The sender learns nothing about the address; only fingerprints are kept.
    """
    recipient, sender = outbox.fingerprint(sharing.recipient), outbox.fingerprint(sharing.sender_email)
    if not on_sqlite():  # SQLite lets one request at a time write anyway.
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    recent = Share.at > now - _WINDOW
    to_recipient, from_sender, in_all = db.session.execute(
        sa.select(
            sa.func.count().filter(Share.recipient_hash == recipient),
            sa.func.count().filter(Share.sender_hash == sender),
            sa.func.count(),
        ).where(recent)
    ).one()
    if _refused(recipient) or not rules.may_share(to_recipient=to_recipient, from_sender=from_sender, in_all=in_all):
        return
    db.session.add(Share(at=now, path=page.path, sender_hash=sender, recipient_hash=recipient))
    mails.page_sent(page=page, sharing=sharing, refusal=refusal_token(sharing.recipient), locale=locale, now=now)


def refusal_token(address: str) -> str:
    """Return what the « ne plus recevoir » link of ``address`` carries: signed, and silent about the address."""
    return str(_signer().dumps(outbox.fingerprint(address)))


def read_refusal(token: str) -> str:
    """Return the fingerprint in a ``refusal_token``. Raises ``NotFound`` for one that is not ours."""
    try:
        return str(_signer().loads(token))
    except BadSignature as error:
        raise NotFound("Ce lien n’est pas, ou plus, valable.") from error


def refuse_shares(token: str, *, now: datetime) -> None:
    """Send nothing more of this kind to whom the token stands for; asking twice changes nothing.

    Raises ``NotFound`` for a token that is not ours.
    """
    refusal = MailRefusal(kind=REFUSAL_KIND, address_hash=read_refusal(token), at=now)
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.add(refusal)


def _refused(address_hash: str) -> bool:
    return bool(
        db.session.scalar(
            sa.select(sa.exists().where(MailRefusal.kind == REFUSAL_KIND, MailRefusal.address_hash == address_hash))
        )
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings.current().secret_key, salt="magazine.refuse-shares")
