"""The outbox: a mail is written in the transaction of its cause, and sent once that is committed."""

import hashlib
import logging
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from email.utils import make_msgid
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import render_template
from sqlalchemy.exc import OperationalError

from eventsapp.core import queue, settings
from eventsapp.core.db import db
from eventsapp.core.i18n import DEFAULT_LOCALE, speaking
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus, RecipientStatus

log = logging.getLogger(__name__)

#: Runs of spaces at which a line may break; the others stay, also in a subject.
_BREAKING = re.compile(r"[^\S\u00a0\u202f]+")
#: Stands before the subject of every mail while the shop is in test.
TRIAL_MARK = "[Essai]"
#: The sweep that sends what is due.
SWEEP = "mail.send"


def queue_mail(
    template: str,
    *,
    to: str,
    now: datetime,
    to_name: str = "",
    reply_to: str = "",
    locale: str = DEFAULT_LOCALE,
    about: tuple[str, int] | None = None,
    study_day_id: int | None = None,
    registration_id: int | None = None,
    unsubscribe_url: str = "",
    **context: Any,
) -> OutgoingMail:
    """Write the mail ``room/name`` to ``to``, its texts rendered now from ``templates/room/mails/name/``.

    Without an address it is only kept, for the office to print. ``about`` is the kind and the key of what the mail is
    about, for that thing's page in the office; ``study_day_id`` the day it tells of, for that day's messages, and
    ``registration_id`` the one seat, for the seat's page. With an ``unsubscribe_url``, mail programs offer a button
    for it.
    """
    room, name = template.split("/")
    folder = f"{room}/mails/{name}"
    with speaking(locale):
        subject = _one_line(render_template(f"{folder}/subject.txt", **context))
        text = render_template(f"{folder}/body.txt", **context).strip() + "\n"
        html = render_template(f"{folder}/body.html", **context, subject=subject)
    return queue_rendered(
        template=template,
        to=to,
        to_name=to_name,
        reply_to=reply_to,
        subject=subject,
        text=text,
        html=html,
        now=now,
        locale=locale,
        about=about,
        study_day_id=study_day_id,
        registration_id=registration_id,
        unsubscribe_url=unsubscribe_url,
    )


def queue_rendered(
    *,
    template: str,
    to: str,
    subject: str,
    text: str,
    html: str,
    now: datetime,
    to_name: str = "",
    reply_to: str = "",
    locale: str = DEFAULT_LOCALE,
    about: tuple[str, int] | None = None,
    study_day_id: int | None = None,
    registration_id: int | None = None,
    unsubscribe_url: str = "",
) -> OutgoingMail:
    """Write a mail whose texts exist already."""
    kind, key = about or (None, None)
    if settings.current().trial:
        subject = f"{TRIAL_MARK} {subject}"
    mail = OutgoingMail(
        created_at=now,
        due_at=now,
        template=template[:80],
        locale=locale,
        to_address=to,
        to_name=_one_line(to_name),
        reply_to=reply_to,
        subject=_one_line(subject),
        text=text,
        html=html,
        message_id=make_msgid(domain=urlsplit(settings.current().public_url).hostname or "localhost"),
        subject_kind=kind,
        subject_id=key,
        study_day_id=study_day_id,
        registration_id=registration_id,
        unsubscribe_url=unsubscribe_url,
        status=MailStatus.QUEUED if to and settings.current().mail_server else MailStatus.KEPT,
    )
    db.session.add(mail)
    if mail.status is MailStatus.QUEUED:
        queue.nudge(SWEEP)
    return mail


class Line(Protocol):
    """Somebody in the ledger of what goes to many."""

    id: Any
    status: Any
    reason: Any
    mail: Any


def write_all(keys: Iterable[int], *, some: Callable[[int], int], finish: Callable[[int], None], what: str) -> int:
    """Write what goes to many, one after the other; return how many lines of its ledger that settled.

    ``some`` writes a batch in a transaction of its own and returns how many lines it settled, ``finish`` follows the
    last. One that fails holds up no other; ``what`` names it in the log.
    """
    settled = 0
    for key in keys:
        try:
            while batch := some(key):
                settled += batch
            finish(key)
        except Exception:
            log.exception("%s %s could not be written to all of its readers", what, key)
    return settled


def write_line(line: Line, compose: Callable[[], OutgoingMail], *, what: str) -> None:
    """Write to one of many; what fails for them is noted on their line and holds up nobody else."""
    line_id = line.id
    try:
        with db.session.begin_nested():
            line.status, line.mail = RecipientStatus.WRITTEN, compose()
    except OperationalError:
        # The database, not this reader: everybody who is left waits for the next round.
        raise
    except Exception as error:
        log.exception("%s could not be written for line %s", what, line_id)
        line.status, line.reason = RecipientStatus.FAILED, type(error).__name__[:40]


def fingerprint(address: str) -> str:
    """Return what stands for an address where it need not be known."""
    key = settings.current().secret_key
    return hashlib.sha256(f"{key}:{address.strip().lower()}".encode()).hexdigest()


def _one_line(text: str) -> str:
    """Return ``text`` as a header can hold it: a line break in it would begin another."""
    return _BREAKING.sub(" ", text).strip()[:200]
